# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The note on pages whose translation is not complete."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from ikm_site import message_catalogues
from ikm_site.domain import domain
from ikm_site.languages import SOURCE

#: The page that says how to help; without it the note has no link.
HELP = "about/translation"


def is_incomplete(app: Sphinx, page: str, doctree: nodes.document | None) -> bool:
    """Whether parts of a page are shown in the source language."""
    code = app.config.language
    if code == SOURCE.code or doctree is None:
        return False
    if domain(app.env).data["untranslated"].get(page):
        return True
    words = message_catalogues.read(app.srcdir, code, message_catalogues.INTERFACE)
    if words is None or not words.complete:
        return True
    mark = f"language-{SOURCE.code}"
    # Names within a text (`ikm_site.glossary`) are German also in a translation.
    return any(
        mark in node["classes"]
        for node in doctree.findall(nodes.Element)
        if not isinstance(node, nodes.inline)
    )


def _context(
    app: Sphinx,
    pagename: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    context["incomplete"] = is_incomplete(app, pagename, doctree)
    context["help_page"] = HELP if HELP in app.env.found_docs else ""


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the note with Sphinx."""
    app.connect("html-page-context", _context)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
