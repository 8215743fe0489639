"""Promises 1 and 6 on every page in a browser: nothing stored, nobody called, all can use it.

Every page is opened in a window of 320 pixels, which is also one of 1280 enlarged to 400 % (WCAG
1.4.10), and seen by axe: German pages wide and light, English ones on a phone and dark.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Page, Request, Response

from ikm_site.languages import Language
from tests.browser.conftest import Opened
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


def problems(
    new_page: Opened, folder: Path, names: list[str], axe: str, code: str
) -> Iterator[str]:
    """Everything that is wrong on these pages of a folder."""
    width, scheme = LOOKS[code]
    look = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    page = new_page(reduced_motion="reduce", **look)
    with serve(folder) as server:
        watch = Watch(page, server)
        page.route("**/frames", lambda route: route.fulfill(content_type="text/html", body=FRAMES))
        page.goto(f"{server}/frames")
        page.unroute_all()
        yield from page.evaluate("names => checks.visit(names)", names)
        yield from (f"stores: {what}" for what in page.evaluate("checks.stored()"))
        yield from watch.seen
        page.evaluate(axe)
        for name in names:
            html = (folder / name).read_text("utf-8")
            page.evaluate("page => checks.show(page)", [f"/{name}", html])
            found = page.evaluate("rules => checks.axe(rules)", RULES)
            yield from (f"{name}: {problem}" for problem in found)
        yield from (f"cookie: {cookie}" for cookie in page.context.cookies())


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_wrong_on_any_page(
    new_page: Opened, site: Path, axe: str, entry: Language, part: int
) -> None:
    names = pages(site, entry.code)
    assert len(names) > 60
    found = list(problems(new_page, site, names[part::PARTS], axe, entry.code))
    assert not found, "\n".join(found)


def test_the_watch_sees_what_a_page_must_not_do(new_page: Opened, tmp_path: Path, axe: str) -> None:
    """The checks above can fail: a page that does everything wrong is found out."""
    (tmp_path / "bad.html").write_text(
        "<!doctype html><html><body><img src='http://localhost:9/x.png'><p style='color:#ddd'>pale grey text</p>"
        "<p style='width:380px'>wide</p><nav><a href='#' style='font-size:9px'>x</a></nav>"
        "<script>document.cookie='a=1'; localStorage.setItem('b', 1); console.log('c')</script>",
        encoding="utf-8",
    )
    found = "\n".join(problems(new_page, tmp_path, ["bad.html"], axe, "de"))
    signs = (
        "calls http://localhost:9", "failed: http://localhost:9", "stores: cookie",
        "stores: localStorage", "console: c", "pixels wide at 320", "x: ", "axe html-has-lang",
        "axe color-contrast", "axe image-alt",
    )  # fmt: skip
    for sign in signs:
        assert sign in found, found
