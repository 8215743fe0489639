# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""What the site says about its translations: a note where parts are missing, and terms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from ikm_site import glossary, message_catalogues
from ikm_site.domain import domain
from ikm_site.languages import SOURCE, TRANSLATIONS, Language
from ikm_site.myst_translation import has_catalogue
from ikm_site.template_directives import TemplateDirective
from ikm_site.templates import add_functions

#: The page that says how to help; without it the note has no link.
HELP = "about/translation"


def _glossary(app: Sphinx) -> tuple[Language, tuple[Language, ...], list[Any]]:
    """The source language, the others, and each German term with those of the others."""
    path = Path(app.srcdir) / glossary.FILE
    columns = [
        {term.german: term for term in glossary.read(path, language.code)}
        for language in TRANSLATIONS
        if path.is_file()
    ]
    german = sorted({name for terms in columns for name in terms}, key=_alphabetical)
    return SOURCE, TRANSLATIONS, [(name, [each.get(name) for each in columns]) for name in german]


def _alphabetical(name: str) -> str:
    """The place of a German word in the alphabet: ä like a, small like capital letters."""
    return name.lower().translate(str.maketrans("äöü", "aou")).replace("ß", "ss")


def is_incomplete(app: Sphinx, page: str, doctree: nodes.document | None) -> bool:
    """Whether parts of a page are shown in the source language."""
    code = app.config.language
    if code == SOURCE.code or doctree is None:
        return False
    if not has_catalogue(app.env, page) or domain(app.env).data["untranslated"].get(page):
        return True
    words = message_catalogues.read(app.srcdir, code, message_catalogues.INTERFACE)
    if words is None or not words.complete:
        return True
    mark = f"language-{SOURCE.code}"
    # Names within a text (`german_names`) are German also in a translation.
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


def _read(app: Sphinx, page: str, _source: list[str]) -> None:
    """The page with the terms is written again when the glossary changes."""
    if page == HELP and (Path(app.srcdir) / glossary.FILE).is_file():
        app.env.note_dependency(glossary.FILE)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the note and the glossary with Sphinx."""
    app.setup_extension("ikm_site.german_names")
    app.add_directive("terms", TemplateDirective)
    add_functions(app, glossary=_glossary)
    app.connect("html-page-context", _context)
    app.connect("source-read", _read)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
