# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Numbers, dates and times in running text: what they mean in each language.

A text is read into `Figure`s. A figure carries every meaning that it can have, because the
same signs mean different things: `10.15` is a time, a chapter or a decimal number, `1.234` is
a thousand in German and hardly more than one in English. Two figures agree if they share one
meaning, so an honest translation has room and a changed number has none.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

#: ("n", value), ("t", minutes of the day), ("m", month), ("s", a sign as it is written)
Meaning = tuple[str, Decimal | int | str]

_MONTHS: dict[str, tuple[str, ...]] = {
    "de": (
        "januar|jänner|jan",
        "februar|feb",
        "märz|mrz",
        "april|apr",
        "mai",
        "juni|jun",
        "juli|jul",
        "august|aug",
        "september|sept|sep",
        "oktober|okt",
        "november|nov",
        "dezember|dez",
    ),
    "en": (
        "january|jan",
        "february|feb",
        "march|mar",
        "april|apr",
        "may",
        "june|jun",
        "july|jul",
        "august|aug",
        "september|sept|sep",
        "october|oct",
        "november|nov",
        "december|dec",
    ),
    "fr": (
        "janvier|janv",
        "février|févr",
        "mars",
        "avril|avr",
        "mai",
        "juin",
        "juillet|juil",
        "août",
        "septembre|sept",
        "octobre|oct",
        "novembre|nov",
        "décembre|déc",
    ),
}

_SCALES: dict[str, tuple[tuple[str, int], ...]] = {
    "de": (
        (r"Tsd\.?|Tausend|tausend", 10**3),
        (r"Mio\.?|Millionen|Million", 10**6),
        (r"Mrd\.?|Milliarden|Milliarde", 10**9),
        (r"Bio\.|Billionen|Billion", 10**12),
    ),
    "en": (
        (r"thousand|k", 10**3),
        (r"millions?|mn|m", 10**6),
        (r"billions?|bn", 10**9),
        (r"trillions?|tn", 10**12),
    ),
    "fr": (
        (r"mille|milliers?", 10**3),
        (r"millions?|Mio", 10**6),
        (r"milliards?|Mrd", 10**9),
        (r"billions?", 10**12),
    ),
}

_EN_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_EN_UNITS = tuple(_EN_WORDS.split())
_EN_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_EN_ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fifth": 5,
    "eighth": 8,
    "ninth": 9,
    "twelfth": 12,
    "once": 1,
    "twice": 2,
    "half": 50,
    "quarter": 25,
    "dozen": 12,
    "both": 2,
    "noon": 12,
    "midnight": 0,
    "midday": 12,
    "hundred": 100,
    "hundredth": 100,
    "century": 100,
    "centenary": 100,
    "decade": 10,
    "thousand": 1000,
}
_DE_UNITS = {
    "null": 0,
    "ein": 1,
    "erst": 1,
    "zwei": 2,
    "zwo": 2,
    "drei": 3,
    "dritt": 3,
    "vier": 4,
    "fünf": 5,
    "sechs": 6,
    "sieb": 7,
    "sieben": 7,
    "acht": 8,
    "neun": 9,
    "zehn": 10,
    "elf": 11,
    "zwölf": 12,
    "sechzehn": 16,
    "siebzehn": 17,
}
_DE_TENS = {
    "zwanzig": 20,
    "dreißig": 30,
    "vierzig": 40,
    "fünfzig": 50,
    "sechzig": 60,
    "siebzig": 70,
    "achtzig": 80,
    "neunzig": 90,
}
#: German words that an honest English text may say with digits.
_DE_WORDS = {
    "hälfte": (50, 2),
    "halb": (2, 30),
    "viertel": (4, 25, 15),
    "drei viertel": (75,),
    "dreiviertel": (75, 3, 4, 45),
    "drittel": (3, 33),
    "fünftel": (5, 20),
    "zehntel": (10,),
    "dutzend": (12,),
    "beide": (2,),
    "doppel": (2,),
    "paar": (2,),
    "jahrzehnt": (10,),
    "jahrhundert": (100,),
    "jahrtausend": (1000, 2000),
    "hundert": (100,),
    "tausend": (1000,),
    "million": (10**6,),
    "milliarde": (10**9,),
    "anderthalb": (Decimal("1.5"),),
    "eineinhalb": (Decimal("1.5"),),
    "halbe million": (500_000,),
    "rund um die uhr": (24, 7),
    "täglich": (7,),
    "mittag": (12,),
    "mitternacht": (0, 12),
    "wiedervereinigung": (1990,),
    "alle ": (100,),
    "corona": (19, 2019),
}
_DE_NUMBER = re.compile(
    rf"\b({'|'.join(sorted(_DE_UNITS, key=len, reverse=True))})(?:und)?"
    rf"({'|'.join(_DE_TENS)})?(zehn)?"
)
_DE_TEN = re.compile(rf"\b({'|'.join(_DE_TENS)})(er)?")

