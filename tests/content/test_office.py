# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""What the office does: one new statement with its PDF, one news item in German only.

Further items stand for the years to come; `test_listings.py` counts what thousands cost.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image

from ikm_site.records import RECORDS, Contact, Organisation, Photo, Record, Source, Step
from tests.conftest import ROOT, build, copy, locked
from tests.content.test_attachments import PDF
from tests.pages import tree

NAME = "mehrjaehriger-finanzrahmen-2026"
TITLE = "Stellungnahme zum mehrjährigen Finanzrahmen"
ITEM = "news/2026/fruehjahrstagung-leipzig"
A = "{http://www.w3.org/2005/Atom}"
#: Two years of this many further items.
MANY = 30

STATEMENT = f"""---
description: Stellungnahme des IKM vom 2. März 2026 zum mehrjährigen Finanzrahmen der Europäischen Union.
date: 2026-03-02
kind: statement
addressee: Europäische Kommission
addressed_to: [europe]
document: files/{NAME}.pdf
regions: [mitteldeutschland]
---

# {TITLE}

Der IKM nimmt Stellung.
"""

NEWS = f"""---
description: Die Mitglieder des IKM haben sich am 4. und 5. Mai 2026 in Leipzig zur Frühjahrstagung getroffen.
date: 2026-05-04
end: 2026-05-05
kind: meeting
place: Leipzig
regions: [mitteldeutschland]
statements: [{NAME}]
---

# Frühjahrstagung in Leipzig

Es ging um den [Finanzrahmen](/statements/{NAME}.md).
"""


@pytest.fixture(scope="session")
def office(shared: Path) -> Path:
    """The site with the new items, built once a run from a copy of the project."""
    project = shared / "office"
    target = project / "_build" / "html"
    with locked(shared / "office.lock"):
        if not target.is_dir():
            _items(copy(project))
            result = build(target, project)
            assert result.returncode == 0, result.stdout + result.stderr
    return target


def _items(project: Path) -> None:
    (project / f"statements/{NAME}.md").write_text(STATEMENT, encoding="utf-8")
    paper = project / f"statements/files/{NAME}.pdf"
    paper.parent.mkdir(exist_ok=True)
    paper.write_bytes(PDF)
    file = project / f"{ITEM}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(NEWS, encoding="utf-8")
    for number in range(2 * MANY):
        year = 2027 + number // MANY
        file = project / f"news/{year}/meldung-{number:04}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        day = f"{year}-{1 + number % 12:02}-{1 + number % 28:02}"
        file.write_text(
            f"---\ndescription: Eine erdachte Meldung der kommenden Jahre, Nummer {number}.\n"
            f"date: {day}\nkind: publication\n---\n\n# Meldung Nummer {number}\n\nWorte.\n",
            encoding="utf-8",
        )
    _examples(project)
    _indicator(project / "data")


