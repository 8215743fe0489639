"""Translate a page while its Markdown is read: each message is one inline token.

markdown-it has split a page into blocks, but not yet read the words in them, when the rule
`translate` runs. It puts the translation of a block's words in their place: they are parsed
once, as words and never as blocks, exactly where the German would have stood. Sphinx's own
`Locale` transform finds nothing left to translate. What has no translation is marked as German.
"""

from typing import Any

from docutils import nodes
from docutils.parsers.rst.languages import get_language
from docutils.utils import get_source_line
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from myst_parser.mdit_to_docutils.sphinx_ import SphinxRenderer
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform

from ikm_site import message_catalogues
from ikm_site.domain import domain, note_problem, records
from ikm_site.languages import SOURCE
from ikm_site.message_catalogues import Catalogue
from ikm_site.records import Translatable, is_untranslated


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
        """Take the document of the page.

        MyST does the same, but makes another document first, which costs 4 % of a build: there
        `options.get("document", make_document())` should be `options.get("document") or …`.
        """
        self.md_options, self.md_env, self.md_config = options, env, options["myst_config"]
        self.document = self.current_node = options["document"]
        self.reporter = self.document.reporter
        self.language_module_rst: Any = get_language(self.document.settings.language_code)
        self._heading_offset, self._level_to_section = 0, {0: self.document}
        self._heading_slugs = {}

    def render_inline(self, token: SyntaxTreeNode) -> None:
        """Tell Sphinx that these words need no translation any more, and whether they have one."""
        super().render_inline(token)
        node = self.current_node
        if "msgid" not in token.meta or not isinstance(node, nodes.TextElement):
            return
        node["message"] = token.meta["msgid"]
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


def _check(app: Sphinx, document: nodes.document) -> None:
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
                wrong = f"„{' '.join(text.split())[:60]}“ lässt sich hier nicht übersetzen"
                advice = "schreiben Sie es als Absatz, Liste oder Tabelle"
                note_problem(app.env, get_source_line(text)[1] or 1, wrong, advice)


def _new_catalogues(app: Sphinx, env: BuildEnvironment, *_docnames: set[str]) -> list[str]:
    """The pages that have a catalogue for the first time."""
    code = app.config.language
    return [
        page
        for page in env.all_docs
        if (file := message_catalogues.path(app.srcdir, code, page)).is_file()
        and file not in env.dependencies[page]
    ]


class MarkLanguages(SphinxTransform):
    """Mark text in another language than its page (WCAG 3.1.2): the class becomes `lang`."""

    # Behind Sphinx's own transform (950) that reads the same flags.
    default_priority = 951

    def apply(self, **_kwargs: Any) -> None:
        """Mark text without translation (sphinx-doc/sphinx#13841), and the title of the page.

        It is kept for other pages. That of a paper is in the language of the paper.
        """
        if self.config.language != SOURCE.code:
            for node in self.document.findall(nodes.Element):
                if node.get("translated") is False and not isinstance(
                    node, (nodes.image, addnodes.toctree, nodes.meta, nodes.Invisible)
                ):
                    node["classes"].append(f"language-{SOURCE.code}")
                    self.env.metadata[self.env.docname]["untranslated"] = True
        exact = getattr(records(self.env).get(self.env.docname), "title_lang", SOURCE.code)
        for title in list(self.document.findall(nodes.title))[:1]:
            shown = self.config.language if title.get("translated") else exact
            lang = None if shown == self.config.language else shown
            title["classes"] = [f"language-{lang}"] if lang else []
            words = Translatable(title.astext(), lang, title.get("message", ""))
            domain(self.env).data["titles"][self.env.docname] = words


def has_gaps(app: Sphinx, docname: str) -> bool:
    """Whether parts of a page or of its frame are shown in the source language."""
    code = app.config.language
    words = message_catalogues.read(app.env, code, message_catalogues.INTERFACE)
    return code != SOURCE.code and (
        "untranslated" in app.env.metadata[docname]
        or is_untranslated(records(app.env)[docname])
        or not words.complete
    )


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the marks with Sphinx; `ikm_site.page_rules` registers the parser."""
    app.setup_extension("myst_parser")
    app.connect("env-get-outdated", _new_catalogues)
    app.connect("doctree-read", _check)
    app.add_transform(MarkLanguages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
