# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The numbers in a translation, held against those of its original.

Each language has its own signs for groups and decimals. A number is its value with sign and scale
(“57 million” is not “57”), and whether it is a percentage. Words for numbers are left alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from babel import Locale

_DIGITS = re.compile(r"\d+(?:[.,’]\d+|[ \u00a0\u202f\u2009]\d{3}(?!\d))*")
#: Marks that stand between a number and its unit, and a name that is no number.
_NO_NUMBER = re.compile(r"\*|(?i:(?<=covid)-19)")
_FRACTION = re.compile(r"[¼½¾⅓⅔⅛⅜⅝⅞]")
_MINUS = re.compile(r"(?:(?<![\w.,)])[-−–]|\bminus )$", re.IGNORECASE)
_SCALES = (
    (re.compile(r"\s?(?:Tsd|Tausend|thousand|k\b)", re.IGNORECASE), 10**3),
    (re.compile(r"\s?(?:Mio|million|m\b(?![²³/]))", re.IGNORECASE), 10**6),
    (re.compile(r"\s?(?:Mrd|Milliarde|billion|bn\b)", re.IGNORECASE), 10**9),
)
_PERCENT = re.compile(r"\s?(?:%|Prozent|per ?cent|-?prozentig)", re.IGNORECASE)
_EVENING = re.compile(r"\s?p\.?m\b|\s?o’clock in the (?:after|evening)|\s?in the (?:after|evening)")
#: Between two numbers that share what stands behind the second: “10 to 15 per cent”.
_AND = re.compile(r"\s?(?:–|-|/|:|,|und|bis|oder|and|to|or|statt|auf|from|rather than)\s?(?:auf )?")
#: Signs that change what a number says, with the words that say the same.
_SIGNS = {
    "euro": re.compile(r"€|\bEUR\b|\beuro", re.IGNORECASE),
    "dollar": re.compile(r"\$|\bUSD\b|\bdollar", re.IGNORECASE),
    "pound": re.compile(r"£|\bGBP\b|\bpounds?\b|\bPfund\b"),
    "<": re.compile(r"<|≤|\b[uU]nter\b|\b[wW]eniger\b|\b[hH]öchstens\b"),
    ">": re.compile(r">|≥|\b[üÜ]ber\b|\b[mM]ehr\b|\b[mM]indestens\b"),
    "percent": re.compile(r"%|Prozent|prozent|per ?cent|percentage"),
}
#: German words from 0 to 20; longer ones such as “einundzwanzig” are left alone.
_NAMES = """null ein|erst zwei drei|dritt vier fünf sechs sieben|siebt acht neun zehn elf zwölf
dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn zwanzig"""
_WORDS = {word: value for value, words in enumerate(_NAMES.split()) for word in words.split("|")}
_WORD = re.compile(rf"(?i)\b({'|'.join(sorted(_WORDS, key=len, reverse=True))})(?!und)\w*")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


@dataclass(frozen=True)
class Number:
    """A number as it stands in a text.

    Attributes:
        text: its digits, with sign and scale.
        readings: what it can mean, each as a set of values.
        percent: 2 with a sign of its own, 1 if it shares that of the next number, else 0.
    """

    text: str
    readings: tuple[frozenset[Decimal], ...]
    percent: int


@cache
def _signs(code: str) -> tuple[str, str]:
    symbols = Locale.parse(code).number_symbols["latn"]
    return symbols["group"], symbols["decimal"]


def _values(raw: str, code: str) -> Iterator[frozenset[Decimal]]:
    """What digits can mean: one number, or several that stand together such as 31.12.2023."""
    group, point = _signs(code)
    plain = re.sub(r"[ \u00a0\u202f\u2009’]", "", raw)
    if group in ".,":
        plain = re.sub(rf"(?<=\d){re.escape(group)}(?=\d\d\d(?:\D|$))", "", plain)
    parts = frozenset(Decimal(part) for part in re.findall(r"\d+", raw))
    if plain.replace(point, "", 1).isdigit():
        yield frozenset({Decimal(plain.replace(point, "."))})
        if re.search(r"[ \u00a0\u202f\u2009]", raw) or re.fullmatch(r"\d\d?\.\d\d?", raw):
            yield parts
    else:
        yield parts


