"""A real browser, ended with the tests."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.conftest import PATIENCE, from_npm, needs

#: Milliseconds until something is waited for in vain.
LIMIT = 1000 * PATIENCE
expect.set_options(timeout=LIMIT)

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
            needs("chromium", "chromium")
        started = playwright.chromium.launch(executable_path=found, args=ARGUMENTS, timeout=LIMIT)
        yield started
        started.close()


#: Opens a page, for most tests by its address within the site, with options of a browser's context.
Opened = Callable[..., Page]


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Opened]:
    """Makes pages of readers who were never here, and closes them."""
    with ExitStack() as contexts:

        def new_page(**options: Any) -> Page:
            context = contexts.enter_context(browser.new_context(**options))
            context.set_default_timeout(LIMIT)
            context.add_init_script(path=Path(__file__).with_name("checks.js"))
            return context.new_page()

        yield new_page


@pytest.fixture
def page(new_page: Opened) -> Page:
    """A page of a reader who was never here."""
    return new_page()


@pytest.fixture
def opened(new_page: Opened, server: str) -> Opened:
    """Opens pages of the site."""

    def opened(name: str, **options: Any) -> Page:
        page = new_page(**options)
        page.goto(f"{server}/{name}")
        return page

    return opened


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    return from_npm("axe-core/axe.min.js").read_text("utf-8")