_GROUP = "[\u00a0\u202f\u2009 ]"
_DASH = "[-–—‑−]"

_PERCENT = re.compile(
    r"%|\bper\s?cent|\bpct\b|percentage|prozent|pour\s?cent|\bv\.\s?H\.", re.IGNORECASE
)
_AFTERNOON = re.compile(r"(?<![^\W\d])p\.?m\b|\bafternoon\b|\bevening\b", re.IGNORECASE)
_CLOCK = re.compile(r"\bUhr\b|(?<![^\W\d])a\.?m\b|\bheures?\b|o’clock")
#: A word, or its last letter, to which a number is tied.
_TIED_BEFORE = re.compile(rf"[^\W\d]{_DASH}?$")
_SLASHED = re.compile(rf"(\d\d)\d\d\s?(?:/|{_DASH})\s?$")
_ENDING = re.compile(r"^(st|nd|rd|th|s|er|e)\b")
_TIED_AFTER = re.compile(rf"(?:[^\W\d]|{_DASH}[A-Z])")
_DIGIT = re.compile(r"\d")
_SUBSCRIPT = re.compile("[₀-₉]")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


@dataclass(frozen=True)
class Figure:
    """A number, date part or time in a text.

    Attributes:
        written: as it stands there.
        meanings: all that it can mean.
        scale: the power of ten that a word after it gives, 1 without one.
        parts: its parts as figures of their own, if it can also be read so.
        glued: whether it belongs to a word such as `COVID-19` or `Q4`.
    """

    written: str
    meanings: frozenset[Meaning]
    scale: int = 1
    parts: tuple[Figure, ...] = ()
    glued: bool = False

    def scaled(self) -> frozenset[Meaning]:
        """The meanings with the scale worked in."""
        if self.scale == 1:
            return self.meanings
        return frozenset(
            (kind, value * self.scale if isinstance(value, Decimal) else value)
            for kind, value in self.meanings
        )

    def agrees(self, other: Figure) -> bool:
        """Whether both can mean the same."""
        if self.scaled() & other.scaled():
            return True
        # „3,5 bis 4 Millionen“: the word stands only once and goes with both.
        return 1 in (self.scale, other.scale) and bool(self.meanings & other.meanings)


@dataclass
class Reading:
    """The figures of a text and what its words say.

    Attributes:
        text: the text.
        language: its language.
        figures: what is written with digits, and the names of months.
    """

    text: str
    language: str
    figures: list[Figure] = field(default_factory=list)

    # Both are asked for only where there are figures to compare, which most texts lack.
    @functools.cached_property
    def words(self) -> set[Decimal]:
        """Values that words express, such as `eleven`."""
        if self.language == "en":
            # A lone I is a person.
            return _english_words(self.text) | (_roman(self.text) - {Decimal(1)})
        return _german_words(self.text) if self.language == "de" else set()

    @functools.cached_property
    def percent(self) -> bool:
        """Whether the text speaks of per cent."""
        return bool(_PERCENT.search(self.text))


@functools.cache
def _scales(language: str) -> tuple[tuple[re.Pattern[str], int], ...]:
    """What may stand behind a number and multiplies it."""
    return tuple(
        (re.compile(rf"{_GROUP}?(?:{words})(?!\w)"), power)
        for words, power in _SCALES.get(language, _SCALES["en"])
    )


