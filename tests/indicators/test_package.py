"""The package of the site: the standard's opinion, and BBSR's own values as the measure."""

import pytest
from fontTools.pens.areaPen import AreaPen
from fontTools.pens.boundsPen import ControlBoundsPen
from fontTools.svgLib.path import parse_path
from frictionless import validate

from ikm_site.dates import PartialDate
from ikm_site.indicators.model import GERMANY, Figures, Period, add_up
from tests.conftest import rows

from .conftest import DATA

BBSR = {row["region"]: row for row in rows("tests/indicators/bbsr.csv")}


def test_frictionless_accepts_the_package() -> None:
    report = validate(str(DATA / "datapackage.json"))
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])


def weights_of(figures: Figures, year: int) -> dict[str, float]:
    """Return the newest population of a year by district."""
    population = figures.indicators["population"].values
    return population[max(period for period in population if period.year == year)]


def test_sums_and_means_over_districts_are_those_of_the_bbsr(figures: Figures) -> None:
    """The densities differ by the area of 2021 for 2022; its other values are rounded to 10."""
    density, gdp = figures.indicators["density"], figures.indicators["gdp-per-inhabitant"]
    assert list(BBSR) == list(figures.regions)
    assert len(figures.main_regions) == 11
    for region, row in BBSR.items():
        value = density.value(region, Period(PartialDate("2022-12-31"), "census-2011"))
        assert value == pytest.approx(float(row["density_2022"]), abs=0.015), region
        published = float(row["gdp_per_inhabitant_2021"]) * 1000
        period = Period(PartialDate("2021"))
        districts = figures.regions[region].districts
        mean = add_up(districts, gdp.values[period], weights_of(figures, 2021))
        assert mean == pytest.approx(published, abs=10), region
        assert gdp.value(region, period) == published


@pytest.mark.parametrize("name", ["students", "overnight-stays"])
def test_means_over_districts_agree_with_the_published_values(figures: Figures, name: str) -> None:
    indicator = figures.indicators[name]
    period = indicator.newest
    weights = weights_of(figures, period.year)
    for region in figures.regions.values():
        mean = add_up(region.districts, indicator.values[period], weights)
        assert mean == pytest.approx(indicator.value(region.id), rel=3e-3)


def test_official_totals(figures: Figures) -> None:
    population = figures.indicators["population"]
    totals = {
        (point.period.year, point.period.basis): point.value for point in population.series(GERMANY)
    }
    assert totals[1995, "census-1987"] == 81_817_100
    assert totals[2022, "census-2011"] == 84_358_845
    assert totals[2023, "census-2011"] == 84_669_326
    assert totals[2023, "census-2022"] == 83_456_045
    assert totals[2024, "census-2022"] == 83_577_140
    assert round(figures.indicators["unemployment"].value(GERMANY) or 0, 1) == 6.3


def test_breaks_cut_the_series(figures: Figures) -> None:
    series = figures.indicators["population"].series("hamburg")
    assert [point.part for point in series].count(0) == 17
    assert {point.part for point in series if point.period.basis == "census-2022"} == {2}
    assert [point.part for point in figures.indicators["age-65-plus"].series("hamburg")][-1] == 2


def test_four_districts_are_shared(figures: Figures) -> None:
    names = {figures.districts[ags].name for ags in figures.shared}
    assert names == {"Bergstraße", "Cuxhaven", "Heidekreis", "Worms"}


def area(path: str) -> float:
    """Return the area within an SVG path, islands added, holes taken off."""
    pen = AreaPen()
    parse_path(path, pen)
    return float(abs(pen.value))


def test_outlines_enclose_the_official_areas(figures: Figures) -> None:
    """Outlines are nearly as large as their areas; those of districts are in units of 100 m."""
    official = figures.indicators["area"]
    for ags in figures.districts:
        found = area(figures.outlines[ags].path) / 100
        assert found == pytest.approx(official.value(ags), rel=0.25), ags
    for place in (*figures.regions, GERMANY):
        outline = figures.outlines[place]
        assert area(outline.path) == pytest.approx(official.value(place), rel=0.01), place
        if place != GERMANY:
            found = area(outline.area) / outline.scale**2 / 100
            assert found == pytest.approx(official.value(place), rel=0.02), place


def test_the_centre_of_a_district_lies_on_the_maps_of_its_regions(figures: Figures) -> None:
    for region in figures.regions.values():
        outline = figures.outlines[region.id]
        pen = ControlBoundsPen(None)
        parse_path(outline.area, pen)
        west, north, east, south = pen.bounds
        for ags in region.districts:
            district = figures.outlines[ags]
            x, y = (outline.scale * place for place in district[:2])
            assert west <= outline.left + x <= east, ags
            assert north <= outline.top + y <= south, ags


def test_everything_has_a_value_for_every_region(figures: Figures) -> None:
    for indicator in figures.indicators.values():
        for place in (*figures.regions, GERMANY):
            assert indicator.value(place) is not None, (indicator.name, place)


def test_nothing_from_private_sources_and_nothing_large() -> None:
    description = (DATA / "datapackage.json").read_text(encoding="utf-8")
    for word in ("kaufkraft", "hheink", "mietpr", "Nexiga"):
        assert word not in description
    assert sum(path.stat().st_size for path in DATA.rglob("*.csv")) < 3_000_000
