# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The catalogues of the site itself keep the rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from ikm_site.catalogues.check import catalogues, check
from ikm_site.catalogues.glossary import FILE, read
from ikm_site.languages import TRANSLATIONS

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "path", catalogues(ROOT / "locales"), ids=lambda path: str(path.relative_to(ROOT / "locales"))
)
def test_a_catalogue_keeps_the_rules(path: Path) -> None:
    errors = [finding for finding in check(path) if not finding.hint]
    assert not errors, "\n".join(map(str, errors))


@pytest.mark.skipif(not (ROOT / FILE).is_file(), reason="no glossary yet")
@pytest.mark.parametrize("language", TRANSLATIONS, ids=lambda language: language.code)
def test_the_glossary_can_be_read(language: object) -> None:
    assert read(ROOT / FILE, language.code)  # type: ignore[attr-defined]
