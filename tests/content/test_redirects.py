# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Old addresses: every one that was seen leads to the right page of today."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import html
from sphinx.errors import ExtensionError

from ikm_site.redirects import load, parse, resolve
from tests.conftest import ROOT

#: Every address of both former sites that was seen (ikm-facts.md, 1.2): path, language of the
#: switch `?lang=`, page of today.
SEEN: list[tuple[str, str | None, str | None]] = [
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
#: Addresses that must have existed, or may have: without a last slash, and unknown members.
IMPLIED: list[tuple[str, str | None, str | None]] = [
    ("/ueber-ikm", None, "/about/"),
    ("/mitglieder/metropolregion-x/", None, "/regions/"),
    ("/category/presse/", None, "/news/"),
    ("/category/news/", "de", "/news/"),
    ("/", None, None),
    ("/", "fr", None),
    ("/about/", None, None),
    ("/wp-admin/", None, None),
]
#: Of each member both forms were in use.
MEMBERS = [
    "berlin-brandenburg", "frankfurtrheinmain", "hamburg", "hannover", "mitteldeutschland",
    "muenchen", "nordwest", "nuernberg", "rhein-neckar", "rhein-ruhr", "stuttgart",
]  # fmt: skip


@pytest.mark.parametrize(("path", "lang", "page"), SEEN + IMPLIED)
def test_servers_lead_to_the_page_of_today(
    path: str, lang: str | None, page: str | None, site: Path
) -> None:
    assert resolve(load(ROOT), path, lang) == page
    if page is not None:
        file = page.partition("#")[0].removeprefix("/")
        assert (site / (file + "index.html" if file.endswith("/") or not file else file)).is_file()


@pytest.mark.parametrize("member", MEMBERS)
def test_both_forms_of_a_member_lead_to_its_region(member: str) -> None:
    found = {resolve(load(ROOT), f"/mitglieder/{member}{form}") for form in ("/", ".html", "")}
    assert len(found - {"/regions/"}) == 1


def static(site: Path, path: str) -> Path:
    """The page that a server without rules shows at an old path."""
    name = path.removeprefix("/")
    return site / (name + "index.html" if name.endswith("/") else name)


def test_pages_without_script_lead_on(site: Path) -> None:
    walked = 0
    for entry in load(ROOT):
        if entry.file is None:
            continue
        walked += 1
        file = static(site, entry.source)
        page = html.fromstring(file.read_bytes())
        (refresh,) = page.xpath("//meta[@http-equiv='refresh']/@content")
        found = re.fullmatch(r"0; url=(\S+)", refresh)
        assert found, refresh
        address = found[1]
        name, _, label = address.partition("#")
        target = (file.parent / name).resolve()
        assert target.is_file(), entry.source
        public = (resolve([entry], entry.source) or "").partition("#")[0].removeprefix("/")
        assert target.relative_to(site.resolve()).as_posix() == re.sub(
            r"(^|/)$", r"\1index.html", public
        )
        assert (
            not label or html.fromstring(target.read_bytes()).get_element_by_id(label) is not None
        )
        assert address in {link.get("href") for link in page.iter("a")}
        assert page.get("lang") == entry.lang
        assert page.findtext(".//title")
        assert page.find(".//link[@rel='canonical']").get("href").endswith(public)
        assert page.find(".//meta[@name='robots']").get("content") == "noindex"
        assert page.find(".//script") is None
    assert walked > 40


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("- {from: ueber-ikm, to: /about/}", [":1:", "from", "ueber-ikm"]),
        ("- {from: /a/, to: /b/}\n- {from: /a/, to: /c/}", [":2:", "/a/", "line 1"]),
        ("- {from: /a/, to: 'https://x.example/'}", [":1:", "to", "https://x.example/"]),
        ("- {from: '/a/?lang=en', to: /b/}", [":1:", "from", "no host, no '?"]),
        ("- {from: /a/, to: /b/, lang: fr}", [":1:", "lang", "fr"]),
        ("- {from: '/*', to: /b/}", [":1:", "every address"]),
        ("- {from: /../x/, to: /b/}", [":1:", "from"]),
        ("- {from: /a/, nach: /b/}", [":1:", "nach"]),
        ("- {from: /a/\n", ["redirects.yaml:", "not valid YAML"]),
    ],
)
def test_a_bad_line_is_named(text: str, parts: list[str]) -> None:
    with pytest.raises(ExtensionError) as caught:
        parse(text)
    for part in parts:
        assert part in str(caught.value)


def test_a_redirect_to_nowhere_stops_the_build(project: Path, broken: Callable[[], str]) -> None:
    file = project / "data" / "redirects.yaml"
    with file.open("a", encoding="utf-8") as out:
        out.write("- {from: /alt/, to: /gibt-es-nicht.html}\n")
        out.write("- {from: /alt/x/, to: '/about/#gibt-es-nicht'}\n")
        out.write("- {from: /about/history.html, to: /about/}\n")
    said = broken()
    assert "/alt/ leads to /gibt-es-nicht.html" in said
    assert "no label #gibt-es-nicht" in said
    assert "/about/history.html is the address of a page of today" in said
