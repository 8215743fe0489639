# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Promises 1 and 6 on every page in a browser: nothing stored, nobody called, all can use it.

A page is loaded once; everything is looked at in that visit, German pages in light colours from
wide to narrow, English ones in dark colours on phones. Both have one structure and style sheet.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Frame, Page, Request, Response, ViewportSize

from ikm_site.languages import LANGUAGES
from tests.conftest import serve
from tests.pages import pages, with_new_elements

pytestmark = pytest.mark.browser

RULES = [
    "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "EN-301-549",
]  # fmt: skip

#: Widths and colours in which the pages of a language are seen. WCAG 1.4.10: 320 pixels are also
#: a window of 1280 that is enlarged to 400 %.
LOOKS: dict[str, tuple[list[int], Literal["light", "dark"]]] = {
    "de": ([1280, 320], "light"),
    "en": ([390, 320], "dark"),
}
#: So many tests share the pages of a language, so that all cores are busy to the end.
PARTS = 4

#: Axe takes a second for a thousand cells. Rows and entries of one form come from one line of a
#: template, so it sees three of each; the checker of HTML sees all.
CUT = """() => {
  for (const list of document.querySelectorAll('main :is(tbody, ul, ol, svg g)')) {
    const count = {};
    for (const entry of [...list.children]) {
      const form = [entry, ...entry.querySelectorAll('*')]
        .map(part => [part.localName, part.getAttribute('class'), ...part.getAttributeNames()])
        .join();
      count[form] = (count[form] ?? 0) + 1;
      if (count[form] > 3) entry.remove();
    }
  }
}"""

AXE = """([rules, contrast]) => axe.run({runOnly: rules, resultTypes: ['violations'],
  rules: {'color-contrast': {enabled: contrast}}, preload: false, iframes: false,
  elementRef: false, selectors: false, ancestry: true})"""

STORED = """async () => {
  const found = [];
  if (document.cookie) found.push('cookie');
  if (localStorage.length) found.push('localStorage');
  if (sessionStorage.length) found.push('sessionStorage');
  if ((await indexedDB.databases()).length) found.push('IndexedDB');
  if ('caches' in window && (await caches.keys()).length) found.push('Cache');
  if ('serviceWorker' in navigator && (await navigator.serviceWorker.getRegistrations()).length)
    found.push('service worker');
  return found;
}"""

#: WCAG 2.5.8: 24 pixels, but for links within a text.
SMALL_TARGETS = """() => [...document.querySelectorAll('header a, nav a, summary, button, input')]
  .filter(element => element.checkVisibility())
  .map(element => [element, element.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.height < 24 || box.width < 24))
  .map(([element, box]) => `${element.textContent.trim()}: ${box.width} x ${box.height}`)"""

WIDTH = "document.documentElement.scrollWidth"


