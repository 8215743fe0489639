# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Blocks: parts of a page that a template writes from records or data.

A writer puts an empty directive into a page; the template `theme/ikm/blocks/<name>.html`
writes it when the page is written, when all records are known. The words stand in the
template, where gettext finds them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from markupsafe import Markup
from sphinx.util.docutils import SphinxDirective

from ikm_site.domain import pages_with_blocks
from ikm_site.languages import language

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata
    from sphinx.writers.html5 import HTML5Translator

#: Computes what a block's template needs: (application, page, argument, options).
Compute = Callable[["Sphinx", str, str, Mapping[str, Any]], Mapping[str, Any]]


class block(nodes.General, nodes.Element):  # noqa: N801
    """The place of a block; `name`, `argument` and `options` say what goes there."""


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
    """Register what the template `blocks/<name>.html` is given: the answer to an event."""
    app.add_event(f"block-{name}")
    app.connect(f"block-{name}", compute)


def render(app: Sphinx, docname: str, node: nodes.Element) -> str:
    """The HTML of a block on a page."""
    name = node["name"]
    values = app.emit_firstresult(f"block-{name}", docname, node["argument"], node["options"])

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
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


__all__ = ["Compute", "add_block", "block", "directive", "directives", "render", "setup"]
