# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Reading ``data/`` into :class:`~ikm_site.indicators.model.Figures`, with every rule checked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from ikm_site.indicators.model import (
    GERMANY,
    District,
    Figures,
    Indicator,
    Period,
    Point,
    Region,
    add_up,
    rounded,
)
from ikm_site.indicators.package import (
    DESCRIPTION,
    About,
    Derived,
    Package,
    Resource,
    Unit,
    read_package,
)
from ikm_site.indicators.problems import DataError, Problem
from ikm_site.indicators.tables import Row, read_table

Values = dict[Period, dict[str, float]]
MASTERS = ("districts", "regions", "membership")
PLACES = ("region", "district")


def _check_package(package: Package) -> list[Problem]:
    """Return what is wrong between the parts of the description."""
    problems: list[Problem] = []
    names: set[str] = set()
    units = {unit.name for unit in package.units}
    themes = {theme.name for theme in package.themes}
    indicators = {entry.name for entry in package.entries if entry.indicator}

    def wrong(entry: str, value: str, rule: str, allowed: Iterable[str] = ()) -> None:
        advice = f"Allowed: {', '.join(sorted(allowed))}." if allowed else ""
        problems.append(Problem(DESCRIPTION, column=entry, value=value, rule=rule, advice=advice))

    for entry in package.entries:
        if entry.name in names:
            wrong(entry.name, entry.name, "the name stands twice")
        names.add(entry.name)
        if entry.indicator and entry.indicator.unit not in units:
            wrong(f"{entry.name} unit", entry.indicator.unit, "unknown unit", units)
        if entry.indicator and entry.indicator.theme not in themes:
            wrong(f"{entry.name} theme", entry.indicator.theme, "unknown theme", themes)
    for resource in package.resources:
        if resource.districts_of and resource.districts_of not in indicators:
            wrong(f"{resource.name} districts_of", resource.districts_of, "unknown indicator")
        if not (resource.indicator or resource.districts_of) or resource.table is None:
            continue
        columns = {column.name: column for column in resource.table.fields}
        unit = columns["value"].unit if "value" in columns else ""
        about = resource.indicator or next(
            (e.indicator for e in package.resources if e.name == resource.districts_of), None
        )
        if len([name for name in PLACES if name in columns]) != 1 or "value" not in columns:
            wrong(resource.name, "", "needs a column value and one of region and district")
        if len([name for name in ("year", "date") if name in columns]) != 1:
            wrong(resource.name, "", "needs one of the columns year and date")
        if about and unit != about.unit:
            wrong(
                f"{resource.name} value",
                unit,
                f"the unit of the column differs from the unit of the indicator ({about.unit})",
                units,
            )
    for derived in package.derived:
        for part in (derived.numerator, derived.denominator, derived.after):
            if part not in indicators:
                wrong(derived.name, part, "unknown indicator", indicators)
    for name in MASTERS:
        if name not in names:
            wrong(name, "", "the resource is missing")
    return problems


def _period(row: Row) -> Period:
    day = row.cells.get("date")
    if isinstance(day, date):
        return Period(day.year, day, row.text("basis") if "basis" in row.cells else "")
    year = row.cells.get("year")
    return Period(year if isinstance(year, int) else 0)


def _collect(
    resource: Resource, rows: Iterable[Row], column: str, known: Iterable[str], *, whole: bool
) -> tuple[Values, Values, list[Problem]]:
    """Return values and weights by period and place, and problems of places and gaps.

    A place has every period of the table or none; an empty value says that there is no figure.
    Gaps are looked for only if the table is ``whole``: a row refused before is not a gap as well.
    """
    problems: list[Problem] = []
    places = frozenset(known)
    values: Values = defaultdict(dict)
    weights: Values = defaultdict(dict)
    seen: dict[str, set[Period]] = defaultdict(set)
    last: dict[str, int] = {}
    periods_of: dict[tuple[object, object], Period] = {}
    for row in rows:
        cells = row.cells
        place = str(cells[column])
        if place not in places:
            rule = f"unknown {column}"
            advice = (
                "districts.csv lists every key; it is text with the leading zero."
                if column == "district"
                else "regions.csv lists every id; germany is the whole country."
            )
            problems.append(Problem(resource.path, row.line, column, place, rule, advice))
            continue
        # Hundreds of places have the same few periods.
        written = cells.get("date") or cells.get("year"), cells.get("basis")
        period = periods_of.get(written) or periods_of.setdefault(written, _period(row))
        seen[place].add(period)
        last[place] = row.line
        value = cells["value"]
        if isinstance(value, int | float):
            values[period][place] = float(value)
            weight = row.number("weight")
            if weight is not None:
                weights[period][place] = weight
    if problems or not whole:
        return dict(values), dict(weights), problems
    periods = set().union(*seen.values()) if seen else set()
    for place in sorted(seen):
        for period in sorted(periods - seen[place]):
            label = f"{period.code} {period.basis}".strip()
            problems.append(
                Problem(
                    resource.path,
                    last[place],
                    "year" if not period.day else "date",
                    rule=f"{place} has no row for {label}",
                    advice="Add the row; leave its value empty if there is no figure.",
                )
            )
    if column == "district" and seen:
        for place in sorted(places - seen.keys()):
            problems.append(
                Problem(resource.path, column="district", rule=f"district {place} is missing")
            )
    return dict(values), dict(weights), problems


