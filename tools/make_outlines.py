# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Draw the outlines of districts and regions: ``data/geo/*.csv`` from ``kreise.topo.json``.

The files are part of the repository; run this again when the boundaries or the membership change:

    .venv/bin/pip install geopandas && .venv/bin/python tools/make_outlines.py

Outlines are SVG paths in transverse Mercator, y to the south, with the north-west corner of
Germany at 0, 0: districts in units of 100 m, regions and Germany in km.
"""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

GEO = Path(__file__).resolve().parent.parent / "data/geo"
COLUMNS = ["x", "y", "left", "top", "right", "bottom", "outline"]


def path(shape: shapely.Geometry) -> str:
    """Return the rings of a shape as closed relative SVG paths with whole coordinates."""
    out = ""
    for polygon in shapely.get_parts(shapely.normalize(shape)):
        for ring in (polygon.exterior, *polygon.interiors):
            points = np.rint(shapely.get_coordinates(ring)).astype(int)
            steps = np.diff(points, axis=0)
            steps = steps[steps.any(axis=1)][:-1]
            if len(steps) > 1:  # an island smaller than a unit falls away
                line = " ".join(f"{x} {y}" for x, y in steps).replace(" -", "-")
                out += f"M{points[0][0]} {points[0][1]}l{line}z"
    return out


def write(name: str, header: list[str], shapes: Mapping[tuple[str, ...], shapely.Geometry]) -> None:
    """Write a table: the columns of the header, then centre, bounds and outline."""
    with (GEO / name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([*header, *COLUMNS])
        for columns, shape in shapes.items():
            places = np.rint([shape.centroid.x, shape.centroid.y, *shape.bounds]).astype(int)
            writer.writerow([*columns, *places, path(shape)])


def main() -> None:
    """Write both tables."""
    found = gpd.read_file(GEO / "kreise.topo.json", layer="kreise").set_index("id").geometry
    found = found.set_crs(4326, allow_override=True).to_crs("+proj=tmerc +lon_0=10.5").sort_index()
    left, _, _, top = found.total_bounds
    metres = found.affine_transform([1, 0, 0, -1, -left, top])
    districts = metres.scale(0.01, 0.01, origin=(0, 0))
    write("districts.csv", ["district"], {(ags,): shape for ags, shape in districts.items()})
    with (GEO.parent / "membership.csv").open(encoding="utf-8") as stream:
        members: dict[str, list[str]] = {}
        for row in csv.DictReader(stream):
            members.setdefault(row["region"], []).append(row["district"])
    km = metres.scale(0.001, 0.001, origin=(0, 0))
    regions: dict[tuple[str, ...], Any] = {
        (region, " ".join(sorted(keys))): shapely.union_all(km[keys])
        for region, keys in {**members, "germany": list(km.index)}.items()
    }
    write("regions.csv", ["region", "districts"], regions)


if __name__ == "__main__":
    main()
