"""Blocks: parts of a page that a template writes from records or data.

A writer puts an empty directive into a page; the template `theme/ikm/blocks/<name>.html`
writes it when the page is written, when all records are known. The words stand in the
template, where gettext finds them. What a template can ask for are the functions that
extensions give to all templates (`ikm_site.templates`).
"""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from ikm_site.domain import records


class block(nodes.General, nodes.Element):  # noqa: N801
    """The place of a block; `name` and perhaps `argument` and `options` say what goes there."""


class TemplateDirective(SphinxDirective):
    """Puts the block of the same name into the page."""

    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {"limit": directives.positive_int}

    def run(self) -> list[nodes.Node]:
        """Return the place of the block."""
        argument = self.arguments[0].strip() if self.arguments else ""
        return [block(name=self.name, argument=argument, options=self.options)]


def _visit(self: HTML5Translator, node: block) -> None:
    app, docname = self.builder.app, self.builder.current_docname
    context = {
        "docname": docname,
        "argument": node.get("argument", ""),
        "options": node.get("options", {}),
        "record": records(app.env).get(docname),
        "language": app.config.language,
        "content_root": "../" * docname.count("/"),
        "pathto": partial(app.builder.get_relative_uri, docname),
    }
    html = app.builder.templates.render(f"blocks/{node['name']}.html", context).strip()
    self.body.append(f"{html}\n" if html else "")
    raise nodes.SkipNode


def _skip(_self: object, _node: nodes.Node) -> None:
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Register blocks with Sphinx."""
    app.add_node(block, html=(_visit, None), text=(_skip, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
