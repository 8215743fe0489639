# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""schema.org in the pages: the right things, whole, with what is known of them."""

import json
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from tests.pages import HOME, all_pages, record, tree, words

#: What each type must say (schema.org, and what search engines ask for).
NEEDS: dict[str, set[str]] = {
    "Organization": {"@id", "name", "url", "logo"},
    "WebSite": {"name", "url"},
    "BreadcrumbList": {"itemListElement"},
    "NewsArticle": {"headline", "description", "inLanguage", "image", "publisher", "author"},
    "Report": {"headline", "description", "inLanguage", "publisher", "author"},
    "Dataset": {"name", "description", "url", "license", "creator", "distribution"},
}


def graph(site: Path, name: str) -> dict[str, dict[str, Any]]:
    """The things of a page by their type."""
    (block,) = tree(site, name).xpath("//script[@type='application/ld+json']")
    content = json.loads(block.text)
    assert content["@context"] == "https://schema.org"
    things = {thing["@type"]: thing for thing in content["@graph"]}
    assert len(things) == len(content["@graph"])
    return things


def test_every_page_describes_itself_whole(site: Path) -> None:
    seen = Counter[str]()
    for name in all_pages(site):
        if name.endswith(("404.html", "search.html")):
            assert "ld+json" not in (site / name).read_text("utf-8")
            continue
        things = graph(site, name)
        seen.update(things.keys())
        ids = {thing["@id"] for thing in things.values() if "@id" in thing}
        for kind, thing in things.items():
            assert NEEDS[kind] <= thing.keys(), f"{name}: {kind}"
            assert None not in thing.values()
            if "publisher" in thing:
                assert thing["publisher"]["@id"] in ids
        page = tree(site, name)
        title = words(page.find(".//h1"))
        (address,) = page.xpath("//link[@rel='canonical']/@href")
        if "BreadcrumbList" in things:
            trail = things["BreadcrumbList"]["itemListElement"]
            assert [entry["position"] for entry in trail] == [*range(1, len(trail) + 1)]
            assert (trail[-1]["item"], trail[-1]["name"]) == (address, title)
            above = page.xpath("//nav[@class='breadcrumbs']//a/@href")
            shown = [urljoin(address, link).removesuffix("index.html") for link in above]
            assert [entry["item"] for entry in trail[:-1]] == shown
        for item in (things[kind] for kind in ("NewsArticle", "Report") if kind in things):
            assert (item["url"], item["headline"]) == (address, title)
            untranslated = page.xpath("boolean(//h1[@lang = 'de'])")
            assert item["inLanguage"] == ("de" if untranslated else page.get("lang"))
            assert_item(item, name.removesuffix(".html"))
    assert seen["NewsArticle"] > 40 and seen["Report"] > 10


def assert_item(item: dict[str, Any], name: str) -> None:
    """A news item or statement says what is known of it."""
    path, docname = ("en/", name[3:]) if name.startswith("en/") else ("", name)
    written = record(docname)
    # Of what is only announced nobody knows when it was published.
    date = None if getattr(written, "announced", False) else written.date
    for key, known in (("datePublished", date), ("dateModified", written.updated)):
        assert item.get(key) == (str(known) if known else None), docname
    about = [{"@id": f"{HOME}{path}regions/{region}.html"} for region in written.regions]
    assert item.get("about", []) == about


def test_figures_are_datasets_with_downloads(site: Path, path: str) -> None:
    for file in (site / path / "data").glob("*.csv"):
        data = graph(site, f"{path}monitoring/{file.stem}.html")["Dataset"]
        kinds = {part["encodingFormat"]: part["contentUrl"] for part in data["distribution"]}
        assert kinds.keys() == {"text/csv", "application/json"}
        for address in kinds.values():
            assert (site / address.removeprefix(HOME)).is_file()
        assert 50 <= len(data["description"]) <= 5000
        assert all(url.startswith("https://") for url in data["license"])
    whole = graph(site, f"{path}monitoring/downloads.html")["Dataset"]
    (part,) = whole["distribution"]
    assert (site / part["contentUrl"].removeprefix(HOME)).is_file()
    assert part["encodingFormat"] == "application/zip"
