# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Speed-ups of the build: the same bytes in a fraction of the time and memory.

Each names the upstream code that it replaces and the hash of that code's source. When
upstream changes, the speed-up switches itself off and says so; the build goes on as slowly as
without it. `-D ikm_speed=0` switches all of them off; `tests/test_speed.py` compares the bytes.
"""

from __future__ import annotations

import functools
import gc
import hashlib
import inspect
import logging as std_logging
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import myst_parser.mdit_to_docutils.base
import myst_parser.parsers.sphinx_
import sphinx.builders.html
import sphinx.transforms.i18n
import sphinx.util.docutils
from docutils import nodes
from docutils.utils import new_document
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

logger = logging.getLogger(__name__)

#: A text that MyST turns into one paragraph with one piece of text, whatever its extensions
#: below: it begins with a letter or a quotation mark and has no character that means something
#: in Markdown.
_PLAIN = re.compile(
    r"(?:[^\W\d_]|[“”„‘‚])"
    r"(?:[^\x00-\x1f\x7f-\x9f\u2028\u2029\\`*_\[\]<>&{}~$^|#@]*[^\s\x00-\x1f\\`*_\[\]<>&{}~$^|#@])?"
)
#: The extensions of MyST for which `_PLAIN` has been checked.
_CHECKED_EXTENSIONS = frozenset({"colon_fence", "deflist"})


#: So many doctrees stay in memory between reading and writing, about 0.1 MB each.
DOCTREES = 300


def fingerprint(function: Callable[..., Any]) -> str:
    """The hash of a function's source, by which a change of upstream is noticed."""
    return hashlib.sha256(inspect.getsource(function).encode()).hexdigest()[:16]


def _settings_of_parsers(original: Callable[..., nodes.document]) -> Callable[..., nodes.document]:
    """Build the default settings of a parser once.

    `DocutilsRenderer.setup_render` makes a document as a default value on every call, even
    when it is given one, and docutils builds its settings from some 70 command line options.
    """
    known: dict[object, Any] = {}

    def make_document(source_path: str = "notset", parser_cls: Any = None) -> nodes.document:
        if parser_cls not in known:
            arguments = (source_path,) if parser_cls is None else (source_path, parser_cls)
            known[parser_cls] = original(*arguments).settings
        return new_document(source_path, settings=known[parser_cls].copy())

    return make_document


def _settings_of_pages(original: Callable[..., Any]) -> Callable[..., Any]:
    """Build the settings of a page once: those of the next page are a copy."""
    known: list[tuple[object, Mapping[str, Any], Any]] = []

    def _get_settings(
        *components: Any, defaults: Mapping[str, Any], read_config_files: bool = False
    ) -> Any:
        kinds = tuple(part if isinstance(part, type) else type(part) for part in components)
        key = (kinds, read_config_files)
        if not known or known[0][0] != key or known[0][1] != defaults:
            settings = original(*components, defaults=defaults, read_config_files=read_config_files)
            known[:] = [(key, dict(defaults), settings)]
        settings = known[0][2].copy()
        for name, value in vars(settings).items():
            if isinstance(value, list):
                setattr(settings, name, list(value))
        return settings

    return _get_settings


def _parsers(original: Callable[..., MarkdownIt]) -> Callable[..., MarkdownIt]:
    """Make one Markdown parser for each configuration, not one for each page and message."""
    known: list[tuple[Any, Any, MarkdownIt]] = []
    busy: list[MarkdownIt] = []

    def create_md_parser(config: Any, renderer: Any) -> MarkdownIt:
        for known_config, known_renderer, parser in known:
            if known_config is config and known_renderer is renderer and parser not in busy:
                return parser
        parser = original(config, renderer)
        render = parser.render

        def watched(*arguments: Any, **options: Any) -> Any:
            # A page that is parsed within another one gets a parser of its own.
            busy.append(parser)
            try:
                return render(*arguments, **options)
            finally:
                busy.pop()

        parser.render = watched  # type: ignore[method-assign]
        known[:] = [(config, renderer, parser)]
        return parser

    return create_md_parser


def _messages(original: Callable[..., nodes.Element]) -> Callable[..., nodes.Element]:
    """Parse a translated message once, and plain text not at all.

    The transform `Locale` parses each message in two phases and throws the first result away
    unless the message is a heading.
    """
    first: dict[tuple[str, str, int], list[nodes.Element]] = {}
    page: list[str] = [""]

    def _publish_msgstr(
        source: str, source_path: str, source_line: int, *, config: Config, env: Any, **more: Any
    ) -> nodes.Element:
        if source_path != page[0]:
            page[0] = source_path
            first.clear()
        if (
            source_path.endswith(".md")
            and _PLAIN.fullmatch(source)
            and not config.myst_html_meta
            and _CHECKED_EXTENSIONS.issuperset(config.myst_enable_extensions)
        ):
            paragraph = nodes.paragraph(source, "", nodes.Text(source))
            paragraph.source = f"{source_path}:{source_line}:<translated>"
            paragraph.line = 1
            return paragraph
        key = source, source_path, source_line
        while first.get(key):
            patch = first[key].pop(0)
            # A heading of the first phase has taken its children over.
            if all(child.parent is patch for child in patch.children):
                return patch
        patch = original(source, source_path, source_line, config=config, env=env, **more)
        if isinstance(patch, nodes.paragraph):
            first.setdefault(key, []).append(patch)
        return patch

    return _publish_msgstr


