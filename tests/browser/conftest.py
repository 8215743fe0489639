"""A real browser, ended with the tests."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.conftest import ROOT, missing, needs

#: Milliseconds until something is expected in vain: a machine may have much else to do.
expect.set_options(timeout=30_000)

#: Chromium without a window comes first: it takes a sixth less time than the whole program.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--no-first-run",
    # A test may ask the search for hundreds of things in a second.
    "--disable-ipc-flooding-protection",
]  # fmt: skip


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, else Playwright's own."""
    with sync_playwright() as playwright:
        found = next(filter(None, map(shutil.which, PROGRAMS)), None)
        if found is None and not Path(playwright.chromium.executable_path).is_file():
            missing("chromium", "chromium")
        started = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a reader who was never here."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


#: Opens a page of the site by its address within it, with options of a browser's context.
Opened = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, server: str) -> Iterator[Opened]:
    """Opens pages of readers who were never here, and closes them."""
    contexts = []

    def opened(name: str, **options: Any) -> Page:
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.goto(f"{server}/{name}")
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    file = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    if not file.is_file():
        needs("npm", "npm")
        pytest.fail("axe-core is not installed; run make test")
    return file.read_text("utf-8")
