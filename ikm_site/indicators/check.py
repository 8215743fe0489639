# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""``python -m ikm_site.indicators.check [FOLDER]``: check the data package without building."""

from __future__ import annotations

import sys
from pathlib import Path

from ikm_site.indicators.problems import DataError
from ikm_site.indicators.reader import read_figures


def main(arguments: list[str]) -> int:
    """Check the package in the folder named first, ``data`` if none is; return the exit status."""
    folder = Path(arguments[0]) if arguments else Path("data")
    try:
        figures = read_figures(folder)
    except DataError as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"{folder}: {len(figures.indicators)} indicators, {len(figures.main_regions)} regions, "
        f"{len(figures.districts)} districts, no problem"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
