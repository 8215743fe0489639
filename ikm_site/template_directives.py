# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Blocks: parts of a page that a template writes from records or data.

A writer puts an empty directive into a page; the template `theme/ikm/blocks/<name>.html`
writes it when the page is written, when all records are known. The words stand in the
template, where gettext finds them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from markupsafe import Markup
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata
    from sphinx.writers.html5 import HTML5Translator

#: Computes what a block's template needs: (application, page, argument, options).
Compute = Callable[["Sphinx", str, str, Mapping[str, Any]], Mapping[str, Any]]


class block(nodes.General, nodes.Element):  # noqa: N801
    """The place of a block; `name`, `argument` and `options` say what goes there."""


def pages_with_blocks(env: BuildEnvironment) -> set[str]:
    """Pages that show other pages' records and so depend on them."""
    if not hasattr(env, "ikm_block_pages"):
        env.ikm_block_pages = set()  # type: ignore[attr-defined]
    result: set[str] = env.ikm_block_pages  # type: ignore[attr-defined]
    return result


def directive(
    name: str, *, argument: bool = False, **options: Callable[[str], Any]
) -> type[SphinxDirective]:
    """Make the directive that puts the block `name` into a page.

    Args:
        name: the name of the directive, the block and its template.
        argument: whether the directive takes an (optional) argument.
        options: converters of the options, as docutils has them.
    """

    class BlockDirective(SphinxDirective):
        has_content = False
        optional_arguments = 1 if argument else 0
        option_spec: ClassVar[dict[str, Callable[[str], Any]]] = options

        def run(self) -> list[nodes.Node]:
            node = block(
                name=name,
                argument=self.arguments[0].strip() if self.arguments else "",
                options=dict(self.options),
            )
            self.set_source_info(node)
            pages_with_blocks(self.env).add(self.env.docname)
            return [node]

    BlockDirective.__doc__ = f"The block `{name}`."
    return BlockDirective


def add_block(app: Sphinx, name: str, compute: Compute) -> None:
    """Register what the template `blocks/<name>.html` is given."""
    registry: dict[str, Compute] = app.__dict__.setdefault("ikm_blocks", {})
    registry[name] = compute


def render(app: Sphinx, docname: str, node: nodes.Element) -> str:
    """The HTML of a block on a page."""
    from ikm_site.languages import language

    registry: dict[str, Compute] = app.__dict__["ikm_blocks"]
    values = registry[node["name"]](app, docname, node["argument"], node["options"])

    def pathto(target: str, resource: int = 0) -> str:
        if resource:
            return "../" * docname.count("/") + target
        return app.builder.get_relative_uri(docname, target)

    context = {
        "docname": docname,
        "language": app.config.language,
        "site_language": language(app.config.language),
        "pathto": pathto,
        "Markup": Markup,
        **values,
    }
    html: str = app.builder.templates.render(f"blocks/{node['name']}.html", context)
    return html.strip() + "\n"


def _visit(self: HTML5Translator, node: block) -> None:
    app = self.builder.app
    self.body.append(render(app, self.builder.current_docname, node))
    raise nodes.SkipNode


def _skip(_self: object, _node: nodes.Node) -> None:
    raise nodes.SkipNode


def _purge(_app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    pages_with_blocks(env).discard(docname)


def _merge(
    _app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment
) -> None:
    pages_with_blocks(env).update(pages_with_blocks(other) & docnames)


def _shown(app: Sphinx, env: BuildEnvironment) -> str:
    """A fingerprint of everything that blocks show of other pages and of the data."""
    from ikm_site.frontmatter import records, untranslated

    seen = hashlib.sha256()
    for docname in sorted(env.found_docs):
        heading = env.titles[docname].astext() if docname in env.titles else ""
        german = sorted(untranslated(env).get(docname, ()))
        below = env.toctree_includes.get(docname)
        seen.update(repr((docname, heading, german, below, records(env).get(docname))).encode())
    for folder in ("data", "locales"):
        # Catalogues are read with their pages; what lies beside them is shown by blocks.
        for file in sorted((Path(app.srcdir) / folder).glob("*.*")):
            seen.update(f"{file}{file.stat().st_mtime_ns}".encode())
    return seen.hexdigest()


def _updated(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Write the pages with blocks again when something that they show has changed."""
    shown = _shown(app, env)
    if getattr(env, "ikm_blocks_shown", None) == shown:
        return []
    env.ikm_blocks_shown = shown  # type: ignore[attr-defined]
    return sorted(pages_with_blocks(env) & set(env.found_docs))


def _is_ours(template: str | None) -> bool:
    return template is not None and template.startswith(("blocks/", "partials/", "outputs/"))


def _escape(app: Sphinx) -> None:
    """Let our templates escape what they are given, which Sphinx's own do not.

    Titles, descriptions and sources are plain text, also where a translation of them says
    `<script>` or `"`. Templates of Sphinx and Furo are given HTML and stay as they are.
    """
    templates = getattr(app.builder, "templates", None)
    if templates is not None and hasattr(templates, "environment"):
        templates.environment.autoescape = _is_ours


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register blocks with Sphinx."""
    app.add_node(
        block,
        html=(_visit, None),
        latex=(_skip, None),
        text=(_skip, None),
        man=(_skip, None),
        texinfo=(_skip, None),
    )
    app.connect("builder-inited", _escape)
    app.connect("env-purge-doc", _purge)
    app.connect("env-merge-info", _merge)
    app.connect("env-updated", _updated)
    return {
        "version": "1",
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }


__all__ = ["Compute", "add_block", "block", "directive", "directives", "render", "setup"]
