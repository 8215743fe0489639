# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""What is wrong in ``data/``, said so that the person who can mend it knows where and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake: where it is, what stands there, which rule it breaks and what to do.

    ``row`` is the line of the file as an editor counts it (the header is line 1); 0 means the whole
    file. ``column`` is the name of the column or of the property in ``datapackage.json``.
    """

    file: str
    row: int = 0
    column: str = ""
    value: str = ""
    rule: str = ""
    advice: str = ""

    def __str__(self) -> str:
        place = f"data/{self.file}"
        if self.row:
            place += f", row {self.row}"
        if self.column:
            place += f", column {self.column}"
        found = f' found "{self.value}",' if self.value else ""
        advice = f" {self.advice}" if self.advice else ""
        return f"{place}:{found} {self.rule}.{advice}".replace(":  ", ": ")


class DataError(Exception):
    """Every problem found in the data package; the text names them one per line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        count = len(self.problems)
        head = "1 problem in the figures" if count == 1 else f"{count} problems in the figures"
        super().__init__("\n".join([f"{head} (make data-check):", *map(str, self.problems)]))
