# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""What the check tells a translator, and which rules there are."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path

#: Rules that keep readers safe or the page whole: no comment can switch them off.
SAFETY: dict[str, str] = {
    "file": "locales/ has only catalogues of an ordinary size and the glossary",
    "encoding": "the file is UTF-8 without a byte order mark",
    "syntax": "the file can be read as a gettext catalogue",
    "header": "the header of the file is complete and says UTF-8",
    "duplicate": "each message stands once in its file",
    "context": "messages have neither a context nor, on a page, a plural",
    "characters": "no invisible, control or look-alike characters",
    "structure": "the translation is one piece of text: no list, heading, line break …",
    "markup": "no marks that the German text does not have",
    "html": "no HTML",
    "entity": "no HTML entities and no backslashes: the characters themselves",
    "link": "the same link targets as the German text",
    "scheme": "no address that could run a program",
    "address": "no web or mail address that the German text does not have",
    "image": "the same images as the German text",
    "role": "the same roles with the same targets",
    "code": "the same code",
    "footnote": "the same footnotes",
    "placeholder": "the same placeholders",
    "noqa": "exceptions stand in a comment, name a rule and give a reason",
}

#: Rules of good language: a comment above the message is the way out (TRANSLATING.md).
LANGUAGE: dict[str, str] = {
    "number": "the numbers and dates of the German text, in the language's form",
    "quotes": "the language's own quotation marks, in pairs",
    "space": "no space at the beginning or end, no double space",
    "length": "about as long as the German text",
    "obsolete": "no messages that no page needs any more",
    "normal-form": "the file as `make update-po` writes it",
}

#: Hints: they never stop a build (unless complete catalogues are demanded).
HINTS: dict[str, str] = {
    "fuzzy": "the translation is a guess that somebody must look at",
    "missing": "the message is not translated yet",
    "same": "a whole sentence is the same in both languages",
    "glossary": "the terms of locales/glossary.csv",
    "unused-noqa": "an exception that is not needed",
}

RULES: dict[str, str] = {**SAFETY, **LANGUAGE, **HINTS}

_SHOWN = 160


def visible(text: str) -> str:
    """The text with every character that cannot be seen written as `U+200B`."""
    return "".join(
        f"⟨U+{ord(char):04X}⟩"
        if unicodedata.category(char) in {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Mn", "Me"}
        else char
        for char in text
    )


def shorten(text: str) -> str:
    """At most 160 characters of the text, everything in it visible."""
    shown = visible(text)
    return shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"


@dataclass(frozen=True, order=True)
class Problem:
    """What a rule finds in one message.

    Attributes:
        rule: a name of `RULES`.
        wrong: what is wrong, one sentence without the full stop.
        advice: what to do, one sentence without the full stop.
    """

    rule: str
    wrong: str
    advice: str


@dataclass(frozen=True, order=True)
class Finding:
    """A problem at its place.

    Attributes:
        path: the file, as it was given to the check.
        line: its line, from 1.
        problem: what is wrong there.
        source: the text to be translated, `""` if the finding is about the file.
        translation: its translation.
    """

    path: Path
    line: int
    problem: Problem
    source: str = ""
    translation: str = ""

    @property
    def hint(self) -> bool:
        """Whether the finding only informs."""
        return self.problem.rule in HINTS

    def __str__(self) -> str:
        """The finding as the translator reads it, the place in a form that editors know."""
        kind = "hint" if self.hint else "error"
        lines = [f"{self.path}:{self.line}: {kind} [{self.problem.rule}] {self.problem.wrong}."]
        if self.source:
            lines.append(f"    original:    {shorten(self.source)}")
            lines.append(f"    translation: {shorten(self.translation)}")
        lines.append(f"    what to do:  {self.problem.advice}.")
        return "\n".join(lines)
