# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Reading ``data/`` into :class:`~ikm_site.indicators.model.Figures`, with every rule checked."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from pathlib import Path

from ikm_site.indicators.model import (
    GERMANY,
    District,
    Figures,
    Indicator,
    Period,
    Region,
    Values,
    add_up,
    exact,
)
from ikm_site.indicators.package import (
    DESCRIPTION,
    About,
    Derived,
    Package,
    Resource,
    read_package,
)
from ikm_site.indicators.tables import Table, cell_problem, name, read_table
from ikm_site.problems import Problem, ProblemsError

MASTERS = ("districts", "regions", "membership", "boundaries", "population")
SEE = {
    "district": "districts.csv nennt alle Schlüssel, mit führender Null",
    "region": "regions.csv nennt alle Kennungen; germany ist ganz Deutschland",
}
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


def _check_package(package: Package) -> list[Problem]:
    """Return what is wrong between the parts of the description."""
    problems: list[Problem] = []
    units = {unit.name for unit in package.units}
    themes = {theme.name for theme in package.themes}
    indicators = {entry.name: entry.indicator for entry in package.entries if entry.indicator}

    def wrong(entry: str, value: str, rule: str, allowed: Iterable[str] = ()) -> None:
        advice = f"erlaubt: {', '.join(sorted(allowed))}" if allowed else ""
        shown = f"„{value}“ – " if value else ""
        problems.append(Problem(name(DESCRIPTION), 0, f"{entry}: {shown}{rule}", advice))

    names = [entry.name for entry in package.entries]
    for entry in sorted({entry for entry in names if names.count(entry) > 1}):
        wrong(entry, entry, "der Name steht zweimal da")
    for entry in sorted(set(MASTERS) - set(names)):
        wrong(entry, "", "die Tabelle fehlt")
    for entry, about in indicators.items():
        if about.unit not in units:
            wrong(f"{entry} unit", about.unit, "diese Einheit gibt es nicht", units)
        if about.theme not in themes:
            wrong(f"{entry} theme", about.theme, "dieses Thema gibt es nicht", themes)
    for resource in package.resources:
        if not (resource.indicator or resource.districts_of):
            continue
        columns = resource.columns
        about_it = resource.indicator or indicators.get(resource.districts_of)
        if about_it is None:
            wrong(resource.name, resource.districts_of, "diese Kennzahl gibt es nicht", indicators)
        if "value" not in columns or len({"region", "district"} & columns.keys()) != 1:
            wrong(resource.name, "", "braucht die Spalte value und eine von region und district")
        elif about_it and columns["value"].unit != about_it.unit:
            rule = f"die Einheit der Spalte ist nicht die der Kennzahl ({about_it.unit})"
            wrong(f"{resource.name} value", columns["value"].unit, rule)
        if len({"year", "date"} & columns.keys()) != 1:
            wrong(resource.name, "", "braucht eine der Spalten year und date")
    for derived in package.derived:
        for part in (*derived.parts, derived.after):
            if part not in indicators:
                wrong(derived.name, part, "diese Kennzahl gibt es nicht", indicators)
        if bool(derived.denominator) == bool(derived.years):
            wrong(derived.name, "", "braucht entweder denominator oder years")
    return problems


def _periods(table: Table) -> list[Period]:
    """Return the period of each row."""
    found: dict[tuple[object, object], Period] = {}
    periods = []
    times = table.columns.get("date") or table.cells("year")
    for written in zip(times, table.texts("basis") or table.cells("basis"), strict=True):
        if written not in found:
            time, basis = written
            year = time.year if isinstance(time, date) else int(str(time or 0))
            day = time if isinstance(time, date) else None
            found[written] = Period(year, day, str(basis or ""))
        periods.append(found[written])
    return periods


def _gaps(
    file: str, column: str, seen: Collection[tuple[str, Period]], places: Collection[str]
) -> list[Problem]:
    """A place has every period of the table or none; a table of districts has every district."""
    problems = []
    present = {place for place, _ in seen}
    periods = {period for _, period in seen}
    if len(seen) < len(present) * len(periods):
        advice = "ergänzen Sie die Zeile; ohne Angabe bleibt value leer"
        for place, period in sorted({(q, p) for q in present for p in periods} - set(seen)):
            wrong = f"{place} hat keine Zeile für {period.code} {period.basis}".rstrip()
            problems.append(Problem(name(file), 0, wrong, advice))
    if column == "district" and seen:
        for place in sorted(set(places) - present):
            problems.append(Problem(name(file), 0, f"der Kreis {place} fehlt", SEE[column]))
    return problems


