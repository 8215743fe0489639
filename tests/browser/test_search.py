# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The search as its readers use it: typed queries, in the real browser, on the built site."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from ikm_site import search
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


def _ask(page: Page, query: str) -> list[str]:
    """Type a query, press Enter; the addresses of the results."""
    page.evaluate("document.getElementById('search-status').textContent = ''")
    page.get_by_role("main").get_by_role("searchbox").fill(query)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).not_to_be_empty()
    links = page.locator(f"{RESULTS} a").all()
    return [str(link.get_attribute("href")) for link in links]


@pytest.mark.parametrize(
    ("start", "queries"),
    [("search.html", GERMAN), ("en/search.html", ENGLISH)],
    ids=["de", "en"],
)
def test_the_right_page_is_among_the_first_three(
    page: Page, server: str, start: str, queries: list[tuple[str, str]]
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


def test_results_show_title_place_date_and_the_words(page: Page, server: str) -> None:
    page.goto(f"{server}/search.html")
    assert _ask(page, "Raumentwicklungsministerkonferenz")
    first = page.locator(RESULTS).first
    expect(first.get_by_role("heading", level=2)).to_contain_text("tagt in Bremen")
    expect(first.locator(".entry-meta")).to_have_text("Aktuelles · 27. November 2025")
    expect(first.locator("h2 mark")).to_have_text("Raumentwicklungsministerkonferenz")
    expect(first.locator(".excerpt mark").first).to_be_visible()
    text = first.locator(".excerpt").text_content() or ""
    assert 80 < len(text) < 260
    # Parts of a compound, and words that only sound alike when spelt out.
    _ask(page, "konferenz bremen")
    expect(page.locator(f"{RESULTS} h2").first.locator("mark").first).to_have_text(
        "Raumentwicklungsministerkonferenz"
    )


def test_the_index_is_loaded_once_and_no_page_for_its_excerpt(page: Page, server: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(server)))
    page.goto(f"{server}/search.html")
    start = len(asked)
    _ask(page, "Metropolregion")
    _ask(page, "Hamburg")
    _ask(page, "Metropolregion")
    page.wait_for_load_state("networkidle")
    # Chromium asks for the icon again whenever the address changes.
    later = [url for url in asked[start:] if "favicon" not in url]
    assert later
    assert len(later) == len(set(later)), "something was loaded twice"
    assert not [url for url in later if not re.match(r"/search/(words|page)-\d+\.js\?v=", url)]
    # Ten results each, of which some are the same.
    assert sum("/page-" in url for url in later) <= 20


def test_results_are_there_while_one_types_and_for_a_shared_address(
    page: Page, server: str
) -> None:
    page.goto(f"{server}/search.html")
    page.get_by_role("main").get_by_role("searchbox").press_sequentially("Cottb")
    expect(page.get_by_role("status")).to_have_text(re.compile(r"^\d Seiten gefunden\.$"))
    count = page.locator(RESULTS).count()
    page.keyboard.press("Enter")
    assert page.url == f"{server}/search.html?q=Cottb"
    page.reload()
    expect(page.get_by_role("main").get_by_role("searchbox")).to_have_value("Cottb")
    expect(page.locator(RESULTS)).to_have_count(count)
    assert page.title() == "Cottb – Suche – IKM"
    page.get_by_role("link", name="Cottbus").click()
    page.go_back()
    expect(page.locator(RESULTS)).to_have_count(count)


def test_by_keyboard_from_any_page_to_a_result(page: Page, server: str) -> None:
    page.goto(f"{server}/about/history.html")
    page.get_by_role("searchbox").focus()
    page.keyboard.type("Einbeck")
    page.keyboard.press("Enter")
    status = page.get_by_role("status")
    expect(status).to_have_text(re.compile(r"^\d+ Seiten gefunden\.$"))
    page.get_by_role("main").get_by_role("searchbox").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("main").get_by_role("button", name="Suchen")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(f"{RESULTS} a").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{server}/news/2019/ikm-herbsttagung-einbeck.html")


def test_more_results_come_on_demand_and_take_the_focus(page: Page, server: str) -> None:
    page.goto(f"{server}/search.html")
    assert len(_ask(page, "Metropolregionen")) == 10
    page.get_by_role("button", name="Weitere Ergebnisse").press("Enter")
    expect(page.locator(RESULTS)).to_have_count(20)
    expect(page.locator(f"{RESULTS} a").nth(10)).to_be_focused()
    _ask(page, "Einbeck")
    expect(page.get_by_role("button", name="Weitere Ergebnisse")).to_be_hidden()


def test_without_results_it_helps_on(page: Page, server: str) -> None:
    page.goto(f"{server}/search.html")
    assert _ask(page, "Xylophonbau") == []
    expect(page.get_by_role("status")).to_have_text("Zu „Xylophonbau“ wurde nichts gefunden.")
    help_on = page.locator("#search-help")
    expect(help_on).to_contain_text("Umlaute")
    help_on.get_by_role("link", name="Die Metropolregionen").click()
    expect(page).to_have_url(f"{server}/regions/index.html")
    # A word with a wrong letter: what was meant is said, and found.
    page.goto(f"{server}/search.html")
    assert _ask(page, "Mitteldeutschlnad")
    expect(page.get_by_role("status")).to_contain_text("„Mitteldeutschland“")
    expect(help_on).to_be_hidden()
    # No page has all the words.
    assert _ask(page, "Einbeck Pforzheim")
    expect(page.get_by_role("status")).to_contain_text("Keine Seite enthält alle Wörter.")


