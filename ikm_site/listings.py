"""Lists of records: news and statements, and the head of a record's own page.

The templates in `theme/ikm/blocks/` choose from `listings()` what they show. A new list is a
template there and its name in `LISTS`.
"""

import fnmatch
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform

from ikm_site.dates import PartialDate
from ikm_site.domain import domain, note_problem, records, title
from ikm_site.frontmatter import field_problem
from ikm_site.problems import Problem, guess
from ikm_site.records import SLUG, Dated, News, Page, Statement, Translatable
from ikm_site.templates import TemplateDirective, add_functions, block

#: How many of the newest items the page of a region or working group shows.
NEWEST = 20
#: How many related items another page shows.
RELATED = 5
#: Characters of a first paragraph that is set in larger type, which suits a few lines.
LONGEST_LEAD = 330
#: Directives that show news or statements.
LISTS = ("news-list", "news-archive", "meetings", "statement-list")
#: The fields with which a record names other pages, each by the folder of these pages.
NAMING = ("regions", "workgroups", "statements")


@dataclass(frozen=True, eq=False)
class Item:
    """An entry of a list: a page, its title and its record in the language of the build."""

    docname: str
    title: Translatable
    record: Any

    @property
    def updated(self) -> str:
        """The time of its last change, as feeds write it: noon, which is that day everywhere."""
        return f"{(self.record.updated or self.record.date).first}T12:00:00Z"


def item(app: Sphinx, docname: str) -> Item:
    """The list entry of a page."""
    return Item(docname, title(app.env, docname), records(app.env)[docname])


def _named(record: Page, fields: Iterable[str] = NAMING) -> list[str]:
    """The pages that a record names: `regions/hamburg`."""
    return [f"{field}/{name}" for field in fields for name in getattr(record, field, ())]


def _newest_first(entries: Iterable[Item]) -> list[Item]:
    """Of one day in the order of their addresses, undated ones last."""
    found = sorted(entries, key=lambda entry: entry.docname)
    return sorted(found, key=lambda entry: entry.record.date or "", reverse=True)


class Listings:
    """All news and statements, sorted once per build; every list is a part of this.

    Attributes:
        news: newest first.
        statements: likewise.
        years: the news of each year, newest first, by its page, which has no file:
            `news/2021/index`.
        naming: news and statements that name a page, by its name.
    """

    def __init__(self, app: Sphinx) -> None:
        known = records(app.env).items()
        every = _newest_first(item(app, name) for name, each in known if isinstance(each, Dated))
        self.news = [entry for entry in every if isinstance(entry.record, News)]
        self.statements = [entry for entry in every if isinstance(entry.record, Statement)]
        by_year = groupby(self.news, key=lambda entry: f"news/{entry.record.date.year}/index")
        self.years = {page: list(entries) for page, entries in by_year}
        self.naming: dict[str, list[Item]] = defaultdict(list)
        for entry in every:
            for page in dict.fromkeys(_named(entry.record)):
                self.naming[page].append(entry)

    def related(self, docname: str, record: Page) -> list[Item]:
        """The news and statements that belong to a page: first what shares most pages with it.

        They share a page that both name, or one names the other.
        """
        most = RELATED if isinstance(record, Dated) else NEWEST
        # The page's own card links these already.
        linked = {docname, *_named(record, ["statements"])}
        groups = [self.naming.get(page, []) for page in (docname, *_named(record))]
        # A few of each group: the cost of a page must not grow with the archive.
        near = Counter(entry for group in groups for entry in group[: most + len(linked)])
        best = _newest_first(entry for entry in near if entry.docname not in linked)
        return sorted(best, key=lambda entry: -near[entry])[:most]


#: The lists of this build.
listings = cache(Listings)


