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

#: What a number can be a number of, in German or English.
_UNITS = ("%|prozent|per ?cent", "€|eur(?!op)", r"\$|usd|dollar", "£|gbp|pfund|pound")
_UNIT = "|".join(_UNITS)
#: A sign, digits with their groups and decimals, what multiplies them; and a unit on either side.
_NUMBER = re.compile(
    rf"(?:(?:{_UNIT}) ?)?(?P<sign>(?<![\w.,)])[-−–]|\bminus )?"
    r"(?P<digits>(?:\d{1,3}(?: \d{3})+(?!\d)|\d+)(?:[.,]\d+)*)"
    r"(?: ?(?P<scale>tsd|tausend|thousand|mio|million|mrd|milliard|billion|trillion|bn\b)"
    r"|(?P<letter>[km])\b)?"
    rf"(?:\.? ?(?:[^\W\d]{{1,10}} )?(?:{_UNIT}))?"
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
#: What is no number: names, units, marks.
_NO_NUMBER = re.compile("covid-19|[²³*]")


def _plain(text: str) -> str:
    """A text in small letters, in which all spaces are alike and all years are whole."""
    text = unicodedata.normalize("NFKC", _NO_NUMBER.sub("", text.lower()))
    return _YEARS.sub(r"\1\2\1\3", text)


def _value(digits: str, code: str) -> set[Decimal]:
    digits = digits.replace(" ", "")
    try:
        return {parse_decimal(digits, code, strict=True)} if len(digits) < 40 else set()
    except NumberFormatError:
        return set()


def _numbers(text: str, code: str) -> Iterator[tuple[str, set[Decimal], set[Decimal]]]:
    """Each number of a plain text as it is written, its values, and those of its parts alone.

    A number without a scale may share that of another: “10 or 15 million”.
    """
    powers = _POWERS | (_ENGLISH_POWERS if code == "en" else {})
    found = list(_NUMBER.finditer(text))
    scales = [10 ** powers.get(match["scale"] or match["letter"], 0) for match in found]
    for match, scale in zip(found, scales, strict=True):
        sign = -1 if match["sign"] else 1
        factors = {sign * factor for factor in ({scale} if scale > 1 else {1, *scales})}
        both = _value(match["digits"], code), map(Decimal, re.findall(r"\d+", match["digits"]))
        values, parts = ({one * factor for one in each for factor in factors} for each in both)
        yield match[0], values, parts


def _months(code: str) -> Iterator[tuple[Decimal, str]]:
    for month, name in Locale.parse(code).months["format"]["wide"].items():
        yield Decimal(month), name.lower()


def _said(text: str, code: str) -> set[Decimal]:
    """What an original says in digits, or in words that a translation may write with digits."""
    counted = _WORD.sub(lambda word: str(sum(_PARTS[p] for p in re.findall(_PART, word[0]))), text)
    said = {Decimal(f"19{decade}") for decade in re.findall(r"\b([1-9]0)er", text)}
    for written, values, parts in [*_numbers(text, code), *_numbers(counted, code)]:
        # Dates, times, versions and identifiers, such as 31.12.2023, 10.15 and 301 549.
        said |= values | parts if re.search(r"\d \d", written) else values or parts
    if "uhr" in text:
        said |= {Decimal(0), *(hour - 12 for hour in said if 12 < hour <= 24)}
    return said | {month for month, name in _months(code) if name[:3] in text}


def _lacks_unit(text: str, number: str) -> bool:
    return any(re.search(unit, number) and not re.search(unit, text) for unit in _UNITS)


def differences(msgid: str, msgstr: str, source: str, code: str) -> Iterator[tuple[bool, str]]:
    """How the numbers of a translation differ from those of its original.

    Yields:
        Whether it is only a hint, as for numbers that are missing, and the problem.
    """
    original, translation = _plain(msgid), _plain(msgstr)
    said, have = _said(original, source), set()
    for written, values, parts in _numbers(translation, code):
        have |= values | parts
        is_said = values & said or parts <= said
        if not is_said or _lacks_unit(original, written):
            yield False, f"“{written}” is not in the original"
    for written, values, parts in _numbers(original, source):
        if have.isdisjoint(values | parts):
            yield True, f"“{written}” of the original is missing"
        elif _lacks_unit(translation, written):
            yield False, f"“{written}” of the original has lost its unit"
    for month, name in _months(code):
        beside = re.search(rf"\d(?:st|nd|rd|th|er)? (?:of )?{name}\b|\b{name} \d", translation)
        if beside and month not in said:
            yield False, f"“{name.title()}” is not in the original"
