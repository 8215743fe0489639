"""Using the site: by keyboard, without script, without CSS, from a folder, printed."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import Opened
from tests.browser.test_every_page import Watch
from tests.conftest import needs, run, serve

pytestmark = pytest.mark.browser

SMALL: ViewportSize = {"width": 390, "height": 844}
WIDE: ViewportSize = {"width": 1280, "height": 900}


def test_the_first_tab_leads_to_the_content(opened: Opened) -> None:
    page = opened("about/history.html")
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Zum Inhalt")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#inhalt")).to_be_focused()


@pytest.mark.parametrize("name", ["monitoring/cars.html", "en/regions/hamburg.html"])
def test_the_focus_is_always_seen_and_follows_the_page(opened: Opened, name: str) -> None:
    """Also with the menu open: nothing lies over what has the focus (WCAG 2.4.11)."""
    for size in (SMALL, WIDE):
        page = opened(name, viewport=size, reduced_motion="reduce")
        if size is SMALL:
            page.locator("summary").first.click()
        page.evaluate("document.activeElement.blur(); document.body.focus()")
        found = []
        for _ in range(50):
            page.keyboard.press("Tab")
            found.append(page.evaluate("checks.focus()"))
        places = [place for place, _ in found]
        assert [unseen for _, unseen in found if unseen] == []
        assert places == sorted(places), f"the focus jumps at {size}"


def test_the_small_menu_works_by_keyboard_and_without_script(opened: Opened, server: str) -> None:
    page = opened("regions/hamburg.html", viewport=SMALL, java_script_enabled=False)
    menu = page.get_by_role("navigation", name="Hauptmenü")
    button = page.locator("summary", has_text="Menü")
    expect(menu).to_be_hidden()
    button.focus()
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    # Its button and the languages stay in sight, and the page goes on below it.
    expect(button).to_be_in_viewport()
    expect(page.get_by_role("link", name="English")).to_be_in_viewport()
    bottom = menu.bounding_box()
    heading = page.get_by_role("heading", level=1).bounding_box()
    assert bottom and heading
    assert heading["y"] > bottom["y"] + bottom["height"]
    # Two levels, with the present section open.
    expect(menu.get_by_role("link", name="Hamburg")).to_have_attribute("aria-current", "page")
    expect(menu.get_by_role("link", name="Stuttgart")).to_be_visible()
    expect(menu.get_by_role("link", name="Geschichte")).to_have_count(0)
    for _ in range(2):
        page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    # Twice the same button is open and closed again, and leads nowhere.
    button.dblclick()
    expect(page).to_have_url(f"{server}/regions/hamburg.html")
    menu.get_by_role("link", name="Stuttgart").click()
    expect(page).to_have_url(f"{server}/regions/stuttgart.html")


#: The header has another form from 40 and from 64 rem on, and each is tightest where it begins.
WIDTHS = (320, 390, 639, 640, 1023, 1024, 1920)


@pytest.mark.parametrize("name", ["index.html", "en/monitoring/cars.html"])
@pytest.mark.parametrize("menu", ["open", "closed"])
def test_the_header_never_overlaps(opened: Opened, name: str, menu: str) -> None:
    page = opened(name, viewport=SMALL)
    if menu == "open":
        page.locator("summary").first.click()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("checks.overlaps()") == [], f"at {width} pixels"
        # An open menu turns into the wide header.
        expect(page.locator("summary").first).to_be_visible(visible=width < 1024)
    expect(page.get_by_role("navigation", name=re.compile("Main menu|Hauptmenü"))).to_have_count(1)


def test_forced_colours_tell_the_present_page_from_the_others(opened: Opened) -> None:
    page = opened("regions/hamburg.html", viewport=WIDE, forced_colors="active")
    edge = "element => getComputedStyle(element).getPropertyValue('border-%s-color')"
    sides = {".main-nav": "bottom", ".languages": "bottom", ".section-nav": "left"}
    for place, side in sides.items():
        mine = page.locator(f"{place} ul [aria-current]").last.evaluate(edge % side)
        others = page.locator(f"{place} ul a:not([aria-current])").evaluate_all(
            f"list => list.map({edge % side})"
        )
        ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        assert mine != ground
        assert set(others) == {ground}


def test_clicks_search_and_switch_store_nothing_and_call_nobody(page: Page, server: str) -> None:
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
    assert page.evaluate("checks.stored()") == []
    assert page.context.cookies() == []
    assert watch.seen == []


def test_the_reading_order_without_css_is_header_navigation_content_footer(
    page: Page, server: str
) -> None:
    page.route("**/*.css*", lambda route: route.fulfill(body="", content_type="text/css"))
    page.goto(f"{server}/regions/hamburg.html")
    order = page.evaluate(
        "[...document.querySelectorAll('header, h1, main, .section-nav, footer')]"
        ".map(element => element.localName)"
    )
    assert order == ["header", "nav", "main", "h1", "footer"]
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize("place", ["path", "folder"])
def test_switch_and_menu_work_below_any_path_and_from_a_folder(
    page: Page, site: Path, tmp_path: Path, place: str
) -> None:
    (tmp_path / "some").mkdir()
    (tmp_path / "some" / "where").symlink_to(site)
    with serve(tmp_path) as server:
        base = f"{server}/some/where" if place == "path" else site.as_uri()
        watch = Watch(page, base)
        page.goto(f"{base}/regions/hamburg.html")
        expect(page.locator(".site-header")).to_have_css("display", "grid")
        page.get_by_role("navigation", name="Sprache").get_by_role("link", name="English").click()
        expect(page).to_have_url(f"{base}/en/regions/hamburg.html")
        page.get_by_role("navigation", name="Language").get_by_role("link", name="Deutsch").click()
        expect(page).to_have_url(f"{base}/regions/hamburg.html")
        page.get_by_role("navigation", name="Hauptmenü").get_by_role("link").first.click()
        expect(page).to_have_url(f"{base}/news/index.html")
        font = "document.fonts.load('1em IKM Serif').then(fonts => fonts.map(font => font.status))"
        assert page.evaluate(font) == ["loaded"]
    # Chromium asks for the font early only where there are origins, and says so.
    early = "font|preload|ERR_FAILED" if place == "folder" else "$^"
    assert [what for what in watch.seen if not re.search(early, what)] == []


def test_tables_use_the_window_say_that_they_go_on_and_stack(opened: Opened, server: str) -> None:
    page = opened("monitoring/comparison.html")
    tables = page.locator(".table-wrapper")
    hidden = "list => list.filter(e => e.scrollWidth > e.clientWidth).length"
    for width, scrolled in ((1440, 1), (1920, 0)):
        page.set_viewport_size({"width": width, "height": 900})
        assert tables.evaluate_all(hidden) <= scrolled
    page.set_viewport_size(SMALL)
    ground = "element => getComputedStyle(element).backgroundImage"
    assert "gradient" in tables.first.evaluate(ground)
    inside = "e => e.scrollWidth <= e.clientWidth && e.getBoundingClientRect().right <= innerWidth"
    for name in ("about/translation.html", "monitoring/downloads.html"):
        page.goto(f"{server}/{name}")
        assert page.locator("table.stack").first.evaluate(inside), name


def test_a_printed_page_is_a_document(opened: Opened, tmp_path: Path) -> None:
    reader = needs("pdftotext", "poppler-utils")
    page = opened("statements/eu-kohaesionspolitik-2018.html")
    file = tmp_path / "page.pdf"
    page.pdf(path=file, prefer_css_page_size=True)
    text = " ".join(run([reader, "-layout", file, "-"]).stdout.split())
    assert "Kohäsionspolitik ab 2020" in text
    assert "<http" in text
    assert "https://deutsche-metropolregionen.org/statements/eu-kohaesionspolitik-2018.html" in text
    for navigation in ("Menü", "Suchen", "English", "Zum Inhalt", "Startseite ›", "Nach oben"):
        assert navigation not in text
