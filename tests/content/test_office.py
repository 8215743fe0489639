# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""What the office does, after the examples of CONTRIBUTING.md, word for word: a news item with a
photo and a statement with its PDF, both in German only.

Further items stand for the years to come; `test_listings.py` counts what thousands cost.
"""

import csv
import json
import re
import shutil
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image

from ikm_site.records import RECORDS, Contact, Organisation, Photo, Record, Reference, Step
from tests.conftest import ROOT, build, locked, page, small_project
from tests.content.test_attachments import PDF
from tests.pages import tree

GUIDE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
STATEMENT = "statements/mehrjaehriger-finanzrahmen-2026"
TITLE = "Stellungnahme zum mehrjährigen Finanzrahmen"
ITEM = "news/2026/fruehjahrstagung-leipzig"
FEED = {"a": "http://www.w3.org/2005/Atom"}
#: Two years of this many further items.
MANY = 12

#: The pages that show the new items: front matter beside the description, title, block.
AROUND = {
    "news/index": ("", "Aktuelles", "```{news-archive}\n```"),
    "statements/index": ("", "Stellungnahmen", "```{statement-list}\n```"),
    "about/meetings": ("", "Tagungen", "```{meetings}\n```"),
    "monitoring/index": ("", "Monitoring", "```{figures-pages}\n```"),
    "workgroups/europe": ("lead: Hamburg\n", "Arbeitskreis Europa", "Worte.\n\n% Eine Notiz."),
}


@pytest.fixture(scope="session")
def office(shared: Path) -> Path:
    """A site with the new items, built once a run."""
    project = shared / "office"
    target = project / "_build" / "html"
    with locked(shared / "office.lock"):
        if not target.is_dir():
            _items(small_project(project))
            result = build(target, project)
            assert result.returncode == 0, result.stdout + result.stderr
    return target


def _items(project: Path) -> None:
    with (ROOT / "data/regions.csv").open(encoding="utf-8", newline="") as table:
        regions = [row for row in csv.DictReader(table) if not row["part_of"]]
    for row in regions:
        fields = f"short: {row['name']}\ncode: '{row['bbsr_code']}'\nstates: [Sachsen]\n"
        page(project, f"regions/{row['region']}", f"# {row['name']}\n", fields)
    listed = "\n".join(["about/one", "about/two", *AROUND, "regions/*"])
    page(project, "index", f"# Start\n\n```{{toctree}}\n:hidden:\n:glob:\n{listed}\n```\n")
    for name, (fields, title, block) in AROUND.items():
        page(project, name, f"# {title}\n\n{block}\n", fields)
    for number in range(2 * MANY):
        year = 2027 + number // MANY
        fields = f"date: {year}-{1 + number % 12:02}-{1 + number % 28:02}\nkind: publication\n"
        page(project, f"news/{year}/meldung-{number}", f"# Meldung {number}\n", fields)
    news, statement = re.findall(r"```markdown\n(---\n.*?)```", GUIDE, re.DOTALL)
    (photos,) = re.findall(r"```yaml\n(photos:\n.*?)```", GUIDE, re.DOTALL)
    more = f"\nstatements: [{Path(STATEMENT).name}]\n{photos}---\n"
    for name, text in ((ITEM, news.replace("\n---\n", more, 1)), (STATEMENT, statement)):
        file = project / f"{name}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    # As coarse as a photo, not as noise.
    drawing = Image.effect_noise((80, 50), 50).resize((1600, 1000))
    drawing.save(project / "news/2026/gruppenbild-leipzig.jpg")
    paper = project / f"statements/files/{Path(STATEMENT).name}.pdf"
    paper.parent.mkdir()
    paper.write_bytes(PDF)
    _indicator(project / "data")


def _indicator(data: Path) -> None:
    """A new indicator: one table and one entry. Shares are weighted by the population of each year."""
    file = data / "datapackage.json"
    package = json.loads(file.read_text("utf-8"))
    whole = json.loads((ROOT / "data/datapackage.json").read_text("utf-8"))
    known = next(entry for entry in whole["resources"] if entry["name"] == "cars")
    entry = {**known, "name": "bicycles", "path": "by-district/bicycles.csv", "title": "Fahrräder"}
    entry["indicator"] = {**known["indicator"], "label": "Räder"}
    package["resources"].append(entry)
    file.write_text(json.dumps(package), encoding="utf-8")
    shutil.copyfile(data / known["path"], data / entry["path"])
    table = "by-district/population.csv"
    shutil.copyfile(ROOT / "data" / table, data / table)


def test_the_guide_names_every_field() -> None:
    parts: list[type[Record]] = [Photo, Reference, Step, Contact, Organisation]
    for model in [*RECORDS.values(), *parts]:
        for field in model.model_fields:
            assert f"`{field}`" in GUIDE, f"{model.__name__}.{field}"


@pytest.mark.parametrize("path", ["", "en/"])
def test_a_photo_is_shown_in_three_sizes_with_its_words(office: Path, path: str) -> None:
    (picture,) = tree(office, f"{path}{ITEM}.html").xpath("//figure[@class='photo']")
    (image,) = picture.xpath(".//img")
    assert image.get("alt").startswith("Gruppenbild von")
    assert image.get("lang") == ("de" if path else None)
    assert "Nutzung genehmigt" in picture.text_content()
    sizes = image.get("srcset").split(", ")
    assert [size.rpartition(" ")[2] for size in sizes] == ["480w", "800w", "1440w"]
    for name in [image.get("src"), *(size.split()[0] for size in sizes)]:
        file = (office / f"{path}{ITEM}").parent / name
        with Image.open(file) as shown:
            assert not shown.getexif()
        assert file.stat().st_size < 200_000


@pytest.mark.parametrize("path", ["", "en/"])
def test_a_new_indicator_has_its_page_and_files(office: Path, path: str) -> None:
    page = tree(office, f"{path}monitoring/bicycles.html")
    assert page.findtext(".//h1") == "Fahrräder"
    # Four districts stand in two regions.
    assert len(page.xpath("//section[@id='karte']//details//td")) == 404
    for file in ("csv", "json", "svg"):
        assert (office / f"{path}data/bicycles.{file}").is_file()
    menu = tree(office, f"{path}monitoring/population.html").xpath("//nav//a[text()='Räder']/@href")
    assert "../monitoring/bicycles.html" in menu


@pytest.mark.parametrize(("path", "language"), [("", "Deutsch"), ("en/", "German")])
def test_the_statement_shows_its_pdf(office: Path, path: str, language: str) -> None:
    name = f"{path}{STATEMENT}.html"
    (link,) = tree(office, name).xpath("//dl[@class='record']//a[@type='application/pdf']")
    # One address for all languages.
    file = office / f"statements/files/{Path(STATEMENT).name}.pdf"
    assert ((office / name).parent / link.get("href")).resolve() == file.resolve()
    assert file.read_bytes() == PDF
    assert link.get("hreflang") == "de"
    shown = link.getparent().text_content()
    assert language in shown and "1\u00a0kB" in shown
    assert "anfragen" not in shown


def hrefs(office: Path, name: str, within: str) -> list[str]:
    """Where the links within a part of a page lead to."""
    found: list[str] = tree(office, name).xpath(f"{within}//a/@href")
    return found


@pytest.mark.parametrize("path", ["", "en/"])
def test_the_items_appear_where_they_should(office: Path, path: str) -> None:
    listed = tree(office, f"{path}statements/index.html")
    assert hrefs(office, f"{path}statements/index.html", "//ul[@class='entries']") == [
        f"{Path(STATEMENT).name}.html"
    ]
    (europe,) = listed.xpath("//*[@id='adressat-europe']/following-sibling::ul[1]")
    assert TITLE in europe.text_content()
    entry = etree.parse(office / f"{path}statements/atom.xml").find("a:entry", FEED)
    assert entry.findtext("a:title", None, FEED) == TITLE
    assert entry.findtext("a:updated", None, FEED).startswith("2026-03-02")
    item = f"../{ITEM}.html"
    assert item in hrefs(office, f"{path}about/meetings.html", "//table")
    for name in (STATEMENT, "regions/mitteldeutschland"):
        assert item in hrefs(office, f"{path}{name}.html", "//section[@class='related']"), name
    calendar = (office / path / "news/meetings.ics").read_text("utf-8")
    assert "DTSTART;VALUE=DATE:20260504" in calendar
    assert "DTEND;VALUE=DATE:20260506" in calendar


def test_the_missing_translation_is_shown_as_such(office: Path) -> None:
    page = tree(office, f"en/{ITEM}.html")
    assert page.get("lang") == "en"
    assert page.find(".//h1").get("lang") == "de"
    (link,) = tree(office, "en/news/2026/index.html").xpath("//ul[@class='entries']//a")
    assert link.xpath("ancestor-or-self::*[@lang][1]/@lang") == ["de"]


def test_a_note_behind_a_percent_sign_is_not_published(office: Path) -> None:
    assert "Notiz" not in (office / "workgroups/europe.html").read_text("utf-8")


@pytest.mark.parametrize("path", ["", "en/"])
def test_many_items_are_listed_by_year(office: Path, path: str) -> None:
    year = hrefs(office, f"{path}news/2028/index.html", "//ul[@class='entries']")
    assert len({*year}) == MANY
    newest = tree(office, f"{path}news/index.html").xpath("//section[@class='year']//li")
    assert len(newest) == 20
