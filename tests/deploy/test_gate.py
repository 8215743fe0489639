# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The gate: what publishing is refused for, each with what to do."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Protocol

import pytest

from tests.conftest import ROOT
from tests.deploy.conftest import EMPTY, Office
from tools.gate import main


class Gate(Protocol):
    def __call__(
        self, site: Path | None = None, old: str = "", **environment: str
    ) -> list[str]: ...


@pytest.fixture
def gate(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Gate:
    """What the gate says of a site, line by line."""
    monkeypatch.chdir(office.root)

    def run(site: Path | None = None, old: str = "", **environment: str) -> list[str]:
        monkeypatch.setattr("sys.argv", ["gate", str(site or office.root / "site")])
        monkeypatch.setattr("sys.stdin", io.StringIO(old))
        for name in ("PREVIEW", "YES"):
            monkeypatch.setenv(name, environment.get(name, ""))
        status = main()
        lines = capsys.readouterr().err.splitlines()
        assert status == bool(lines)
        return lines

    return run


def add(office: Office, path: str, text: str) -> None:
    file = office.root / "site" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def test_nothing_to_object_to(gate: Gate, office: Office) -> None:
    add(office, "search.html", '<script src="_static/search.js"></script>')
    add(office, "about/a.html", '<a href="https://example.org/">x</a><img src="../_images/a.png">'
        '<link rel="canonical" href="https://example.org/"><script type="application/ld+json">{}</script>')  # fmt: skip
    assert gate() == []


def test_the_real_site_as_it_is_built(gate: Gate, site: Path) -> None:
    """But for the mark of a preview and empty fields, which are not looked at here."""
    assert gate(site) == []


def test_empty_fields(gate: Gate, office: Office) -> None:
    facts = office.root / "data/organisation.yaml"
    facts.write_bytes((ROOT / "data/organisation.yaml").read_bytes())
    if EMPTY.search(facts.read_text("utf-8")):
        (line,) = gate()
        assert line.startswith("data/organisation.yaml: bitte ausfüllen: ")
        assert "carrier" not in line, "a field that may stay empty"
    facts.write_text("name: [", encoding="utf-8")
    assert "data/organisation.yaml" in gate()[0]


def test_preview(gate: Gate, office: Office) -> None:
    assert gate(PREVIEW="1") == [
        "index.html: ist keine Vorschau; mit make publish mit PREVIEW=1 neu bauen"
    ]
    add(office, "index.html", '<meta name="robots" content="noindex">')
    assert gate() == ["index.html: ist eine Vorschau; mit make publish ohne PREVIEW=1 neu bauen"]
    (office.root / "data/organisation.yaml").write_bytes(
        (ROOT / "data/organisation.yaml").read_bytes()
    )
    assert gate(PREVIEW="1") == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
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
    ],
)  # fmt: skip
def test_foreign_hosts_and_scripts(gate: Gate, office: Office, path: str, text: str) -> None:
    add(office, path, text)
    (line,) = gate()
    assert line.startswith(path)
    assert line.endswith("entfernen")


def test_addresses_that_would_vanish(gate: Gate) -> None:
    old = ["./index.html", "./news/2024/weg.html", "./data/weg.csv", "./en/weg/index.html",
           "./mitglieder/x.html", "./_static/site.00000000.css", "./.redirects.map", "./search/de.js"]  # fmt: skip
    head, *lost, advice = gate(old="\n".join(old))
    assert "fielen weg" in head
    assert [line.strip() for line in lost] == [
        "/data/weg.csv",
        "/en/weg/index.html",
        "/news/2024/weg.html",
    ]
    assert "data/redirects.yaml" in advice and "YES=1" in advice
    assert gate(old="\n".join(old), YES="1") == []
    assert len(gate(old="\n".join(f"a/{n}.html" for n in range(99)))) == 13


@pytest.mark.parametrize(
    "source", ["/en/*", "/_static/*", "/about/*", "/about/", "/en/", "/about/index.html"]
)  # fmt: skip
def test_redirects_that_would_hide_the_site(gate: Gate, office: Office, source: str) -> None:
    rules = office.root / "data/redirects.yaml"
    rules.write_text(f'- {{from: "{source}", to: /other/}}\n', encoding="utf-8")
    lines = gate()
    assert lines
    for line in lines:
        assert line.startswith("data/redirects.yaml:")
        assert "verdecken; den Eintrag löschen" in line or "gehört zur heutigen Website" in line
    # A page that itself only leads on is what the build makes of such an entry.
    rules.write_text(
        '- {from: "/old/*", to: /about/}\n- {from: /old/, to: /about/}\n', encoding="utf-8"
    )
    add(office, "old/index.html", '<meta http-equiv="refresh" content="0; url=../about/">')
    assert gate() == []


@pytest.mark.parametrize(
    "entry",
    ['{from: "/*", to: /}', '{from: "/a/b/*", to: /}', '{from: "/a b/", to: /}', '{from: "/a;}", to: /}',
     '{from: /a/, to: "https://evil.example/"}', '{from: /a/, to: "//evil.example/"}', '{from: /a/, to: "/;"}',
     '{from: "//evil.example/", to: /}', "{from: /a/"],
)  # fmt: skip
def test_redirects_that_no_server_should_get(gate: Gate, office: Office, entry: str) -> None:
    (office.root / "data/redirects.yaml").write_text(f"- {entry}\n", encoding="utf-8")
    assert "redirects.yaml" in "".join(gate())
    assert not (office.root / "_build").exists()
