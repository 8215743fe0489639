# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Mark names that stay German in a translation with `lang="de"` (WCAG 3.1.2).

The names are the terms of `locales/glossary.csv` whose translation is the same as the German.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from ikm_site import glossary
from ikm_site.languages import SOURCE

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata
    from sphinx.writers.html5 import HTML5Translator


class german_name(nodes.Inline, nodes.TextElement):  # noqa: N801
    """A German name in a text of another language."""


@functools.lru_cache(maxsize=8)
def _pattern(path: Path, _changed: int, code: str) -> re.Pattern[str] | None:
    """Finds the names, the longest first, each in a group; None without any."""
    names = {
        re.sub(r"\s*\([^()]*\)", "", term.german)
        for term in glossary.read(path, code)
        if term.german == term.translation
    }
    ordered = sorted(names, key=lambda name: (-len(name), name))
    return re.compile(rf"\b({'|'.join(map(re.escape, ordered))})\b") if names else None


class MarkGermanNames(SphinxPostTransform):
    """Put each German name in the text of a translated page into a node of its own."""

    default_priority = 910
    formats = ("html",)

    def run(self, **_kwargs: Any) -> None:
        """Mark the names of the document."""
        path = Path(self.app.srcdir) / glossary.FILE
        if self.config.language == SOURCE.code or not path.is_file():
            return
        pattern = _pattern(path, path.stat().st_mtime_ns, self.config.language)
        if pattern is None:
            return
        for text in list(self.document.findall(nodes.Text)):
            parts = pattern.split(text.astext())
            if len(parts) > 1 and not isinstance(text.parent, nodes.FixedTextElement):
                text.parent.replace(text, [_node(part, at) for at, part in enumerate(parts)])


def _node(part: str, at: int) -> nodes.Node:
    """Every second part of a text is a name."""
    return german_name("", part) if at % 2 else nodes.Text(part)


def _visit(self: HTML5Translator, _node: german_name) -> None:
    self.body.append(f'<span lang="{SOURCE.code}">')


def _depart(self: HTML5Translator, _node: german_name) -> None:
    self.body.append("</span>")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the marking with Sphinx."""
    app.add_node(german_name, html=(_visit, _depart))
    app.add_post_transform(MarkGermanNames)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
