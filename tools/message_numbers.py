"""The numbers in a translation, held against those of its original.

Babel knows the signs of each language for groups and decimals, and the names of months. A number
is its value with its scale (“57 million” is not “57”). Words for numbers in a translation are
left alone.
"""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

from babel import Locale
from babel.numbers import NumberFormatError, parse_decimal

#: A sign, digits with their groups and decimals, and what multiplies them.
_NUMBER = re.compile(
    r"(?P<sign>(?<![\w.,)])[-−–]|\bminus )?"
    r"(?P<digits>(?:\d{1,3}(?: \d{3})+(?!\d)|\d+)(?:[.,]\d+)*)"
    r"(?: ?(?P<scale>tsd|tausend|thousand|mio|million|mrd|milliard|billion|trillion|bn\b)"
    r"|(?P<letter>[km])\b)?"
)
#: The powers of ten of scales. A billion is 10⁹ in English only.
_POWERS = {
    "k": 3, "tsd": 3, "tausend": 3, "thousand": 3, "m": 6, "mio": 6, "million": 6, "mrd": 9,
    "milliard": 9, "bn": 9, "billion": 12, "trillion": 18,
}  # fmt: skip
_ENGLISH_POWERS = {"billion": 9, "trillion": 12}
#: The parts of German words for numbers; “einundzwanzig” is the sum of its own.
_PARTS = {
    "ein": 1, "erst": 1, "zwei": 2, "drei": 3, "dritt": 3, "vier": 4, "fünf": 5, "sech": 6,
    "sieb": 7, "acht": 8, "neun": 9, "zehn": 10, "elf": 11, "zwölf": 12, "zwanzig": 20,
    "dreißig": 30, "vierzig": 40, "fünfzig": 50, "sechzig": 60, "siebzig": 70, "achtzig": 80,
    "neunzig": 90, "hundert": 100, "tausend": 1000,
}  # fmt: skip
_PART = "|".join(sorted(_PARTS, key=len, reverse=True))
_WORD = re.compile(rf"\b(?:{_PART})(?:{_PART}|und)*")
#: Years of which the second lacks its century: “2018/19”.
_YEARS = re.compile(r"\b(\d\d)(\d\d ?[/–-] ?)(\d\d)\b(?![/–-]\d)")
#: What a number can be a number of, in German or English.
_UNITS = ("%|prozent|per ?cent", "€|eur(?!op)", r"\$|usd|dollar", "£|gbp|pfund|pound")
#: What is no number: names, units, marks.
_NO_NUMBER = re.compile("covid-19|[²³*]")

Values = set[Decimal]


def _plain(text: str) -> str:
    """A text in small letters, in which all spaces are alike and all years are whole."""
    text = unicodedata.normalize("NFKC", _NO_NUMBER.sub("", text.lower()))
    return _YEARS.sub(r"\1\2\1\3", text)


def _value(digits: str, code: str) -> Values:
    digits = digits.replace(" ", "")
    try:
        return {parse_decimal(digits, code, strict=True)} if len(digits) < 40 else set()
    except NumberFormatError:
        return set()


def _times(values: Values, factors: set[int]) -> Values:
    return {value * factor for value in values for factor in factors}


def _numbers(text: str, code: str) -> Iterator[tuple[str, Values, Values]]:
    """Each number of a plain text as it is written, its values, and those of its parts alone.

    A number without a scale may share that of another: “10 or 15 million”.
    """
    powers = _POWERS | (_ENGLISH_POWERS if code == "en" else {})
    found = list(_NUMBER.finditer(text))
    scales = [10 ** powers.get(match["scale"] or match["letter"], 0) for match in found]
    shared = {1, *scales}
    for match, scale in zip(found, scales, strict=True):
        sign = -1 if match["sign"] else 1
        factors = {sign * factor for factor in ({scale} if scale > 1 else shared)}
        parts = {Decimal(part) for part in re.findall(r"\d+", match["digits"])}
        values = _value(match["digits"], code)
        yield match[0], _times(values, factors), _times(parts, factors)


def _months(code: str) -> Iterator[tuple[str, Decimal]]:
    for number, name in Locale.parse(code).months["format"]["wide"].items():
        yield name.lower(), Decimal(number)


def _allowed(text: str, source: str, code: str) -> Values:
    """What an original says in digits, or in words that a translation may write with digits."""
    counted = _WORD.sub(lambda word: str(sum(_PARTS[p] for p in re.findall(_PART, word[0]))), text)
    allowed = set()
    for written, values, parts in [*_numbers(text, source), *_numbers(counted, source)]:
        allowed |= values
        # Dates, times, versions and identifiers, such as 31.12.2023, 10.15 and 301 549.
        if not values or re.search(r"\d \d", written):
            allowed |= parts | _value(written, code)
    allowed |= {Decimal(f"19{decade}") for decade in re.findall(r"\b([1-9]0)er", text)}
    if "uhr" in text:
        allowed |= {Decimal(0), *(hour - 12 for hour in allowed if 12 < hour <= 24)}
    return allowed | {number for name, number in _months(source) if name[:3] in text}


def _other_units(original: str, translation: str, source: str, code: str) -> Iterator[str]:
    """Units that have come to a number, or have gone from one that is still there."""
    for unit in _UNITS:
        # A scale may stand between both: “57 Milliarden Euro”.
        beside = rf"(?<![\d.,])[\d.,]*\d ?(?:\w{{1,10}}\.? )?(?:{unit})|(?:{unit}) ?\d[\d.,]*"
        if (new := re.search(beside, translation)) and not re.search(unit, original):
            yield f"“{new[0]}” is not in the original"
        if re.search(unit, translation):
            continue
        kept = {value for _, values, _ in _numbers(translation, code) for value in values}
        for old in re.finditer(beside, original):
            if any(kept & values for _, values, _ in _numbers(old[0], source)):
                yield f"“{old[0]}” of the original has lost its unit"


def strange(msgid: str, msgstr: str, source: str, code: str) -> Iterator[str]:
    """Numbers of a translation that its original does not have, or has with another unit."""
    original, translation = _plain(msgid), _plain(msgstr)
    allowed = _allowed(original, source, code)
    for written, values, parts in _numbers(translation, code):
        if not values & allowed and not parts <= allowed:
            yield f"the number “{written}” is not in the original"
    yield from _other_units(original, translation, source, code)
    for name, number in _months(code):
        beside = re.search(rf"\d(?:st|nd|rd|th|er)? (?:of )?{name}\b|\b{name} \d", translation)
        if beside and number not in allowed:
            yield f"the month “{name.title()}” is not in the original"


def missing(msgid: str, msgstr: str, source: str, code: str) -> Iterator[str]:
    """Numbers of the original that a translation does not have."""
    have = {n for _, *found in _numbers(_plain(msgstr), code) for group in found for n in group}
    for written, values, parts in _numbers(_plain(msgid), source):
        if have.isdisjoint(values | parts):
            yield f"the number “{written}” of the original is missing"