class Watch:
    """What a page does that it must not do."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self.origin = origin
        self.seen: list[str] = []
        self.asked = 0  # for how many pages
        self.shown = 0  # the last of them that came
        self.asker: dict[Request, int] = {}
        page.on("request", self._request)
        page.on("requestfailed", self._failed)
        page.on("response", self._response)
        page.on("framenavigated", self._navigated)
        page.on("console", lambda message: self.seen.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: self.seen.append(f"error: {error}"))

    def _request(self, request: Request) -> None:
        if request.is_navigation_request() and request.frame == self.page.main_frame:
            self.asked += 1
        self.asker[request] = self.shown
        if not request.url.startswith(self.origin):
            self.seen.append(f"calls {request.url}")

    def _navigated(self, frame: Frame) -> None:
        if frame == self.page.main_frame:
            self.shown = self.asked

    def _failed(self, request: Request) -> None:
        """A browser ends what a page has asked for when its reader goes on: that is no fault.

        The icon is asked for last, at times after the reader has clicked already.
        """
        left = self.asked > self.asker[request] and not request.is_navigation_request()
        if not (left and request.failure == "net::ERR_ABORTED"):
            self.seen.append(f"failed: {request.url} {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.seen.append(f"{response.status}: {response.url}")

    def take(self) -> list[str]:
        """What was seen since the last call."""
        seen, self.seen = self.seen, []
        return seen


def _violations(page: Page, axe: str, *, contrast: bool) -> list[str]:
    page.evaluate(CUT)
    page.evaluate(axe)
    result: dict[str, Any] = page.evaluate(AXE, [RULES, contrast])
    return [
        f"axe {violation['id']} at {node['html'][:200]}: {node['failureSummary']}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


def problems(
    browser: Browser, server: str, names: list[str], axe: str, new: Set[str], code: str
) -> Iterator[str]:
    """Everything that is wrong on these pages; *new*: those with kinds of elements of their own.

    Contrast depends on the kind of an element alone, and the English pages have the kinds of the
    German ones, so that axe looks for the one, and at the others, where a kind is new.
    """
    widths, scheme = LOOKS[code]
    sizes: list[ViewportSize] = [{"width": width, "height": 900} for width in widths]
    context = browser.new_context(viewport=sizes[0], color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    watch = Watch(page, server)
    for name in names:
        page.goto(f"{server}/{name}")
        found = watch.take()
        for size in sizes:
            page.set_viewport_size(size)
            width = size["width"]
            if (wide := page.evaluate(WIDTH)) > width:
                found.append(f"is {wide} pixels wide at {width}")
            if width < 1000:
                found += page.evaluate(SMALL_TARGETS)
        sizes.reverse()  # the next page begins as this one ends, and needs one change, too
        if name in new or scheme == "light":
            page.set_viewport_size({"width": widths[0], "height": 900})
            found += _violations(page, axe, contrast=name in new)
        found += [f"stores: {what}" for what in page.evaluate(STORED)]
        yield from (f"{name}: {what}" for what in found + watch.take())
    yield from (f"cookie: {cookie}" for cookie in context.cookies())
    context.close()


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("code", [language.code for language in LANGUAGES])
def test_nothing_is_wrong_on_any_page(
    browser: Browser, server: str, site: Path, axe: str, code: str, part: int
) -> None:
    names = pages(site, code)
    assert len(names) > 60
    new = with_new_elements(site, code)
    assert len(new) > 20
    # Both kinds evenly.
    names = sorted(names, key=lambda name: (name not in new, name))
    found = list(problems(browser, server, names[part::PARTS], axe, new, code))
    assert not found, "\n".join(found)


def test_the_watch_sees_what_a_page_must_not_do(browser: Browser, tmp_path: Path, axe: str) -> None:
    """The checks above can fail: a page that does everything wrong is found out."""
    (tmp_path / "bad.html").write_text(
        "<!doctype html><html><body><img src='http://localhost:9/x.png'><p style='color:#ddd'>pale grey text</p>"
        "<p style='width:380px'>wide</p><nav><a href='#' style='font-size:9px'>x</a></nav>"
        "<script>document.cookie='a=1'; localStorage.setItem('b', 1); console.log('c')</script>",
        encoding="utf-8",
    )
    served = serve(tmp_path)
    found = "\n".join(problems(browser, next(served), ["bad.html"], axe, {"bad.html"}, "de"))
    served.close()
    signs = (
        "calls http://localhost:9",
        "failed: http://localhost:9",
        "stores: cookie",
        "stores: localStorage",
        "console: c",
        "pixels wide at 320",
        "x: ",
        "axe html-has-lang",
        "axe color-contrast",
        "axe image-alt",
    )
    for sign in signs:
        assert sign in found, found


def test_the_watch_tells_a_page_that_is_left_from_one_that_fails(page: Page, server: str) -> None:
    page.route("**/never", lambda _: None)
    watch = Watch(page, server)
    page.goto(f"{server}/index.html")
    with page.expect_request("**/never"):
        page.evaluate("void fetch('/never')")
    page.goto(f"{server}/about/index.html")
    assert watch.take() == []
    with page.expect_event("requestfailed"):
        page.evaluate("void fetch('/never', {signal: AbortSignal.timeout(10)}).catch(() => {})")
    assert watch.take() == [f"failed: {server}/never net::ERR_ABORTED"]
    page.route("**/broken", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.evaluate("void fetch('/broken').catch(() => {})")
    assert f"failed: {server}/broken net::ERR_FAILED" in watch.take()
