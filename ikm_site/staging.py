# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The folder in which a build puts together what becomes the site."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Staging:
    """Where a build keeps what; each language, by its code, has places of its own.

    Attributes:
        path: the folder.
    """

    path: Path

    def site(self, code: str) -> Path:
        """The pages as Sphinx writes them."""
        return self.path / "html" / code

    def doctrees(self, code: str) -> Path:
        """What Sphinx keeps between reading and writing."""
        return self.path / "doctrees" / code

    def warnings(self, code: str) -> Path:
        """A file with what is wrong."""
        return self.path / f"{code}.warnings"

    def read(self, code: str) -> Path:
        """A file with what `ikm_site.output` has read in the pages."""
        return self.path / f"{code}.pages"

    @property
    def problems(self) -> Path:
        """A file with what is wrong with the site, empty if nothing is."""
        return self.path / "problems"
