"""What a translation must have in common with its original so that it cannot harm the page.

The build asks this before a translation enters a page, `make check` asks it for whole catalogues.
What is only odd is no harm: `tools/check_po.py` names it.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import takewhile
from typing import Any

from babel import Locale
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser
from sphinx.util.nodes import split_explicit_title

#: What may differ: words, their breaks, and how they are set.
_FREE = frozenset({
    "text", "text_special", "softbreak", "em", "em_close", "strong", "strong_close", "link_close",
})  # fmt: skip
#: Only a text with one of these can hold more than words.
_MARKS = frozenset("[]`*_<&{\\\n")
#: Roles with words instead of a target.
_ROLES_OF_WORDS = frozenset({"abbr", "sub", "sup"})
#: What texts have: letters of Latin alphabets, without those of phonetics and the long s, spaces,
#: dashes, quotes, units, small digits, currencies, arrows, mathematics, shapes. All are visible.
_USUAL = re.compile(
    "[ -~\u00a0-\u00ac\u00ae-\u017e\u0180-\u01bf\u01c4-\u024f\u02bc\u1e00-\u1eff\u2002-\u200a"
    "\u2010-\u2023\u2025-\u2027\u202f-\u205e\u2070-\u209c\u20a0-\u20c0\u2116\u2122\u2150-\u215f\u2190-\u27bf]"
)
#: What is more than words in templates and Python, where Markdown has no effect. A mark ends an
#: attribute or begins a tag or a placeholder, some signs make a formula of a cell of a table.
_FRAME = re.compile(
    r"(?P<tag><[^<>]*>)|(?P<placeholder>%\(\w+\)[-#0-9 +.]*[a-zA-Z]|\{\w*\})|%%"
    r"|(?P<mark>[\"<>{}%])|(?P<formula_that_begins_with>\A[=+@\t-])"
)
#: What a translation may leave out. MyST fills some links without words.
_MAY_GO = frozenset({"link_without_words", "mark", "formula_that_begins_with"})
#: What a reader takes for an address, also without a link.
_ADDRESS = re.compile(
    r"//|@|(?i:script:|\bwww\.)|\b(?:data|file|tel):\S|[^\W\d_]\.(?:[a-z]{2}|[A-Z]{2})|(?:\d+\.){3}\d"
)
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
        kind, name, content = token.type.removesuffix("_open"), "", token.content
        if kind == "link":
            inside = takewhile(lambda each: each.type != "link_close", tokens[number:])
            if not "".join(each.content for each in inside).strip():
                yield "link_without_words", str(token.attrs["href"])
        elif kind == "myst_role":
            kind, name, target = "role", token.meta["name"], split_explicit_title(content)[2]
            content = "" if name in _ROLES_OF_WORDS else target
        elif kind == "footnote_ref":
            kind, content = "footnote", f"[^{token.meta['label']}]"
        if kind not in _FREE:
            yield kind, name, *map(str, token.attrs.values()), content


def _frame(text: str) -> tuple[Counter[tuple[str, ...]], str]:
    """As `markup`, for words of templates, Python and data.

    A single % is a mark only beside placeholders: else nobody looks for them in the text.
    """
    found = (match for match in _FRAME.finditer(text) if match[0] != "%" or "%(" in text)
    return Counter((match.lastgroup, match[0]) for match in found if match.lastgroup), text


def harm(msgid: str, msgstr: str, code: str = "en", frame: bool = False) -> Iterator[str]:
    """Why a translation must not enter a page; nothing if it may.

    Args:
        msgid: the original: one inline token, a text of the front matter, or words of the frame.
        msgstr: its translation.
        code: the language of the translation.
        frame: whether these are words of templates, Python or data.

    Yields:
        One sentence a problem, with the offending words and what to do.
    """
    if len(msgstr) > 5 * len(msgid) + 200:
        yield f"{len(msgstr)} characters for {len(msgid)} of the original; shorten the translation"
        return
    (before, original), (after, words) = map(_frame if frame else markup, (msgid, msgstr))
    for item in before - after:
        if item[0] not in _MAY_GO:
            yield f"the translation lacks {_named(item)}; take it over from the original"
    for item in after - before:
        yield f"the original has no {_named(item)}; take it out of the translation"
    if any(map(str.isalnum, original)) and not any(map(str.isalnum, words)):
        yield "the translation has no words; translate the original, or leave the msgstr empty"
    for word in dict.fromkeys(words.split()) if _ADDRESS.search(words) else ():
        shown = word.strip(".,;:!?()“”‘’*_`")
        if _ADDRESS.search(word) and shown not in msgid:
            yield f"the original has no address “{shown[:60]}”; take it out of the translation"
    # `&#x202e;` is a character only in the words.
    written = unicodedata.normalize("NFC", words + msgstr)
    for character in sorted(_USUAL.sub("", "".join({*written} - {*msgid, "\n"}))):
        name = unicodedata.name(character, "")
        if _script(code) == "LATIN" or not name.startswith(_script(code)):
            place = f"U+{ord(character):04X} {name}"
            yield f"hidden or foreign character {place}; delete it and type the word again"


@cache
def _script(code: str) -> str:
    """How the names of a language's letters begin in Unicode: `LATIN`, `CYRILLIC`."""
    name = Locale.parse(code).get_language_name() or "a"
    return unicodedata.name(name[0]).partition(" ")[0]


def _named(item: tuple[str, ...]) -> str:
    kind, *rest = item
    return " ".join([kind.replace("_", " "), *(f"“{part}”" for part in rest if part)])
