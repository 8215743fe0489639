# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The organisations behind a region, as its page shows them."""

from __future__ import annotations

from pathlib import Path

import lxml.html
import pytest
import yaml

from ikm_site.frontmatter import split
from tests.conftest import ROOT, build, page

REGIONS = sorted(path.stem for path in (ROOT / "regions").glob("*.md") if path.stem != "index")


def shown(site: Path, name: str) -> list[tuple[str, str, str | None, str | None]]:
    """Label, text, language and link of each line about an organisation."""
    parser = lxml.html.HTMLParser(encoding="utf-8")
    tree = lxml.html.parse(site / f"{name}.html", parser)
    # Only what stands in the section itself: Rhein-Ruhr has further records below.
    return [
        (
            row.findtext("dt") or "",
            row.find("dd").text_content(),
            row.find("dd").get("lang"),
            next(iter(row.xpath("dd/a/@href")), None),
        )
        for row in tree.xpath("//section[@id='organisation']/dl[@class='record']/div")
    ]


@pytest.mark.parametrize("region", REGIONS)
def test_a_region_page_shows_its_organisations_in_both_languages(site: Path, region: str) -> None:
    text = (ROOT / "regions" / f"{region}.md").read_text("utf-8")
    expected = []
    for organisation in yaml.safe_load(split(text)[0])["organisations"]:
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


def test_the_directive_on_a_page_without_organisations_is_named(small: Path) -> None:
    page(small, "about/two", "# Zwei\n\n```{region-organisations}\n```\n")
    result = build(small / "_build" / "html", small)
    assert result.returncode != 0
    assert "about/two.md:1:" in result.stdout + result.stderr
    assert "no field 'organisations'" in result.stdout + result.stderr
