# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""What a text of a catalogue means once MyST has read it.

Sphinx hands each `msgstr` to MyST as if it were a whole page. So does this module, with the
project's own configuration, and then keeps what can do harm or get lost: links, roles, code,
footnotes, images, HTML; emphasis is free.
"""

from __future__ import annotations

import functools
import re
import runpy
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser
from sphinx.util.nodes import split_explicit_title

#: Roles whose text may be translated because their target stands in <…>.
_REFERENCES = frozenset({"any", "doc", "download", "numref", "ref", "term", "eq"})
#: Roles whose content is the text itself.
_TEXTS = frozenset({"abbr", "sub", "sup", "subscript", "superscript", "emphasis", "strong"})

#: Blocks by the name of their first token, as a translator calls them.
BLOCKS = {
    "bullet_list_open": "a list",
    "ordered_list_open": "a numbered list",
    "heading_open": "a heading",
    "blockquote_open": "a block quotation",
    "fence": "a code block or directive",
    "colon_fence": "a directive",
    "code_block": "a code block (it begins with four spaces)",
    "hr": "a ruler",
    "html_block": "HTML",
    "front_matter": "front matter",
    "table_open": "a table",
    "myst_target": "a label",
    "myst_block_break": "a block break",
    "myst_line_comment": "a comment, which is never shown",
    "footnote_reference_open": "a footnote",
    "dl_open": "a definition list",
    "math_block": "a formula",
    "amsmath": "a formula",
    "field_list_open": "a field list",
}


@dataclass
class Markup:
    """A text as MyST understands it.

    Attributes:
        blocks: its blocks; a text that can be published has exactly one, `paragraph_open`.
        links: targets of links, as they are written into the page.
        titles: number of links and images with a title that shows on hovering.
        images: addresses of images.
        roles: `name` and target, or the whole content for unknown roles.
        code: contents of code spans.
        footnotes: labels of footnotes.
        html: HTML tags and comments.
        breaks: number of line breaks.
        other: kinds of markup that no page of this project uses.
        empty_links: number of links without a text of their own.
        named: the words of each link with its targets.
        text: the words that a reader sees, without code.
        prose: whether the text is nothing but words, figures and the marks of a sentence.
    """

    blocks: list[str] = field(default_factory=list)
    links: Counter[str] = field(default_factory=Counter)
    titles: int = 0
    images: Counter[str] = field(default_factory=Counter)
    roles: Counter[tuple[str, str]] = field(default_factory=Counter)
    code: Counter[str] = field(default_factory=Counter)
    footnotes: Counter[str] = field(default_factory=Counter)
    html: list[str] = field(default_factory=list)
    breaks: int = 0
    other: Counter[str] = field(default_factory=Counter)
    empty_links: int = 0
    named: dict[str, set[str]] = field(default_factory=dict)
    text: str = ""
    prose: bool = field(default=False, compare=False)

    @property
    def one_paragraph(self) -> bool:
        """Whether Sphinx would use the text at all."""
        return self.blocks == ["paragraph_open"]


def configuration(conf: Path | None = None) -> dict[str, Any]:
    """The `myst_*` values of the project's `conf.py`, without the prefix.

    Without a `conf.py` (a file checked on its own, far from the project) they are those that
    the pages of this project are written for.
    """
    path = conf or Path(__file__).parents[2] / "conf.py"
    if not path.is_file():
        return {"enable_extensions": {"colon_fence", "deflist"}}
    values = runpy.run_path(str(path))
    return {
        name.removeprefix("myst_"): value
        for name, value in values.items()
        if name.startswith("myst_")
    }


@functools.cache
def parser(conf: Path | None = None) -> MarkdownIt:
    """MyST's parser as the project configures it; made once, because it is slow to make."""
    config = MdParserConfig(**configuration(conf))
    return create_md_parser(config, RendererHTML)


def _link_words(tokens: list[Token], start: int) -> str:
    """The words of the link that opens at `start`."""
    words: list[str] = []
    for token in tokens[start + 1 :]:
        if token.type == "link_close":
            break
        words.append(token.content)
    return "".join(words).strip()


def _walk(tokens: list[Token], result: Markup, words: list[str]) -> None:
    for position, token in enumerate(tokens):
        kind = token.type
        if kind in {"text", "text_special"}:
            words.append(token.content)
        elif kind == "code_inline":
            result.code[token.content] += 1
            words.append(" ")
        elif kind == "link_open":
            result.links[str(token.attrs.get("href", ""))] += 1
            result.titles += "title" in token.attrs
            words.append(str(token.attrs.get("title", "")) and f" {token.attrs['title']} ")
            name = _link_words(tokens, position)
            result.empty_links += not name
            result.named.setdefault(name, set()).add(str(token.attrs.get("href", "")))
        elif kind == "image":
            result.images[str(token.attrs.get("src", ""))] += 1
            result.titles += "title" in token.attrs
            words.append(f" {token.content} {token.attrs.get('title', '')} ")
        elif kind == "myst_role":
            name = str(token.meta.get("name", ""))
            explicit, title, target = split_explicit_title(token.content)
            if name in _REFERENCES:
                result.roles[name, target] += 1
                words.append(title if explicit else " ")
            elif name in _TEXTS:
                result.roles[name, ""] += 1
                words.append(token.content)
            else:
                result.roles[name, token.content] += 1
                words.append(" ")
        elif kind == "footnote_ref":
            result.footnotes[str(token.meta.get("label", ""))] += 1
        elif kind in {"html_inline", "html_block"}:
            result.html.append(token.content)
        elif kind in {"softbreak", "hardbreak"}:
            result.breaks += 1
            words.append(" ")
        elif kind not in {"link_close", "em_open", "em_close", "strong_open", "strong_close"}:
            result.other[kind] += 1
            words.append(token.content)


