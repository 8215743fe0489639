# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The specifications of the charts: bars over the regions, series, small multiples.

All are 480 units wide and laid out in units, not by measured text: words have no width yet when
a chart is drawn, and the stylesheet sets their size for narrow and wide screens.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from ikm_site.figures.model import GERMANY, Figures, Indicator, Point
from ikm_site.figures.vega import paint, slot

WIDTH = 480
ROW = 36
TOP = 24
SERIES_HEIGHT = 230
PANEL = (220, 120)

Spec = dict[str, Any]
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


def _text(rows: list[Spec], name: str, align: str = "left") -> Spec:
    return {
        "data": {"values": rows},
        "mark": {"type": "text", "align": align, "baseline": "alphabetic", "color": paint(name)},
        "encoding": {**AT, "text": {"field": "t", "type": "nominal"}},
    }


def _lines(rows: list[Spec], name: str) -> Spec:
    return {
        "data": {"values": rows},
        "mark": {"type": "rule", "color": paint(name)},
        "encoding": AREA,
    }  # fmt: skip


def bars(figures: Figures, indicator: Indicator, own: str = "") -> tuple[Spec, int]:
    """Return a bar for each region in their fixed order, and the height of the chart.

    Germany is a tick at each bar; the bar of the region `own` has a class of its own.
    Placeholders: `name:ID` and `value:ID` of the regions and of Germany.
    """
    regions = [r.id for r in figures.main_regions if indicator.value(r.id) is not None]
    values = {place: indicator.value(place) or 0.0 for place in (*regions, GERMANY)}
    germany = indicator.value(GERMANY)
    # A sum of the whole country would dwarf the regions it is not comparable with.
    compare = germany is not None and indicator.about.aggregation != "sum"
    high = max(values[place] for place in regions)
    if compare:
        high = max(high, values[GERMANY])
    scale = WIDTH / high if high else 0.0
    top = TOP if compare else 0
    rows: list[Spec] = []
    names: list[Spec] = []
    numbers: list[Spec] = []
    ticks: list[Spec] = []
    base: list[Spec] = []
    x = round(values[GERMANY] * scale, 1)
    for index, region in enumerate(regions):
        y = top + index * ROW
        rows.append(
            {"x": 0, "x2": round(values[region] * scale, 1), "y": y + 18, "y2": y + 27,
             "k": region == own}
        )  # fmt: skip
        base.append({"x": 0, "x2": WIDTH, "y": y + 22.5, "y2": y + 22.5})
        names.append({"x": 0, "y": y + 13, "t": slot(f"name:{region}"), "k": region == own})
        numbers.append({"x": WIDTH, "y": y + 13, "t": slot(f"value:{region}")})
        ticks.append({"x": x, "x2": x, "y": y + 14.5, "y2": y + 30.5})
    layer: list[Spec] = [_lines(base, "base")]
    for flag, name in ((False, "bar"), (True, "bar-own")):
        chosen = [row for row in rows if row["k"] is flag]
        if chosen:
            layer.append(
                {
                    "data": {"values": chosen},
                    "mark": {"type": "rect", "color": paint(name)},
                    "encoding": AREA,
                }
            )  # fmt: skip
    layer.append(_text([n for n in names if not n["k"]], "label"))
    if own in regions:
        layer.append(_text([n for n in names if n["k"]], "own-label"))
    layer.append(_text(numbers, "value", "right"))
    if compare:
        layer.append(_lines(ticks, "germany"))
        label = {"x": x, "y": 12, "t": f"{slot('name:germany')} {slot('value:germany')}"}
        align = "right" if x > WIDTH * 0.75 else "left" if x < WIDTH * 0.25 else "center"
        layer.append(_text([label], "germany-label", align))
    height = top + len(regions) * ROW
    return {"width": WIDTH, "height": height, **FIXED, "layer": layer}, height


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


