"""Dates as precisely as they are known: a day, a month or only a year."""

import datetime
import re
from typing import Self

from babel import Locale
from babel.dates import format_date, format_skeleton

#: Years that a page of this site can speak of; everything else is a slip of the pen.
_FIRST, _LAST = 1900, 2050


class PartialDate(str):
    """A date in ISO 8601, as precise as it is known: `2018-06-27`, `2018-06` or `2018`.

    The order of the texts is that of the dates; one that is known less precisely comes before
    those within it.
    """

    __slots__ = ()

    @classmethod
    def parse(cls, value: object) -> Self:
        """Read what a person wrote.

        Raises:
            ValueError: the value is not a date, or not one of the calendar.
        """
        date = cls(value)
        if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", date):
            raise ValueError("ein Datum hat die Form 2018-06-27, 2018-06 oder 2018")
        if not _FIRST <= date.year <= _LAST:
            raise ValueError(f"das Jahr muss zwischen {_FIRST} und {_LAST} liegen")
        try:
            date.first  # noqa: B018
        except ValueError:
            raise ValueError("diesen Tag gibt es im Kalender nicht") from None
        return date

    @property
    def year(self) -> int:
        """The year."""
        return int(self[:4])

    @property
    def first(self) -> datetime.date:
        """The first day that the date can mean."""
        return datetime.date.fromisoformat(f"{self}-01-01"[:10])

    @property
    def exact(self) -> datetime.date | None:
        """The day, if it is known."""
        return self.first if len(self) == 10 else None

    @property
    def following(self) -> datetime.date | None:
        """The day after it, if the day is known."""
        return self.exact and self.exact + datetime.timedelta(days=1)

    def text(self, locale: Locale, until: Self | None = None) -> str:
        """The date, or the span up to `until`, in words of the locale."""
        if self.exact and until is not None and until != self:
            return _span(self, until, locale)
        if self.exact:
            return str(format_date(self.first, "long", locale=locale))
        return str(format_skeleton("yMMMM" if self[4:] else "y", self.first, locale=locale))


def _span(start: PartialDate, end: PartialDate, locale: Locale) -> str:
    """From one day to another, naming what both share only once."""
    differs = "d" if start[:7] == end[:7] else "M" if start[:4] == end[:4] else "y"
    # CLDR has the intervals with short months only; these sites write them out.
    patterns = locale.interval_formats["yMMMd"][differs]
    return "".join(
        str(format_date(day.first, pattern.replace("MMM", "MMMM"), locale=locale))
        for day, pattern in zip((start, end), patterns, strict=True)
    )
