# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Feeds after RFC 4287 and its grammar, the calendar after RFC 5545, both announced in pages."""

from __future__ import annotations

import datetime
from pathlib import Path

import icalendar
import pytest
from lxml import etree

from ikm_site.languages import LANGUAGES, language
from tests.pages import all_pages, tree

HOME = "https://deutsche-metropolregionen.org/"
A = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
GRAMMAR = etree.RelaxNG(etree.parse(Path(__file__).parent / "schemas" / "atom.rng"))

FEEDS = [
    (entry.code, entry.path + name)
    for entry in LANGUAGES
    for name in ("news/atom.xml", "statements/atom.xml")
]


@pytest.mark.parametrize(("code", "path"), FEEDS)
def test_a_feed_keeps_the_rules(site: Path, code: str, path: str) -> None:
    tree = etree.parse(site / path)
    GRAMMAR.assertValid(tree)
    feed = tree.getroot()
    # What a grammar cannot say (RFC 4287, 4.1.1 and 4.1.2).
    assert feed.get(LANG) == code
    assert feed.findtext(f"{A}author/{A}name")
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{A}link")}
    assert links == {"self": HOME + path, "alternate": HOME + path.replace("atom.xml", "")}
    entries = feed.findall(f"{A}entry")
    assert len(entries) >= 5
    ids = [entry.findtext(f"{A}id") for entry in entries]
    assert len(set(ids)) == len(ids)
    times = [entry.findtext(f"{A}updated") for entry in entries]
    assert times == sorted(times, reverse=True)
    assert feed.findtext(f"{A}updated") == times[0]
    for entry in entries:
        own = [link for link in entry.findall(f"{A}link") if link.get("rel") == "alternate"]
        assert len(own) == 1
        page = own[0].get("href").removeprefix(HOME)
        assert (site / page).is_file()
        assert entry.findtext(f"{A}id") == (
            "tag:deutsche-metropolregionen.org,2026:" + page.removesuffix(".html")
        )


@pytest.mark.parametrize(("code", "path"), FEEDS)
def test_an_entry_says_what_its_page_says(site: Path, code: str, path: str) -> None:
    del code
    for entry in etree.parse(site / path).getroot().findall(f"{A}entry"):
        (link,) = entry.xpath("a:link[@rel='alternate']", namespaces={"a": A[1:-1]})
        page = tree(site, link.get("href").removeprefix(HOME))
        assert entry.findtext(f"{A}title") == page.xpath("string(//h1)").strip().replace(
            "\u00ad", ""
        )
        (description,) = page.xpath("//meta[@name='description']/@content")
        assert entry.findtext(f"{A}summary") == description


def test_what_has_no_date_is_no_news(site: Path) -> None:
    text = (site / "statements" / "atom.xml").read_text("utf-8")
    assert "eu-kohaesionspolitik-2018" in text
    assert "forderungen-europa-undatiert" not in text


def test_an_announcement_does_not_claim_when_it_was_published(site: Path) -> None:
    for entry in etree.parse(site / "news" / "atom.xml").getroot().findall(f"{A}entry"):
        if entry.findtext(f"{A}id").endswith("2026/ikm-tagung-nuernberg"):
            assert entry.find(f"{A}published") is None
            return
    pytest.fail("the announced meeting is not in the feed")


@pytest.mark.parametrize("code", [entry.code for entry in LANGUAGES])
def test_the_calendar_can_be_read(site: Path, code: str) -> None:
    data = (site / language(code).path / "news" / "meetings.ics").read_bytes()
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    calendar = icalendar.Calendar.from_ical(data)
    assert not calendar.errors
    assert calendar["VERSION"] == "2.0"
    events = {str(event["UID"]).partition("@")[0]: event for event in calendar.walk("VEVENT")}
    announced = events["news/2026/ikm-tagung-nuernberg"]
    assert announced.decoded("DTSTART") == datetime.date(2026, 2, 25)
    # The first day after it (RFC 5545, 3.6.1).
    assert announced.decoded("DTEND") == datetime.date(2026, 2, 27)
    assert announced.decoded("DTSTAMP").tzinfo is not None
    assert announced["SUMMARY"].params["LANGUAGE"] == code
    assert str(announced["URL"]).startswith(HOME + language(code).path + "news/2026/")
    # Only a year is known of this one.
    assert "news/2023/ikm-herbsttagung-stuttgart" not in events
    # Publications are no meetings.
    assert "news/2023/regionales-monitoring" not in events


def test_every_page_announces_the_feeds_of_its_language(site: Path) -> None:
    for name in all_pages(site):
        page = tree(site, name)
        prefix = "en/" if name.startswith("en/") else ""
        wanted = [prefix + "news/atom.xml", prefix + "statements/atom.xml"]
        links = page.xpath("//head/link[@rel='alternate'][@type='application/atom+xml']")
        shown = page.xpath("//footer//a[@type='application/atom+xml']")
        for found in (links, shown):
            if name.endswith("404.html"):
                targets = [link.get("href").removeprefix("/") for link in found]
            else:
                folder = (site / name).parent
                targets = [
                    (folder / link.get("href")).resolve().relative_to(site.resolve()).as_posix()
                    for link in found
                ]
            assert targets == wanted, name
        assert page.xpath("//footer//a[@type='text/calendar']")
