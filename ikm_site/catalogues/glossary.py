# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The field's terms: `locales/glossary.csv`, as a list and as a hint to translators.

The file has a line a term: `german`, a column for each language by its English name
(`english`, later `french`), `note`. Alternatives are separated by semicolons (single words also
by commas); an abbreviation in brackets may be left out.
"""

from __future__ import annotations

import contextlib
import csv
import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from babel import Locale

from ikm_site.catalogues.findings import Problem

FILE = Path("locales/glossary.csv")

_GERMAN_ENDING = r"(?:e|en|er|es|em|n|s|ern|nen|innen|se|sen)?"
_ENGLISH_ENDING = r"(?:s|es|’s|’|al)?"


class GlossaryError(Exception):
    """The glossary is not as it should be; the text says where."""


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

    @functools.cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds the German term in any of its forms, but not inside another word."""
        forms = "|".join(_inflected(part) for part in _variants(self.german))
        return re.compile(rf"(?<![\w-])(?:{forms})(?![\w-])")

    @functools.cached_property
    def answer(self) -> re.Pattern[str]:
        """Finds the translation, in singular or plural."""
        forms = []
        for part in _variants(self.translation) + _variants(self.german):
            words = [
                re.sub(r"y$", "(?:y|ies)", re.escape(word)) + _ENGLISH_ENDING
                for word in part.split()
            ]
            forms.append(r"\b" + r"[\s\u00a0-]+".join(words))
        abbreviations = re.findall(r"\(([^()]+)\)", f"{self.german} {self.translation}")
        forms += [rf"\b{re.escape(part)}" for part in abbreviations]
        return re.compile("|".join(forms), re.IGNORECASE)


def _variants(text: str) -> list[str]:
    plain = re.sub(r"\s*\([^()]*\)", "", text).strip()
    found = []
    for choice in plain.split(";"):
        parts = [part.strip() for part in choice.split(",")]
        single = all(re.fullmatch(r"[^\W\d_][\w-]*\w", part) for part in parts)
        found += parts if single else [choice.strip()]
    return [part for part in found if part]


def _inflected(term: str) -> str:
    words = []
    for word in term.split():
        stem = word.removesuffix("e") if word[0].islower() and len(word) > 4 else word
        words.append(re.escape(stem) + (_GERMAN_ENDING if word[-1].isalpha() else ""))
    return r"\s+".join(words)


def column(code: str) -> str:
    """The column of a language: its English name in small letters."""
    return str(Locale.parse(code).get_language_name("en")).lower()


def read(path: Path, code: str) -> list[Term]:
    """The terms that have a translation into a language, in the order of the file.

    Raises:
        GlossaryError: a column or a cell is missing, a term stands twice.
        OSError: there is no such file.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        names = rows.fieldnames or []
        if "german" not in names or "note" not in names:
            raise GlossaryError(f"{path}:1: the first line must be german,english,note")
        terms: dict[str, Term] = {}
        for row in rows:
            german = (row["german"] or "").strip()
            if not german or None in row.values() or None in row:
                raise GlossaryError(
                    f"{path}:{rows.line_num}: this line does not have {len(names)} cells; "
                    'put a cell with a comma into "…"'
                )
            if german in terms:
                raise GlossaryError(f"{path}:{rows.line_num}: „{german}“ stands there twice")
            terms[german] = Term(german, (row.get(column(code)) or "").strip(), row["note"].strip())
    return [term for term in terms.values() if term.translation]


@functools.lru_cache(maxsize=8)
def _terms(path: Path, _changed: int, code: str) -> tuple[Term, ...]:
    return tuple(read(path, code))


@functools.lru_cache(maxsize=8)
def _folders(catalogue: Path) -> tuple[Path, ...]:
    """The folders above a catalogue in which a glossary may lie."""
    return tuple(part for part in catalogue.absolute().parents if part.name == FILE.parent.name)


def terms_beside(catalogue: Path, code: str) -> tuple[Term, ...]:
    """The terms for a catalogue in `locales/<code>/…`; none without a (readable) glossary."""
    for folder in _folders(catalogue):
        path = folder / FILE.name
        if path.is_file():
            with contextlib.suppress(GlossaryError):
                return _terms(path, path.stat().st_mtime_ns, code)
    return ()


def problems(source: str, translation: str, terms: Sequence[Term]) -> Iterator[Problem]:
    """German terms whose translation is missing.

    Args:
        source: the German words, without link targets and code.
        translation: their translation.
        terms: the glossary.
    """
    covered: list[tuple[int, int]] = []
    # Titles are quoted exactly, whatever the glossary says.
    source = re.sub(r"„[^„“]*“", "„…“", source)
    # Long terms first: „Raumordnungspolitik“ is not also „Raumordnung“.
    for term in sorted(terms, key=lambda term: -len(term.german)):
        spans = [
            match.span()
            for match in term.pattern.finditer(source)
            if not any(start <= match.start() and match.end() <= end for start, end in covered)
        ]
        covered += spans
        if spans and not term.answer.search(translation):
            yield Problem(
                "glossary",
                f"„{term.german}“ is “{term.translation}” in the glossary"
                + (f" ({term.note})" if term.note else ""),
                "use the term of locales/glossary.csv, or leave it if another word is better here",
            )
