# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Reading ``data/`` into :class:`~ikm_site.indicators.model.Figures`, with every rule checked."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from pathlib import Path

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

#: What is said of a cell that names none of the places, and what to do.
NO_REGION = (
    "diese Region gibt es nicht",
    "regions.csv nennt alle Kennungen; germany ist ganz Deutschland",
)
NO_DISTRICT = (
    "diesen Kreis gibt es nicht",
    "districts.csv nennt alle Schlüssel, mit führender Null",
)
#: Maximum number of problems of one kind in one file.
SHOWN = 10


def few(problems: Iterable[Problem]) -> list[Problem]:
    """Return at most `SHOWN` problems of a kind, then how many more there are."""
    kinds: dict[tuple[str, str], list[Problem]] = defaultdict(list)
    for problem in sorted(set(problems)):
        kind = re.sub(r"„.*?“|\d+", "", problem.wrong.partition(" hat keine")[-1] or problem.wrong)
        kinds[problem.path, kind].append(problem)
    result = []
    for (path, _), alike in kinds.items():
        result += alike[:SHOWN]
        if len(alike) > SHOWN:
            line = alike[SHOWN].line
            result.append(Problem(path, line, f"… und {len(alike) - SHOWN} weitere dieser Art"))
    return result


def _gaps(
    table: Table, places: list[str], periods: list[Period], districts: Collection[str]
) -> None:
    """A place has every period of the table or none; a table of districts has every district."""
    present, every = set(places), set(periods)
    if len(places) < len(present) * len(every):  # no row stands there twice
        advice = "ergänzen Sie die Zeile; ohne Angabe bleibt value leer"
        seen = set(zip(places, periods, strict=True))
        for place, period in sorted({(q, p) for q in present for p in every} - seen):
            wrong = f"{place} hat keine Zeile für {period.code} {period.basis}".rstrip()
            table.wrong(0, wrong, advice)
    for place in sorted(set(districts) - present):
        table.wrong(0, f"der Kreis {place} fehlt", NO_DISTRICT[1])


def _collect(table: Table, column: str, places: Collection[str]) -> tuple[Values, Values]:
    """Return values and weights by period and place; note unknown places and gaps."""
    values: Values = defaultdict(dict)
    weights: Values = defaultdict(dict)
    table.known(column, places, *(NO_DISTRICT if column == "district" else NO_REGION))
    if table.problems:
        return values, weights  # a row refused before is not a gap as well
    keys = table.columns[column]
    period_of = lru_cache(maxsize=None)(Period.of)
    periods = [period_of(*row) for row in table.rows("date", "year", "basis")]
    columns = table.rows("value", "weight")
    for place, period, (value, weight) in zip(keys, periods, columns, strict=True):
        if value is not None:
            values[period][place] = value
        if weight is not None:
            weights[period][place] = weight
    _gaps(table, keys, periods, places if column == "district" else ())
    return dict(values), dict(weights)


def _aggregate(
    districts: Values,
    weights: Values,
    population: Values | None,
    members: Mapping[str, Iterable[str]],
) -> Values:
    """Return the values of regions added up from districts.

    Args:
        districts: values of districts.
        weights: weights of the table itself.
        population: the weights for periods without any; None for a sum.
        members: the districts of each region, part and Germany.
    """
    result: Values = {}
    for period, values in districts.items():
        weight = None
        if population is not None:
            # The newest count of the year, or of the last year that has one.
            base = max((p for p in population if p.year <= period.year), default=None)
            weight = weights.get(period) or (population[base] if base else {})
        added = {place: add_up(codes, values, weight) for place, codes in members.items()}
        if found := {place: value for place, value in added.items() if value is not None}:
            result[period] = found
    return result


def _divide(numerator: Values, denominator: Values) -> Values:
    """Divide two tables.

    The denominator is that of the same year, else that of the last year before, else the oldest:
    so a density of 2022 rests on the area of 2021, as that of the BBSR does.
    """
    result: Values = {}
    for period, values in numerator.items() if denominator else ():
        before = [other for other in denominator if other.year <= period.year]
        below = denominator[max(before, default=min(denominator))]
        result[period] = {p: exact(v / below[p]) for p, v in values.items() if below.get(p)}
    return result


def _change(values: Values, years: int) -> Values:
    """Return the change over so many years in per cent, only within one basis."""
    result: Values = {}
    for period, now in values.items():
        day = period.day.replace(year=period.year - years) if period.day else None
        if before := values.get(Period(period.year - years, day, period.basis)):
            result[period] = {
                p: exact((v / before[p] - 1) * 100) for p, v in now.items() if before.get(p)
            }
    return result


