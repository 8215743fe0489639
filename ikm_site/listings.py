# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Lists of records: news, statements and regions, and the head of a record's own page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any, get_args

from babel import Locale
from babel.numbers import format_decimal
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from ikm_site.attachments import documents, href
from ikm_site.dates import PartialDate
from ikm_site.domain import once_per_build, pages_with_blocks, records, untranslated
from ikm_site.frontmatter import field_problem
from ikm_site.languages import SOURCE, language
from ikm_site.navigation import CONTENTS_FROM, children, title
from ikm_site.problems import Problem, guess, stops_the_build
from ikm_site.records import SLUG, Dated, News, Page, Region, Statement, Workgroup
from ikm_site.template_directives import add_block, block, directive

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

logger = logging.getLogger(__name__)

#: How many of the newest items a list shows.
NEWEST = 20
#: How many related items a page shows.
RELATED = 5

#: Pages that list all items of a kind, by the field of the index.
LISTS = {"news/index": "news", "statements/index": "statements"}

STATEMENT_KINDS: tuple[str, ...] = get_args(Statement.model_fields["kind"].annotation)
#: Levels of government, and last the statements that name none.
ADDRESSEES = ("europe", "federation", "states", "")

#: What has the address of a page that is made from records.
LISTING = "die Liste, die von selbst entsteht"


@dataclass(frozen=True)
class Item:
    """An entry of a list: a page, its title and its record in the language of the build."""

    docname: str
    id: str
    title: str
    record: Any
    german: frozenset[str]

    @property
    def kind(self) -> str:
        """What the page is: `news`, `statement`, `region` and so on."""
        return type(self.record).__name__.lower()

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


@dataclass(frozen=True)
class Index:
    """All news and statements, sorted once per build; every list is a part of this.

    Attributes:
        news: newest first, of one day in the order of their addresses.
        statements: likewise, undated ones last.
        by_region: news and statements of a region by its id, newest first.
        by_workgroup: likewise of a working group.
        by_statement: the news that concern a statement by its id.
    """

    news: tuple[Item, ...]
    statements: tuple[Item, ...]
    by_region: Mapping[str, tuple[Item, ...]]
    by_workgroup: Mapping[str, tuple[Item, ...]]
    by_statement: Mapping[str, tuple[Item, ...]]


def _newest_first(entries: Iterable[Item]) -> tuple[Item, ...]:
    nothing = PartialDate(0)
    found = sorted(entries, key=lambda entry: entry.docname)
    found.sort(key=lambda entry: entry.record.date or nothing, reverse=True)
    return tuple(found)


def _grouped(entries: Iterable[Item], field: str) -> dict[str, tuple[Item, ...]]:
    groups: dict[str, list[Item]] = {}
    for entry in entries:
        for name in dict.fromkeys(getattr(entry.record, field, ())):
            groups.setdefault(name, []).append(entry)
    return {name: tuple(group) for name, group in groups.items()}


@once_per_build
def index(app: Sphinx) -> Index:
    """The index of this build."""
    every = _newest_first(
        item(app.env, name)
        for name, record in records(app.env).items()
        if isinstance(record, (News, Statement))
    )
    return Index(
        news=tuple(entry for entry in every if isinstance(entry.record, News)),
        statements=tuple(entry for entry in every if isinstance(entry.record, Statement)),
        by_region=_grouped(every, "regions"),
        by_workgroup=_grouped(every, "workgroups"),
        by_statement=_grouped(every, "statements"),
    )


def regions(env: BuildEnvironment) -> list[Item]:
    """The regions in the order of their section."""
    return [
        item(env, docname)
        for docname in children(env, "regions/index")
        if isinstance(records(env).get(docname), Region)
    ]


def _year(entry: Item) -> int | None:
    return entry.record.date.year if entry.record.date else None


def _years(entries: Sequence[Item]) -> list[tuple[int | None, list[Item]]]:
    return [(key, list(group)) for key, group in groupby(entries, key=_year)]


# -- Pages that are made from records, without a file of their own ---------------------------


@dataclass(frozen=True)
class Listing:
    """A page made from records.

    Attributes:
        template: the template that writes it.
        items: what it lists.
        values: what else the template needs.
    """

    template: str
    items: tuple[Item, ...]
    values: Mapping[str, Any]


@once_per_build
def generated(app: Sphinx) -> dict[str, Listing]:
    """The pages made from records by their names: `news/2021/index` lists the news of a year."""
    return _news_years(index(app).news)


def _news_years(news: Sequence[Item]) -> dict[str, Listing]:
    years = _years(news)
    links = [None, *((year, f"news/{year}/index") for year, _ in years), None]
    return {
        f"news/{year}/index": Listing(
            "news-year.html",
            tuple(entries),
            {"year": year, "newer": links[number], "older": links[number + 2]},
        )
        for number, (year, entries) in enumerate(years)
    }


