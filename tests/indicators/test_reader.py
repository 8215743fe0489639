# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Good tables are read, bad ones are refused with file, line, column, value and remedy."""

from __future__ import annotations

import pytest

from ikm_site.indicators.check import main
from ikm_site.indicators.model import GERMANY
from ikm_site.indicators.reader import SHOWN
from ikm_site.problems import ProblemsError

from .conftest import Small


def message(small: Small) -> str:
    """Return what the reader says about a bad package."""
    with pytest.raises(ProblemsError) as caught:
        small.read()
    return str(caught.value)


def test_a_good_package_is_added_up(small: Small) -> None:
    figures = small.read()
    population, rate = figures.indicators["population"], figures.indicators["rate"]
    assert population.value("nord") == 310
    assert population.value("sued") == 490
    assert population.value(GERMANY) == 600  # 01002 once, although it is in both regions
    assert figures.shared == ("01002",)
    assert rate.value("nord") == pytest.approx((110 * 10 + 200 * 20.5) / 310, abs=1e-10)
    assert rate.value("sued") is None  # more than a tenth of its people have no value


def test_crlf_and_byte_order_mark_are_accepted(small: Small) -> None:
    small.tables["population"] = "\ufeff" + small.tables["population"].replace("\n", "\r\n")
    assert small.read().indicators["population"].value("nord") == 310


@pytest.mark.parametrize(
    ("table", "old", "new", "parts"),
    [
        ("population", "01003,2021", "01009,2021", ["csv:7", "Spalte district", "„01009“"]),
        ("membership", "sued,01002", "sued,99999", ["membership.csv:4", "99999", "gibt es nicht"]),
        ("membership", "sued,01002", "west,01002", ["csv:4", "west", "diese Region gibt es nicht"]),
        ("membership", "nord,01002", "nord,01001", ["csv:3", "nord, 01001", "wie in Zeile 2"]),
        ("districts", "01002,", "01001,", ["districts.csv:3", "01001", "wie in Zeile 2"]),
        ("population", "01002,2021", "01002,2020", ["csv:5", "district und year wie in Zeile 4"]),
        ("population", "01002,2021,200\n", "", ["01002 hat keine Zeile für 2021", "bleibt value"]),
        ("population", "01002,2021", "01002,", ["csv:5", "Spalte year", "die Zelle ist leer"]),
        ("population", "01001,2021,110", "01001,2021,viele", ["csv:3", "viele", "eine ganze Zahl"]),
        ("population", "01001,2021,110", '01001,2021,"110,5"', ["csv:3", "110,5", "mit Dezimalpunkt"]),
        ("population", "01001,2021,110", "01001,2021,110,5", ["csv:3", "4 Zellen statt 3"]),
        ("population", "01001,2021,110", "01001,2021,1.100", ["csv:3", "ohne Punkte zwischen Tausendern"]),
        ("population", "01001,2021,110", "01001,2021,110.5", ["csv:3", "muss eine ganze Zahl"]),
        ("population", "01001,2021,110", "01001,2021,NaN", ["csv:3", "NaN", "eine ganze Zahl"]),
        ("population", "01001,2021,110", "01001,2021,-110", ["csv:3", "mindestens 0"]),
        ("rate", "20.5", "205", ["rate.csv:3", "205", "höchstens 100"]),
        ("rate", "20.5", "2.055", ["rate.csv:3", "2.055", "ein Punkt zwischen Tausendern?"]),
        ("population", "district,year", "kreis,year", ["csv:1", "muss lauten: district,year"]),
        ("population", "01001", "1001", ["csv:2", "1001", "führende Null"]),
        ("membership", "sued,01002\n", "", ["region-outlines.csv: sued", "andere Kreise"]),
        (
            "district-outlines",
            "01003,5",
            "01004,5",
            ["01003: der Umriss fehlt", "make_outlines.py"],
        ),
        ("membership", "sued,01002\nsued,01003\n", "", ["sued", "kein Kreis gehört dazu"]),
    ],
)
def test_a_bad_cell_is_named(
    small: Small, table: str, old: str, new: str, parts: list[str]
) -> None:
    small.replace(table, old, new)
    said = message(small)
    for part in ("data/", *parts):
        assert part in said


