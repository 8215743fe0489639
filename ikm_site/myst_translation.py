"""Translate a page while its Markdown is read: each message is one inline token.

markdown-it has split a page into blocks, but not yet read the words in them, when the rule
`translate` runs. It puts the translation of a block's words in their place: they are parsed
once, as words and never as blocks, exactly where the German would have stood. Sphinx's own
`Locale` transform finds nothing left to translate.
"""

from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from docutils import nodes, parsers
from docutils.parsers.rst.languages import get_language
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from myst_parser.mdit_to_docutils.sphinx_ import SphinxRenderer
from myst_parser.parsers.mdit import create_md_parser
from myst_parser.parsers.sphinx_ import MystParser
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from ikm_site import message_catalogues
from ikm_site.languages import SOURCE
from ikm_site.message_catalogues import Catalogue

logger = logging.getLogger(__name__)


def page_catalogue(env: BuildEnvironment, docname: str) -> Catalogue | None:
    """The translations of a page, of which there may be none; None in the source language."""
    code = env.config.language
    if code == SOURCE.code:
        return None
    return message_catalogues.read(env.srcdir, code, docname) or Catalogue("", code, docname)


def translate(state: StateCore) -> None:
    """Put the translation of each block's words in their place."""
    catalogue: Catalogue | None = state.md.options.get("catalogue")
    for token in state.tokens:
        if token.type == "inline" and token.content:
            token.meta = {"msgid": token.content}
            if catalogue is not None:
                msgstr = catalogue.text(token.content.replace("\n", " ").strip())
                token.meta["translated"] = msgstr is not None
                token.content = msgstr or token.content


class Renderer(SphinxRenderer):
    """Marks what is translated, and keeps the anchors of the source language."""

    def setup_render(self, options: Any, env: Any) -> None:
        """Begin a page as MyST does, but without the empty document that it makes to no use.

        That costs a twenty-fifth of a build (`options.get("document", make_document())`).
        """
        self.md_env, self.md_options = env, options
        self.md_config = options["myst_config"]
        self.document = self.current_node = options["document"]
        self.reporter = self.document.reporter
        self.language_module_rst = cast(
            ModuleType, get_language(self.document.settings.language_code)
        )
        self._heading_offset = 0
        self._level_to_section = {0: self.document}
        self._heading_slugs = {}

    def render_inline(self, token: SyntaxTreeNode) -> None:
        """Tell Sphinx that these words need no translation any more, and whether they have one."""
        super().render_inline(token)
        node = self.current_node
        if "msgid" not in token.meta or not isinstance(node, nodes.TextElement):
            return
        node["message"] = True
        # Without a source, as in tables within directives, Sphinx does not extract it.
        node.source = node.source or self.document["source"]
        if "translated" in token.meta:
            node["translated"] = token.meta["translated"]
            node["translatable"] = False

    def generate_heading_target(
        self, token: SyntaxTreeNode, level: int, node: nodes.Element, title_node: nodes.Element
    ) -> None:
        """Make the anchor of a heading from its German words, in every language."""
        inline = token.children[0] if token.children else None
        if inline is not None and inline.meta.get("translated"):
            words: list[Token] = []
            self.md.inline.parse(inline.meta["msgid"], self.md, self.md_env, words)
            german = self.renderInlineAsText(SyntaxTreeNode(words).children)
            title_node = nodes.title("", german)
        super().generate_heading_target(token, level, node, title_node)


@cache
def _markdown(env: BuildEnvironment) -> MarkdownIt:
    """The reader of Markdown, which is the same for all pages of a build."""
    from ikm_site.page_rules import StrictRenderer

    markdown = create_md_parser(env.myst_config, StrictRenderer)  # type: ignore[attr-defined]
    markdown.core.ruler.after("block", "translate", translate)
    markdown.disable("wordcount")
    return markdown


class Parser(MystParser):
    """MyST that translates each page from its catalogue."""

    # Sphinx reads the options anew for each page; those of reStructuredText mean nothing here.
    settings_spec = parsers.Parser.settings_spec

    def parse(self, inputstring: str, document: nodes.document) -> None:
        """Parse a page; the front matter has been taken out before (`ikm_site.frontmatter`)."""
        env: Any = document.settings.env
        # No page can show another file of the machine that builds it, or write HTML.
        document.settings.file_insertion_enabled = False
        document.settings.raw_enabled = False
        parser = _markdown(env)
        parser.options["document"] = document
        parser.options["catalogue"] = page_catalogue(env, env.docname)
        parser.render(inputstring)
        parser.renderer.finish()  # type: ignore[attr-defined]


def _check(_app: Sphinx, document: nodes.document) -> None:
    """Name text that is no message: it would be German in every language."""
    for text in document.findall(nodes.Text):
        node: Any = text.parent
        while isinstance(node, nodes.Element):
            # What docutils says about the page is no text of it.
            known = node.get("message") or node.get("translatable") is False
            if known or isinstance(node, nodes.system_message):
                break
            node = node.parent
        else:
            if any(map(str.isalpha, text)):
                logger.error(
                    "„%s“ lässt sich hier nicht übersetzen; schreiben Sie es als Absatz, Liste "
                    "oder Tabelle", " ".join(text.split())[:60], location=text.parent,
                )  # fmt: skip


def _catalogue_file(app: Sphinx, docname: str) -> Path | None:
    """The catalogue with which a page is read, if there is one."""
    code = app.config.language
    file = message_catalogues.path(app.srcdir, code, docname)
    translates = code != SOURCE.code and app.builder.name != "gettext"
    return file if translates and file.is_file() else None


def _note_catalogue(app: Sphinx, docname: str, _source: list[str]) -> None:
    """Read a page again when its catalogue changes or goes."""
    if file := _catalogue_file(app, docname):
        app.env.note_dependency(file)


def _new_catalogues(app: Sphinx, env: BuildEnvironment, *_docnames: set[str]) -> list[str]:
    """The pages that have a catalogue for the first time."""
    files = {docname: _catalogue_file(app, docname) for docname in sorted(env.all_docs)}
    return [page for page, file in files.items() if file and file not in env.dependencies[page]]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the parser with Sphinx, in the place of MyST's."""
    app.setup_extension("myst_parser")
    app.add_source_parser(Parser, override=True)
    app.connect("source-read", _note_catalogue)
    app.connect("env-get-outdated", _new_catalogues)
    app.connect("doctree-read", _check)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