def _pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Give Sphinx the pages made from records."""
    for name, listing in generated(app).items():
        yield name, {"items": listing.items, **listing.values}, listing.template


def last_change(app: Sphinx, docname: str) -> PartialDate | None:
    """The day of a page's last change, if it is known; that of a list is its newest item's.

    What is only announced happens later than its page was written.
    """

    def of(record: Page) -> PartialDate | None:
        announced = isinstance(record, News) and record.announced
        return record.updated if announced else record.stand

    record = records(app.env).get(docname)
    own = of(record) if record is not None else None
    if docname in LISTS:
        entries: Sequence[Item] = getattr(index(app), LISTS[docname])
    else:
        made = generated(app).get(docname)
        entries = made.items if made is not None else ()
    days = [own, *(of(entry.record) for entry in entries)]
    return max((day for day in days if day is not None and day.day), default=None)


# -- Blocks ------------------------------------------------------------------------------------


def _news_list(app: Sphinx, _page: str, _arg: str, options: Mapping[str, Any]) -> dict[str, Any]:
    return {"items": index(app).news[: options.get("limit", 3)]}


def _news_archive(app: Sphinx, _page: str, _arg: str, _options: object) -> dict[str, Any]:
    news = index(app).news
    counts = Counter(_year(entry) for entry in news)
    return {
        "years": _years(news[:NEWEST]),
        "archive": [(year, count, f"news/{year}/index") for year, count in counts.items()],
    }


def _meetings(app: Sphinx, _page: str, _arg: str, _options: object) -> dict[str, Any]:
    return {"items": [entry for entry in index(app).news if entry.record.kind == "meeting"]}


def _statement_list(app: Sphinx, _page: str, _arg: str, _options: object) -> dict[str, Any]:
    """The statements by year, and their titles by kind and by addressee."""
    statements = index(app).statements
    kinds: dict[str, list[Item]] = {name: [] for name in STATEMENT_KINDS}
    addressees: dict[str, list[Item]] = {name: [] for name in ADDRESSEES}
    for entry in statements:
        kinds[entry.record.kind].append(entry)
        for name in entry.record.addressed_to or ("",):
            addressees[name].append(entry)
    return {
        "years": _years(statements),
        "kinds": [(name, group) for name, group in kinds.items() if group],
        "addressees": [(name, group) for name, group in addressees.items() if group],
    }


def _related(app: Sphinx, page: str, _arg: str, _options: object) -> dict[str, Any]:
    """What belongs to a page.

    That is the news and statements of a region or working group, or those that share the
    most regions, working groups and statements with an item.
    """
    folder, _, name = page.partition("/")
    every = index(app)
    if folder in ("regions", "workgroups"):
        group = (every.by_region if folder == "regions" else every.by_workgroup).get(name, ())
        return {"kind": folder, "items": group[:NEWEST], "more": len(group) > NEWEST}
    record = records(app.env)[page]
    assert isinstance(record, Dated)
    groups = [every.by_region.get(entry, ()) for entry in record.regions]
    groups += [every.by_workgroup.get(entry, ()) for entry in record.workgroups]
    groups += [every.by_statement.get(entry, ()) for entry in getattr(record, "statements", ())]
    if isinstance(record, Statement):
        groups.append(every.by_statement.get(name, ()))
    # The page's own card links these already.
    shown = {page, *(f"statements/{entry}" for entry in getattr(record, "statements", ()))}
    shared: Counter[str] = Counter()
    found: dict[str, Item] = {}
    for group in groups:
        # A few of each group: the cost of a page must not grow with the archive.
        for entry in group[: RELATED + len(shown)]:
            if entry.docname not in shown:
                shared[entry.docname] += 1
                found[entry.docname] = entry
    best = _newest_first(found.values())
    best = tuple(sorted(best, key=lambda entry: -shared[entry.docname])[:RELATED])
    return {"kind": "item", "items": best, "more": False}


def _region_list(app: Sphinx, _page: str, _arg: str, _options: object) -> dict[str, Any]:
    return {"items": regions(app.env)}


def _linked(env: BuildEnvironment, folder: str, ids: tuple[str, ...]) -> list[Item]:
    return [item(env, f"{folder}/{name}") for name in ids if f"{folder}/{name}" in records(env)]


def _size(size: int, locale: Locale) -> str:
    """The size of a file in words: `340 kB`, `1,2 MB`."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))}\u00a0kB"
    return f"{format_decimal(size / 1_000_000, format='#,##0.0', locale=locale)}\u00a0MB"


def _german_title(app: Sphinx, page: str, record: Page) -> str | None:
    """The title that a paper bears, where the page shows a translation of it."""
    if app.config.language == SOURCE.code or getattr(record, "title_lang", None) != SOURCE.code:
        return None
    found = re.search(r"(?m)^# (.+)$", app.env.doc2path(page).read_text("utf-8"))
    return found and found.group(1)


