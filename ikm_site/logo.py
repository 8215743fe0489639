# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The eleven points: the centres of the regions as they lie on the map, the site's own mark.

They are computed from the boundaries and the membership in `data/`, so that a further
region is a further point of the wordmark, the favicon and the drawing on the home page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ikm_site.indicators.extension import centres, points_on_the_map
from ikm_site.listings import regions
from ikm_site.template_directives import add_block, directive

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


@dataclass(frozen=True)
class Point:
    """The centre of a region: x to the east and y to the south, in units of the box."""

    region: str
    x: float
    y: float


def fit(places: Mapping[str, tuple[float, float]], size: float, margin: float) -> Sequence[Point]:
    """The centres of the regions, scaled into a square box with a margin."""
    xs, ys = zip(*places.values(), strict=True)
    span = max(max(xs) - min(xs), max(ys) - min(ys)) or 1.0
    scale = (size - 2 * margin) / span
    left = (size - (max(xs) - min(xs)) * scale) / 2
    top = (size - (max(ys) - min(ys)) * scale) / 2
    return [
        Point(name, round(left + (x - min(xs)) * scale, 1), round(top + (y - min(ys)) * scale, 1))
        for name, (x, y) in places.items()
    ]


def _prepare(app: Sphinx) -> None:
    if app.builder.format != "html":
        return
    environment = app.builder.templates.environment
    environment.globals["region_points"] = partial(fit, centres(app))


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
    # Behind the figures (500), which read the boundaries.
    app.connect("builder-inited", _prepare, priority=600)
    app.connect("build-finished", _favicon)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