def numbers(text: str, code: str) -> list[Number]:
    """The numbers of a text in a language, in their order."""
    text = _NO_NUMBER.sub("", text.translate(_SUBSCRIPTS))
    found: list[Number] = []
    behind: re.Match[str] | None = None
    scale, percent, evening = 1, 0, False
    for match in reversed(list(_DIGITS.finditer(text))):
        end = match.end()
        half = _FRACTION.match(text, end)
        end = half.end() if half else end
        shared = behind is not None and _AND.fullmatch(text, end, behind.start())
        own, last = next(
            ((by, m.end()) for pattern, by in _SCALES if (m := pattern.match(text, end))), (1, end)
        )
        scale = own if own > 1 or not shared else scale
        percent = 2 if _PERCENT.match(text, last) else min(percent, 1) if shared else 0
        evening = bool(_EVENING.match(text, end)) or bool(shared and evening)
        sign = _MINUS.search(text, max(0, match.start() - 7), match.start())
        minus = -1 if sign else 1
        readings = []
        for values in _values(match[0], code):
            if half:
                values = frozenset(v + Decimal(str(unicodedata.numeric(half[0]))) for v in values)
            scales = {scale, 1} if shared and own == 1 else {scale}
            readings += [frozenset(v * by * minus for v in values) for by in sorted(scales)]
            if evening:
                hours = {v + 12 if v < 12 else v for v in values}
                readings[:] = [frozenset(hours), *(readings if len(values) > 1 or shared else [])]
                readings += [frozenset({v + 12, w}) for v in values for w in values if v < 12]
        shown = text[sign.start() if sign else match.start() : last]
        found.append(Number(shown, tuple(readings), percent))
        behind = match
    return found[::-1]


def _allowed(text: str, found: list[Number]) -> set[Decimal]:
    """The values that an original has, with months and years that it only implies."""
    values = {value for number in found for reading in number.readings for value in reading}
    months = Locale.parse("de").months["format"]["wide"]
    values |= {Decimal(number) for number, name in months.items() if name in text}
    if "Uhr" in text:
        values.add(Decimal(0))
    for start, end in re.findall(r"\b(\d\d)\d\d\s?[/–-]\s?(\d\d)\b(?!\d)", text):
        values.add(Decimal(start + end))
    for decade in re.findall(r"\b(\d0)er\b", text):
        values.add(Decimal("19" + decade))
    return values


def strange(msgid: str, msgstr: str, source: str, code: str) -> Iterator[str]:
    """Numbers of a translation that its original does not have."""
    translated = numbers(msgstr, code)
    if not translated:
        return
    digits = _WORD.sub(lambda match: str(_WORDS[match[1].lower()]), msgid)
    original = [*numbers(msgid, source), *numbers(digits, source)]
    allowed = _allowed(msgid, original)
    verbatim = {number.text for number in original if max(map(len, number.readings)) > 1}
    shares = {v for number in original if number.percent == 2 for r in number.readings for v in r}
    others = {v for number in original if number.percent < 2 for r in number.readings for v in r}
    for number in translated:
        if number.text in verbatim:
            continue
        if not any(reading <= allowed for reading in number.readings):
            yield f"the number “{number.text}” is not in the original"
        elif not number.percent and any(r <= shares - others for r in number.readings):
            yield f"“{number.text}” has lost its “per cent”"
    for name, pattern in _SIGNS.items():
        mark = pattern.search(msgstr)
        beside = mark and re.search(r"\d", msgstr[max(0, mark.start() - 2) : mark.end() + 2])
        if mark and beside and not pattern.search(msgid):
            yield f"“{mark[0]}” beside a number is not in the original ({name})"


def missing(msgid: str, msgstr: str, source: str, code: str) -> Iterator[str]:
    """Numbers of the original that a translation does not have."""
    have = {v for number in numbers(msgstr, code) for r in number.readings for v in r}
    for number in numbers(msgid, source):
        if not any(reading & have for reading in number.readings):
            yield f"the number “{number.text}” of the original is missing"
