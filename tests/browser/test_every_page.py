"""Promises 1 and 6 on every page in a browser: nothing stored, nobody called, all can use it.

Every page is opened in a window of 320 pixels, which is also one of 1280 enlarged to 400 % (WCAG
1.4.10), and seen by axe: German pages wide and light, English ones on a phone and dark.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

from ikm_site.languages import LANGUAGES
from tests.conftest import serve
from tests.pages import pages

pytestmark = pytest.mark.browser

RULES = [
    "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "EN-301-549",
]  # fmt: skip

#: The width and the colours in which axe sees the pages of a language.
LOOKS = {"de": (1280, "light"), "en": (390, "dark")}
#: So many tests share the pages of a language, so that all cores are busy to the end.
PARTS = 4

#: A page of the same origin that has nothing but the frames that are put into it.
FRAMES = "<!doctype html><html><link rel=icon href='data:,'><body></body></html>"

#: Opens pages in frames beside each other, in a third of the time that a tab for each takes. Gives
#: pages that must be scrolled sideways and targets below 24 pixels (WCAG 2.5.8), but for links
#: within a text.
VISIT = """async names => {
  const frames = names.map(name => {
    const frame = document.createElement('iframe');
    frame.style = 'width: 320px; height: 900px; border: 0';
    frame.src = frame.title = name;
    return frame;
  });
  const loaded = frames.map(frame => new Promise(done => { frame.onload = done; }));
  document.body.append(...frames);
  await Promise.all(loaded);
  return frames.flatMap(frame => {
    const page = frame.contentDocument;
    const targets = page.querySelectorAll('header a, nav a, summary, button, input');
    const small = [...targets]
      .filter(element => element.checkVisibility())
      .map(element => [element, element.getBoundingClientRect()])
      .filter(([, box]) => box.width && (box.height < 24 || box.width < 24))
      .map(([element, box]) => `${element.textContent.trim()}: ${box.width} x ${box.height}`);
    const wide = page.documentElement.scrollWidth;
    if (wide > 320) small.push(`is ${wide} pixels wide at 320`);
    return small.map(problem => `${frame.title}: ${problem}`);
  });
}"""

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

#: Puts another page into a tab that has axe and the style sheet already.
SHOW = """async ([address, html]) => {
  history.replaceState(null, '', address);
  const page = new DOMParser().parseFromString(html, 'text/html');
  document.replaceChild(document.adoptNode(page.documentElement), document.documentElement);
  for (const style of document.querySelectorAll('link[rel=stylesheet]'))
    if (!style.sheet) await new Promise(done => { style.onload = style.onerror = done; });
}"""

#: Axe takes a second for a thousand cells. Rows and entries of one form come from one line of a
#: template, so it sees three of each, and parts around the content only when their form is new.
CUT = """() => {
  const form = part => [part, ...part.querySelectorAll('*')]
    .map(each => [each.localName, each.getAttribute('class'), ...each.getAttributeNames()]).join();
  for (const list of document.querySelectorAll('main :is(tbody, ul, ol, svg g)')) {
    const count = {};
    for (const entry of [...list.children]) {
      const own = form(entry);
      count[own] = (count[own] ?? 0) + 1;
      if (count[own] > 3) entry.remove();
    }
  }
  window.seen ??= new Set();
  for (const part of document.querySelectorAll('header, footer, body nav, aside')) {
    const own = form(part);
    if (seen.has(own)) part.remove();
    seen.add(own);
  }
}"""

AXE = """rules => axe.run({runOnly: rules, resultTypes: ['violations'],
  preload: false, iframes: false, elementRef: false, selectors: false, ancestry: true})"""

WIDTH = "document.documentElement.scrollWidth"


class Watch:
    """What a page does that it must not do."""

    def __init__(self, page: Page, origin: str) -> None:
        self.origin = origin
        self.seen: list[str] = []
        page.on("request", self._request)
        page.on("requestfailed", self._failed)
        page.on("response", self._response)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.seen.append(f"error: {error}"))

    def _said(self, message: ConsoleMessage) -> None:
        self.seen.append(f"console: {message.text} ({message.location['url']})")

    def _request(self, request: Request) -> None:
        if not request.url.startswith(self.origin):
            self.seen.append(f"calls {request.url}")

    def _failed(self, request: Request) -> None:
        # A browser itself ends what is still on its way, such as the icon, when its reader goes on.
        if request.failure != "net::ERR_ABORTED":
            self.seen.append(f"failed: {request.url} {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.seen.append(f"{response.status}: {response.url}")


def _seen_by_axe(page: Page, width: int) -> Iterator[str]:
    if (wide := page.evaluate(WIDTH)) > width:
        yield f"is {wide} pixels wide at {width}"
    page.evaluate(CUT)
    result: dict[str, Any] = page.evaluate(AXE, RULES)
    for violation in result["violations"]:
        for node in violation["nodes"]:
            yield f"axe {violation['id']} at {node['html'][:200]}: {node['failureSummary']}"


def problems(
    browser: Browser, folder: Path, names: list[str], axe: str, code: str
) -> Iterator[str]:
    """Everything that is wrong on these pages of a folder."""
    width, scheme = LOOKS[code]
    look: dict[str, Any] = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    with serve(folder) as server, browser.new_context(reduced_motion="reduce", **look) as context:
        page = context.new_page()
        watch = Watch(page, server)
        page.route("**/frames", lambda route: route.fulfill(content_type="text/html", body=FRAMES))
        page.goto(f"{server}/frames")
        page.unroute_all()
        yield from page.evaluate(VISIT, names)
        yield from (f"stores: {what}" for what in page.evaluate(STORED))
        yield from watch.seen
        page.evaluate(axe)
        for name in names:
            page.evaluate(SHOW, [f"/{name}", (folder / name).read_text("utf-8")])
            yield from (f"{name}: {problem}" for problem in _seen_by_axe(page, width))
        yield from (f"cookie: {cookie}" for cookie in context.cookies())


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("code", [language.code for language in LANGUAGES])
def test_nothing_is_wrong_on_any_page(
    browser: Browser, site: Path, axe: str, code: str, part: int
) -> None:
    names = pages(site, code)
    assert len(names) > 60
    found = list(problems(browser, site, names[part::PARTS], axe, code))
    assert not found, "\n".join(found)


def test_the_watch_sees_what_a_page_must_not_do(browser: Browser, tmp_path: Path, axe: str) -> None:
    """The checks above can fail: a page that does everything wrong is found out."""
    (tmp_path / "bad.html").write_text(
        "<!doctype html><html><body><img src='http://localhost:9/x.png'><p style='color:#ddd'>pale grey text</p>"
        "<p style='width:380px'>wide</p><nav><a href='#' style='font-size:9px'>x</a></nav>"
        "<script>document.cookie='a=1'; localStorage.setItem('b', 1); console.log('c')</script>",
        encoding="utf-8",
    )
    found = "\n".join(problems(browser, tmp_path, ["bad.html"], axe, "de"))
    signs = (
        "calls http://localhost:9", "failed: http://localhost:9", "stores: cookie",
        "stores: localStorage", "console: c", "pixels wide at 320", "x: ", "axe html-has-lang",
        "axe color-contrast", "axe image-alt",
    )  # fmt: skip
    for sign in signs:
        assert sign in found, found
