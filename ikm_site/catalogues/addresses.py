# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Web and mail addresses, schemes and HTML that stand in a text as words."""

from __future__ import annotations

import functools
import html
import re
import unicodedata
from urllib.parse import unquote

#: Schemes that a link of this site may have; anything else is a page of the site or refused.
SCHEMES = frozenset({"http", "https", "mailto", "tel"})

_INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)
#: `JavaScript: …`, `data: …` and `file: …` are also ordinary words before a colon.
_DANGEROUS = re.compile(
    r"(?:java|vb|live|j)\s*script\s*:(?:\S|\s*[\w.]+\s*[(=])|\bdata\s*:\s*(?:[a-z]+/[a-z]|[,;])|\bfile\s*:\s*/"
    r"|\b(?:blob|view-source|jar|filesystem|about)\s*:\s*(?:\w+:|/|blank\b|srcdoc\b)"
    r"|\b(?:intent|chrome|resource|ms-[a-z-]+)\s*:\s*//",
    re.IGNORECASE,
)
_URL = re.compile(
    r"\b[a-z][a-z0-9+.-]*:/{1,}\S+|(?<![:\w/])//[\w.-]+\S*|\bmailto:\S+|\btel:\S+", re.I
)
_MAIL = re.compile(r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
#: Two letters and more on both sides of a full stop without a space: example.org.
_HOST = re.compile(r"(?<![\w@.])(?:[\w-]{2,}\.)+[^\W\d_]{2,24}(?![\w])(?:[:/]\S*)?", re.IGNORECASE)
_IP = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")
#: Each kind of address behind what it cannot do without and what is quickly found.
_KINDS = (
    (re.compile(r"//|:/|mailto:|tel:", re.IGNORECASE), _URL),
    (re.compile(r"@|[(\[]at[)\]]", re.IGNORECASE), _MAIL),
    (re.compile(r"\.[^\W\d_]"), _HOST),
    (re.compile(r"\.\d"), _IP),
)
#: What stands before the colon of a dangerous address.
_BEFORE_COLON = (
    "script", "data", "file", "blob", "view-source", "jar", "filesystem", "about", "intent",
    "chrome", "resource",
)  # fmt: skip
_TAG = re.compile(r"<\s*[/!?]?\s*[a-z!?/]|<[^\s<>\d]", re.IGNORECASE)
_ENTITY = re.compile(
    r"&#|&[a-z][a-z0-9]{1,31};|&(?:lt|gt|amp|quot|apos|nbsp|shy|colon|tab|newline)\b", re.I
)


@functools.lru_cache(maxsize=256)
def unmask(text: str) -> str:
    """The text as a browser might come to read it.

    Entities and percent signs are resolved, letters of full width or of mathematics become
    ordinary ones, invisible characters go, other full stops become full stops.
    """
    for _ in range(3):
        text = html.unescape(text)
    text = unquote(text)
    if text.isascii():
        return text
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return re.sub("[。．｡․]", ".", text)


def dangerous(text: str) -> list[str]:
    """Addresses in the text that could run a program, such as `javascript:…`."""
    plain = unmask(text)
    *heads, _ = plain.lower().split(":")
    if not any(head.rstrip().endswith(_BEFORE_COLON) or "ms-" in head for head in heads):
        return []
    return [match.group() for match in _DANGEROUS.finditer(plain)]


def addresses(text: str) -> set[str]:
    """Web and mail addresses, and names of hosts, that stand in a text."""
    plain = unmask(text)
    return {
        match.group().rstrip(".,;:!?)”“’»/").lower()
        for sign, pattern in _KINDS
        if sign.search(plain)
        for match in pattern.finditer(plain)
    }


def tags(text: str) -> list[str]:
    """What looks like the beginning of HTML."""
    plain = unmask(text)
    return [match.group() for match in _TAG.finditer(plain)] if "<" in plain else []


def entities(text: str) -> list[str]:
    """HTML entities, complete or not."""
    return [match.group() for match in _ENTITY.finditer(text)] if "&" in text else []


def scheme(target: str) -> str:
    """The scheme of a link target, `""` for a page of the site.

    Characters that browsers ignore inside a scheme do not hide it.
    """
    plain = re.sub(r"[\s\x00-\x20]", "", unmask(target))
    match = re.match(r"([a-z][a-z0-9+.-]*):", plain, re.IGNORECASE)
    return match[1].lower() if match else ""
