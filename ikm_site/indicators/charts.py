# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Charts as inline SVG: bars, dots, series, small multiples, strips.

Shapes have classes only; colours, fonts and patterns stand in the style sheet. Most charts are 480
units wide and laid out in units, because words have no width yet when a chart is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from markupsafe import Markup, escape

from ikm_site.indicators.model import GERMANY, Figures, Indicator, Point, rounded
from ikm_site.indicators.words import Words

WIDTH = 480
ROW = 36
SERIES_HEIGHT = 240
PANEL = (240, 128)
#: Values that differ by less than this factor are drawn as dots: bars would all look alike.
CLOSE = 1.3

Anchor = str
START, MIDDLE, END = "start", "middle", "end"


def number(value: float) -> str:
    """Return a coordinate with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")


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


@dataclass
class Sheet:
    """A drawing in the making; shapes added later lie above."""

    width: int
    height: int
    shapes: list[str] = field(default_factory=list)

    def path(self, name: str, points: Iterable[tuple[float, float]]) -> None:
        """Add a line of a class through points; one point alone becomes a dot."""
        track = [f"{number(x)},{number(y)}" for x, y in points]
        if len(track) == 1:
            x, y = track[0].split(",")
            self.shapes.append(f'<circle class="{name}-dot" cx="{x}" cy="{y}" r="2.5"/>')
        else:
            self.shapes.append(f'<path class="{name}" d="M{"L".join(track)}"/>')

    def rect(self, name: str, x: float, y: float, x2: float, height: float) -> None:
        """Add a bar between two x, whichever is the greater."""
        left, wide = number(min(x, x2)), number(abs(x2 - x))
        self.shapes.append(
            f'<rect class="{name}" x="{left}" y="{number(y)}" width="{wide}"'
            f' height="{number(height)}"/>'
        )

    def circle(self, name: str, x: float, y: float, radius: float) -> None:
        """Add a circle."""
        self.shapes.append(
            f'<circle class="{name}" cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"/>'
        )

    def text(self, name: str, x: float, y: float, text: str, anchor: Anchor = START) -> None:
        """Add a text whose baseline starts, ends or is centred at x, y."""
        extra = "" if anchor == START else f' text-anchor="{anchor}"'
        self.shapes.append(
            f'<text class="{name}" x="{number(x)}" y="{number(y)}"{extra}>{escape(text)}</text>'
        )

    def svg(self, label: str, kind: str = "chart") -> Markup:
        """Return the drawing; without a label it is silent: words beside it say the same."""
        size = Markup('class="{}" viewBox="0 0 {w} {h}" width="{w}" height="{h}"').format(
            kind, w=self.width, h=self.height
        )
        said = (
            Markup('role="img" aria-label="{}"').format(label)
            if label
            else Markup('aria-hidden="true"')
        )
        shapes = Markup("".join(self.shapes))
        return Markup('<svg {} {}><g aria-hidden="true">{}</g></svg>').format(size, said, shapes)


def newest_values(figures: Figures, indicator: Indicator) -> dict[str, float]:
    """Return the newest value of each region, and of Germany unless it is an absolute number."""
    places = [region.id for region in figures.main_regions]
    places += [] if indicator.is_sum else [GERMANY]
    found = {place: indicator.value(place) for place in places}
    return {place: value for place, value in found.items() if value is not None}


def by_value(values: Mapping[str, float], decimals: int) -> list[str]:
    """Return places, the greatest printed value first; equal ones keep their order."""
    return sorted(values, key=lambda place: -rounded(values[place], decimals))


def is_close(values: Mapping[str, float]) -> bool:
    """Whether all values lie so close together that dots show more than bars."""
    return min(values.values()) > 0 and max(values.values()) / min(values.values()) < CLOSE


def comparison(figures: Figures, words: Words, indicator: Indicator, label: str) -> Markup:
    """Draw the newest values sorted, with Germany: as bars, or as dots if they are close."""
    values = newest_values(figures, indicator)
    places = by_value(values, indicator.about.decimals)
    missing = [region.id for region in figures.main_regions if region.id not in values]
    dots = is_close(values)
    top = 20 if dots else 0
    sheet = Sheet(WIDTH, top + (len(places) + len(missing)) * ROW)
    if dots:
        ticks = nice_ticks(min(values.values()), max(values.values()))
    else:
        ticks = [min(0.0, *values.values()), max(0.0, *values.values())]
    left, right = (8.0, WIDTH - 8.0) if dots else (0.0, float(WIDTH))

    def x(value: float) -> float:
        return left + (right - left) * (value - ticks[0]) / ((ticks[-1] - ticks[0]) or 1)

    if dots:
        for tick in ticks:
            sheet.path("grid", [(x(tick), top - 4), (x(tick), sheet.height)])
            anchor = START if tick == ticks[0] else END if tick == ticks[-1] else MIDDLE
            at = {START: 0.0, END: float(WIDTH), MIDDLE: x(tick)}[anchor]
            sheet.text("tick", at, 12, words.plain(tick), anchor)
    elif ticks[0] < 0:
        sheet.path("grid", [(x(0), 0), (x(0), sheet.height)])
    if GERMANY in values:
        sheet.path("at-germany", [(x(values[GERMANY]), top), (x(values[GERMANY]), sheet.height)])
    for index, place in enumerate([*places, *missing]):
        y = top + index * ROW
        kind = "country" if place == GERMANY else "region"
        sheet.text(f"label {kind}", 0, y + 13, words.place(figures, place))
        if place in missing:
            sheet.text("value", WIDTH, y + 13, words.text("keine Angabe"), END)
            continue
        if dots:
            sheet.path("grid", [(0, y + 23), (WIDTH, y + 23)])
            sheet.circle(f"mark {kind}", x(values[place]), y + 23, 5.5)
        else:
            sheet.rect(f"bar {kind}", x(0), y + 18, x(values[place]), 9)
        sheet.text(f"value {kind}", WIDTH, y + 13, words.value(indicator, values[place]), END)
    return sheet.svg(label)


def strip(figures: Figures, indicator: Indicator, own: str = "") -> Markup:
    """Draw the newest values as dots on a line; `own` is marked, Germany is a stroke."""
    values = newest_values(figures, indicator)
    sheet = Sheet(300, 20)
    low, high = min(values.values()), max(values.values())

    def x(value: float) -> float:
        return 8 + 284 * (value - low) / ((high - low) or 1)

    sheet.path("base", [(0, 10), (300, 10)])
    for place, value in values.items():
        if place not in (own, GERMANY):
            sheet.circle("dot", x(value), 10, 5)
    if GERMANY in values:
        sheet.path("country-mark", [(x(values[GERMANY]), 0), (x(values[GERMANY]), 20)])
    if own in values:
        sheet.circle("dot own", x(values[own]), 10, 7)
    return sheet.svg("", "chart strip")


def _runs(points: Sequence[Point]) -> list[list[Point]]:
    """Cut a series at breaks and at years without value."""
    runs: list[list[Point]] = []
    for point in points:
        last = runs[-1][-1] if runs else None
        if last and last.part == point.part and point.period.year - last.period.year == 1:
            runs[-1].append(point)
        else:
            runs.append([point])
    return runs


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


@dataclass
class Plot:
    """A plot of series over years within a sheet."""

    sheet: Sheet
    left: float
    right: float
    top: float
    bottom: float
    years: tuple[int, int]
    ticks: Sequence[float]

    def at(self, year: float, value: float) -> tuple[float, float]:
        """Return the place of a value."""
        start, end = self.years
        x = self.left + (self.right - self.left) * (year - start) / max(end - start, 1)
        share = (value - self.ticks[0]) / ((self.ticks[-1] - self.ticks[0]) or 1)
        return x, self.bottom - (self.bottom - self.top) * share

    def frame(
        self, words: Words, shown: Sequence[float], cuts: Sequence[tuple[float, str]]
    ) -> None:
        """Draw grid, axis numbers, first and last year, and the breaks with their names."""
        for tick in shown:
            y = self.at(self.years[0], tick)[1]
            self.sheet.path("grid", [(self.left, y), (self.right, y)])
            self.sheet.text("tick", self.left - 6, y + 4, words.plain(tick), END)
        for index, (year, label) in enumerate(cuts):
            x = self.at(year, 0)[0]
            high = self.top - 13 * (len(cuts) - 1 - index) - 14
            self.sheet.path("break", [(x, high), (x, self.bottom)])
            anchor = END if x > (self.left + self.right) / 2 else START
            shift = -3 if anchor == END else 3
            self.sheet.text("tick", x + shift, high + 4, words.text(label), anchor)
        baseline = self.bottom + 15
        self.sheet.text("tick", self.left, baseline, str(self.years[0]))
        self.sheet.text("tick", self.right, baseline, str(self.years[1]), END)

    def track(self, name: str, points: Sequence[Point]) -> None:
        """Draw a series."""
        for run in _runs(points):
            self.sheet.path(name, [self.at(p.period.year, p.value) for p in run])


def _index(points: Sequence[Point]) -> tuple[Point, ...]:
    """Return a series with its first value as 100."""
    first = points[0].value if points else 1
    return tuple(Point(p.period, p.value / first * 100, p.part) for p in points)


def tracks(figures: Figures, indicator: Indicator) -> dict[str, tuple[Point, ...]]:
    """Return the series that share an axis: absolute numbers become an index, first year = 100."""
    places = [*(region.id for region in figures.main_regions), GERMANY]
    found = {place: indicator.series(place) for place in places if indicator.series(place)}
    return {p: _index(points) for p, points in found.items()} if indicator.is_sum else found


def series(figures: Figures, words: Words, indicator: Indicator, own: str, label: str) -> Markup:
    """Draw the series of one region against Germany, the other regions behind it."""
    found = tracks(figures, indicator)
    found[own] = _index(indicator.series(own)) if indicator.is_sum else indicator.series(own)
    values = [point.value for points in found.values() for point in points]
    cuts = breaks(figures, indicator)
    sheet = Sheet(WIDTH, SERIES_HEIGHT + 13 * len(cuts))
    years = indicator.periods[0].year, indicator.periods[-1].year
    ticks = nice_ticks(min(values), max(values))
    plot = Plot(sheet, 58, WIDTH - 76, 14 + 13 * len(cuts), sheet.height - 22, years, ticks)
    plot.frame(words, ticks, cuts)
    for place, points in found.items():
        if place not in (own, GERMANY):
            plot.track("others", points)
    marked = [(place, found[place]) for place in (GERMANY, own) if place in found]
    for place, points in marked:
        plot.track("own" if place == own else "country", points)
    for index in (0, -1):  # first and last values, kept apart
        ends = [
            (plot.at(p[index].period.year, p[index].value), place, p[index].value)
            for place, p in marked
        ]
        ends.sort(key=lambda end: end[0][1])
        for rank, ((x, y), place, value) in enumerate(ends):
            near = len(ends) > 1 and abs(ends[0][0][1] - ends[1][0][1]) < 14
            name = "own-label" if place == own else "country-label"
            text = words.number(value, 1) if indicator.is_sum else words.value(indicator, value)
            if not index and place == GERMANY and indicator.is_sum:
                continue  # all begin with 100
            if index:
                sheet.text(name, plot.right + 6, y + 4 + ((6 if rank else -6) if near else 0), text)
            else:
                sheet.text(name, x + 2, y + (16 if rank else -7), text)
    return sheet.svg(label)


def panels(
    figures: Figures, words: Words, indicator: Indicator, labels: Mapping[str, str]
) -> list[tuple[str, Markup]]:
    """Draw one small chart for each region, Germany behind it; all have one scale."""
    found = tracks(figures, indicator)
    values = [point.value for points in found.values() for point in points]
    ticks = nice_ticks(min(values), max(values), 6)
    cuts = breaks(figures, indicator)
    years = indicator.periods[0].year, indicator.periods[-1].year
    result = []
    for place, points in found.items():
        if place == GERMANY:
            continue
        sheet = Sheet(PANEL[0], PANEL[1] + 13 * len(cuts))
        plot = Plot(sheet, 48, PANEL[0] - 48, 14 + 13 * len(cuts), sheet.height - 20, years, ticks)
        ends = [(plot.at(p.period.year, p.value), p.value) for p in (points[0], points[-1])]
        # The first value stands where the axis has its numbers, which make room for it.
        shown = [t for t in (ticks[0], ticks[-1]) if abs(plot.at(0, t)[1] - ends[0][0][1]) > 11]
        plot.frame(words, shown, cuts)
        plot.track("country", found.get(GERMANY, ()))
        plot.track("own", points)
        for ((x, y), value), (shift, anchor) in zip(ends, ((-5, END), (5, START)), strict=True):
            text = words.number(value, 1) if indicator.is_sum else words.value(indicator, value)
            sheet.text("own-label", x + shift, y + 4, text, anchor)
        result.append((place, sheet.svg(labels[place], "chart panel")))
    return result