@pytest.mark.parametrize("missing", ["search/index.js", "search/words-*", "_static/search.js"])
def test_a_missing_part_of_the_index_is_said(page: Page, server: str, missing: str) -> None:
    page.route(f"**/{missing}*", lambda route: route.fulfill(status=404, body="gone"))
    page.goto(f"{server}/search.html?q=Hamburg")
    help_on = page.locator("#search-help")
    expect(help_on.get_by_role("link", name="Aktuelles")).to_be_visible()
    if not missing.startswith("_static"):
        expect(page.get_by_role("status")).to_contain_text("Die Suche ist gestört")
        page.unroute_all()
        # It works again as soon as the server does.
        assert _ask(page, "Hamburg")[0].endswith("regions/hamburg.html")


def test_a_missing_text_costs_only_its_excerpt(page: Page, server: str) -> None:
    page.route("**/search/page-*", lambda route: route.abort())
    page.goto(f"{server}/search.html")
    assert _ask(page, "Hamburg")[0].endswith("regions/hamburg.html")
    expect(page.locator(f"{RESULTS} .excerpt")).to_have_count(0)


@pytest.fixture(scope="module")
def large(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The search page with the index of a site that is too large to have all titles in it."""
    folder = tmp_path_factory.mktemp("large")
    shutil.copytree(site / "_static", folder / "_static")
    shutil.copy(site / "search.html", folder)
    (folder / "search").mkdir()
    pages = [
        search.Page(
            f"news/{number}.html", f"Tagung {number}", "Aktuelles", "", "", "", "",
            f"Wasserstoffstrategie und Hafenkonferenz, zum {number}. Mal",
        )
        for number in range(search.TITLES + 50)
    ]  # fmt: skip
    for name, text in search.index(pages, "de").items():
        (folder / "search" / name).write_text(text, encoding="utf-8")
    yield from serve(folder)


@pytest.mark.parametrize("query", ["Wasserstoffstrategie", "Konferenz", "Wasserstofstrategie"])
def test_on_a_large_site_a_result_waits_for_its_word_alone(
    page: Page, large: str, query: str
) -> None:
    with page.expect_response("**/search/vocabulary.js*"):
        page.goto(f"{large}/search.html")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.route("**/search/page-*", lambda _: None)  # never answered
    page.wait_for_load_state("networkidle")
    assert len(_ask(page, query)) == 10
    assert page.locator(f"{RESULTS} h2").first.inner_text().startswith("Tagung")
    # The shard with the word; none for a word that is known not to be there.
    assert len([url for url in asked if "/words-" in url]) == 1


def test_on_a_large_site_titles_come_with_the_pages_as_long_as_they_are_missing(
    page: Page, large: str
) -> None:
    page.route("**/search/titles.js*", lambda route: route.abort())
    page.goto(f"{large}/search.html?q=Wasserstoffstrategie")
    expect(page.locator(f"{RESULTS} h2")).to_have_count(10)
    expect(page.locator(f"{RESULTS} .excerpt mark").first).to_have_text("Wasserstoffstrategie")
    # A word that nobody has loaded a vocabulary for.
    assert _ask(page, "Konferenz")


@pytest.mark.parametrize(
    "query",
    [
        '<img src=x onerror="window.harm=1">',
        "<script>window.harm=1</script> Hamburg",
        '"><svg onload=window.harm=1>',
        "javascript:window.harm=1",
        "{query} {number} ${harm} {{harm}}",
        ".*+?^${}()|[]\\ (a+)+$ [",
        "__proto__ constructor toString hasOwnProperty",
        "\u202eHamburg\u0000\ufeff",
        "🏙️ 𝔐𝔲𝔫𝔦𝔠𝔥",
        "a" * 5000,
        "Metropolregion " * 400,
        "der die das und",
        "---",
    ],
)
def test_hostile_queries_do_no_harm(page: Page, server: str, query: str) -> None:
    watch = Watch(page, server)
    page.goto(f"{server}/search.html")
    for _ in range(2):
        _ask(page, query)
        assert page.evaluate("window.harm") is None
        assert page.locator("main img, main script, main svg, main [onerror]").count() == 0
        page.goto(f"{server}/search.html?q=bad%ED%A0%80%")
    assert _ask(page, "Hamburg")[0].endswith("regions/hamburg.html")
    assert watch.take() == []
    assert page.evaluate(STORED) == []


def test_without_script_the_page_says_so_and_leads_on(browser: Browser, server: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server}/search.html?q=Hamburg")
    # Playwright's browser runs no script but does not show <noscript>, as a real one does.
    assert "braucht dafür JavaScript" in page.locator("main noscript").inner_html()
    page.get_by_role("main").get_by_role("link", name="Monitoring").click()
    expect(page).to_have_url(f"{server}/monitoring/index.html")
    context.close()


def test_it_searches_from_a_folder(page: Page, site: Path) -> None:
    watch = Watch(page, "file://")
    page.goto(f"{site.as_uri()}/index.html")
    page.get_by_role("searchbox").fill("Muenchen")
    page.keyboard.press("Enter")
    expect(page.locator(f"{RESULTS} a").first).to_be_visible()
    page.locator(f"{RESULTS} a").first.click()
    expect(page).to_have_url(f"{site.as_uri()}/regions/muenchen.html")
    page.goto(f"{site.as_uri()}/en/search.html")
    assert _ask(page, "Nuremberg")[0].endswith("regions/nuernberg.html")
    assert watch.take() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_everybody_can_use_the_results(
    browser: Browser, server: str, axe: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"{server}/search.html")
    page.evaluate(axe)
    for query in ("Metropolregion", "Mitteldeutschlnad", "Xylophonbau"):
        _ask(page, query)
        page.wait_for_load_state("networkidle")
        found = page.evaluate(
            "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES
        )
        assert found["violations"] == [], found["violations"]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
