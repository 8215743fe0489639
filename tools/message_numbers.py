# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The numbers in a translation, held against those of its original.

Babel knows the signs of each language for groups and decimals. A number is its value with sign
and scale (“57 million” is not “57”), and whether it is a percentage. Words for numbers in a
translation are left alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

from babel import Locale
from babel.numbers import NumberFormatError, parse_decimal

_SPACES = " \u00a0\u202f\u2009"
_DIGITS = rf"\d+(?:[.,’]\d+|[{_SPACES}]\d{{3}}(?!\d))*"
#: Between numbers that share what stands behind the last: “10 to 15 per cent”.
_AND = r"\s?(?:[–/:,-]|und|bis|oder|and|to|or|statt|auf|from|rather than)\s?(?:auf )?"
_NUMBER = re.compile(
    rf"""(?P<sign>(?:(?<![\w.,)])[-−–]|\b[mM]inus\ )?)(?P<digits>{_DIGITS})
    (?P<fraction>[¼½¾⅓⅔⅛⅜⅝⅞]?)
    (?=(?P<others>(?:{_AND.replace(" ", "[ ]")}{_DIGITS}){{0,3}})
    (?P<scale>\s?(?i:Tsd|Tausend|thousand|Mio|million|Mrd|Milliard|billion|trillion)|[km]\b(?<!\s.)|bn\b)?
    (?P<percent>\s?(?i:%|Prozent|per\ ?cent|-?prozentig))?
    (?P<evening>\s?(?:p\.?m\b|(?:o’clock\ )?in\ the\ (?:after|evening)))?)""",
    re.VERBOSE,
)
#: The powers of ten of scales, by their first letters; a billion is 10⁹ in English only.
_SCALES = {"tri": 12, "t": 3, "k": 3, "milliard": 9, "mr": 9, "m": 6, "b": 9}
#: Marks that stand between a number and its unit, and a name that is no number.
_NO_NUMBER = re.compile(r"\*|(?i:(?<=covid)-19)")
#: Signs that change what a number says, with the words that say the same.
_SIGNS = [
    re.compile(pattern)
    for pattern in (
        r"€|\bEUR\b|[eE]uro", r"\$|\bUSD\b|[dD]ollar", r"£|\bGBP\b|\b[pP]ounds?\b|\bPfund\b",
        r"<|≤|\b[uU]nter\b|\b[wW]eniger\b|\b[hH]öchstens\b",
        r">|≥|\b[üÜ]ber\b|\b[mM]ehr\b|\b[mM]indestens\b", r"%|[pP]rozent|[pP]er ?cent",
    )
]  # fmt: skip
#: German words for numbers.
_NAMES = """null ein|erst zwei drei|dritt vier fünf sechs sieben|siebt acht neun zehn elf zwölf
dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn zwanzig"""
_WORDS = {word: value for value, words in enumerate(_NAMES.split()) for word in words.split("|")}
_TENS = ["zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"]
_WORDS |= {word: 10 * value for value, word in enumerate(_TENS, 2)}
_WORDS |= {f"{one}und{ten}": 10 * place + value for place, ten in enumerate(_TENS, 2)
           for one, value in list(_WORDS.items()) if 0 < value < 10}  # fmt: skip
_WORDS |= {"hundert": 100, "tausend": 1000, "dutzend": 12}
_WORD = re.compile(rf"(?i)\b({'|'.join(sorted(_WORDS, key=len, reverse=True))})\w*")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")

#: What digits can mean: one value, or several that stand together such as 31.12.2023.
Reading = tuple[Decimal, ...]


@dataclass(frozen=True)
class Number:
    """A number as it stands in a text.

    Attributes:
        text: its digits, with sign and scale.
        readings: what it can mean.
        percent: 2 with a sign of its own, 1 if it shares that of the next number, else 0.
    """

    text: str
    readings: tuple[Reading, ...]
    percent: int


def _readings(digits: str, code: str) -> Iterator[Reading]:
    parts = tuple(map(Decimal, re.findall(r"\d+", digits)))
    plain = re.sub(f"[{_SPACES}’]", "", digits)
    try:
        yield (parse_decimal(plain, code, strict=True),) if len(plain) < 40 else parts
    except NumberFormatError:
        yield parts
    if plain != digits or re.fullmatch(r"\d\d?\.\d\d?", digits):
        yield parts


