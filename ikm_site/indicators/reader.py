# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Reading ``data/`` into :class:`~ikm_site.indicators.model.Figures`, with every rule checked."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from ikm_site.indicators.model import (
    GERMANY,
    District,
    Figures,
    Indicator,
    Outline,
    Period,
    Region,
    Values,
    add_up,
    exact,
)
from ikm_site.indicators.package import About, Derived, Resource, read_package
from ikm_site.indicators.tables import Table, read_table
from ikm_site.problems import Problem, ProblemsError

T = TypeVar("T")

#: What is said of a cell that names none of the places, and what to do.
NO_REGION = (
    "diese Region gibt es nicht",
    "regions.csv nennt alle Kennungen; germany ist ganz Deutschland",
)
NO_DISTRICT = (
    "diesen Kreis gibt es nicht",
    "districts.csv nennt alle Schlüssel, mit führender Null",
)
#: The tables of outlines.
OUTLINES = ("district-outlines", "region-outlines")
#: Maximum number of problems of one kind in one file.
SHOWN = 10


def few(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield at most `SHOWN` problems with the same advice, then how many more there are."""
    kinds: dict[tuple[str, str], list[Problem]] = defaultdict(list)
    for problem in sorted(set(problems)):
        kinds[problem.path, problem.advice].append(problem)
    for (path, _), alike in kinds.items():
        yield from alike[:SHOWN]
        if more := alike[SHOWN:]:
            yield Problem(path, more[0].line, f"… und {len(more)} weitere dieser Art")


def _all(read: Callable[[Resource], T], resources: Iterable[Resource]) -> dict[str, T]:
    """Return what is read of each resource; raise the problems of all."""
    found, problems = {}, []
    for resource in resources:
        try:
            found[resource.name] = read(resource)
        except ProblemsError as error:
            problems += error.problems
    if problems:
        raise ProblemsError(problems)
    return found


def _by_period(table: Table, column: str, needed: Collection[str] = ()) -> Values:
    """Return the numbers of a column by period and place.

    Note where a row is missing: a place has every period or none, and needed places are there.
    """
    place = "district" if "district" in table.columns else "region"
    when = "date" if "date" in table.columns else "year"
    rows: dict[tuple[object, str | None], dict[str, float | None]] = defaultdict(dict)
    for key, code, basis, value in table.rows(place, when, "basis", column):
        rows[code, basis][key] = value
    cells = {Period(str(code), basis or ""): row for (code, basis), row in rows.items()}
    present = set(table.columns[place])
    found = {}
    for period in sorted(cells):
        row = cells[period]
        for gap in present - row.keys():
            wrong = f"{gap} hat keine Zeile für {period.code} {period.basis}".rstrip()
            table.wrong(0, wrong, "ergänzen Sie die Zeile; ohne Angabe bleibt value leer")
        if values := {key: value for key, value in row.items() if value is not None}:
            found[period] = values
    for ags in set(needed) - present:
        table.wrong(0, f"der Kreis {ags} fehlt", NO_DISTRICT[1])
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
        if denominator is None:  # only within one basis
            before = Period(f"{period.year - derived.years}{period.code[4:]}", period.basis)
            below = numerator.get(before, {})
            found = {p: (v / below[p] - 1) * 100 for p, v in values.items() if below.get(p)}
        else:
            area = _at(denominator, period.year)
            found = {p: v / area[p] for p, v in values.items() if area.get(p)}
        if found:
            result[period] = {place: exact(value) for place, value in found.items()}
    return result


class _Reader:
    """One reading of the package."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.package = read_package(folder)
        self.units = {unit.name: unit for unit in self.package.units}
        self.resources = {resource.name: resource for resource in self.package.resources}
        self.districts: dict[str, District] = {}
        self.regions: dict[str, Region] = {}
        #: The districts of each region, each part and Germany.
        self.members: dict[str, tuple[str, ...]] = {}

    def table(self, resource: Resource) -> Table:
        """Read a table."""
        return read_table(self.folder, resource, self.units)

    def places(self) -> None:
        """Read districts, regions and which belongs to which."""
        wanted = (self.resources[name] for name in ("districts", "regions", "membership"))
        districts, regions, membership = _all(self.table, wanted).values()
        for row in districts.rows("ags", "name", "type", "state"):
            self.districts[row[0]] = District(*row)
        known, members = regions.columns["region"], membership.columns["region"]
        membership.only("region", known, *NO_REGION)
        membership.only("district", self.districts, *NO_DISTRICT)
        regions.only("part_of", {*known, None}, *NO_REGION)
        regions.only("region", members, "kein Kreis gehört dazu", "ergänzen Sie membership.csv")
        if problems := membership.problems + regions.problems:
            raise ProblemsError(problems)
        pairs = sorted(membership.rows("region", "district"))
        for region, name, whole in regions.rows("region", "name", "part_of"):
            self.members[region] = tuple(ags for other, ags in pairs if other == region)
            self.regions[region] = Region(region, name, whole or "", self.members[region])
        self.members[GERMANY] = tuple(sorted(self.districts))

    def outlines(self, resource: Resource) -> dict[str, Outline]:
        """Read outlines, which must be those of the districts or regions of today."""
        table = self.table(resource)
        if "districts" in table.columns:
            wanted = {place: " ".join(codes) for place, codes in self.members.items()}
            drawn = dict(table.rows("region", "districts"))
        else:
            wanted = {ags: ags for ags in self.districts}
            drawn = dict(table.rows("district", "district"))
        for place in sorted({**wanted, **drawn}):
            if wanted.get(place) != drawn.get(place):
                wrong = f"{place}: der Umriss fehlt oder führt um andere Kreise"
                table.wrong(0, wrong, "zeichnen Sie ihn mit tools/make_outlines.py")
        table.stop()
        rows = table.rows(*Outline._fields)
        return dict(zip(drawn, map(Outline._make, rows), strict=True))

    def cells(self, resource: Resource) -> tuple[Values, Values]:
        """Return the values and the weights of a table."""
        table = self.table(resource)
        if of_districts := "district" in table.columns:
            table.only("district", self.districts, *NO_DISTRICT)
        else:
            table.only("region", self.members, *NO_REGION)
        table.stop()  # a row refused is not a gap as well
        values = _by_period(table, "value", self.districts if of_districts else ())
        weights = _by_period(table, "weight") if "weight" in table.columns else {}
        table.stop()
        return values, weights

    def added_up(self, about: About, values: Values, weights: Values, population: Values) -> Values:
        """Return the values of regions added up from those of their districts.

        Means are weighted with the weights of the table, else with the population.
        """
        result: Values = {}
        for period, known in values.items() if about.aggregation != "none" else ():
            people = weights.get(period) or _at(population, period.year)
            weight = None if about.aggregation == "sum" else people
            sums = {place: add_up(codes, known, weight) for place, codes in self.members.items()}
            if found := {place: value for place, value in sums.items() if value is not None}:
                result[period] = found
        return result

    def indicator(
        self,
        entry: Resource | Derived,
        tables: Iterable[Resource],
        values: Values,
        computed: Iterable[Period],
    ) -> Indicator:
        """Return an indicator; the first of its tables is the newest, unless it is derived."""
        about, behind = entry.indicator, tuple(tables)
        assert about is not None
        newest = behind[:1] if isinstance(entry, Resource) else behind
        return Indicator(
            name=entry.name,
            title=entry.title,
            description=entry.description,
            about=about,
            unit=self.units[about.unit],
            sources=tuple(dict.fromkeys(source for table in behind for source in table.sources)),
            newest_sources=tuple(dict.fromkeys(table.sources[0] for table in newest)),
            licenses=tuple(dict.fromkeys(each for table in behind for each in table.licenses)),
            values=values,
            computed=frozenset(computed),
        )

    def figures(self) -> Figures:
        """Read everything."""
        self.places()
        outlines = _all(self.outlines, [self.resources[name] for name in OUTLINES])
        tables = _all(self.cells, self.package.tables)
        lower = {table.districts_of: table for table in self.package.tables}
        found: dict[str, Indicator] = {}
        for entry in self.package.resources:
            if entry.indicator:
                below = lower.get(entry.name, entry)
                published = tables[entry.name][0] if "region" in entry.columns else {}
                districts, weights = tables[below.name] if "district" in below.columns else ({}, {})
                added = self.added_up(entry.indicator, districts, weights, tables["population"][0])
                # A region that the source does not have is added up, too.
                values = {
                    p: added.get(p, {}) | published.get(p, {}) | districts.get(p, {})
                    for p in sorted(added | published | districts)
                }
                computed = added.keys() - published.keys()
                behind = (below, entry) if computed else (entry, below)
                found[entry.name] = self.indicator(entry, behind, values, computed)
                if not found[entry.name].periods:
                    wrong = "keine Region bekommt einen Wert"
                    raise ProblemsError([Problem(f"data/{entry.path}", 0, wrong)])
        order = list(found)
        for derived in self.package.derived:
            values = _derive(derived, *(found[name].values for name in derived.parts))
            parts = (self.resources[name] for name in derived.parts)
            found[derived.name] = self.indicator(derived, parts, values, values)
            order.insert(order.index(derived.after) + 1, derived.name)
        return Figures(
            package=self.package,
            districts=self.districts,
            regions=self.regions,
            outlines={place: o for drawn in outlines.values() for place, o in drawn.items()},
            # A change over ten years needs ten years.
            indicators={name: found[name] for name in order if found[name].periods},
        )


def read_figures(folder: Path) -> Figures:
    """Read the data package in ``folder``.

    Raises:
        ProblemsError: unknown, doubled or missing districts, regions and years, cells that are no
            number or outside their limits, files that are not UTF-8 or lie outside the folder,
            entries without title, unit, source or licence.
    """
    try:
        return _Reader(folder).figures()
    except ProblemsError as error:
        raise ProblemsError(few(error.problems)) from None
