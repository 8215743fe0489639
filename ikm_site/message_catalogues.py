# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The translations of a page or of the data, read from `.po` files.

Pages and data are translated from the `.po` files themselves: there is nothing to compile that
could be older than its source, and a problem is named with its line. Only the catalogue
`sphinx` (words of templates, Sphinx and Furo) is compiled (`ikm_site.interface_words`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import polib
from sphinx.util import logging

from ikm_site.message_check import harm

logger = logging.getLogger(__name__)

#: The domain of German words in `data/`.
DATA = "data"
#: The domain of words of templates, Python, Sphinx and Furo.
INTERFACE = "sphinx"
#: Domains whose words stand in templates and tables, without Markdown.
FRAME = (DATA, INTERFACE)

#: A line that is none of a catalogue. polib drops such lines, and the text with them.
_BROKEN = re.compile(
    r'(?m)^(?![ \t]*(?:#.*|(?:msg(?:ctxt|id|id_plural|str(?:\[\d+\])?)?[ \t]*)?'
    r'"(?:[^"\\\n]|\\.)*"[ \t]*)?$).+'
)  # fmt: skip
_REMEDY = "each text stands between two quotes behind msgid or msgstr; undo the last change there"


class CatalogueError(Exception):
    """A catalogue cannot be read, or a command cannot go on; the text is for translators."""


@dataclass(frozen=True)
class Catalogue:
    """The finished translations of one domain into one language.

    Attributes:
        file: the `.po` file, relative to the project.
        code: the language.
        domain: the page, or `data` or `sphinx`.
        words: the translation of each message that has one and is not fuzzy.
        lines: the line of each message in the file, for problems.
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
        msgstr = self.words.get(msgid)
        if msgstr is None:
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


def read(root: Path, code: str, domain: str) -> Catalogue | None:
    """The catalogue of a domain, or None if there is no such file.

    One that cannot be read is named and has no words.
    """
    file = path(root, code, domain)
    return _read(root, code, domain, file.stat().st_mtime_ns) if file.is_file() else None


@lru_cache(maxsize=512)
def _read(root: Path, code: str, domain: str, _changed: int) -> Catalogue:
    file = path(root, code, domain)
    name = file.relative_to(root).as_posix()
    try:
        entries = [entry for entry in load(file, root) if not entry.obsolete]
    except CatalogueError as error:
        logger.warning("%s", error, type="translation")
        return Catalogue(name, code, domain)
    finished = [entry for entry in entries if entry.translated() and entry.msgstr.strip()]
    words = {entry.msgid: entry.msgstr.replace("\n", " ") for entry in finished}
    lines = {entry.msgid: entry.linenum for entry in finished}
    return Catalogue(name, code, domain, words, lines, len(finished) == len(entries))


def load(file: Path, root: Path = Path()) -> polib.POFile:
    """Read a `.po` file, however its lines are wrapped and whatever its header says.

    Raises:
        CatalogueError: it cannot be read, or translates a message in two ways.
    """
    name = file.relative_to(root).as_posix()
    try:
        text = file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise CatalogueError(f"{name}:{line}: is not UTF-8; save it as UTF-8") from None
    except OSError as error:
        problem = f"cannot be read: {error.strerror}; run `make update-po`"
        raise CatalogueError(f"{name}:1: {problem}") from None
    # polib breaks lines at these characters; so the check names one instead.
    text = re.sub("[\v\f\r\x1c-\x1e\x85\u2028\u2029]", "\ufffd", text)
    if broken := _BROKEN.search(text):
        line = text.count("\n", 0, broken.start()) + 1
        raise CatalogueError(f"{name}:{line}: {broken[0].strip()[:40]!r} is broken; {_REMEDY}")
    # izimobil/polib#158: msgmerge writes the former text of obsolete messages, too.
    text = re.sub(r"(?m)^#~\|.*", "#", text)
    try:
        catalogue = polib.pofile(text + "\n", wrapwidth=0)
    except (OSError, ValueError) as error:
        found = re.search(r"line (\d+)", str(error))
        raise CatalogueError(f"{name}:{found[1] if found else 1}: is broken; {_REMEDY}") from None
    first: dict[str, polib.POEntry] = {}
    for entry in catalogue.translated_entries():
        other = first.setdefault(entry.msgid, entry)
        if entry.msgstr != other.msgstr:
            problem = f"line {other.linenum} translates “{entry.msgid[:60]}”, too; delete one"
            raise CatalogueError(f"{name}:{entry.linenum}: {problem}")
    return catalogue
