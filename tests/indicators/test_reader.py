# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Good tables are read, bad ones are refused with file, row, column, value and rule."""

from __future__ import annotations

import pytest

from ikm_site.indicators.check import main
from ikm_site.indicators.model import GERMANY, rounded
from ikm_site.indicators.problems import DataError

from .conftest import Small


def message(small: Small) -> str:
    """Return what the reader says about a bad package."""
    with pytest.raises(DataError) as caught:
        small.read()
    return str(caught.value)


def test_a_good_package_is_added_up(small: Small) -> None:
    figures = small.read()
    population, rate = figures.indicators["population"], figures.indicators["rate"]
    assert population.value("nord") == 310
    assert population.value("sued") == 490
    assert population.value(GERMANY) == 600  # 01002 once, although it is in both regions
    assert figures.shared == ("01002",)
    assert rate.value("nord") == rounded((110 * 10 + 200 * 20.5) / 310, 3)
    assert rate.value("sued") is None  # more than a tenth of its people have no value
    assert figures.rank(population, "sued") == 1
    assert figures.rank(population, "nord") == 2


def test_crlf_and_byte_order_mark_are_accepted(small: Small) -> None:
    small.tables["population"] = "\ufeff" + small.tables["population"].replace("\n", "\r\n")
    assert small.read().indicators["population"].value("nord") == 310


@pytest.mark.parametrize(
    ("table", "old", "new", "parts"),
    [
        ("population", "01003,2021", "01009,2021", ["row 7", "district", "01009", "unknown"]),
        ("membership", "sued,01002", "sued,99999", ["membership.csv, row 4", "99999", "unknown"]),
        ("membership", "sued,01002", "west,01002", ["row 4", "region", "west", "unknown region"]),
        ("membership", "nord,01002", "nord,01001", ["row 3", "nord, 01001", "as in row 2"]),
        ("districts", "01002,", "01001,", ["districts.csv, row 3", "01001", "already in row 2"]),
        ("population", "01002,2021", "01002,2020", ["row 5", "same district and year", "row 4"]),
        ("population", "01002,2021,200\n", "", ["population.csv", "01002 has no row for 2021"]),
        ("population", "01002,2021", "01002,", ["row 5", "column year", "empty"]),
        ("population", "01001,2021,110", "01001,2021,viele", ["row 3", "viele", "text where"]),
        ("population", "01001,2021,110", '01001,2021,"110,5"', ["row 3", "110,5", "decimal comma"]),
        ("population", "01001,2021,110", "01001,2021,110,5", ["row 3", "4 cells instead of 3"]),
        ("population", "01001,2021,110", "01001,2021,NaN", ["row 3", "NaN", "not a number"]),
        ("population", "01001,2021,110", "01001,2021,-110", ["row 3", "-110", "at least 0"]),
        ("rate", "20.5", "205", ["rate.csv, row 3", "205", "at most 100 (unit percent)"]),
        ("rate", "2021,10", "zweitausend,10", ["row 2", "year", "whole number"]),
        ("population", "district,year", "kreis,year", ["row 1", "header must be district,year"]),
        ("population", "01001", "1001", ["row 2", "1001", "leading zero"]),
        ("membership", "sued,01002\nsued,01003\n", "", ["sued", "no district belongs to it"]),
    ],
)
def test_a_bad_cell_is_named(
    small: Small, table: str, old: str, new: str, parts: list[str]
) -> None:
    small.replace(table, old, new)
    said = message(small)
    for part in parts:
        assert part in said


def test_semicolons_are_named(small: Small) -> None:
    small.tables["rate"] = small.tables["rate"].replace(",", ";")
    assert "not by semicolons" in message(small)


def test_latin_1_is_named_with_its_row(small: Small) -> None:
    folder = small.write()
    path = folder / "districts.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1"))
    assert main([str(folder)]) == 1
    with pytest.raises(DataError, match=r"districts.csv, row 4: .*not UTF-8"):
        small_read(folder)


def small_read(folder: object) -> None:
    """Read a folder as it is."""
    from pathlib import Path

    from ikm_site.indicators.reader import read_figures

    read_figures(Path(str(folder)))


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
    assert "datapackage.json" in said
    assert f'"rate" {key}' in said


def test_an_unknown_unit_is_refused(small: Small) -> None:
    small.resource("rate")["indicator"]["unit"] = "prozent"
    said = message(small)
    assert 'found "prozent", unknown unit' in said
    assert "Allowed: percent, persons." in said


def test_a_unit_that_differs_from_the_column_is_refused(small: Small) -> None:
    small.resource("rate")["indicator"]["unit"] = "persons"
    assert "differs from the unit of the indicator" in message(small)


def test_a_misspelt_property_is_refused(small: Small) -> None:
    small.resource("rate")["indicator"]["decimal"] = 1
    assert "decimal" in message(small)


def test_a_missing_file_is_named(small: Small) -> None:
    folder = small.write()
    (folder / "rate.csv").unlink()
    with pytest.raises(DataError, match=r"data/rate.csv: the file is missing"):
        small_read(folder)


def test_broken_json_is_named_with_its_row(small: Small) -> None:
    folder = small.write()
    (folder / "datapackage.json").write_text('{\n"name": ,\n}', encoding="utf-8")
    with pytest.raises(DataError, match=r"datapackage.json, row 2: not valid JSON"):
        small_read(folder)


def test_every_problem_is_reported_at_once(small: Small) -> None:
    small.replace("population", "01001,2021,110", "01001,2021,x")
    small.replace("rate", "20.5", "-1")
    said = message(small)
    assert "2 problems" in said
    assert "population.csv" in said
    assert "rate.csv" in said
