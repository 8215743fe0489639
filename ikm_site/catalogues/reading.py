# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Read a catalogue with its line numbers, as Sphinx will read it.

Babel reads the file, because Babel also makes what Sphinx publishes: a second reader could
see another text than the one that is published. Only the line numbers are found here.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from babel.core import UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, PoFileParser

from ikm_site.catalogues import files, quick
from ikm_site.catalogues.findings import LANGUAGE, SAFETY, Finding, Problem

#: No catalogue is larger, in bytes; a larger one would only slow the check down.
LARGEST = 4_000_000
#: Babel is lenient with quotation marks, msgfmt is not: both must read the same text.
_LINE = re.compile(
    r'(?:(?:msgctxt|msgid|msgid_plural|msgstr|msgstr\[\d\]) )?"(?:[^"\\]|\\[\\"ntr])*"'
)
_NOQA = re.compile(r"noqa\b:?\s*(?P<rule>[\w-]*)\s*(?P<reason>.*)", re.IGNORECASE)


@dataclass(frozen=True)
class Entry:
    """One message of a catalogue.

    Attributes:
        line: where its `msgid` begins.
        msgstr_line: where its (first) `msgstr` begins.
        sources: the text to be translated; two of them if it has a plural.
        translations: its translations, one for each plural form.
        context: `msgctxt` or None.
        flags: `fuzzy`, `python-format` …
        comments: comments of translators.
        notes: comments written by the extraction (`#.`).
    """

    line: int
    msgstr_line: int
    sources: tuple[str, ...]
    translations: tuple[str, ...]
    context: str | None
    flags: frozenset[str]
    comments: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def fuzzy(self) -> bool:
        """Whether the translation is a guess, which is never published."""
        return "fuzzy" in self.flags

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Each translation with its source: the first form with the singular."""
        last = len(self.sources) - 1
        return [(self.sources[min(n, last)], text) for n, text in enumerate(self.translations)]

    def exceptions(self) -> Iterator[tuple[str, str]]:
        """The rules that comments switch off, each with its reason (both may be empty)."""
        for comment in self.comments:
            match = _NOQA.match(comment)
            if match:
                yield match["rule"], match["reason"].strip()


@dataclass(frozen=True)
class CatalogueFile:
    """A catalogue file, read.

    Attributes:
        path: the file as given.
        language: language of the translations, from the file's folder or header.
        text: the whole file.
        headers: header fields, names in lower case.
        header_line: where the header's `msgstr` stands.
        header_fuzzy: whether the header is marked fuzzy.
        entries: the messages in their order, duplicates too.
        obsolete: lines of messages that no page needs any more.
    """

    path: Path
    language: str
    text: str
    headers: dict[str, str]
    header_line: int
    header_fuzzy: bool
    entries: list[Entry] = field(default_factory=list)
    obsolete: list[int] = field(default_factory=list)

    @functools.cached_property
    def domain(self) -> str:
        """The gettext domain: `regions/hamburg`, or `sphinx`, or `data`."""
        parts = self.path.with_suffix("").parts
        if "LC_MESSAGES" in parts:
            start = len(parts) - parts[::-1].index("LC_MESSAGES")
            return "/".join(parts[start:])
        return self.path.stem


class _Recorder(Catalog):
    """A catalogue that keeps every message as it is read, where Babel would merge duplicates."""

    def __init__(self) -> None:
        super().__init__(charset="utf-8")
        self.seen: list[Message] = []

    def __setitem__(self, id: Any, message: Message) -> None:  # noqa: A002 (Babel's name)
        self.seen.append(message)
        super().__setitem__(id, message)


def _tuple(value: object) -> tuple[str, ...]:
    if isinstance(value, list | tuple):
        return tuple(str(part or "") for part in value)
    return (str(value or ""),)


def _following(lines: list[str], start: int, keyword: str) -> int:
    """Number of the first line from `start` on (both from 1) that begins with `keyword`."""
    for number in range(start, len(lines) + 1):
        if lines[number - 1].lstrip().startswith(keyword):
            return number
    return start


def language_of(path: Path, headers: dict[str, str]) -> str:
    """The language of a catalogue: its folder `<language>/LC_MESSAGES`, else its header."""
    parts = path.absolute().parts
    if "LC_MESSAGES" in parts:
        return parts[len(parts) - 2 - parts[::-1].index("LC_MESSAGES")]
    return headers.get("language", "") or "en"


def _headers(text: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in text.splitlines())
    return {name.strip().lower(): value.strip() for name, _, value in pairs if name.strip()}


def read(path: Path) -> tuple[CatalogueFile | None, list[Finding]]:
    """Read one file.

    Returns:
        The catalogue, None if it cannot be read, and what is wrong with the file as such.

    Raises:
        OSError: there is no such file.
    """
    findings: list[Finding] = []
    if path.stat().st_size > LARGEST:
        wrong = f"the file has more than {LARGEST // 10**6} MB, no page has so many words"
        advice = "compare it with its last state in git"
        return None, [Finding(path, 1, Problem("file", wrong, advice))]
    raw = path.read_bytes()

    def report(line: int, rule: str, wrong: str, advice: str) -> None:
        findings.append(Finding(path, line, Problem(rule, wrong, advice)))

    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        report(
            raw[: error.start].count(b"\n") + 1,
            "encoding",
            "the file is not UTF-8",
            "save the file as UTF-8 in your editor",
        )
        return None, findings
    if text.startswith("\ufeff"):
        report(
            1,
            "encoding",
            "the file begins with a byte order mark",
            "save the file as UTF-8 without BOM",
        )
        text = text.removeprefix("\ufeff")
    if "\r" in text:
        report(
            text[: text.index("\r")].count("\n") + 1,
            "normal-form",
            "the lines end as on Windows",
            "save the file with line ends LF, or run make update-po",
        )
    quickly = quick.read(text) if not findings else None
    if quickly is not None:
        return _catalogue(path, text, text.split("\n"), quickly), findings
    # Every line end that Python's text files know, so that the numbers are Babel's.
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, content in enumerate(lines, 1):
        if content and not content.startswith("#") and not _LINE.fullmatch(content):
            report(
                number,
                "syntax",
                f"the line is not one of a catalogue: {content[:60]}",
                'each message is msgid "…" and msgstr "…", with \\" for a quotation mark in it',
            )
        for char in () if content.isprintable() else content:
            hidden = content.startswith("#") and unicodedata.category(char) == "Cf"
            if hidden or unicodedata.category(char) in {"Cc", "Zl", "Zp"}:
                report(
                    number,
                    "characters",
                    f"the line has the invisible character U+{ord(char):04X}",
                    "delete it; run make update-po if the file came from elsewhere",
                )
                break
    recorder = _Recorder()
    try:
        parsed = files.without_dates("\n".join(lines)).split("\n")
        PoFileParser(recorder, abort_invalid=True).parse(parsed)
    except PoFileError as error:
        report(
            error.lineno + 1,
            "syntax",
            f"the file cannot be read: {error}",
            'each message is msgid "…" and msgstr "…", with \\" for a quotation mark in it',
        )
        return None, findings
    except (
        ValueError,
        IndexError,
        TypeError,
        AssertionError,
        AttributeError,
        LookupError,
        UnknownLocaleError,
    ) as error:
        # Babel has no single error for a file that is broken in an unforeseen way.
        report(
            1,
            "syntax",
            f"the file cannot be read: {error or type(error).__name__}",
            "compare the file with its last state in git and repair it",
        )
        return None, findings
    return _catalogue(path, text, lines, recorder.seen), findings


def _catalogue(
    path: Path, text: str, lines: list[str], messages: Sequence[Message | quick.Message]
) -> CatalogueFile:
    entries: list[Entry] = []
    headers: dict[str, str] = {}
    header_line, header_fuzzy = 1, False
    header_seen = False
    for message in messages:
        line = int(message.lineno or 1)
        msgstr_line = _following(lines, line, "msgstr")
        sources = _tuple(message.id)
        if sources == ("",) and message.context is None and not header_seen:
            header_seen = True
            headers = _headers(_tuple(message.string)[0])
            header_line, header_fuzzy = msgstr_line, message.fuzzy
            continue
        entries.append(
            Entry(
                line=line,
                msgstr_line=msgstr_line,
                sources=sources,
                translations=_tuple(message.string),
                context=message.context,
                flags=frozenset(message.flags) - files.WRONG_FLAGS,
                comments=tuple(message.user_comments),
                notes=tuple(message.auto_comments),
            )
        )
    return CatalogueFile(
        path=path,
        language=language_of(path, headers),
        text=text,
        headers=headers,
        header_line=header_line,
        header_fuzzy=header_fuzzy,
        entries=entries,
        obsolete=[
            number
            for number, line in enumerate(lines, 1)
            if line.startswith("#~") and re.match(r"#~\s*msgid\b", line)
        ],
    )


def noqa_problems(entry: Entry) -> Iterator[Problem]:
    """What is wrong with the exceptions of a message."""
    for rule, reason in entry.exceptions():
        allowed = ", ".join(sorted(LANGUAGE))
        if rule in SAFETY:
            yield Problem(
                "noqa",
                f"the rule '{rule}' keeps readers safe and has no exceptions",
                "mend the translation, or ask for the German text to be changed",
            )
        elif rule not in LANGUAGE and rule != "glossary":
            yield Problem(
                "noqa",
                f"'{rule}' is not a rule that can be switched off",
                f"write '# noqa: rule reason' with one of: {allowed}",
            )
        elif len(reason) < 5:
            yield Problem(
                "noqa",
                f"the exception from '{rule}' has no reason",
                f"write why: '# noqa: {rule} reason'",
            )
