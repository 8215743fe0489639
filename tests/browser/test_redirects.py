# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Old addresses in a browser that runs no scripts, on a server without rules."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("path", "arrival"),
    [
        ("/mitglieder/rhein-ruhr.html", "/regions/rhein-ruhr.html"),
        ("/ueber-ikm", "/about/index.html"),
        ("/category/news/", "/en/news/index.html"),
        ("/metropolregion/rheinland/", "/regions/rheinland.html"),
    ],
)
def test_a_browser_without_script_arrives(
    browser: Browser, server: str, path: str, arrival: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server + path)
    page.wait_for_url(server + arrival)
    context.close()