def _path(runs: list[list[Point]], key: str, x: Any, y: Any, name: str) -> list[Spec]:
    """Return the layers of a line that is interrupted between runs; a run of one is a dot."""
    rows = [
        {"x": x(point.period.year), "y": y(point.value), "r": f"{key}{index}"}
        for index, run in enumerate(runs)
        if len(run) > 1
        for point in run
    ]
    dots = [
        {"x": x(run[0].period.year) - 2, "x2": x(run[0].period.year) + 2, "y": y(run[0].value) - 2,
         "y2": y(run[0].value) + 2}
        for run in runs if len(run) == 1
    ]  # fmt: skip
    layers: list[Spec] = []
    if rows:
        layers.append(
            {
                "data": {"values": rows},
                "mark": {"type": "line", "color": paint(name)},
                "encoding": {**AT, "detail": {"field": "r", "type": "nominal"}},
            }
        )  # fmt: skip
    if dots:
        layers.append(
            {
                "data": {"values": dots},
                "mark": {"type": "rect", "color": paint(f"{name}-dot")},
                "encoding": AREA,
            }
        )  # fmt: skip
    return layers


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
    places = [own, *others, *([GERMANY] if compare else [])]
    start, end, ticks = _scale(places, indicator)
    left, right, top, bottom = 58, WIDTH - 72, 8, SERIES_HEIGHT - 22
    low, high = ticks[0], ticks[-1]

    def x(year: float) -> float:
        return round(left + (right - left) * (year - start) / max(end - start, 1), 1)

    def y(value: float) -> float:
        return round(bottom - (bottom - top) * (value - low) / (high - low), 1)

    layer = [_lines([{"x": left, "x2": right, "y": y(t), "y2": y(t)} for t in ticks], "grid")]
    cuts = [x(year) for year in break_years(indicator) if start < year < end]
    if cuts:
        layer.append(_lines([{"x": c, "x2": c, "y": top, "y2": bottom} for c in cuts], "break"))
    for place in others:
        layer += _path(_runs(indicator.series(place)), place, x, y, "others")
    ends: list[tuple[float, str, str]] = []
    for place, name in ([(GERMANY, "germany")] if compare else []) + [(own, "own")]:
        points = indicator.series(place)
        layer += _path(_runs(points), place, x, y, name)
        ends.append((y(points[-1].value) + 4, f"{name}-label", slot(f"value:{place}")))
    ends.sort()
    for (upper, *_), (lower, *_) in pairwise(ends):
        if lower - upper < 16:  # labels of lines that end close together move apart
            middle = (upper + lower) / 2
            ends = [(middle - 8, *ends[0][1:]), (middle + 8, *ends[1][1:])]
    for place_y, name, text in ends:
        layer.append(_text([{"x": right + 6, "y": place_y, "t": text}], name))
    marks = [{"x": left - 8, "y": y(t) + 4, "t": number_slot(t)} for t in ticks]
    layer.append(_text(marks, "tick", "right"))
    layer.append(_text([{"x": left, "y": SERIES_HEIGHT - 4, "t": str(start)}], "tick"))
    layer.append(_text([{"x": right, "y": SERIES_HEIGHT - 4, "t": str(end)}], "tick", "right"))
    return {
        "width": WIDTH, "height": SERIES_HEIGHT, **FIXED, "layer": layer,
    }, SERIES_HEIGHT  # fmt: skip


def panels(figures: Figures, indicator: Indicator) -> tuple[Spec, Sequence[str]]:
    """Return one small chart for each region, Germany behind it, and their ids.

    All have one scale; only sums, which are of quite different size, have a scale each.
    Placeholders: `number:N` on the axis.
    """
    compare = indicator.about.aggregation != "sum"
    regions = [r.id for r in figures.main_regions if indicator.series(r.id)]
    start, end, common = _scale([*regions, *([GERMANY] if compare else [])], indicator)
    width, height = PANEL
    top, bottom = 14, height - 16

    def x(year: float) -> float:
        return round(width * (year - start) / max(end - start, 1), 1)

    cuts = [x(year) for year in break_years(indicator) if start < year < end]
    views = []
    for region in regions:
        ticks = common if compare else _scale([region], indicator)[2]
        marks = [ticks[0], ticks[-1]]

        def y(value: float, low: float = ticks[0], high: float = ticks[-1]) -> float:
            return round(bottom - (bottom - top) * (value - low) / (high - low), 1)

        layer = [_lines([{"x": 0, "x2": width, "y": y(t), "y2": y(t)} for t in marks], "grid")]
        if cuts:
            layer.append(_lines([{"x": c, "x2": c, "y": top, "y2": bottom} for c in cuts], "break"))
        if compare:
            layer += _path(_runs(indicator.series(GERMANY)), "g", x, y, "germany")
        layer += _path(_runs(indicator.series(region)), "r", x, y, "own")
        layer.append(_text([{"x": 0, "y": y(t) - 3, "t": number_slot(t)} for t in marks], "tick"))
        layer.append(_text([{"x": 0, "y": height - 3, "t": str(start)}], "tick"))
        layer.append(_text([{"x": width, "y": height - 3, "t": str(end)}], "tick", "right"))
        views.append({"width": width, "height": height, "layer": layer})
    return {"config": CONFIG, "vconcat": views, "spacing": 0}, regions


def axis_numbers(spec: Spec) -> set[float]:
    """Return the numbers that stand on the axis of a chart."""
    views = spec.get("vconcat", [spec])
    return {
        float(row["t"][8:-1])
        for view in views
        for part in view["layer"]
        for row in part["data"]["values"]
        if str(row.get("t", "")).startswith("⟦number:")
    }
