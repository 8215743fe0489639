# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Every page keeps within `budgets.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import brotli
import pytest
from selectolax.lexbor import LexborHTMLParser

from ikm_site.builder import fingerprinted
from ikm_site.languages import LANGUAGES
from tests.conftest import ROOT

BUDGETS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("budgets.toml").read_text("utf-8"))
#: What a browser loads without being asked: selector and attribute.
LOADED = (
    ('link[rel~="stylesheet"]', "href"),
    ('link[rel~="icon"]', "href"),
    ('link[rel~="preload"]', "href"),
    ("script[src]", "src"),
    # A lazy image lies in closed details: it is loaded when a reader opens them.
    ("img[src]:not([loading=lazy])", "src"),
    ("source[srcset]", "srcset"),
    ("object[data]", "data"),
)


@cache
def compressed(file: Path) -> int:
    """The bytes of a file on the way to the reader."""
    return len(brotli.compress(file.read_bytes(), quality=11))


def loaded(page: Path, site: Path) -> list[Path]:
    """The files that a page loads, besides itself."""
    place = page.relative_to(site).as_posix()
    tree = LexborHTMLParser(page.read_text("utf-8"))
    names = {
        urlsplit(urljoin(f"/{place}", node.attributes[attribute] or "")).path.lstrip("/")
        for selector, attribute in LOADED
        for node in tree.css(selector)
        if not (node.attributes[attribute] or "").startswith("data:")
    }
    return [site / name for name in sorted(names)]


def pages(site: Path) -> Iterator[tuple[str, Path]]:
    """All pages of all languages with their address within their language."""
    folders = sorted((entry.path for entry in LANGUAGES), key=len, reverse=True)
    for page in sorted(site.rglob("*.html")):
        name = page.relative_to(site).as_posix()
        if 'http-equiv="refresh"' in page.read_text("utf-8"):
            continue  # a redirect
        yield name.removeprefix(next(f for f in folders if name.startswith(f))), page


def test_every_page_keeps_within_its_bytes(site: Path) -> None:
    over = []
    for name, page in pages(site):
        if name == BUDGETS["search"]["pattern"]:
            allowed = BUDGETS["search"]["bytes"]
        else:
            allowed = next(b["bytes"] for b in BUDGETS["pages"] if fnmatchcase(name, b["pattern"]))
        files = [
            f for f in loaded(page, site)
            if not f.name.startswith("searchindex") and f.suffix != ".woff2"
        ]  # fmt: skip
        weight = compressed(page) + sum(compressed(file) for file in files if file.is_file())
        if weight > allowed:
            over.append(f"{page.relative_to(site)}: {weight} bytes, allowed are {allowed}")
    assert over == []


def test_content_pages_load_a_style_sheet_and_an_icon_and_no_more(site: Path) -> None:
    every = BUDGETS["every"]
    over = []
    for name, page in pages(site):
        if name == BUDGETS["search"]["pattern"]:
            continue
        files = loaded(page, site)
        html = page.read_text("utf-8")
        scripts = [
            node
            for node in LexborHTMLParser(html).css("script")
            if node.attributes.get("type") != "application/ld+json"
        ]
        if 1 + len(files) > every["requests"] or len(scripts) > every["scripts"]:
            over.append(f"{page.relative_to(site)}: {[f.name for f in files]}, {len(scripts)}")
    assert over == []


def test_no_page_asks_for_a_file_that_is_not_there(site: Path) -> None:
    missing = {
        file.relative_to(site).as_posix()
        for _, page in pages(site)
        for file in loaded(page, site)
        if not file.is_file()
    }
    assert missing == set()


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_only_what_a_page_loads_is_published(site: Path, language: Any) -> None:
    static = site / language.path / "_static"
    used = {
        file
        for name, page in pages(site)
        if name in {"index.html", "search.html", "404.html"}
        for file in loaded(page, site)
    }
    furo = {"styles", "scripts", "pygments.css", "basic.css", "file.png", "plus.png", "debug.css"}
    assert not furo & {file.name for file in static.iterdir()}
    assert {file for file in static.iterdir() if file.suffix == ".css"} <= used


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_the_style_sheet_is_small_and_named_by_its_content(site: Path, language: Any) -> None:
    (style,) = (site / language.path / "_static").glob("*.css")
    content = style.read_bytes()
    assert style.name == fingerprinted("site.css", content)
    assert b"/*" not in content
    (font,) = style.parent.glob("*.woff2")
    assert font.stat().st_size <= BUDGETS["every"]["font_bytes"]
    assert len(re.findall(rb"@font-face", content)) == BUDGETS["every"]["fonts"]
    assert len(content) < 0.95 * (ROOT / "theme/ikm/static/site.css").stat().st_size