def _year_pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Give Sphinx the pages of years, which have no file of their own."""
    for page, entries in listings(app).years.items():
        yield page, {"items": entries}, "news-year.html"


def last_change(app: Sphinx, docname: str) -> PartialDate | None:
    """The day of a page's last change, if it is known; that of a list is its newest item's."""
    lists = listings(app)
    more = {"news/index": lists.news, "statements/index": lists.statements, **lists.years}
    shown = [entry.record for entry in more.get(docname, ())]
    days = [_day(record) for record in (records(app.env).get(docname), *shown) if record]
    return max((day for day in days if day is not None and day.exact), default=None)


def _day(record: Page) -> PartialDate | None:
    """The day of the last change, else of what the page tells.

    What is only announced happens later than its page was written.
    """
    if record.updated or not isinstance(record, Dated) or getattr(record, "announced", False):
        return record.updated
    return record.end or record.date


class RecordDirective(TemplateDirective):
    """Shows a field of the page's record: `region-contact` the field `contact`."""

    def run(self) -> list[nodes.Node]:
        """Return the place of the block; without the field it would show nothing."""
        field = self.name.partition("-")[2]
        if not getattr(records(self.env)[self.env.docname], field, None):
            wrong = f"die Direktive {self.name} findet kein Feld „{field}“"
            advice = "ergänzen Sie es oder nehmen Sie die Direktive heraus"
            note_problem(self.env, self.lineno, wrong, advice)
        return super().run()


class InsertBlocks(SphinxTransform):
    """Insert what pages show without a directive.

    A record's card stands below the title, the page's own contents and its photos behind the
    first paragraph, which says what the page is for, related items at the end.
    """

    # After docutils has made the ids of sections.
    default_priority = 860

    def apply(self, **_kwargs: Any) -> None:
        """Insert the blocks."""
        section = next(iter(self.document.findall(nodes.section)), None)
        if section is None:
            return
        place = (section.first_child_matching_class(nodes.paragraph) or 0) + 1
        lead = section[place - 1]
        if isinstance(lead, nodes.paragraph) and len(lead.astext()) > LONGEST_LEAD:
            lead["classes"].append("long")
        titles: list[Any] = [child[0] for child in section if isinstance(child, nodes.section)]
        entries = [
            (title.parent["ids"][0], title.astext(), title.get("translated") is False)
            for title in titles
        ]
        record = records(self.env)[self.env.docname]
        if record.photos:
            section.insert(place, block(name="photos"))
        if len(entries) > 2 and self.env.docname != self.config.root_doc:
            section.insert(place, block(name="page-contents", options={"entries": entries}))
        is_item = type(record) is not Page
        if is_item or any(node["name"] in LISTS for node in self.document.findall(block)):
            domain(self.env).data["lists"][self.env.docname] = True
        if is_item:
            section.insert(1, block(name="record-head"))
            section.append(block(name="related"))


def _check(app: Sphinx, env: BuildEnvironment) -> Iterator[Problem]:
    """Names in records must lead somewhere, and every item must have an address of its own."""
    made = (name.removesuffix("/index") for name in listings(app).years)
    addresses = dict.fromkeys(made, "die Liste, die von selbst entsteht")
    for docname, record in sorted(records(env).items()):
        if not re.fullmatch(rf"{SLUG}(/{SLUG})*", docname):
            wrong = "der Name der Datei wird zur Adresse: nur Kleinbuchstaben a bis z, Ziffern, -"
            yield Problem(f"{docname}.md", 1, wrong, "nehmen Sie etwa tagung-leipzig.md")
        # Servers without .html know no difference.
        plain = docname.removesuffix("/index")
        if other := addresses.get(plain):
            advice = "geben Sie der Datei einen anderen Namen"
            yield Problem(f"{docname}.md", 1, f"dieselbe Adresse hat schon {other}", advice)
        addresses[plain] = f"{docname}.md"
        if isinstance(record, News) and docname.split("/")[1:-1] != [str(record.date.year)]:
            wrong = f"{record.date} passt nicht zu diesem Ordner"
            advice = f"legen Sie die Datei nach news/{record.date.year}/"
            yield field_problem(env, docname, "date", wrong, advice)
        for name in _named(record):
            if name not in records(env):
                folder, _, wanted = name.partition("/")
                known = fnmatch.filter(records(env), f"{folder}/*")
                advice = guess(wanted, [page.partition("/")[2] for page in known], "„{}“")
                wrong = f"eine Seite {name}.md gibt es nicht"
                yield field_problem(env, docname, folder, wrong, advice)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the lists with Sphinx."""
    for name in (*LISTS, "region-list"):
        app.add_directive(name, TemplateDirective)
    for name in ("region-contact", "region-organisations"):
        app.add_directive(name, RecordDirective)
    add_functions(app, listings=listings, item=item)
    app.add_transform(InsertBlocks)
    app.connect("ikm-check", _check)
    app.connect("html-collect-pages", _year_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
