# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Lists of records: news, statements and regions, and the head of a record's own page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from ikm_site.blocks import add_block, block, directive, pages_with_blocks
from ikm_site.dates import PartialDate
from ikm_site.frame import CONTENTS_FROM, children, title
from ikm_site.frontmatter import records, untranslated
from ikm_site.records import Dated, News, Page, Region, Statement, Workgroup

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

logger = logging.getLogger(__name__)

R = TypeVar("R", bound=Page)


@dataclass(frozen=True)
class Item:
    """An entry of a list: a page, its title and its record in the language of the build."""

    docname: str
    id: str
    title: str
    record: Any
    german: frozenset[str]

    def lang(self, field: str) -> str | None:
        """`de` if this field is shown untranslated."""
        return "de" if field in self.german else None


def item(env: BuildEnvironment, docname: str) -> Item:
    """The list entry of a page."""
    return Item(
        docname=docname,
        id=docname.rpartition("/")[2],
        title=title(env, docname),
        record=records(env)[docname],
        german=frozenset(untranslated(env).get(docname, ())),
    )


def items(env: BuildEnvironment, kind: type[R]) -> list[Item]:
    """All pages with a record of this kind, newest first, undated ones last."""
    found = [item(env, name) for name, record in records(env).items() if isinstance(record, kind)]
    found.sort(key=lambda entry: entry.docname)
    nothing = PartialDate(0)
    found.sort(key=lambda entry: getattr(entry.record, "date", None) or nothing, reverse=True)
    return found


def regions(env: BuildEnvironment) -> list[Item]:
    """The regions in the order of their section."""
    return [
        item(env, docname)
        for docname in children(env, "regions/index")
        if isinstance(records(env).get(docname), Region)
    ]


def _years(entries: list[Item]) -> list[tuple[int | None, list[Item]]]:
    def year(entry: Item) -> int | None:
        return entry.record.date.year if entry.record.date else None

    return [(key, list(group)) for key, group in groupby(entries, key=year)]


def _news_list(app: Sphinx, _page: str, _arg: str, options: Mapping[str, Any]) -> dict[str, Any]:
    return {"items": items(app.env, News)[: options.get("limit", 3)]}


def _news_archive(app: Sphinx, _page: str, _arg: str, _options: object) -> dict[str, Any]:
    return {"years": _years(items(app.env, News))}


def _statement_list(app: Sphinx, _page: str, _arg: str, _options: object) -> dict[str, Any]:
    return {"years": _years(items(app.env, Statement))}


def _region_list(app: Sphinx, _page: str, _arg: str, _options: object) -> dict[str, Any]:
    return {"items": regions(app.env)}


def _linked(env: BuildEnvironment, folder: str, ids: tuple[str, ...]) -> list[Item]:
    return [item(env, f"{folder}/{name}") for name in ids if f"{folder}/{name}" in records(env)]


def _record_head(app: Sphinx, page: str, _arg: str, _options: object) -> dict[str, Any]:
    entry = item(app.env, page)
    record = entry.record
    return {
        "item": entry,
        "record": record,
        "kind": type(record).__name__.lower(),
        "regions": _linked(app.env, "regions", getattr(record, "regions", ())),
        "workgroups": _linked(app.env, "workgroups", getattr(record, "workgroups", ())),
        "statements": _linked(app.env, "statements", getattr(record, "statements", ())),
    }


def _contents(_app: Sphinx, _page: str, _arg: str, options: Mapping[str, Any]) -> dict[str, Any]:
    return {"entries": options["entries"]}


class InsertHead(SphinxTransform):
    """Put a record's card and the page's own contents below its title."""

    # After gettext (20) and the ids of sections, so that contents show translated headings.
    default_priority = 860

    def apply(self, **_kwargs: Any) -> None:
        """Insert the blocks behind the title."""
        if self.app.builder.name == "gettext":
            return
        docname = self.env.docname
        section = next(iter(self.document.findall(nodes.section)), None)
        if section is None:
            return
        if isinstance(records(self.env).get(docname), (News, Statement, Workgroup)):
            section.insert(1, block(name="record-head", argument="", options={}))
            pages_with_blocks(self.env).add(docname)
        headings = [
            (child["ids"][0], heading.astext(), heading.get("translated") is False)
            for child in section.findall(nodes.section)
            if child.parent is section
            for heading in child.findall(nodes.title)
            if heading.parent is child
        ]
        if len(headings) >= CONTENTS_FROM and docname != self.config.root_doc:
            # Behind the first paragraph, which says what the page is for.
            behind = next(
                (n for n, node in enumerate(section) if isinstance(node, nodes.paragraph)), 0
            )
            contents = block(name="page-contents", argument="", options={"entries": headings})
            section.insert(behind + 1, contents)


def _check(_app: Sphinx, env: BuildEnvironment) -> None:
    """Ids in records must lead somewhere; every region page must be in its section."""
    known = records(env)
    for docname, record in sorted(known.items()):
        if not isinstance(record, Dated):
            continue
        for folder in ("regions", "workgroups", "statements"):
            for name in getattr(record, folder, ()):
                if f"{folder}/{name}" not in known:
                    names = sorted(
                        page.partition("/")[2]
                        for page in known
                        if page.startswith(folder + "/") and page != f"{folder}/index"
                    )
                    logger.error(
                        "field '%s': there is no page %s/%s.md; there are: %s",
                        folder, folder, name, ", ".join(names), location=(docname, 1),
                    )  # fmt: skip


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the lists with Sphinx."""
    app.add_directive("news-list", directive("news-list", limit=directives.positive_int))
    app.add_directive("news-archive", directive("news-archive"))
    app.add_directive("statement-list", directive("statement-list"))
    app.add_directive("region-list", directive("region-list"))
    for name in ("region-facts", "region-districts"):
        app.add_directive(name, directive(name, argument=True))
        add_block(app, name, lambda *_arguments: {})
    add_block(app, "news-list", _news_list)
    add_block(app, "news-archive", _news_archive)
    add_block(app, "statement-list", _statement_list)
    add_block(app, "region-list", _region_list)
    add_block(app, "record-head", _record_head)
    add_block(app, "page-contents", _contents)
    app.add_transform(InsertHead)
    app.connect("env-check-consistency", _check)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