#: Words, figures and the marks of a sentence: what Markdown reads as one piece of text, with
#: any of MyST's extensions. It begins with a letter and ends with something to be seen, or is
#: a number in a table.
_PROSE = re.compile(r"[A-Za-zÄÖÜäöü](?:[\w ,.;:!?()/%„“”‚‘’–§+-]*[\w,.;:!?()/%„“”‚‘’–§+-])?|[0-9]+")


#: `**words**`, `*words*`, code in backquotes, and a link to a page or an ordinary address, as
#: nearly all texts have them.
_BOLD = re.compile(r"(?<![^ (])\*\*([^\W_](?:[\w -]*[^\W_])?)\*\*(?![^ ,.;:!?)])")
_ITALIC = re.compile(r"(?<![^ (])\*([^\W_](?:[\w -]*[^\W_])?)\*(?![^ ,.;:!?)])")
_CODE = re.compile(r"(?<![^ (])`([\w./-](?:[\w ./-]*[\w./-])?)`(?![^ ,.;:!?)])")
_LINK = re.compile(
    r"(?<![!\]])\[([\w„“”‚‘’](?:[\w ,.:/„“”‚‘’–-]*[\w„“”‚‘’])?)\]"
    r"\(((?:https://[a-z0-9-]+(?:\.[a-z0-9-]+)+/?|/(?=[a-z0-9]))[a-z0-9./-]*)\)"
)
#: Stands for a piece of code; no text has it.
_STEAD = "\0"
#: What may be a place for a program to fill in, or a character in disguise (`%3C`).
_PERCENT = re.compile(r"%[\w(]")
#: The marks of prose: shared, because nothing is ever added to them.
_NONE: Counter[Any] = Counter()


def _simple(text: str) -> Markup | None:
    """A text that is prose but for emphasis, code and links of the usual form, else None."""
    prose, links, code, named = text, _NONE, _NONE, dict[str, set[str]]()
    if "`" in text and _STEAD not in text:
        # Its place stays seen: within emphasis and links code is the parser's.
        code = Counter(_CODE.findall(prose))
        prose = _CODE.sub(_STEAD, prose)
    if "*" in text:
        prose = _ITALIC.sub(r"\1", _BOLD.sub(r"\1", prose))
    if "](" in text:
        found = _LINK.findall(prose)
        links = Counter(target for _, target in found)
        for words, target in found:
            named.setdefault(words, set()).add(target)
        prose = _LINK.sub(r"\1", prose)
    if code:
        prose = prose.replace(_STEAD, " ")
    if not _PROSE.fullmatch(prose) or "_" in prose or "://" in prose:
        return None
    return Markup(
        ["paragraph_open"], links, 0, _NONE, _NONE, code, _NONE, [], 0, _NONE, 0, named, prose,
        prose=not links and not code and not _PERCENT.search(prose),
    )  # fmt: skip


def parse(text: str, conf: Path | None = None) -> Markup:
    """Read a text as MyST does.

    Args:
        text: a `msgid` or `msgstr`.
        conf: the project's `conf.py`, by default the one beside the package.
    """
    # Most texts are simple; the parser would take most of the time of a check.
    simple = _simple(text)
    if simple is not None:
        return simple
    result = Markup()
    words: list[str] = []
    for token in parser(conf).parse(text, {}):
        if token.level == 0 and token.nesting >= 0:
            result.blocks.append(token.type)
        if token.type == "inline":
            _walk(token.children or [], result, words)
        elif token.type == "html_block":
            result.html.append(token.content)
    # A heading "51. Tagung" is a list to Markdown when it stands alone: then its own signs count.
    result.text = "".join(words) if result.one_paragraph else text
    return result


_PLACEHOLDER = re.compile(
    r"%\([A-Za-z_]\w*\)[a-zA-Z]"  # %(name)s
    r"|%[sdif](?![A-Za-z])"  # %s
    r"|\$?\{[^{}\s]*\}"  # {name}, ${name}
)


def placeholders(text: str) -> Counter[str]:
    """The places in a text that a program fills in: `%(name)s`, `{name}`, `${name}`."""
    if "%" not in text and "{" not in text:
        return Counter()
    return Counter(match.group() for match in _PLACEHOLDER.finditer(text))
