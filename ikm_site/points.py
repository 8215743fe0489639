# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The eleven points: the centres of the regions as they lie on the map, the site's own mark.

They are computed from the boundaries and the membership in `data/`, so that a further
region is a further point of the wordmark, the favicon and the drawing on the home page.
"""

from __future__ import annotations

import csv
import json
import math
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ikm_site.blocks import add_block, directive
from ikm_site.figures.extension import points_on_the_map
from ikm_site.lists import regions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

BOUNDARIES = Path("data/kreise.topo.json")
MEMBERSHIP = Path("data/membership.csv")

#: A degree of longitude is this much shorter than one of latitude in the middle of Germany.
_SHRINK = math.cos(math.radians(51.2))

Ring = list[tuple[float, float]]


@dataclass(frozen=True)
class Point:
    """The centre of a region: x to the east and y to the south, in units of the box."""

    region: str
    x: float
    y: float


def _arcs(topology: dict[str, Any]) -> list[Ring]:
    """Decode the arcs of a quantised TopoJSON into longitude and latitude."""
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    decoded = []
    for arc in topology["arcs"]:
        x = y = 0
        line: Ring = []
        for step in arc:
            x, y = x + step[0], y + step[1]
            line.append((x * kx + dx, y * ky + dy))
        decoded.append(line)
    return decoded


def _rings(geometry: dict[str, Any], arcs: list[Ring]) -> list[Ring]:
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    rings = []
    for polygon in polygons:
        for indices in polygon:
            ring: Ring = []
            for index in indices:
                ring += arcs[index] if index >= 0 else arcs[~index][::-1]
            rings.append(ring)
    return rings


def _moments(rings: Iterable[Ring]) -> tuple[float, float, float]:
    """Signed area and first moments of rings, in square degrees of latitude."""
    area = sx = sy = 0.0
    for ring in rings:
        flat = [(lon * _SHRINK, -lat) for lon, lat in ring]
        for (x1, y1), (x2, y2) in zip(flat, flat[1:] + flat[:1], strict=True):
            cross = x1 * y2 - x2 * y1
            area += cross / 2
            sx += (x1 + x2) * cross / 6
            sy += (y1 + y2) * cross / 6
    return area, sx, sy


def centres(root: Path) -> dict[str, tuple[float, float]]:
    """The centre of each region's area in a plane: x to the east, y to the south.

    Raises:
        OSError: a file of `data/` is missing.
        KeyError: the membership names a district that has no boundary.
    """
    topology = json.loads((root / BOUNDARIES).read_text("utf-8"))
    arcs = _arcs(topology)
    shapes = {
        geometry["id"]: _moments(_rings(geometry, arcs))
        for geometry in topology["objects"]["kreise"]["geometries"]
    }
    sums: dict[str, list[float]] = {}
    with (root / MEMBERSHIP).open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            total = sums.setdefault(row["region"], [0.0, 0.0, 0.0])
            for number, part in enumerate(shapes[row["district"]]):
                total[number] += part
    return {region: (sx / area, sy / area) for region, (area, sx, sy) in sums.items()}


def fit(
    places: dict[str, tuple[float, float]], names: Sequence[str], size: float, margin: float
) -> list[Point]:
    """The points of the named regions, scaled into a square box with a margin."""
    chosen = {name: places[name] for name in names if name in places}
    if not chosen:
        return []
    xs, ys = zip(*chosen.values(), strict=True)
    span = max(max(xs) - min(xs), max(ys) - min(ys)) or 1.0
    scale = (size - 2 * margin) / span
    left = (size - (max(xs) - min(xs)) * scale) / 2
    top = (size - (max(ys) - min(ys)) * scale) / 2
    return [
        Point(name, round(left + (x - min(xs)) * scale, 1), round(top + (y - min(ys)) * scale, 1))
        for name, (x, y) in chosen.items()
    ]


def _prepare(app: Sphinx) -> None:
    if app.builder.format != "html":
        return
    places = centres(Path(app.srcdir))
    app.__dict__["ikm_centres"] = places
    # Only regions have a page; parts of one are not drawn.
    names = sorted(page.stem for page in (Path(app.srcdir) / "regions").glob("*.md"))
    environment = app.builder.templates.environment
    environment.globals["region_points"] = partial(fit, places, names)


def _drawing(app: Sphinx, page: str, _arg: str, _options: object) -> dict[str, Any]:
    return {"items": regions(app.env), "drawing": points_on_the_map(app, page)}


def _favicon(app: Sphinx, exception: Exception | None) -> None:
    """Write the mark as the site's icon."""
    if exception or app.builder.format != "html":
        return
    icon = app.builder.templates.render("partials/favicon.svg.html", {})
    target = Path(app.outdir) / "_static" / "favicon.svg"
    target.write_text(icon.strip() + "\n", encoding="utf-8")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the points with Sphinx."""
    app.add_directive("region-points", directive("region-points"))
    add_block(app, "region-points", _drawing)
    app.connect("builder-inited", _prepare)
    app.connect("build-finished", _favicon)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
