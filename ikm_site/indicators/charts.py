# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The specifications of the charts: bars over the regions, series, small multiples.

All are 480 units wide and laid out in units, not by measured text: words have no width yet when
a chart is drawn, and the stylesheet sets their size for narrow and wide screens.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from ikm_site.indicators.model import GERMANY, Figures, Indicator, Point
from ikm_site.indicators.vega import paint, slot, slots

WIDTH = 480
ROW = 36
TOP = 24
SERIES_HEIGHT = 230
PANEL = (220, 120)

Spec = dict[str, Any]

#: One shape of a drawing, and the first y within it.
SHAPE = re.compile(r"<path [^>]*/>|<text .*?</text>")
TOP_OF = re.compile(r'd="M-?[\d.]+[, ](-?[\d.]+)| y="(-?[\d.]+)"')
CONFIG: Spec = {"view": {"stroke": None}, "background": None, "padding": 0}
FIXED: Spec = {"config": CONFIG, "autosize": {"type": "none"}}


#: Fields that hold units of the drawing: a point, and a line or rectangle.
AT: Spec = {axis: {"field": axis, "type": "quantitative", "scale": None} for axis in ("x", "y")}
AREA: Spec = {**AT, "x2": {"field": "x2"}, "y2": {"field": "y2"}}


