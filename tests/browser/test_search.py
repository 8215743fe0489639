"""The search as its readers use it: typed queries, in the real browser, on the built site."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ikm_site.languages import Language
from tests.browser.test_every_page import Watch
from tests.conftest import cases
from tests.pages import pages

pytestmark = pytest.mark.browser

QUERIES = cases("browser/queries.tsv")
#: What never fails: umlauts written out or left out, everyday words, slips of the pen.
ALWAYS = {
    "Muenchen", "munchen", "Nuernberg", "nurnberg", "Goettingen", "Pkw", "Einwohnerzahl",
    "Metropolregoin", "Mitteldeutschlnad", "Munich", "Nuremberg", "nuremburg", "cars",
}  # fmt: skip
RESULTS = "#search-results li"


#: Submits queries one after the other; the addresses of the first three results of each.
ASK_ALL = """queries => {
  const form = document.querySelector('main form');
  const found = [];
  for (const query of queries) {
    form.elements.q.value = query;
    form.requestSubmit();
    found.push([...document.querySelectorAll('#search-results li a')].slice(0, 3)
      .map(link => link.getAttribute('href').replace('./', '').replace('.html', '')));
  }
  return found;
}"""


def _ask(page: Page, query: str) -> list[str]:
    """Type a query, press Enter; the addresses of the results."""
    page.get_by_role("main").get_by_role("searchbox").fill(query)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).not_to_be_empty()
    found: list[str] = page.locator(f"{RESULTS} a").evaluate_all(
        "list => list.map(link => link.getAttribute('href').replace('./', ''))"
    )
    return found


def test_the_wanted_page_is_among_the_first_three(page: Page, server: str, entry: Language) -> None:
    watch = Watch(page, server)
    page.goto(f"{server}/{entry.path}search.html")
    asked = [(query, wanted.split()) for spoken, query, wanted in QUERIES if spoken == entry.code]
    answers = page.evaluate(ASK_ALL, [query for query, _ in asked])
    missed = [
        (query, f"wanted {wanted}, found {found}")
        for (query, wanted), found in zip(asked, answers, strict=True)
        if not set(wanted) & set(found)
    ]
    assert len(asked) > 80
    assert len(missed) <= 0.02 * len(asked), missed
    assert not [each for each in missed if each[0] in ALWAYS]
    assert watch.seen == []
    assert page.evaluate("checks.stored()") == []


def test_no_senseless_correction(page: Page, server: str) -> None:
    page.goto(f"{server}/search.html")
    for query in ("Xylophonbau", "Qwertz", "Zzzz"):
        assert _ask(page, query) == []
        expect(page.get_by_role("status")).to_have_text(f"Zu „{query}“ wurde nichts gefunden.")
    help_on = page.locator("#search-help")
    expect(help_on).to_contain_text("Umlaute")
    # A word with two letters in the wrong place: what was meant is said, and found.
    for query, meant in (("Mitteldeutschlnad", "Mitteldeutschland"), ("Mühnchen", "München"),
                         ("Hambrug", "Hamburg")):  # fmt: skip
        assert _ask(page, query)[0] == f"regions/{meant.lower().replace('ü', 'ue')}.html"
        expect(page.get_by_role("status")).to_contain_text(f"Gezeigt wird, was zu „{meant}“ passt.")
    expect(help_on).to_be_hidden()
    assert _ask(page, "Einbeck Pforzheim")
    expect(page.get_by_role("status")).to_contain_text("Keine Seite enthält alle Wörter.")


def test_an_empty_query_says_so(page: Page, server: str) -> None:
    page.goto(f"{server}/search.html")
    expect(page.get_by_role("status")).to_be_empty()
    assert _ask(page, "  ") == []
    expect(page.get_by_role("status")).to_contain_text("Bitte geben Sie ein Wort ein")


def test_a_result_says_what_it_is(page: Page, server: str) -> None:
    page.goto(f"{server}/search.html")
    assert _ask(page, "Raumentwicklungsministerkonferenz Bremen")
    first = page.locator(RESULTS).first
    expect(first.locator(".entry-meta")).to_contain_text("27. November 2025")
    expect(first.locator("mark").first).to_be_visible()
    text = first.locator(".excerpt").text_content() or ""
    assert 30 <= len(text) <= 200


def test_the_query_survives_a_change_of_language_and_a_shared_address(
    page: Page, server: str
) -> None:
    page.goto(f"{server}/search.html")
    assert _ask(page, "Hamburg")
    assert page.url == f"{server}/search.html?q=Hamburg"
    page.reload()
    expect(page.locator(f"{RESULTS} a").first).to_be_visible()
    assert page.title() == "Hamburg – Suche – IKM"
    page.locator('a[hreflang="en"]').first.click()
    expect(page).to_have_url(f"{server}/en/search.html?q=Hamburg")
    expect(page.locator(f"{RESULTS} a").first).to_have_attribute("href", re.compile("hamburg"))


def test_by_keyboard_from_any_page_to_a_result(page: Page, server: str) -> None:
    page.goto(f"{server}/about/history.html")
    page.get_by_role("searchbox").focus()
    page.keyboard.type("Einbeck")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text(re.compile(r"\d+ Seiten gefunden|Eine Seite"))
    page.get_by_role("main").get_by_role("searchbox").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("main").get_by_role("button", name="Suchen")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(f"{RESULTS} a").first).to_be_focused()


def test_more_results_come_on_demand_and_take_the_focus(page: Page, server: str) -> None:
    page.goto(f"{server}/search.html")
    assert len(_ask(page, "Metropolregionen")) == 10
    page.get_by_role("button", name="Weitere Ergebnisse").press("Enter")
    expect(page.locator(RESULTS)).to_have_count(20)
    expect(page.locator(f"{RESULTS} a").nth(10)).to_be_focused()


def test_a_missing_index_is_said(page: Page, server: str) -> None:
    page.route("**/search/index.js*", lambda route: route.fulfill(status=404, body="gone"))
    page.goto(f"{server}/search.html?q=Hamburg")
    expect(page.get_by_role("status")).to_contain_text("Die Suche ist gestört")
    expect(page.locator("#search-help")).to_be_visible()


def test_index_and_list_hold_all_pages(site: Path, entry: Language) -> None:
    folder = site / entry.path
    index = (folder / "search/index.js").read_text("utf-8")
    there = {name.removeprefix(entry.path) for name in pages(site, entry.code)}
    missing = {name for name in there if f'"{name}"' not in index}
    assert missing == {"404.html", "search.html"}
    listed = set(re.findall(r'href="([^"#?]+)"', (folder / "search.html").read_text("utf-8")))
    assert "about/history.html" in listed
    assert "monitoring/cars.html" in listed