def _updater(original: type[Any]) -> type[Any]:
    """Search for references only where there can be any.

    Five searches in the old and the new text for references, footnotes and citations find
    nothing where both consist of nothing but text.
    """

    class Updater(original):  # type: ignore[misc]
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self.ikm_plain = not any(
                isinstance(child, nodes.Element)
                for child in (*self.node.children, *self.patch.children)
            )

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


def _search(original: Callable[..., Iterator[nodes.Node]]) -> Callable[..., Iterator[nodes.Node]]:
    """Go through a tree in a loop; docutils' generators call themselves for every node.

    Some sixty transforms search every page.
    """

    def everything(node: nodes.Node) -> Iterator[nodes.Node]:
        yield node
        stack = [iter(node.children)]
        while stack:
            for child in stack[-1]:
                yield child
                if child.children:
                    stack.append(iter(child.children))
                    break
            else:
                stack.pop()

    def of_class(node: nodes.Node, kind: Any) -> Iterator[nodes.Node]:
        if isinstance(node, kind):
            yield node
        stack = [iter(node.children)]
        while stack:
            for child in stack[-1]:
                if isinstance(child, kind):
                    yield child
                if child.children:
                    stack.append(iter(child.children))
                    break
            else:
                stack.pop()

    def findall(
        self: nodes.Node,
        condition: Any = None,
        include_self: bool = True,
        descend: bool = True,
        siblings: bool = False,
        ascend: bool = False,
    ) -> Iterator[nodes.Node]:
        if not include_self or not descend or siblings or ascend:
            return original(self, condition, include_self, descend, siblings, ascend)
        if condition is None:
            return everything(self)
        if isinstance(condition, (type, tuple)):
            return of_class(self, condition)
        return filter(condition, everything(self))

    return findall


def _contents(_original: Callable[..., Any]) -> Callable[..., None]:
    """Make no table of contents of a page: our templates have their own (`page-contents`).

    Sphinx copies and writes one for each page; Furo looks whether it is empty.
    """

    def document_toc(*_arguments: Any, **_options: Any) -> None:
        return None

    return document_toc


#: What is replaced where: (module or class, name, the hashes of the source in the versions of
#: the lock files, Sphinx 9.0 to 9.2 and docutils 0.22 to 0.23; replacement).
SPEEDUPS: tuple[tuple[Any, str, frozenset[str], Callable[..., Any]], ...] = (
    (nodes.Node, "findall", frozenset({"4c53325c43ecc0d9", "70600bdf12ebcc1c"}), _search),
    (
        myst_parser.mdit_to_docutils.base,
        "make_document",
        frozenset({"222e9e19081c2e7c"}),
        _settings_of_parsers,
    ),
    (myst_parser.parsers.sphinx_, "create_md_parser", frozenset({"b7ba52b19650dc63"}), _parsers),
    (
        sphinx.transforms.i18n,
        "_publish_msgstr",
        frozenset({"9a43862bd8487aaf", "0607f0c3345a904d", "c9f490f87215b77e"}),
        _messages,
    ),
    (
        sphinx.transforms.i18n,
        "_NodeUpdater",
        frozenset({"7d37583b29a00943", "ee42ef79b75352b3"}),
        _updater,
    ),
    (sphinx.builders.html, "document_toc", frozenset({"fe51141ec29c8591"}), _contents),
    (
        sphinx.util.docutils,
        "_get_settings",
        frozenset({"98f6827c105d9112", "8cb87ad501fe6227"}),
        _settings_of_pages,
    ),
)


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


def _let_go(app: Sphinx, env: BuildEnvironment, _docname: str) -> None:
    """Keep the doctrees of so many pages only; Sphinx reads the others back from its files."""
    if app.config.ikm_speed and len(env._write_doc_doctree_cache) > DOCTREES:
        env._write_doc_doctree_cache.popitem()


def _let_go_of_pickles(app: Sphinx, *_page: object) -> None:
    """Forget a doctree that was read back: its page is written once."""
    if app.config.ikm_speed:
        app.env._pickled_doctree_cache.clear()


def _keep_templates(app: Sphinx) -> None:
    """Do not look for every part of every page whether its template has just changed."""
    templates: Any = getattr(app.builder, "templates", None)
    if app.config.ikm_speed and hasattr(templates, "environment"):
        templates.environment.auto_reload = False


def _install(app: Sphinx, config: Config) -> None:
    """Replace the functions whose source is known."""
    if not config.ikm_speed:
        return
    # The garbage collector finds nearly nothing in a build and looks through everything.
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    if not app.verbosity:
        # Without -v nobody sees the thousands of debug messages that Sphinx makes.
        std_logging.getLogger(logging.NAMESPACE).setLevel(std_logging.INFO)
    for place, name, hashes, replacement in SPEEDUPS:
        original = getattr(place, name)
        if hasattr(original, "ikm_original"):
            continue
        if fingerprint(original) not in hashes:
            logger.info("speed: %s.%s has changed; built without", place.__name__, name)
            continue
        faster = replacement(original)
        faster.ikm_original = original
        setattr(place, name, faster)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the speed-ups with Sphinx."""
    app.add_config_value("ikm_speed", True, "", (bool,))
    app.connect("config-inited", _install)
    app.connect("builder-inited", _keep_templates)
    app.connect("env-purge-doc", _let_go)
    app.connect("html-page-context", _let_go_of_pickles)
    app.add_transform(OneDocument)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
