# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Parsing pages: what MyST and docutils make anew for each page and message, made once."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import myst_parser.mdit_to_docutils.base
import myst_parser.parsers.sphinx_
import sphinx.util.docutils
from docutils import nodes
from docutils.utils import new_document
from markdown_it.tree import SyntaxTreeNode, _NesterTokens
from sphinx.environment import BuildEnvironment

from ikm_site.speed.upstream import Replacement

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token


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


def tree(tokens: Sequence[Token]) -> SyntaxTreeNode:
    """The tree of a stream of tokens, made in one pass.

    `SyntaxTreeNode` copies the tokens of each level anew.
    """
    root = SyntaxTreeNode()
    _fill(root, tokens)
    return root


def _fill(parent: Any, tokens: Sequence[Token]) -> None:
    above: list[tuple[Any, Token]] = []
    for token in tokens:
        if token.nesting < 0:
            if not above:
                raise ValueError("Invalid token nesting")
            inner = parent
            parent, opening = above.pop()
            inner.nester_tokens = _NesterTokens(opening, token)
            continue
        node: Any = object.__new__(SyntaxTreeNode)
        node.token = node.nester_tokens = None
        node._parent, node._children = parent, []
        parent._children.append(node)
        if token.nesting:
            above.append((parent, token))
            parent = node
        else:
            node.token = token
            if token.children:
                _fill(node, token.children)
    if above:
        raise ValueError(f"unclosed tokens starting {above[0][1]}")


def take_apart(root: SyntaxTreeNode) -> None:
    """Let the nodes of a tree no longer hold each other."""
    waiting: list[Any] = [root]
    for node in waiting:
        waiting += node._children
        node._parent, node._children = None, []


def _rendering(_original: Callable[..., None]) -> Callable[..., None]:
    """Make the tree of tokens in one pass, and let go of it at once when it is rendered.

    The garbage collector would have to find it, ten thousand objects in fifty pages.
    """

    def _render_tokens(self: Any, tokens: list[Token]) -> None:
        for token in tokens:
            if token.map:
                # docutils counts lines from 1.
                token.map = [token.map[0] + 1, token.map[1] + 1]
                for child in token.children or ():
                    child.map = token.map
        root = tree(tokens)
        self.render_children(root)
        take_apart(root)

    return _render_tokens


def _paths(original: Callable[..., tuple[str, str]]) -> Callable[..., tuple[str, str]]:
    """Ask the file system once where an address leads, not for each link to it."""
    known: dict[tuple[object, str, str], tuple[str, str]] = {}

    def relfn2path(self: Any, filename: Any, docname: str | None = None) -> tuple[str, str]:
        folder = posixpath.dirname(docname or self.docname)
        key = self.srcdir, folder, os.fspath(filename)
        if key not in known:
            known[key] = original(self, filename, docname)
        return known[key]

    return relfn2path


REPLACEMENTS = (
    Replacement(BuildEnvironment, "relfn2path", frozenset({"2f2800c0fb2eb091"}), _paths),
    Replacement(
        myst_parser.mdit_to_docutils.base.DocutilsRenderer,
        "_render_tokens",
        frozenset({"ba8b631b92aa3cd0"}),
        _rendering,
    ),
    Replacement(
        myst_parser.mdit_to_docutils.base,
        "make_document",
        frozenset({"222e9e19081c2e7c"}),
        _settings_of_parsers,
    ),
    Replacement(
        myst_parser.parsers.sphinx_,
        "create_md_parser",
        frozenset({"b7ba52b19650dc63"}),
        _parsers,
    ),
    Replacement(
        sphinx.util.docutils,
        "_get_settings",
        frozenset({"98f6827c105d9112", "8cb87ad501fe6227"}),
        _settings_of_pages,
    ),
)
