# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Translating pages: what Sphinx does twice for each message, and with much around it."""

from __future__ import annotations

import functools
import gettext
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import myst_parser.parsers.sphinx_
import sphinx.transforms.i18n
from docutils import nodes
from docutils.utils import new_document
from myst_parser.mdit_to_docutils.sphinx_ import SphinxRenderer
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import LoggingReporter

from ikm_site.speed.parsing import take_apart, tree
from ikm_site.speed.trees import has
from ikm_site.speed.upstream import Replacement

if TYPE_CHECKING:
    from sphinx.config import Config

#: A text that MyST turns into one paragraph with one piece of text, whatever its extensions
#: below: it begins with a letter or a quotation mark and has no character that means something
#: in Markdown.
_PLAIN = re.compile(
    r"(?:[^\W\d_]|[“”„‘‚])"
    r"(?:[^\x00-\x1f\x7f-\x9f\u2028\u2029\\`*_\[\]<>&{}~$^|#@]*[^\s\x00-\x1f\\`*_\[\]<>&{}~$^|#@])?"
)
#: The extensions of MyST for which `_PLAIN` has been checked.
_CHECKED_EXTENSIONS = frozenset({"colon_fence", "deflist"})

#: The inline markup whose rendering leaves nothing behind in the document.
_SIMPLE = frozenset({
    "text", "strong_open", "strong_close", "em_open", "em_close", "link_open", "link_close",
    "code_inline",
})  # fmt: skip
#: How a text in one line begins that Markdown reads as a paragraph, whatever follows.
_PARAGRAPH = re.compile(
    r"(?:[^\W\d_]|[“”„‘‚]|(?:\*\*|\[)[^\W\d_])(?:[^\x00-\x1f\x7f-\x9f\u2028\u2029\\&{<\]]|\](?!:))*(?<=\S)"
)


class _Messages:
    """Renders the messages of one page after the other, with what these have in common.

    MyST makes a document, a parser and a reader of settings for each message as for a page.
    """

    def __init__(self) -> None:
        self.path = ""
        self.parsed: dict[tuple[str, str, int], list[nodes.Element]] = {}
        self.document: nodes.document | None = None

    def turn_to(self, path: str) -> None:
        """Forget what belongs to another page."""
        if path != self.path:
            self.path = path
            self.parsed.clear()
            self.document = None

    def inline(self, source: str, line: int, settings: Any) -> nodes.Element | None:
        """The paragraph of a message with nothing but simple markup, else None."""
        # By its module, where it may have been replaced.
        create: Any = vars(myst_parser.parsers.sphinx_)["create_md_parser"]
        parser = create(settings.env.myst_config, SphinxRenderer)
        (token,) = parser.parseInline(source, {})
        children = token.children or []
        if not _SIMPLE.issuperset(child.type for child in children):
            return None
        renderer: Any = parser.renderer
        if self.document is None:
            self.document = new_document(self.path, settings)
            self.document.reporter = LoggingReporter.from_reporter(self.document.reporter)
        document = self.document
        if renderer.__dict__.get("document") is not document:
            parser.options["document"] = document
            renderer.setup_render(parser.options, {})
        document["source"] = document.current_source = f"{self.path}:{line}:<translated>"
        paragraph = nodes.paragraph(source)
        paragraph.source, paragraph.line, paragraph.parent = document["source"], 1, document
        document.current_line = 1
        token.map = [1, 2]
        for child in children:
            child.map = token.map
        renderer.current_node = paragraph
        tokens = tree([token])
        renderer.render_children(tokens.children[0])
        take_apart(tokens)
        return paragraph


def _messages(original: Callable[..., nodes.Element]) -> Callable[..., nodes.Element]:
    """Parse a translated message once, the usual ones with little around it, plain text not at all.

    The transform `Locale` parses each message in two phases and throws the first result away
    unless the message is a heading.
    """
    pages = _Messages()

    def _publish_msgstr(
        source: str, source_path: str, source_line: int, *, config: Config, env: Any,
        settings: Any, **more: Any,
    ) -> nodes.Element:  # fmt: skip
        pages.turn_to(source_path)
        usual = (
            source_path.endswith(".md")
            and not config.myst_html_meta
            and _CHECKED_EXTENSIONS.issuperset(config.myst_enable_extensions)
        )
        if usual and _PLAIN.fullmatch(source):
            paragraph = nodes.paragraph(source, "", nodes.Text(source))
            paragraph.source = f"{source_path}:{source_line}:<translated>"
            paragraph.line = 1
            return paragraph
        key = source, source_path, source_line
        while pages.parsed.get(key):
            patch = pages.parsed[key].pop(0)
            # A heading of the first phase has taken its children over.
            if all(child.parent is patch for child in patch.children):
                return patch
        found = None
        if usual and _PARAGRAPH.fullmatch(source):
            found = pages.inline(source, source_line, settings)
        if found is None:
            found = original(
                source, source_path, source_line, config=config, env=env, settings=settings, **more
            )
        if isinstance(found, nodes.paragraph):
            pages.parsed.setdefault(key, []).append(found)
        return found

    return _publish_msgstr


def _updater(original: type[Any]) -> type[Any]:
    """Search for references only where there can be any.

    Five searches in the old and the new text for references, footnotes and citations find
    nothing where both have none of them.
    """
    references = (
        nodes.reference, nodes.footnote_reference, nodes.citation_reference, addnodes.pending_xref,
    )  # fmt: skip

    class Updater(original):  # type: ignore[misc]
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self.ikm_plain = not (has(self.node, references) or has(self.patch, references))

    def skipping(name: str) -> Callable[[Any], None]:
        method = getattr(original, name)

        @functools.wraps(method)
        def update(self: Any) -> None:
            if not self.ikm_plain:
                method(self)

        return update

    for name in (
        "update_autofootnote_references",
        "update_refnamed_references",
        "update_refnamed_footnote_references",
        "update_citation_references",
        "update_pending_xrefs",
    ):
        setattr(Updater, name, skipping(name))
    return Updater


REPLACEMENTS = (
    Replacement(
        sphinx.transforms.i18n,
        "_publish_msgstr",
        frozenset({"9a43862bd8487aaf", "0607f0c3345a904d", "c9f490f87215b77e"}),
        _messages,
    ),
    Replacement(
        sphinx.transforms.i18n,
        "_NodeUpdater",
        frozenset({"7d37583b29a00943", "ee42ef79b75352b3"}),
        _updater,
    ),
)


def keep_plurals() -> None:
    """Compile the rule for plurals once, not for the catalogue of each page."""
    rule: Any = vars(gettext)["c2py"]
    if not hasattr(rule, "cache_info"):
        vars(gettext)["c2py"] = functools.lru_cache(maxsize=16)(rule)


class OneDocument(SphinxTransform):
    """Let all nodes of a page belong to its own document.

    The parts of a translated message belong to the document of that message, which holds
    docutils' settings and through them the whole environment: a doctree of 20 kB weighs 900.
    """

    # Behind the transform that translates (20).
    default_priority = 21

    def apply(self, **_kwargs: Any) -> None:
        """Correct the nodes."""
        if not self.config.ikm_speed:
            return
        for node in self.document.findall():
            node.document = self.document
