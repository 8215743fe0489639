# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Small repairs of what Sphinx, docutils and Furo write, each with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform

from ikm_site.domain import records
from ikm_site.languages import SOURCE
from ikm_site.records import Statement

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

#: Characters of a first paragraph that is set in larger type.
LONGEST_LEAD = 330


class MarkLanguages(SphinxTransform):
    """Mark text in another language than its page (WCAG 3.1.2): the class becomes `lang`."""

    # Behind Sphinx's own transform (950) that reads the same flags.
    default_priority = 951

    def apply(self, **_kwargs: Any) -> None:
        """Mark text without translation (sphinx-doc/sphinx#13841) and titles of English papers."""
        if self.config.language != SOURCE.code:
            for node in self.document.findall(nodes.Element):
                if node.get("translated") is False and not isinstance(
                    node, (nodes.image, addnodes.toctree, nodes.meta, nodes.Invisible)
                ):
                    node["classes"].append(f"language-{SOURCE.code}")
        record = records(self.env).get(self.env.docname)
        if isinstance(record, Statement) and record.title_lang not in (
            self.config.language, SOURCE.code,
        ):  # fmt: skip
            title = next(iter(self.document.findall(nodes.title)))
            title["classes"].append(f"language-{record.title_lang}")


class RepairMarkup(SphinxPostTransform):
    """Make the HTML valid, and tell the style sheet of a long first paragraph."""

    # Behind Furo's wrapping of tables (500).
    default_priority = 900
    formats = ("html",)

    def run(self, **_kwargs: Any) -> None:
        """Repair the document."""
        # Large type suits a few lines.
        lead = next(iter(self.document.findall(nodes.paragraph)), None)
        if lead is not None and len(lead.astext()) > LONGEST_LEAD:
            lead["classes"].append("long")
        for table in self.document.findall(nodes.table):
            # Furo's wrapper copies the ids of the table: they would stand twice.
            if isinstance(table.parent, nodes.container):
                table.parent["ids"] = []


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the repairs with Sphinx."""
    app.add_transform(MarkLanguages)
    app.add_post_transform(RepairMarkup)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
