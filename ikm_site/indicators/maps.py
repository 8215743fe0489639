"""What the templates of maps need: classes of values, frames and where names stand.

Rates are shown by five classes of one hue, the same for regions and districts; absolute numbers by
circles, which `theme/ikm/blocks/map-macros.html` draws. The map of Germany is drawn in km, that of
a region in pixels.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ikm_site.indicators.model import Figures, Indicator, Region, rounded

CLASSES = 5
#: Width and height of the map of a region, which `tools/make_outlines.py` draws.
WIDTH, HEIGHT = 480, 420

#: A rectangle: left, top, right, bottom.
Area = tuple[float, float, float, float]


class Scale:
    """Classes of values with about equally many of the finest ones.

    `limits`, the lower ends of all classes but the first, are multiples of the coarsest round step
    that keeps them apart.
    """

    def __init__(self, indicator: Indicator) -> None:
        """Choose the classes."""
        self.decimals = indicator.about.decimals
        ordered = sorted(indicator.finest.values())
        cuts = [ordered[len(ordered) * k // CLASSES] for k in range(1, CLASSES)]
        powers = range(6, -self.decimals - 1, -1)
        for step in (f * 10.0**power for power in powers for f in (5, 2.5, 2, 1)):
            found = sorted({round(step * round(cut / step), 6) for cut in cuts})
            self.limits = [limit for limit in found if limit > ordered[0]]
            if len(self.limits) == CLASSES - 1:
                break

    def kind(self, value: float | None) -> str:
        """Return the CSS class of a value as it is printed."""
        if value is None:
            return "step-none"
        return f"step-{bisect_right(self.limits, rounded(value, self.decimals))}"


def by_class(figures: Figures, indicator: Indicator) -> dict[str, str]:
    """Return the outlines of the districts of each class as one path."""
    scale, values, paths = Scale(indicator), indicator.finest, defaultdict[str, str](str)
    for ags in figures.districts:
        paths[scale.kind(values.get(ags))] += figures.outlines[ags].path
    return dict(sorted(paths.items()))


def colours(style_sheet: str) -> list[str]:
    """Return the colours of the light and the dark scheme of a style sheet, as declarations."""
    schemes = re.findall(r":root \{[^}]*\}", style_sheet)[:2]
    return [";".join(re.findall(r"--[\w-]+: #\w+", values)) for values in schemes]


class City(NamedTuple):
    """A dot and where its name stands."""

    name: str
    x: float
    y: float
    text_x: float
    text_y: float
    anchor: str


#: Where a name may stand beside its dot: shift, anchor, and the part of the name left of it.
SIDES = ((8, 6, "start", 0.0), (-8, 6, "end", 1.0), (0, -11, "middle", 0.5), (0, 23, "middle", 0.5))


def cities(figures: Figures, region: Region, names: Sequence[str]) -> list[City]:
    """Return the cities of a region; names avoid each other as far as there is room."""
    drawn, places = figures.outlines[region.id], {}
    for name in names:
        if ags := _district_of(figures, name, region.districts):
            centre = figures.outlines[ags]
            places[name] = drawn.left + drawn.scale * centre.x, drawn.top + drawn.scale * centre.y
    # There is no room on dots, nor left and right of the map.
    taken: list[Area] = [(-WIDTH, 0, 0, HEIGHT), (WIDTH, 0, 2 * WIDTH, HEIGHT)]
    taken += [(x - 5, y - 5, x + 5, y + 5) for x, y in places.values()]
    found = []
    for name, (x, y) in places.items():
        wide = 9.5 * len(name) + 4
        candidates = []
        for right, down, anchor, share in SIDES:
            left, top = x + right - share * wide, y + down - 16
            area = (left, top, left + wide, top + 20)
            cost = sum(overlap(area, other) for other in taken)
            candidates.append((cost, area, City(name, x, y, x + right, y + down, anchor)))
        _, area, city = min(candidates, key=lambda candidate: candidate[0])
        taken.append(area)
        found.append(city)
    return found


def _district_of(figures: Figures, city: str, districts: Iterable[str]) -> str | None:
    """Return the district of a city: `Hannover` lies in the `Region Hannover`."""
    found = [figures.districts[ags] for ags in districts]
    found = [each for each in found if city in (each.name, *each.name.split())]
    best = min(found, key=lambda each: (not each.city, len(each.name)), default=None)
    return best.ags if best else None


def overlap(area: Area, other: Area) -> float:
    """Return the size of the part that two rectangles share."""
    wide = min(area[2], other[2]) - max(area[0], other[0])
    high = min(area[3], other[3]) - max(area[1], other[1])
    return max(wide, 0.0) * max(high, 0.0)
