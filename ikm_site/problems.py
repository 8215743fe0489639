"""Mistakes in what people write: how they are read, explained and named with their place.

The office reads these messages, so they are German: file, line, what is wrong, what to do.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails
from sphinx.util import logging

logger = logging.getLogger(__name__)

T = TypeVar("T")

#: How many problems of one kind in one file an error shows.
MOST = 10

#: The way to a value: names of fields and numbers of entries; and the line of each value.
Place = tuple[int | str, ...]
Lines = dict[Place, int]

#: pydantic's errors as the office should read them, by how their kind begins; `{…}` is from the
#: error's context.
_WORDS: Mapping[str, str] = {
    "string_type": "muss Text sein; setzen Sie den Wert in Anführungszeichen",
    "int": "muss eine ganze Zahl sein",
    "float": "muss eine Zahl sein",
    "finite": "muss eine Zahl sein",
    "date": "muss ein Datum sein: 2024-12-31",
    "bool": "muss true oder false sein",
    "tuple_type": "muss eine Liste sein: [erstes, zweites]; eine leere ist []",
    "model_type": "muss aus Zeilen „Feld: Wert“ bestehen",
    "greater_than_equal": "muss mindestens {ge} sein",
    "greater_than": "muss größer als {gt} sein",
    "less_than_equal": "darf höchstens {le} sein",
    "string_too_short": "ist zu kurz: mindestens {min_length} Zeichen",
    "string_too_long": "ist zu lang: höchstens {max_length} Zeichen",
    "string_pattern_mismatch": "muss die Form {pattern} haben",
    "literal_error": "kennt diesen Wert nicht; erlaubt sind: {expected}",
}

#: Errors of YAML likewise, by a part of what the parser says.
_YAML_WORDS: Mapping[str, tuple[str, str]] = {
    "key twice": ("dieses Feld steht zweimal", "lassen Sie eines davon stehen"),
    "alias or tag": ("Anker und Typen (&, *, !) sind nicht erlaubt", "schreiben Sie den Wert aus"),
    "mapping values": (
        "ein Doppelpunkt im Wert",
        "setzen Sie den ganzen Wert hinter dem ersten Doppelpunkt in Anführungszeichen",
    ),
    "escape": ("eine Folge mit \\, die es hier nicht gibt", "schreiben Sie das Zeichen selbst"),
    "quoted scalar": ("ein Anführungszeichen wird nicht geschlossen", "schließen Sie es"),
    "tab": ("ein Tabulator", "rücken Sie mit Leerzeichen ein"),
    "": (
        "diese Zeile oder die davor ist nicht zu lesen",
        "jede Zeile hat die Form „Feld: Wert“; Werte mit besonderen Zeichen stehen in "
        "Anführungszeichen, und jedes Anführungszeichen und jede Klammer wird geschlossen",
    ),
}


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake.

    Attributes:
        path: the file, relative to the project.
        line: its line, counted from 1; 0 if there is none.
        wrong: what is wrong, with the offending value.
        advice: what to do.
    """

    path: str
    line: int
    wrong: str
    advice: str = ""

    def __str__(self) -> str:
        """`about/history.md:12: what is wrong; what to do`."""
        place = f"{self.path}:{self.line}" if self.line else self.path
        return "; ".join(filter(None, [f"{place}: {self.wrong}", self.advice]))