def _series(values: Values, breaks: Iterable[int]) -> dict[str, tuple[Point, ...]]:
    """Turn values by period into a series for each place, cut where a new count or part begins."""
    starts = sorted(breaks)
    bases = {period.basis: place for place, period in reversed(list(enumerate(sorted(values))))}
    order = {basis: rank for rank, basis in enumerate(sorted(bases, key=lambda b: bases[b]))}
    found: dict[str, list[Point]] = defaultdict(list)
    for period in sorted(values, key=lambda p: (order[p.basis], p)):
        part = order[period.basis] + sum(period.year >= start for start in starts)
        for place, value in values[period].items():
            found[place].append(Point(period, value, part))
    return {place: tuple(points) for place, points in found.items()}


def _aggregate(
    about: About,
    districts: Values,
    weights: Values,
    population: Values,
    regions: Mapping[str, Region],
    everywhere: Iterable[str],
    own: Values,
) -> tuple[Values, frozenset[str]]:
    """Add the values of regions that the table does not give itself; return the places added."""
    merged: Values = {period: dict(places) for period, places in own.items()}
    given = {place for places in own.values() for place in places}
    if about.aggregation == "none":
        return merged, frozenset()
    members: dict[str, tuple[str, ...]] = {
        region.id: region.districts for region in regions.values()
    }
    members[GERMANY] = tuple(everywhere)
    newest: dict[int, Period] = {}
    for period in sorted(population):  # of two counts of one year the newer one weighs
        newest[period.year] = period
    added: set[str] = set()
    for period, values in districts.items():
        weight: Mapping[str, float] | None = None
        if about.aggregation == "mean":
            base = newest.get(period.year)
            weight = weights.get(period) or (population[base] if base else {})
        for place, codes in members.items():
            if place in given:
                continue
            value = add_up(codes, values, weight)
            if value is not None:
                # Pages, charts and files round the same number.
                merged.setdefault(period, {})[place] = rounded(value, about.decimals + 2)
                added.add(place)
    return merged, frozenset(added)


def _divide(numerator: Values, denominator: Values, decimals: int) -> Values:
    """Divide two tables.

    The denominator is that of the same year, else that of the last year before, else the oldest:
    so a density of 2022 rests on the area of 2021, as that of the BBSR does.
    """
    oldest = min(denominator)
    result: Values = {}
    for period, values in numerator.items():
        before = [other for other in denominator if other.year <= period.year]
        below = denominator[max(before, default=oldest)]
        result[period] = {
            place: rounded(value / below[place], decimals)
            for place, value in values.items()
            if below.get(place)
        }
    return result


