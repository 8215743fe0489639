# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The gate: what publishing is refused for, each with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from ikm_site.problems import ProblemsError
from tests.deploy.conftest import Office
from tools.gate import MAP, check

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
    add("search.html", '<script src="_static/search.js"></script>')
    add("about/a.html", '<a href="https://example.org/">x</a><img src="../_images/a.png">'
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
    add("index.html", '<meta name="robots" content="noindex">')
    assert gate(preview=True) == []
    assert gate()[1:] == [
        "index.html: ist eine Vorschau; mit make publish ohne PREVIEW=1 neu bauen"
    ]


def test_foreign_hosts_and_scripts() -> None:
    for number, (path, text) in enumerate(EVIL):
        add(f"{number}/{path}", text)
    said = sorted(gate(), key=lambda line: int(line.partition("/")[0]))
    assert len(said) == len(EVIL)
    for number, ((path, text), line) in enumerate(zip(EVIL, said, strict=True)):
        assert line.startswith(f"{number}/{path}"), text
        assert line.endswith("entfernen")


def test_addresses_that_would_vanish() -> None:
    kept = (
        "./index.html",
        "./mitglieder/x.html",
        "./_static/site.00000000.css",
        "./.redirects.map",
    )
    lost = ("./news/2024/weg.html", "./data/weg.csv", "./en/weg/index.html")
    assert gate("site", *kept) == []
    (said,) = gate("site", *kept, *lost)
    for path in lost:
        assert path[1:] in said
    assert len(said.splitlines()) == 5
    assert "data/redirects.yaml" in said and "YES=1" in said
    assert gate("site", *kept, *lost, confirmed=True) == []


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("/en/*", "gehört zur heutigen"), ("/_static/*", "gehört zur heutigen"), ("/*", "gehört zur heutigen"),
        ("/about/*", "verdecken"), ("/about/", "verdecken"), ("/about/index.html", "verdecken"),
        ("/a/b/*", "nur ein Ordner"), ("/a;}/", "muss ein Pfad sein"), ("//evil.example/", "muss ein Pfad sein"),
    ],
)  # fmt: skip
def test_redirects_that_no_server_should_get(source: str, reason: str) -> None:
    rules = Path("data/redirects.yaml")
    rules.write_text(f'- {{from: "{source}", to: /other/}}\n', encoding="utf-8")
    try:
        (said,) = gate()
    except (ProblemsError, ValueError) as error:
        said = str(error)
    assert said.startswith("data/redirects.yaml") and reason in said
    # A page that itself only leads on is what the build makes of such an entry.
    rules.write_text(
        '- {from: "/old/*", to: /about/}\n- {from: /old/, to: /about/}\n', encoding="utf-8"
    )
    add("old/index.html", '<meta http-equiv="refresh" content="0; url=../about/">')
    assert gate() == []
    assert "/old/* /about/;\n" in MAP.read_text("utf-8")
