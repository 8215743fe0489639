# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""What a translation must have in common with its original so that it cannot harm the page.

The build asks this before a translation enters a page, `make check` asks it for whole catalogues:
`harm` for words of a page (Markdown), `plain_harm` for words of the front matter, `word_harm` for
words of templates, Python and data. What is only odd is no harm: `tools/check_po.py` names it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import takewhile
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser
from sphinx.util.nodes import split_explicit_title

#: What may differ: words, their breaks, and how they are set.
_FREE = frozenset({
    "text", "text_special", "softbreak", "em_open", "em_close", "strong_open", "strong_close",
    "link_close",
})  # fmt: skip
#: Only a text with one of these can hold more than words.
_MARKS = frozenset("[]`*_<>&{}!\\$~^|:\n")
#: Roles with words instead of a target.
_ROLES_OF_WORDS = frozenset({"abbr", "sub", "sup"})
#: Unicode categories of characters that nobody sees: controls, formats, surrogates, private use.
_HIDDEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
#: Letters and symbols that show nothing, or stand for a character that is lost.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0\ufffd\u1680\u3000")
#: Signs that look like others: of phonetics, such as “ǃ” and “ɑ”, small ones, “ſ” and “。”.
_LOOK_ALIKE = frozenset(
    map(chr, (*range(0x1C0, 0x1C4), *range(0x250, 0x2B0), *range(0xFE50, 0xFE70), 0x17F, 0x3002))
)
#: Letters without LATIN in their name that Latin texts have.
_LETTERS = frozenset("ªºµʼ")
#: Placeholders of templates and Python.
_PLACEHOLDER = re.compile(r"%\(\w+\)[-#0-9 +.]*[a-zA-Z]|\{\w*\}")
#: A link that nobody can see; MyST fills some of them, so the original may have one.
_WORDLESS = "link without words"
#: What a reader takes for an address, also without a link.
_ADDRESS = re.compile(r"//|@|script:|\bdata:|\bwww\.|[^\W\d_]\.(?:[a-z]{2}|[A-Z]{2})")
#: Tags of HTML in words of templates.
_TAG = re.compile(r"<[^<>]*>")
#: Schemes that become links; also `myst_url_schemes` in conf.py.
URL_SCHEMES = ("http", "https", "mailto")


@cache
def _markdown() -> MarkdownIt:
    schemes: Any = URL_SCHEMES  # MyST takes a tuple, its type does not say so
    config = MdParserConfig(enable_extensions={"colon_fence", "deflist"}, url_schemes=schemes)
    return create_md_parser(config, RendererHTML)


def markup(text: str) -> tuple[Counter[tuple[str, ...]], str]:
    """What in a message is more than words, with what it leads to, and the words."""
    if _MARKS.isdisjoint(text):
        return Counter(), text
    tokens = _markdown().parseInline(text)[0].children or []
    return Counter(_items(tokens)), "".join(_words(token) or " " for token in tokens)


def _words(token: Token) -> str:
    """What readers see of a token."""
    is_role = token.type == "myst_role"
    return split_explicit_title(token.content)[1] if is_role else token.content


def _items(tokens: Sequence[Token]) -> Iterator[tuple[str, ...]]:
    for number, token in enumerate(tokens):
        if token.type == "link_open":
            yield "link", str(token.attrs.get("href")), str(token.attrs.get("title", ""))
            inside = (t.content for t in takewhile(_is_open, tokens[number + 1 :]))
            if not "".join(inside).strip():
                yield _WORDLESS, str(token.attrs.get("href"))
        elif token.type == "image":
            yield "image", str(token.attrs.get("src")), str(token.attrs.get("title", ""))
        elif token.type == "myst_role":
            name = token.meta["name"]
            target = split_explicit_title(token.content)[2]
            yield "role", name, "" if name in _ROLES_OF_WORDS else target
        elif token.type == "footnote_ref":
            yield "footnote", f"[^{token.meta['label']}]"
        elif token.type not in _FREE:
            yield token.type.replace("_", " "), token.content


