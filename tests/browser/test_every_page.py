# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Promises 1 and 6 on every page in a browser: nothing stored, nobody called, all can use it.

A page is loaded once for each scheme of colours; everything else is looked at in that visit.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Frame, Page, Request, Response

from ikm_site.languages import LANGUAGES
from tests.pages import pages

pytestmark = pytest.mark.browser

RULES = [
    "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "EN-301-549",
]  # fmt: skip

#: What another scheme of colours or another width can change.
LOOKS = {"type": "rule", "values": ["color-contrast", "link-in-text-block", "target-size"]}

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


def _violations(page: Page, rules: object) -> list[str]:
    result: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations'],"
        " elementRef: false, selectors: false, ancestry: true})", rules
    )  # fmt: skip
    return [
        f"axe {violation['id']} at {node['html'][:200]}: {node['failureSummary']}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


def problems(
    browser: Browser, server: str, names: list[str], axe: str, width: int, scheme: Any
) -> Iterator[str]:
    """Everything that is wrong on these pages."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    watch = Watch(page, server)
    for name in names:
        page.goto(f"{server}/{name}")
        found = watch.take()
        page.evaluate(axe)
        found += _violations(page, RULES if scheme == "light" else LOOKS)
        found += [f"stores: {what}" for what in page.evaluate(STORED)]
        if (wide := page.evaluate(WIDTH)) > width:
            found.append(f"is {wide} pixels wide at {width}")
        if width < 1000:
            found += page.evaluate(SMALL_TARGETS)
        # WCAG 1.4.10: a window of 320 pixels, which is also one of 1280 enlarged to 400 %.
        page.set_viewport_size({"width": 320, "height": 900})
        if (wide := page.evaluate(WIDTH)) > 320:
            found.append(f"is {wide} pixels wide at 320")
        page.set_viewport_size({"width": width, "height": 900})
        yield from (f"{name}: {what}" for what in found + watch.take())
    yield from (f"cookie: {cookie}" for cookie in context.cookies())
    context.close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
@pytest.mark.parametrize("code", [language.code for language in LANGUAGES])
def test_nothing_is_wrong_on_any_page(
    browser: Browser,
    server: str,
    site: Path,
    axe: str,
    code: str,
    width: int,
    scheme: Literal["light", "dark"],
) -> None:
    names = pages(site, code)
    assert len(names) > 60
    found = list(problems(browser, server, names, axe, width, scheme))
    assert not found, "\n".join(found)


def test_the_watch_sees_what_a_page_must_not_do(browser: Browser, tmp_path: Path, axe: str) -> None:
    """The checks above can fail: a page that does everything wrong is found out."""
    from tests.conftest import serve

    (tmp_path / "bad.html").write_text(
        "<!doctype html><html><body><img src='http://localhost:9/x.png'><p style='color:#ddd'>pale grey text</p>"
        "<p style='width:380px'>wide</p><nav><a href='#' style='font-size:9px'>x</a></nav>"
        "<script>document.cookie='a=1'; localStorage.setItem('b', 1); console.log('c')</script>",
        encoding="utf-8",
    )
    served = serve(tmp_path)
    found = "\n".join(problems(browser, next(served), ["bad.html"], axe, 390, "light"))
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
