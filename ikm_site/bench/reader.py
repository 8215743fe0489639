# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""What a reader with a phone waits for: a page, and the first result of a search.

The pages come compressed from a server on loopback; the real browser gets a slow line and a
slow processor.
"""

from __future__ import annotations

import gzip
import shutil
import statistics
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import brotli
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

#: A phone in a slow mobile network, as Lighthouse has it: so many times slower than this
#: machine, bits a second.
SLOWER, LINE = 4, 1_600_000
#: Milliseconds until the answer to a request begins: none, and those of a mobile network.
LATENCIES = (0, 150)
#: Each page is loaded so many times; the median counts.
TIMES = 3

_OBSERVE = """
window.bench = {lcp: 0, tasks: []};
new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
  window.bench.lcp = entry.startTime;
})).observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver((list) => window.bench.tasks.push(...list.getEntries()))
  .observe({type: 'longtask', buffered: true});
"""

#: Largest Contentful Paint, and Total Blocking Time: what tasks after the first paint take
#: beyond 50 ms each.
_TIMES = """
() => {
  const paint = performance.getEntriesByName('first-contentful-paint')[0].startTime;
  const after = ({startTime, duration}) => startTime + duration - Math.max(paint, startTime);
  const blocked = window.bench.tasks.map((task) => Math.max(0, after(task) - 50));
  return {lcp: window.bench.lcp, tbt: blocked.reduce((sum, time) => sum + time, 0)};
}
"""

_ASK = """
(query) => new Promise((resolve) => {
  const list = document.getElementById('search-results');
  const start = performance.now();
  new MutationObserver((_, observer) => {
    if (!list.querySelector('li a')) return;
    observer.disconnect();
    requestAnimationFrame(() => resolve(performance.now() - start));
  }).observe(list, {childList: true, subtree: true});
  const form = document.querySelector('#search form');
  form.elements.q.value = query;
  form.requestSubmit();
})
"""


@cache
def _packed(file: Path, coding: str) -> bytes:
    data = file.read_bytes()
    return bytes(brotli.compress(data)) if coding == "br" else gzip.compress(data)


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        file = Path(self.translate_path(self.path))
        if not file.is_file():
            self.send_error(404)
            return
        codings = self.headers.get("Accept-Encoding", "")
        coding = next((name for name in ("br", "gzip") if name in codings), "")
        data = _packed(file, coding) if coding else file.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(file)))
        if coding:
            self.send_header("Content-Encoding", coding)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def handle(self) -> None:
        with suppress(ConnectionError):  # the browser has been closed
            super().handle()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


def launch(playwright: Playwright) -> Browser | None:
    """Start the system's Chromium, else Playwright's own; None if there is neither."""
    own = Path(playwright.chromium.executable_path)
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    path = found or (str(own) if own.is_file() else None)
    arguments = (
        "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update "
        "--no-first-run"
    )
    if path is None:
        return None
    return playwright.chromium.launch(executable_path=path, args=arguments.split())


@contextmanager
def _serve(folder: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder))) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def _phone(browser: Browser, latency: int) -> Iterator[tuple[Page, dict[str, int]]]:
    """A new page on the slow phone, with the requests and bytes that it has taken so far."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    session = context.new_cdp_session(page)
    taken = {"requests": 0, "bytes": 0}

    def finished(event: dict[str, Any]) -> None:
        taken["requests"] += 1
        taken["bytes"] += round(event["encodedDataLength"])

    session.on("Network.loadingFinished", finished)
    session.send("Network.enable")
    line = {"latency": latency, "downloadThroughput": LINE / 8, "uploadThroughput": LINE / 8}
    session.send("Network.emulateNetworkConditions", {"offline": False, **line})
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    yield page, taken
    context.close()


def _page(browser: Browser, address: str) -> dict[str, int]:
    """Requests, bytes with their heads, and milliseconds until the page is there and at rest."""
    found: list[dict[str, int]] = []
    for _ in range(TIMES):
        with _phone(browser, LATENCIES[-1]) as (page, taken):
            page.add_init_script(_OBSERVE)
            page.goto(address)
            page.wait_for_load_state("networkidle")
            times = page.evaluate(_TIMES)
            found.append({**taken, **{name: round(value) for name, value in times.items()}})
    return {name: round(statistics.median(run[name] for run in found)) for name in found[0]}


def _search(browser: Browser, address: str, queries: Sequence[str], latency: int) -> dict[str, int]:
    """Milliseconds from Enter to the first result, on a search page that has been loaded."""
    found = {}
    for query in queries:
        with _phone(browser, latency) as (page, _):
            page.goto(address)
            page.wait_for_load_state("networkidle")
            found[query] = round(page.evaluate(_ASK, query))
    return found


def read(folder: Path, page: str, queries: Sequence[str] = ()) -> dict[str, Any] | None:
    """Read a built site with a phone.

    Args:
        folder: the result.
        page: the address of a page in it that is measured.
        queries: what is looked for on its search page, with at least one result each.

    Returns:
        What the page and each search took, in bytes and milliseconds; None without a browser.
    """
    with sync_playwright() as playwright, _serve(folder) as server:
        browser = launch(playwright)
        if browser is None:
            return None
        result: dict[str, Any] = {"page": _page(browser, f"{server}/{page}")}
        if queries:
            search = f"{server}/search.html"
            result["search"] = {
                str(latency): _search(browser, search, queries, latency) for latency in LATENCIES
            }
        browser.close()
        return result
