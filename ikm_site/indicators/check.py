# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""``python -m ikm_site.indicators.check [FOLDER]``: check the data without building.

Beside the rules of the reader, which every build applies, it looks for values that are possible
but not plausible.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from ikm_site.indicators.model import Figures, Indicator, Period, Values
from ikm_site.indicators.package import Resource
from ikm_site.indicators.reader import few, read_figures
from ikm_site.problems import Problem, ProblemsError


def _zeros(values: Values) -> Iterator[tuple[str, str]]:
    """A 0 is mostly a suppressed value."""
    advice = "geheim gehaltene Werte bleiben leer; ist 0 möglich, setzen Sie „zero“: true"
    for period, places in sorted(values.items()):
        for place, value in sorted(places.items()):
            if value == 0:
                yield f"„{place} {period.code}“: eine Null, wo keine sein kann", advice


def _jumps(indicator: Indicator, values: Values) -> Iterator[tuple[str, str]]:
    """A value far from its neighbours in time is mostly a slip of the pen."""
    advice = "stimmt der Wert, setzen Sie „jump“ der Kennzahl höher"
    parts: dict[tuple[str, int], list[Period]] = {}
    for period in sorted(values):
        part = sum(period.year >= start.year for start in indicator.about.breaks)
        parts.setdefault((period.basis, part), []).append(period)
    for run in parts.values():
        for place in sorted(values[run[0]]):
            series = [(p, values[p][place]) for p in run if values[p].get(place, 0) > 0]
            for index, (period, value) in enumerate(series):
                near = [series[i] for i in (index - 1, index + 1) if 0 <= i < len(series)]
                if near and all(
                    max(value / other, other / value)
                    > indicator.about.jump ** abs(period.year - p.year)
                    for p, other in near
                ):
                    others = ", ".join(f"{p.code}: {other:g}" for p, other in near)
                    yield f"„{place} {period.code}“: {value:g} ist weit von {others}", advice


def _contradictions(figures: Figures, indicator: Indicator) -> Iterator[tuple[str, str]]:
    """The published value of a region lies between the values of its districts."""
    for period in sorted(indicator.districts.keys() & indicator.regions.keys()):
        for region in figures.regions.values():
            value = indicator.regions[period].get(region.id)
            below = [indicator.districts[period].get(ags) for ags in region.districts]
            known = [each for each in below if each is not None]
            if value is None or len(known) < len(below):
                continue
            if not min(known) <= value <= max(known):
                wrong = f"„{region.id} {period.code}“: {value:g} liegt nicht zwischen den Kreisen"
                yield f"{wrong} ({min(known):g} bis {max(known):g})", ""


def _of_table(figures: Figures, table: Resource) -> Iterator[tuple[str, str]]:
    """Yield what is implausible in a table, with advice."""
    indicator = figures.indicators[table.districts_of or table.name]
    of_districts = "district" in table.columns
    values = indicator.districts if of_districts else indicator.regions
    if not indicator.about.zero:
        yield from _zeros(values)
    yield from _jumps(indicator, values)
    if not of_districts and not indicator.is_sum:
        yield from _contradictions(figures, indicator)


def main(arguments: list[str]) -> int:
    """Check the package in the folder named first, ``data`` if none is; return the exit status."""
    folder = Path(arguments[0]) if arguments else Path("data")
    try:
        figures = read_figures(folder)
        if problems := [
            Problem(f"data/{table.path}", 0, *found)
            for table in figures.package.tables
            for found in _of_table(figures, table)
        ]:
            raise ProblemsError(few(problems))
    except ProblemsError as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"{folder}: {len(figures.indicators)} Kennzahlen, {len(figures.main_regions)} Regionen, "
        f"{len(figures.districts)} Kreise, kein Fehler"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