def nice_ticks(low: float, high: float, count: int = 4) -> list[float]:
    """Return about `count` round numbers from at most `low` to at least `high`."""
    if high <= low:
        high = low + (abs(low) or 1)
    rough = (high - low) / count
    power = 10.0 ** len(str(int(rough))) / 10 if rough >= 1 else 0.1
    while power > rough:
        power /= 10
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough * 0.999)
    first = int(low // step)
    ticks = [first * step]
    while ticks[-1] < high - step * 1e-9:
        first += 1
        ticks.append(first * step)
    return [round(tick, 6) for tick in ticks]


@dataclass
class Sheet:
    """Marks in units of the drawing, each with its class; few layers, because each costs time."""

    width: int
    height: int
    below: list[Spec] = field(default_factory=list)
    areas: list[Spec] = field(default_factory=list)
    lines: list[Spec] = field(default_factory=list)
    above: list[Spec] = field(default_factory=list)
    texts: list[Spec] = field(default_factory=list)

    def rule(
        self, name: str, box: tuple[float, float, float, float], *, above: bool = False
    ) -> None:
        """Add a straight line from x, y to x2, y2, below or above everything but text."""
        x, y, x2, y2 = box
        row = {"x": x, "y": y, "x2": x2, "y2": y2, "c": paint(name)}
        (self.above if above else self.below).append(row)

    def area(self, name: str, box: tuple[float, float, float, float]) -> None:
        """Add a rectangle from x, y to x2, y2."""
        x, y, x2, y2 = box
        self.areas.append({"x": x, "y": y, "x2": x2, "y2": y2, "c": paint(name)})

    def line(self, name: str, points: Iterable[tuple[float, float]]) -> None:
        """Add a line; one point alone becomes a dot."""
        track = list(points)
        if len(track) == 1:
            x, y = track[0]
            self.area(f"{name}-dot", (x - 2, y - 2, x + 2, y + 2))
            return
        key = self.lines[-1]["r"] + 1 if self.lines else 0
        self.lines += [{"x": x, "y": y, "r": key, "c": paint(name)} for x, y in track]

    def text(self, name: str, x: float, y: float, text: str, align: str = "left") -> None:
        """Add a text whose baseline begins, ends or is centred at x, y."""
        self.texts.append({"x": x, "y": y, "t": text, "a": align, "c": paint(name)})

    def spec(self) -> Spec:
        """Return the Vega-Lite specification."""
        colour = {"field": "c", "type": "nominal", "scale": None}
        text: Spec = {"type": "text", "baseline": "alphabetic", "align": {"expr": "datum.a"}}
        kinds: list[tuple[list[Spec], Spec, Spec]] = [
            (self.below, {"type": "rule"}, AREA),
            (self.areas, {"type": "rect"}, AREA),
            (self.lines, {"type": "line"}, {**AT, "detail": {"field": "r", "type": "nominal"}}),
            (self.above, {"type": "rule"}, AREA),
            (self.texts, text, {**AT, "text": {"field": "t", "type": "nominal"}}),
        ]
        layers = [
            {"data": {"values": rows}, "mark": mark, "encoding": {**encoding, "color": colour}}
            for rows, mark, encoding in kinds
            if rows
        ]
        return {"width": self.width, "height": self.height, **FIXED, "layer": layers}


def bars(figures: Figures, indicator: Indicator, own: str = "") -> tuple[Spec, int]:
    """Return a bar for each region in their fixed order, and the height of the chart.

    Germany is a tick at each bar; the bar of the region `own` has a class of its own.
    Placeholders: `name:ID` and `value:ID` of the regions and of Germany.
    """
    regions = [r.id for r in figures.main_regions if indicator.value(r.id) is not None]
    values = {place: indicator.value(place) or 0.0 for place in (*regions, GERMANY)}
    # A sum of the whole country would dwarf the regions it is not comparable with.
    compare = indicator.value(GERMANY) is not None and indicator.about.aggregation != "sum"
    high = max(values[place] for place in (regions if not compare else values))
    scale = WIDTH / high if high else 0.0
    top = TOP if compare else 0
    sheet = Sheet(WIDTH, top + len(regions) * ROW)
    tick = round(values[GERMANY] * scale, 1)
    for index, region in enumerate(regions):
        y = top + index * ROW
        mine = region == own
        sheet.rule("base", (0, y + 22.5, WIDTH, y + 22.5))
        end = round(values[region] * scale, 1)
        sheet.area("bar-own" if mine else "bar", (0, y + 18, end, y + 27))
        sheet.text("own-label" if mine else "label", 0, y + 13, slot(f"name:{region}"))
        sheet.text("value", WIDTH, y + 13, slot(f"value:{region}"), "right")
        if compare:
            sheet.rule("germany", (tick, y + 14.5, tick, y + 30.5), above=True)
    if compare:
        align = "right" if tick > WIDTH * 0.75 else "left" if tick < WIDTH * 0.25 else "center"
        label = f"{slot('name:germany')} {slot('value:germany')}"
        sheet.text("germany-label", tick, 12, label, align)
    return sheet.spec(), sheet.height


def _runs(points: Iterable[Point]) -> list[list[Point]]:
    """Cut a series at breaks and at years without value."""
    runs: list[list[Point]] = []
    for point in points:
        last = runs[-1][-1] if runs else None
        if last and last.part == point.part and point.period.year - last.period.year == 1:
            runs[-1].append(point)
        else:
            runs.append([point])
    return runs


def break_years(indicator: Indicator) -> list[float]:
    """Return where the series of an indicator are cut, half a year before each new part."""
    first: dict[int, int] = {}
    for points in indicator.regions.values():
        for point in points:
            first[point.part] = min(first.get(point.part, 9999), point.period.year)
    return [first[part] - 0.5 for part in sorted(first)[1:]]


def _scale(places: Iterable[str], indicator: Indicator) -> tuple[int, int, list[float]]:
    points = [point for place in places for point in indicator.series(place)]
    years = [point.period.year for point in points]
    values = [point.value for point in points]
    return min(years), max(years), nice_ticks(min(values), max(values))


def number_slot(value: float) -> str:
    """Return the placeholder of a number on an axis."""
    return slot(f"number:{value:g}")


def series(figures: Figures, indicator: Indicator, own: str) -> tuple[Spec, int]:
    """Return the series of one region against Germany, the other regions behind it.

    Placeholders: `number:N` on the axis, `value:ID` of the region and Germany at the end.
    """
    compare = indicator.about.aggregation != "sum"
    others = [r.id for r in figures.main_regions if r.id != own] if compare else []
    tracks = [(place, "others") for place in others]
    tracks += [(GERMANY, "germany")] if compare else []
    tracks.append((own, "own"))
    start, end, ticks = _scale([place for place, _ in tracks], indicator)
    left, right, top, bottom = 58, WIDTH - 72, 8, SERIES_HEIGHT - 22
    sheet = Sheet(WIDTH, SERIES_HEIGHT)

    def x(year: float) -> float:
        return round(left + (right - left) * (year - start) / max(end - start, 1), 1)

    def y(value: float) -> float:
        return round(bottom - (bottom - top) * (value - ticks[0]) / (ticks[-1] - ticks[0]), 1)

    for tick in ticks:
        sheet.rule("grid", (left, y(tick), right, y(tick)))
        sheet.text("tick", left - 8, y(tick) + 4, number_slot(tick), "right")
    for cut in break_years(indicator):
        if start < cut < end:
            sheet.rule("break", (x(cut), top, x(cut), bottom))
    for place, name in tracks:
        for run in _runs(indicator.series(place)):
            sheet.line(name, [(x(point.period.year), y(point.value)) for point in run])
    ends = sorted(
        (y(indicator.series(place)[-1].value) + 4, name, place)
        for place, name in tracks
        if name != "others"
    )
    for (upper, *_), (lower, *_) in pairwise(list(ends)):
        if lower - upper < 16:  # labels of lines that end close together move apart
            middle = (upper + lower) / 2
            ends = [(middle - 8, *ends[0][1:]), (middle + 8, *ends[1][1:])]
    for place_y, name, place in ends:
        sheet.text(f"{name}-label", right + 6, place_y, slot(f"value:{place}"))
    sheet.text("tick", left, SERIES_HEIGHT - 4, str(start))
    sheet.text("tick", right, SERIES_HEIGHT - 4, str(end), "right")
    return sheet.spec(), SERIES_HEIGHT


def panels(figures: Figures, indicator: Indicator) -> tuple[Spec, Sequence[str]]:
    """Return one small chart for each region, Germany behind it, and their ids.

    The charts stand one below the other on one sheet, each `PANEL` in size, which is much faster
    than a view for each; :func:`cut` takes them apart. All have one scale; only sums, which are
    of quite different size, have a scale each. Placeholders: `number:N` on the axis.
    """
    compare = indicator.about.aggregation != "sum"
    regions = [r.id for r in figures.main_regions if indicator.series(r.id)]
    start, end, common = _scale([*regions, *([GERMANY] if compare else [])], indicator)
    width, height = PANEL
    sheet = Sheet(width, height * len(regions))

    def x(year: float) -> float:
        return round(width * (year - start) / max(end - start, 1), 1)

    for index, region in enumerate(regions):
        ticks = common if compare else _scale([region], indicator)[2]
        low, high = ticks[0], ticks[-1]
        top, bottom = index * height + 14, (index + 1) * height - 16
        for tick, place in ((low, bottom), (high, top)):
            sheet.rule("grid", (0, place, width, place))
            sheet.text("tick", 0, place - 3, number_slot(tick))
        for year in break_years(indicator):
            if start < year < end:
                sheet.rule("break", (x(year), top, x(year), bottom))
        for name, track in ([("germany", GERMANY)] if compare else []) + [("own", region)]:
            for run in _runs(indicator.series(track)):
                line = [
                    (
                        x(point.period.year),
                        round(bottom - (bottom - top) * (point.value - low) / (high - low), 1),
                    )
                    for point in run
                ]
                sheet.line(name, line)
        sheet.text("tick", 0, bottom + 13, str(start))
        sheet.text("tick", width, bottom + 13, str(end), "right")
    return sheet.spec(), regions


def cut(drawing: str, count: int) -> list[str]:
    """Return the shapes of each panel of a sheet; each keeps its place on the sheet."""
    found: list[list[str]] = [[] for _ in range(count)]
    for shape in SHAPE.findall(drawing):
        place = TOP_OF.search(shape)
        if place is None:
            raise ValueError(f"a shape without a place: {shape}")
        index = int(float(place[1] or place[2]) // PANEL[1])
        found[min(max(index, 0), count - 1)].append(shape)
    return ["".join(shapes) for shapes in found]


def axis_numbers(spec: Spec) -> set[float]:
    """Return the numbers that stand on the axis of a chart."""
    texts = (row.get("t", "") for part in spec["layer"] for row in part["data"]["values"])
    names = (name for text in texts for name in slots(str(text)))
    return {float(name.removeprefix("number:")) for name in names if name.startswith("number:")}
