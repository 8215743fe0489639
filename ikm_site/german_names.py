# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Mark terms of `locales/glossary.csv` that stand in another language than their page (WCAG 3.1.2).

These are names that stay German in a translation, and in the glossary for readers a term's
equivalent at the end of its definition.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from ikm_site import glossary
from ikm_site.domain import once_per_build
from ikm_site.languages import SOURCE, TRANSLATIONS

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

Pattern = re.Pattern[str]


def _one_of(names: Iterable[str], around: str) -> Pattern:
    """Finds the names in a text, with and without what is in brackets, each in a group."""
    single = {part for name in names for part in name.split("; ")}
    single |= {re.sub(r"\s*\([^()]*\)", "", name) for name in single}
    ordered = sorted(single, key=lambda name: (-len(name), name))
    return re.compile(around.replace("NAME", "|".join(map(re.escape, ordered)) or "(?!)"))


@once_per_build
def _patterns(app: Sphinx) -> list[tuple[type[nodes.Node], Pattern, str]]:
    """Below which node to look for what, and its language."""
    path = Path(app.srcdir) / glossary.FILE
    if not path.is_file():
        return []
    last = r"(?<=: )(NAME)(?=\.$)"
    if app.config.language == SOURCE.code:
        return [
            (nodes.definition, _one_of((t.translation for t in terms), last), entry.code)
            for entry in TRANSLATIONS
            if (terms := glossary.read(path, entry.code))
        ]
    terms = glossary.read(path, app.config.language)
    kept = [term.german for term in terms if term.german == term.translation]
    return [
        (nodes.definition, _one_of((term.german for term in terms), last), SOURCE.code),
        (nodes.document, _one_of(kept, r"\b(NAME)\b"), SOURCE.code),
    ]


class MarkOtherLanguages(SphinxPostTransform):
    """Put each such name into a node that carries its language."""

    default_priority = 910
    formats = ("html",)

    def run(self, **_kwargs: Any) -> None:
        """Mark the names of the document."""
        for kind, pattern, code in _patterns(self.app):
            for place in list(self.document.findall(kind)):
                for text in list(place.findall(nodes.Text)):
                    _mark(text, pattern, f"language-{code}")


def _mark(text: nodes.Text, pattern: Pattern, language: str) -> None:
    """Every second part of the text is a name; docutils writes such a class as `lang`."""
    parts = pattern.split(text.astext())
    marked = language in text.parent.get("classes", ())
    if len(parts) > 1 and not marked and not isinstance(text.parent, nodes.FixedTextElement):
        text.parent.replace(text, [
            nodes.inline("", part, classes=[language]) if at % 2 else nodes.Text(part)
            for at, part in enumerate(parts)
        ])  # fmt: skip


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the marking with Sphinx."""
    app.add_post_transform(MarkOtherLanguages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
