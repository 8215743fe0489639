# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The translations of a page or of the data, read from `.po` files.

Pages and data are translated from the `.po` files themselves: there is nothing to compile that
could be older than its source, and a problem is named with its line. Only the catalogue
`sphinx` (words of templates, Sphinx and Furo) is compiled, by Sphinx.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import polib
from sphinx.errors import ExtensionError

#: The domain of German words in `data/`.
DATA = "data"


@dataclass(frozen=True)
class Catalogue:
    """The finished translations of one domain into one language.

    Attributes:
        file: the `.po` file, relative to the project.
        words: the translation of each message that has one and is not fuzzy.
        lines: the line of each message in the file, for problems.
    """

    file: str
    words: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)

    def place(self, msgid: str) -> str:
        """Where a message stands: `locales/en/LC_MESSAGES/about/history.po:12`."""
        return f"{self.file}:{self.lines.get(msgid, 1)}"


def path(root: Path, code: str, domain: str) -> Path:
    """The file of a catalogue."""
    return root / "locales" / code / "LC_MESSAGES" / f"{domain}.po"


def read(root: Path, code: str, domain: str) -> Catalogue | None:
    """The catalogue of a domain, or None if there is no such file.

    Raises:
        ExtensionError: the file cannot be read; the message names file, problem and remedy.
    """
    file = path(root, code, domain)
    try:
        changed = file.stat().st_mtime_ns
    except OSError:
        return None
    return _read(file, file.relative_to(root).as_posix(), changed)


@lru_cache(maxsize=16)
def _read(file: Path, name: str, _changed: int) -> Catalogue:
    try:
        entries = polib.pofile(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ExtensionError(f"{name}: is not UTF-8 ({error.reason}); save it as UTF-8") from None
    except OSError as error:
        raise ExtensionError(f"{name}: cannot be read: {error.strerror or error}") from None
    finished = [entry for entry in entries if entry.translated()]
    return Catalogue(
        name,
        {entry.msgid: entry.msgstr for entry in finished},
        {entry.msgid: entry.linenum for entry in finished},
    )
