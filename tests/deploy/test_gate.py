"""The gate: what publishing is refused for, each with what to do."""

from pathlib import Path

import pytest

from ikm_site.navigation import POLICY, SEARCH_POLICY
from tests.conftest import cases, write
from tests.deploy.conftest import HEAD, fill_in_facts, make_site
from tools.gate import reasons

SEARCH_HEAD = HEAD.replace(POLICY, SEARCH_POLICY)
NO_POLICY = [
    "<!doctype html>", SEARCH_HEAD, HEAD.replace("'none'", "*", 1),
    HEAD.replace("<head>", '<head><link rel="stylesheet" href="a.css">'),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_site(tmp_path / "site", "eins")
    fill_in_facts(tmp_path)
    monkeypatch.chdir(tmp_path)


def gate(*old: str, preview: bool = False, confirmed: bool = False) -> list[str]:
    return list(reasons(Path("site"), old, preview=preview, confirmed=confirmed))


def test_the_real_site_as_it_is_built(site: Path) -> None:
    assert list(reasons(site, (), preview=False, confirmed=False)) == []
    assert POLICY.startswith("default-src 'none'") and "unsafe" not in POLICY + SEARCH_POLICY


def test_empty_fields_and_previews() -> None:
    assert gate() == []
    write(Path(), {"data/organisation.yaml": "name: X\nshort_name: X\n"})
    (line,) = gate()
    assert line.startswith("data/organisation.yaml: bitte ausfüllen: legal_form, represented_by")
    assert "carrier" not in line, "a field that may stay empty"
    assert gate(preview=True) == [
        "index.html: ist keine Vorschau; mit make publish mit PREVIEW=1 neu bauen"
    ]
    write(Path("site"), {"index.html": f'{HEAD}<meta name="robots" content="noindex">'})
    assert gate(preview=True) == []
    assert gate()[1:] == [
        "index.html: ist eine Vorschau; mit make publish ohne PREVIEW=1 neu bauen"
    ]


@pytest.mark.parametrize(("path", "text"), cases("deploy/refused.tsv"))
def test_foreign_hosts_and_scripts(path: str, text: str) -> None:
    head = {"a.html": HEAD, "search.html": SEARCH_HEAD}.get(path, "")
    write(Path("site"), {path: head + text})
    (said,) = gate()
    assert said.startswith(f"{path}:") and said.endswith("entfernen")


@pytest.mark.parametrize("head", NO_POLICY)
def test_a_page_without_the_policy(head: str) -> None:
    write(Path("site"), {"a.html": head})
    (said,) = gate()
    assert said.startswith("a.html: beginnt nicht mit der Richtlinie")


def test_addresses_that_would_vanish() -> None:
    named = ("index.html", "mitglieder/x.html", "_static/site.00000000.css", ".redirects.map")
    kept = [f"./{name}" for name in named]
    lost = ("./news/2024/weg.html", "./data/weg.csv", "./en/weg/index.html")
    assert gate(*kept) == []
    said = gate(*kept, *lost)
    assert [line.partition(":")[0] for line in said] == sorted(path[1:] for path in lost)
    assert all("data/redirects.yaml" in line and "YES=1" in line for line in said)
    assert gate(*kept, *lost, confirmed=True) == []
    Path("site/.redirects.map").unlink()
    assert gate() == [".redirects.map: fehlt, die Server brauchen sie; mit make html neu bauen"]
