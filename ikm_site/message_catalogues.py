# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The translations of a page or of the data, read from `.po` files.

Pages and data are translated from the `.po` files themselves: there is nothing to compile that
could be older than its source, and a problem is named with its line. Only the catalogue
`sphinx` (words of templates, Sphinx and Furo) is compiled (`ikm_site.interface_words`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
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

#: A line of a catalogue. polib drops lines without their second quote, and the text with them.
_LINE = re.compile(
    r'\s*(?:#.*|(?:msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?)?\s*"(?:[^"\\]|\\.)*"\s*)?'
)
_REMEDY = "each text stands between two quotes behind msgid or msgstr; undo the last change there"

#: Tells why a translation must not be shown: (original, translation, script) to sentences.
Judge = Callable[[str, str, str], Iterator[str]]


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
    complete: bool = True

    def place(self, msgid: str) -> str:
        """Where a message stands: `locales/en/LC_MESSAGES/about/history.po:12`."""
        return f"{self.file}:{self.lines.get(msgid, 1)}"

    def text(self, msgid: str, judge: Judge = harm) -> str | None:
        """The translation of a message, if there is one that does no harm; else it is named."""
        msgstr = self.words.get(msgid)
        if msgstr is None:
            return None
        problems = list(judge(msgid, msgstr, self.script))
        for problem in problems:
            logger.warning("%s", problem, location=self.place(msgid), type="translation")
        return None if problems else msgstr

    def harmless(self) -> dict[str, str]:
        """The translations of words of the data that do no harm; the others are named."""
        texts = {msgid: self.text(msgid, word_harm) for msgid in self.words}
        return {msgid: text for msgid, text in texts.items() if text is not None}


def path(root: Path, code: str, domain: str) -> Path:
    """The file of a catalogue."""
    return root / "locales" / code / "LC_MESSAGES" / f"{domain}.po"


def read(root: Path, code: str, domain: str) -> Catalogue | None:
    """The catalogue of a domain, or None if there is no such file.

    One that cannot be read is named and has no words.
    """
    file = path(root, code, domain)
    try:
        changed = file.stat().st_mtime_ns
    except OSError:
        return None
    return _read(file, file.relative_to(root).as_posix(), code, changed)


@lru_cache(maxsize=16)
def _read(file: Path, name: str, code: str, _changed: int) -> Catalogue:
    try:
        entries = [entry for entry in load(file) if not entry.obsolete]
    except ValueError as error:
        line, _, problem = str(error).partition(": ")
        logger.warning("%s", problem, location=f"{name}:{line}", type="translation")
        return Catalogue(name, script(code), complete=False)
    finished = [entry for entry in entries if entry.translated() and entry.msgstr]
    return Catalogue(
        name,
        script(code),
        # Of two translations of one message the first holds, in every language and command.
        {entry.msgid: entry.msgstr for entry in reversed(finished)},
        {entry.msgid: entry.linenum for entry in reversed(finished)},
        all(entry.translated() for entry in entries),
    )


def load(file: Path) -> polib.POFile:
    """Read a `.po` file, however its lines are wrapped and whatever its header says.

    Raises:
        ValueError: it cannot be read; the text is `line: problem; remedy`.
    """
    try:
        raw = file.read_bytes()
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ValueError(f"{line}: is not UTF-8 ({error.reason}); save it as UTF-8") from None
    except OSError as error:
        raise ValueError(f"1: cannot be read: {error.strerror}; put a file there") from None
    # polib breaks lines at these characters; so the check names one instead.
    text = re.sub("[\v\f\r\x1c-\x1e\x85\u2028\u2029]", "\ufffd", text)
    for number, content in enumerate(text.split("\n"), 1):
        if not _LINE.fullmatch(content):
            raise ValueError(f"{number}: {content.strip()[:40]!r} cannot be read; {_REMEDY}")
    # izimobil/polib#158: msgmerge writes the former text of obsolete messages, too.
    text = re.sub(r"(?m)^#~\|.*", "#", text)
    try:
        return polib.pofile(text + "\n", wrapwidth=0)
    except (OSError, ValueError) as error:
        found = re.search(r"line (\d+)", str(error))
        raise ValueError(f"{found[1] if found else 1}: cannot be read; {_REMEDY}") from None


def script(code: str) -> str:
    """The script of a language as Unicode's names of letters begin: `LATIN`, `CYRILLIC`."""
    names = {"Cyrl": "CYRILLIC", "Grek": "GREEK", "Arab": "ARABIC", "Hebr": "HEBREW"}
    likely = Locale.parse(code).script or _likely(code)
    return names.get(likely, "LATIN")


def _likely(code: str) -> str:
    from babel.core import get_global

    return str(get_global("likely_subtags").get(code, "")).partition("_")[2][:4]
