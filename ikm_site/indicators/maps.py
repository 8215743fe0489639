# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Maps: all regions, all districts in five steps, one region with its districts.

Every map is inline SVG with classes only. Districts of two regions are hatched.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup, escape

from ikm_site.indicators.model import Figures, Indicator, rounded
from ikm_site.indicators.topology import XY, Box, Topology
from ikm_site.indicators.words import Words

WIDTH = 720
STEPS = 5
HATCH = Markup(
    '<defs><pattern id="{id}" class="hatch" width="{size}" height="{size}"'
    ' patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path d="M4 0v{size}"/><path d="M4 0v{size}"/></pattern></defs>'
)


def steps(values: Sequence[float], decimals: int, count: int = STEPS) -> list[float]:
    """Return the lower limits of steps 2 to `count`, which hold equally many of the values.

    The limits are rounded as the values are printed, so that the legend is exact. Where many
    values are equal there are fewer steps.
    """
    ordered = sorted(values)
    limits = [rounded(ordered[len(ordered) * step // count], decimals) for step in range(1, count)]
    least = rounded(ordered[0], decimals)
    return sorted({limit for limit in limits if limit > least})


def step_of(value: float, limits: Sequence[float], decimals: int) -> int:
    """Return the step of a value, from 0."""
    return bisect_right(limits, rounded(value, decimals))


@dataclass(frozen=True)
class Label:
    """The name of a city on a map: its dot, and the text beside it."""

    x: float
    y: float
    name: str
    anchor: str


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
    def country(self) -> str:
        """The path of the country."""
        return self.topology.path(self.topology.country, self.box)

    @cached_property
    def districts(self) -> Mapping[str, str]:
        """The path of each district."""
        return {
            ags: self.topology.path(self.topology.areas[ags], self.box)
            for ags in sorted(self.topology.areas)
        }

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

    @cached_property
    def shared(self) -> str:
        """The path of the districts that belong to two regions."""
        return "".join(self.districts[ags] for ags in self.figures.shared)

    def prepare(self) -> None:
        """Compute the shapes that every language draws."""
        for name, value in vars(type(self)).items():
            if isinstance(value, cached_property):
                getattr(self, name)
        _ = self.topology.bounds

    def _open(self, ident: str, title: str, description: str, role: str, box: Box) -> Markup:
        head = Markup(
            '<svg class="map" viewBox="0 0 {} {}" role="{}" aria-labelledby="{}">'
        ).format(
            box.width,
            box.height,
            role,
            f"{ident}-title" + (f" {ident}-desc" if description else ""),
        )
        head += Markup('<title id="{}-title">{}</title>').format(ident, title)
        if description:
            head += Markup('<desc id="{}-desc">{}</desc>').format(ident, description)
        return head

    def all_regions(
        self,
        words: Words,
        ident: str,
        title: str,
        description: str,
        href: Callable[[str], str | None],
        shade: Callable[[str], tuple[int, str]] | None = None,
        own: str = "",
        decorative: bool = False,
    ) -> Markup:
        """Draw the regions, each a link to its page, with a point at its centre.

        Args:
            words: the language of the page.
            ident: the beginning of the ids of this drawing, unique on its page.
            title: what the map shows.
            description: the same at more length.
            href: gives the address of a region's page from this page.
            shade: gives the step and the text of a region; without it all look the same.
            own: the region whose page this is.
            decorative: whether a list beside it says the same: then it has no names, and
                neither the keyboard nor assistive technology meets it.
        """
        if decorative:
            out = Markup(
                '<svg class="map" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">'
            ).format(self.box.width, self.box.height)
        else:
            out = self._open(ident, title, description, "group", self.box)
        out += HATCH.format(id=f"{ident}-hatch", size=9)
        out += Markup('<path class="country" d="{}"/>').format(self.country)
        shapes = Markup()
        for region in self.figures.main_regions:
            step, text = shade(region.id) if shade else (None, "")
            name = words.place(self.figures, region.id)
            label = f"{name}: {text}" if text else name
            kind = "region" + (f" step-{step}" if step is not None else "")
            kind += " is-own" if region.id == own else ""
            x, y = self.centres[region.id]
            inner = Markup(
                '<title>{}</title><path class="{}" d="{}"/><circle cx="{:g}" cy="{:g}" r="9"/>'
            ).format(label, kind, self.regions[region.id], x, y)
            address = href(region.id)
            if address:
                reach = (
                    Markup('tabindex="-1"')
                    if decorative
                    else Markup('aria-label="{}"').format(label)
                )
                shapes += Markup('<a href="{}" {}>{}</a>').format(address, reach, inner)
            else:
                shapes += Markup("<g>{}</g>").format(inner)
        out += shapes
        out += Markup('<path class="shared" fill="url(#{}-hatch)" d="{}"/>').format(
            ident, self.shared
        )
        names = Markup() if decorative else self._names(words, above=shade is None)
        return out + names + Markup("</svg>")

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
                out += Markup('<text class="region-name" x="{:g}" y="{:g}">{}</text>').format(
                    x, y + 22 * index, line
                )
        return Markup('<g aria-hidden="true">{}</g>').format(out)

    def by_district(
        self, words: Words, indicator: Indicator, ident: str, title: str, description: str
    ) -> tuple[Markup, list[str]]:
        """Draw the newest value of every district in five steps; return the legend as well."""
        period = indicator.newest_by_district
        values = {
            ags: value
            for ags in self.districts
            if period and (value := indicator.value(ags, period)) is not None
        }
        decimals = indicator.about.decimals
        limits = steps(list(values.values()), decimals)
        out = self._open(ident, title, description, "img", self.box)
        out += HATCH.format(id=f"{ident}-hatch", size=9)
        out += Markup('<path class="country" d="{}"/>').format(self.country)
        groups: dict[int | None, list[str]] = {}
        for ags, path in self.districts.items():
            value = values.get(ags)
            step = None if value is None else step_of(value, limits, decimals)
            groups.setdefault(step, []).append(
                f'<path d="{path}"><title>{escape(words.district(self.figures.districts[ags]))}: '
                f"{escape(words.value(indicator, value))}</title></path>"
            )
        for step in sorted(groups, key=lambda s: -1 if s is None else s):
            kind = "step-none" if step is None else f"step-{step}"
            out += Markup('<g class="{}">{}</g>').format(kind, Markup("".join(groups[step])))
        out += Markup('<path class="outline" d="{}"/>').format("".join(self.regions.values()))
        out += Markup('<path class="shared" fill="url(#{}-hatch)" d="{}"/></svg>').format(
            ident, self.shared
        )
        return out, self._legend(words, indicator, values.values(), limits)

    def steps_of_regions(
        self, words: Words, indicator: Indicator
    ) -> tuple[Callable[[str], tuple[int, str]], list[str]]:
        """Return how regions are shaded by their newest values, and the legend."""
        values = {
            region.id: value
            for region in self.figures.main_regions
            if (value := indicator.value(region.id)) is not None
        }
        decimals = indicator.about.decimals
        limits = steps(list(values.values()), decimals)

        def shade(region: str) -> tuple[int, str]:
            value = values.get(region)
            text = words.quantity(indicator, value)
            return (0 if value is None else step_of(value, limits, decimals)), text

        return shade, self._legend(words, indicator, values.values(), limits)

    def _legend(
        self, words: Words, indicator: Indicator, values: Iterable[float], limits: Sequence[float]
    ) -> list[str]:
        decimals = indicator.about.decimals
        unit = 10.0**-decimals
        known = list(values)
        lows = [min(known), *limits]
        highs = [*(limit - unit for limit in limits), max(known)]
        spans = zip(lows, highs, strict=True)
        pairs = [(words.number(low, decimals), words.number(high, decimals)) for low, high in spans]
        return [low if low == high else f"{low}–{high}" for low, high in pairs]

    def locator(
        self,
        words: Words,
        region: str,
        cities: Sequence[str],
        ident: str,
        title: str,
        description: str,
    ) -> Markup:
        """Draw one region large, with its districts, the country around it and its main cities."""
        topology, entry = self.topology, self.figures.regions[region]
        rings = topology.merged(entry.districts)
        points = [point for ring in rings for point in topology.points(ring)]
        box = Box.around(points, 640, 560, pad=24)
        own = set(entry.districts)
        out = self._open(ident, title, description, "img", box)
        out += HATCH.format(id=f"{ident}-hatch", size=10)
        around = "".join(
            topology.path(topology.areas[ags], box)
            for ags in sorted(topology.areas)
            if ags not in own and box.shows(*topology.bounds[ags])
        )
        out += Markup('<path class="around" d="{}"/>').format(around)
        shapes = Markup("")
        hatched = ""
        for ags in entry.districts:
            path = topology.path(topology.areas[ags], box, 1)
            name = words.district(self.figures.districts[ags])
            if ags in self.figures.shared:
                hatched += path
                others = [r for r in self.figures.regions_of[ags] if r != region]
                name += ": " + ", ".join(words.place(self.figures, other) for other in others)
            shapes += Markup('<path d="{}"><title>{}</title></path>').format(path, name)
        out += Markup('<g class="own">{}</g>').format(shapes)
        if hatched:
            out += Markup('<path class="shared" fill="url(#{}-hatch)" d="{}"/>').format(
                ident, hatched
            )
        out += Markup('<path class="outline" d="{}"/>').format(topology.path(rings, box, 1))
        for label in self.labels(box, entry.districts, cities):
            out += Markup(
                '<circle class="city" cx="{:g}" cy="{:g}" r="5"/>'
                '<text class="city-name" x="{:g}" y="{:g}"{}>{}</text>'
            ).format(
                label.x, label.y, label.x + (10 if label.anchor == "start" else -10), label.y + 6,
                Markup(' text-anchor="end"') if label.anchor == "end" else "", label.name,
            )  # fmt: skip
        return out + Markup("</svg>")

    def labels(self, box: Box, districts: Iterable[str], cities: Sequence[str]) -> list[Label]:
        """Return the names of cities that fit on a map without touching each other."""
        known = {
            self.figures.districts[ags].name: ags
            for ags in sorted(districts, reverse=True)
            if self.figures.districts[ags].city or self.figures.districts[ags].name in cities
        }
        placed: list[Label] = []
        taken: list[tuple[float, float, float, float]] = []
        for name in cities:
            ags = known.get(name)
            if ags is None:
                continue
            x, y = box.place(self.topology.centre([ags]))
            wide = 11.0 * len(name) + 12
            for anchor in ("start", "end"):
                left = x - 6 if anchor == "start" else x - wide
                area = (left, y - 12, left + wide + 6, y + 12)
                inside = area[0] >= 0 and area[2] <= box.width
                free = all(
                    area[2] < other[0]
                    or other[2] < area[0]
                    or area[3] < other[1]
                    or other[3] < area[1]
                    for other in taken
                )
                if inside and free:
                    taken.append(area)
                    placed.append(Label(x, y, name, anchor))
                    break
        return placed
