# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The translations of a page or of the data, read from `.po` files.

Pages and data are translated from the `.po` files themselves: there is nothing to compile that
could be older than its source, and a problem is named with its line. Only the catalogue
`sphinx` (words of templates, Sphinx and Furo) is compiled (`ikm_site.interface_words`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

import polib
from babel import Locale
from sphinx.util import logging

from ikm_site.message_check import harm, word_harm

logger = logging.getLogger(__name__)

#: The domain of German words in `data/`.
DATA = "data"
#: The domain of words of templates, Python, Sphinx and Furo.
INTERFACE = "sphinx"

#: A line that is none of a catalogue. polib drops such lines, and the text with them.
_BROKEN = re.compile(
    r'(?m)^(?![ \t]*(?:#.*|(?:msg(?:ctxt|id|id_plural|str(?:\[\d+\])?)?[ \t]*)?'
    r'"(?:[^"\\\n]|\\.)*"[ \t]*)?$).+'
)  # fmt: skip
_REMEDY = "each text stands between two quotes behind msgid or msgstr; undo the last change there"

#: Tells why a translation must not be shown: (original, translation, script) to sentences.
Judge = Callable[[str, str, str], Iterator[str]]


class CatalogueError(Exception):
    """A catalogue cannot be read, or a command cannot go on; the text is for translators."""

    def __init__(self, problem: str, place: str = "") -> None:
        super().__init__(f"{place}: {problem}" if place else problem)
        self.problem, self.place = problem, place


@dataclass(frozen=True)
class Catalogue:
    """The finished translations of one domain into one language.

    Attributes:
        file: the `.po` file, relative to the project.
        script: the script of the language, as Unicode names it.
        words: the translation of each message that has one and is not fuzzy.
        lines: the line of each message in the file, for problems.
        complete: whether every message of the file has a finished translation.
    """

    file: str
    script: str
    words: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    complete: bool = False

    def text(self, msgid: str, judge: Judge = harm) -> str | None:
        """The translation of a message, if there is one that does no harm; else it is named."""
        msgstr = self.words.get(msgid)
        if msgstr is None:
            return None
        problems = list(judge(msgid, msgstr, self.script))
        for problem in problems:
            place = f"{self.file}:{self.lines[msgid]}"
            logger.warning("%s", problem, location=place, type="translation")
        return None if problems else msgstr

    def harmless(self) -> dict[str, str]:
        """The translations of words of the interface or the data; harmful ones are named."""
        texts = {msgid: self.text(msgid, word_harm) for msgid in self.words}
        return {msgid: text for msgid, text in texts.items() if text is not None}


def path(root: Path, code: str, domain: str) -> Path:
    """The file of a catalogue."""
    return root / "locales" / code / "LC_MESSAGES" / f"{domain}.po"


@cache
def script(code: str) -> str:
    """The script of a language as Unicode's names of letters begin: `LATIN`, `CYRILLIC`.

    The language's own name is written in it.
    """
    name = Locale.parse(code).get_language_name() or "a"
    return unicodedata.name(name[0]).partition(" ")[0]


def read(root: Path, code: str, domain: str) -> Catalogue | None:
    """The catalogue of a domain, or None if there is no such file.

    One that cannot be read is named and has no words.
    """
    file = path(root, code, domain)
    try:
        changed = file.stat().st_mtime_ns
    except OSError:
        return None
    return _read(file, root, code, changed)


@lru_cache(maxsize=512)
def _read(file: Path, root: Path, code: str, _changed: int) -> Catalogue:
    name = file.relative_to(root).as_posix()
    try:
        entries = [entry for entry in load(file, root) if not entry.obsolete]
    except CatalogueError as error:
        logger.warning("%s", error.problem, location=error.place, type="translation")
        return Catalogue(name, script(code))
    # Of two translations of one message the first holds, in every language and command.
    finished = [entry for entry in reversed(entries) if entry.translated() and entry.msgstr.strip()]
    return Catalogue(
        name,
        script(code),
        {entry.msgid: entry.msgstr for entry in finished},
        {entry.msgid: entry.linenum for entry in finished},
        len(finished) == len(entries),
    )


def load(file: Path, root: Path = Path()) -> polib.POFile:
    """Read a `.po` file, however its lines are wrapped and whatever its header says.

    Raises:
        CatalogueError: it cannot be read; its place is relative to `root`.
    """
    name = file.relative_to(root).as_posix()
    try:
        raw = file.read_bytes()
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        problem = f"is not UTF-8 ({error.reason}); save it as UTF-8"
        raise CatalogueError(problem, f"{name}:{line}") from None
    except OSError as error:
        problem = f"cannot be read: {error.strerror}; run `make update-po`"
        raise CatalogueError(problem, f"{name}:1") from None
    # polib breaks lines at these characters; so the check names one instead.
    text = re.sub("[\v\f\r\x1c-\x1e\x85\u2028\u2029]", "\ufffd", text)
    if broken := _BROKEN.search(text):
        line = text.count("\n", 0, broken.start()) + 1
        shown = broken[0].strip()[:40]
        raise CatalogueError(f"{shown!r} cannot be read; {_REMEDY}", f"{name}:{line}")
    # izimobil/polib#158: msgmerge writes the former text of obsolete messages, too.
    text = re.sub(r"(?m)^#~\|.*", "#", text)
    try:
        return polib.pofile(text + "\n", wrapwidth=0)
    except (OSError, ValueError) as error:
        found = re.search(r"line (\d+)", str(error))
        place = f"{name}:{found[1] if found else 1}"
        raise CatalogueError(f"cannot be read; {_REMEDY}", place) from None