def _record_head(app: Sphinx, page: str, _arg: str, _options: object) -> dict[str, Any]:
    entry = item(app.env, page)
    record = entry.record
    document = documents(app).get(page)
    return {
        "item": entry,
        "record": record,
        "kind": entry.kind,
        "original": _german_title(app, page, record),
        "document": document
        and {
            "href": href(app, page, document),
            "size": _size(document.size, language(app.config.language).babel),
        },
        "regions": _linked(app.env, "regions", getattr(record, "regions", ())),
        "workgroups": _linked(app.env, "workgroups", getattr(record, "workgroups", ())),
        "statements": _linked(app.env, "statements", getattr(record, "statements", ())),
    }


def _field(name: str, app: Sphinx, page: str, _arg: str, _options: object) -> dict[str, Any]:
    """Give a block the field of the page's record that it shows."""
    entry = item(app.env, page)
    value = getattr(entry.record, name, None)
    if not value:
        advice = "ergänzen Sie es oder nehmen Sie die Direktive heraus"
        wrong = f"die Direktive region-{name} findet kein Feld „{name}“"
        logger.error("%s", Problem(f"{page}.md", 1, wrong, advice))
    return {"item": entry, name: value or ()}


def _contents(_app: Sphinx, _page: str, _arg: str, options: Mapping[str, Any]) -> dict[str, Any]:
    return {"entries": options["entries"]}


class InsertHead(SphinxTransform):
    """Put a record's card and the page's own contents below its title, related items at the end."""

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
        if isinstance(records(self.env).get(docname), (News, Statement, Workgroup, Region)):
            section.append(block(name="related", argument="", options={}))
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


@stops_the_build
def _check(app: Sphinx, env: BuildEnvironment) -> Iterator[Problem]:
    """Names in records must lead somewhere, and every item must have an address of its own."""
    addresses = {name.lower().removesuffix("/index"): LISTING for name in generated(app)}
    for docname, record in sorted(records(env).items()):
        # Servers without .html, and file systems without capitals, know no difference.
        plain = docname.lower().removesuffix("/index")
        if other := addresses.get(plain):
            advice = "geben Sie der Datei einen anderen Namen"
            yield Problem(f"{docname}.md", 1, f"dieselbe Adresse hat schon {other}", advice)
        addresses[plain] = f"{docname}.md"
        if isinstance(record, Dated):
            yield from _check_dated(env, docname, record)


def _check_dated(env: BuildEnvironment, docname: str, record: Dated) -> Iterator[Problem]:
    """What is wrong with the file of a news item or statement and with the pages it names."""
    *folders, stem = docname.split("/")
    if not all(re.fullmatch(SLUG, part) for part in (*folders, stem)):
        plain = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-") or "x"
        wrong = "der Name der Datei wird zur Adresse: nur Kleinbuchstaben a bis z, Ziffern, -"
        yield Problem(f"{docname}.md", 1, wrong, f"zum Beispiel {plain}.md")
    if isinstance(record, News) and folders[1:] != [str(record.date.year)]:
        wrong = f"{record.date} passt nicht zu diesem Ordner"
        advice = f"legen Sie die Datei nach news/{record.date.year}/"
        yield field_problem(env, docname, ("date",), wrong, advice)
    for folder in ("regions", "workgroups", "statements"):
        for number, wanted in enumerate(getattr(record, folder, ())):
            if f"{folder}/{wanted}" not in records(env):
                start = f"{folder}/"
                there = [name[len(start) :] for name in records(env) if name.startswith(start)]
                advice = guess(wanted, there, "„{}“")
                wrong = f"eine Seite {folder}/{wanted}.md gibt es nicht"
                yield field_problem(env, docname, (folder, number), wrong, advice)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the lists with Sphinx."""
    app.add_directive("news-list", directive("news-list", limit=directives.positive_int))
    app.add_directive("news-archive", directive("news-archive"))
    app.add_directive("meetings", directive("meetings"))
    app.add_directive("statement-list", directive("statement-list"))
    app.add_directive("region-list", directive("region-list"))
    for field in ("contact", "organisations"):
        app.add_directive(f"region-{field}", directive(f"region-{field}"))
        add_block(app, f"region-{field}", partial(_field, field))
    add_block(app, "news-list", _news_list)
    add_block(app, "news-archive", _news_archive)
    add_block(app, "meetings", _meetings)
    add_block(app, "statement-list", _statement_list)
    add_block(app, "region-list", _region_list)
    add_block(app, "record-head", _record_head)
    add_block(app, "page-contents", _contents)
    app.add_transform(InsertHead)
    add_block(app, "related", _related)
    app.connect("env-check-consistency", _check)
    app.connect("html-collect-pages", _pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
