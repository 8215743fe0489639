# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Dates as precisely as they are known: a day, a month or only a year."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from babel import Locale
from babel.dates import format_date, format_skeleton

#: Years that a page of this site can speak of; everything else is a slip of the pen.
_FIRST, _LAST = 1900, 2050
_FORM = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def _span(start: PartialDate, end: PartialDate, locale: Locale) -> str:
    """From one day to another, naming what both share only once."""
    same_year = start.year == end.year
    differs = "d" if same_year and start.month == end.month else "M" if same_year else "y"
    # CLDR has the intervals with short months only; these sites write them out.
    patterns = locale.interval_formats["yMMMd"][differs]
    return "".join(
        str(format_date(day.first, pattern.replace("MMM", "MMMM"), locale=locale))
        for day, pattern in zip((start, end), patterns, strict=True)
    )


@dataclass(frozen=True, order=True)
class PartialDate:
    """A date of which month and day may be unknown (0).

    The order puts a date that is known less precisely before those within it.
    """

    year: int
    month: int = 0
    day: int = 0

    @classmethod
    def parse(cls, value: object) -> PartialDate:
        """Read what YAML gives: a date, a year as number, or text like `2018-06`.

        Raises:
            ValueError: the value is not a date, or not one of the calendar.
        """
        match = _FORM.fullmatch(str(value))
        if match is None:
            raise ValueError("ein Datum hat die Form 2018-06-27, 2018-06 oder 2018")
        year, month, day = (int(part or 0) for part in match.groups())
        try:
            datetime.date(year, month or 1, day or 1)
        except ValueError:
            raise ValueError("diesen Tag gibt es im Kalender nicht") from None
        if not _FIRST <= year <= _LAST:
            raise ValueError(f"das Jahr muss zwischen {_FIRST} und {_LAST} liegen")
        return cls(year, month, day)

    @property
    def exact(self) -> datetime.date | None:
        """The day, if it is known."""
        return self.first if self.day else None

    @property
    def first(self) -> datetime.date:
        """The first day that the date can mean."""
        return datetime.date(self.year, self.month or 1, self.day or 1)

    @property
    def following(self) -> datetime.date | None:
        """The day after it, if the day is known."""
        return self.exact and self.exact + datetime.timedelta(days=1)

    def __str__(self) -> str:
        """ISO 8601, as precise as the date is: `2018-06`."""
        return "-".join(f"{part:02}" for part in (self.year, self.month, self.day) if part)

    def text(self, locale: Locale, until: PartialDate | None = None) -> str:
        """The date, or the span up to `until`, in words of the locale."""
        if self.day and until is not None and until != self:
            return _span(self, until, locale)
        if self.day:
            return str(format_date(self.first, "long", locale=locale))
        if self.month:
            return str(format_skeleton("yMMMM", self.first, locale=locale))
        return str(self.year)
