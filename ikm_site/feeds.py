# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Atom feeds (RFC 4287) of news and statements, and the meetings as iCalendar (RFC 5545).

Each language has its own. Ids never change: `tag:` URIs (RFC 4151) of language and page,
under the domain that the IKM held in 2026, even if the site should move to another one.
Times are noon UTC, so that a reader anywhere between America and Asia sees the right day.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import lxml.html
from docutils import nodes
from feedgen.feed import FeedGenerator
from icalendar import Calendar, Event
from lxml import etree
from sphinx.util.osutil import relative_uri

from ikm_site.attachments import documents
from ikm_site.dates import PartialDate
from ikm_site.languages import SOURCE, Language, address, language
from ikm_site.listings import Item, index
from ikm_site.navigation import title
from ikm_site.template_directives import block

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.builders.html import StandaloneHTMLBuilder
    from sphinx.util.typing import ExtensionMetadata

#: Who names the entries: a domain and a year in which it was the IKM's. Never change this.
AUTHORITY = "deutsche-metropolregionen.org,2026"

#: A feed tells what is new; everything else is in the lists.
ENTRIES = 30

NEWS, STATEMENTS, CALENDAR = "news/atom.xml", "statements/atom.xml", "news/meetings.ics"

_ATOM = "{http://www.w3.org/2005/Atom}"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True)
class Feed:
    """A feed as the pages announce it: its address below the language, and its page."""

    path: str
    docname: str


FEEDS = (Feed(NEWS, "news/index"), Feed(STATEMENTS, "statements/index"))


def tag(name: str) -> str:
    """The id of something under the site's own name."""
    return f"tag:{AUTHORITY}:{name}"


def noon(date: PartialDate) -> datetime.datetime:
    """The first day that a date can mean, as a time."""
    return datetime.datetime.combine(date.first, datetime.time(12), datetime.UTC)


def text(builder: StandaloneHTMLBuilder, doctree: nodes.document, url: str) -> str:
    """The whole text of a page as HTML that stands on its own: links are absolute.

    Args:
        builder: what writes the pages.
        doctree: the page, its references resolved.
        url: its public address.
    """
    builder.post_process_images(doctree)
    section = next(iter(doctree.findall(nodes.section)))
    parts = []
    for child in section.children[1:]:
        if not isinstance(child, (block, nodes.Invisible)):
            parts.append(str(builder.render_partial(child)["fragment"]))
    root = lxml.html.fragment_fromstring("".join(parts), create_parent="div")
    for element in root.iter():
        for name in ("id", "class"):
            element.attrib.pop(name, None)
        # The entry's title stands above its sections.
        if element.tag in ("h1", "h2", "h3", "h4", "h5"):
            element.tag = f"h{int(element.tag[1]) + 1}"
    root.make_links_absolute(url)
    return "\n".join(str(lxml.html.tostring(child, encoding="unicode")).strip() for child in root)


def feed(app: Sphinx, spec: Feed, entries: Sequence[Item], texts: Mapping[str, str]) -> bytes:
    """An Atom feed.

    Args:
        app: the application, after all pages were written.
        spec: which one.
        entries: what it holds, newest first; all have a date.
        texts: the text of each entry by its page.
    """
    current = language(app.config.language)
    site = app.config.site_url
    heading = title(app.env, spec.docname)
    generator = FeedGenerator()
    generator.id(tag(current.path + spec.path))
    generator.title(f"{heading} – IKM")
    generator.subtitle(current.title)
    generator.language(current.code)
    generator.author({"name": app.config.author, "uri": site})
    generator.rights("CC BY 4.0, https://creativecommons.org/licenses/by/4.0/")
    generator.icon(site + "_static/favicon.svg")
    generator.generator("ikm_site")
    generator.link(href=address(site, current, spec.path), rel="self", type="application/atom+xml")
    generator.link(
        href=_url(app, current, spec.docname),
        rel="alternate", type="text/html", hreflang=current.code,
    )  # fmt: skip
    times = [noon(entry.record.updated or entry.record.date) for entry in entries]
    for entry, time in zip(entries, times, strict=True):
        item = generator.add_entry(order="append")
        item.id(tag(current.path + entry.docname))
        item.title(entry.title)
        item.updated(time)
        if entry.record.date.exact and not getattr(entry.record, "announced", False):
            item.published(noon(entry.record.date))
        item.summary(str(entry.record.description))
        item.content(texts[entry.docname], type="html")
    # An empty feed has been as it is since the site began.
    generator.updated(max(times, default=noon(PartialDate(2026))))
    root = etree.fromstring(generator.atom_str())
    for element, entry in zip(root.iter(f"{_ATOM}entry"), entries, strict=True):
        _finish(app, element, entry, current)
    result: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return result


