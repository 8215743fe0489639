# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2

"""Terms of the glossary: found in any form, asked for once, never a reason to stop."""

from __future__ import annotations

from pathlib import Path

import pytest

from ikm_site.catalogues.check import check
from ikm_site.catalogues.glossary import GlossaryError, problems, read
from tests.catalogues.corpus import catalogue, write

GLOSSARY = """german,english,note
Metropolregion,metropolitan region,
Europäische Metropolregion,European metropolitan region; metropolitan region,
Raumordnung,spatial planning,
Raumordnungspolitik,spatial planning policy,
gleichwertige Lebensverhältnisse,equivalent living conditions,not “equal”
"Kommune, Gemeinde",municipality,
Ministerkonferenz für Raumordnung (MKRO),Conference of Ministers responsible for Spatial Planning (MKRO),
"Bundesinstitut für Bau-, Stadt- und Raumforschung (BBSR)","Federal Institute for Research on Building (BBSR)",
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "locales" / "glossary.csv"
    file.parent.mkdir()
    file.write_text(GLOSSARY, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("german", "english", "asked"),
    [
        ("Die Metropolregionen", "The metropolitan regions", 0),
        ("Die Metropolregionen", "The metropolis regions", 1),
        ("Die Europäischen Metropolregionen", "The European metropolitan regions", 0),
        ("Die Europäischen Metropolregionen", "The big regions", 1),
        ("Die Raumordnungspolitik", "Spatial planning policy", 0),
        ("Die Raumordnungspolitik", "Spatial policy", 1),
        ("in gleichwertigen Lebensverhältnissen", "in equal living conditions", 1),
        ("in gleichwertigen Lebensverhältnissen", "in equivalent living conditions", 0),
        ("Alle Gemeinden", "All municipalities", 0),
        ("Alle Kommunen", "All towns", 1),
        ("Die Ministerkonferenz für Raumordnung", "The MKRO", 0),
        ("Das Bundesinstitut für Bau-, Stadt- und Raumforschung", "The institute", 1),
        ("Das Bundesinstitut für Bau-, Stadt- und Raumforschung", "The BBSR", 0),
        ("Metropolregionsrat", "Council", 0),
        ("Der Titel „Metropolregion und Raumordnung“", "The title “Region and planning”", 0),
        ("Die *Raumordnung*", "*Raumordnung*", 0),
    ],
)
def test_terms(path: Path, german: str, english: str, asked: int) -> None:
    assert len(list(problems(german, english, read(path, "en")))) == asked


def test_a_term_is_a_hint(path: Path) -> None:
    text = catalogue([("Die Raumordnung", "Planning")])
    findings = [f for f in check(write(path.parents[1], "page", text)) if f.hint]
    assert [finding.problem.rule for finding in findings] == ["glossary"]


@pytest.mark.parametrize(
    ("line", "where"),
    [("Bund,a,b,c", ":10"), ("Bund", ":10"), ("Metropolregion,x,", ":10")],
)
def test_a_damaged_glossary_is_named(path: Path, line: str, where: str) -> None:
    path.write_text(GLOSSARY + line + "\n", encoding="utf-8")
    with pytest.raises(GlossaryError, match=where):
        read(path, "en")
