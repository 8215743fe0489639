# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Being found: sitemap, robots.txt, canonical addresses, previews."""

import re
import struct
import urllib.robotparser
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from ikm_site.frontmatter import read_record
from ikm_site.languages import LANGUAGES
from ikm_site.records import News
from tests.conftest import ROOT
from tests.pages import all_pages, tree

HOME = "https://deutsche-metropolregionen.org/"
NS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).parent / "schemas" / "sitemap.xsd"))


def public(site: Path) -> dict[str, str]:
    """All pages that readers shall find, by their public address."""
    return {
        HOME + re.sub(r"(^|/)index\.html$", r"\1", name): name
        for name in all_pages(site)
        if not name.endswith(("404.html", "search.html"))
    }


def urls(site: Path, path: str) -> list[etree._Element]:
    """The entries of the sitemap of a language."""
    sitemap = etree.parse(site / path / "sitemap.xml")
    SCHEMA.assertValid(sitemap)
    found: list[etree._Element] = sitemap.findall(".//s:url", NS)
    return found


@pytest.mark.parametrize("path", [entry.path for entry in LANGUAGES])
def test_a_sitemap_names_every_page_of_its_language_once(site: Path, path: str) -> None:
    known = public(site)
    found = [url.findtext("s:loc", None, NS) for url in urls(site, path)]
    own = [address for address in known if address.startswith(HOME + "en/") == bool(path)]
    assert sorted(found) == sorted(own)
    for url, address in zip(urls(site, path), found, strict=True):
        links = {link.get("hreflang"): link.get("href") for link in url.iterfind("x:link", NS)}
        assert links.keys() == {*(language.code for language in LANGUAGES), "x-default"}
        assert links["x-default"] == links["de"]
        assert address in links.values()
        assert known.keys() >= {*links.values()}


def test_days_of_change_are_those_of_the_records(site: Path) -> None:
    days = {
        url.findtext("s:loc", None, NS): url.findtext("s:lastmod", None, NS)
        for path in ("", "en/")
        for url in urls(site, path)
    }
    for page in sorted(ROOT.glob("news/*/*.md")):
        name = page.relative_to(ROOT).with_suffix("").as_posix()
        record = read_record(name, page.read_text("utf-8"))
        assert isinstance(record, News)
        told = record.updated or (None if record.announced else record.end or record.date)
        wanted = str(told) if told is not None and told.exact else None
        assert days[f"{HOME}{name}.html"] == days[f"{HOME}en/{name}.html"] == wanted
    given = [date.fromisoformat(day) for day in days.values() if day]
    assert given
    assert max(given) <= date.today()


def test_robots_may_read_everything_and_find_the_sitemap(site: Path) -> None:
    parser = urllib.robotparser.RobotFileParser()
    parser.parse((site / "robots.txt").read_text("utf-8").splitlines())
    assert parser.site_maps() == [HOME + "sitemap.xml", HOME + "en/sitemap.xml"]
    assert parser.can_fetch("AnyBot", HOME + "en/news/")


def test_every_page_says_who_it_is(site: Path) -> None:
    pictures = set()
    for address, name in public(site).items():
        head = tree(site, name).find("head")
        meta = {
            node.get("property") or node.get("name"): node.get("content")
            for node in head.iter("meta")
        }
        assert [n.get("href") for n in head.iterfind("link[@rel='canonical']")] == [address]
        versions = {
            link.get("hreflang"): link.get("href") for link in head.iterfind("link[@hreflang]")
        }
        path = address.removeprefix(HOME).removeprefix("en/")
        german, english = HOME + path, f"{HOME}en/{path}"
        assert versions == {"de": german, "en": english, "x-default": german}
        assert meta["og:url"] == address
        assert meta["og:title"]
        assert meta["og:description"] == meta["description"], address
        locales = ("de_DE", "en_GB") if address == german else ("en_GB", "de_DE")
        assert (meta["og:locale"], meta["og:locale:alternate"]) == locales
        picture = meta["og:image"]
        assert picture.startswith(f"{HOME}{'' if address == german else 'en/'}_static/")
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
    assert tree(site, name).find("head/link[@rel='canonical']") is None


def test_the_pictures_have_the_size_that_is_announced(site: Path) -> None:
    for file in (site / "_static" / "preview").iterdir():
        data = file.read_bytes()
        assert data.startswith(b"\x89PNG\r\n\x1a\n")
        assert struct.unpack(">II", data[16:24]) == (1200, 630)
        assert len(data) < 30_000


@pytest.mark.parametrize("prefix", ["/", "/en/"])
def test_the_404_page_searches_and_leads_to_the_main_entries(site: Path, prefix: str) -> None:
    main = tree(site, f"{prefix[1:]}404.html").get_element_by_id("inhalt")
    form = main.find(".//form")
    assert form.get("action") == prefix + "search.html"
    assert form.find("input[@name='q']") is not None
    sections = ("", "news/", "about/", "regions/", "monitoring/")
    assert {f"{prefix}{entry}index.html" for entry in sections} <= {*main.xpath(".//a/@href")}