def _collect(
    resource: Resource, table: Table, places: Collection[str], *, whole: bool
) -> tuple[Values, Values, list[Problem]]:
    """Return values and weights by period and place, and problems of places and gaps.

    Gaps are looked for only if the table is ``whole``: a row refused before is not a gap as well.
    """
    column = "district" if "district" in resource.columns else "region"
    values: Values = defaultdict(dict)
    weights: Values = defaultdict(dict)
    keys = table.texts(column)
    unknown = set(keys) - set(places)
    periods = _periods(table)
    rows = zip(keys, periods, table.cells("value"), table.cells("weight"), strict=True)
    for place, period, value, weight in rows:
        if isinstance(value, int | float):
            values[period][place] = value
        if isinstance(weight, int | float):
            weights[period][place] = weight
    if unknown:
        rule = (
            "diesen Kreis gibt es nicht" if column == "district" else "diese Region gibt es nicht"
        )
        problems = [
            cell_problem(resource.path, line, column, place, rule, SEE[column])
            for line, place in zip(table.lines, keys, strict=True)
            if place in unknown
        ]
    else:
        seen = set(zip(keys, periods, strict=True))
        problems = _gaps(resource.path, column, seen, places) if whole else []
    return dict(values), dict(weights), problems


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
        found = {place: value for place, value in added.items() if value is not None}
        if found:
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
        before = values.get(Period(period.year - years, day, period.basis))
        if before:
            result[period] = {
                p: exact((v / before[p] - 1) * 100) for p, v in now.items() if before.get(p)
            }
    return result


class _Reader:
    """One reading of the package; collects problems as it goes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.package = read_package(folder)
        self.problems = _check_package(self.package)
        self.stop()
        self.units = {unit.name: unit for unit in self.package.units}
        self.resources = {resource.name: resource for resource in self.package.resources}
        self.districts: dict[str, District] = {}
        self.regions: dict[str, Region] = {}
        #: Values of regions and of districts, and the periods added up, of each indicator.
        self.values: dict[str, tuple[Values, Values, frozenset[Period]]] = {}

    def stop(self) -> None:
        """Raise what was found so far."""
        if self.problems:
            raise ProblemsError(few(self.problems))

    def table(self, resource: str) -> Table:
        table, problems = read_table(self.folder, self.resources[resource], self.units)
        self.problems += problems
        return table

    def wrong(self, table: str, line: int, column: str, value: str, rule: str) -> None:
        file = self.resources[table].path
        advice = SEE.get(column, "")
        self.problems.append(cell_problem(file, line, column, value, rule, advice))

    def masters(self) -> None:
        """Read districts, regions and which belongs to which."""
        table = self.table("districts")
        fields = zip(*map(table.texts, ("ags", "name", "type", "state", "nuts3")), strict=True)
        self.districts = {row[0]: District(*row) for row in fields}
        regions, membership = self.table("regions"), self.table("membership")
        known = set(regions.texts("region"))
        members: dict[str, list[str]] = defaultdict(list)
        pairs = zip(membership.texts("region"), membership.texts("district"), strict=True)
        for line, (region, district) in zip(membership.lines, pairs, strict=True):
            if region not in known:
                self.wrong("membership", line, "region", region, "diese Region gibt es nicht")
            elif district not in self.districts:
                self.wrong("membership", line, "district", district, "diesen Kreis gibt es nicht")
            else:
                members[region].append(district)
        rows = zip(*map(regions.texts, ("region", "name", "part_of", "bbsr_code")), strict=True)
        for line, (region, title, parent, code) in zip(regions.lines, rows, strict=True):
            if parent and parent not in known:
                self.wrong("regions", line, "part_of", parent, "diese Region gibt es nicht")
            if not members[region]:
                rule = "kein Kreis gehört dazu; ergänzen Sie membership.csv"
                self.wrong("regions", line, "region", region, rule)
            self.regions[region] = Region(
                region, title, parent, code, tuple(sorted(members[region]))
            )

    def collect(self, resource: Resource) -> tuple[Values, Values]:
        """Return values and weights of a table."""
        places: Collection[str] = {*self.regions, GERMANY}
        if "district" in resource.columns:
            places = self.districts
        before = len(self.problems)
        table = self.table(resource.name)
        whole = len(self.problems) == before
        values, weights, problems = _collect(resource, table, places, whole=whole)
        self.problems += problems
        return values, weights

    def indicators(self) -> None:
        """Read every table, and add districts up where a table has no value of the region."""
        tables = {
            resource.name: self.collect(resource)
            for resource in self.package.resources
            if resource.indicator or resource.districts_of
        }
        self.stop()
        population = tables["population"][0]
        members: dict[str, Iterable[str]] = {r.id: r.districts for r in self.regions.values()}
        members[GERMANY] = list(self.districts)
        lower = {r.districts_of: r.name for r in self.package.resources if r.districts_of}
        for resource in self.package.resources:
            if (about := resource.indicator) is None:
                continue
            below = resource.name if "district" in resource.columns else lower.get(resource.name)
            districts, weights = tables[below] if below else ({}, {})
            regions = {} if below == resource.name else tables[resource.name][0]
            added: Values = {}
            if about.aggregation != "none":
                base = population if about.aggregation == "mean" else None
                added = _aggregate(districts, weights, base, members)
            computed = frozenset(added.keys() - regions.keys())
            merged = {**{period: added[period] for period in computed}, **regions}
            for period in regions.keys() & added.keys():  # a region that the source does not have
                merged[period] = {**added[period], **regions[period]}
            if not merged:
                wrong = "keine Region bekommt einen Wert"
                self.problems.append(Problem(name(resource.path), 0, wrong))
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
        self.masters()
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
