# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Loading programs: what no page of the site uses need not be loaded."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

import sphinx.application

#: Builders of other formats; `gettext` has settings that every build reads.
_UNUSED = ("sphinx.builders.", "sphinxcontrib.")
_USED = ("sphinx.builders.gettext", "sphinx.builders.html")


def _later(toctree: str) -> str:
    """Furo's navigation where there is any: it needs BeautifulSoup, a tenth of a second."""
    if not toctree:
        return toctree
    sys.modules.pop("furo.navigation", None)
    tree: str = importlib.import_module("furo.navigation").get_navigation_tree(toctree)
    return tree


def spare() -> None:
    """Leave out what Sphinx and Furo load for others; call it before Sphinx begins."""
    sphinx.application.builtin_extensions = tuple(
        name
        for name in sphinx.application.builtin_extensions
        if name.startswith(_USED) or not name.startswith(_UNUSED)
    )
    if "furo.navigation" not in sys.modules:
        stub = ModuleType("furo.navigation")
        stub.__dict__["get_navigation_tree"] = _later
        sys.modules["furo.navigation"] = stub
