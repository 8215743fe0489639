# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""What the build of one language leaves for the site as a whole.

Each language is built on its own; sitemap and redirects concern all of them. A build puts
what it knows into a hidden folder of its result, which `ikm_site.whole` takes out again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from ikm_site.lists import generated, last_change

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

#: The hidden folder, and the list of pages in it.
NAME = ".handover"
PAGES = "pages.json"

#: Pages that nobody shall find by a search engine.
HIDDEN = frozenset({"404", "search"})


def folder(out: Path) -> Path:
    """The folder in the result of a build."""
    return out / NAME


def _write(app: Sphinx, exception: Exception | None) -> None:
    """Write the page list: for each address the day of its last change, or null."""
    if exception or app.builder.name != "html":
        return
    names = {*app.env.found_docs, *generated(app)} - HIDDEN
    pages: dict[str, str | None] = {}
    for name in sorted(names):
        stand = last_change(app, name)
        # A month or a year is no day: rather none than a wrong one.
        day = stand.exact if stand is not None else None
        pages[app.builder.get_target_uri(name)] = day.isoformat() if day else None
    target = folder(Path(app.outdir))
    target.mkdir(exist_ok=True)
    content = {"site_url": app.config.site_url, "pages": pages}
    (target / PAGES).write_text(json.dumps(content, indent=1), encoding="utf-8")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the list of pages with Sphinx."""
    app.connect("build-finished", _write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
