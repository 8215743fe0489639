# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The portraits of the regions: the same headings, who carries a region, whom to ask."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import lxml.html
import pytest
import yaml

from tests.conftest import ROOT
from tests.pages import tree

REGIONS = sorted(path.stem for path in (ROOT / "regions").glob("*.md") if path.stem != "index")


#: The headings of each portrait, in both languages, in their order.
HEADINGS = {
    "": ["In Zahlen", "Was die Region ausmacht", "Ziele", "Projekte", "Organisation",
         "Verkehr, Messen und Hochschulen", "Gebiet", "Entwicklung", "Kontakt"],
    "en/": ["In figures", "What makes the region distinctive", "Goals", "Projects", "Organisation",
            "Transport, trade fairs and universities", "Area", "Development over time", "Contact"],
}  # fmt: skip


def front_matter(region: str) -> dict[str, Any]:
    text = (ROOT / "regions" / f"{region}.md").read_text("utf-8")
    result: dict[str, Any] = yaml.safe_load(text.split("---\n")[1])
    return result


def section(site: Path, name: str, heading: str) -> lxml.html.HtmlElement:
    return tree(site, f"{name}.html").xpath(
        f"//main//section[h2[starts-with(normalize-space(), '{heading}')]]"
    )[0]


@pytest.mark.parametrize("path", HEADINGS)
@pytest.mark.parametrize("region", REGIONS)
def test_each_portrait_has_the_same_headings_and_two_to_five_projects(
    site: Path, region: str, path: str
) -> None:
    name = f"{path}regions/{region}"
    found = [
        next(h.itertext()).strip()
        for h in tree(site, f"{name}.html").xpath("//main//section[@id]/h2")
    ]
    assert found == HEADINGS[path]
    assert 2 <= len(section(site, name, HEADINGS[path][3]).xpath("./ul/li")) <= 5
    places = section(site, name, HEADINGS[path][5]).text_content()
    assert re.search(r"17\. Juli 2023|17 July 2023", places)


@pytest.mark.parametrize("path", HEADINGS)
@pytest.mark.parametrize("region", REGIONS)
def test_the_office_is_shown_as_far_as_it_is_known(site: Path, region: str, path: str) -> None:
    contact = front_matter(region).get("contact", {})
    block = section(site, f"{path}regions/{region}", HEADINGS[path][-1])
    links = block.xpath(".//dl//a/@href")
    text = block.text_content()
    for field, value in contact.items():
        assert value in (links if field == "website" else text)
    for field, scheme in (("email", "mailto:"), ("phone", "tel:+49")):
        assert any(link.startswith(scheme) for link in links) == (field in contact)


@pytest.mark.parametrize("region", REGIONS)
def test_questions_for_the_office_stay_off_the_page(site: Path, region: str) -> None:
    record = front_matter(region)
    questions = record.get("open", [])
    complete = {"street", "phone", "email"} <= record.get("contact", {}).keys()
    # Rhein-Ruhr has no office of its own and names those of its parts.
    if not complete and region != "rhein-ruhr":
        assert any(question.startswith("Kontakt") for question in questions)
    for path in HEADINGS:
        text = (site / f"{path}regions/{region}.html").read_text("utf-8")
        for note in [*questions, *record.get("evidence", [])]:
            assert note not in text


def shown(site: Path, name: str) -> list[tuple[str, str, str | None, str | None]]:
    """Label, text, language and link of each line about an organisation."""
    return [
        (
            row.findtext("dt") or "",
            row.find("dd").text_content(),
            row.find("dd").get("lang"),
            next(iter(row.xpath("dd/a/@href")), None),
        )
        for row in tree(site, f"{name}.html").xpath(
            "//section[@id='organisation']/dl[@class='record']/div"
        )
    ]


@pytest.mark.parametrize("region", REGIONS)
def test_a_region_page_shows_its_organisations_in_both_languages(site: Path, region: str) -> None:
    expected = []
    for organisation in front_matter(region)["organisations"]:
        expected += [
            (label, str(organisation[field]), None, organisation["website"] if not at else None)
            for at, (label, field) in enumerate(
                [
                    ("Name", "name"),
                    ("Rechtsform", "legal_form"),
                    ("Sitz", "seat"),
                    ("Besteht seit", "founded"),
                ]
            )
            if field in organisation
        ]
    assert shown(site, f"regions/{region}") == expected

    english = {"Rechtsform": "Legal form", "Sitz": "Seat", "Besteht seit": "In existence since"}
    found = shown(site, f"en/regions/{region}")
    assert [row[0] for row in found] == [english.get(row[0], row[0]) for row in expected]
    for german, row in zip(expected, found, strict=True):
        if german[0] == "Name":
            assert row == (*german[:2], "de", german[3])
        elif german[0] == "Rechtsform":
            assert row[1] != german[1]
            assert row[2] is None
