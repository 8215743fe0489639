# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Characters, spaces and quotation marks of a translation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from ikm_site.catalogues.findings import Problem

#: Spaces that typography uses: no-break, thin, narrow no-break.
_SPACES = "\u00a0\u2009\u202f"
#: Marks beyond ASCII that prose of any language may use without its source having them.
_MARKS = frozenset(
    _SPACES + "\u2010\u2011–—…‘’‚‛“”„‹›«»·•†‡′″‰¿¡§¶©®™°±×÷−≤≥≈≠→←↑↓€£¢¥²³¹½¼¾⅓⅔⅛ªºµ₂"
)
#: UTF-8 that some program took for Windows-1252: Ã¼ for ü, â€“ for –.
_MISREAD = re.compile("Ã[\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ€]|Â[\u00a0-\u00bf]|â€|ï»¿")
#: Latin letters of European names; beyond them are look-alikes such as ſ, ɑ or ǃ.
_LATIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-žȘșȚțẞẀ-ẅỲỳ]")
#: Texts without a character that would have to be looked at.
_USUAL = re.compile(r"[\n -~–—…‘’“”„«»]*")
_LATIN_WORD = re.compile(rf"(?:{_LATIN.pattern}|[0-9_])+")
#: Ideographs and kana need no spaces, so their words mix scripts rightly.
_FREE_SCRIPTS = {"CJK", "HIRAGANA", "KATAKANA", "HANGUL"}


@dataclass(frozen=True)
class Quotes:
    """Quotation marks of a language: pairs of opening and closing mark.

    Attributes:
        pairs: the pairs that may be used.
        apostrophe: whether ’ also stands alone as an apostrophe.
        example: how a translator is told about them.
    """

    pairs: tuple[tuple[str, str], ...]
    example: str
    apostrophe: bool = True


QUOTES: dict[str, Quotes] = {
    "de": Quotes((("„", "“"), ("‚", "‘")), "„…“ and inside them ‚…‘"),
    "en": Quotes((("“", "”"), ("‘", "’")), "“…” and inside them ‘…’"),
    "fr": Quotes((("«", "»"), ("“", "”"), ("‹", "›")), "« … » and inside them “…”"),
}
_QUOTE_MARKS = "„“”‚‘’«»‹›‛‟"
_NO_QUOTES = re.compile(rf"[^{_QUOTE_MARKS}]*")


def _script(char: str) -> str:
    return unicodedata.name(char, "UNKNOWN").split()[0]


def _name(char: str) -> str:
    return f"U+{ord(char):04X} {unicodedata.name(char, 'without a name')}"


def _latin_language(language: str) -> bool:
    """Whether only Latin letters are expected: all languages but those known otherwise."""
    return language.split("_")[0].split("-")[0] not in {
        "ar",
        "be",
        "bg",
        "el",
        "fa",
        "he",
        "hy",
        "ja",
        "ka",
        "ko",
        "mk",
        "ru",
        "sr",
        "uk",
        "zh",
    }


