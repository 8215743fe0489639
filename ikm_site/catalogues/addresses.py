# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Web and mail addresses, schemes and HTML that stand in a text as words."""

from __future__ import annotations

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
#: Without one of these there is nothing of the above.
_PERHAPS = re.compile(r"[@:/]|[\w-]\.\w|[(\[]at[)\]]", re.IGNORECASE)
_TAG = re.compile(r"<\s*[/!?]?\s*[a-z!?/]|<[^\s<>\d]", re.IGNORECASE)
_ENTITY = re.compile(
    r"&#|&[a-z][a-z0-9]{1,31};|&(?:lt|gt|amp|quot|apos|nbsp|shy|colon|tab|newline)\b", re.I
)


def unmask(text: str) -> str:
    """The text as a browser might come to read it.

    Entities and percent signs are resolved, letters of full width or of mathematics become
    ordinary ones, invisible characters go, other full stops become full stops.
    """
    for _ in range(3):
        text = html.unescape(text)
    text = unquote(text)
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return re.sub("[。．｡․]", ".", text)


def dangerous(text: str) -> list[str]:
    """Addresses in the text that could run a program, such as `javascript:…`."""
    return [match.group() for match in _DANGEROUS.finditer(unmask(text))]


def addresses(text: str) -> set[str]:
    """Web and mail addresses, and names of hosts, that stand in a text."""
    plain = unmask(text)
    found: set[str] = set()
    if not _PERHAPS.search(plain):
        return found
    for pattern in (_URL, _MAIL, _HOST, _IP):
        found |= {match.group().rstrip(".,;:!?)”“’»/").lower() for match in pattern.finditer(plain)}
    return found


def tags(text: str) -> list[str]:
    """What looks like the beginning of HTML."""
    return [match.group() for match in _TAG.finditer(unmask(text))]


def entities(text: str) -> list[str]:
    """HTML entities, complete or not."""
    return [match.group() for match in _ENTITY.finditer(text)]


def scheme(target: str) -> str:
    """The scheme of a link target, `""` for a page of the site.

    Characters that browsers ignore inside a scheme do not hide it.
    """
    plain = re.sub(r"[\s\x00-\x20]", "", unmask(target))
    match = re.match(r"([a-z][a-z0-9+.-]*):", plain, re.IGNORECASE)
    return match[1].lower() if match else ""
