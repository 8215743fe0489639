"""Good tables are read, bad ones are refused with file, line, column, value and remedy."""

from typing import Any

import pytest

from ikm_site.indicators.model import GERMANY
from ikm_site.problems import MOST, Problem, ProblemsError
from tests.conftest import table
from tools.check_data import main

from .conftest import Small

MISTAKES = table("indicators/mistakes.yaml")


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


@pytest.mark.parametrize("mistake", MISTAKES["tables"])
def test_a_bad_table_is_refused(small: Small, mistake: dict[str, Any]) -> None:
    small.replace(mistake["table"], mistake["old"], mistake["new"])
    said = message(small)
    for part in ("data/", *mistake["said"]):
        assert part in said


@pytest.mark.parametrize("mistake", MISTAKES["contents"])
def test_what_is_no_table_is_refused(small: Small, mistake: dict[str, Any]) -> None:
    small.tables["age-65-plus"] = mistake["content"]
    assert mistake["said"] in message(small)


def test_every_problem_is_reported_at_once(small: Small) -> None:
    small.replace("population", ",107", ",x")
    small.replace("age-65-plus", "20.5", "-1")
    said = message(small)
    assert "population.csv" in said
    assert "age-65-plus.csv" in said


def test_of_many_problems_of_a_kind_few_are_shown(small: Small) -> None:
    small.tables["age-65-plus"] += '01001,2020,"1,5"\n' * 2000
    said = message(small)
    assert len(said.splitlines()) == 2 * (MOST + 1)  # no number, and the same row again
    assert "… und 1990 weitere dieser Art" in said


def test_problems_without_advice_are_of_a_kind_by_their_words() -> None:
    many = [Problem("a.csv", at, f"„a {at}“: {at}.5 ist zu groß") for at in range(1, MOST + 3)]
    said = str(ProblemsError([*many, Problem("a.csv", 99, "„b“: die Spalte fehlt")]))
    assert f"a.csv:{MOST + 1}: … und 2 weitere dieser Art" in said
    assert "die Spalte fehlt" in said


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


@pytest.mark.parametrize("mistake", MISTAKES["descriptions"])
def test_a_bad_description_is_refused(small: Small, mistake: dict[str, Any]) -> None:
    entry = small.resources["age-65-plus"]
    described = entry[mistake["part"]] if mistake["part"] else entry
    described.update(mistake["change"])
    assert mistake["said"] in message(small)


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("}", ",}", "datapackage.json:1: ist kein JSON; prüfen Sie dort und davor Kommas"),
        pytest.param("{", "[" * 100_000, "datapackage.json:1: ist kein JSON", id="nested"),
        ('"title": "', r'"title": "\ud83d\ude00', "datapackage.json:1: eine Folge mit"),
        ('"title"', '"name": "x", "title"', "datapackage.json:1: dieses Feld steht zweimal"),
        ('"created": "2', '"created": "x', "„created“: muss ein Datum sein"),
    ],
)
def test_a_description_that_is_no_json_is_refused(
    small: Small, old: str, new: str, part: str
) -> None:
    file = small.write() / "datapackage.json"
    file.write_text(file.read_text("utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ProblemsError, match=part):
        main([str(small.folder)])


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
