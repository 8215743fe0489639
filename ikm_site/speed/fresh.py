# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""What a build need not do that begins with nothing and of which nothing is kept.

`make html` is such a build: it finds no earlier doctrees and throws its own away. So every
node of a page was made in this very process, and a page that is kept in memory between
reading and writing need not lie in a file as well.
"""

from __future__ import annotations

import functools
import gc
import gettext
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import sphinx.builders
import sphinx.builders.html
import sphinx.locale
from docutils import nodes
from docutils.utils import DependencyList
from sphinx.util import logging
from sphinx.util.nodes import NodeMatcher

from ikm_site.languages import SOURCE
from ikm_site.speed.building import DOCTREES
from ikm_site.speed.upstream import Replacement

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: After so many pages garbage is looked for.
_ROUND = 50

logger = logging.getLogger(__name__)


class _Made:
    """The classes of which there is any node, and the searches that cannot find one.

    A page is searched some hundred and fifty times for what no page of the site has.
    """

    def __init__(self) -> None:
        self.classes: set[type[nodes.Node]] = {nodes.Text}
        self.absent: dict[Any, bool] = {}

    def note(self, kind: type[nodes.Node]) -> None:
        """Keep that there is a node of a class."""
        if kind not in self.classes:
            self.classes.add(kind)
            self.absent.clear()

    def none_of(self, kind: Any) -> bool:
        """Whether there can be no node of a class, or of any of several."""
        found = self.absent.get(kind)
        if found is None:
            found = not any(issubclass(each, kind) for each in self.classes)
            self.absent[kind] = found
        return found

    def replace_init(self, original: Callable[..., None]) -> Callable[..., None]:
        """Note the class of each node that is made."""

        def __init__(  # noqa: N807
            self: nodes.Element, rawsource: str = "", *children: Any, **attributes: Any
        ) -> None:
            made.note(type(self))
            original(self, rawsource, *children, **attributes)

        made = self
        return __init__

    def replace_findall(
        self, original: Callable[..., Iterator[nodes.Node]]
    ) -> Callable[..., Iterator[nodes.Node]]:
        """Do not search for nodes of which there are none anywhere."""

        def unless_made(node: nodes.Node, condition: Any, kind: Any) -> Iterator[nodes.Node]:
            # A search begins when its first node is asked for: there may be one by then.
            if not self.none_of(kind):
                yield from original(node, condition)

        def findall(
            node: nodes.Node, condition: Any = None, *arguments: Any, **options: Any
        ) -> Iterator[nodes.Node]:
            if not arguments and not options:
                kind = condition.classes if isinstance(condition, NodeMatcher) else condition
                if kind and isinstance(kind, (type, tuple)) and self.none_of(kind):
                    return unless_made(node, condition, kind)
            return original(node, condition, *arguments, **options)

        return findall


def _take_apart(doctree: nodes.document) -> None:
    """Let go of a page that is not needed any more: its nodes no longer hold each other.

    Nodes that were taken out of the page still hold it, such as a reference that was resolved.
    """
    for node in list(doctree.findall()):
        vars(node).clear()


def _alone(original: Callable[..., Any]) -> Callable[..., Any]:
    """Do not let a title, which stays to the end, hold the document that was made around it."""

    def render_partial(self: Any, node: nodes.Node | None) -> Any:
        around = {} if node is None else {key: vars(node).get(key) for key in _AROUND}
        result = original(self, node)
        if node is not None:
            vars(node).update(around)
        return result

    return render_partial


#: How a node holds what is above it.
_AROUND = ("parent", "_document")


class _Translators:
    """The visitors that write a page; each holds itself by its methods."""

    def __init__(self) -> None:
        self.made: list[Any] = []

    def replace_create(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Remember each visitor."""

        def create_translator(builder: Any, *arguments: Any) -> Any:
            translator = original(builder, *arguments)
            self.made.append(translator)
            return translator

        return create_translator

    def replace_write(self, original: Callable[..., None]) -> Callable[..., None]:
        """Let go of a page, and of its visitors, when it is written."""

        def write_doc(builder: Any, docname: str, doctree: nodes.document) -> None:
            original(builder, docname, doctree)
            for translator in self.made:
                translator.__dict__.clear()
            self.made.clear()
            _take_apart(doctree)

        return write_doc


