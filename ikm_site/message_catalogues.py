"""The translations, read from `.po` files.

Pages, data and templates are translated from the `.po` files themselves: there is nothing to
compile that could be older than its source, and a problem is named with its line.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import polib
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from ikm_site.languages import SOURCE
from ikm_site.message_check import harm
from ikm_site.problems import Problem, ProblemsError

logger = logging.getLogger(__name__)

#: The domain of German words in `data/`.
DATA = "data"
#: The domain of words of templates, Sphinx and Furo.
INTERFACE = "sphinx"
#: Domains whose words stand in templates and tables, without Markdown.
FRAME = (DATA, INTERFACE)

#: A comment or a text in quotes; of other lines polib would take a part.
_LINE = re.compile(
    r"\s*(?:#.*|(?:msg(?:ctxt|id|id_plural|str|str\[\d+\]))?[ \t]*"
    r'"(?:[^"\\]++|\\.)*+"\s*)?'
)
_REMEDY = "each text stands between two quotes behind msgid or msgstr; undo the last change there"


@dataclass(frozen=True)
class Catalogue:
    """The finished translations of one domain into one language.

    Attributes:
        file: the `.po` file, relative to the project.
        code: the language.
        domain: the page, or `data` or `sphinx`.
        words: the translation of each message that has one and is not fuzzy.
        lines: the line of each of them in the file, for problems.
        complete: whether every message of the file has a finished translation.
    """

    file: str
    code: str
    domain: str
    words: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    complete: bool = False

    def text(self, msgid: str) -> str | None:
        """The translation of a message, if there is one that does no harm; else it is named."""
        if (msgstr := self.words.get(msgid)) is None:
            return None
        problems = list(harm(msgid, msgstr, self.code, self.domain in FRAME))
        for problem in problems:
            place = f"{self.file}:{self.lines[msgid]}"
            logger.warning("%s", problem, location=place, type="translation")
        return None if problems else msgstr

    def texts(self) -> dict[str, str]:
        """All translations that do no harm; the others are named."""
        return {msgid: text for msgid in self.words if (text := self.text(msgid)) is not None}


def path(root: Path, code: str, domain: str) -> Path:
    """The file of a catalogue."""
    return root / "locales" / code / "LC_MESSAGES" / f"{domain}.po"


@cache
def read(env: BuildEnvironment, code: str, domain: str) -> Catalogue:
    """The catalogue of a domain, without entries if there is no such file; read once a build.

    One that cannot be read is named and has none either.
    """
    root = env.srcdir
    file = path(root, code, domain)
    if not file.is_file():
        return Catalogue("", code, domain)
    name = file.relative_to(root).as_posix()
    try:
        catalogue = load(file, root)
    except ProblemsError as error:
        logger.warning("%s", error, type="translation")
        return Catalogue(name, code, domain)
    finished = catalogue.translated_entries()
    words = {entry.msgid: entry.msgstr.replace("\n", " ") for entry in finished}
    lines = {entry.msgid: entry.linenum for entry in finished}
    return Catalogue(name, code, domain, words, lines, catalogue.percent_translated() == 100)


def page_catalogue(env: BuildEnvironment, docname: str) -> Catalogue | None:
    """The translations of a page, of which there may be none; None in the source language."""
    code = env.config.language
    return None if code == SOURCE.code else read(env, code, docname)


def load(file: Path, root: Path = Path()) -> polib.POFile:
    """Read a `.po` file, however its lines are wrapped and whatever its header says.

    An entry without words is not translated, whatever its flags say.

    Raises:
        ProblemsError: it cannot be read, or translates a message in two ways.
    """

    def refusal(line: int, wrong: str, advice: str = _REMEDY) -> ProblemsError:
        return ProblemsError([Problem(file.relative_to(root).as_posix(), line, wrong, advice)])

    try:
        text = file.read_text("utf-8-sig")
        for line, words in enumerate(text.split("\n"), 1):
            if not _LINE.fullmatch(words):
                raise refusal(line, f"{words.strip()[:40]!r} is broken")
        catalogue = polib.pofile(str(file), encoding="utf-8-sig", wrapwidth=0)
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise refusal(line, "is not UTF-8", "save it as UTF-8") from None
    except OSError as error:
        if found := re.search(r"\(line (\d+)\)", str(error)):
            raise refusal(int(found[1]), "is broken") from None
        raise refusal(1, f"cannot be read: {error.strerror}", "run `make update-po`") from None
    first: dict[str, polib.POEntry] = {}
    for entry in catalogue:
        if not entry.msgstr.strip():
            entry.msgstr, entry.flags = "", []
        other = first.setdefault(entry.msgid, entry) if entry.translated() else entry
        if entry.msgstr != other.msgstr:
            wrong = f"line {other.linenum} translates “{entry.msgid[:60]}”, too"
            raise refusal(entry.linenum, wrong, "delete one")
    return catalogue
