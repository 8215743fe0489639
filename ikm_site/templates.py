# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""How templates are written: Sphinx's template bridge for templates that are all our own.

https://www.sphinx-doc.org/en/master/development/html_themes/templating.html
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment
from sphinx.jinja2glue import BuiltinTemplateLoader

if TYPE_CHECKING:
    from sphinx.builders import Builder
    from sphinx.theming import Theme

_MARKUP = (".html", ".xml", ".svg")


class Templates(BuiltinTemplateLoader):
    """Sphinx's loader without the sandbox, which is for templates of strangers.

    Our templates escape what they are given: titles, descriptions and sources are plain text,
    also where a translation of them says `<script>` or `"`. Those of Sphinx and Furo are given
    HTML and stay as they are.
    """

    def init(
        self, builder: Builder, theme: Theme | None = None, dirs: list[str] | None = None
    ) -> None:
        """Make the environment; files are read once, as a build does not change them."""
        super().init(builder, theme, dirs)
        sandboxed = self.environment
        folder = Path(builder.confdir) / "theme/ikm"

        ours = {
            file.relative_to(folder).as_posix()
            for file in folder.rglob("*")
            if file.suffix in _MARKUP
        }
        self.environment = Environment(  # type: ignore[assignment]
            loader=self,
            extensions=list(sandboxed.extensions),
            autoescape=lambda name: name in ours,
            auto_reload=False,
        )
        self.environment.filters.update(sandboxed.filters)
        self.environment.globals.update(sandboxed.globals)
