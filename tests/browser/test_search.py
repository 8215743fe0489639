# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The search as its readers use it: typed queries, in the real browser, on the built site."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_every_page import RULES, STORED, Watch
from tests.conftest import serve

pytestmark = pytest.mark.browser

#: What is typed, and the page that must be among the first three.
GERMAN = [
    # Umlauts spelt out or dropped
    ("Muenchen", "regions/muenchen"),
    ("munchen", "regions/muenchen"),
    ("Nuernberg", "regions/nuernberg"),
    ("nurnberg", "regions/nuernberg"),
    ("Kohaesion", "statements/eu-kohaesionspolitik-2018"),
    ("Kohasionspolitik", "statements/eu-kohaesionspolitik-2018"),
    ("Goettingen", "regions/hannover-braunschweig-goettingen-wolfsburg"),
    ("gleichwertige Lebensverhaeltnisse", "statements/gleichwertige-lebensverhaeltnisse-2019"),
    ("Bruessel", "news/2018/position-eu-kohaesionspolitik"),
    ("Uebersetzung", "about/translation"),
    # Inflection
    ("Metropolregionen", "regions/index"),
    ("Metropolregion", "regions/index"),
    ("Stellungnahme", "statements/index"),
    ("Positionspapieren", "statements/index"),
    ("Arbeitskreises Europa", "workgroups/europe"),
    ("europäischer Strukturpolitik", "news/2017/ikm-tagung-hamburg"),
    ("Partnern", "partners/index"),
    # Halves of compounds
    ("Raumordnung", "news/2021/raumordnungsbericht"),
    ("Bericht Raumordnung", "news/2021/raumordnungsbericht"),
    ("Ministerkonferenz", "news/2025/raumentwicklungsministerkonferenz-bremen"),
    ("konferenz bremen", "news/2025/raumentwicklungsministerkonferenz-bremen"),
    ("Entwicklungsministerkonferenz", "news/2025/raumentwicklungsministerkonferenz-bremen"),
    ("Herbsttagung Einbeck", "news/2019/ikm-herbsttagung-einbeck"),
    ("Grenzregion", "partners/imeg"),
    ("Leitbild", "news/2016/leitbilder-raumentwicklung"),
    # Hyphens
    ("Rhein Neckar", "regions/rhein-neckar"),
    ("RheinNeckar", "regions/rhein-neckar"),
    ("rheinneckar", "regions/rhein-neckar"),
    ("Berlin Brandenburg", "regions/berlin-brandenburg"),
    ("berlinbrandenburg", "regions/berlin-brandenburg"),
    ("Rhein-Main", "regions/frankfurtrheinmain"),
    ("Frankfurt Rhein Main", "regions/frankfurtrheinmain"),
    ("rhein ruhr", "regions/rhein-ruhr"),
    ("Leipzig Charta", "statements/leipzig-charta-2020"),
    ("LeipzigCharta", "statements/leipzig-charta-2020"),
    ("Herbst-Tagung Essen", "news/2020/ikm-herbsttagung-essen"),
    ("metropolregionhamburg", "regions/hamburg"),
    # One wrong letter
    ("Metropolregoin", "regions/index"),
    ("Mitteldeutschlnad", "regions/mitteldeutschland"),
    ("Raumodnungsbericht", "news/2021/raumordnungsbericht"),
    ("Stelungnahme Leipzig", "statements/leipzig-charta-2020"),
    ("Stuttgard", "regions/stuttgart"),
    ("Barierefreiheit", "legal/accessibility"),
    ("Datenschuz", "legal/privacy"),
    # Words of a title, in any order
    ("Tag der Regionen", "news/2025/tag-der-regionen-bremerhaven"),
    ("Manifest METREX", "news/2023/metrex-manifest"),
    ("Agenda 2030", "news/2020/territoriale-agenda-2030"),
    ("Zukunft Europas", "statements/konferenz-zukunft-europas-2021"),
    ("Regionales Monitoring 2023", "news/2023/regionales-monitoring"),
    ("Stellungnahmen 2020", "statements/leipzig-charta-2020"),
    ("Stellungnahme 2018", "statements/eu-kohaesionspolitik-2018"),
    ("Tagung Hamburg 2024", "news/2024/ikm-tagung-hamburg"),
    # Abbreviations
    ("IMeG", "partners/imeg"),
    ("BBSR", "partners/bbsr"),
    ("METREX", "partners/metrex"),
    ("BMWSB", "partners/bmwsb"),
    ("MKRO", "news/2016/leitbilder-raumentwicklung"),
    ("RMK", "news/2025/raumentwicklungsministerkonferenz-bremen"),
    ("IKM", "about/index"),
    ("TAEU", "statements/taeu-2030-2020"),
    # The other case
    ("imeg", "partners/imeg"),
    ("bbsr", "partners/bbsr"),
    ("HAMBURG", "regions/hamburg"),
    ("impressum", "legal/imprint"),
    ("DATENSCHUTZ", "legal/privacy"),
    # People and places
    ("Jakob Richter", "about/cooperation"),
    ("Einbeck", "news/2019/ikm-herbsttagung-einbeck"),
    ("Pforzheim", "news/2024/tag-der-regionen-pforzheim"),
    ("Wittenberg", "news/2018/ikm-herbsttagung-wittenberg"),
    ("Cottbus", "news/2023/tag-der-regionen-cottbus"),
    ("Oldenburg", "news/2017/ikm-tagung-oldenburg"),
    ("Heidekreis", "regions/hamburg"),
    ("Heidekreis", "regions/hannover-braunschweig-goettingen-wolfsburg"),
    # Whole questions
    ("Was ist eine Metropolregion?", "about/metropolitan-regions"),
    ("Wie arbeitet der IKM zusammen?", "about/cooperation"),
]

