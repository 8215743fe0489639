# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Mistakes in what people write: how they are read, explained and named with their place.

The office reads these messages, so they are German: file, line, what is wrong, what to do.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, get_args

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails
from sphinx.util import logging

logger = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")
Place = tuple[int | str, ...]

#: Unicode categories of characters that nobody sees: controls, formats, private use and so on.
_HIDDEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})

#: pydantic's kinds of errors, as the office should read them; `{…}` is from the error's context.
_WORDS: Mapping[str, str] = {
    "missing": "das Feld fehlt",
    "string_type": "muss Text sein; setzen Sie den Wert in Anführungszeichen",
    "int_type": "muss eine ganze Zahl sein",
    "int_parsing": "muss eine ganze Zahl sein",
    "int_from_float": "muss eine ganze Zahl sein",
    "bool_type": "muss true oder false sein",
    "bool_parsing": "muss true oder false sein",
    "tuple_type": "muss eine Liste sein: [erstes, zweites]",
    "model_type": "muss aus Zeilen „Feld: Wert“ bestehen",
    "dict_type": "muss aus Zeilen „Feld: Wert“ bestehen",
    "greater_than_equal": "muss mindestens {ge} sein",
    "less_than_equal": "darf höchstens {le} sein",
    "string_too_short": "ist zu kurz: mindestens {min_length} Zeichen",
    "string_too_long": "ist zu lang: höchstens {max_length} Zeichen",
    "too_long": "hat zu viele Einträge: höchstens {max_length}",
    "literal_error": "kennt diesen Wert nicht; erlaubt sind: {expected}",
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


class ProblemsError(Exception):
    """What was asked for cannot be done; `problems` says why, in the order of files and lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


def stops_the_build(handler: Callable[P, R]) -> Callable[P, R]:
    """Let an event handler end the build with nothing but the problems that it found.

    Sphinx would print its version, all extensions and a traceback around any exception.
    """

    @functools.wraps(handler)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return handler(*args, **kwargs)
        except ProblemsError as error:
            for problem in error.problems:
                logger.error("%s", problem)
            raise SystemExit(1) from None

    return run


def read_text(file: Path, name: str) -> str:
    """The text of a file that a person wrote, with `\\n` at the ends of lines.

    Raises:
        ProblemsError: it is missing, no plain file, not UTF-8, or has characters nobody sees.
    """
    if file.is_symlink():
        advice = "legen Sie die Datei selbst dorthin"
        raise ProblemsError([Problem(name, 0, "ist nur ein Verweis (symbolic link)", advice)])
    try:
        raw = file.read_bytes()
    except FileNotFoundError:
        advice = "holen Sie die Datei zurück: git checkout " + name
        raise ProblemsError([Problem(name, 0, "die Datei fehlt", advice)]) from None
    except OSError as error:
        wrong = f"lässt sich nicht lesen: {error.strerror}"
        raise ProblemsError([Problem(name, 0, wrong)]) from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        advice = "speichern Sie die Datei im Editor mit der Kodierung UTF-8"
        raise ProblemsError(
            [Problem(name, line, "ist nicht als UTF-8 gespeichert", advice)]
        ) from None
    text = text.replace("\r\n", "\n")
    if hidden := list(hidden_characters(text)):
        raise ProblemsError(
            Problem(name, line, f"unsichtbares Zeichen {shown}", "löschen Sie es")
            for line, shown in hidden
        )
    return text


def hidden_characters(text: str) -> Iterator[tuple[int, str]]:
    """Characters that nobody sees, such as direction marks: line and name of each."""
    for character in sorted(set(text) - {"\n", "\t"}):
        if unicodedata.category(character) in _HIDDEN:
            name = unicodedata.name(character, "")
            line = text.count("\n", 0, text.index(character)) + 1
            yield line, f"U+{ord(character):04X} {name}".strip()


@dataclass(frozen=True)
class YamlText:
    """YAML that has been read.

    Attributes:
        data: mappings, lists, text, whole numbers, truth values and None. Dates stay text.
        lines: the line of each place in it, `("sources", 0, "url")`; the first line is 1.
    """

    data: Any
    lines: Mapping[Place, int]

    def line(self, place: Sequence[int | str]) -> int:
        """The line of a place, or of the nearest one above it that the text has."""
        parts = tuple(place)
        while parts and parts not in self.lines:
            parts = parts[:-1]
        return self.lines.get(parts, 1)


def parse_yaml(text: str, name: str, first_line: int = 1) -> YamlText:
    """Read the plain part of YAML: no anchors, no tags, no key twice.

    Args:
        text: the YAML.
        name: the file, for messages.
        first_line: the line of the file at which the text begins.

    Raises:
        ProblemsError: it is not valid, or more than plain.
    """
    lines: dict[Place, int] = {}
    try:
        node = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        data = _construct(node, (), lines, set()) if node is not None else None
    except yaml.MarkedYAMLError as error:
        opened = error.context_mark if "quoted" in str(error.context) else None
        mark = opened or error.problem_mark or error.context_mark
        line = mark.line if mark else 0
        kind = "open quote" if opened else str(error.problem or error.context)
        wrong, advice = _yaml_words(kind, text, line)
        raise ProblemsError([Problem(name, line + first_line, wrong, advice)]) from None
    except (yaml.YAMLError, RecursionError):
        raise ProblemsError([Problem(name, first_line, "ist kein gültiges YAML")]) from None
    return YamlText(data, {place: line + first_line for place, line in lines.items()})


def _construct(node: yaml.Node, place: Place, lines: dict[Place, int], seen: set[int]) -> Any:
    def refuse(problem: str) -> yaml.MarkedYAMLError:
        return yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)

    lines.setdefault(place, node.start_mark.line)
    if id(node) in seen or len(place) > 20:
        raise refuse("alias")
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        return [_construct(item, (*place, n), lines, seen) for n, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value in found:
                raise yaml.MarkedYAMLError(
                    problem=f"twice {key.value}", problem_mark=key.start_mark
                )
            lines[*place, key.value] = key.start_mark.line
            found[key.value] = _construct(value, (*place, key.value), lines, seen)
        return found
    kind, value = node.tag.rpartition(":")[2], node.value
    if kind == "null":
        return None
    if kind == "bool":
        return value.lower() in ("true", "yes", "on")
    if kind == "int" and re.fullmatch(r"-?(0|[1-9]\d{0,17})", value):
        return int(value)
    if kind in ("str", "int", "float", "timestamp", "value", "merge"):
        return value
    raise refuse("tag")


def _yaml_words(problem: str, text: str, line: int) -> tuple[str, str]:
    """A YAML error and its remedy in words of the office."""
    lines = text.splitlines()
    shown = lines[line].strip() if line < len(lines) else ""
    if problem.startswith("twice "):
        return f"das Feld „{problem[6:]}“ steht zweimal", "lassen Sie eines davon stehen"
    if problem in ("alias", "tag"):
        return (
            f"Anker und Typen (&, *, !) sind nicht erlaubt: {shown}",
            "schreiben Sie den Wert aus",
        )
    if "mapping values" in problem:
        return (
            f"ein Doppelpunkt im Wert: {shown}",
            "setzen Sie den ganzen Wert hinter dem ersten Doppelpunkt in Anführungszeichen",
        )
    if problem == "open quote":
        return f"ein Anführungszeichen wird nicht geschlossen: {shown}", "schließen Sie es"
    if line < len(lines) and "\t" in lines[line]:
        return f"ein Tabulator: {shown}", "rücken Sie mit Leerzeichen ein"
    return (
        f"diese Zeile oder die davor ist nicht zu lesen: {shown}",
        "jede Zeile hat die Form „Feld: Wert“; Werte mit besonderen Zeichen stehen in "
        "Anführungszeichen, und jedes Anführungszeichen und jede Klammer wird geschlossen",
    )


def validate(model: Any, source: YamlText, name: str) -> Any:
    """Check what was read against a pydantic model or a type.

    Raises:
        ProblemsError: fields are missing, unknown or wrong.
    """
    try:
        return TypeAdapter(model).validate_python(source.data if source.data is not None else {})
    except ValidationError as error:
        raise ProblemsError(
            explain(model, source, name, item) for item in error.errors(include_url=False)
        ) from None


def load_yaml(file: Path, name: str, model: Any) -> Any:
    """Read a YAML file into a model.

    Raises:
        ProblemsError: the file is missing, unreadable or wrong.
    """
    return validate(model, parse_yaml(read_text(file, name), name), name)


def explain(model: Any, source: YamlText, name: str, item: ErrorDetails) -> Problem:
    """One error of pydantic as a problem."""
    place = list(item["loc"])
    line = source.line(place)
    # People count from 1; the number of an entry of a file stands in its line already.
    shown_place = place[1:] if place and isinstance(place[0], int) else place
    field = " ".join(str(p + 1) if isinstance(p, int) else p for p in shown_place)
    kind, value = item["type"], item.get("input")
    if kind == "extra_forbidden":
        known = sorted(_fields(model, place[:-1]))
        guess = get_close_matches(str(place[-1]), known, n=1)
        advice = f"meinen Sie „{guess[0]}“?" if guess else f"es gibt: {', '.join(known)}"
        return Problem(name, line, f"ein Feld „{field}“ gibt es hier nicht", advice)
    if kind == "missing":
        return Problem(name, line, f"das Feld „{field}“ fehlt", "ergänzen Sie es")
    words = _WORDS.get(kind, item["msg"].removeprefix("Value error, "))
    context = {
        key: str(part).replace(" or ", " oder ") for key, part in item.get("ctx", {}).items()
    }
    wrong = words.format(**context) if kind in _WORDS else words
    shown = "" if isinstance(value, (dict, list)) else f" (jetzt: {_short(value)})"
    return Problem(name, line, f"Feld „{field}“: {wrong}{shown}")


def _short(value: object) -> str:
    text = "leer" if value is None else str(value)
    return text if len(text) <= 80 else text[:77] + "…"


def _fields(model: Any, place: Sequence[int | str]) -> Iterable[str]:
    """The fields that a model knows at a place."""
    for part in place:
        if isinstance(part, str) and _is_model(model):
            model = model.model_fields[part].annotation
        arguments = [entry for entry in get_args(model) if entry not in (type(None), ...)]
        model = arguments[0] if arguments else model
    return model.model_fields if _is_model(model) else ()


def _is_model(model: Any) -> bool:
    return isinstance(model, type) and issubclass(model, BaseModel)
