# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Maps: all regions, all districts, one region with its districts.

Rates are shown by five classes of one hue, the same for regions and districts; absolute numbers by
circles. Shapes have classes only. Districts of two regions are hatched.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from markupsafe import Markup

from ikm_site.indicators.charts import nice_ticks, number
from ikm_site.indicators.model import GERMANY, Figures, Indicator, rounded
from ikm_site.indicators.reader import read_figures
from ikm_site.indicators.topology import XY, Box, Topology, read_topology
from ikm_site.indicators.words import Words

WIDTH = 720
CLASSES = 5
#: Radius of the circle of the greatest value.
RADIUS = {"region": 58.0, "district": 36.0}
HATCH = Markup(
    '<defs><pattern id="{id}" class="hatch" width="9" height="9" patternUnits="userSpaceOnUse"'
    ' patternTransform="rotate(45)"><path d="M4 0v9"/><path d="M4 0v9"/></pattern></defs>'
)

Href = Callable[[str], str | None]


@dataclass(frozen=True)
class Scale:
    """Classes of values: `limits` are the lower ends of all classes but the first."""

    limits: tuple[float, ...]
    decimals: int

    @classmethod
    def of(cls, indicator: Indicator) -> Scale:
        """Return round classes with about equally many of the finest values there are.

        The limits are multiples of the coarsest round step that keeps them apart.
        """
        period = indicator.newest_by_district
        finest = indicator.districts[period] if period else indicator.regions[indicator.newest]
        ordered = sorted(finest.values())
        cuts = [ordered[len(ordered) * k // CLASSES] for k in range(1, CLASSES)]
        least = 10.0**-indicator.about.decimals
        step = nice_ticks(0, max(abs(cut) for cut in cuts) or 1, 1)[1]
        limits: list[float] = []
        while step > least * 0.99:
            limits = sorted({round(step * round(cut / step), 6) for cut in cuts})
            if len(limits) == CLASSES - 1 and limits[0] > ordered[0]:
                break
            step = nice_ticks(0, step / 2.01, 1)[1] if step > least else 0
        return cls(tuple(limit for limit in limits if limit > ordered[0]), indicator.about.decimals)

    def step(self, value: float) -> int:
        """Return the class of a value as it is printed, from 0."""
        return bisect_right(self.limits, rounded(value, self.decimals))

    def legend(self, words: Words) -> list[tuple[str, str]]:
        """Return lower and upper end of each class; the first has no lower, the last no upper."""
        texts = [words.plain(limit) for limit in self.limits]
        return list(zip(["", *texts], [*texts, ""], strict=True))


@dataclass(frozen=True)
class Atlas:
    """All shapes of the maps, each computed once a build."""

    figures: Figures
    topology: Topology

    @cached_property
    def box(self) -> Box:
        """The drawing of the whole country."""
        return Box.around(self.topology.outline, WIDTH)

    @cached_property
    def country(self) -> Markup:
        """The area of the country."""
        path = self.topology.path(self.topology.country, self.box)
        return Markup('<path class="country" d="{}"/>').format(path)

    @cached_property
    def districts(self) -> Mapping[str, str]:
        """The path of each district."""
        areas = sorted(self.topology.areas.items())
        return {ags: self.topology.path(rings, self.box) for ags, rings in areas}

    @cached_property
    def regions(self) -> Mapping[str, str]:
        """The path around each region."""
        return {
            region.id: self.topology.path(self.topology.merged(region.districts), self.box)
            for region in self.figures.main_regions
        }

    @cached_property
    def centres(self) -> Mapping[str, XY]:
        """The centre of each region's area, in units of the drawing."""
        return {
            region.id: self.box.place(self.topology.centre(region.districts))
            for region in self.figures.main_regions
        }

    def _open(self, ident: str, box: Box, label: str, role: str = "img") -> Markup:
        """Return the beginning of a map; without a label it is silent."""
        said = Markup('role="{}" aria-label="{}"').format(role, label)
        if not label:
            said = Markup('aria-hidden="true" focusable="false"')
        size = Markup('viewBox="0 0 {w} {h}" width="{w}" height="{h}"').format(
            w=box.width, h=box.height
        )
        hatch = HATCH.format(id=f"{ident}-hatch")
        return Markup('<svg class="map" {} {}>{}').format(size, said, hatch)

    def _shared(self, ident: str, path: str) -> Markup:
        return Markup('<path class="shared" fill="url(#{}-hatch)" d="{}"/>').format(ident, path)

    def all_regions(
        self,
        words: Words,
        ident: str,
        label: str,
        href: Href,
        indicator: Indicator | None = None,
        own: str = "",
    ) -> Markup:
        """Draw the regions, each a link to its page.

        Args:
            words: the language of the page.
            ident: the beginning of the ids of this drawing, unique on its page.
            label: what the map shows; empty if a list beside it says the same: then neither the
                keyboard nor assistive technology meets the map.
            href: gives the address of a region's page from this page.
            indicator: what is shown by classes or circles; without it all look the same.
            own: the region whose page this is.
        """
        scale = Scale.of(indicator) if indicator and not indicator.is_sum else None
        out = self._open(ident, self.box, label, "group") + self.country
        for region in self.figures.main_regions:
            value = indicator.value(region.id) if indicator else None
            name = words.place(self.figures, region.id)
            text = f"{name}: {words.quantity(indicator, value)}" if indicator else name
            kind = "region" + (" is-own" if region.id == own else "")
            if scale:
                kind += " step-none" if value is None else f" step-{scale.step(value)}"
            x, y = self.centres[region.id]
            inner = Markup('<path class="{}" d="{}"/>').format(kind, self.regions[region.id])
            if not indicator:
                inner += Markup('<circle cx="{:g}" cy="{:g}" r="9"/>').format(x, y)
            address = href(region.id)
            if address and label:
                head = Markup('<a href="{}" aria-label="{}"><title>{}</title>{}</a>')
                out += head.format(address, text, text, inner)
            elif address:
                out += Markup('<a href="{}" tabindex="-1">{}</a>').format(address, inner)
            else:
                out += Markup("<g>{}</g>").format(inner)
        out += self._shared(ident, "".join(self.districts[ags] for ags in self.figures.shared))
        if indicator and indicator.is_sum:
            values = {r: v for r in self.centres if (v := indicator.value(r)) is not None}
            out += self.circles(
                words, {r: (self.centres[r], v) for r, v in values.items()}, "region"
            )
        elif label or not own:
            out += self._names(words, above=indicator is None)
        return out + Markup("</svg>")

    def _names(self, words: Words, *, above: bool) -> Markup:
        """Return the names of the regions at their centres (or above their points)."""
        out = Markup()
        for region in self.figures.main_regions:
            # Long names of several cities stand one below the other.
            name = words.place(self.figures, region.id)
            lines = name.split() if len(name) > 20 else [name]
            x, y = self.centres[region.id]
            half = len(max(lines, key=len)) * 5.5
            x = min(max(x, half), self.box.width - half)
            y += -16 - 22 * (len(lines) - 1) if above else 7 - 11 * (len(lines) - 1)
            for index, line in enumerate(lines):
                text = Markup('<text class="region-name" x="{:g}" y="{:g}">{}</text>')
                out += text.format(x, y + 22 * index, line)
        return Markup('<g aria-hidden="true">{}</g>').format(out)

    def circles(self, words: Words, values: Mapping[str, tuple[XY, float]], level: str) -> Markup:
        """Return circles whose area is the value, and two or three of them as a legend."""
        highest = max(value for _, value in values.values())

        def radius(value: float) -> float:
            return RADIUS[level] * math.sqrt(max(value, 0) / highest)

        out = Markup()
        for (x, y), value in sorted(values.values(), key=lambda item: -item[1]):
            circle = Markup('<circle class="amount" cx="{:g}" cy="{:g}" r="{}"/>')
            out += circle.format(x, y, number(radius(value)))
        step = nice_ticks(0, highest, 2)
        for value in (step[1], step[1] / 5):
            y = 150 - radius(value)
            circle = Markup('<circle class="amount" cx="70" cy="{}" r="{}"/>')
            out += circle.format(number(y), number(radius(value)))
            text = Markup('<text class="amount-name" x="140" y="{}">{}</text>')
            out += text.format(number(y - radius(value) + 12), words.plain(value))
        return Markup('<g aria-hidden="true">{}</g>').format(out)

    def by_district(self, words: Words, indicator: Indicator) -> Markup:
        """Return the shapes of the map of districts, for a file of its own."""
        period = indicator.newest_by_district
        values = indicator.districts[period] if period else {}
        outlines = Markup('<path class="outline" d="{}"/>').format("".join(self.regions.values()))
        shared = self._shared("k", "".join(self.districts[ags] for ags in self.figures.shared))
        hatch = HATCH.format(id="k-hatch")
        if indicator.is_sum:
            places = {a: (self.box.place(self.topology.centre([a])), v) for a, v in values.items()}
            return hatch + self.country + outlines + self.circles(words, places, "district")
        scale = Scale.of(indicator)
        groups: dict[str, list[str]] = {}
        for ags, path in self.districts.items():
            value = values.get(ags)
            kind = "step-none" if value is None else f"step-{scale.step(value)}"
            groups.setdefault(kind, []).append(path)
        out = hatch + self.country
        for kind, paths in sorted(groups.items()):
            out += Markup('<path class="{}" d="{}"/>').format(kind, "".join(paths))
        return out + shared + outlines

    def legend(self, words: Words, indicator: Indicator) -> list[dict[str, object]]:
        """Return the classes of both maps; `germany` is the country's value in its class."""
        if indicator.is_sum:
            return []
        scale = Scale.of(indicator)
        germany = indicator.value(GERMANY)
        entries: list[dict[str, object]] = [
            {"kind": f"step-{index}", "low": low, "high": high, "germany": None}
            for index, (low, high) in enumerate(scale.legend(words))
        ]
        if germany is not None:
            entries[scale.step(germany)]["germany"] = words.value(indicator, germany)
        period = indicator.newest_by_district
        known = {
            *indicator.regions[indicator.newest],
            *(indicator.districts[period] if period else ()),
        }
        wanted = {region.id for region in self.figures.main_regions}
        if not wanted | (set(self.figures.districts) if period else set()) <= known:
            entries.append({"kind": "step-none", "low": "", "high": "", "germany": None})
        return entries

    def locator(self, region: str, cities: Sequence[str], ident: str, label: str) -> Markup:
        """Draw one region large, with its districts, what lies around it and its main cities."""
        topology, entry = self.topology, self.figures.regions[region]
        rings = topology.merged(entry.districts)
        points = [point for ring in rings for point in topology.points(ring)]
        box = Box.around(points, 640, 560, pad=24)
        around = "".join(
            topology.path(topology.areas[ags], box)
            for ags in sorted(topology.areas.keys() - set(entry.districts))
            if box.shows(*topology.bounds[ags])
        )
        paths = {ags: topology.path(topology.areas[ags], box, 1) for ags in entry.districts}
        shared = "".join(paths[ags] for ags in entry.districts if ags in self.figures.shared)
        out = Markup('<path class="around" d="{}"/>').format(around)
        out += Markup('<path class="own" d="{}"/>').format("".join(paths.values()))
        out += self._shared(ident, shared) if shared else ""
        out += Markup('<path class="outline" d="{}"/>').format(topology.path(rings, box, 1))
        out += self._cities(box, entry.districts, cities)
        return self._open(ident, box, label) + Markup('<g aria-hidden="true">{}</g></svg>').format(
            out
        )

    def _district_of(self, city: str, districts: Iterable[str]) -> str | None:
        """Return the district of a city: `Hannover` lies in the `Region Hannover`."""
        found = [
            (not self.figures.districts[ags].city, len(name), ags)
            for ags in districts
            if city in ((name := self.figures.districts[ags].name), *name.split())
        ]
        return min(found)[2] if found else None

    def _cities(self, box: Box, districts: Sequence[str], cities: Sequence[str]) -> Markup:
        """Return dots and names of cities; names avoid each other as far as there is room."""
        out = Markup()
        places = {
            city: box.place(self.topology.centre([ags]))
            for city in cities
            if (ags := self._district_of(city, districts))
        }
        taken = [(x - 6, y - 6, x + 6, y + 6) for x, y in places.values()]
        for city, (x, y) in places.items():
            wide = 10.5 * len(city) + 4
            left, top, anchor = min(
                (
                    (left, top, anchor)
                    for left, anchor in (
                        (x + 10, "start"),
                        (x - 10 - wide, "end"),
                        (x - wide / 2, "middle"),
                    )
                    for top in ((y - 10,) if anchor != "middle" else (y - 30, y + 9))
                ),
                key=lambda at: _overlap((at[0], at[1], at[0] + wide, at[1] + 21), taken, box),
            )
            taken.append((left, top, left + wide, top + 21))
            at = {"start": left, "end": left + wide, "middle": x}[anchor]
            out += Markup(
                '<circle class="city" cx="{:g}" cy="{:g}" r="5"/>'
                '<text class="city-name" x="{:g}" y="{:g}" text-anchor="{}">{}</text>'
            ).format(x, y, at, top + 16, anchor, city)
        return out


def read_atlas(folder: Path) -> Atlas:
    """Read the data package in ``folder`` and the boundaries of its districts.

    Raises:
        ProblemsError: something is wrong with the data.
    """
    figures = read_figures(folder)
    paths = {entry.name: entry.path for entry in figures.package.resources}
    return Atlas(figures, read_topology(folder / paths["boundaries"]))


Area = tuple[float, float, float, float]


def _overlap(area: Area, taken: Iterable[Area], box: Box) -> float:
    """Return how much of an area is taken or outside the drawing."""
    outside = max(0.0, -area[0]) + max(0.0, area[2] - box.width)
    total = 1000 * outside
    for other in taken:
        wide = min(area[2], other[2]) - max(area[0], other[0])
        high = min(area[3], other[3]) - max(area[1], other[1])
        total += wide * high if wide > 0 and high > 0 else 0.0
    return total
