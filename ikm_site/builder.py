# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Sphinx's HTML builders, without what this site does not need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.builders.dirhtml import DirectoryHTMLBuilder
from sphinx.builders.html import StandaloneHTMLBuilder

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


class SiteBuilder(StandaloneHTMLBuilder):
    """One file a page, at the page's path: what readers get."""

    # Pages depend on .po files (`ikm_site.myst_translation`), not on compiled ones.
    use_message_catalog = False
    # The search has an index of its own (`ikm_site.search`).
    search = False


class SiteDirectoryBuilder(DirectoryHTMLBuilder):
    """One folder a page."""

    use_message_catalog = False
    search = False


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the builders with Sphinx, in the place of its own."""
    app.add_builder(SiteBuilder, override=True)
    app.add_builder(SiteDirectoryBuilder, override=True)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
