# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Lists: what stands where, and that thousands of items cost no more each than the first."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import lxml.html
import pytest
from docutils import nodes

from ikm_site import listings as lists
from ikm_site.frontmatter import read

REGIONS = ("hamburg", "muenchen", "nordwest", "stuttgart")


def application(count: int) -> Any:
    """An application that has read so many news items, and statements beside them."""
    records, titles = {}, {}
    for number in range(count):
        date = f"{2000 + number % 25}-{1 + number % 12:02}-{1 + number % 28:02}"
        head = (
            "description: Eine Meldung nur für diesen Versuch, ohne Belang.\n"
            f"date: {date}\nkind: meeting\nregions: [{REGIONS[number % 4]}]\n"
            f"workgroups: [europe]\nstatements: [s-{number % 7}]\n"
        )
        name = f"news/{date[:4]}/item-{number:05}"
        records[name] = read(name, head)[0]
        titles[name] = nodes.title(text=f"Meldung {number}")
    for number in range(7):
        name = f"statements/s-{number}"
        head = (
            f"description: Ein Papier nur für diesen Versuch.\ndate: {2001 + number}\nkind: demands"
        )
        records[name] = read(name, head)[0]
        titles[name] = nodes.title(text=f"Papier {number}")
    env = SimpleNamespace(ikm_records=records, ikm_untranslated={}, titles=titles)
    return SimpleNamespace(env=env)


def work(count: int) -> int:
    """The number of calls that all lists and all pages of so many items need."""
    app = application(count)
    calls = 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        lists.generated(app)
        lists._news_list(app, "index", "", {})
        lists._news_archive(app, "news/index", "", {})
        for name in app.env.ikm_records:
            lists._related(app, name, "", {})
    finally:
        sys.setprofile(None)
    return calls


def test_cost_grows_with_the_number_of_items_and_no_faster() -> None:
    few, many = work(300), work(3000)
    assert many < 10 * few * 1.15


def test_a_long_year_goes_on_on_further_pages_with_stable_addresses() -> None:
    app = application(3000)
    made = lists.generated(app)
    year = [name for name in made if name.startswith("news/2003/")]
    assert year == ["news/2003/index", "news/2003/page-2", "news/2003/page-3"]
    assert [len(made[name].items) for name in year] == [50, 50, 20]
    entries = [entry for name in year for entry in made[name].items]
    assert len({entry.docname for entry in entries}) == 120
    dates = [entry.record.date for entry in entries]
    assert dates == sorted(dates, reverse=True)
    assert made["news/2003/index"].values["newer"] == (2004, "news/2004/index")
    assert made["news/2003/index"].values["older"] == (2002, "news/2002/index")
    assert made["news/2000/index"].values["older"] is None


def test_related_items_share_most_and_never_name_the_page_itself() -> None:
    app = application(200)
    page = "news/2003/item-00103"
    found = lists._related(app, page, "", {})["items"]
    assert len(found) == lists.RELATED
    names = [entry.docname for entry in found]
    assert page not in names
    # Its own statement is linked in its card already.
    assert not any(name.startswith("statements/") for name in names)


def test_the_order_of_a_day_does_not_depend_on_the_file_system() -> None:
    app, other = application(100), application(100)
    other.env.ikm_records = dict(reversed(other.env.ikm_records.items()))
    assert lists.index(app) == lists.index(other)


def page(site: Path, name: str) -> Any:
    """A built page."""
    return lxml.html.parse(site / name).getroot()


@pytest.mark.parametrize("path", ["", "en/"])
def test_the_news_page_leads_to_every_year(site: Path, path: str) -> None:
    nav = page(site, f"{path}news/index.html").xpath("//nav[@class='archive']//a")
    years = [link.text for link in nav]
    assert years == sorted(years, reverse=True)
    assert "2016" in years
    for link in nav:
        listed = page(site, f"{path}news/{link.get('href')}")
        files = {file.name for file in (site / path / "news" / link.text).glob("*.html")}
        entries = {a.get("href") for a in listed.xpath("//ul[@class='entries']//a")}
        assert entries == files - {"index.html"}
        assert link.text in listed.findtext(".//h1")


@pytest.mark.parametrize("path", ["", "en/"])
def test_statements_in_three_orders(site: Path, path: str) -> None:
    found = {}
    for name in ("index", "by-kind", "by-addressee"):
        tree = page(site, f"{path}statements/{name}.html")
        found[name] = {a.get("href") for a in tree.xpath("//ul[@class='entries']//a")}
        current = tree.xpath("//nav[@class='archive']//a[@aria-current='page']")
        assert len(current) == 1
    assert found["index"] == found["by-kind"] == found["by-addressee"]
    assert "eu-kohaesionspolitik-2018.html" in found["index"]


def test_a_region_shows_its_items_and_an_item_what_goes_with_it(site: Path) -> None:
    links = page(site, "regions/mitteldeutschland.html").xpath("//section[@class='related']//a")
    assert "../news/2018/ikm-herbsttagung-wittenberg.html" in {a.get("href") for a in links}
    links = page(site, "statements/eu-kohaesionspolitik-2018.html").xpath(
        "//section[@class='related']//a"
    )
    assert "../news/2018/position-eu-kohaesionspolitik.html" in {a.get("href") for a in links}
