"""Words and numbers of the data in the language of a page (gettext domain `data`, Babel)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from babel import Locale
from babel.numbers import format_compact_decimal, format_percent
from markupsafe import Markup

from ikm_site.indicators import package
from ikm_site.indicators.model import GERMANY, Figures, Indicator, rounded
from ikm_site.languages import SOURCE
from ikm_site.records import Translatable

#: Words of ours that are not in the package.
COUNTRY = "Deutschland"
NO_FIGURE = "keine Angabe"
POINTS = "Prozentpunkte"


def messages(figures: Figures) -> list[str]:
    """Return every German text of the data that a reader sees."""
    districts = figures.districts.values()
    found = [*package.messages(figures.package), COUNTRY, NO_FIGURE, POINTS]
    found += [region.name for region in figures.regions.values()]
    found += sorted({district.state for district in districts})
    return found + sorted({district.type for district in districts})


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

    def text(self, german: str) -> Translatable:
        """Return the translation, or the German text where there is none, which knows that."""
        translation = self.catalogue.get(german)
        is_german = translation is None and self.code != SOURCE.code
        return Translatable(translation or german, SOURCE.code if is_german else None)

    def html(self, german: str) -> Markup:
        """Return the translation; text that stays German on another page is marked as such."""
        text = self.text(german)
        if self.code == SOURCE.code or text != german or len(german) < 5:
            return Markup.escape(text)
        return Markup('<span lang="{}">{}</span>').format(SOURCE.code, text)

    def place(self, figures: Figures, place: str) -> str:
        """Return the name of a region, a part, a district or Germany."""
        if place == GERMANY:
            return self.text(COUNTRY)
        if place in figures.regions:
            return self.text(figures.regions[place].name)
        return figures.districts[place].name

    def number(self, value: float, decimals: int = 0) -> str:
        """Return a number with the separators of the language.

        It is what Babel's `format_decimal` gives with the pattern `#,##0.00`, in a thirtieth of
        the time: there are fifteen thousand numbers on the site.
        """
        text = f"{rounded(value, decimals):,.{max(decimals, 0)}f}"
        return text.translate(self._separators)

    @cached_property
    def _separators(self) -> dict[int, str]:
        symbols = self.locale.number_symbols["latn"]
        return str.maketrans(
            {",": symbols["group"], ".": symbols["decimal"], "-": symbols["minusSign"]}
        )

    def percent(self, value: float, decimals: int = 0) -> str:
        """Return a number of per cent with its sign."""
        zero = str(format_percent(0, locale=self.locale))
        return zero.replace("0", self.number(value, decimals))

    def plain(self, value: float) -> str:
        """Return a round number of an axis with as many decimals as it needs."""
        return self.number(value, len(f"{value:.4f}".rstrip("0").partition(".")[2]))

    def value(self, indicator: Indicator, value: float | None) -> str:
        """Return a value without its unit; `–` where there is none."""
        return "–" if value is None else self.number(value, indicator.about.decimals)

    def quantity(self, indicator: Indicator, value: float | None) -> str:
        """Return a value with its unit."""
        if value is None:
            return self.text(NO_FIGURE)
        if indicator.in_percent:
            return self.percent(value, indicator.about.decimals)
        return f"{self.value(indicator, value)}\N{NO-BREAK SPACE}{self.text(indicator.unit.title)}"

    def gap(self, indicator: Indicator, value: float, base: float) -> str:
        """Return how far a value is from another one, without sign."""
        difference = abs(_difference(indicator, value, base))
        if not _in_points(indicator):
            return self.percent(difference)
        unit = POINTS if indicator.in_percent else indicator.unit.title
        return f"{self.value(indicator, difference)}\N{NO-BREAK SPACE}{self.text(unit)}"

    def change(self, indicator: Indicator, value: float | None, base: float | None) -> str:
        """Return the change from `base` to `value` with its sign; `–` where there is none."""
        points = _in_points(indicator)
        if value is None or base is None or not (base or points):
            return "–"
        change = _difference(indicator, value, base)
        decimals = indicator.about.decimals if points else 1
        sign = "+" if rounded(change, decimals) > 0 else ""
        write = self.number if points else self.percent
        return sign + write(change, decimals)

    def compact(self, value: float) -> str:
        """Return a great number in words with one decimal, such as `57,4 Millionen`."""
        return str(
            format_compact_decimal(value, format_type="long", fraction_digits=1, locale=self.locale)
        )


def _in_points(indicator: Indicator) -> bool:
    """Whether differences are in the unit of the values: of shares and years, not in per cent."""
    return indicator.in_percent or indicator.unit.name == "years"


def _difference(indicator: Indicator, value: float, base: float) -> float:
    """Return the difference of two values: of the printed ones in points, else in per cent.

    Raises:
        ZeroDivisionError: the base of per cents is 0.
    """
    if _in_points(indicator):
        decimals = indicator.about.decimals
        return rounded(value, decimals) - rounded(base, decimals)
    return (value / base - 1) * 100
