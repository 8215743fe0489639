"""The pages of the built site, as tests ask for them."""

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import lxml.html

from ikm_site.frontmatter import read_record
from ikm_site.languages import LANGUAGES, language
from tests.conftest import ROOT

HOME = "https://deutsche-metropolregionen.org/"
#: The pages of news and statements.
ITEMS = [
    page.relative_to(ROOT).with_suffix("").as_posix()
    for page in (*ROOT.glob("news/2*/*.md"), *ROOT.glob("statements/[!i]*.md"))
]


@cache
def all_pages(site: Path) -> tuple[str, ...]:
    """The addresses of all pages of all languages, relative to the site, sorted.

    Pages that only lead from an old address to a new one are left out.
    """
    return tuple(
        page.relative_to(site).as_posix()
        for page in sorted(site.rglob("*.html"))
        if 'http-equiv="refresh"' not in page.read_text("utf-8")
    )


def pages(site: Path, code: str) -> list[str]:
    """The addresses of the pages of one language."""
    own = language(code).path
    others = tuple(entry.path for entry in LANGUAGES if entry.path and entry.code != code)
    return [
        page for page in all_pages(site) if page.startswith(own) and not page.startswith(others)
    ]


@cache
def tree(site: Path, name: str) -> lxml.html.HtmlElement:
    """A built page, read once for all tests, which must not change it."""
    return lxml.html.parse(site / name, lxml.html.HTMLParser(encoding="utf-8")).getroot()


def main(site: Path, name: str) -> lxml.html.HtmlElement:
    """The content of a page, without the frame."""
    return tree(site, name).xpath("//main")[0]


@cache
def record(docname: str) -> Any:
    """The front matter of a page as it is written."""
    return read_record(docname, (ROOT / f"{docname}.md").read_text("utf-8"))


def links(element: Any, path: str, name: str = "", **options: Any) -> dict[str, str]:
    """The addresses of the links at an XPath, on a page of this name, by their language."""
    found = element.xpath(path, **options)
    return {str(a.get("hreflang")): urljoin(f"/{name}", a.get("href")) for a in found}


def words(element: lxml.html.HtmlElement) -> str:
    """The text as it is read: white space folded, soft hyphens gone."""
    return " ".join(element.text_content().replace("\u00ad", "").split())
