# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Lists: what stands where, and that thousands of items cost no more each than the first."""

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ikm_site import listings as lists
from ikm_site.domain import SiteDomain, records
from ikm_site.frontmatter import read_record
from ikm_site.records import Translatable
from tests.conftest import ROOT
from tests.pages import tree

REGIONS = ("hamburg", "muenchen", "nordwest", "stuttgart")


def application(count: int) -> Any:
    """An application that has read so many news items, and statements beside them."""
    found, titles = {}, {}
    for number in range(count):
        date = f"{2000 + number % 25}-{1 + number % 12:02}-{1 + number % 28:02}"
        head = (
            "description: Eine Meldung nur für diesen Versuch, ohne Belang.\n"
            f"date: {date}\nkind: meeting\nregions: [{REGIONS[number % 4]}]\n"
            f"workgroups: [europe]\nstatements: [s-{number % 7}]\n"
        )
        name = f"news/{date[:4]}/item-{number:05}"
        found[name] = read_record(name, f"---\n{head}\n---\n")
        titles[name] = Translatable(f"Meldung {number}")
    for number in range(7):
        name = f"statements/s-{number}"
        head = (
            f"description: Ein Papier nur für diesen Versuch.\ndate: {2001 + number}\nkind: demands"
        )
        found[name] = read_record(name, f"---\n{head}\n---\n")
        titles[name] = Translatable(f"Papier {number}")
    site = SimpleNamespace(data={"records": found, "titles": titles})
    return SimpleNamespace(env=SimpleNamespace(domains={SiteDomain.name: site}))


def work(count: int) -> int:
    """The number of calls that all lists and all pages of so many items need."""
    app = application(count)
    calls = 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        found = lists.Listings(app)
        for entry in (*found.news, *found.statements):
            found.related(entry.docname, entry.record)
    finally:
        sys.setprofile(None)
    return calls


def test_cost_grows_with_the_number_of_items_and_no_faster() -> None:
    few, many = work(300), work(3000)
    assert many < 10 * few * 1.15


def test_related_items_share_most_and_never_name_the_page_itself() -> None:
    app = application(200)
    page = "news/2003/item-00103"
    found = lists.Listings(app).related(page, records(app.env)[page])
    assert len(found) == lists.RELATED
    names = [entry.docname for entry in found]
    assert page not in names
    # Its own statement is linked in its card already.
    assert not any(name.startswith("statements/") for name in names)


@pytest.mark.parametrize("path", ["", "en/"])
def test_the_news_page_leads_to_every_year(site: Path, path: str) -> None:
    nav = tree(site, f"{path}news/index.html").xpath("//nav[@class='archive']//a")
    years = [link.text for link in nav]
    assert years == sorted(years, reverse=True)
    assert "2016" in years
    for link in nav:
        listed = tree(site, f"{path}news/{link.get('href')}")
        files = {file.name for file in (site / path / "news" / link.text).glob("*.html")}
        entries = {a.get("href") for a in listed.xpath("//ul[@class='entries']//a")}
        assert entries == files - {"index.html"}
        assert link.text in listed.findtext(".//h1")
        near = [year for year in years if abs(years.index(year) - years.index(link.text)) == 1]
        beside = listed.xpath("//nav[@class='archive']//a/@href")
        assert beside == [*(f"../{year}/index.html" for year in near), "../index.html#archiv"]


@pytest.mark.parametrize("path", ["", "en/"])
def test_the_list_of_statements_leads_to_year_kind_and_addressee(site: Path, path: str) -> None:
    root = tree(site, f"{path}statements/index.html")
    listed = {a.get("href") for a in root.xpath("//ul[@class='entries']//a")}
    assert "zusammenfuehrung-bmi-2018.html" in listed
    labels = [a.get("href").removeprefix("#") for a in root.xpath("//nav[@class='archive']//a")]
    for prefix in ("jahr-2018", "art-statement", "adressat-federation"):
        assert prefix in labels
    for label in labels:
        assert root.get_element_by_id(label) is not None
    for order in ("art", "adressat"):
        found = {a.get("href") for a in root.get_element_by_id(order).xpath(".//a")}
        assert found == listed


@pytest.mark.parametrize(
    ("path", "hosted"),
    [("", "Metropolregion Rheinland"), ("en/", "Rhineland Metropolitan Region")],
)
def test_every_meeting_stands_on_the_page_of_meetings(site: Path, path: str, hosted: str) -> None:
    rows = tree(site, f"{path}about/meetings.html").xpath("//tbody/tr")
    links = [row.xpath(".//a/@href")[0] for row in rows]
    meetings = [
        f"../{name.relative_to(ROOT).with_suffix('.html')}"
        for name in (ROOT / "news").glob("2*/*.md")
        if "\nkind: meeting\n" in name.read_text("utf-8")
    ]
    assert sorted(links) == sorted(meetings)
    days = [row.xpath(".//time/@datetime")[0] for row in rows]
    assert days == sorted(days, reverse=True)
    row = rows[links.index("../news/2021/ikm-herbsttagung-rheinland.html")]
    assert row.xpath("./td")[0].text in ("Nr.\u00a060", "No.\u00a060")
    assert hosted in row.text_content()
    # A number stands only where a source has it.
    assert rows[links.index("../news/2019/ikm-herbsttagung-einbeck.html")][0].text is None


def test_a_translated_statement_names_its_german_title(site: Path) -> None:
    (shown,) = tree(site, "en/statements/taeu-2030-2020.html").xpath(
        "//dl[@class='record']//dd[@lang='de']"
    )
    assert shown.text_content() == "Stellungnahme zum Entwurf der TAEU 2030"


@pytest.mark.parametrize(
    ("page", "item"),
    [
        ("regions/mitteldeutschland", "ikm-herbsttagung-wittenberg"),
        ("statements/eu-kohaesionspolitik-2018", "position-eu-kohaesionspolitik"),
    ],
)
def test_a_page_shows_the_items_that_go_with_it(site: Path, page: str, item: str) -> None:
    links = tree(site, f"{page}.html").xpath("//section[@class='related']//a/@href")
    assert f"../news/2018/{item}.html" in links
