# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The gate: what publishing is refused for, each with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from ikm_site.navigation import POLICY, SEARCH_POLICY
from tests.deploy.conftest import HEAD, Office
from tools.gate import check

#: Written where a page is expected.
EVIL = [
    ("a.html", "<script>alert(1)</script>"), ("a.html", '<SCRIPT SRC="_static/x.js"></SCRIPT>'),
    ("a.html", '<p onclick="x()">'), ("a.html", '<a href=" JavaScript:x()">'),
    ("a.html", '<img src="https://evil.example/a.png">'), ("a.html", '<img src="//evil.example/a.png">'),
    ("a.html", '<img srcset="a.png 1x, https://evil.example/a.png 2x">'),
    ("a.html", '<link rel="stylesheet" href="https://evil.example/a.css">'),
    ("a.html", '<link rel="preconnect" href="//evil.example">'), ("a.html", '<base href="//evil.example/">'),
    ("a.html", '<form action="https://evil.example/">'), ("a.html", '<button formaction="//evil.example">'),
    ("a.html", '<iframe src="https://evil.example/"></iframe>'), ("a.html", '<object data="//evil.example">'),
    ("a.html", '<p style="background: url(//evil.example/a.png)">'),
    ("a.html", '<meta http-equiv="Refresh" content="0; url=https://evil.example/">'),
    ("search.html", '<script src="https://evil.example/a.js"></script>'),
    ("_images/a.svg", "<svg><script>alert(1)</script></svg>"), ("_images/a.svg", '<svg onload="x()"/>'),
    ("_static/a.css", "@import 'x.css';"), ("_static/a.css", "p { background: url( 'https://evil.example/' ) }"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _here(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(office.root)


def gate(
    site: str | Path = "site", *old: str, preview: bool = False, confirmed: bool = False
) -> list[str]:
    return list(check(Path(site), old, preview=preview, confirmed=confirmed))


def add(path: str, text: str) -> None:
    file = Path("site", path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def test_nothing_to_object_to() -> None:
    head = HEAD.replace(POLICY, SEARCH_POLICY).replace("'", "&#39;")
    add("search.html", f'{head}<script src="_static/search.js"></script>')
    add("about/a.html", f'{HEAD}<a href="https://example.org/">x</a><img src="../_images/a.png">'
        '<link rel="canonical" href="https://example.org/"><script type="application/ld+json">{}</script>')  # fmt: skip
    assert gate() == []


def test_the_real_site_as_it_is_built(site: Path) -> None:
    assert gate(site) == []


def test_empty_fields_and_previews() -> None:
    Path("data/organisation.yaml").write_text("name: X\nshort_name: X\n", encoding="utf-8")
    (line,) = gate()
    assert line.startswith("data/organisation.yaml: bitte ausfüllen: legal_form, represented_by")
    assert "carrier" not in line, "a field that may stay empty"
    assert gate(preview=True) == [
        "index.html: ist keine Vorschau; mit make publish mit PREVIEW=1 neu bauen"
    ]
    add("index.html", f'{HEAD}<meta name="robots" content="noindex">')
    assert gate(preview=True) == []
    assert gate()[1:] == [
        "index.html: ist eine Vorschau; mit make publish ohne PREVIEW=1 neu bauen"
    ]


def test_foreign_hosts_and_scripts() -> None:
    for number, (path, text) in enumerate(EVIL):
        add(
            f"{number}/{path}",
            HEAD.replace(POLICY, SEARCH_POLICY if "search" in path else POLICY) + text,
        )
    said = sorted(gate(), key=lambda line: int(line.partition("/")[0]))
    assert len(said) == len(EVIL)
    for number, ((path, text), line) in enumerate(zip(EVIL, said, strict=True)):
        assert line.startswith(f"{number}/{path}"), text
        assert line.endswith("entfernen")


@pytest.mark.parametrize(
    "head",
    [
        "<!doctype html>", HEAD.replace(POLICY, SEARCH_POLICY), HEAD.replace("'none'", "*", 1),
        HEAD.replace("<head>", '<head><link rel="stylesheet" href="a.css">'),
    ],
)  # fmt: skip
def test_a_page_without_the_policy(head: str) -> None:
    add("a.html", head)
    (said,) = gate()
    assert said.startswith("a.html: beginnt nicht mit der Richtlinie")


def test_addresses_that_would_vanish() -> None:
    kept = (
        "./index.html",
        "./mitglieder/x.html",
        "./_static/site.00000000.css",
        "./.redirects.map",
    )
    lost = ("./news/2024/weg.html", "./data/weg.csv", "./en/weg/index.html")
    assert gate("site", *kept) == []
    said = gate("site", *kept, *lost)
    assert [line.partition(":")[0] for line in said] == sorted(path[1:] for path in lost)
    assert all("data/redirects.yaml" in line and "YES=1" in line for line in said)
    assert gate("site", *kept, *lost, confirmed=True) == []
    Path("site/.redirects.map").unlink()
    assert gate() == [".redirects.map: fehlt, die Server brauchen sie; mit make html neu bauen"]
