# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""What a translation must have in common with its original so that it cannot harm the page.

The parser asks this before a translation enters a page, `make check` asks it for whole
catalogues: one function, one judgement.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser
from sphinx.util.nodes import split_explicit_title

#: What may differ: words, their breaks, and how they are set.
_FREE = frozenset({
    "text", "text_special", "softbreak", "em_open", "em_close", "strong_open", "strong_close",
    "link_close",
})  # fmt: skip
#: Only a text with one of these can hold more than words.
_MARKS = frozenset("[]`*_<>&{}!\\$~^|:")
#: Unicode categories of characters that nobody sees: controls, formats, surrogates, private use.
_HIDDEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
#: Schemes that become links; also `myst_url_schemes` in conf.py.
URL_SCHEMES = ("http", "https", "mailto")


@cache
def _markdown() -> MarkdownIt:
    config = MdParserConfig(enable_extensions={"colon_fence", "deflist"}, url_schemes=URL_SCHEMES)
    return create_md_parser(config, RendererHTML)


def markup(text: str) -> Counter[tuple[str, ...]]:
    """What in a message is more than words, with what it leads to: links, images, roles, code."""
    found: Counter[tuple[str, ...]] = Counter()
    if _MARKS.isdisjoint(text):
        return found
    for token in _markdown().parseInline(text)[0].children or ():
        if token.type == "link_open":
            found["link", str(token.attrs.get("href")), str(token.attrs.get("title", ""))] += 1
        elif token.type == "image":
            found["image", str(token.attrs.get("src"))] += 1
        elif token.type == "myst_role":
            found["role", token.meta["name"], split_explicit_title(token.content)[2]] += 1
        elif token.type not in _FREE:
            found[token.type, token.content] += 1
    return found


def harm(msgid: str, msgstr: str) -> Iterator[str]:
    """Why a translation must not enter a page; nothing if it may.

    Args:
        msgid: the original, the content of one inline token.
        msgstr: its translation.

    Yields:
        One sentence a problem, with the offending words.
    """
    before, after = markup(msgid), markup(msgstr)
    for item in before - after:
        yield f"the translation lacks {_named(item)}; take it over from the original"
    for item in after - before:
        yield f"the original has no {_named(item)}; take it out of the translation"
    for character in sorted(set(msgstr) - set(msgid)):
        if unicodedata.category(character) in _HIDDEN:
            name = unicodedata.name(character, "")
            yield f"hidden character U+{ord(character):04X} {name}; delete it".replace("  ", " ")


def _named(item: tuple[str, ...]) -> str:
    kind, *rest = item
    return " ".join([kind.replace("_", " "), *(f"“{part}”" for part in rest if part)])
