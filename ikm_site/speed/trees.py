# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Going through the trees of pages, which some sixty transforms and two visitors do for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sphinx.transforms.post_transforms.code
import sphinx.util.docutils
from docutils import nodes
from sphinx import addnodes
from sphinx.util.nodes import NodeMatcher

from ikm_site.speed.upstream import Replacement


def has(node: nodes.Node, kind: Any) -> bool:
    """Whether a tree has a node of a class, or of one of several."""
    found = [node]
    for each in found:
        if each.children:
            found += each.children
    return any([issubclass(each, kind) for each in {*map(type, found)}])  # noqa: C419


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
        if isinstance(condition, NodeMatcher) and condition.classes:
            return filter(condition, of_class(self, condition.classes))
        return filter(condition, everything(self))

    return findall


def _child(_original: Callable[..., None]) -> Callable[..., None]:
    """Ask a node for its document once, which asks all nodes above it."""

    def setup_child(self: nodes.Node, child: nodes.Node) -> None:
        child.parent = self
        document = self.document
        if document:
            child.document = document
            if child.source is None:
                child.source = document.current_source
            if child.line is None:
                child.line = document.current_line

    return setup_child


def _quiet(original: Callable[..., Any]) -> Callable[..., Any]:
    """Find a visitor's method without words for a debugger that does not listen."""
    begin = "visit_" if original.__name__ == "dispatch_visit" else "depart_"
    unknown = f"unknown_{'visit' if begin == 'visit_' else 'departure'}"

    def dispatch(self: nodes.NodeVisitor, node: nodes.Node) -> Any:
        if self.document.reporter.debug_flag:
            return original(self, node)
        method = getattr(self, begin + node.__class__.__name__, None)
        return (method or getattr(self, unknown))(node)

    return dispatch


def _known(original: Callable[..., None]) -> Callable[..., None]:
    """Look for the method of a class of nodes once, not for each of its nodes."""
    begin = "visit_" if original.__name__ == "dispatch_visit" else "depart_"
    names: dict[tuple[type[Any], type[Any]], str] = {}

    def dispatch(self: Any, node: nodes.Node) -> None:
        kinds = type(self), type(node)
        name = names.get(kinds)
        if name is None:
            for kind in kinds[1].__mro__:
                if getattr(self, begin + kind.__name__, None):
                    name = names[kinds] = begin + kind.__name__
                    break
        method = getattr(self, name, None) if name else None
        if method is None:
            original(self, node)
        else:
            method(node)

    return dispatch


def _walkabout(original: Callable[..., bool]) -> Callable[..., bool]:
    """Visit a tree without words for a debugger that does not listen."""

    def walkabout(self: nodes.Node, visitor: nodes.NodeVisitor) -> bool:
        if visitor.document.reporter.debug_flag:
            return original(self, visitor)
        depart = True
        stop = False
        try:
            try:
                visitor.dispatch_visit(self)
            except nodes.SkipNode:
                return False
            except nodes.SkipDeparture:
                depart = False
            try:
                for child in self.children[:]:
                    if child.walkabout(visitor):
                        stop = True
                        break
            except nodes.SkipSiblings:
                pass
        except nodes.SkipChildren:
            pass
        except nodes.StopTraversal:
            stop = True
        if depart:
            visitor.dispatch_departure(self)
        return stop

    return walkabout


def _with_code(original: Callable[..., None]) -> Callable[..., None]:
    """Look for the language of code on pages with code."""
    code = (addnodes.highlightlang, nodes.literal_block)

    def apply(self: Any, **options: Any) -> None:
        if has(self.document, code):
            original(self, **options)

    return apply


REPLACEMENTS = (
    Replacement(
        nodes.Node, "findall", frozenset({"4c53325c43ecc0d9", "70600bdf12ebcc1c"}), _search
    ),
    Replacement(nodes.Node, "setup_child", frozenset({"e4d4c187fb9402f0"}), _child),
    Replacement(nodes.Node, "walkabout", frozenset({"2ab1f659d80ae80c"}), _walkabout),
    Replacement(nodes.NodeVisitor, "dispatch_visit", frozenset({"a21e7480e788c3d6"}), _quiet),
    Replacement(nodes.NodeVisitor, "dispatch_departure", frozenset({"dc61cfe22582b9c7"}), _quiet),
    Replacement(
        sphinx.util.docutils.SphinxTranslator,
        "dispatch_visit",
        frozenset({"91d293bd3674db0e"}),
        _known,
    ),
    Replacement(
        sphinx.util.docutils.SphinxTranslator,
        "dispatch_departure",
        frozenset({"29fbf5d746f8a98a"}),
        _known,
    ),
    Replacement(
        sphinx.transforms.post_transforms.code.HighlightLanguageTransform,
        "apply",
        frozenset({"d5185241044b8b34"}),
        _with_code,
    ),
)