def test_an_empty_value_is_no_figure(small: Small) -> None:
    small.replace("population", "01001,2021,110", "01001,2021,")
    population = small.read().indicators["population"]
    assert population.value("nord") is None
    assert population.value("sued") == 490


def test_of_many_problems_of_a_kind_few_are_shown(small: Small) -> None:
    rows = "".join(f'01001,{year},"1,5"\n' for year in range(3000, 5000))
    small.tables["rate"] += rows
    lines = message(small).splitlines()
    assert len(lines) == SHOWN + 1
    assert "… und 1990 weitere dieser Art" in lines[-1]


def test_semicolons_are_named(small: Small) -> None:
    small.tables["rate"] = small.tables["rate"].replace(",", ";")
    assert "nicht durch Semikolons" in message(small)


def test_latin_1_is_named_with_its_line(small: Small, capsys: pytest.CaptureFixture[str]) -> None:
    folder = small.write()
    path = folder / "districts.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1"))
    assert main([str(folder)]) == 1
    assert "data/districts.csv:4: ist nicht als UTF-8" in capsys.readouterr().err


@pytest.mark.parametrize("key", ["title", "description", "sources", "licenses"])
@pytest.mark.parametrize("how", ["absent", "empty"])
def test_an_entry_without_title_source_or_licence_is_refused(
    small: Small, key: str, how: str
) -> None:
    entry = small.resource("rate")
    if how == "absent":
        del entry[key]
    else:
        entry[key] = type(entry[key])()
    said = message(small)
    assert "data/datapackage.json:" in said
    assert key in said


def test_an_unknown_unit_is_refused(small: Small) -> None:
    small.resource("rate")["indicator"]["unit"] = "prozent"
    said = message(small)
    assert "rate unit: „prozent“ gibt es hier nicht; meinen Sie percent?" in said


def test_a_unit_that_differs_from_the_column_is_refused(small: Small) -> None:
    small.resource("rate")["indicator"]["unit"] = "persons"
    assert "Einheit von value: „percent“ gibt es hier nicht; es gibt: persons" in message(small)


def test_a_misspelt_property_is_refused(small: Small) -> None:
    small.resource("rate")["indicator"]["decimal"] = 1
    assert "decimal" in message(small)


@pytest.mark.parametrize("path", ["/etc/passwd", "../rate.csv", "a/../../rate.csv"])
def test_a_file_outside_the_package_is_refused(small: Small, path: str) -> None:
    small.resource("rate")["path"] = path
    assert f"(jetzt: {path})" in message(small)


def test_a_link_is_refused(small: Small) -> None:
    folder = small.write()
    (folder / "rate.csv").rename(folder / "other")
    (folder / "rate.csv").symlink_to("other")
    assert main([str(folder)]) == 1


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("01001,2021,110", "01001,2021,0", "eine Null"),
        ("01001,2021,110", "01001,2021,999", "ist weit von 2020: 100"),
    ],
)
def test_an_implausible_value_is_named(
    small: Small, capsys: pytest.CaptureFixture[str], old: str, new: str, part: str
) -> None:
    small.replace("population", old, new)
    assert main([str(small.write())]) == 1
    said = capsys.readouterr().err
    assert "data/population.csv: „01001 2021“" in said
    assert part in said


def test_every_problem_is_reported_at_once(small: Small) -> None:
    small.replace("population", "01001,2021,110", "01001,2021,x")
    small.replace("rate", "20.5", "-1")
    said = message(small)
    assert "population.csv" in said
    assert "rate.csv" in said
