# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The files that belong to the whole site, not to one language.

Written into the finished folder before it takes the place of the old one: the sitemap over
all languages, `robots.txt`, and the pages that lead from old addresses to new ones.
"""

from __future__ import annotations

import json
import pickle
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree
from lxml.builder import ElementMaker

from ikm_site import output, redirects
from ikm_site.handover import PAGES, folder
from ikm_site.languages import LANGUAGES, SOURCE, TRANSLATIONS, address
from ikm_site.staging import Staging

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"

#: Pages by their address below a language, each with the day of its last change, if known.
Pages = Mapping[str, str | None]


class WholeError(Exception):
    """The languages do not fit together, do what they must not, or a redirect leads nowhere."""


def sitemap(pages: Pages, site_url: str) -> bytes:
    """The sitemap (sitemaps.org 0.9): every page in every language, sorted."""
    make = ElementMaker(namespace=SITEMAP, nsmap={None: SITEMAP, "xhtml": XHTML})
    root = make.urlset()
    for language in LANGUAGES:
        for uri, day in sorted(pages.items()):
            url = make.url(make.loc(address(site_url, language, uri)))
            if day:
                url.append(make.lastmod(day))
            others = [*((entry.code, entry) for entry in LANGUAGES), ("x-default", SOURCE)]
            for code, other in others:
                etree.SubElement(
                    url, f"{{{XHTML}}}link", rel="alternate", hreflang=code,
                    href=address(site_url, other, uri),
                )  # fmt: skip
            root.append(url)
    text: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return text


def robots(site_url: str) -> str:
    """`robots.txt` (RFC 9309): everything may be read; pages to be left out say so themselves."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {site_url}sitemap.xml\n"


@dataclass(frozen=True)
class Left:
    """What the builds of all languages left.

    Attributes:
        site_url: where readers find the site.
        pages: the pages of each language by its code.
        moved: the text of the page for each old address, by its file below the site's root.
    """

    site_url: str
    pages: Mapping[str, Pages]
    moved: Mapping[str, str]


def collect(site: Path) -> Left:
    """Take out of the finished folder what the builds left there for this module."""
    pages: dict[str, Pages] = {}
    moved: dict[str, str] = {}
    site_url = ""
    for language in LANGUAGES:
        left = folder(site / language.path)
        content = json.loads((left / PAGES).read_text(encoding="utf-8"))
        pages[language.code], site_url = content["pages"], content["site_url"]
        base = left / "redirects"
        for file in sorted(base.rglob("*.html")):
            moved[file.relative_to(base).as_posix()] = file.read_text(encoding="utf-8")
        shutil.rmtree(left)
    return Left(site_url, pages, moved)


def finish(site: Path, root: Path, left: Left) -> None:
    """Write the files of the whole site.

    Args:
        site: the finished folder with all languages.
        root: the project.
        left: what the builds left.

    Raises:
        WholeError: a language lacks a page of another one, or a redirect leads nowhere.
    """
    pages = left.pages[SOURCE.code]
    problems = [
        f"{SOURCE.name} and {language.name} differ: only one of them has the page {uri}"
        for language in TRANSLATIONS
        for uri in sorted(set(pages) ^ set(left.pages[language.code]))
    ]
    problems += redirects.problems(redirects.load(root), site)
    if problems:
        raise WholeError("\n".join(problems))
    for place, text in sorted(left.moved.items()):
        (site / place).parent.mkdir(parents=True, exist_ok=True)
        (site / place).write_text(text, encoding="utf-8")
    (site / "sitemap.xml").write_bytes(sitemap(pages, left.site_url))
    (site / "robots.txt").write_text(robots(left.site_url), encoding="utf-8")


def assemble(staging: Staging) -> Path:
    """Put the languages together: the source at the root, the others in their folders."""
    site = staging.site(SOURCE.code)
    for language in TRANSLATIONS:
        staging.site(language.code).rename(site / language.path.rstrip("/"))
    for leftover in (".buildinfo", "objects.inv"):
        for language in LANGUAGES:
            (site / language.path / leftover).unlink(missing_ok=True)
    return site


def join(root: Path, staging: Staging) -> None:
    """Make one site of the languages that were built: at the place of the source.

    What got past the check of the catalogues is seen in the finished pages.

    Raises:
        WholeError: something is wrong with the site.
    """
    site = assemble(staging)
    left = collect(site)
    codes = [language.code for language in LANGUAGES]
    pages = {code: pickle.loads(staging.read(code).read_bytes()) for code in codes}
    faults = output.compare_languages(site, pages, output.known_hosts(root))
    if faults:
        raise WholeError("\n".join(str(fault) for fault in faults))
    finish(site, root, left)