def _number(value: int | str) -> Meaning:
    return ("n", Decimal(value))


def _time(hour: int, minute: int) -> Meaning:
    return ("t", (hour % 24) * 60 + minute)


@functools.cache
def _months(language: str) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """The pattern of the names of months, and how these begin."""
    names = [name for months in _MONTHS.get(language, ()) for name in months.split("|")]
    longest_first = "|".join(sorted(names, key=len, reverse=True)) or r"(?!)"
    beginnings = tuple(sorted({name[:3] for name in names}))
    return re.compile(rf"\b({longest_first})\b\.?", re.IGNORECASE), beginnings


def _month(word: str, language: str) -> int:
    for number, names in enumerate(_MONTHS[language], 1):
        if word.lower() in names.split("|"):
            return number
    raise ValueError(word)


@functools.cache
def _token_pattern(language: str) -> re.Pattern[str]:
    group, point = {"de": (r"\.", ","), "fr": (r"(?!)", ",")}.get(language, (",", r"\."))
    return re.compile(
        # Every kind begins with a digit, which is quickly seen not to be there.
        rf"""
        (?=\d)(?:
        (?P<iso>\d{{4}}-\d{{2}}-\d{{2}})
      | (?P<grouped>(?<![\d.,])\d{{1,3}}(?:(?:{group}\d{{3}})+|(?:{_GROUP}\d{{3}})+)
            (?:{point}\d+)?(?![\d]|[.,]\d))
      | (?P<date>(?<![\d.])\d{{1,2}}\.\s?\d{{1,2}}\.\s?(?:\d{{4}}|\d{{2}})?(?!\d))
      | (?P<slash>(?<![\d/])\d{{1,2}}/\d{{1,2}}/\d{{4}}(?![\d/]))
      | (?P<pair>(?<![\d.,:])\d{{1,2}}[.:]\d{{2}}(?![\d]|[.,:]\d))
      | (?P<decimal>(?<![\d.,])\d+{point}\d+(?![\d]|[.,]\d))
      | (?P<chain>(?<![\d.])\d+(?:\.\d+)+)
      | (?P<plain>\d+)
        )
        """,
        re.VERBOSE,
    )


def _plain(text: str) -> Figure:
    meanings: set[Meaning] = {_number(text)}
    if len(text) > 1 and text.startswith("0"):
        meanings.add(("s", text))
    return Figure(text, frozenset(meanings))


def _digits(text: str) -> tuple[Figure, ...]:
    return tuple(_plain(part) for part in re.findall(r"\d+", text))


def _date_parts(day: str, month: str, year: str) -> tuple[Figure, ...]:
    parts = [_plain(day)]
    number = int(month)
    months: set[Meaning] = {_number(month)}
    if 1 <= number <= 12:
        months.add(("m", number))
    parts.append(Figure(month, frozenset(months)))
    if year:
        years: set[Meaning] = {_number(year)}
        if len(year) == 2:
            years |= {_number(f"20{year}"), _number(f"19{year}")}
        parts.append(Figure(year, frozenset(years)))
    return tuple(parts)


