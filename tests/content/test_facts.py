# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Facts on the built pages against the data and the sources: names, numbers, dates, titles."""

from pathlib import Path

import pytest

from tests.pages import main, pages, words

STATEMENTS = {
    "konferenz-zukunft-europas-2021": "Beitrag zur Konferenz zur Zukunft Europas",
    "leipzig-charta-2020": "Stellungnahme zum Entwurf der Leipzig Charta",
    "taeu-2030-2020": "Stellungnahme zum Entwurf der TAEU 2030",
    "gleichwertige-lebensverhaeltnisse-2019": "IKM Stellungnahme „Gleichwertige Lebensverhältnisse“",
    "eu-kohaesionspolitik-2018": "Stellungnahme zur Zukunft der EU-Kohäsionspolitik ab 2020",
}

METREX = (
    "Berlin-Brandenburg", "FrankfurtRheinMain", "Hamburg",
    "Hannover Braunschweig Göttingen Wolfsburg", "Mitteldeutschland", "München", "Nürnberg",
    "Rheinland", "Rhein-Neckar", "Stuttgart",
)  # fmt: skip


def test_a_paper_has_its_official_english_title(site: Path) -> None:
    page = main(site, "en/statements/eu-kohaesionspolitik-2018.html")
    title = "Position Paper on the EU’s Cohesion Policy Beyond 2020"
    assert words(page.find(".//h1")) == title


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_five_statements_stand_with_exact_title_and_year(site: Path, statement: str) -> None:
    page = main(site, f"statements/{statement}.html")
    assert words(page.xpath(".//h1")[0]) == STATEMENTS[statement]
    assert statement[-4:] in words(page.xpath(".//*[contains(@class, 'record')]")[0])
    links = main(site, "statements/index.html").xpath(f".//a[@href='{statement}.html']")
    assert STATEMENTS[statement] in [words(link) for link in links]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("statements/eu-kohaesionspolitik-2018", ["27. Juni 2018", "29. Mai 2018"]),
        ("en/statements/eu-kohaesionspolitik-2018", ["27 June 2018"]),
        ("en/index", ["the alliance of the European metropolitan regions in Germany"]),
        ("about/cooperation", ["deutsche-metropolregionen.org/ueber-ikm/, abgerufen 2026"]),
        (
            "partners/bmwsb",
            ["Bundesministerium für Wohnen, Stadtentwicklung und Bauwesen", "2021", "2018"],
        ),
        (
            "legal/accessibility",
            ["teilweise vereinbar", "Alternative:", "Selbstbewertung", "E-Mail", "kostenlos"],
        ),
    ],
)
def test_a_page_says_what_it_must(site: Path, name: str, said: list[str]) -> None:
    text = words(main(site, f"{name}.html"))
    assert [part for part in said if part not in text] == []


def test_the_accessibility_statement_has_the_parts_that_the_law_asks_for(site: Path) -> None:
    """§ 12b BGG, § 7 BITV 2.0, Commission Implementing Decision (EU) 2018/1523."""
    headings = main(site, "legal/accessibility.html").xpath(".//h2")
    assert [words(heading) for heading in headings[:5]] == [
        "Stand der Vereinbarkeit", "Nicht barrierefreie Inhalte", "Erstellung dieser Erklärung",
        "Hindernisse melden", "Schlichtungsverfahren",
    ]  # fmt: skip


def test_at_least_twenty_dated_news_items_from_2016_to_2025(site: Path) -> None:
    news = [name for name in pages(site, "de") if name.startswith("news/2")]
    items = [name for name in news if "/index" not in name]
    assert len(items) >= 20
    assert {"2016", "2025"} <= {name.split("/")[1] for name in items}
    for name in items:
        page = main(site, name)
        assert page.xpath(".//dl//time/@datetime")[0].startswith(name.split("/")[1]), name
        # What is sensitive is left out.
        for word in ("Austritt", "verlassen", "bricht"):
            assert word not in words(page.find(".//h1"))


def test_metrex_has_its_ten_german_members_in_the_order_of_the_language(site: Path) -> None:
    links = ".//a[contains(@href, 'regions/')]"
    german = main(site, "partners/metrex.html").xpath(links)
    assert sorted(words(link) for link in german) == sorted(METREX)
    english = main(site, "en/partners/metrex.html").xpath(links)
    assert {link.get("href") for link in english} == {link.get("href") for link in german}
    names = [words(link).replace("-", "").lower() for link in english]
    assert names == sorted(names)


def test_names_that_stay_german_are_marked(site: Path) -> None:
    name = "Initiativkreis Europäische Metropolregionen in Deutschland"
    marked = main(site, "en/index.html").xpath(".//span[@lang='de']")
    assert name in [words(span) for span in marked]


def test_the_press_finds_the_wordmark(site: Path) -> None:
    for path in ("", "en/"):
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
