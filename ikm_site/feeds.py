# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Atom feeds (RFC 4287) of news and statements, and the meetings as iCalendar (RFC 5545).

Each language has its own. Ids never change: `tag:` URIs (RFC 4151) of language and first
address, under the domain that the IKM held in 2026, even if the site should move to another one.
Times are noon UTC, so that a reader anywhere between America and Asia sees the right day.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ikm_site import redirects
from ikm_site.attachments import paper
from ikm_site.dates import PartialDate
from ikm_site.domain import once_per_build
from ikm_site.languages import SOURCE, address, language
from ikm_site.listings import Item, listings
from ikm_site.navigation import title

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

#: Who names the entries: a domain and a year in which it was the IKM's. Never change this.
AUTHORITY = "deutsche-metropolregionen.org,2026"
#: A feed tells what is new; everything else is in the lists.
ENTRIES = 30
#: The page of each feed, and the feed's own path below its language.
FEEDS = {"news/index": "news/atom.xml", "statements/index": "statements/atom.xml"}
CALENDAR = "news/meetings.ics"
#: Octets of a line of a calendar, without its end.
LINE = 75


def noon(date: PartialDate) -> datetime.datetime:
    """The first day that a date can mean, as a time."""
    return datetime.datetime.combine(date.first, datetime.time(12))


def escaped(text: str) -> str:
    """A text value of a calendar (RFC 5545, 3.3.11)."""
    for sign in "\\;,":
        text = text.replace(sign, "\\" + sign)
    return text.replace("\n", "\\n")


def folded(text: str) -> str:
    """A calendar with lines of at most 75 octets, each character whole (RFC 5545, 3.1)."""
    result = []
    for line in text.splitlines():
        size = 0
        for character in line:
            width = len(character.encode())
            if size + width > LINE:
                result.append("\r\n ")
                size = 1
            result.append(character)
            size += width
        result.append("\r\n")
    return "".join(result)


@once_per_build
def earlier(app: Sphinx) -> dict[str, str]:
    """The former name of each news item and statement that has been renamed."""
    found: dict[str, str] = {}
    for entry in redirects.load(Path(app.srcdir)):
        if entry.file and entry.file.startswith(("news/", "statements/")):
            found.setdefault(entry.page.removesuffix(".html"), entry.file.removesuffix(".html"))
    return found


def first_name(app: Sphinx, docname: str) -> str:
    """The name under which a page was first published: feeds and calendars know it by that."""
    names = [docname]
    while (name := earlier(app).get(names[-1])) is not None and name not in names:
        names.append(name)
    return names[-1]


def _entry(app: Sphinx, entry: Item) -> dict[str, Any]:
    current, record = language(app.config.language), entry.record
    exact = getattr(record, "title_lang", SOURCE.code)
    foreign = exact if exact not in (SOURCE.code, current.code) else None
    announced = getattr(record, "announced", False)
    return {
        "item": entry,
        "id": f"tag:{AUTHORITY}:{current.path}{first_name(app, entry.docname)}",
        "url": address(app.config.site_url, current, app.builder.get_target_uri(entry.docname)),
        "updated": noon(record.updated or record.date),
        "published": noon(record.date) if record.date.exact and not announced else None,
        "title_lang": foreign or entry.lang("title"),
        "document": paper(app, entry.docname),
    }


def feeds(app: Sphinx) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, template and context of each feed of this language."""
    current = language(app.config.language)
    lists = (listings(app).news, listings(app).statements)
    for (page, path), items in zip(FEEDS.items(), lists, strict=True):
        if page not in app.env.found_docs:
            continue
        # Atom needs a time; what has none is no news. An empty feed is as old as the site.
        entries = [_entry(app, entry) for entry in items if entry.record.date][:ENTRIES]
        context = {
            "id": f"tag:{AUTHORITY}:{current.path}{path}",
            "title": title(app.env, page),
            "site": app.config.site_url,
            "author": app.config.author,
            "url": address(app.config.site_url, current, path),
            "page": address(app.config.site_url, current, app.builder.get_target_uri(page)),
            "updated": max([noon(PartialDate(2026)), *(entry["updated"] for entry in entries)]),
            "entries": entries,
        }  # fmt: skip
        yield path, "feed.atom.xml", context


def calendar(app: Sphinx) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, template and context of the calendar: meetings and events whose day is known."""
    if "news/index" in app.env.found_docs:
        yield CALENDAR, "meetings.ics", {"events": list(_events(app, listings(app).news))}


def _events(app: Sphinx, news: Iterable[Item]) -> Iterator[dict[str, Any]]:
    for entry in news:
        record = entry.record
        if record.kind in ("meeting", "event") and record.date.exact:
            last = record.end.exact if record.end else record.date.exact
            yield {
                **_entry(app, entry),
                "uid": f"{first_name(app, entry.docname)}@{AUTHORITY.partition(',')[0]}",
                "start": record.date.exact,
                # The first day that no longer belongs to it (RFC 5545, 3.6.1).
                "end": last + datetime.timedelta(days=1),
            }


def _announce(
    app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Tell the templates where feeds and calendar are."""
    context["feeds"] = [
        {"title": title(app.env, page), "path": path}
        for page, path in FEEDS.items()
        if page in app.env.found_docs
    ]
    context["calendar"] = CALENDAR if "news/index" in app.env.found_docs else None


def _filters(app: Sphinx) -> None:
    if app.builder.format == "html":
        app.builder.templates.environment.filters["ics"] = escaped


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register feeds and calendar with Sphinx."""
    app.connect("builder-inited", _filters)
    app.connect("html-page-context", _announce)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
