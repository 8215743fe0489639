"""The figures of the regions as frozen objects, and how districts are added up.

A *place* is the id of a region or of a part of one (``hamburg``, ``metropole-ruhr``), the key of a
district (``01001``), :data:`GERMANY`, or :data:`TOGETHER` for the districts of all regions. Regions
are never added up: four districts belong to two of them, so a sum of regions would count 0.6
million people twice.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property, lru_cache
from typing import NamedTuple

from ikm_site.dates import PartialDate
from ikm_site.indicators.package import About, Licence, Named, Package, Source, Unit
from ikm_site.languages import alphabetical

GERMANY, TOGETHER = "germany", "together"
#: The districts that belong to two regions, as a place on maps.
SHARED = "shared"


@lru_cache(maxsize=1 << 15)
def rounded(value: float, decimals: int) -> float:
    """Return a value as it is printed: half is rounded up, on the decimal digits."""
    step = Decimal(1).scaleb(-decimals)
    return float(Decimal(repr(value)).quantize(step, ROUND_HALF_UP))


class Period(NamedTuple):
    """What a value refers to.

    Attributes:
        code: a year or a reference date as it stands in the tables.
        basis: the count behind a population.
    """

    code: PartialDate
    basis: str = ""

    @property
    def year(self) -> int:
        """The year."""
        return self.code.year


#: The values of places by period.
Values = dict[Period, dict[str, float]]


class Point(NamedTuple):
    """One value of a series; ``part`` counts the comparable parts of the series from 0."""

    period: Period
    value: float
    part: int = 0


class Outline(NamedTuple):
    """The area of a place, y to the south: in units of 100 m for a district, else in km.

    Attributes:
        x, y: the centre.
        right, bottom: the greatest coordinates.
        path: the area as an SVG path.
        scale, left, top: the map of a region, in pixels: 100 m are `scale`, from `left` and `top`.
        area, land, borders, around: what it draws, as SVG paths.
    """

    x: int
    y: int
    right: int
    bottom: int
    path: str
    scale: float
    left: float
    top: float
    area: str
    land: str
    borders: str
    around: str


@dataclass(frozen=True)
class District:
    """A Kreis or a kreisfreie Stadt at the territorial status of 31 December 2024."""

    ags: str
    name: str
    type: str
    state: str

    @property
    def city(self) -> bool:
        """Whether the district is a city."""
        return self.type in ("Kreisfreie Stadt", "Stadtkreis")

    @property
    def alphabetical(self) -> tuple[str, bool]:
        """The place in an alphabetical list: a city before others of its name."""
        return alphabetical(self.name), not self.city


@dataclass(frozen=True)
class Region:
    """A metropolitan region, or a part of one (``part_of`` is not empty)."""

    id: str
    name: str
    part_of: str
    districts: tuple[str, ...]


@dataclass(frozen=True)
class Indicator:
    """An indicator with all its values in the unit ``unit``, in full precision.

    Attributes:
        newest_sources: the sources of the newest values.
        values: values of every place by period, oldest first.
        computed: periods whose values of regions are added up from districts here.
    """

    name: str
    title: str
    description: str
    about: About
    unit: Unit
    sources: tuple[Source, ...]
    newest_sources: tuple[Source, ...]
    licenses: tuple[Licence, ...]
    values: Values
    computed: frozenset[Period]

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """Every period for which a region has a value, oldest first."""
        return tuple(p for p, known in self.values.items() if not all(map(str.isdigit, known)))

    @property
    def newest(self) -> Period:
        """The newest period for which a region has a value."""
        return self.periods[-1]

    @property
    def newest_by_district(self) -> Period | None:
        """The newest period for which a district has a value."""
        found = (p for p, known in self.values.items() if any(map(str.isdigit, known)))
        return max(found, default=None)

    @property
    def finest(self) -> Mapping[str, float]:
        """The newest values of districts, of regions if there are none of districts."""
        if period := self.newest_by_district:
            known = self.values[period]
            return {place: value for place, value in known.items() if place.isdigit()}
        return self.values[self.newest]

    @property
    def is_sum(self) -> bool:
        """Whether it is an absolute number, which Germany would dwarf."""
        return self.about.aggregation == "sum"

    @property
    def in_percent(self) -> bool:
        """Whether values are per cent."""
        return self.unit.title == "%"

    @cached_property
    def parts(self) -> dict[Period, int]:
        """The comparable part to which each period belongs, counted from 0."""
        bases = sorted({period.basis for period in self.values})
        breaks = [start.year for start in self.about.breaks]
        return {
            p: bases.index(p.basis) + sum(p.year >= year for year in breaks) for p in self.values
        }

    @property
    def comparable(self) -> tuple[Period, Period] | None:
        """First and last period of the newest part of the series that is five years long."""
        for part in sorted(set(self.parts.values()), reverse=True):
            periods = [period for period in self.periods if self.parts[period] == part]
            if periods and periods[-1].year - periods[0].year >= 5:
                return periods[0], periods[-1]
        return None

    def value(self, place: str, period: Period | None = None) -> float | None:
        """Return the value of a place (for the newest period), None where there is none."""
        return self.values.get(period or self.newest, {}).get(place)

    def series(self, place: str) -> tuple[Point, ...]:
        """Return the values of a place, oldest first."""
        return tuple(
            Point(period, known[place], self.parts[period])
            for period, known in self.values.items()
            if place in known
        )


@dataclass(frozen=True)
class Figures:
    """Everything in ``data/``, read once per build.

    Attributes:
        shared: the districts of two regions.
        read_indicators: how `indicators` are read when they are first asked for.
    """

    package: Package
    districts: Mapping[str, District]
    regions: Mapping[str, Region]
    shared: tuple[str, ...]
    outlines: Mapping[str, Outline]
    read_indicators: Callable[[], Mapping[str, Indicator]]

    @cached_property
    def indicators(self) -> Mapping[str, Indicator]:
        """All indicators in their order.

        Raises:
            ProblemsError: rows name no place or are missing, or no region has a value.
        """
        return self.read_indicators()

    @cached_property
    def main_regions(self) -> tuple[Region, ...]:
        """The regions without their parts, in the order in which they are always listed."""
        return tuple(region for region in self.regions.values() if not region.part_of)

    @property
    def main_indicators(self) -> list[Indicator]:
        """The key figures."""
        return [indicator for indicator in self.indicators.values() if indicator.about.main]

    @property
    def themes(self) -> list[tuple[Named, list[Indicator]]]:
        """The themes that have indicators, with them."""
        every = self.indicators.values()
        found = [(t, [i for i in every if i.about.theme == t.name]) for t in self.package.themes]
        return [(theme, chosen) for theme, chosen in found if chosen]

    def parts(self, region: str) -> tuple[Region, ...]:
        """Return the parts of a region."""
        return tuple(part for part in self.regions.values() if part.part_of == region)

    @cached_property
    def regions_of(self) -> Mapping[str, tuple[str, ...]]:
        """The ids of the regions (not of their parts) to which each district belongs."""
        return {
            ags: tuple(region.id for region in self.main_regions if ags in region.districts)
            for ags in self.districts
        }


def without_noise(value: float) -> float:
    """Return a computed value without the noise of binary fractions (12 significant digits)."""
    return float(f"{value:.12g}")


def add_up(
    districts: Collection[str],
    values: Mapping[str, float],
    weights: Mapping[str, float] | None,
) -> float | None:
    """Return the sum of the districts' values, or with ``weights`` their weighted mean.

    A sum needs every district (else None: a part is not the whole). A mean leaves out districts
    without a value, as the sources do, but not more than a tenth of the weight.
    """
    if weights is None:
        whole = values.keys() >= {*districts}
        return without_noise(sum(values[ags] for ags in districts)) if whole else None
    counted = [ags for ags in districts if ags in weights]
    known = [ags for ags in counted if ags in values]
    base = sum(weights[ags] for ags in known)
    if not base or base < 0.9 * sum(weights[ags] for ags in counted):
        return None
    return without_noise(sum(values[ags] * weights[ags] for ags in known) / base)
