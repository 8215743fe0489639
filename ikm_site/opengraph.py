# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The picture that other programs show beside a link to the site: the eleven points.

Drawn at build time without any text, so without fonts: the same bytes on every machine.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import vl_convert

from ikm_site.languages import LANGUAGES, SOURCE, language

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

#: One picture for all languages, below the site's root.
PATH = "_static/preview.png"
#: In pixels, as Open Graph's readers want it.
WIDTH, HEIGHT = 1200, 630


def _context(
    app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Tell the templates what Open Graph needs."""
    current = language(app.config.language)
    context["preview"] = {"url": app.config.site_url + PATH, "width": WIDTH, "height": HEIGHT}
    context["locale"] = current.locale
    context["other_locales"] = [entry.locale for entry in LANGUAGES if entry is not current]


def _write(app: Sphinx, exception: Exception | None) -> None:
    """Draw the picture."""
    if exception or app.builder.name != "html" or app.config.language != SOURCE.code:
        return
    drawing = app.builder.templates.render(
        "partials/preview.svg.html", {"width": WIDTH, "height": HEIGHT}
    )
    png = vl_convert.svg_to_png(drawing.strip(), scale=1)
    (Path(app.outdir) / PATH).write_bytes(png)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the picture with Sphinx."""
    app.connect("html-page-context", _context)
    app.connect("build-finished", _write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
