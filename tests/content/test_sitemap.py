# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Being found: sitemap, robots.txt, previews, the page for missing addresses."""

import urllib.robotparser
from datetime import date
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image

from ikm_site.languages import LANGUAGES, Language
from tests.conftest import ROOT
from tests.pages import HOME, main, pages, record, tree

NS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).parent / "schemas" / "sitemap.xsd"))


def urls(site: Path, path: str) -> list[etree._Element]:
    """The entries of the sitemap of a language."""
    sitemap = etree.parse(site / path / "sitemap.xml")
    SCHEMA.assertValid(sitemap)
    found: list[etree._Element] = sitemap.findall(".//s:url", NS)
    return found


def versions(element: etree._Element, path: str) -> list[tuple[str, str]]:
    """The addresses of a page in all languages."""
    found = element.xpath(path, namespaces=NS)
    return sorted((link.get("hreflang"), link.get("href")) for link in found)


@pytest.mark.parametrize("entry", LANGUAGES, ids=lambda entry: entry.code)
def test_a_sitemap_names_every_page_of_its_language_as_it_does_itself(
    site: Path, entry: Language
) -> None:
    known = [tree(site, name) for name in pages(site, entry.code)]
    told = [
        (address, versions(root, "head/link[@hreflang]"))
        for root in known
        for address in root.xpath("head/link[@rel='canonical']/@href")
    ]
    found = [
        (url.findtext("s:loc", None, NS), versions(url, "x:link")) for url in urls(site, entry.path)
    ]
    assert sorted(found) == sorted(told)
    assert len(found) == len(known) - 2


def test_days_of_change_are_those_of_the_records(site: Path) -> None:
    days = {
        url.findtext("s:loc", None, NS): url.findtext("s:lastmod", None, NS)
        for path in ("", "en/")
        for url in urls(site, path)
    }
    for page in ROOT.glob("news/*/*.md"):
        name = page.relative_to(ROOT).with_suffix("").as_posix()
        item = record(name)
        told = item.updated or (None if item.announced else item.end or item.date)
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


def test_the_pictures_have_the_size_that_is_announced(site: Path) -> None:
    for file in (site / "_static" / "preview").iterdir():
        with Image.open(file) as picture:
            assert (picture.format, picture.size) == ("PNG", (1200, 630))
        assert file.stat().st_size < 30_000


def test_the_404_page_searches_and_leads_to_the_main_entries(site: Path, path: str) -> None:
    content = main(site, f"{path}404.html")
    form = content.find(".//form")
    assert form.get("action") == f"/{path}search.html"
    assert form.find("input[@name='q']") is not None
    sections = ("", "news/", "about/", "regions/", "monitoring/")
    wanted = {f"/{path}{section}index.html" for section in sections}
    assert wanted <= {*content.xpath(".//a/@href")}
