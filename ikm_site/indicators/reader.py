"""Reading ``data/`` into :class:`~ikm_site.indicators.model.Figures`, with every rule checked."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from ikm_site.dates import PartialDate
from ikm_site.indicators.model import (
    GERMANY,
    SHARED,
    TOGETHER,
    District,
    Figures,
    Indicator,
    Outline,
    Period,
    Region,
    Values,
    add_up,
    without_noise,
)
from ikm_site.indicators.package import Derived, Package, read_package
from ikm_site.problems import Problem, ProblemsError
from ikm_site.tables import Table, read_table, stop

#: What is said of a cell that names none of the places, and what to do.
UNKNOWN = {
    "region": (
        "diese Region gibt es nicht",
        "regions.csv nennt alle Kennungen; germany ist ganz Deutschland",
    ),
    "district": (
        "diesen Kreis gibt es nicht",
        "districts.csv nennt alle Schlüssel, mit führender Null",
    ),
}
#: The districts of each region, each part and Germany.
Members = Mapping[str, tuple[str, ...]]
#: The values and the weights of each indicator.
Cells = dict[tuple[str, str], Values]


def _read_regions(tables: Mapping[str, Table], districts: Collection[str]) -> dict[str, Region]:
    """Read which districts belong to which region."""
    regions, membership = tables["regions"], tables["membership"]
    known, members = regions.columns["region"], membership.columns["region"]
    membership.only("region", known, *UNKNOWN["region"])
    membership.only("district", districts, *UNKNOWN["district"])
    regions.only("part_of", {*known, None}, *UNKNOWN["region"])
    regions.only("region", members, "kein Kreis gehört dazu", "ergänzen Sie membership.csv")
    stop(membership, regions)
    pairs = sorted(membership.rows("region", "district"))
    return {
        region: Region(region, name, whole or "", tuple(ags for at, ags in pairs if at == region))
        for region, name, whole in regions.rows("region", "name", "part_of")
    }


def _read_outlines(table: Table, wanted: Mapping[str, str]) -> dict[str, Outline]:
    """Read outlines, which must be those of the districts that are wanted for each place."""
    places = table.columns[table.place]
    drawn = dict(zip(places, table.columns.get("districts", places), strict=True))
    for place, _ in wanted.items() ^ drawn.items():
        wrong = f"{place}: der Umriss fehlt oder führt um andere Kreise"
        table.wrong(0, wrong, "zeichnen Sie ihn mit tools/make_outlines.py")
    # Only regions have a map of their own; a district alone in its region has no borders there.
    for place, *drawing in table.rows(table.place, "scale", "left", "top", "area", "land"):
        if table.place == "region" and place not in (GERMANY, SHARED) and None in drawing:
            wrong = f"{place}: die Karte der Region ist nicht vollständig"
            table.wrong(0, wrong, "zeichnen Sie sie mit tools/make_outlines.py")
    return dict(zip(places, map(Outline._make, table.rows(*Outline._fields)), strict=True))


def _by_period(table: Table, column: str) -> Iterator[tuple[Period, dict[str, float]]]:
    """Yield the numbers of a column by place for each period, oldest first.

    Note where a row is missing: a place has every period or none.
    """
    when = "date" if "date" in table.columns else "year"
    rows: dict[tuple[Any, str], dict[str, float | None]] = defaultdict(dict)
    for key, code, basis, value in table.rows(table.place, when, "basis", column):
        rows[code, basis or ""][key] = value
    present = set(table.columns[table.place])
    for (code, basis), row in sorted(rows.items()):
        period = Period(PartialDate(code), basis)
        for gap in present - row.keys():
            wrong = f"{gap} hat keine Zeile für {period.code} {period.basis}".rstrip()
            table.wrong(0, wrong, "ergänzen Sie die Zeile; ohne Angabe bleibt value leer")
        if values := {key: value for key, value in row.items() if value is not None}:
            yield period, values


def _read_values(package: Package, tables: Mapping[str, Table], members: Members) -> Cells:
    """Return the values and weights of each indicator, from its tables of regions and districts."""
    found: Cells = defaultdict(lambda: defaultdict(dict))
    known = {"region": members, "district": members[GERMANY]}
    for resource in package.tables:
        table = tables[resource.name]
        table.only(table.place, known[table.place], *UNKNOWN[table.place])
        if table.problems:  # a row refused is not a gap as well
            continue
        if table.place == "district":
            for ags in {*members[GERMANY]} - {*table.columns["district"]}:
                table.wrong(0, f"der Kreis {ags} fehlt", UNKNOWN["district"][1])
        for column in {"value", "weight"} & table.columns.keys():
            for period, values in _by_period(table, column):
                found[resource.values_of, column][period].update(values)
    return found


def _at(values: Values, year: int) -> Mapping[str, float]:
    """Return the newest values of a year, else of the last year before, else the oldest ones.

    So a density of 2022 rests on the area of 2021, as that of the BBSR does.
    """
    before = [period for period in values if period.year <= year]
    return values[max(before, default=min(values))] if values else {}


def _derive(derived: Derived, numerator: Values, denominator: Values | None = None) -> Values:
    """Divide two tables, or one by itself some years before, for the change in per cent."""
    result: Values = {}
    for period, values in numerator.items():
        if denominator is not None:
            below = _at(denominator, period.year)
        else:  # only within one basis
            before = PartialDate(f"{period.year - derived.years}{period.code[4:]}")
            below = numerator.get(Period(before, period.basis), {})
        found = {place: value / below[place] for place, value in values.items() if below.get(place)}
        if found:
            result[period] = {
                place: without_noise(quotient if denominator else (quotient - 1) * 100)
                for place, quotient in found.items()
            }
    return result


def _with_regions(
    name: str, aggregation: str, cells: Cells, members: Members
) -> tuple[Values, set[Period]]:
    """Return values with those of regions, and the periods for which they are all added up here.

    Means are weighted with the weights of the table, else with the population. A region that the
    source does not have is added up, too.
    """
    result, computed = {}, set()
    for period, known in sorted(cells[name, "value"].items()):
        people = _at(cells["population", "value"], period.year)
        weight = cells[name, "weight"].get(period) or people
        sums = {
            place: add_up(codes, known, None if aggregation == "sum" else weight)
            for place, codes in (members.items() if aggregation != "none" else ())
            if place not in known
        }
        added = {place: value for place, value in sums.items() if value is not None}
        result[period] = added | known
        if added and not members.keys() & known.keys():
            computed.add(period)
    return result, computed


def _read_indicators(package: Package, cells: Cells, members: Members) -> dict[str, Indicator]:
    """Return all indicators in their order: those of tables, and those computed from them."""
    resources = {resource.name: resource for resource in package.resources}
    found: dict[str, Indicator] = {}
    # What is computed from others comes last.
    for entry, about in sorted(package.described, key=lambda each: isinstance(each[0], Derived)):
        if isinstance(entry, Derived):
            values = _derive(entry, *(found[name].values for name in entry.operands))
            tables = newest = [resources[name] for name in entry.operands]
            computed = {*values}
        else:
            values, computed = _with_regions(entry.name, about.aggregation, cells, members)
            tables = [entry, *(each for each in package.tables if each.districts_of == entry.name)]
            tables = tables[::-1] if computed else tables
            newest = tables[:1]
        found[entry.name] = Indicator(
            name=entry.name,
            title=entry.title,
            description=entry.description,
            about=about,
            unit=package.units_by_name[about.unit],
            sources=tuple(dict.fromkeys(each for table in tables for each in table.sources)),
            newest_sources=tuple(dict.fromkeys(table.sources[0] for table in newest)),
            licenses=tuple(dict.fromkeys(each for table in tables for each in table.licenses)),
            values=values,
            computed=frozenset(computed),
        )
    if empty := [name for name in resources.keys() & found.keys() if not found[name].periods]:
        wrong = "keine Region bekommt einen Wert"
        raise ProblemsError(Problem(f"data/{resources[name].path}", 0, wrong) for name in empty)
    # A change over ten years needs ten years.
    names = [entry.name for entry, _ in package.described]
    return {name: found[name] for name in names if found[name].periods}


def read_figures(folder: Path) -> Figures:
    """Read the data package in ``folder``.

    Raises:
        ProblemsError: unknown, doubled or missing districts, regions and years, cells that are no
            number or outside their limits, files that are not UTF-8 or lie outside the folder,
            entries without title, unit, source or licence.
    """
    package = read_package(folder)
    units = package.units_by_name
    tables = {
        each.name: read_table(folder / each.path, f"data/{each.path}", each.table, units)
        for each in package.resources
        if each.columns
    }
    stop(*tables.values())
    rows = tables["districts"].rows("ags", "name", "type", "state")
    districts = {row[0]: District(*row) for row in rows}
    regions = _read_regions(tables, districts)
    members = {region.id: region.districts for region in regions.values()}
    members[GERMANY] = tuple(sorted(districts))
    counts = Counter(ags for each in regions.values() if not each.part_of for ags in each.districts)
    shared = tuple(sorted(ags for ags, count in counts.items() if count > 1))
    borders = {place: " ".join(codes) for place, codes in members.items()}
    borders |= {SHARED: " ".join(shared)} if shared else {}
    outlines = {
        **_read_outlines(tables["district-outlines"], {ags: ags for ags in districts}),
        **_read_outlines(tables["region-outlines"], borders),
    }

    def read_indicators() -> dict[str, Indicator]:
        cells = _read_values(package, tables, members)
        stop(*tables.values())
        return _read_indicators(package, cells, members | {TOGETHER: tuple(counts)})

    return Figures(package, districts, regions, shared, outlines, read_indicators)
