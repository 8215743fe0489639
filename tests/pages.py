# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The pages of the built site, as tests ask for them."""

from __future__ import annotations

from pathlib import Path

from ikm_site.languages import LANGUAGES, SOURCE


def all_pages(site: Path) -> list[str]:
    """The addresses of all pages of all languages, relative to the site, sorted.

    Pages that only lead from an old address to a new one are left out.
    """
    return sorted(
        page.relative_to(site).as_posix()
        for page in site.rglob("*.html")
        if 'http-equiv="refresh"' not in page.read_text("utf-8")
    )


def pages(site: Path, code: str) -> list[str]:
    """The addresses of the pages of one language."""
    paths = {language.code: language.path for language in LANGUAGES}
    others = tuple(path for path in paths.values() if path)
    if code == SOURCE.code:
        return [page for page in all_pages(site) if not page.startswith(others)]
    return [page for page in all_pages(site) if page.startswith(paths[code])]
