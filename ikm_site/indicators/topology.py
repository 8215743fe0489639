# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Boundaries: reading TopoJSON, projecting, merging areas and writing short SVG paths.

Neighbours share arcs, so a merged region is the arcs that only one of its districts uses.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from ikm_site.problems import Problem, ProblemsError

XY = tuple[float, float]
Arc = tuple[XY, ...]
#: Signed one-based numbers of arcs; a negative one is walked backwards.
Ring = tuple[int, ...]

#: The central meridian of the map in degrees; that of Germany is about 10.5.
MERIDIAN = 10.5


def project(longitude: float, latitude: float) -> XY:
    """Return transverse Mercator coordinates on the unit sphere, y upwards, for degrees."""
    lam, phi = math.radians(longitude - MERIDIAN), math.radians(latitude)
    return (
        math.atanh(math.cos(phi) * math.sin(lam)),
        math.atan2(math.tan(phi), math.cos(lam)),
    )


def _area(points: Sequence[XY]) -> tuple[float, float, float]:
    """Return twice the signed area of a ring and its first moments."""
    total = mx = my = 0.0
    for (x0, y0), (x1, y1) in zip(points, [*points[1:], points[0]], strict=True):
        cross = x0 * y1 - x1 * y0
        total += cross
        mx += (x0 + x1) * cross
        my += (y0 + y1) * cross
    return total, mx, my


@dataclass(frozen=True)
class Box:
    """The part of the plane that a drawing shows, and its size in units of the drawing."""

    left: float
    top: float
    scale: float
    width: int
    height: int

    @classmethod
    def around(
        cls, points: Iterable[XY], width: int, height: int | None = None, pad: int = 4
    ) -> Box:
        """Return the box of a width (and at most a height) in which all points lie, centred."""
        xs, ys = zip(*points, strict=True)
        left, right, bottom, top = min(xs), max(xs), min(ys), max(ys)
        scale = (width - 2 * pad) / (right - left)
        if height is not None:
            scale = min(scale, (height - 2 * pad) / (top - bottom))
        tall = height if height is not None else math.ceil((top - bottom) * scale + 2 * pad)
        return cls(
            (left + right) / 2 - width / scale / 2, (top + bottom) / 2 + tall / scale / 2,
            scale, width, tall,
        )  # fmt: skip

    def place(self, point: XY, digits: int = 0) -> XY:
        """Return a point in units of the drawing, rounded to ``digits`` decimals."""
        x, y = (point[0] - self.left) * self.scale, (self.top - point[1]) * self.scale
        return round(x, digits), round(y, digits)

    def shows(self, low: XY, high: XY) -> bool:
        """Whether a rectangle touches the drawing, given by its corners."""
        left, bottom = self.place(low)
        right, top = self.place(high)
        return right > 0 and left < self.width and bottom > 0 and top < self.height


def _short(value: float) -> str:
    """Return a number for a path: `.5`, `-3`, `12.4`."""
    text = f"{value:.1f}".removesuffix(".0")
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def _ring_path(points: Sequence[XY]) -> str:
    """Return a closed relative path; points that coincide after rounding are left out."""
    kept = [points[0]]
    for point in points[1:]:
        if point != kept[-1]:
            kept.append(point)
    if len(kept) > 1 and kept[-1] == kept[0]:
        kept.pop()
    if len(kept) < 3:
        return ""
    out = f"M{_short(kept[0][0])} {_short(kept[0][1])}l"
    steps = []
    for (x0, y0), (x1, y1) in pairwise(kept):
        dx, dy = _short(round(x1 - x0, 1)), _short(round(y1 - y0, 1))
        steps.append(dx + (dy if dy.startswith("-") else " " + dy))
    for index, step in enumerate(steps):
        out += step if index == 0 or step.startswith("-") else " " + step
    return out + "z"


