# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""schema.org in the pages: the right things, whole."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.pages import HOME, all_pages, tree

#: What each type must say (schema.org, and what search engines ask for).
NEEDS: dict[str, set[str]] = {
    "Organization": {"@id", "name", "url", "logo"},
    "WebSite": {"name", "url"},
    "BreadcrumbList": {"itemListElement"},
    "NewsArticle": {"headline", "description", "inLanguage", "image", "publisher", "author"},
    "Report": {"headline", "description", "inLanguage", "publisher", "author"},
    "Dataset": {"name", "description", "url", "license", "creator", "distribution"},
}
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def graph(site: Path, name: str) -> dict[str, dict[str, Any]]:
    """The things of a page by their type."""
    (block,) = tree(site, name).xpath("//script[@type='application/ld+json']")
    content = json.loads(block.text)
    assert content["@context"] == "https://schema.org"
    things = {thing["@type"]: thing for thing in content["@graph"]}
    assert len(things) == len(content["@graph"])
    return things


def test_every_page_describes_itself_whole(site: Path) -> None:
    for name in all_pages(site):
        if name.endswith(("404.html", "search.html")):
            assert "ld+json" not in (site / name).read_text("utf-8")
            continue
        things = graph(site, name)
        ids = {thing["@id"] for thing in things.values() if "@id" in thing}
        for kind, thing in things.items():
            assert NEEDS[kind] <= thing.keys(), f"{name}: {kind}"
            assert None not in thing.values()
            for key in ("datePublished", "dateModified"):
                assert _DATE.fullmatch(thing.get(key, "2000"))
            if "publisher" in thing:
                assert thing["publisher"]["@id"] in ids


def test_a_news_item(site: Path) -> None:
    item = graph(site, "news/2024/ikm-tagung-hamburg.html")["NewsArticle"]
    assert item["datePublished"] == "2024-11-18"
    assert item["inLanguage"] == "de"
    assert {"@id": HOME + "regions/hamburg.html"} in item["about"]
    english = graph(site, "en/news/2024/ikm-tagung-hamburg.html")["NewsArticle"]
    assert english["inLanguage"] == "en"
    assert english["url"] == HOME + "en/news/2024/ikm-tagung-hamburg.html"
    assert english["headline"] != item["headline"]


def test_dates_of_publishing_are_those_that_are_known(site: Path) -> None:
    report = graph(site, "statements/eu-kohaesionspolitik-2018.html")["Report"]
    assert report["datePublished"] == "2018-06-27"
    # Only announced.
    assert "datePublished" not in graph(site, "news/2026/ikm-tagung-nuernberg.html")["NewsArticle"]


@pytest.mark.parametrize("prefix", ["", "en/"])
def test_figures_are_datasets_with_downloads(site: Path, prefix: str) -> None:
    for file in (site / prefix / "data").glob("*.csv"):
        data = graph(site, f"{prefix}monitoring/{file.stem}.html")["Dataset"]
        kinds = {part["encodingFormat"]: part["contentUrl"] for part in data["distribution"]}
        assert kinds.keys() == {"text/csv", "application/json"}
        for address in kinds.values():
            assert (site / address.removeprefix(HOME)).is_file()
        assert 50 <= len(data["description"]) <= 5000
        assert all(path.startswith("https://") for path in data["license"])
    whole = graph(site, f"{prefix}monitoring/downloads.html")["Dataset"]
    (part,) = whole["distribution"]
    assert (site / part["contentUrl"].removeprefix(HOME)).is_file()
    assert part["encodingFormat"] == "application/zip"


def test_breadcrumbs_lead_to_pages(site: Path) -> None:
    trail = graph(site, "en/news/2023/index.html")["BreadcrumbList"]["itemListElement"]
    assert [entry["position"] for entry in trail] == [1, 2, 3]
    found = [entry["item"].removeprefix(HOME) for entry in trail]
    assert found == ["en/", "en/news/", "en/news/2023/"]
