"""The files beside the pages: sitemap, robots.txt, feeds (RFC 4287), calendar (RFC 5545), old addresses."""

import datetime
import urllib.robotparser
from pathlib import Path

import icalendar
import pytest
from lxml import etree, html

from ikm_site.languages import Language
from ikm_site.problems import read_yaml
from ikm_site.redirects import FILE, MAP, Redirect
from tests.conftest import ROOT
from tests.pages import HOME, ITEMS, links, pages, record, tree, words

NS = {
    "a": "http://www.w3.org/2005/Atom",
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
SCHEMAS = Path(__file__).parent / "schemas"
GRAMMAR = etree.RelaxNG(etree.parse(SCHEMAS / "atom.rng"))
SCHEMA = etree.XMLSchema(etree.parse(SCHEMAS / "sitemap.xsd"))


def urls(site: Path, path: str) -> list[etree._Element]:
    """The entries of the sitemap of a language."""
    sitemap = etree.parse(site / path / "sitemap.xml")
    SCHEMA.assertValid(sitemap)
    found: list[etree._Element] = sitemap.findall(".//s:url", NS)
    return found


def test_a_sitemap_names_every_page_of_its_language_as_it_does_itself(
    site: Path, entry: Language
) -> None:
    known = [tree(site, name) for name in pages(site, entry.code)]
    told = {
        address: links(root, "head/link[@hreflang]")
        for root in known
        for address in root.xpath("head/link[@rel='canonical']/@href")
    }
    found = urls(site, entry.path)
    assert told == {
        url.findtext("s:loc", None, NS): links(url, "x:link", namespaces=NS) for url in found
    }
    assert len(found) == len(known) - 2


def test_days_of_change_are_those_of_the_records(site: Path) -> None:
    days = {
        url.findtext("s:loc", None, NS): url.findtext("s:lastmod", None, NS)
        for path in ("", "en/")
        for url in urls(site, path)
    }
    for name in ITEMS:
        item = record(name)
        known = None if getattr(item, "announced", False) else item.end or item.date
        told = item.updated or known
        wanted = str(told) if told is not None and told.exact else None
        assert days[f"{HOME}{name}.html"] == days[f"{HOME}en/{name}.html"] == wanted
    assert any(days.values())


def test_robots_may_read_everything_and_find_the_sitemap(site: Path) -> None:
    parser = urllib.robotparser.RobotFileParser()
    parser.parse((site / "robots.txt").read_text("utf-8").splitlines())
    assert parser.site_maps() == [HOME + "sitemap.xml", HOME + "en/sitemap.xml"]
    assert parser.can_fetch("AnyBot", HOME + "en/news/")


@pytest.mark.parametrize("section", ["news", "statements"])
def test_a_feed_keeps_the_rules_and_says_what_its_pages_say(
    site: Path, entry: Language, section: str
) -> None:
    path = f"{entry.path}{section}/atom.xml"
    feed = etree.parse(site / path).getroot()
    GRAMMAR.assertValid(feed)
    # What a grammar cannot say (RFC 4287, 4.1.1 and 4.1.2).
    assert feed.get(LANG) == entry.code
    assert feed.findtext("a:author/a:name", None, NS)
    links = {link.get("rel"): link.get("href") for link in feed.findall("a:link", NS)}
    assert links == {"self": HOME + path, "alternate": HOME + path.replace("atom.xml", "")}
    times = feed.xpath("a:entry/a:updated/text()", namespaces=NS)
    assert len(times) >= 5
    assert feed.findtext("a:updated", None, NS) == max(times)
    dates = []
    for item in feed.findall("a:entry", NS):
        (link,) = item.xpath("a:link[@rel='alternate']/@href", namespaces=NS)
        name = link.removeprefix(HOME)
        identity = "tag:deutsche-metropolregionen.org,2026:" + name.removesuffix(".html")
        assert item.findtext("a:id", None, NS) == identity
        written = record(name.removeprefix(entry.path).removesuffix(".html"))
        dates.append(written.date)
        changed = (written.updated or written.date).first
        assert item.findtext("a:updated", None, NS) == f"{changed}T12:00:00Z"
        # Of what is only announced nobody knows when it was published.
        exact = written.date.exact and not getattr(written, "announced", False)
        published = f"{written.date}T12:00:00Z" if exact else None
        assert item.findtext("a:published", None, NS) == published
        page = tree(site, name)
        assert item.findtext("a:title", None, NS) == words(page.find(".//h1"))
        assert page.xpath("//dl[@class='record']//time/@datetime")[0] == str(written.date)
        (description,) = page.xpath("//meta[@name='description']/@content")
        assert item.findtext("a:summary", None, NS) == description
    known = [record(name).date for name in ITEMS if name.startswith(section)]
    assert dates == sorted(filter(None, known), reverse=True)[:30]


def test_the_calendar_can_be_read(site: Path, entry: Language) -> None:
    data = (site / entry.path / "news" / "meetings.ics").read_bytes()
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    calendar = icalendar.Calendar.from_ical(data)
    assert not calendar.errors
    assert calendar["VERSION"] == "2.0"
    events = {str(event["UID"]).partition("@")[0]: event for event in calendar.walk("VEVENT")}
    assert {*events} == {
        name
        for name in ITEMS
        if record(name).kind in ("meeting", "event") and record(name).date.exact
    }
    for name, event in events.items():
        written = record(name)
        assert event.decoded("DTSTART") == written.date.exact, name
        # The first day after it (RFC 5545, 3.6.1).
        after = (written.end or written.date).exact + datetime.timedelta(days=1)
        assert event.decoded("DTEND") == after, name
        assert event.decoded("DTSTAMP").tzinfo is not None
        assert event["SUMMARY"].params["LANGUAGE"] == entry.code
        assert event["URL"] == f"{HOME}{entry.path}{name}.html"


def _leads_to(site: Path, name: str) -> str:
    """Where the page of an old address leads, relative to the site."""
    file = site / (name + "index.html" if name == "" or name.endswith("/") else name)
    page = html.fromstring(file.read_bytes())
    (refresh,) = page.xpath("//meta[@http-equiv='refresh']/@content")
    address = refresh.removeprefix("0; url=")
    assert address in {link.get("href") for link in page.iter("a")}
    assert page.find(".//link[@rel='canonical']") is not None
    assert page.find(".//meta[@name='robots']").get("content") == "noindex"
    assert page.find(".//script") is None
    path, _, label = address.partition("#")
    target = (file.parent / path).resolve()
    assert target.is_file(), name
    assert not label or html.fromstring(target.read_bytes()).get_element_by_id(label) is not None
    found: str = target.relative_to(site.resolve()).as_posix()
    return found


def test_every_rule_for_servers_leads_to_a_page(site: Path) -> None:
    rules = (site / MAP).read_text("ascii").splitlines()
    pages = [rule.removesuffix(";").split()[1].strip("/").partition("#")[0] for rule in rules]
    assert len(pages) > 100
    assert [page for page in pages if not (site / page).exists()] == []


def test_every_redirect_has_its_page_in_every_language(site: Path) -> None:
    walked = 0
    for entry in read_yaml(tuple[Redirect, ...], (ROOT / FILE).read_text("utf-8"), FILE):
        if entry.former is None:
            continue
        walked += 1
        name, page = entry.source.removeprefix("/"), f"{entry.docname}.html"
        assert _leads_to(site, name) == (f"{entry.lang}/" if entry.lang else "") + page
        if entry.lang is None:
            assert _leads_to(site, f"en/{name}") == f"en/{page}"
    assert walked > 40