def _token(match: re.Match[str], language: str) -> Figure:
    text = match.group()
    kind = match.lastgroup
    comma = language in {"de", "fr"}
    if kind == "iso":
        year, month, day = text.split("-")
        return Figure(text, frozenset({("s", text)}), parts=_date_parts(day, month, year))
    if kind == "grouped":
        # "EN 301 549" and "1 234" look the same: both readings stay open.
        spaced = re.search(_GROUP, text)
        plain = re.sub(_GROUP, "", text)
        plain = plain.replace(".", "").replace(",", ".") if comma else plain.replace(",", "")
        parts = _digits(text) if spaced else ()
        return Figure(text, frozenset({_number(plain)}), parts=parts)
    if kind == "date":
        day, month, year = [*re.findall(r"\d+", text), ""][:3]
        return Figure(
            text, frozenset({("s", text.rstrip("."))}), parts=_date_parts(day, month, year)
        )
    if kind == "slash":
        first, second, year = text.split("/")
        if int(second) > 12:
            first, second = second, first
        return Figure(text, frozenset(), parts=_date_parts(first, second, year))
    if kind == "pair":
        first, second = re.split("[.:]", text)
        meanings: set[Meaning] = {("s", text.replace(":", "."))}
        if int(first) <= 24 and int(second) < 60:
            meanings.add(_time(int(first), int(second)))
        if "." in text and not comma:
            meanings.add(_number(text))
        return Figure(text, frozenset(meanings), parts=_digits(text) if ":" in text else ())
    if kind == "decimal":
        value = text.replace(",", ".")
        return Figure(text, frozenset({_number(value)}))
    if kind == "chain":
        # "CC BY 4.0" is no German decimal, but an English one to the other reader.
        chain: set[Meaning] = {("s", text)}
        if text.count(".") == 1:
            chain.add(_number(text))
        return Figure(text, frozenset(chain))
    return _plain(text)


def _english_words(text: str) -> set[Decimal]:
    values: set[Decimal] = set()
    for word in re.findall(r"[a-z]+(?:-[a-z]+)*", text.lower()):
        values |= _english_word(word)
    return values


@functools.lru_cache(maxsize=4096)
def _english_word(word: str) -> frozenset[Decimal]:
    """Values of a number word such as `twenty-one`, and of its parts."""
    values: set[Decimal] = set()
    parts = word.split("-")
    total = 0
    for part in parts:
        stem = re.sub(r"(?<=.)(ie)?th$", lambda m: "y" if m.group(1) else "", part)
        stem = stem.removesuffix("s") if part not in _EN_UNITS else stem
        for candidate in (part, stem, stem + "e", part.removesuffix("s")):
            if candidate in _EN_UNITS:
                value = _EN_UNITS.index(candidate)
            elif candidate in _EN_TENS:
                value = (_EN_TENS.index(candidate) + 2) * 10
            elif candidate in _EN_ORDINALS:
                value = _EN_ORDINALS[candidate]
            else:
                continue
            values.add(Decimal(value))
            total += value
            break
    if "half" in parts:
        values.add(Decimal("0.5"))
    if len(parts) > 1 and total:
        values.add(Decimal(total))
    return frozenset(values)


_ROMAN = {"I": 1, "V": 5, "X": 10}


def _roman(text: str) -> set[Decimal]:
    """Values of Roman numerals up to about thirty, such as II and XIV."""
    values = set()
    for word in re.findall(r"\b[IVX]{1,6}\b", text):
        total = 0
        for sign, following in zip(word, [*word[1:], ""], strict=True):
            value = _ROMAN[sign]
            total += -value if _ROMAN.get(following, 0) > value else value
        values.add(Decimal(total))
    return values


def _german_words(text: str) -> set[Decimal]:
    """Values of number words, and of words that imply one; generous, as it only excuses."""
    values = _roman(text)
    lower = text.lower()
    for word, implied in _DE_WORDS.items():
        if word in lower:
            values |= {Decimal(value) for value in implied}
    for match in _DE_NUMBER.finditer(lower):
        unit = _DE_UNITS[match[1]]
        values.add(Decimal(unit))
        if match[2]:
            values.add(Decimal(unit + _DE_TENS[match[2]]))
        if match[3]:
            values.add(Decimal(unit + 10))
        power = re.match(r"\w*\s(million|milliarde)", lower[match.end() :])
        if power:
            values.add(Decimal(unit * (10**6 if power[1] == "million" else 10**9)))
        if match.string[match.end() :].startswith("hundert"):
            values.add(Decimal(unit * 100))
        if match.string[match.end() :].startswith("tausend"):
            values.add(Decimal(unit * 1000))
    for match in _DE_TEN.finditer(lower):
        value = _DE_TENS[match[1]]
        values |= {Decimal(value), Decimal(1900 + value)}
    return values


