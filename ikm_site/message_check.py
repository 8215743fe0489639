"""What a translation must have in common with its original so that it cannot harm the page.

The build asks this before a translation enters a page, `make check` asks it for whole catalogues.
What is only odd is no harm: `tools/check_po.py` names it.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

from babel import Locale
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
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
#: What a reader takes for an address, also without a link. Each way begins with a sign, for which
#: Python looks fast, and then looks back.
_ADDRESS = re.compile(
    r"""
      //                                              # https://example.org, //example.org
    | @                                               # mail
    | : (?: (?<=(?i:script):)                         # javascript:
          | (?: (?<=\bdata:) | (?<=\bfile:) | (?<=\btel:) ) \S )
    | \. (?: (?<=\b(?i:www)\.)
          | (?<=[^\W\d_]\.) (?: [a-z]{2} | [A-Z]{2} )  # example.org
          | (?<=\d\.) \d+ \. \d+ \. \d )               # 192.0.2.1
    """,
    re.VERBOSE,
)
#: MyST's extensions. Each further one is one more thing that a translator can break; its signs
#: belong to `_MARKS`.
MYST_EXTENSIONS = ["colon_fence", "deflist"]
#: Whatever a page or a catalogue says, only these schemes become links.
URL_SCHEMES: dict[str, Any] = dict.fromkeys(["http", "https", "mailto"])


@cache
def _markdown() -> MarkdownIt:
    config = MdParserConfig(enable_extensions={*MYST_EXTENSIONS}, url_schemes=URL_SCHEMES)
    return create_md_parser(config, RendererHTML)


def markup(text: str) -> tuple[Counter[tuple[str, ...]], str]:
    """What in a message is more than words, with what it leads to, and the words."""
    items: Counter[tuple[str, ...]] = Counter()
    if _MARKS.isdisjoint(text):
        return items, text
    words, begin, target = "", 0, ""
    for token in _markdown().inline.parse(text, _markdown(), {}, []):
        kind, shown = token.type.removesuffix("_open"), token.content
        parts = [*map(str, token.attrs.values()), token.content]
        if kind == "link":
            begin, target = len(words), str(token.attrs["href"])
        elif kind == "link_close" and not words[begin:].strip():
            items["link_without_words", target] += 1
        elif kind == "myst_role":
            name, (_, shown, leads_to) = token.meta["name"], split_explicit_title(token.content)
            kind, parts = "role", [name, "" if name in _ROLES_OF_WORDS else leads_to]
        elif kind == "footnote_ref":
            kind, parts = "footnote", [f"[^{token.meta['label']}]"]
        if kind not in _FREE:
            items[kind, *parts] += 1
        words += shown or " "
    return items, words


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
    after.subtract(before)
    for (kind, *parts), more in after.items():
        item = " ".join([kind.replace("_", " "), *(f"“{part}”" for part in parts if part)])
        if more > 0:
            yield f"the original has no {item}; take it out of the translation"
        elif more < 0 and kind not in _MAY_GO:
            yield f"the translation lacks {item}; take it over from the original"
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
