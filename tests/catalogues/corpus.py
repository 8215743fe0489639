"""Honest translations for the tests of the check."""

import re
from collections.abc import Iterator

from tests.conftest import cases

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"


def honest() -> list[tuple[str, str]]:
    """The pairs that were written by hand."""
    return [(source, translation) for source, translation in cases("catalogues/honest.tsv")]


def _variants(text: str) -> Iterator[str]:
    """Other ways to write the same English, as rightly."""
    yield re.sub(r"(\d)%", "\\1\u202f%", text)
    yield re.sub(r"(\d)%", r"\1 per cent", text)
    yield re.sub(rf"\b(\d{{1,2}}) ({_MONTHS})\b", r"\2 \1", text)
    yield re.sub(rf"\b(\d{{1,2}}) ({_MONTHS}) (\d{{4}})", r"\2 \1, \3", text)
    yield re.sub(rf"\b(\d{{1,2}}) ({_MONTHS})\b", "\\1\u00a0\\2", text)
    yield re.sub(r"(\d)–(\d)", r"\1-\2", text)
    yield text.replace(" – ", "—")
    if text.count("“") == 1 and "‘" not in text:
        yield text.replace("“", "‘").replace("”", "’")
    yield re.sub(r"(?<=\d),(?=\d{3}\b)", "\u202f", text)
    yield re.sub(r"(\d)\.(\d\d) ([ap])", r"\1:\2 \3", text)
    yield text.replace("p.m.", "pm").replace("a.m.", "am")
    yield re.sub(r"^(\w+)(?= \w)", r"**\1**", text) if "`" not in text else text
    yield text.replace("EUR ", "€")
    yield text.replace("eleven", "11").replace("twelve", "12").replace("two ", "2 ")
    yield text.replace("Around ", "Roughly ").replace("About ", "Approximately ")


def variants() -> list[tuple[str, str]]:
    """Unusual but right ways to write the honest translations."""
    found = [(old, new) for old, text in honest() for new in _variants(text) if new != text]
    return list(dict.fromkeys(found))
