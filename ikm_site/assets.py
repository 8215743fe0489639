# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The files beside the pages: a small style sheet with a lasting name, nothing unused.

The style sheet is minified and carries the hash of its content in its name, so that browsers
may keep it for good. What Sphinx and Furo bring along and no page loads is not published.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rcssmin

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

STYLE = "site.css"
#: Pages that show what the frame loads; Sphinx makes all pages by the same templates.
_SAMPLES = ("index.html", "404.html", "search.html")


def fingerprinted(name: str, content: bytes) -> str:
    """The name with the hash of the content in it: `site.3fa9c1d2.css`."""
    stem, _, ending = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:8]}.{ending}"


def _write_style(app: Sphinx, builder: Any) -> None:
    """Write the style sheet and tell the templates its name."""
    if builder.format != "html":
        return
    source = (Path(app.confdir) / "theme/ikm/static" / STYLE).read_text(encoding="utf-8")
    content = (rcssmin.cssmin(source) + "\n").encode("utf-8")
    name = fingerprinted(STYLE, content)
    folder = Path(app.outdir) / "_static"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    builder.templates.environment.globals["stylesheet"] = f"_static/{name}"


def _brought_along(builder: Any) -> Iterator[str]:
    """The names below `_static` that Sphinx and its themes put there."""
    for folder in builder.theme.get_theme_dirs():
        static = Path(folder) / "static"
        for file in static.rglob("*"):
            yield re.sub(r"(_t|\.jinja)$", "", file.relative_to(static).as_posix())
    yield from ("pygments.css", "pygments_dark.css", STYLE)


def _remove_unused(app: Sphinx, exception: Exception | None) -> None:
    builder: Any = app.builder
    if exception or builder.format != "html":
        return
    out = Path(app.outdir)
    pages = [out / name for name in _SAMPLES if (out / name).is_file()]
    loaded = set[str]()
    for page in pages:
        loaded |= set(re.findall(r"_static/([\w./-]+)", page.read_text(encoding="utf-8")))
    for name in sorted({*_brought_along(builder)} - loaded):
        if (out / "_static" / name).is_file():
            (out / "_static" / name).unlink()
    for folder in (*(out / "_static").iterdir(), out / "_sources"):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the care for files with Sphinx."""
    app.connect("write-started", _write_style)
    # Behind Furo, which writes its colours of code at the end (500).
    app.connect("build-finished", _remove_unused, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
