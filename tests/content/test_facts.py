"""Facts on the built pages against the data and the sources: names, numbers, dates, titles."""

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import table
from tests.pages import main, pages, words

FACTS: dict[str, list[Any]] = table("content/facts.yaml")


@pytest.mark.parametrize("name", FACTS)
def test_a_page_says_what_it_must(site: Path, name: str) -> None:
    page = main(site, f"{name}.html")
    title, *facts = FACTS[name]
    assert title in (None, words(page.find(".//h1")))
    # A label and its value do not touch.
    text = " ".join(" ".join(page.itertext()).replace("\u00ad", "").split())
    assert [fact for fact in facts if fact not in text] == []


def test_at_least_twenty_news_items_from_2016_to_2025(site: Path) -> None:
    items = [name for name in pages(site, "de") if name.startswith("news/2")]
    items = [name for name in items if not name.endswith("index.html")]
    assert len(items) >= 20
    assert {"2016", "2025"} <= {name.split("/")[1] for name in items}
    # What is sensitive is left out.
    titles = " ".join(words(main(site, name).find(".//h1")) for name in items)
    assert [word for word in ("Austritt", "verlassen", "bricht") if word in titles] == []


def test_metrex_has_its_ten_german_members_in_the_order_of_the_language(site: Path) -> None:
    links = ".//a[contains(@href, 'regions/')]"
    german = main(site, "partners/metrex.html").xpath(links)
    _, *members = FACTS["partners/metrex"]
    assert sorted(words(link) for link in german) == members
    english = main(site, "en/partners/metrex.html").xpath(links)
    assert {link.get("href") for link in english} == {link.get("href") for link in german}
    names = [words(link).replace("-", "").lower() for link in english]
    assert names == sorted(names)


def test_the_press_finds_the_wordmark(site: Path, path: str) -> None:
    press = main(site, f"{path}about/press.html")
    files = {
        Path(href).suffix: (site / path / "about" / href).resolve().read_bytes()
        for href in press.xpath(".//a[contains(@href, 'wordmark')]/@href")
    }
    # Points and letters: without the letters the picture has 3 kB.
    assert files[".svg"].startswith(b"<svg") and b"<path" in files[".svg"]
    assert files[".png"].startswith(b"\x89PNG") and len(files[".png"]) > 10_000


def test_addresses_of_the_former_sites_are_no_links(site: Path) -> None:
    page = main(site, "about/cooperation.html")
    assert not page.xpath(".//aside//a[contains(@href, '//deutsche-metropolregionen.org')]")
