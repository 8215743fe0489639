# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Good tables are read, bad ones are refused with file, line, column, value and remedy."""

import pytest

from ikm_site.indicators.check import main
from ikm_site.indicators.model import GERMANY
from ikm_site.problems import SHOWN, ProblemsError

from .conftest import Small


def message(small: Small) -> str:
    """Return what the reader says about a bad package."""
    with pytest.raises(ProblemsError) as caught:
        small.read()
    return str(caught.value)


def test_a_good_package_is_added_up(small: Small) -> None:
    # A byte order mark and the line ends of Windows are accepted.
    small.tables["population"] = "\ufeff" + small.tables["population"].replace("\n", "\r\n")
    figures = small.read()
    population, share = figures.indicators["population"], figures.indicators["age-65-plus"]
    assert population.value("nord") == 307
    assert population.value("sued") == 490
    assert population.value(GERMANY) == 597  # 01002 once, although it is in both regions
    assert figures.shared == ("01002",)
    assert share.value("nord") == pytest.approx((107 * 10 + 200 * 20.5) / 307, abs=1e-10)
    assert share.value("sued") is None  # more than a tenth of its people have no value


def test_an_empty_value_is_no_figure(small: Small) -> None:
    small.replace("population", "01001,2021-12-31,census-2011,107", "01001,2021-12-31,census-2011,")
    population = small.read().indicators["population"]
    assert population.value("nord") is None
    assert population.value("sued") == 490


@pytest.mark.parametrize(
    ("table", "old", "new", "parts"),
    [
        # Places
        ("population", "01003,2021", "01009,2021", ["csv:7", "Spalte district", "„01009“"]),
        ("population", "01001", "1001", ["csv:2", "1001", "führende Null"]),
        ("membership", "sued,01002", "sued,99999", ["membership.csv:4", "99999", "gibt es nicht"]),
        ("membership", "sued,01002", "west,01002", ["csv:4", "west", "diese Region gibt es nicht"]),
        ("membership", "nord,01002", "nord,01001", ["csv:3", "nord, 01001", "wie in Zeile 2"]),
        ("membership", "sued,01002\nsued,01003\n", "", ["sued", "kein Kreis gehört dazu"]),
        ("membership", "sued,01002\n", "", ["geo/regions.csv: sued", "andere Kreise"]),
        ("districts", "01002,", "01001,", ["districts.csv:3", "01001", "wie in Zeile 2"]),
        ("districts", "Landkreis", "Dorf", ["districts.csv:2", "Spalte type", "„Dorf“"]),
        ("district-outlines", "01003,5", "01004,5", ["01003: der Umriss", "make_outlines.py"]),
        ("region-outlines", "z,2,0,0,M0", "z,,0,0,M0", ["nord: die Karte", "make_outlines.py"]),
        # Rows
        ("population", "01002,2021", "01002,2020", ["csv:5", "district und date und basis wie in"]),
        ("age-65-plus", "01002,2021,20.5\n", "", ["der Kreis 01002 fehlt"]),
        (
            "age-65-plus",
            "01001,2021,10\n",
            "01001,2021,10\n01001,2020,9\n",
            ["01002 hat keine Zeile für 2020", "bleibt value leer"],
        ),
        ("age-65-plus", "2021,20.5", "2021,20,5", ["csv:3", "4 Zellen statt 3", "Dezimalkomma"]),
        ("age-65-plus", "district,year", "kreis,year", ["csv:1", "muss lauten: district,year"]),
        ("age-65-plus", "2021,20.5", '2021,"20.5', ["csv:4", "keine CSV-Tabelle"]),
        # Cells
        ("age-65-plus", "01002,2021", "01002,", ["csv:3", "Spalte year", "die Zelle ist leer"]),
        ("age-65-plus", "01002,2021", "01002,20211", ["csv:3", "20211", "höchstens 2100"]),
        ("age-65-plus", "20.5", "205", ["age-65-plus.csv:3", "205", "höchstens 100"]),
        ("age-65-plus", "20.5", "-1", ["csv:3", "-1", "mindestens 0"]),
        ("age-65-plus", "20.5", "viele", ["csv:3", "viele", "eine Zahl", "bleibt die Zelle leer"]),
        ("age-65-plus", "20.5", '"20,5"', ["csv:3", "20,5", "Dezimalpunkt"]),
        ("age-65-plus", "20.5", "NaN", ["csv:3", "NaN", "eine Zahl"]),
        ("age-65-plus", "20.5", "2.055", ["csv:3", "2.055", "ein Punkt zwischen Tausendern?"]),
        ("population", ",107", ",1.000", ["csv:3", "1.000", "ein Punkt zwischen Tausendern?"]),
        ("population", ",107", ",110.5", ["csv:3", "110.5", "muss eine ganze Zahl sein"]),
        ("population", "2021-12-31", "31.12.2021", ["csv:3", "31.12.2021", "2024-12-31"]),
        ("population", "2021-12-31", "44561", ["csv:3", "44561", "ein Datum"]),
    ],
)
def test_a_bad_table_is_refused(
    small: Small, table: str, old: str, new: str, parts: list[str]
) -> None:
    small.replace(table, old, new)
    said = message(small)
    for part in ("data/", *parts):
        assert part in said


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ("", "die Kopfzeile stimmt nicht"),
        ("district,year,value\n", "die Tabelle hat keine Zeilen"),
        ("district;year;value\n01001;2021;1\n", "nicht durch Semikolons"),
        ("district,year,value\n01001,2021,\n01002,2021,\n01003,2021,\n", "keine Region bekommt"),
    ],
)
def test_what_is_no_table_is_refused(small: Small, content: str, part: str) -> None:
    small.tables["age-65-plus"] = content
    assert part in message(small)