def _finish(app: Sphinx, element: etree._Element, entry: Item, current: Language) -> None:
    """What feedgen 1.0 cannot write: languages, and links with more than an address."""
    url = _url(app, current, entry.docname)
    etree.SubElement(
        element, f"{_ATOM}link", rel="alternate", type="text/html", hreflang=current.code, href=url
    )
    document = documents(app).get(entry.docname)
    if document is not None:
        etree.SubElement(
            element, f"{_ATOM}link", rel="enclosure", type="application/pdf",
            hreflang=entry.record.document_lang, length=str(document.size),
            href=app.config.site_url + document.path,
        )  # fmt: skip
    if "title" in entry.german:
        element.set(_XML_LANG, SOURCE.code)
    exact = getattr(entry.record, "title_lang", SOURCE.code)
    heading = element.find(f"{_ATOM}title")
    if exact not in (SOURCE.code, current.code) and heading is not None:
        heading.set(_XML_LANG, exact)


def _url(app: Sphinx, current: Language, docname: str) -> str:
    return address(app.config.site_url, current, app.builder.get_target_uri(docname))


def calendar(app: Sphinx, entries: Sequence[Item]) -> bytes:
    """The meetings and events with a known day as iCalendar.

    Args:
        app: the application.
        entries: news, newest first.
    """
    current = language(app.config.language)
    result = Calendar()
    result.add("prodid", f"-//IKM//ikm_site//{current.code.upper()}")
    result.add("version", "2.0")
    result.add("name", "IKM")
    result.add("x-wr-calname", "IKM")
    for entry in entries:
        record = entry.record
        day = record.date.exact
        if record.kind not in ("meeting", "event") or day is None:
            continue
        last = record.end.exact if record.end else day
        event = Event()
        event.add("uid", f"{entry.docname}@{AUTHORITY.partition(',')[0]}")
        # When these words were written; the day itself for what was told afterwards.
        event.add("dtstamp", noon(record.updated or record.date))
        event.add("dtstart", day)
        # The end is the first day that no longer belongs to it (RFC 5545, 3.6.1).
        event.add("dtend", last + datetime.timedelta(days=1))
        spoken = {"language": current.code}
        event.add("summary", entry.title, parameters=_spoken(entry, "title", spoken))
        event.add(
            "description", str(record.description), parameters=_spoken(entry, "description", spoken)
        )
        if record.place:
            event.add("location", str(record.place), parameters=_spoken(entry, "place", spoken))
        event.add("url", _url(app, current, entry.docname))
        event.add("transp", "TRANSPARENT")
        result.add_component(event)
    return bytes(result.to_ical())


def _spoken(entry: Item, field: str, spoken: dict[str, str]) -> dict[str, str]:
    return {"language": SOURCE.code} if field in entry.german else spoken


def _entries(app: Sphinx) -> Iterator[tuple[Feed, list[Item]]]:
    """Each feed with what it holds, newest first."""
    found = index(app)
    for spec, entries in zip(FEEDS, (found.news, found.statements), strict=True):
        if spec.docname in app.env.found_docs:
            # Atom needs a time; what has none is no news.
            yield spec, [entry for entry in entries if entry.record.date][:ENTRIES]


def _texts(app: Sphinx) -> dict[str, str]:
    """The text of each page of a feed; empty until the page is written."""
    found: dict[str, str] = app.__dict__.setdefault("ikm_feed_texts", {})
    return found


def _choose(app: Sphinx, builder: Builder) -> None:
    """Say before the pages are written whose text is needed."""
    if builder.name == "html":
        for _, entries in _entries(app):
            for entry in entries:
                _texts(app).setdefault(entry.docname, "")


def _take(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Keep the text of a page whose references have just been resolved."""
    if app.builder.name == "html" and docname in _texts(app):
        builder: StandaloneHTMLBuilder = app.builder  # type: ignore[assignment]
        # What Sphinx sets when it begins to write a page, which comes next.
        builder.current_docname = docname
        builder.secnumbers = app.env.toc_secnumbers.get(docname, {})
        builder.fignumbers = app.env.toc_fignumbers.get(docname, {})
        builder.imgpath = relative_uri(builder.get_target_uri(docname), "_images")
        builder.dlpath = relative_uri(builder.get_target_uri(docname), "_downloads")
        url = _url(app, language(app.config.language), docname)
        _texts(app)[docname] = text(builder, doctree, url)


def _write(app: Sphinx, exception: Exception | None) -> None:
    """Write feeds and calendar beside the pages of this language."""
    if exception or app.builder.name != "html":
        return
    for spec, entries in _entries(app):
        _put(app, spec.path, feed(app, spec, entries, _texts(app)))
    if "news/index" in app.env.found_docs:
        _put(app, CALENDAR, calendar(app, index(app).news))


def _put(app: Sphinx, path: str, data: bytes) -> None:
    target = Path(app.outdir) / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)


def _announce(
    app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Tell the templates where feeds and calendar are."""
    context["feeds"] = [
        {"title": title(app.env, spec.docname), "path": spec.path}
        for spec in FEEDS
        if spec.docname in app.env.found_docs
    ]
    context["calendar"] = CALENDAR if "news/index" in app.env.found_docs else None


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register feeds and calendar with Sphinx."""
    app.connect("html-page-context", _announce)
    app.connect("write-started", _choose)
    # Behind whatever else changes the page (500).
    app.connect("doctree-resolved", _take, priority=900)
    app.connect("build-finished", _write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
