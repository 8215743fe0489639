# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Old addresses: every one that was seen leads to the right page of today."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html

from ikm_site.problems import ProblemsError
from ikm_site.redirects import load
from tests.conftest import ROOT

#: Every address of both former sites that was seen (ikm-facts.md, 1.2): path, language of the
#: switch `?lang=`, page of today.
SEEN: list[tuple[str, str | None, str]] = [
    ("/", "en", "/en/"),
    ("/ueber-ikm/", None, "/about/"),
    ("/ueber-ikm/", "en", "/en/about/"),
    ("/category/aktuelles/", None, "/news/"),
    ("/category/aktuelles/page/2/", None, "/news/"),
    ("/category/news/", "en", "/en/news/"),
    ("/1692/", "en", "/en/news/2023/regionales-monitoring.html"),
    ("/ikm-herbsttagung-in-der-metropole-ruhr/", None, "/news/2020/ikm-herbsttagung-essen.html"),
    ("/ikm-tagung-22-23-juni-2020/", None, "/news/2021/ikm-fruehjahrstagung-digital.html"),
    ("/beitrag-zur-konferenz-zur-zukunft-europas/", None,
     "/statements/konferenz-zukunft-europas-2021.html"),
    ("/metropolregion/berlin-brandenburg/", None, "/regions/berlin-brandenburg.html"),
    ("/metropolregion/frankfurtrheinmain/", None, "/regions/frankfurtrheinmain.html"),
    ("/metropolregion/frankfurtrheinmain/", "en", "/en/regions/frankfurtrheinmain.html"),
    ("/metropolregion/hamburg/", None, "/regions/hamburg.html"),
    ("/metropolregion/hamburg/", "en", "/en/regions/hamburg.html"),
    ("/metropolregion/hannover/", None,
     "/regions/hannover-braunschweig-goettingen-wolfsburg.html"),
    ("/metropolregion/hannover/", "en",
     "/en/regions/hannover-braunschweig-goettingen-wolfsburg.html"),
    ("/metropolregion/mitteldeutschland/", None, "/regions/mitteldeutschland.html"),
    ("/metropolregion/muenchen/", "en", "/en/regions/muenchen.html"),
    ("/metropolregion/nordwest/", None, "/regions/nordwest.html"),
    ("/metropolregion/nordwest/", "en", "/en/regions/nordwest.html"),
    ("/metropolregion/nuernberg/", None, "/regions/nuernberg.html"),
    ("/metropolregion/nuernberg/", "en", "/en/regions/nuernberg.html"),
    ("/metropolregion/rhein-neckar/", None, "/regions/rhein-neckar.html"),
    ("/metropolregion/rhein-ruhr/", None, "/regions/rhein-ruhr.html"),
    ("/metropolregion/ruhr/", "en", "/en/regions/metropole-ruhr.html"),
    ("/metropolregion/rheinland/", None, "/regions/rheinland.html"),
    ("/metropolregion/rheinland/", "en", "/en/regions/rheinland.html"),
    ("/metropolregion/stuttgart/", None, "/regions/stuttgart.html"),
    ("/metropolregion/stuttgart/", "en", "/en/regions/stuttgart.html"),
    ("/ueber-ikm/hintergrund/", None, "/about/metropolitan-regions.html"),
    ("/ueber-ikm/positionen/", None, "/statements/"),
    ("/aktivitaeten/europa/", None, "/workgroups/europe.html"),
    ("/aktivitaeten/monitoring/", None, "/monitoring/"),
    ("/mitglieder/berlin-brandenburg/", None, "/regions/berlin-brandenburg.html"),
    ("/mitglieder/hamburg/", None, "/regions/hamburg.html"),
    ("/mitglieder/rhein-neckar/", None, "/regions/rhein-neckar.html"),
    ("/mitglieder/rhein-ruhr.html", None, "/regions/rhein-ruhr.html"),
    ("/mitglieder/hamburg.html", None, "/regions/hamburg.html"),
    ("/mitglieder/frankfurtrheinmain/", None, "/regions/frankfurtrheinmain.html"),
]  # fmt: skip


def _leads_to(site: Path, name: str) -> str:
    """Where the page of an old address leads, relative to the site."""
    file = site / (name + "index.html" if name == "" or name.endswith("/") else name)
    page = html.fromstring(file.read_bytes())
    (refresh,) = page.xpath("//meta[@http-equiv='refresh']/@content")
    address = refresh.removeprefix("0; url=")
    assert address in {link.get("href") for link in page.iter("a")}
    assert page.find(".//link[@rel='canonical']") is not None
    assert page.find(".//meta[@name='robots']").get("content") == "noindex"
    assert page.find(".//script") is None
    path, _, label = address.partition("#")
    target = (file.parent / path).resolve()
    assert target.is_file(), name
    assert not label or html.fromstring(target.read_bytes()).get_element_by_id(label) is not None
    found: str = target.relative_to(site.resolve()).as_posix()
    return found


@pytest.mark.parametrize(("path", "lang", "page"), SEEN)
def test_an_old_address_leads_to_the_page_of_today(
    path: str, lang: str | None, page: str, site: Path
) -> None:
    if path == "/":
        return  # the home page of today; only a server can read its language switch
    wanted = page.removeprefix("/") + ("index.html" if page.endswith("/") else "")
    known = {entry.source: entry for entry in load(ROOT)}
    covered = [e for e in known.values() if e.catch_all and path.startswith(e.source[:-1])]
    if path not in known:
        assert covered, path  # only a server can lead on from here
        return
    own = known[path].lang == lang or lang is None
    assert _leads_to(site, ("" if own else f"{lang}/") + path.removeprefix("/")) == wanted


def test_every_redirect_has_its_page_in_every_language(site: Path) -> None:
    walked = 0
    for entry in load(ROOT):
        if entry.former is None:
            continue
        walked += 1
        name, page = entry.source.removeprefix("/"), f"{entry.docname}.html"
        assert _leads_to(site, name) == (f"{entry.lang}/" if entry.lang else "") + page
        if entry.lang is None:
            assert _leads_to(site, f"en/{name}") == f"en/{page}"
    assert walked > 40


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- {from: ueber-ikm, to: /about/}", ":1: Feld „from“: muss ein Pfad sein"),
        ("- {from: /a/, to: /b/}\n- {from: /a/, to: /c/}", ":2: /a/ steht schon in Zeile 1"),
        ("- {from: /a/, to: 'https://x.example/'}", ":1: Feld „to“: muss eine heutige"),
        ("- {from: '/a/?lang=en', to: /b/}", ":1: Feld „from“: muss ein Pfad sein"),
        ("- {from: /a/, to: /b/, lang: fr}", ":1: Feld „lang“: kennt diesen Wert nicht"),
        ("- {from: '/*', to: /b/}", "gehört zur heutigen Website"),
        ("- {from: /_static/x.html, to: /b/}", "gehört zur heutigen Website"),
        ("- {from: '/en/*', to: /b/}", "gehört zur heutigen Website"),
        ("- {from: /../x/, to: /b/}", ":1: Feld „from“"),
        ("- {from: /a/, nach: /b/}", "ein Feld „nach“ gibt es hier nicht"),
        ("- {from: /a/\n", "nicht zu lesen"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/redirects.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ProblemsError) as caught:
        load(tmp_path)
    assert "data/redirects.yaml" in str(caught.value)
    assert said in str(caught.value)
