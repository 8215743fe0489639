# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Around each page: tables of contents, templates, doctrees in memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import MethodType
from typing import TYPE_CHECKING, Any

import docutils.utils
import jinja2
import sphinx.builders.html

from ikm_site.speed.upstream import Replacement

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

#: Where compiled templates are kept.
CACHE = "_build/cache/templates"

#: So many doctrees stay in memory between reading and writing, about 0.1 MB each.
DOCTREES = 300


def let_go(app: Sphinx, env: BuildEnvironment, _docname: str) -> None:
    """Keep the doctrees of so many pages only; Sphinx reads the others back from its files."""
    if app.config.ikm_speed and len(env._write_doc_doctree_cache) > DOCTREES:
        env._write_doc_doctree_cache.popitem()


def let_go_of_pickles(app: Sphinx, *_page: object) -> None:
    """Forget a doctree that was read back: its page is written once."""
    if app.config.ikm_speed:
        app.env._pickled_doctree_cache.clear()


def prepare(app: Sphinx) -> None:
    """Trust the templates, and compile them once: they belong to the program."""
    environment: Any = getattr(getattr(app.builder, "templates", None), "environment", None)
    if not app.config.ikm_speed or environment is None:
        return
    environment.auto_reload = False
    cache = Path(app.srcdir) / CACHE
    cache.mkdir(parents=True, exist_ok=True)
    # Each compiled template lies there by the hash of its source.
    environment.bytecode_cache = jinja2.FileSystemBytecodeCache(
        str(cache), f"%s.jinja-{jinja2.__version__}"
    )
    # Sphinx takes Jinja's sandbox, which looks at every attribute and call of a template.
    environment.sandboxed = False
    for name in ("getattr", "getitem"):
        setattr(environment, name, MethodType(getattr(jinja2.Environment, name), environment))


def _contents(_original: Callable[..., Any]) -> Callable[..., None]:
    """Make no table of contents of a page: our templates have their own (`page-contents`).

    Sphinx copies and writes one for each page; Furo looks whether it is empty.
    """

    def document_toc(*_arguments: Any, **_options: Any) -> None:
        return None

    return document_toc


def _stylesheets(original: Callable[[Any], list[str]]) -> Callable[[Any], list[str]]:
    """Look for docutils' own style sheets once, not for each page and each of its titles."""
    known: dict[str, list[str]] = {}

    def get_stylesheet_list(settings: Any) -> list[str]:
        wanted = settings.stylesheet, settings.stylesheet_path, settings.stylesheet_dirs
        key = repr(wanted)
        if key not in known:
            known[key] = original(settings)
        return list(known[key])

    return get_stylesheet_list


REPLACEMENTS = (
    Replacement(
        docutils.utils, "get_stylesheet_list", frozenset({"cd073d6234944ec5"}), _stylesheets
    ),
    Replacement(sphinx.builders.html, "document_toc", frozenset({"fe51141ec29c8591"}), _contents),
)
