"""The portraits of the regions: which there are, their headings, who carries one, whom to ask."""

import re
from itertools import product
from pathlib import Path

import pytest

from tests.conftest import rows
from tests.content.test_facts import FACTS
from tests.pages import main, record, words

#: All that have a portrait; parts of Rhein-Ruhr are no regions.
PORTRAITS = sorted(Path(name).name for name in FACTS if name.startswith("regions/"))
#: The headings of each portrait, in both languages, in their order.
HEADINGS = {
    "": ["In Zahlen", "Was die Region ausmacht", "Ziele", "Projekte", "Organisation",
         "Verkehr, Messen und Hochschulen", "Gebiet", "Entwicklung", "Kontakt"],
    "en/": ["In figures", "What makes the region distinctive", "Goals", "Projects", "Organisation",
            "Transport, trade fairs and universities", "Area", "Development over time", "Contact"],
}  # fmt: skip

each_portrait = pytest.mark.parametrize(("path", "region"), [*product(HEADINGS, PORTRAITS)])


def test_there_are_eleven_regions(site: Path, path: str) -> None:
    pages = {file.stem for file in (site / path / "regions").glob("*.html")}
    assert pages == {*PORTRAITS, "index"}
    cards = main(site, f"{path}regions/index.html").xpath(".//ul[@class='cards']//a/@href")
    regions = [name for name in PORTRAITS if record(f"regions/{name}").recognised]
    assert sorted(cards) == [f"{name}.html" for name in regions]
    assert len(cards) == 11


@each_portrait
def test_a_portrait_has_its_headings(site: Path, path: str, region: str) -> None:
    recognised = record(f"regions/{region}").recognised
    page = main(site, f"{path}regions/{region}.html")
    facts = {words(row[0]): words(row[1]) for row in page.xpath(".//dl[@class='record']/div")}
    label = "Recognised since" if path else "Anerkannt seit"
    assert facts.get(label) == (str(recognised) if recognised else None)
    headings = page.xpath(".//section[@id]/h2")
    assert [next(heading.itertext()).strip() for heading in headings] == HEADINGS[path]
    sections = [heading.getparent() for heading in headings]
    assert 2 <= len(sections[3].xpath("./ul/li")) <= 5
    assert re.search(r"17\. Juli 2023|17 July 2023", sections[5].text_content())


@each_portrait
def test_a_portrait_names_every_district(site: Path, path: str, region: str) -> None:
    members = {row["district"] for row in rows("data/membership.csv") if row["region"] == region}
    page = main(site, f"{path}regions/{region}.html")
    listed = page.xpath(".//*[contains(@class, 'districts')]//li")
    shown = {words(item).partition(",")[0] for item in listed}
    # Names repeat (city and district), so each member must have an entry of its own.
    assert len(shown) == len(members)
    for row in rows("data/districts.csv"):
        assert row["ags"] not in members or any(item.startswith(row["name"]) for item in shown)


@each_portrait
def test_a_portrait_says_whom_to_ask(site: Path, path: str, region: str) -> None:
    section = main(site, f"{path}regions/{region}.html").xpath(".//section[@id][h2]")[-1]
    known = record(f"regions/{region}")
    contact = known.contact.model_dump(exclude_none=True) if known.contact else {}
    links = section.xpath(".//dl//a/@href")
    for field, value in contact.items():
        assert value in (links if field == "website" else section.text_content())
    told = [link for link in links if link.startswith(("tel:", "mailto:"))]
    phone = re.sub("[ -]", "", contact.get("phone", ""))
    wanted = {f"tel:{phone}": phone, f"mailto:{contact.get('email')}": "email" in contact}
    assert sorted(told) == sorted(link for link, known in wanted.items() if known)
    # Rhein-Ruhr has no office of its own and names those of its parts.
    if not {"street", "phone", "email"} <= contact.keys() and region != "rhein-ruhr":
        assert any(question.startswith("Kontakt") for question in known.open)


@each_portrait
def test_a_portrait_shows_the_organisations(site: Path, path: str, region: str) -> None:
    lists = main(site, f"{path}regions/{region}.html").xpath(".//*[@id='organisation']/dl")
    for shown, organisation in zip(lists, record(f"regions/{region}").organisations, strict=True):
        name, *others = shown.xpath(".//dd")
        assert name.text_content() == organisation.name
        assert name.xpath("a/@href") == [organisation.website]
        assert name.get("lang") == ("de" if path else None)
        # What is shown of an organisation below its name.
        fields = (organisation.legal_form, organisation.seat, organisation.founded)
        known = [str(field) for field in fields if field]
        for field, word in zip(others, known, strict=True):
            assert field.get("lang") is None
            assert path or field.text_content() == word
        assert not path or others[0].text_content() != known[0]