class _Reader:
    """One reading of the package; collects problems as it goes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.package = read_package(folder)
        self.problems = _check_package(self.package)
        if self.problems:
            raise DataError(self.problems)
        self.units: dict[str, Unit] = {unit.name: unit for unit in self.package.units}
        self.resources = {resource.name: resource for resource in self.package.resources}
        self.districts: dict[str, District] = {}
        self.regions: dict[str, Region] = {}
        self.tables: dict[str, tuple[Values, Values]] = {}
        self.grown: dict[str, tuple[Values, Values, frozenset[str]]] = {}

    def rows(self, name: str) -> tuple[Row, ...]:
        rows, problems = read_table(self.folder, self.resources[name], self.units)
        self.problems += problems
        return rows

    def masters(self) -> None:
        for row in self.rows("districts"):
            text = row.text
            self.districts[text("ags")] = District(
                text("ags"), text("name"), text("type"), text("state"), text("nuts3")
            )
        members: dict[str, list[str]] = defaultdict(list)
        lines = self.rows("regions")
        ids = {row.text("region") for row in lines}
        path = self.resources["membership"].path
        for row in self.rows("membership"):
            region, district = row.text("region"), row.text("district")
            if region not in ids:
                self.problems.append(
                    Problem(path, row.line, "region", region, "unknown region", "See regions.csv.")
                )
            elif district not in self.districts:
                self.problems.append(
                    Problem(
                        path,
                        row.line,
                        "district",
                        district,
                        "unknown district",
                        "districts.csv lists every key; it is text with the leading zero.",
                    )
                )
            else:
                members[region].append(district)
        path = self.resources["regions"].path
        for row in lines:
            region, parent = row.text("region"), row.text("part_of")
            if parent and parent not in ids:
                self.problems.append(Problem(path, row.line, "part_of", parent, "unknown region"))
            if not members[region]:
                self.problems.append(
                    Problem(
                        path,
                        row.line,
                        "region",
                        region,
                        "no district belongs to it",
                        "Add its districts to membership.csv.",
                    )
                )
            self.regions[region] = Region(
                region,
                row.text("name"),
                parent,
                row.text("bbsr_code"),
                tuple(sorted(members[region])),
            )

    def table(self, resource: Resource) -> None:
        columns = {column.name for column in resource.table.fields} if resource.table else set()
        column = "district" if "district" in columns else "region"
        known = self.districts if column == "district" else {*self.regions, GERMANY}
        before = len(self.problems)
        rows = self.rows(resource.name)
        values, weights, problems = _collect(
            resource, rows, column, known, whole=len(self.problems) == before
        )
        self.problems += problems
        self.tables[resource.name] = (values, weights)

    def grow(self, resource: Resource, about: About) -> None:
        values, weights = self.tables[resource.name]
        by_district = next(
            (entry.name for entry in self.package.resources if entry.districts_of == resource.name),
            "",
        )
        columns = {column.name for column in resource.table.fields} if resource.table else set()
        own: Values = values if "region" in columns else {}
        if "district" in columns:
            by_district = resource.name
        below, weights = self.tables.get(by_district, ({}, {}))
        population = self.tables.get("population", ({}, {}))[0]
        merged, added = _aggregate(
            about, below, weights, population, self.regions, self.districts, own
        )
        if not merged:
            self.problems.append(
                Problem(resource.path, rule="no region gets a value", advice="Is it empty?")
            )
        self.grown[resource.name] = (merged, below, added)

    def indicator(self, entry: Resource | Derived, about: About) -> Indicator:
        merged, below, added = self.grown[entry.name]
        starts = [part.year for part in about.breaks]
        if isinstance(entry, Resource):
            sources, licenses = entry.sources, entry.licenses
        else:
            parts = [self.resources[entry.numerator], self.resources[entry.denominator]]
            sources = tuple(dict.fromkeys(source for part in parts for source in part.sources))
            licenses = tuple(dict.fromkeys(each for part in parts for each in part.licenses))
        return Indicator(
            name=entry.name,
            title=entry.title,
            description=entry.description,
            about=about,
            unit=self.units[about.unit],
            sources=sources,
            licenses=licenses,
            regions=_series(merged, starts),
            districts=_series(below, starts),
            computed=added,
        )

    def read(self) -> Figures:
        self.masters()
        indicators = [r for r in self.package.resources if r.indicator or r.districts_of]
        for resource in indicators:
            self.table(resource)
        if self.problems:
            raise DataError(self.problems)
        entries: list[Resource | Derived] = []
        for resource in indicators:
            if resource.indicator:
                self.grow(resource, resource.indicator)
                entries.append(resource)
        for derived in self.package.derived:
            above, below = self.grown[derived.numerator], self.grown[derived.denominator]
            decimals = derived.indicator.decimals + 2
            self.grown[derived.name] = (
                _divide(above[0], below[0], decimals),
                _divide(above[1], below[1], decimals) if above[1] and below[1] else {},
                above[2],
            )
            place = next(i for i, e in enumerate(entries) if e.name == derived.after)
            entries.insert(place + 1, derived)
        if self.problems:
            raise DataError(self.problems)
        return Figures(
            package=self.package,
            districts=self.districts,
            regions=self.regions,
            indicators={
                entry.name: self.indicator(entry, entry.indicator)
                for entry in entries
                if entry.indicator
            },
        )


def read_figures(folder: Path) -> Figures:
    """Read the data package in ``folder``.

    Raises :class:`~ikm_site.indicators.problems.DataError` with every problem found: unknown,
    doubled or missing districts, regions and years, cells that are no number or outside their
    limits,
    files that are not UTF-8, and entries without title, unit, source or licence.
    """
    return _Reader(folder).read()