def _indicator(data: Path) -> None:
    """A new indicator: one table and one entry."""
    package = json.loads((data / "datapackage.json").read_text("utf-8"))
    known = next(entry for entry in package["resources"] if entry["name"] == "cars")
    entry = {**known, "name": "bicycles", "path": "by-district/bicycles.csv", "title": "Fahrräder"}
    entry["indicator"] = {**known["indicator"], "label": "Räder"}
    package["resources"].append(entry)
    (data / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    shutil.copyfile(data / known["path"], data / entry["path"])


def _examples(project: Path) -> None:
    """What CONTRIBUTING.md shows, word for word: a news item with photos, and a statement."""
    guide = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    news, statement = re.findall(r"```markdown\n(---\n.*?)```", guide, re.DOTALL)
    (photos,) = re.findall(r"```yaml\n(photos:\n.*?)```", guide, re.DOTALL)
    item = project / "news/2026/beispiel.md"
    item.write_text(news.replace("\n---\n", f"\n{photos}---\n", 1), encoding="utf-8")
    # As coarse as a photo, not as noise.
    drawing = Image.effect_noise((80, 50), 50).resize((1600, 1000))
    drawing.save(item.with_name("gruppenbild-leipzig.jpg"))
    old = statement.replace("date: 2026-03-02", "date: 2012-03-02")
    (project / "statements/beispiel.md").write_text(old, encoding="utf-8")


def test_the_examples_of_the_guide_are_pages_with_their_photo(office: Path) -> None:
    assert tree(office, "statements/beispiel.html").xpath("//a[@type='application/pdf']")
    for path in ("", "en/"):
        page = tree(office, f"{path}news/2026/beispiel.html")
        (picture,) = page.xpath("//figure[@class='photo']")
        (image,) = picture.xpath(".//img")
        assert image.get("alt").startswith("Gruppenbild von")
        assert image.get("lang") == ("de" if path else None)
        assert "Nutzung genehmigt" in picture.text_content()
        sizes = image.get("srcset").split(", ")
        assert [size.rpartition(" ")[2] for size in sizes] == ["480w", "800w", "1440w"]
        for name in [image.get("src"), *(size.split()[0] for size in sizes)]:
            file = office / f"{path}news/2026" / name
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
    menu = tree(office, f"{path}monitoring/cars.html").xpath("//nav//a[text()='Räder']/@href")
    assert "../monitoring/bicycles.html" in menu


def test_the_guide_names_every_field() -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    parts: list[type[Record]] = [Photo, Source, Step, Contact, Organisation]
    for model in [*RECORDS.values(), *parts]:
        for field in model.model_fields:
            assert f"`{field}`" in guide, f"{model.__name__}.{field}"


def test_the_statement_shows_its_pdf(office: Path) -> None:
    file = office / f"statements/files/{NAME}.pdf"
    assert file.read_bytes() == PDF
    for name, words in (
        (f"statements/{NAME}.html", ["Deutsch", "1\u00a0kB"]),
        (f"en/statements/{NAME}.html", ["German", "1\u00a0kB"]),
    ):
        page = tree(office, name)
        (link,) = page.xpath("//dl[@class='record']//a[@type='application/pdf']")
        assert ((office / name).parent / link.get("href")).resolve() == file.resolve()
        assert link.get("hreflang") == "de"
        shown = link.getparent().text_content()
        for word in words:
            assert word in shown
        assert "anfragen" not in shown
    # One address for all languages.
    assert not (office / "en/statements/files").exists()


@pytest.mark.parametrize("path", ["", "en/"])
def test_the_statement_appears_where_it_should(office: Path, path: str) -> None:
    listed = tree(office, f"{path}statements/index.html")
    links = listed.xpath("//ul[@class='entries']//a")
    assert links[0].text == TITLE
    assert links[0].get("href") == f"{NAME}.html"
    (europe,) = listed.xpath("//*[@id='adressat-europe']/following-sibling::ul[1]")
    assert TITLE in europe.text_content()
    first = etree.parse(office / f"{path}statements/atom.xml").getroot().find(f"{A}entry")
    assert first.findtext(f"{A}title") == TITLE
    assert first.findtext(f"{A}updated").startswith("2026-03-02")
    related = tree(office, f"{path}regions/mitteldeutschland.html").xpath(
        "//section[@class='related']//a"
    )
    assert f"../statements/{NAME}.html" in {link.get("href") for link in related}


def test_the_missing_translation_is_shown_as_such(office: Path) -> None:
    page = tree(office, f"en/{ITEM}.html")
    assert page.get("lang") == "en"
    assert page.get_element_by_id("inhalt").get("lang") == "de" or page.find(".//h1").get("lang")
    links = tree(office, "en/news/2026/index.html").xpath("//ul[@class='entries']//a")
    (link,) = [link for link in links if link.get("href") == "fruehjahrstagung-leipzig.html"]
    assert link.get("lang") == "de"


def test_the_meeting_is_found_everywhere(office: Path) -> None:
    calendar = (office / "news/meetings.ics").read_text("utf-8")
    assert "DTSTART;VALUE=DATE:20260504" in calendar
    assert "DTEND;VALUE=DATE:20260506" in calendar
    links = tree(office, "about/meetings.html").xpath("//table//a/@href")
    assert f"../{ITEM}.html" in links
    related = tree(office, f"statements/{NAME}.html").xpath("//section[@class='related']//a")
    assert f"../{ITEM}.html" in {link.get("href") for link in related}


def test_many_items_are_listed_by_year(office: Path) -> None:
    for path in ("", "en/"):
        listed = tree(office, f"{path}news/2028/index.html")
        assert len(set(listed.xpath("//ul[@class='entries']//a/@href"))) == MANY
        newest = tree(office, f"{path}news/index.html").xpath("//section[@class='year']//li")
        assert len(newest) == 20
