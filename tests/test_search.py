# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""What is in the index of the search page, what is not, and how large its parts are."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ikm_site import search
from ikm_site.languages import LANGUAGES
from tests.pages import pages

PAGE = """<!doctype html><html lang="{lang}"><head>{head}</head><body>
<nav class="breadcrumbs"><ol><li><a>Startseite</a></li><li><a>Aktuelles</a></li></ol></nav>
<main{main}><h1>Tagung in Göttingen</h1>
<dl class="record"><div><dt>Datum</dt><dd><time datetime="2019-10-24">24. Oktober 2019</time></dd>
</div></dl><p>Der Heidekreis &amp; die Metropolregion<br>Rhein-Neckar.</p>
<svg><title>Zeichnung</title></svg><aside class="sources"><p>Quellenangabe</p></aside>
</main><footer>Fußzeile</footer></body></html>"""


def _content(text: str) -> object:
    """The data that a file of the index assigns."""
    found = re.fullmatch(r'\(window\.ikmSearch \?\?= \{\}\)\["[\w-]+"\]=(.*);\n', text, re.DOTALL)
    assert found
    return json.loads(found[1])


def _words(files: dict[str, str]) -> dict[str, str]:
    lines = [
        line
        for name, text in files.items()
        if name.startswith("words-")
        for line in str(_content(text)).split("\n")
    ]
    return dict(line.split(" ") for line in lines)


def _read(head: str = "", main: str = "", lang: str = "de") -> search.Page | None:
    return search.read(PAGE.format(head=head, main=main, lang=lang), "news/2019/tagung.html", lang)


def test_a_page_is_read_as_its_readers_see_it() -> None:
    page = _read()
    assert page is not None
    assert (page.title, page.section) == ("Tagung in Göttingen", "Aktuelles")
    assert (page.date, page.day) == ("24. Oktober 2019", "2019-10-24")
    assert page.text == "Der Heidekreis & die Metropolregion\nRhein-Neckar."


@pytest.mark.parametrize(
    ("head", "main", "lang"),
    [
        ('<meta http-equiv="refresh" content="0; url=/">', "", "de"),
        ("", ' lang="de"', "en"),
    ],
    ids=["redirect", "not translated"],
)
def test_what_nobody_shall_find_is_left_out(head: str, main: str, lang: str) -> None:
    assert _read(head, main, lang) is None


@pytest.mark.parametrize("address", ["404.html", "search.html"])
def test_the_search_and_the_page_for_missing_addresses_are_left_out(address: str) -> None:
    assert search.read(PAGE.format(head="", main="", lang="de"), address, "de") is None


def test_words_are_folded_split_and_joined() -> None:
    page = _read()
    assert page is not None
    words = _words(search.index([page], "de"))
    for word in ("gottingen", "rhein", "neckar", "rheinneckar", "heidekreis", "2019"):
        assert word in words
    assert words["gottingen"] == str(search.IN_TITLE)
    assert words["heidekreis"] == str(search.IN_LEAD)
    for word in ("der", "quellenangabe", "zeichnung", "fusszeile", "startseite"):
        assert word not in words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("München", "Muenchen"),
        ("MÜNCHEN", "munchen"),
        ("Straße", "STRASSE"),
        ("Kohäsion", "Kohaesion"),
        ("Göttingen", "Goettingen"),
        ("naïve", "naive"),
    ],
)
def test_spellings_of_the_same_word_are_one(one: str, other: str) -> None:
    assert search.fold(one) == search.fold(other)


def test_distances_between_pages_are_written_in_letters() -> None:
    assert search.encode({0: 9, 1: 9, 4: 9}) == "99b9"
    assert search.encode({26: 3, 53: 3}) == "z3z3"
    assert search.encode({27: 1, 730: 1}) == "aa1zz1"


def test_every_page_of_the_site_is_found_and_no_other(site: Path) -> None:
    for language in LANGUAGES:
        folder = site / language.path / search.FOLDER
        index = _content((folder / "index.js").read_text("utf-8"))
        assert isinstance(index, dict)
        found = {entry[1] for entry in index["titles"]}
        there = {name.removeprefix(language.path) for name in pages(site, language.code)}
        assert there - found == {"404.html", "search.html"}
        assert found <= there
        files = {file.name: file.read_text("utf-8") for file in folder.glob("*.js")}
        assert len([name for name in files if name.startswith("page-")]) == len(found)
        # Everything that a search on this site may need, without the texts of the results.
        size = sum(
            len(text.encode()) for name, text in files.items() if not name.startswith("page-")
        )
        assert size < 200_000, f"the index of {language.name} has {size} bytes"


def _many(count: int) -> list[search.Page]:
    def page(number: int) -> search.Page:
        year = 1997 + number % 30
        return search.Page(
            f"news/{year}/meldung-{number}.html", f"Vorhaben{number % 500} in Hamburg {number}",
            "Aktuelles", str(year), str(year), "Die Metropolregion Hamburg", "Tagung",
            " ".join(f"Wort{number * 7 % 9000 + i} Strategie" for i in range(150)),
        )  # fmt: skip

    return [page(number) for number in range(count)]


def test_thousands_of_items_cost_a_search_no_more() -> None:
    files = search.index(_many(3000), "de")
    sizes = {name: len(text.encode()) for name, text in files.items()}
    # One shard a word, and the start: what a search loads before its first result.
    assert max(size for name, size in sizes.items() if name.startswith("words-")) < 16_000
    assert sizes["index.js"] < 24_000
    assert max(size for name, size in sizes.items() if name.startswith("page-")) < 4_000
    found = _words(files)
    assert len(re.findall(r"\d", found["hamburg"])) == 3000


def test_the_same_pages_in_any_order_give_the_same_bytes() -> None:
    many = _many(50)
    assert search.index(many, "de") == search.index(many[::-1], "de")
    other = search.index(many[1:], "de")
    index, before = _content(other["index.js"]), _content(search.index(many, "de")["index.js"])
    assert isinstance(index, dict)
    assert isinstance(before, dict)
    # A browser that kept files of the former release does not mix them with these.
    assert index["version"] != before["version"]


def test_there_are_endings_for_every_language() -> None:
    assert set(search.ENDINGS) == {language.code for language in LANGUAGES}