ENGLISH = [
    ("Munich", "regions/muenchen"),
    ("Muenchen", "regions/muenchen"),
    ("München", "regions/muenchen"),
    ("Nuremberg", "regions/nuernberg"),
    ("nuremburg", "regions/nuernberg"),
    ("Hanover", "regions/hannover-braunschweig-goettingen-wolfsburg"),
    ("Goettingen", "regions/hannover-braunschweig-goettingen-wolfsburg"),
    ("metropolitan region", "regions/index"),
    ("metropolitan regions", "regions/index"),
    ("metroplitan", "regions/index"),
    ("statement", "statements/index"),
    ("statements 2020", "statements/leipzig-charta-2020"),
    ("position papers", "statements/index"),
    ("cohesion policies", "statements/eu-kohaesionspolitik-2018"),
    ("cohesoin", "statements/eu-kohaesionspolitik-2018"),
    ("equivalent living condition", "statements/gleichwertige-lebensverhaeltnisse-2019"),
    ("Rhine Neckar", "regions/rhein-neckar"),
    ("RhineNeckar", "regions/rhein-neckar"),
    ("Rhine-Ruhr", "regions/rhein-ruhr"),
    ("Rhein-Main", "regions/frankfurtrheinmain"),
    ("Berlin Brandenburg", "regions/berlin-brandenburg"),
    ("Central Germany", "regions/mitteldeutschland"),
    ("northwest", "regions/nordwest"),
    ("north-west", "regions/nordwest"),
    ("working groups", "workgroups/index"),
    ("working group Europe", "workgroups/europe"),
    ("Leipzig Charter", "statements/leipzig-charta-2020"),
    ("territorial agenda", "news/2020/territoriale-agenda-2030"),
    ("spatial planning report", "news/2021/raumordnungsbericht"),
    ("future of Europe", "statements/konferenz-zukunft-europas-2021"),
    ("manifesto", "news/2023/metrex-manifest"),
    ("metrex", "partners/metrex"),
    ("IMEG", "partners/imeg"),
    ("BBSR", "partners/bbsr"),
    ("RMK", "news/2025/raumentwicklungsministerkonferenz-bremen"),
    ("Jakob Richter", "about/cooperation"),
    ("Einbeck", "news/2019/ikm-herbsttagung-einbeck"),
    ("Bremerhaven", "news/2025/tag-der-regionen-bremerhaven"),
    ("Heidekreis", "regions/hamburg"),
    ("accessability", "legal/accessibility"),
    ("privacy", "legal/privacy"),
    ("cooperating", "about/cooperation"),
    ("history of the IKM", "about/history"),
    ("What is a metropolitan region?", "about/metropolitan-regions"),
    ("partner", "partners/index"),
]

RESULTS = "#search-results li"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def _ask(page: Page, query: str) -> list[str]:
    """Type a query, press Enter; the addresses of the results."""
    page.evaluate("document.getElementById('search-status').textContent = ''")
    page.get_by_role("main").get_by_role("searchbox").fill(query)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).not_to_be_empty()
    links = page.locator(f"{RESULTS} a").all()
    return [str(link.get_attribute("href")) for link in links]


@pytest.mark.parametrize(
    ("start", "base", "queries"),
    [("search.html", "", GERMAN), ("en/search.html", "../en/", ENGLISH)],
    ids=["de", "en"],
)
def test_the_right_page_is_among_the_first_three(
    page: Page, server: str, start: str, base: str, queries: list[tuple[str, str]]
) -> None:
    watch = Watch(page, server)
    page.goto(f"{server}/{start}")
    missed = []
    for query, wanted in queries:
        found = [address.removesuffix(".html") for address in _ask(page, query)]
        if wanted not in [address.removeprefix("./") for address in found[:3]]:
            place = found.index(wanted) + 1 if wanted in found else "none"
            missed.append(f"{query}: {wanted} is at place {place} of {found[:4]}")
    assert not missed, "\n".join(missed)
    assert watch.take() == []
    assert page.evaluate(STORED) == []
