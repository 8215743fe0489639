# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Pages that have become too heavy: the budgets of `tests/budgets.toml` on a release."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from lxml import html

from ikm_site.languages import LANGUAGES

FILE = Path("tests/budgets.toml")

#: What a browser loads without being asked.
_LOADED = (
    "//link[contains('stylesheet icon preload', @rel)]/@href | //script/@src | //img/@src"
    " | //object/@data"
)


def _bytes(file: Path) -> int:
    """The bytes of a file on the way to the reader: with Brotli, where that is smaller."""
    packed = file.with_name(file.name + ".br")
    return (packed if packed.is_file() else file).stat().st_size


def over(site: Path, budgets: Path) -> Iterator[str]:
    """Pages that are heavier than they may be, with both figures in bytes.

    Args:
        site: the site of a release, with its compressed copies.
        budgets: the file of budgets; the first pattern that fits a page counts.
    """
    rules = tomllib.loads(budgets.read_text("utf-8"))
    patterns = [*([rules["search"]] if "search" in rules else []), *rules["pages"]]
    folders = sorted((entry.path for entry in LANGUAGES), key=len, reverse=True)
    for page in sorted(site.rglob("*.html")):
        name = page.relative_to(site).as_posix()
        tree = html.parse(str(page), html.HTMLParser(encoding="utf-8"))
        if tree.xpath("//meta[@http-equiv='refresh']"):
            continue
        inner = name.removeprefix(next(f for f in folders if name.startswith(f)))
        allowed = next(p["bytes"] for p in patterns if fnmatchcase(inner, p["pattern"]))
        paths = {urlsplit(urljoin(f"/{name}", str(link))).path[1:] for link in tree.xpath(_LOADED)}
        files = [page, *(site / path for path in sorted(paths) if (site / path).is_file())]
        weight = sum(_bytes(file) for file in files)
        if weight > allowed:
            yield f"{name}: weighs {weight} bytes, allowed are {allowed} ({budgets.name})"