def _scale(word: str, code: str) -> int:
    """The factor of a word behind a number; “m” with a space before it is metres."""
    named = word.strip().lower()
    if named.startswith("billion") and code != "en":
        return 10**12
    return next((10**power for start, power in _SCALES.items() if named.startswith(start)), 1)


def numbers(text: str, code: str) -> Iterator[Number]:
    """The numbers of a text in a language, in their order."""
    for match in _NUMBER.finditer(_NO_NUMBER.sub("", text.translate(_SUBSCRIPTS))):
        found, others = list(_readings(match["digits"], code)), match["others"]
        if match["fraction"]:
            more = Decimal(str(unicodedata.numeric(match["fraction"])))
            found = [(*reading[:-1], reading[-1] + more) for reading in found]
        if match["evening"]:
            later = [(first + 12 if first < 12 else first, *rest) for first, *rest in found]
            found = later + found if others else later
        by = _scale(match["scale"] or "", code)
        minus = -1 if match["sign"] else 1
        scales = {by, 1} if others else {by}
        readings = {tuple(v * n * minus for v in reading) for reading in found for n in scales}
        shown = match[0] if others else match[0] + (match["scale"] or "")
        percent = (1 if others else 2) if match["percent"] else 0
        yield Number(shown, tuple(readings), percent)


def _values(found: list[Number]) -> set[Decimal]:
    return {value for number in found for value in chain(*number.readings)}


def _implied(text: str) -> Iterator[Decimal]:
    """What a German text says without these digits: months, full hours, years, decades."""
    for number, name in Locale.parse("de").months["format"]["wide"].items():
        if name in text:
            yield Decimal(number)
    if "Uhr" in text:
        yield Decimal(0)
    for start, end in re.findall(r"\b(\d\d)\d\d\s?[/–-]\s?(\d\d)\b(?!\d)", text):
        yield Decimal(start + end)
    for decade in re.findall(r"\b(\d0)er\b", text):
        yield Decimal("19" + decade)


def _months(text: str, code: str) -> Iterator[tuple[str, Decimal]]:
    """The names of months that stand beside a number, with their numbers."""
    for number, name in Locale.parse(code).months["format"]["wide"].items():
        near = rf"\d(?:st|nd|rd|th|er)? (?:of )?{name}\b|\b{name} \d"
        if re.search(near, text.replace("\u00a0", " ")):
            yield name, Decimal(number)


def strange(msgid: str, msgstr: str, source: str, code: str) -> Iterator[str]:
    """Numbers of a translation that its original does not have."""
    translated = list(numbers(msgstr, code))
    if not translated:
        return
    digits = _WORD.sub(lambda match: str(_WORDS[match[1].lower()]), msgid)
    original = [*numbers(msgid, source), *numbers(digits, source)]
    allowed = {*_values(original), *_implied(msgid)}
    shares = _values([n for n in original if n.percent == 2])
    shares -= _values([n for n in original if n.percent < 2])
    verbatim = {n.text for n in original if max(map(len, n.readings)) > 1}
    for number in translated:
        if number.text in verbatim:
            continue
        if not any(allowed.issuperset(reading) for reading in number.readings):
            yield f"the number “{number.text}” is not in the original"
        elif not number.percent and any(map(shares.issuperset, number.readings)):
            yield f"“{number.text}” has lost its “per cent”"
    for name, value in _months(msgstr, code):
        if value not in allowed:
            yield f"the month “{name}” is not in the original"
    for pattern in _SIGNS:
        mark = pattern.search(msgstr)
        beside = mark and re.search(r"\d", msgstr[max(0, mark.start() - 2) : mark.end() + 2])
        if mark and beside and not pattern.search(msgid):
            yield f"“{mark[0]}” beside a number is not in the original"


def missing(msgid: str, msgstr: str, source: str, code: str) -> Iterator[str]:
    """Numbers of the original that a translation does not have."""
    have = _values(list(numbers(msgstr, code)))
    for number in numbers(msgid, source):
        if have.isdisjoint(chain(*number.readings)):
            yield f"the number “{number.text}” of the original is missing"
