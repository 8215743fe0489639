# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Words and numbers of the data in the language of a page (gettext domain `data`, Babel)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_compact_decimal, format_decimal, format_percent
from markupsafe import Markup

from ikm_site.indicators.model import GERMANY, District, Figures, Indicator, Period, rounded
from ikm_site.languages import SOURCE

DOMAIN = "data"

#: Words of ours that are not in the package.
COUNTRY = "Deutschland"
HEADINGS = {
    "vergleich": "Die Regionen im Vergleich",
    "karte": "Karte",
    "zeitreihe": "Entwicklung",
    "tabelle": "Tabelle",
    "quelle": "Quelle und Herunterladen",
}


def messages(figures: Figures) -> list[tuple[str, str]]:
    """Return every German text of the data that a reader sees, with a note on its place."""
    found = [*figures.package.messages(), (COUNTRY, "the country")]
    found += [(heading, "heading of a page of an indicator") for heading in HEADINGS.values()]
    found += [
        (region.name, f"name of the region {region.id}") for region in figures.regions.values()
    ]
    for what, words in (
        ("a Land", {district.state for district in figures.districts.values()}),
        ("a kind of district", {district.type for district in figures.districts.values()}),
    ):
        found += [(word, what) for word in sorted(words)]
    return found


@dataclass(frozen=True)
class Words:
    """The words of the data in one language.

    Attributes:
        code: the language of the page, such as `en`.
        locale: Babel's locale for numbers and dates.
        catalogue: the translations of the domain `data`.
    """

    code: str
    locale: Locale
    catalogue: Mapping[str, str]

    def text(self, german: str) -> str:
        """Return the translation, or the German text where there is none."""
        return self.catalogue.get(german, german)

    def translated(self, german: str) -> bool:
        """Whether the text exists in the language of the page."""
        return self.code == SOURCE.code or german in self.catalogue

    def html(self, german: str) -> Markup:
        """Return the translation; German text on a page of another language is marked as such."""
        text = Markup.escape(self.text(german))
        if not german or self.translated(german):
            return text
        return Markup('<span lang="{}">{}</span>').format(SOURCE.code, text)

    def place(self, figures: Figures, place: str) -> str:
        """Return the name of a region, a part, a district or Germany."""
        if place == GERMANY:
            return self.text(COUNTRY)
        if place in figures.regions:
            return self.text(figures.regions[place].name)
        return figures.districts[place].name

    def district(self, district: District) -> str:
        """Return the name of a district with its kind: 21 names occur twice."""
        return f"{district.name} ({self.text(district.type)})"

    def number(self, value: float, decimals: int = 0) -> str:
        """Return a number with the separators of the language.

        It is what Babel's `format_decimal` gives with the pattern `#,##0.00`, in a thirtieth of
        the time: there are fifteen thousand numbers on the site.
        """
        return f"{rounded(value, decimals):,.{decimals}f}".translate(self._separators)

    @cached_property
    def _separators(self) -> dict[int, str]:
        symbols = self.locale.number_symbols["latn"]
        return str.maketrans(
            {",": symbols["group"], ".": symbols["decimal"], "-": symbols["minusSign"]}
        )

    def plain(self, value: float) -> str:
        """Return a round number of an axis with as many decimals as it needs."""
        return str(format_decimal(value, "#,##0.##", locale=self.locale))

    def value(self, indicator: Indicator, value: float | None) -> str:
        """Return a value without its unit; `–` where there is none."""
        return "–" if value is None else self.number(value, indicator.about.decimals)

    def quantity(self, indicator: Indicator, value: float | None) -> str:
        """Return a value with its unit."""
        if value is None:
            return "–"
        if indicator.unit.name == "percent":
            pattern = str(self.locale.percent_formats[None].pattern)
            decimals = indicator.about.decimals
            digits = "." + "0" * decimals if decimals else ""
            return str(
                format_percent(
                    rounded(value, decimals) / 100,
                    pattern.replace("0", "0" + digits),
                    locale=self.locale,
                )
            )
        return f"{self.value(indicator, value)}\N{NO-BREAK SPACE}{self.text(indicator.unit.title)}"

    def share(self, part: float) -> str:
        """Return a share between 0 and 1 as whole per cent."""
        return str(format_percent(part, locale=self.locale))

    def millions(self, value: float) -> str:
        """Return a great number as millions with one decimal, such as `57,4 Millionen`."""
        return str(
            format_compact_decimal(value, format_type="long", fraction_digits=1, locale=self.locale)
        )

    def period(self, period: Period) -> str:
        """Return a year, or a reference date in full."""
        if period.day is None:
            return str(period.year)
        return str(format_date(period.day, "long", locale=self.locale))

    def sources(self, indicator: Indicator) -> str:
        """Return the titles of the sources, separated by semicolons."""
        return "; ".join(self.text(source.title) for source in indicator.sources)

    def licences(self, names: Iterable[str]) -> str:
        """Return names of licences separated by commas."""
        return ", ".join(names)
