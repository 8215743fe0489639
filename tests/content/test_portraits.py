# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The portraits of the regions: the same headings, who carries a region, whom to ask."""

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.pages import record, tree

REGIONS = sorted(path.stem for path in (ROOT / "regions").glob("*.md") if path.stem != "index")


#: The headings of each portrait, in both languages, in their order.
HEADINGS = {
    "": ["In Zahlen", "Was die Region ausmacht", "Ziele", "Projekte", "Organisation",
         "Verkehr, Messen und Hochschulen", "Gebiet", "Entwicklung", "Kontakt"],
    "en/": ["In figures", "What makes the region distinctive", "Goals", "Projects", "Organisation",
            "Transport, trade fairs and universities", "Area", "Development over time", "Contact"],
}  # fmt: skip


@pytest.mark.parametrize("path", HEADINGS)
@pytest.mark.parametrize("region", REGIONS)
def test_each_portrait_has_the_same_headings_and_says_whom_to_ask(
    site: Path, region: str, path: str
) -> None:
    headings = tree(site, f"{path}regions/{region}.html").xpath("//main//section[@id]/h2")
    assert [next(heading.itertext()).strip() for heading in headings] == HEADINGS[path]
    sections = [heading.getparent() for heading in headings]
    assert 2 <= len(sections[3].xpath("./ul/li")) <= 5
    assert re.search(r"17\. Juli 2023|17 July 2023", sections[5].text_content())

    contact = {}
    if record(f"regions/{region}").contact:
        contact = record(f"regions/{region}").contact.model_dump(exclude_none=True)
    links = sections[-1].xpath(".//dl//a/@href")
    for field, value in contact.items():
        assert value in (links if field == "website" else sections[-1].text_content())
    for field, scheme in (("email", "mailto:"), ("phone", "tel:+49")):
        assert any(link.startswith(scheme) for link in links) == (field in contact)
    # Rhein-Ruhr has no office of its own and names those of its parts.
    if not {"street", "phone", "email"} <= contact.keys() and region != "rhein-ruhr":
        questions = record(f"regions/{region}").open
        assert any(question.startswith("Kontakt") for question in questions)


@pytest.mark.parametrize("path", HEADINGS)
@pytest.mark.parametrize("region", REGIONS)
def test_a_region_page_shows_its_organisations(site: Path, region: str, path: str) -> None:
    lists = tree(site, f"{path}regions/{region}.html").xpath("//*[@id='organisation']/dl")
    for shown, organisation in zip(lists, record(f"regions/{region}").organisations, strict=True):
        name, *others = shown.xpath(".//dd")
        assert name.text_content() == organisation.name
        assert name.xpath("a/@href") == [organisation.website]
        assert name.get("lang") == ("de" if path else None)
        # What is shown of an organisation below its name.
        fields = (organisation.legal_form, organisation.seat, organisation.founded)
        words = [str(field) for field in fields if field]
        for field, word in zip(others, words, strict=True):
            assert field.get("lang") is None
            assert path or field.text_content() == word
        assert not path or others[0].text_content() != words[0]
