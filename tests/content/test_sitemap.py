# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Being found: sitemap, robots.txt, canonical addresses, previews."""

from __future__ import annotations

import re
import struct
import urllib.robotparser
from datetime import date
from pathlib import Path

import pytest
from docutils import nodes
from ikm_site.whole import sitemap
from lxml import etree, html

from ikm_site.frontmatter import read, split
from ikm_site.languages import LANGUAGES
from ikm_site.listings import last_change
from ikm_site.records import News
from ikm_site.redirects import files, load
from tests.conftest import ROOT
from tests.content.test_listings import application

HOME = "https://deutsche-metropolregionen.org/"
NS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).parent / "schemas" / "sitemap.xsd"))


def pages(site: Path) -> dict[str, Path]:
    """All pages that readers shall find, by their public address."""
    moved = files(load(Path.cwd()))
    found = {}
    for file in sorted(site.rglob("*.html")):
        name = file.relative_to(site).as_posix()
        if name not in moved and file.name not in ("404.html", "search.html"):
            found[HOME + re.sub(r"(^|/)index\.html$", r"\1", name)] = file
    return found


def test_the_sitemap_fits_its_schema(site: Path) -> None:
    SCHEMA.assertValid(etree.parse(site / "sitemap.xml"))


@pytest.mark.parametrize("day", ["2024", "2024-02-30", "gestern"])
def test_the_schema_notices_a_wrong_day(day: str) -> None:
    assert not SCHEMA.validate(etree.fromstring(sitemap({"a.html": day}, HOME)))


def test_it_names_every_page_once_and_in_order(site: Path) -> None:
    tree = etree.parse(site / "sitemap.xml")
    found = [node.text for node in tree.iterfind(".//s:loc", NS)]
    assert sorted(found) == sorted(pages(site))
    german = [address for address in found if not address.startswith(HOME + "en/")]
    assert found == german + [address.replace(HOME, HOME + "en/", 1) for address in german]


def test_every_entry_names_the_page_in_all_languages(site: Path) -> None:
    known = set(pages(site))
    for url in etree.parse(site / "sitemap.xml").iterfind(".//s:url", NS):
        links = {link.get("hreflang"): link.get("href") for link in url.iterfind("x:link", NS)}
        assert set(links) == {*(language.code for language in LANGUAGES), "x-default"}
        assert links["x-default"] == links["de"]
        assert url.findtext("s:loc", namespaces=NS) in links.values()
        assert set(links.values()) <= known


def test_days_of_change_are_those_of_the_records(site: Path) -> None:
    days = {
        url.findtext("s:loc", namespaces=NS): url.findtext("s:lastmod", namespaces=NS)
        for url in etree.parse(site / "sitemap.xml").iterfind(".//s:url", NS)
    }
    for page in sorted(ROOT.glob("news/*/*.md")):
        name = page.relative_to(ROOT).with_suffix("").as_posix()
        record, _ = read(name, split(page.read_text("utf-8"))[0])
        assert isinstance(record, News)
        told = record.updated or (None if record.announced else record.end or record.date)
        wanted = str(told) if told is not None and told.day else None
        assert days[f"{HOME}{name}.html"] == days[f"{HOME}en/{name}.html"] == wanted
    given = [date.fromisoformat(day) for day in days.values() if day]
    assert given
    assert max(given) <= date.today()


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("date: 2024-11-18\nkind: meeting", "2024-11-18"),
        ("date: 2024-11-18\nend: 2024-11-19\nkind: meeting", "2024-11-19"),
        ("date: 2024-11-18\nkind: meeting\nupdated: 2025-01-02", "2025-01-02"),
        # Only a month or a year is known.
        ("date: 2024-11\nkind: meeting", None),
        ("date: 2024\nkind: meeting", None),
        # The page is older than the meeting that it announces.
        ("date: 2024-11-18\nkind: meeting\nannounced: true", None),
        ("date: 2024-11-18\nkind: meeting\nannounced: true\nupdated: 2024-05-01", "2024-05-01"),
    ],
)
def test_a_day_of_change_is_truthful_or_left_out(head: str, day: str | None) -> None:
    app = application(0)
    text = "description: Eine Meldung nur für diesen Versuch, ohne Belang.\n" + head
    app.env.ikm_records = {"news/2024/x": read("news/2024/x", text)[0]}
    app.env.titles = {"news/2024/x": nodes.title(text="Versuch")}
    # A list changes with its newest item.
    for name in ("news/2024/x", "news/2024/index", "news/index"):
        found = last_change(app, name)
        assert (str(found) if found is not None else None) == day
    assert last_change(app, "statements/index") is None


def test_robots_may_read_everything_and_find_the_sitemap(site: Path) -> None:
    parser = urllib.robotparser.RobotFileParser()
    parser.parse((site / "robots.txt").read_text("utf-8").splitlines())
    assert parser.site_maps() == [HOME + "sitemap.xml"]
    assert parser.can_fetch("AnyBot", HOME + "en/news/")


def test_every_page_says_who_it_is(site: Path) -> None:
    pictures = set()
    for address, file in pages(site).items():
        head = html.fromstring(file.read_bytes()).find("head")
        meta = {
            node.get("property") or node.get("name"): node.get("content")
            for node in head.iter("meta")
        }
        assert [n.get("href") for n in head.iterfind("link[@rel='canonical']")] == [address]
        assert meta["og:url"] == address
        assert meta["og:title"]
        assert meta["og:description"] == meta["description"], address
        english = address.startswith(HOME + "en/")
        assert meta["og:locale"] == ("en_GB" if english else "de_DE")
        assert meta["og:locale:alternate"] == ("de_DE" if english else "en_GB")
        picture = meta["og:image"]
        assert picture.startswith(HOME + ("en/_static/" if english else "_static/preview/"))
        assert (site / picture.removeprefix(HOME)).is_file()
        pictures.add(picture)
        assert meta["og:image:alt"]
        assert meta.get("robots") is None
    # Each section and each region has its own.
    assert len(pictures) > 30


@pytest.mark.parametrize("name", ["404.html", "search.html", "en/404.html", "en/search.html"])
def test_the_search_and_the_page_for_missing_addresses_are_no_addresses(
    site: Path, name: str
) -> None:
    head = html.fromstring((site / name).read_bytes()).find("head")
    assert head.find("link[@rel='canonical']") is None
    assert name not in (site / "sitemap.xml").read_text("utf-8")


def test_the_pictures_have_the_size_that_is_announced(site: Path) -> None:
    for file in (site / "_static" / "preview").iterdir():
        data = file.read_bytes()
        assert data.startswith(b"\x89PNG\r\n\x1a\n")
        assert struct.unpack(">II", data[16:24]) == (1200, 630)
        assert len(data) < 30_000


def test_the_404_page_searches_and_leads_to_the_main_entries(site: Path) -> None:
    for prefix in ("/", "/en/"):
        page = html.fromstring((site / prefix.strip("/") / "404.html").read_bytes())
        main = page.get_element_by_id("inhalt")
        form = main.find(".//form")
        assert form.get("action") == prefix + "search.html"
        assert form.find("input[@name='q']") is not None
        targets = {link.get("href") for link in main.iter("a")}
        for entry in ("index.html", "news/index.html", "about/index.html", "regions/index.html",
                      "monitoring/index.html"):  # fmt: skip
            assert prefix + entry in targets
