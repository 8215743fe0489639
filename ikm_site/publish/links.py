# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Dead links inside the built site: pages, files and places on pages that are not there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from lxml import html

#: All attributes that hold one address. (`srcset` and the like are not used.)
_ADDRESSES = "//@href | //@src | //@action | //@data | //@poster"


def _page(path: Path) -> tuple[frozenset[str], list[str]]:
    """The labels of a page and the addresses on it."""
    tree = html.parse(str(path), html.HTMLParser(encoding="utf-8"))
    return frozenset(map(str, tree.xpath("//@id"))), sorted(set(map(str, tree.xpath(_ADDRESSES))))


def _file(path: str) -> str:
    path = unquote(path).removeprefix("/")
    return path + "index.html" if path == "" or path.endswith("/") else path


def dead(site: Path, site_url: str) -> Iterator[str]:
    """What leads nowhere, as `page: address: what is missing`, sorted by page.

    Args:
        site: the built site.
        site_url: its public address; links that begin with it lead into the site, too.
    """
    pages = {
        path.relative_to(site).as_posix(): _page(path) for path in sorted(site.rglob("*.html"))
    }
    base = urlsplit(site_url)
    for name, (_, addresses) in pages.items():
        for address in addresses:
            url = urlsplit(urljoin(f"{site_url}{name}", address.strip()))
            if (url.scheme, url.netloc) != (base.scheme, base.netloc):
                continue
            path = url.path.removeprefix(base.path)
            file = _file(path)
            if not (site / file).is_file():
                yield f"{name}: {address}: there is no {file}"
            elif url.fragment and file in pages and unquote(url.fragment) not in pages[file][0]:
                yield f"{name}: {address}: {file} has no place named #{url.fragment}"
