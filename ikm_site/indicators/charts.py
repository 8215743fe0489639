"""What the templates of charts need: axes, series that share one, breaks, lines."""

import math
from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from ikm_site.indicators.model import GERMANY, Figures, Indicator, Point, rounded

#: The height of the name of a break, in pixels.
LINE = 13


def coordinate(value: float) -> str:
    """Return a coordinate with at most one decimal, as short as SVG allows: -.5."""
    text = f"{value:.1f}".removesuffix(".0")
    return text.replace("0.", ".") if -1 < value < 1 else text


def nice_ticks(low: float, high: float, count: int = 4) -> list[float]:
    """Return about `count` round numbers from at most `low` to at least `high`."""
    if high <= low:
        high = low + (abs(low) or 1)
    rough = (high - low) / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough * 0.999)
    first = math.floor(low / step + 1e-9)
    last = math.ceil(high / step - 1e-9)
    return [round(step * index, 6) for index in range(first, last + 1)]


def newest_values(figures: Figures, indicator: Indicator) -> dict[str, float]:
    """Return the newest value of each region, and of Germany unless it is an absolute number.

    The greatest printed value stands first; equal ones are in alphabetical order.
    """
    places = [region.id for region in figures.main_regions]
    places += [] if indicator.is_sum else [GERMANY]
    known = indicator.values[indicator.newest]
    found = {place: known[place] for place in places if place in known}
    decimals = indicator.about.decimals
    return dict(sorted(found.items(), key=lambda item: -rounded(item[1], decimals)))


class Axis(NamedTuple):
    """Numbers from `low` to `high` along a drawing from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Return the place of a number."""
        share = (value - self.low) / ((self.high - self.low) or 1)
        return self.start + (self.end - self.start) * share


def runs(points: Sequence[Point]) -> list[list[Point]]:
    """Cut a series at breaks and at years without value."""
    # Within a run the year grows like the place in the series.
    counted = groupby(enumerate(points), lambda at: (at[1].part, at[1].period.year - at[0]))
    return [[point for _, point in run] for _, run in counted]


def breaks(figures: Figures, indicator: Indicator) -> list[tuple[float, str]]:
    """Return where the series of an indicator are cut, and the German name of each break.

    A cut lies between the last year of one part and the first of the next.
    """
    found = {start.year - 0.5: start.label for start in indicator.about.breaks}
    titles = {basis.name: basis.title for basis in figures.package.bases}
    for before, period in pairwise(indicator.periods):
        if before.basis != period.basis:
            found[(before.year + period.year) / 2] = titles[period.basis]
    first, last = indicator.periods[0].year, indicator.periods[-1].year
    return sorted((year, label) for year, label in found.items() if first < year < last)


class Plot:
    """Series of all regions, Germany and a part of a region over years, with one scale for all.

    Attributes:
        tracks: the series by place; those of a sum as index, their first year is 100: a series
            that begins with 0 has none.
        cuts: years in which series are cut, with the German name of the break.
        ticks: about as many round numbers of the vertical axis as asked for.
        x, y: the axes, as far as `left`, `right` and `height` say.
    """

    def __init__(
        self, figures: Figures, indicator: Indicator, own: str, left: int, right: int, height: int,
        count: int,
    ) -> None:  # fmt: skip
        """Lay the plot out."""
        self.tracks = {}
        for place in (*(region.id for region in figures.main_regions), GERMANY, own):
            points = indicator.series(place)
            unit = points[0].value / 100 if points and indicator.is_sum else 1
            if points and unit:
                self.tracks[place] = [p._replace(value=p.value / unit) for p in points]
        values = [point.value for points in self.tracks.values() for point in points] or [0]
        self.cuts = breaks(figures, indicator)
        self.ticks = nice_ticks(min(values), max(values), count)
        top = 14 + LINE * len(self.cuts)
        self.x = Axis(indicator.periods[0].year, indicator.periods[-1].year, left, right)
        self.y = Axis(self.ticks[0], self.ticks[-1], top + height, top)

    def at(self, point: Point) -> tuple[float, float]:
        """Return the place of a value."""
        return self.x.at(point.period.year), self.y.at(point.value)

    def line(self, run: Sequence[Point]) -> str:
        """Return the path through points, step by step, which is shorter than by coordinates."""
        places = [(round(x, 1), round(y, 1)) for x, y in map(self.at, run)]
        steps = [f"{coordinate(x - u)},{coordinate(y - v)}" for (u, v), (x, y) in pairwise(places)]
        return "M{},{}l".format(*map(coordinate, places[0])) + " ".join(steps).replace(",-", "-")

    def ends(self, places: Sequence[str], index: int) -> list[tuple[str, float, float, float]]:
        """Return place, x, y and value of the first (0) or last (-1) labels, kept apart."""
        tracks = {place: self.tracks[place][index] for place in places if place in self.tracks}
        found = sorted((self.y.at(point.value), place, point) for place, point in tracks.items())
        labels = []
        for shift, (y, place, point) in zip((-2, 10) if index else (-7, 16), found, strict=False):
            x = self.x.end + 6 if index else self.x.at(point.period.year) + 2
            labels.append((place, x, y + shift, point.value))
        return labels