def character_problems(source: str, translation: str, language: str) -> Iterator[Problem]:
    """Characters that cannot be seen, or look like others."""
    if _USUAL.fullmatch(translation):
        return
    advice = "delete the character and type the text again by hand"
    for char in sorted(set(translation)):
        if char == "\n" or " " <= char <= "~":
            continue
        category = unicodedata.category(char)
        # These are refused even if the German text has them: nobody could see the difference.
        if category in {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"} or _is_blank(char):
            yield Problem("characters", f"the invisible character {_name(char)}", advice)
        elif char in source or char in _MARKS:
            continue
        elif category.startswith("L") and not _latin_language(language):
            if "FULLWIDTH" in unicodedata.name(char, "") or unicodedata.normalize(
                "NFKC", char
            ) != unicodedata.normalize("NFC", char):
                yield Problem("characters", f"the look-alike character {_name(char)}", advice)
        elif not _LATIN.fullmatch(char):
            if (
                category.startswith("M")
                and unicodedata.normalize("NFC", translation) != translation
            ):
                continue  # said better below
            yield Problem(
                "characters",
                f"the character {_name(char)} is not in the original",
                "write it with ordinary letters, digits and marks",
            )
    if unicodedata.normalize("NFC", translation) != translation:
        yield Problem(
            "characters",
            "letters are put together from a letter and an accent (not Unicode form NFC)",
            "type the accented letters again by hand",
        )
    if _MISREAD.search(translation) and not _MISREAD.search(source):
        yield Problem(
            "characters",
            f"letters were read in the wrong encoding: {_MISREAD.findall(translation)[0]}",
            "type the letters again, and save the file as UTF-8",
        )
    for word in re.findall(r"\w+", translation):
        if word.isascii() or _LATIN_WORD.fullmatch(word):
            continue
        scripts = {_script(c) for c in word if unicodedata.category(c).startswith("L")}
        if len(scripts - _FREE_SCRIPTS) > 1 and word not in source:
            names = " and ".join(sorted(scripts)).lower()
            yield Problem("characters", f"the word {word!r} mixes letters of {names}", advice)


def _is_blank(char: str) -> bool:
    """Characters that have a category of letters or marks and still show nothing."""
    return (
        char in "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
        or "VARIATION SELECTOR" in unicodedata.name(char, "")
        or (unicodedata.category(char) == "Zs" and char not in " " + _SPACES)
    )


def space_problems(source: str, translation: str, language: str) -> Iterator[Problem]:
    """Spaces at the ends and doubled spaces."""
    if translation != translation.strip() and source == source.strip():
        where = "begins" if translation[0].isspace() else "ends"
        yield Problem("space", f"the translation {where} with a space", "delete it")
    if source != source.strip():
        before = len(source) - len(source.lstrip())
        after = len(source) - len(source.rstrip())
        if (
            source[:before] != translation[: len(translation) - len(translation.lstrip())]
            or source[len(source) - after :] != translation[len(translation.rstrip()) :]
        ):
            yield Problem(
                "space",
                "the original begins or ends with a space, the translation differs",
                "begin and end as the original does",
            )
    inner = translation.strip()
    if re.search(rf"[ {_SPACES}]{{2}}", inner) and not re.search(rf"[ {_SPACES}]{{2}}", source):
        yield Problem("space", "there are two spaces in a row", "leave one of them")
    # French puts a space before the high marks.
    marks = ",." if language.startswith("fr") else ",.;:!?"
    if re.search(rf" [{marks}](\s|$)", inner) and not re.search(r"\s[,.;:!?](\s|$)", source):
        yield Problem("space", "there is a space before a punctuation mark", "delete the space")


def _balanced(text: str, quotes: Quotes) -> bool:
    opening = dict(quotes.pairs)
    closing = {end: start for start, end in quotes.pairs}
    stack: list[str] = []
    for char in text:
        if char in closing:
            if stack and stack[-1] == closing[char]:
                stack.pop()
            elif char == "’" and quotes.apostrophe:
                continue
            elif char == "’" or char not in opening:
                return False
            else:
                stack.append(char)
        elif char in opening:
            stack.append(char)
        elif char == "’" and quotes.apostrophe:
            continue
    return not stack


def _apostrophes_out(text: str) -> str:
    """The text without apostrophes that stand inside a word, so that they close no quotation."""
    return re.sub(r"(?<=\w)’(?=\w)", "", text)


def quote_problems(source: str, translation: str, language: str) -> Iterator[Problem]:
    """Quotation marks of another language, straight ones, and single ones of a pair."""
    if '"' in translation and source.count('"') != translation.count('"'):
        known = QUOTES.get(language)
        use = known.example if known else "the language's own marks"
        yield Problem("quotes", 'there are straight quotation marks (")', f"use {use}")
    quotes = QUOTES.get(language)
    if quotes is None:
        return
    if _NO_QUOTES.fullmatch(translation):
        return
    own = {mark for pair in quotes.pairs for mark in pair} | {"’"}
    foreign = sorted({mark for mark in translation if mark in _QUOTE_MARKS} - own)
    if foreign:
        yield Problem(
            "quotes",
            f"the quotation marks {' '.join(foreign)} are not used in this language",
            f"use {quotes.example}",
        )
    elif not _balanced(_apostrophes_out(translation), quotes):
        yield Problem(
            "quotes",
            "a quotation mark stands alone, or is turned the wrong way",
            f"open and close each quotation: {quotes.example}",
        )