def test_every_problem_is_reported_at_once(small: Small) -> None:
    small.replace("population", ",107", ",x")
    small.replace("age-65-plus", "20.5", "-1")
    said = message(small)
    assert "population.csv" in said
    assert "age-65-plus.csv" in said


def test_of_many_problems_of_a_kind_few_are_shown(small: Small) -> None:
    small.tables["age-65-plus"] += '01001,2020,"1,5"\n' * 2000
    said = message(small)
    assert len(said.splitlines()) == 2 * (SHOWN + 1)  # no number, and the same row again
    assert "… und 1990 weitere dieser Art" in said


def test_latin_1_is_named_with_its_line(small: Small) -> None:
    path = small.write() / "districts.csv"
    path.write_bytes(small.tables["districts"].encode("latin-1"))
    with pytest.raises(ProblemsError, match=r"^data/districts.csv:4: ist nicht als UTF-8"):
        main([str(small.folder)])


@pytest.mark.parametrize("key", ["title", "description", "sources", "licenses"])
@pytest.mark.parametrize("how", ["absent", "empty"])
def test_an_entry_without_title_source_or_licence_is_refused(
    small: Small, key: str, how: str
) -> None:
    entry = small.resources["age-65-plus"]
    value = entry.pop(key)
    if how == "empty":
        entry[key] = type(value)()
    said = message(small)
    assert "data/datapackage.json:" in said
    assert key in said


@pytest.mark.parametrize(
    ("where", "key", "value", "part"),
    [
        ("indicator", "unit", "prozent", "unit: „prozent“ gibt es hier nicht; meinen Sie percent?"),
        ("indicator", "unit", "persons", "Einheit von value: „percent“ gibt es hier nicht"),
        ("indicator", "theme", "leute", "theme: „leute“ gibt es hier nicht"),
        ("indicator", "decimal", 1, "„decimals“"),
        ("schema", "fields", [], "braucht eine Spalte value"),
        ("", "name", "population", "der Name „population“ steht zweimal da"),
        ("", "districts_of", "alter", "districts_of: „alter“ gibt es hier nicht"),
        ("", "path", "/etc/passwd", "(jetzt: /etc/passwd)"),
        ("", "path", "../rate.csv", "(jetzt: ../rate.csv)"),
        ("", "path", "a/../../rate.csv", "(jetzt: a/../../rate.csv)"),
    ],
)
def test_a_bad_description_is_refused(
    small: Small, where: str, key: str, value: object, part: str
) -> None:
    entry = small.resources["age-65-plus"]
    (entry[where] if where else entry)[key] = value
    assert part in message(small)


def test_a_derived_indicator_is_a_quotient_or_a_change_of_tables(small: Small) -> None:
    small.derived["years"] = 1
    change = small.read().indicators["population-change"]
    assert change.value("01001") == pytest.approx(7)
    assert change.value("sued") == pytest.approx(-2)
    small.derived["numerator"] = "population-change"
    assert "population-change: „population-change“ gibt es hier nicht" in message(small)
    del small.derived["years"]
    assert "braucht entweder denominator oder years" in message(small)


def test_a_link_is_refused(small: Small) -> None:
    path = small.write() / "districts.csv"
    path.rename(path.with_name("other"))
    path.symlink_to("other")
    with pytest.raises(ProblemsError, match=r"data/districts.csv: ist nur ein Verweis"):
        main([str(small.folder)])


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [(",107", ",0", "eine Null"), (",107", ",999", "ist weit von 2020-12-31: 100")],
)
def test_an_implausible_value_is_named(small: Small, old: str, new: str, part: str) -> None:
    small.replace("population", old, new)
    with pytest.raises(ProblemsError, match=part) as refusal:
        main([str(small.write())])
    assert "data/by-district/population.csv: „01001 2021-12-31“" in str(refusal.value)
