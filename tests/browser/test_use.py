# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Using the site: by keyboard, without script, without CSS, from a folder, printed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.test_every_page import STORED, Watch
from tests.conftest import needs, serve

pytestmark = pytest.mark.browser

SMALL: ViewportSize = {"width": 390, "height": 844}


def _focused(page: Page) -> str:
    text: str = page.evaluate("document.activeElement.textContent.trim()")
    return text


def test_the_first_tab_leads_to_the_content(browser: Browser, server: str) -> None:
    page = browser.new_page()
    page.goto(f"{server}/about/history.html")
    page.keyboard.press("Tab")
    assert _focused(page) == "Zum Inhalt"
    expect(page.get_by_role("link", name="Zum Inhalt")).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhalt"
    page.close()


def test_the_small_menu_works_by_keyboard_and_without_script(browser: Browser, server: str) -> None:
    context = browser.new_context(viewport=SMALL, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server}/about/history.html")
    menu = page.get_by_role("navigation", name="Hauptmenü")
    expect(menu).to_be_hidden()
    page.get_by_role("button", name="Menü").focus()
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(menu.get_by_role("link", name="Die Metropolregionen")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    page.keyboard.press("Enter")
    menu.get_by_role("link", name="Die Metropolregionen").click()
    expect(page).to_have_url(f"{server}/regions/index.html")
    context.close()


def test_a_hidden_menu_cannot_be_reached(browser: Browser, server: str) -> None:
    page = browser.new_page(viewport=SMALL)
    page.goto(f"{server}/index.html")
    seen = []
    for _ in range(6):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.checkVisibility()")
        seen.append(_focused(page))
    assert "Die Metropolregionen" not in seen
    page.close()


@pytest.mark.parametrize("script", [True, False])
def test_the_language_switch_leads_to_the_same_page_and_back(
    browser: Browser, server: str, script: bool
) -> None:
    context = browser.new_context(java_script_enabled=script)
    page = context.new_page()
    page.goto(f"{server}/regions/hamburg.html")
    page.get_by_role("navigation", name="Sprache").get_by_role("link", name="English").click()
    expect(page).to_have_url(f"{server}/en/regions/hamburg.html")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("navigation", name="Language").get_by_role("link", name="Deutsch").click()
    expect(page).to_have_url(f"{server}/regions/hamburg.html")
    context.close()


def test_clicks_search_and_switch_store_nothing_and_call_nobody(
    browser: Browser, server: str
) -> None:
    context = browser.new_context()
    page = context.new_page()
    watch = Watch(page, server)
    page.goto(f"{server}/index.html")
    page.get_by_role("searchbox").fill("Metropolregion")
    page.keyboard.press("Enter")
    expect(page.locator("#search-results p.excerpt").last).not_to_be_empty()
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/en/**")
    page.go_back()
    expect(page.locator("#search-results p.excerpt").last).not_to_be_empty()
    page.get_by_role("navigation", name="Hauptmenü").get_by_role("link").first.click()
    page.wait_for_url("**/news/**")
    assert page.evaluate(STORED) == []
    assert context.cookies() == []
    assert watch.take() == []
    context.close()


def test_content_pages_run_no_script_and_the_search_page_only_the_sites(
    browser: Browser, server: str
) -> None:
    page = browser.new_page()
    scripts: list[str] = []
    page.on(
        "request",
        lambda request: scripts.append(request.url) if request.resource_type == "script" else None,
    )
    page.goto(f"{server}/regions/hamburg.html")
    assert scripts == []
    page.goto(f"{server}/search.html?q=Hamburg")
    assert scripts
    assert all(url.startswith(server) for url in scripts)
    page.close()


def test_the_reading_order_without_css_is_header_content_navigation_footer(
    browser: Browser, server: str
) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.route("**/*.css*", lambda route: route.fulfill(body="", content_type="text/css"))
    page.goto(f"{server}/regions/hamburg.html")
    order = page.evaluate(
        "[...document.querySelectorAll('header, h1, main, .section-nav, footer')]"
        ".map(element => element.localName)"
    )
    assert order == ["header", "main", "h1", "nav", "footer"]
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    context.close()


def test_the_site_works_from_a_folder(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    watch = Watch(page, "file://")
    page.goto(f"{site.as_uri()}/index.html")
    styled = "getComputedStyle(document.querySelector('.site-header')).display"
    assert page.evaluate(styled) == "grid"
    page.get_by_role("navigation", name="Hauptmenü").get_by_role("link").nth(2).click()
    page.get_by_role("link", name="English").click()
    expect(page).to_have_url(f"{site.as_uri()}/en/regions/index.html")
    assert watch.take() == []
    page.close()


def test_the_site_works_below_any_path(browser: Browser, site: Path, tmp_path: Path) -> None:
    (tmp_path / "some").mkdir()
    (tmp_path / "some" / "where").symlink_to(site)
    served = serve(tmp_path)
    base = next(served) + "/some/where"
    page = browser.new_page()
    watch = Watch(page, base)
    page.goto(f"{base}/en/about/history.html")
    page.get_by_role("link", name="Deutsch", exact=True).click()
    page.get_by_role("navigation", name="Hauptmenü").get_by_role("link").first.click()
    expect(page).to_have_url(f"{base}/news/index.html")
    assert watch.take() == []
    page.close()
    served.close()


def test_a_printed_page_is_a_document(browser: Browser, server: str, tmp_path: Path) -> None:
    reader = needs("pdftotext", "poppler-utils")
    page = browser.new_page()
    page.goto(f"{server}/statements/eu-kohaesionspolitik-2018.html")
    file = tmp_path / "page.pdf"
    page.pdf(path=file, prefer_css_page_size=True)
    page.close()
    result = subprocess.run(
        [reader, "-layout", str(file), "-"], capture_output=True, text=True, check=True
    )
    text = " ".join(result.stdout.split())
    assert "Kohäsionspolitik ab 2020" in text
    assert "<http" in text
    for navigation in ("Menü", "Hauptmenü", "Suchen", "English", "Zum Inhalt", "Startseite ›"):
        assert navigation not in text
