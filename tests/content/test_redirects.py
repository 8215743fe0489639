# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Old addresses: every one that was seen leads to the right page of today."""

from pathlib import Path

from lxml import html

from ikm_site.redirects import MAP, load
from tests.conftest import ROOT

SEEN = [
    line.split("\t")
    for line in Path(__file__).with_name("old_addresses.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


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


def test_every_address_that_was_seen_leads_to_the_page_of_today(site: Path) -> None:
    """For servers; the next test is about the pages that need none."""
    lines = (site / MAP).read_text("ascii").splitlines()
    rules = dict(line.removesuffix(";").split() for line in lines)
    for path, code, page in SEEN:
        language = code.replace("-", "")
        below = rules.get(f"{language}/{path.split('/')[1]}/*")
        assert rules.get(language + (path.rstrip("/") or "/"), below) == page, path
    # The others, such as those in English, lead to a page, too.
    names = [page.strip("/").partition("#")[0] for page in rules.values()]
    assert [name for name in names if not (site / name).exists()] == []


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