def _is_open(token: Token) -> bool:
    return token.type != "link_close"


def harm(msgid: str, msgstr: str, script: str = "LATIN") -> Iterator[str]:
    """Why a translation must not enter a page; nothing if it may.

    Args:
        msgid: the original, the content of one inline token.
        msgstr: its translation.
        script: the script of the language, as Unicode names it.

    Yields:
        One sentence a problem, with the offending words and what to do.
    """
    if len(msgstr) > 5 * len(msgid) + 200:
        yield f"{len(msgstr)} characters for {len(msgid)} of the original; shorten the translation"
        return
    (before, _), (after, words) = markup(msgid), markup(msgstr)
    for item in before - after:
        if item[0] != _WORDLESS:
            yield f"the translation lacks {_named(item)}; take it over from the original"
    for item in after - before:
        yield f"the original has no {_named(item)}; take it out of the translation"
    # `&#x202e;` is a character only in the words.
    yield from _words_harm(msgid, words, f"{words} {msgstr}".replace("\n", " "), script)


def plain_harm(msgid: str, msgstr: str, script: str = "LATIN") -> Iterator[str]:
    """As `harm`, for words in which no markup has an effect."""
    yield from _words_harm(msgid, msgstr, msgstr, script)


def _words_harm(msgid: str, words: str, written: str, script: str) -> Iterator[str]:
    if not any(map(str.isalnum, words)) and any(map(str.isalnum, markup(msgid)[1])):
        yield "the translation has no words; translate the original, or leave the msgstr empty"
    for word in dict.fromkeys(words.split()):
        shown = word.strip(".,;:!?()“”‘’*_`")
        if _ADDRESS.search(word) and shown not in msgid:
            yield f"the original has no address “{shown[:60]}”; take it out of the translation"
    for character in sorted(set(unicodedata.normalize("NFC", written)) - set(msgid)):
        if not character.isascii() or not character.isprintable():
            kind = _strangeness(character, script)
            if kind:
                name = unicodedata.name(character, "")
                yield f"{kind} U+{ord(character):04X} {name}; delete it and type the word again"


def _strangeness(character: str, script: str) -> str:
    category, name = unicodedata.category(character), unicodedata.name(character, "")
    if category in _HIDDEN or category[0] == "M" or character in _BLANK:
        return "hidden character"
    if "FULLWIDTH" in name or "HALFWIDTH" in name or character in _LOOK_ALIKE:
        return "look-alike"
    if category[0] == "L" and not name.startswith(("LATIN ", script)) and character not in _LETTERS:
        return "letter of another script"
    return "digit of another script" if category == "Nd" else ""


def word_harm(msgid: str, msgstr: str, script: str = "LATIN") -> Iterator[str]:
    """As `harm`, for words of templates, Python and data: placeholders, tags, quotes, formulas."""
    for what, pattern in (("placeholder", _PLACEHOLDER), ("tag", _TAG)):
        before, after = Counter(pattern.findall(msgid)), Counter(pattern.findall(msgstr))
        for item in before - after:
            yield f"the translation lacks the {what} “{item}”; take it over from the original"
        for item in after - before:
            yield f"the original has no {what} “{item}”; take it out of the translation"
    rest = _PLACEHOLDER.sub("", _TAG.sub("", msgstr)).replace("%%", "")
    if "%(" in msgid and "%" in rest:
        yield "a “%” that belongs to no placeholder; write “%%”, or the word"
    for mark in sorted(set('"<>{}') & set(rest)):
        if mark not in _PLACEHOLDER.sub("", _TAG.sub("", msgid)):
            yield f"the original has no “{mark}”; take it out, or write the language's own quotes"
    if msgstr[:1] in tuple("=+-@\t") and msgstr[:1] != msgid[:1]:
        yield f"“{msgstr[0]}” at the beginning makes a formula in spreadsheets; begin with a word"
    yield from plain_harm(msgid, msgstr, script)


def _named(item: tuple[str, ...]) -> str:
    kind, *rest = item
    return " ".join([kind, *(f"“{part}”" for part in rest if part)])