class _Reader:
    """One reading of the package; collects problems as it goes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.package = read_package(folder)
        self.units = {unit.name: unit for unit in self.package.units}
        self.resources = {resource.name: resource for resource in self.package.resources}
        self.tables: list[Table] = []
        self.districts: dict[str, District] = {}
        self.regions: dict[str, Region] = {}
        self.outlines: dict[str, Outline] = {}
        #: Values of regions and of districts, and the periods added up, of each indicator.
        self.values: dict[str, tuple[Values, Values, frozenset[Period]]] = {}

    def table(self, name: str) -> Table:
        """Read a table."""
        self.tables.append(read_table(self.folder, self.resources[name], self.units))
        return self.tables[-1]

    def stop(self) -> None:
        """Raise what is wrong with the tables read so far."""
        if problems := [problem for table in self.tables for problem in table.problems]:
            raise ProblemsError(few(problems))

    def masters(self) -> None:
        """Read districts, regions and which belongs to which."""
        districts, regions, membership = map(self.table, ("districts", "regions", "membership"))
        columns = districts.rows("ags", "name", "type", "state", "nuts3")
        self.districts = {row[0]: District(*row) for row in columns}
        known = regions.columns.get("region", [])
        membership.known("region", known, *NO_REGION)
        membership.known("district", self.districts, *NO_DISTRICT)
        regions.known("part_of", {*known, ""}, *NO_REGION)
        members: dict[str, list[str]] = defaultdict(list)
        for region, district in membership.rows("region", "district"):
            members[region].append(district)
        regions.refuse(
            "region",
            {
                region: ("kein Kreis gehört dazu; ergänzen Sie membership.csv", NO_REGION[1])
                for region in known
                if region not in members
            },
        )
        for region, name, parent, code in regions.rows("region", "name", "part_of", "bbsr_code"):
            districts_of = tuple(sorted(members[region]))
            self.regions[region] = Region(region, name, parent, code, districts_of)

    def areas(self) -> None:
        """Read the outlines, which must be those of the districts and regions of today."""
        fields = (*Outline._fields[:-1], "outline")
        members = {region.id: region.districts for region in self.regions.values()}
        members[GERMANY] = tuple(sorted(self.districts))
        wanted = {
            "district": {ags: ags for ags in self.districts},
            "region": {place: " ".join(codes) for place, codes in members.items()},
        }
        for column, places in wanted.items():
            table = self.table(f"{column}-outlines")
            drawn = dict(table.rows(column, "districts" if column == "region" else column))
            for place in sorted({**places, **drawn}):
                if places.get(place) != drawn.get(place):
                    wrong = f"{place}: der Umriss fehlt oder führt um andere Kreise"
                    table.wrong(0, wrong, "zeichnen Sie ihn mit tools/make_outlines.py")
            for place, *row in table.rows(column, *fields):
                self.outlines[place] = Outline(*row)

    def collect(self, resource: Resource) -> tuple[Values, Values]:
        """Return values and weights of a table."""
        column = "district" if "district" in resource.columns else "region"
        places = self.districts if column == "district" else {*self.regions, GERMANY}
        return _collect(self.table(resource.name), column, places)

    def indicators(self) -> None:
        """Read every table, and add districts up where a table has no value of the region."""
        tables = {resource.name: self.collect(resource) for resource in self.package.tables}
        self.stop()
        population = tables["population"][0]
        members = {r.id: r.districts for r in self.regions.values()}
        members[GERMANY] = tuple(self.districts)
        lower = {r.districts_of: r.name for r in self.package.tables if r.districts_of}
        for resource in self.package.tables:
            if (about := resource.indicator) is None:
                continue
            below = resource.name if "district" in resource.columns else lower.get(resource.name)
            districts, weights = tables[below] if below else ({}, {})
            regions = {} if below == resource.name else tables[resource.name][0]
            added: Values = {}
            if about.aggregation != "none":
                base = population if about.aggregation == "mean" else None
                added = _aggregate(districts, weights, base, members)
            # A region that the source does not have is added up, too.
            merged = {p: {**added.get(p, {}), **regions.get(p, {})} for p in {**added, **regions}}
            if not merged:
                self.tables.append(Table(f"data/{resource.path}"))
                self.tables[-1].wrong(0, "keine Region bekommt einen Wert")
            computed = frozenset(added.keys() - regions.keys())
            self.values[resource.name] = (merged, districts, computed)

    def derive(self, derived: Derived) -> None:
        """Compute an indicator from others."""
        regions, districts, _ = self.values[derived.numerator]
        if derived.years:
            found = [_change(values, derived.years) for values in (regions, districts)]
        else:
            below = self.values[derived.denominator]
            found = [_divide(regions, below[0]), _divide(districts, below[1])]
        self.values[derived.name] = (found[0], found[1], frozenset(found[0]))

    def indicator(self, entry: Resource | Derived, about: About) -> Indicator:
        """Return an indicator with the sources of all tables behind it, the newest first."""
        regions, districts, computed = self.values[entry.name]
        if isinstance(entry, Resource):
            below = [r for r in self.package.resources if r.districts_of == entry.name]
            parts = [*below, entry] if computed else [entry, *below]
            newest = parts[:1]
        else:
            parts = newest = [self.resources[name] for name in entry.parts]
        return Indicator(
            name=entry.name,
            title=entry.title,
            description=entry.description,
            about=about,
            unit=self.units[about.unit],
            sources=tuple(dict.fromkeys(source for part in parts for source in part.sources)),
            newest_sources=tuple(dict.fromkeys(part.sources[0] for part in newest)),
            licenses=tuple(dict.fromkeys(each for part in parts for each in part.licenses)),
            regions=regions,
            districts=districts,
            computed=computed,
        )

    def read(self) -> Figures:
        """Read everything."""
        self.masters()
        self.areas()
        self.indicators()
        entries: list[Resource | Derived] = [r for r in self.package.resources if r.indicator]
        for derived in self.package.derived:
            self.derive(derived)
            place = next(i for i, entry in enumerate(entries) if entry.name == derived.after)
            entries.insert(place + 1, derived)
        self.stop()
        return Figures(
            package=self.package,
            districts=self.districts,
            regions=self.regions,
            outlines=self.outlines,
            indicators={e.name: self.indicator(e, e.indicator) for e in entries if e.indicator},
        )


def read_figures(folder: Path) -> Figures:
    """Read the data package in ``folder``.

    Raises:
        ProblemsError: unknown, doubled or missing districts, regions and years, cells that are no
            number or outside their limits, files that are not UTF-8 or lie outside the folder,
            entries without title, unit, source or licence.
    """
    return _Reader(folder).read()
