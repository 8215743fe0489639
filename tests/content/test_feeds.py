# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Feeds after RFC 4287 and its grammar, the calendar after RFC 5545, as pages show them."""

import datetime
from pathlib import Path

import icalendar
import pytest
from lxml import etree

from ikm_site.languages import LANGUAGES, language
from tests.pages import HOME, record, tree, words

NS = {"a": "http://www.w3.org/2005/Atom"}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
GRAMMAR = etree.RelaxNG(etree.parse(Path(__file__).parent / "schemas" / "atom.rng"))

FEEDS = [
    (entry.code, entry.path + name)
    for entry in LANGUAGES
    for name in ("news/atom.xml", "statements/atom.xml")
]


@pytest.mark.parametrize(("code", "path"), FEEDS)
def test_a_feed_keeps_the_rules_and_says_what_its_pages_say(
    site: Path, code: str, path: str
) -> None:
    feed = etree.parse(site / path).getroot()
    GRAMMAR.assertValid(feed)
    # What a grammar cannot say (RFC 4287, 4.1.1 and 4.1.2).
    assert feed.get(LANG) == code
    assert feed.findtext("a:author/a:name", None, NS)
    links = {link.get("rel"): link.get("href") for link in feed.findall("a:link", NS)}
    assert links == {"self": HOME + path, "alternate": HOME + path.replace("atom.xml", "")}
    times = feed.xpath("a:entry/a:updated/text()", namespaces=NS)
    assert len(times) >= 5
    assert feed.findtext("a:updated", None, NS) == max(times)
    dates = []
    for entry in feed.findall("a:entry", NS):
        (link,) = entry.xpath("a:link[@rel='alternate']/@href", namespaces=NS)
        name = link.removeprefix(HOME)
        identity = "tag:deutsche-metropolregionen.org,2026:" + name.removesuffix(".html")
        assert entry.findtext("a:id", None, NS) == identity
        written = record(name.removeprefix(language(code).path).removesuffix(".html"))
        dates.append(written.date)
        changed = (written.updated or written.date).first
        assert entry.findtext("a:updated", None, NS) == f"{changed}T12:00:00Z"
        page = tree(site, name)
        assert entry.findtext("a:title", None, NS) == words(page.find(".//h1"))
        (description,) = page.xpath("//meta[@name='description']/@content")
        assert entry.findtext("a:summary", None, NS) == description
    assert dates == sorted(dates, reverse=True)


def test_a_feed_claims_no_date_that_is_not_known(site: Path) -> None:
    text = (site / "statements" / "atom.xml").read_text("utf-8")
    assert "eu-kohaesionspolitik-2018" in text
    assert "forderungen-europa-undatiert" not in text
    meeting = "a:entry[contains(a:id, '2026/ikm-tagung-nuernberg')]"
    (entry,) = etree.parse(site / "news" / "atom.xml").getroot().xpath(meeting, namespaces=NS)
    assert entry.find("a:published", NS) is None


@pytest.mark.parametrize("code", [entry.code for entry in LANGUAGES])
def test_the_calendar_can_be_read(site: Path, code: str) -> None:
    data = (site / language(code).path / "news" / "meetings.ics").read_bytes()
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    calendar = icalendar.Calendar.from_ical(data)
    assert not calendar.errors
    assert calendar["VERSION"] == "2.0"
    events = {str(event["UID"]).partition("@")[0]: event for event in calendar.walk("VEVENT")}
    assert "news/2026/ikm-tagung-nuernberg" in events
    for name, event in events.items():
        written = record(name)
        assert event.decoded("DTSTART") == written.date.exact, name
        # The first day after it (RFC 5545, 3.6.1).
        after = (written.end or written.date).exact + datetime.timedelta(days=1)
        assert event.decoded("DTEND") == after, name
        assert event.decoded("DTSTAMP").tzinfo is not None
        assert event["SUMMARY"].params["LANGUAGE"] == code
        assert event["URL"] == f"{HOME}{language(code).path}{name}.html"
    # Only a year is known of this one.
    assert "news/2023/ikm-herbsttagung-stuttgart" not in events
    # Publications are no meetings.
    assert "news/2023/regionales-monitoring" not in events