class ProblemsError(SystemExit):
    """What was asked for cannot be done; `problems` says why, in the order of files and lines.

    It ends a command or a build with the first of them, and without a traceback.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, sorted(_first(self.problems)))))


def _first(problems: Iterable[Problem]) -> Iterator[Problem]:
    """The first problems of each kind in each file, and how many more there are.

    Problems are of one kind if they have the same advice, or none and the same words around values.
    """
    kinds: dict[tuple[str, str], list[Problem]] = defaultdict(list)
    for problem in problems:
        kind = problem.advice or re.sub(r"„[^“]*“|\(jetzt: .*\)|\S*\d\S*", "", problem.wrong)
        kinds[problem.path, kind].append(problem)
    for (path, _), alike in kinds.items():
        yield from alike[:MOST]
        if more := alike[MOST:]:
            yield Problem(path, more[0].line, f"… und {len(more)} weitere dieser Art")


def end_build(problems: Iterable[Problem]) -> None:
    """End a build with the mistakes of pages, if there are any, named as Sphinx names errors.

    So they stand in the file of `sphinx-build -w`, too.
    """
    found = sorted(set(problems))
    for problem in found:
        logger.error("%s", problem)
    if found:
        raise SystemExit(1)


def guess(name: str, known: Iterable[str], form: str = "{}", otherwise: str = "") -> str:
    """Which of the known names may be meant, else other advice or which there are."""
    names = sorted(known)
    if near := get_close_matches(name, names, n=1):
        return f"meinen Sie {form.format(near[0])}?"
    return otherwise or f"es gibt: {', '.join(names) or 'keine'}"


def read_text(file: Path, name: str) -> str:
    """The text of a file that a person wrote, with `\\n` at the ends of lines.

    Raises:
        ProblemsError: it is missing, no plain file, not UTF-8, or has characters nobody sees.
    """

    def refusal(line: int, wrong: str, advice: str = "") -> ProblemsError:
        return ProblemsError([Problem(name, line, wrong, advice)])

    if file.is_symlink():
        advice = "legen Sie die Datei selbst dorthin"
        raise refusal(0, "ist nur ein Verweis (symbolic link)", advice)
    try:
        raw = file.read_bytes()
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        advice = f"legen Sie sie an oder holen Sie sie zurück: git checkout {name}"
        raise refusal(0, "die Datei fehlt", advice) from None
    except OSError as error:
        raise refusal(0, f"lässt sich nicht lesen: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        advice = "speichern Sie die Datei im Editor mit der Kodierung UTF-8"
        raise refusal(line, "ist nicht als UTF-8 gespeichert", advice) from None
    # Most files have printable characters only.
    if text.replace("\n", "").isprintable():
        return text
    for character in sorted(set(text) - {"\n", "\t"}):
        # Spaces of all widths are not printable either.
        if not character.isprintable() and unicodedata.category(character) != "Zs":
            line = text.count("\n", 0, text.index(character)) + 1
            shown = f"U+{ord(character):04X} {unicodedata.name(character, '')}".strip()
            raise refusal(line, f"unsichtbares Zeichen {shown}", "löschen Sie es")
    return text


def parse_yaml(text: str, name: str) -> tuple[Any, Lines]:
    """Read the plain part of YAML: no anchors, no tags, no key twice. What is empty is left out.

    Args:
        text: the YAML, with the line numbers of the file.
        name: the file, for messages.

    Returns:
        Mappings, lists and text, of which models make numbers; and the line of each.

    Raises:
        ProblemsError: it is not valid, or more than plain.
    """
    try:
        node = yaml.compose(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
        lines: Lines = {(): node.start_mark.line + 1 if node else 1}
        found = _construct(node, (), lines, set()) if node else None
        return {} if found is None else found, lines
    except yaml.MarkedYAMLError as error:
        raise ProblemsError([_yaml_problem(error, text, name)]) from None
    except (yaml.YAMLError, RecursionError):
        raise ProblemsError([Problem(name, 1, "ist kein gültiges YAML")]) from None


def _construct(node: yaml.Node, place: Place, lines: Lines, seen: set[yaml.Node]) -> Any:
    """The value of a node, None if it is empty. That of a field has the line of its name."""
    plain = node.tag.removeprefix("tag:yaml.org,2002:") in ("map", "seq", "str")
    if not plain or node in seen:
        raise yaml.MarkedYAMLError(problem="alias or tag", problem_mark=node.start_mark)
    seen.add(node)
    if node.value == "" or (not getattr(node, "style", "") and node.value in ("~", "null")):
        return None
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        items: list[Any] = []
        for item in node.value:
            value = _construct(item, (*place, len(items)), lines, seen)
            if value is not None:
                items.append(value)
        return items
    if isinstance(node, yaml.MappingNode):
        fields = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(problem="no name", problem_mark=key.start_mark)
            if key.value in fields:
                raise yaml.MarkedYAMLError(problem="key twice", problem_mark=key.start_mark)
            lines[*place, key.value] = key.start_mark.line + 1
            fields[key.value] = _construct(value, (*place, key.value), lines, seen)
        return {key: value for key, value in fields.items() if value is not None}
    return node.value


def _yaml_problem(error: yaml.MarkedYAMLError, text: str, name: str) -> Problem:
    """A YAML error and its remedy in words of the office."""
    opened = error.context_mark if "quoted scalar" in str(error.context) else None
    mark = opened or error.problem_mark or error.context_mark
    lines = text.splitlines()
    # Where something is not closed, the mark stands behind the last line.
    line = min(mark.line if mark else 0, len(lines) - 1)
    shown = lines[line]
    said = f"{error.context} {error.problem} {'tab' if chr(9) in shown else ''}"
    wrong, advice = next(words for part, words in _YAML_WORDS.items() if part in said)
    return Problem(name, line + 1, f"{wrong}: {shown.strip()[:80]}", advice)


def read_yaml(model: type[T], text: str, name: str, context: Any = None) -> T:
    """Read YAML into a pydantic model or a type, whose validators are given the context.

    Raises:
        ProblemsError: it is not valid, or fields are missing, unknown or wrong.
    """
    data, lines = parse_yaml(text, name)
    try:
        return TypeAdapter(model).validate_python(data, context=context)
    except ValidationError as error:
        raise ProblemsError(
            _explain(model, name, lines, item) for item in error.errors(include_url=False)
        ) from None


def _explain(model: Any, name: str, lines: Lines, item: ErrorDetails) -> Problem:
    """One error of pydantic as a problem."""
    place, kind, value = item["loc"], item["type"], item["input"]
    # What is missing has the line of what should hold it.
    line = next(lines[place[:end]] for end in range(len(place), -1, -1) if place[:end] in lines)
    # People count from 1; the number of an entry of a file stands in its line already.
    shown_place = place[1:] if place and isinstance(place[0], int) else place
    field = " ".join(str(p + 1) if isinstance(p, int) else p for p in shown_place)
    if kind == "extra_forbidden":
        advice = guess(str(place[-1]), _fields(model, place[:-1]), "„{}“")
        return Problem(name, line, f"ein Feld „{field}“ gibt es hier nicht", advice)
    if kind == "missing":
        return Problem(name, line, f"das Feld „{field}“ fehlt", "ergänzen Sie es")
    current = "" if isinstance(value, (dict, list)) else f" (jetzt: {str(value)[:80]})"
    named = f"Feld „{field}“: " if field else ""
    return Problem(name, line, f"{named}{explanation(item)}{current}")


def explanation(item: ErrorDetails) -> str:
    """What an error of pydantic says, in words of the office."""
    context = {key: str(part) for key, part in item.get("ctx", {}).items()}
    for begin, german in _WORDS.items():
        if item["type"].startswith(begin):
            return german.format(**context).replace(" or ", " oder ")
    return item["msg"].removeprefix("Value error, ")


def _fields(model: Any, place: Place) -> list[str]:
    """The fields that a model knows at a place."""
    for part in (None, *place):
        if isinstance(part, str):
            model = model.model_fields[part].annotation
        # What a list or an optional field holds.
        while arguments := get_args(model):
            model = arguments[0]
    return [field.alias or name for name, field in model.model_fields.items()]