def clean(app: Sphinx, *_page: object) -> None:
    """Look for garbage after so many pages, and only in what has been made since.

    What is still there then stays to the end, or is let go of without being looked for. Python
    itself would look through everything again and again.
    """
    if not app.config.ikm_fresh:
        return
    # The catalogue of a page is needed once.
    sphinx.locale.translators.pop(("general", app.env.current_document.docname), None)
    pages = app.__dict__["ikm_pages"] = app.__dict__.get("ikm_pages", 0) + 1
    if pages % _ROUND == 0:
        vars(gettext)["_translations"].clear()
        gc.collect()
        gc.freeze()


def _doctrees(original: Callable[..., None]) -> Callable[..., None]:
    """Keep a doctree in memory or in a file, not in both."""

    def write_doctree(self: Any, docname: str, doctree: nodes.document, **options: Any) -> None:
        kept = self.env._write_doc_doctree_cache
        if len(kept) >= DOCTREES or not options.get("_cache", True):
            original(self, docname, doctree, **{**options, "_cache": False})
            _take_apart(doctree)
            return
        doctree.reporter = doctree.transformer = None  # type: ignore[assignment]
        doctree.settings = doctree.settings.copy()
        doctree.settings.warning_stream = None
        doctree.settings.env = None
        doctree.settings.record_dependencies = DependencyList()
        kept[docname] = doctree

    return write_doctree


def _progress(_original: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    """Say at each tenth how far the build is, not at each page."""

    def status_iterator(
        items: Any, summary: str, _colour: str = "", length: int = 0, *_more: Any
    ) -> Iterator[Any]:
        tenth = 0
        for number, item in enumerate(items, 1):
            yield item
            if length and number * 10 // length > tenth:
                tenth = number * 10 // length
                logger.info("%s[%3d%%]", summary, tenth * 10)

    return status_iterator


def _backwards(original: Callable[..., None]) -> Callable[..., None]:
    """Write the pages of translations from the last to the first.

    A chart is drawn once for all languages: they meet in the middle, and each draws half.
    """

    def _write_serial(self: Any, docnames: Sequence[str]) -> None:
        original(self, docnames if self.config.language == SOURCE.code else docnames[::-1])

    return _write_serial


@functools.cache
def replacements() -> tuple[Replacement, ...]:
    """What is replaced; the classes of nodes are counted from the first call on."""
    made, translators = _Made(), _Translators()
    return (
        Replacement(nodes.Element, "__init__", frozenset({"ca523334de1bc007"}), made.replace_init),
        Replacement(
            nodes.Node,
            "findall",
            frozenset({"4c53325c43ecc0d9", "70600bdf12ebcc1c"}),
            made.replace_findall,
        ),
        Replacement(
            sphinx.builders.Builder,
            "write_doctree",
            frozenset({"d1386c9b4273a999", "3dd054f18cf9ca2d"}),
            _doctrees,
        ),
        Replacement(
            sphinx.builders.Builder,
            "create_translator",
            frozenset({"448c92de3d5a95ca"}),
            translators.replace_create,
        ),
        Replacement(
            sphinx.builders.html.StandaloneHTMLBuilder,
            "render_partial",
            frozenset({"b874d68fcc3cbed2"}),
            _alone,
        ),
        Replacement(
            sphinx.builders.html.StandaloneHTMLBuilder,
            "write_doc",
            frozenset({"b73aa9621462b7cd"}),
            translators.replace_write,
        ),
        Replacement(
            sphinx.builders.Builder,
            "_write_serial",
            frozenset({"6e0342ca012ceff7"}),
            _backwards,
        ),
        Replacement(
            sphinx.builders,
            "status_iterator",
            frozenset({"bb2e170b84e0cf68", "8e151e7759b8f4ab", "0ac3a2f200a7d253"}),
            _progress,
        ),
    )