def read(text: str, language: str) -> Reading:
    """Read the figures of a text.

    Args:
        text: prose without link targets and code.
        language: its language; other ones than de, en, fr are read like English.
    """
    language = language.partition("_")[0].partition("-")[0]
    text = text.translate(_SUBSCRIPTS) if _SUBSCRIPT.search(text) else text
    # For readers abroad a telephone number gets the number of the country.
    text = re.sub(r"\+49\b", "", text) if "+49" in text else text
    result = Reading(text, language)
    if _DIGIT.search(text):
        result.figures += _written_with_digits(text, language)
    pattern, beginnings = _months(language)
    lower = text.casefold()
    if any([beginning in lower for beginning in beginnings]):  # noqa: C419 (twice as fast)
        for match in pattern.finditer(text):
            word = match[1]
            # "May" and "march" are also other words: only an obvious name is a month.
            if word[0].isupper() or language == "fr":
                month = _month(word, language)
                near = bool(
                    re.search(r"\d(st|nd|rd|th|\.|er)?\s(of\s)?$", text[: match.start()])
                    or re.match(r"\.?\s\d", text[match.end(1) :])
                )
                certain = near or (language == "de" and len(word) > 3)
                result.figures.append(Figure(word, frozenset({("m", month)}), glued=not certain))
    return result


def _written_with_digits(text: str, language: str) -> Iterator[Figure]:
    for match in _token_pattern(language).finditer(text):
        figure = _token(match, language)
        after = text[match.end() :]
        before = text[: match.start()]
        scale = 1
        for words, power in _scales(language):
            if words.match(after):
                scale = power
        meanings = set(figure.meanings)
        if match.lastgroup == "plain":
            meanings.update(_plain_meanings(match.group(), before, after))
        elif match.lastgroup == "pair" and _AFTERNOON.search(text):
            meanings |= {(k, int(v) + 720) for k, v in meanings if k == "t" and int(v) < 720}
        glued = bool(
            _TIED_BEFORE.search(before[-3:]) or _TIED_AFTER.match(_ENDING.sub("", after, count=1))
        )
        yield Figure(figure.written, frozenset(meanings), scale, figure.parts, glued)


def _plain_meanings(text: str, before: str, after: str) -> Iterator[Meaning]:
    value = int(text) if len(text) < 12 else -1
    if 1 <= value <= 12 and re.match(r"/\d{4}\b", after):
        yield ("m", value)
    slashed = len(text) == 2 and _SLASHED.search(before[-8:])
    if slashed:
        # The second year of 2018/19 and of 2018–19.
        yield _number(slashed[1] + text)
    if len(text) == 2 and re.match(r"er\b|s\b", after):
        yield _number(f"19{text}")
        yield _number(f"20{text}")
    if 0 <= value <= 24:
        whole = f"{before}{text}{after}"
        afternoon = _AFTERNOON.search(whole)
        if afternoon or _CLOCK.search(whole):
            yield _time(value, 0)
        if afternoon and value < 12:
            yield _time(value + 12, 0)


def _found(figure: Figure, others: list[Figure], words: set[Decimal]) -> bool:
    if any(figure.agrees(other) for other in others):
        return True
    for kind, value in figure.scaled() | figure.meanings:
        if kind == "n" and value in words:
            return True
        if kind == "t" and isinstance(value, int) and value % 60 == 0 and value // 60 in words:
            return True
    return bool(figure.parts) and all(_found(part, others, words) for part in figure.parts)


def _flat(figures: list[Figure]) -> list[Figure]:
    return figures + [part for figure in figures for part in figure.parts]


def missing(source: Reading, translation: Reading) -> list[Figure]:
    """Figures of the source that the translation does not have, in their order."""
    others = _flat(translation.figures)
    return [f for f in source.figures if not _found(f, others, translation.words)]


def added(source: Reading, translation: Reading) -> list[Figure]:
    """Figures of the translation that the source does not have.

    A figure that belongs to a name (`COVID-19`) is not counted.
    """
    others = _flat(source.figures)
    return [
        figure
        for figure in translation.figures
        if not figure.glued and not _found(figure, others, source.words)
    ]
