"""Draw the outlines of districts and regions: ``data/geo/*.csv`` from ``kreise.topo.json``.

The files are part of the repository; run this again when the boundaries or the membership change:

    .venv/bin/pip install geopandas && .venv/bin/python -m tools.make_outlines

Outlines are SVG paths in transverse Mercator, y to the south, with the north-west corner of
Germany at 0, 0: districts in units of 100 m; regions, what they share and Germany in km. Each
region has a map of its own, too, with its districts and what lies around it, in pixels.
"""

from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ikm_site.indicators.maps import HEIGHT, WIDTH

GEO = Path(__file__).resolve().parent.parent / "data/geo"
COLUMNS = ["x", "y", "right", "bottom", "path"]
#: Bends of regions and Germany fall away if their triangle is smaller than the square of it, in km:
#: as many as leave each region its area to one per cent.
SMALLEST = 3.1
#: The map of a region; a centre is at `scale` times x and y, plus `left` and `top`.
REGION_MAP = ["scale", "left", "top", "area", "land", "borders", "around"]
#: Its margin in pixels.
MARGIN = 18


def svg_path(shape: shapely.Geometry) -> str:
    """Return polygons and lines as relative SVG paths with whole coordinates."""
    out = ""
    for part in shapely.get_parts(shapely.normalize(shape)):
        closed = part.geom_type == "Polygon"
        for line in (part.exterior, *part.interiors) if closed else (part,):
            points = np.rint(shapely.get_coordinates(line)).astype(int)
            steps = np.diff(points, axis=0)
            steps = steps[steps.any(axis=1)]
            steps = steps[:-1] if closed else steps
            if len(steps) > closed:  # what is smaller than a unit falls away
                text = " ".join(f"{x} {y}" for x, y in steps).replace(" -", "-")
                out += f"M{points[0][0]} {points[0][1]}l{text}{'z' if closed else ''}"
    return out


def region_map(districts: gpd.GeoSeries, keys: list[str]) -> list[object]:
    """Return the map of a region in pixels: how units become pixels, and what is drawn.

    A border is drawn once, not with each of the districts that it parts.
    """
    west, north, east, south = districts[keys].total_bounds
    scale = min((WIDTH - 2 * MARGIN) / (east - west), (HEIGHT - 2 * MARGIN) / (south - north))
    left, top = (WIDTH - scale * (west + east)) / 2, (HEIGHT - scale * (north + south)) / 2
    drawn = districts.affine_transform([scale, 0, 0, scale, left, top])
    own, others = drawn[keys], drawn.drop(keys)
    area, land = own.union_all(), drawn.union_all()
    edges = area.boundary | land.boundary
    window = shapely.box(-MARGIN, -MARGIN, WIDTH + MARGIN, HEIGHT + MARGIN)
    borders = own.boundary.union_all() - edges
    around = (others.boundary.union_all() - edges) & window
    shapes = area, land & window, shapely.line_merge(borders), shapely.line_merge(around)
    return [round(scale, 4), round(left, 1), round(top, 1), *map(svg_path, shapes)]


def write(name: str, columns: list[str], rows: Iterable[list[object]]) -> None:
    """Write a table."""
    pd.DataFrame(rows, columns=columns).to_csv(GEO / name, index=False, lineterminator="\n")


def outline(shape: shapely.Geometry) -> list[object]:
    """Return centre, right and lower edge and path of a shape."""
    places = [shape.centroid.x, shape.centroid.y, *shape.bounds[2:]]
    return [*np.rint(places).astype(int), svg_path(shape)]


def main() -> None:
    """Write both tables."""
    found = gpd.read_file(GEO / "kreise.topo.json", layer="kreise").set_index("id").geometry
    found = found.set_crs(4326, allow_override=True).to_crs("+proj=tmerc +lon_0=10.5").sort_index()
    left, _, _, top = found.total_bounds
    metres = found.affine_transform([1, 0, 0, -1, -left, top])
    districts = metres.scale(0.01, 0.01, origin=(0, 0))
    write("districts.csv", ["district", *COLUMNS], ([k, *outline(s)] for k, s in districts.items()))
    membership = pd.read_csv(GEO.parent / "membership.csv", dtype=str)
    members = membership.groupby("region", sort=False)["district"].agg(list).to_dict()
    parts = pd.read_csv(GEO.parent / "regions.csv").dropna(subset="part_of")["region"]
    of_whole = membership[~membership["region"].isin(parts)]["district"]
    shared = list(of_whole[of_whole.duplicated()])
    km = metres.scale(0.001, 0.001, origin=(0, 0)).simplify_coverage(SMALLEST)
    regions = []
    together = {"shared": shared} if shared else {}
    for region, keys in {**members, **together, "germany": list(km.index)}.items():
        drawn = region_map(districts, keys) if region in members else [""] * len(REGION_MAP)
        shape = shapely.union_all(km[keys])
        regions.append([region, " ".join(sorted(keys)), *outline(shape), *drawn])
    write("regions.csv", ["region", "districts", *COLUMNS, *REGION_MAP], regions)


if __name__ == "__main__":
    main()