@dataclass(frozen=True)
class Topology:
    """Arcs in projected coordinates, and the rings of each area by object and id."""

    arcs: tuple[Arc, ...]
    areas: dict[str, tuple[Ring, ...]]
    country: tuple[Ring, ...]

    def points(self, ring: Ring) -> list[XY]:
        """Return the points of a ring; the last one is not the first again."""
        found: list[XY] = []
        for number in ring:
            arc = self.arcs[abs(number) - 1]
            found += (arc if number > 0 else arc[::-1])[:-1]
        return found

    @cached_property
    def bounds(self) -> dict[str, tuple[XY, XY]]:
        """The rectangle around each area, by its lower left and its upper right corner."""
        found: dict[str, tuple[XY, XY]] = {}
        for area, rings in self.areas.items():
            numbers = {abs(number) - 1 for ring in rings for number in ring}
            xs, ys = zip(*(point for number in numbers for point in self.arcs[number]), strict=True)
            found[area] = (min(xs), min(ys)), (max(xs), max(ys))
        return found

    @cached_property
    def outline(self) -> list[XY]:
        """Every point of the country's border."""
        return [point for ring in self.country for point in self.points(ring)]

    def merged(self, ids: Iterable[str]) -> tuple[Ring, ...]:
        """Return the rings around areas taken together: inner borders fall away."""
        uses: dict[int, int] = {}
        for area in sorted(set(ids)):
            for ring in self.areas[area]:
                for number in ring:
                    uses[abs(number)] = uses.get(abs(number), 0) + 1
        outer = [
            number
            for area in sorted(set(ids))
            for ring in self.areas[area]
            for number in ring
            if uses[abs(number)] == 1
        ]
        starts: dict[XY, list[int]] = {}
        for number in outer:
            starts.setdefault(self._ends(number)[0], []).append(number)
        rings: list[Ring] = []
        left = set(outer)
        for number in outer:
            if number not in left:
                continue
            chain = [number]
            left.discard(number)
            first, last = self._ends(number)
            while last != first:
                following = next(n for n in starts[last] if n in left)
                chain.append(following)
                left.discard(following)
                last = self._ends(following)[1]
            rings.append(tuple(chain))
        return tuple(rings)

    def _ends(self, number: int) -> tuple[XY, XY]:
        arc = self.arcs[abs(number) - 1]
        return (arc[0], arc[-1]) if number > 0 else (arc[-1], arc[0])

    def path(self, rings: Iterable[Ring], box: Box, digits: int = 0) -> str:
        """Return the SVG path of rings in a drawing; islands smaller than a unit fall away."""
        return "".join(
            _ring_path([box.place(point, digits) for point in self.points(ring)]) for ring in rings
        )

    def centre(self, ids: Iterable[str]) -> XY:
        """Return the centre of gravity of areas taken together."""
        total = mx = my = 0.0
        for area in sorted(set(ids)):
            for ring in self.areas[area]:
                a, x, y = _area(self.points(ring))
                total, mx, my = total + a, mx + x, my + y
        return mx / total / 3, my / total / 3


def _rings(geometry: dict[str, object]) -> list[list[int]]:
    arcs = geometry["arcs"]
    assert isinstance(arcs, list)
    polygons = [arcs] if geometry["type"] == "Polygon" else arcs
    return [ring for polygon in polygons for ring in polygon]


def read_topology(path: Path) -> Topology:
    """Read boundaries from TopoJSON with the objects `kreise` and `deutschland`.

    Raises:
        ProblemsError: the file is missing or not such a topology.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        (sx, sy), (tx, ty) = raw["transform"]["scale"], raw["transform"]["translate"]
        arcs: list[Arc] = []
        for arc in raw["arcs"]:
            x = y = 0
            points: list[XY] = []
            for dx, dy in arc:
                x, y = x + dx, y + dy
                points.append(project(x * sx + tx, y * sy + ty))
            arcs.append(tuple(points))

        def signed(ring: list[int]) -> Ring:
            return tuple(number + 1 if number >= 0 else number for number in ring)

        areas = {
            str(geometry["id"]): tuple(signed(ring) for ring in _rings(geometry))
            for geometry in raw["objects"]["kreise"]["geometries"]
        }
        country = tuple(
            signed(ring)
            for geometry in raw["objects"]["deutschland"]["geometries"]
            for ring in _rings(geometry)
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        wrong = f"kein TopoJSON mit den Objekten kreise und deutschland ({error!r})"
        raise ProblemsError([Problem(f"data/{path.name}", 0, wrong)]) from None
    return Topology(tuple(arcs), areas, country)
