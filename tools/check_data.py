"""Check the data without building (`make data-check`), by default those in `data/`.

Beside the rules of the reader, which every build applies, it looks for values that are possible
but not plausible.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from ikm_site.indicators.model import GERMANY, Figures, Indicator
from ikm_site.indicators.package import Resource
from ikm_site.indicators.reader import read_figures
from ikm_site.problems import Problem, ProblemsError

#: What is wrong, and what to do.
Found = Iterator[tuple[str, str]]


def _zeros(indicator: Indicator, place: str) -> Found:
    """A 0 is mostly a suppressed value."""
    advice = "geheim gehaltene Werte bleiben leer; ist 0 möglich, setzen Sie „zero“: true"
    for period, value, _ in indicator.series(place):
        if value == 0 and not indicator.about.zero:
            yield f"„{place} {period.code}“: eine Null, wo keine sein kann", advice


def _jumps(indicator: Indicator, place: str) -> Found:
    """A value far from its neighbours in time is mostly a slip of the pen."""
    advice = "stimmt der Wert, setzen Sie „jump“ der Kennzahl höher"
    series = [point for point in indicator.series(place) if point.value > 0]
    before, after = [None, *series], [*series[1:], None]
    for (period, value, part), *around in zip(series, before, after, strict=False):
        near = [point for point in around if point and point.part == part]
        if near and all(
            max(value / other, other / value) > indicator.about.jump ** abs(period.year - p.year)
            for p, other, _ in near
        ):
            others = ", ".join(f"{p.code}: {other:g}" for p, other, _ in near)
            yield f"„{place} {period.code}“: {value:g} ist weit von {others}", advice


def _contradictions(figures: Figures, indicator: Indicator) -> Found:
    """The published value of a region lies between the values of its districts."""
    for period, values in indicator.values.items():
        for region in figures.regions.values():
            value = values.get(region.id)
            below = [values[ags] for ags in region.districts if ags in values]
            if value is None or len(below) < len(region.districts):
                continue
            if not min(below) <= value <= max(below):
                wrong = f"„{region.id} {period.code}“: {value:g} liegt nicht zwischen den Kreisen"
                yield f"{wrong} ({min(below):g} bis {max(below):g})", ""


def _of_table(figures: Figures, table: Resource) -> Found:
    """Yield what is implausible in a table, with advice."""
    indicator = figures.indicators[table.values_of]
    of_districts = "district" in table.columns
    for place in figures.districts if of_districts else (*figures.regions, GERMANY):
        yield from _zeros(indicator, place)
        yield from _jumps(indicator, place)
    if not of_districts and not indicator.is_sum:
        yield from _contradictions(figures, indicator)


def main(arguments: list[str]) -> None:
    """Check the package in the folder named first, ``data`` if none is.

    Raises:
        ProblemsError: what is wrong.
    """
    folder = Path(arguments[0]) if arguments else Path("data")
    figures = read_figures(folder)
    if problems := [
        Problem(f"data/{table.path}", 0, *found)
        for table in figures.package.tables
        for found in _of_table(figures, table)
    ]:
        raise ProblemsError(problems)
    print(
        f"{folder}: {len(figures.indicators)} Kennzahlen, {len(figures.main_regions)} Regionen, "
        f"{len(figures.districts)} Kreise, kein Fehler"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
