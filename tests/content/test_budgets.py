"""Every page keeps within `budgets.toml`."""

import hashlib
import re
import tomllib
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import brotli

from tests.conftest import ROOT
from tests.pages import all_pages, tree

BUDGETS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("budgets.toml").read_text("utf-8"))
#: What a browser loads without being asked. A lazy image lies in closed details: it is loaded
#: when a reader opens them.
LOADED = """
  //link[contains(@rel, 'stylesheet') or contains(@rel, 'icon') or contains(@rel, 'preload')]/@href
  | //script/@src | //img[not(@loading = 'lazy')]/@src | //source/@srcset | //object/@data"""


@cache
def weight(file: Path, quality: int) -> int:
    """The bytes of a file on the way to the reader, compressed with Brotli."""
    return len(brotli.compress(file.read_bytes(), quality=quality))


@cache
def loaded(site: Path, page: str) -> list[Path]:
    """The files that a page loads, besides itself."""
    names = {urlsplit(urljoin(f"/{page}", found)).path for found in tree(site, page).xpath(LOADED)}
    return [site / name.lstrip("/") for name in sorted(names)]


def test_every_page_keeps_within_its_bytes_and_requests(site: Path) -> None:
    over = []
    for page in all_pages(site):
        name = page.removeprefix("en/")
        allowed = next(each for each in BUDGETS["pages"] if fnmatchcase(name, each["pattern"]))
        files = [site / page, *loaded(site, page)]
        requests = allowed.get("requests", BUDGETS["every"]["requests"])
        if len(files) > requests:
            over.append(f"{page}: {len(files)} requests, allowed are {requests}")
        files = [file for file in files if file.suffix != ".woff2"]
        # The best quality is slow: it is asked only where a quick one is not small enough.
        weights = (sum(weight(file, quality) for file in files) for quality in (5, 11))
        if all((bytes_sent := found) > allowed["bytes"] for found in weights):
            over.append(f"{page}: {bytes_sent} bytes, allowed are {allowed['bytes']}")
    assert over == []


def test_no_other_files_are_published_and_the_style_sheet_is_small(site: Path, path: str) -> None:
    static = site / path / "_static"
    (style,) = static.glob("*.css")
    assert {file.name for file in static.iterdir()} == {
        style.name, "favicon.svg", "ikm-serif.woff2", "ikm-wordmark.png", "ikm-wordmark.svg",
        "preview", "search.js",
    }  # fmt: skip
    content = style.read_bytes()
    assert style.name == f"site.{hashlib.sha256(content).hexdigest()[:8]}.css"
    assert all(style in loaded(site, f"{path}{name}.html") for name in ("index", "search", "404"))
    assert b"/*" not in content
    assert len(content) < 0.95 * (ROOT / "theme/ikm/static/site.css").stat().st_size
    assert len(re.findall(rb"@font-face", content)) == BUDGETS["every"]["fonts"]
    assert (static / "ikm-serif.woff2").stat().st_size <= BUDGETS["every"]["font_bytes"]
