# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""What the templates of maps need: classes of values, circles, frames and where names stand.

Rates are shown by five classes of one hue, the same for regions and districts; absolute numbers by
circles. The map of Germany is drawn in km, that of a region in pixels.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ikm_site.indicators.charts import nice_ticks
from ikm_site.indicators.model import Figures, Indicator, Region, rounded

CLASSES = 5
#: Radius of the circle of the greatest value, in km.
RADIUS = {"region": 52.0, "district": 32.0}
#: Width, height and margin of the map of a region.
WIDTH, HEIGHT, MARGIN = 480, 420, 18

#: A rectangle: left, top, right, bottom.
Area = tuple[float, float, float, float]


class Scale(NamedTuple):
    """Classes of values: `limits` are the lower ends of all classes but the first."""

    limits: tuple[float, ...]
    decimals: int

    @property
    def ranges(self) -> list[tuple[float | None, float | None]]:
        """Lower and upper end of each class; the first has no lower, the last no upper one."""
        return list(zip([None, *self.limits], [*self.limits, None], strict=True))

    def kind(self, value: float | None) -> str:
        """Return the CSS class of a value as it is printed."""
        if value is None:
            return "step-none"
        return f"step-{bisect_right(self.limits, rounded(value, self.decimals))}"


def scale(indicator: Indicator) -> Scale | None:
    """Return round classes with about equally many of the finest values; None for a sum.

    The limits are multiples of the coarsest round step that keeps them apart.
    """
    if indicator.is_sum:
        return None
    ordered = sorted(indicator.finest.values())
    cuts = [ordered[len(ordered) * k // CLASSES] for k in range(1, CLASSES)]
    least = 10.0**-indicator.about.decimals
    step = nice_ticks(0, max(abs(cut) for cut in cuts) or 1, 1)[1]
    limits: list[float] = []
    while step > least * 0.99:
        limits = sorted({round(step * round(cut / step), 6) for cut in cuts})
        if len(limits) == CLASSES - 1 and limits[0] > ordered[0]:
            break
        step = nice_ticks(0, step / 2.01, 1)[1] if step > least else 0
    found = tuple(limit for limit in limits if limit > ordered[0])
    return Scale(found, indicator.about.decimals)


def has_gaps(figures: Figures, indicator: Indicator) -> bool:
    """Whether a place on one of the maps has no value."""
    regions = {region.id for region in figures.main_regions}
    districts = figures.districts.keys() if indicator.districts else set()
    known = indicator.regions[indicator.newest].keys()
    return not (regions <= known and districts <= indicator.finest.keys() | known)


def by_class(figures: Figures, indicator: Indicator) -> dict[str, str]:
    """Return the outlines of the districts of each class as one path."""
    classes, paths = scale(indicator), dict[str, list[str]]()
    for ags in figures.districts:
        kind = classes.kind(indicator.finest.get(ags)) if classes else ""
        paths.setdefault(kind, []).append(figures.outlines[ags].path)
    return {kind: "".join(found) for kind, found in sorted(paths.items())}


def circles(
    figures: Figures, values: Mapping[str, float], level: str
) -> tuple[list[tuple[float, float, float]], list[tuple[float, float]]]:
    """Return circles whose area is the value, the greatest first, and two for the legend.

    Returns:
        x, y and radius of each circle; value and radius of those of the legend.
    """
    highest = max(values.values())
    unit = 1 if level == "region" else 10

    def radius(value: float) -> float:
        return RADIUS[level] * math.sqrt(max(value, 0) / highest)

    found = []
    for place, value in sorted(values.items(), key=lambda item: -item[1]):
        outline = figures.outlines[place]
        found.append((outline.x / unit, outline.y / unit, radius(value)))
    step = nice_ticks(0, highest, 2)[1]
    return found, [(value, radius(value)) for value in (step, step / 5)]


def colours(style_sheet: str) -> list[str]:
    """Return the colours of the light and the dark scheme of a style sheet, as declarations."""
    schemes = re.findall(r":root \{[^}]*\}", style_sheet)[:2]
    return [";".join(re.findall(r"--[\w-]+: #\w+", values)) for values in schemes]


class Frame(NamedTuple):
    """The map of a region: pixels are `scale` times units of outlines, plus `x` and `y`."""

    scale: float
    x: float
    y: float

    @classmethod
    def around(cls, figures: Figures, region: Region) -> Frame:
        """Return the frame in which a region lies, centred."""
        _, _, left, top, right, bottom, _ = zip(
            *(figures.outlines[ags] for ags in region.districts), strict=True
        )
        west, north, east, south = min(left), min(top), max(right), max(bottom)
        scale = min(
            (WIDTH - 2 * MARGIN) / (east - west),
            (HEIGHT - 2 * MARGIN) / (south - north),
        )
        x, y = WIDTH - scale * (west + east), HEIGHT - scale * (north + south)
        return cls(scale, x / 2, y / 2)

    def neighbours(self, figures: Figures, region: Region) -> str:
        """Return the outlines of the other districts that the frame shows."""
        left, top = -self.x / self.scale, -self.y / self.scale
        right, bottom = left + WIDTH / self.scale, top + HEIGHT / self.scale
        return "".join(
            outline.path
            for ags in sorted(figures.districts.keys() - set(region.districts))
            if (outline := figures.outlines[ags]).right > left
            and outline.left < right
            and outline.bottom > top
            and outline.top < bottom
        )


class City(NamedTuple):
    """A dot and where its name stands."""

    name: str
    x: float
    y: float
    text_x: float
    text_y: float
    anchor: str


def cities(figures: Figures, region: Region, frame: Frame, names: Sequence[str]) -> list[City]:
    """Return the cities of a region; names avoid each other as far as there is room."""
    places = {}
    for name in names:
        if ags := _district_of(figures, name, region.districts):
            outline = figures.outlines[ags]
            places[name] = (frame.x + frame.scale * outline.x, frame.y + frame.scale * outline.y)
    taken: list[Area] = [(x - 5, y - 5, x + 5, y + 5) for x, y in places.values()]
    found = []
    for name, (x, y) in places.items():
        wide = 9.5 * len(name) + 4
        left, top, anchor = min(
            [
                (x + 8, y - 10, "start"),
                (x - 8 - wide, y - 10, "end"),
                (x - wide / 2, y - 27, "middle"),
                (x - wide / 2, y + 7, "middle"),
            ],
            key=lambda at: _overlap((at[0], at[1], at[0] + wide, at[1] + 20), taken),
        )
        taken.append((left, top, left + wide, top + 20))
        at = {"start": left, "end": left + wide, "middle": x}[anchor]
        found.append(City(name, x, y, at, top + 16, anchor))
    return found


def _district_of(figures: Figures, city: str, districts: Iterable[str]) -> str | None:
    """Return the district of a city: `Hannover` lies in the `Region Hannover`."""
    found = [
        (not figures.districts[ags].city, len(name), ags)
        for ags in districts
        if city in ((name := figures.districts[ags].name), *name.split())
    ]
    return min(found)[2] if found else None


def _overlap(area: Area, taken: Iterable[Area]) -> float:
    """Return how much of an area is taken or outside the drawing."""
    total = 1000 * (max(0.0, -area[0]) + max(0.0, area[2] - WIDTH))
    for other in taken:
        wide = min(area[2], other[2]) - max(area[0], other[0])
        high = min(area[3], other[3]) - max(area[1], other[1])
        total += wide * high if wide > 0 and high > 0 else 0.0
    return total
