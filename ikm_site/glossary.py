# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The field's terms, `locales/glossary.csv`: for translators and their programs."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from babel import Locale

from ikm_site.problems import read_text

FILE = Path("locales/glossary.csv")


@dataclass(frozen=True)
class Term:
    """A German term and its translation into one language.

    Attributes:
        german: as the glossary writes it.
        translation: the same in the other language.
        note: how it is used; may be empty.
    """

    german: str
    translation: str
    note: str


def read(path: Path, code: str) -> list[Term]:
    """The terms that have a translation into a language, in the order of the file.

    A language's column is named by its English name in small letters.

    Raises:
        ProblemsError: the file cannot be read.
    """
    column = str(Locale.parse(code).get_language_name("en")).lower()
    rows = csv.DictReader(io.StringIO(read_text(path, FILE.as_posix()), newline=""), restval="")
    cells = ((row.get(name, "").strip() for name in ("german", column, "note")) for row in rows)
    return [term for term in (Term(*row) for row in cells) if term.german and term.translation]
