# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""``data/datapackage.json`` as typed models.

The file is a Frictionless Data Package, https://datapackage.org/standard/data-package/. Beside the
standard's properties it has a few of ours, which other tools ignore: ``themes``, ``units``,
``bases`` and ``derived`` of the package, ``indicator`` and ``districts_of`` of a resource.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from ikm_site.problems import Problem, ProblemsError, load_yaml, read_text

DESCRIPTION = "datapackage.json"
#: The tables that the site cannot do without.
MASTERS = (
    "districts", "regions", "membership", "district-outlines", "region-outlines", "population",
)  # fmt: skip


def _inside(path: str) -> str:
    """Refuse paths that leave the folder of the package."""
    parts = PurePosixPath(path)
    if parts.is_absolute() or ".." in parts.parts or "\\" in path or ":" in path:
        raise ValueError("der Pfad führt aus dem Ordner data/ hinaus")
    return path


Words = Annotated[str, Field(min_length=1, pattern=r"\S")]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
Inside = Annotated[Words, AfterValidator(_inside)]


class Model(BaseModel):
    """Frozen, and open to further properties of the standard."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Ours(Model):
    """Frozen and closed: a misspelt property of ours is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Licence(Model):
    """A licence; ``path`` is its address."""

    name: Words
    title: Words
    path: Words


class Source(Model):
    """Where figures come from; ``title`` is printed below them."""

    title: Words
    path: str = ""


class Named(Ours):
    """A theme (group of indicators), or a basis (the count on which a population rests)."""

    name: Name
    title: Words


class Unit(Named):
    """A unit: ``title`` is printed behind a value; ``minimum`` and ``maximum`` limit it."""

    minimum: float | None = None
    maximum: float | None = None


class Break(Ours):
    """The first year of a new, not comparable part of a series.

    ``label`` stands in the chart, ``text`` below it.
    """

    year: int
    label: Words
    text: Words


class About(Ours):
    """What turns a table into an indicator.

    Attributes:
        label: short name in tables and menus.
        unit: name of a unit of the package.
        decimals: printed decimals; -1 rounds to tens.
        theme: name of a theme.
        aggregation: how districts become a region where the table has no value for the region:
            ``sum``, ``mean`` (weighted by the column ``weight``, else by the population at the
            end of the year) or ``none``.
        main: whether it is one of the key figures.
        maps: whether the page has maps.
        zero: whether 0 is a possible value; else `make data-check` takes it for a suppressed one.
        jump: greatest plausible factor between neighbouring years, for `make data-check`.
        breaks: years in which a new part of the series begins.
        note: a sentence on comparability.
    """

    label: Words
    unit: Name
    decimals: Annotated[int, Field(ge=-3, le=4)]
    theme: Name
    aggregation: Literal["sum", "mean", "none"] = "none"
    main: bool = False
    maps: bool = True
    zero: bool = False
    jump: Annotated[float, Field(gt=1)] = 3.0
    breaks: tuple[Break, ...] = ()
    note: str = ""


class Constraints(Model):
    """The constraints of the standard that are checked."""

    required: bool = False
    unique: bool = False
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    enum: tuple[str, ...] | None = None


class Column(Model):
    """A column of a table; ``unit`` is the name of a unit of the package."""

    name: Words
    type: Literal["string", "integer", "number", "date"]
    unit: str = ""
    constraints: Constraints = Constraints()


class Schema(Model):
    """The columns in their order, and those that make a row unique."""

    fields: tuple[Column, ...]
    primary_key: Annotated[tuple[str, ...], Field(alias="primaryKey")] = ()


class Resource(Model):
    """One file of the package."""

    name: Name
    path: Inside
    title: Words
    description: Words
    encoding: Literal["utf-8"] = "utf-8"
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    licenses: Annotated[tuple[Licence, ...], Field(min_length=1)]
    table: Annotated[Schema | None, Field(alias="schema")] = None
    indicator: About | None = None
    districts_of: str = ""

    @property
    def columns(self) -> dict[str, Column]:
        """The columns by name."""
        return {column.name: column for column in self.table.fields} if self.table else {}


class Derived(Ours):
    """An indicator computed from others; it stands after ``after`` in lists.

    It is ``numerator`` divided by ``denominator``, or the change of ``numerator`` over ``years``
    in per cent.
    """

    name: Name
    title: Words
    description: Words
    after: Name
    numerator: Name
    denominator: str = ""
    years: int = 0
    indicator: About

    @property
    def parts(self) -> tuple[str, ...]:
        """The indicators it is computed from."""
        return (self.numerator, self.denominator) if self.denominator else (self.numerator,)


class Package(Model):
    """The whole description, in the order of the file."""

    name: Name
    title: Words
    description: Words
    version: Words
    created: Words
    licenses: Annotated[tuple[Licence, ...], Field(min_length=1)]
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    themes: tuple[Named, ...]
    units: tuple[Unit, ...]
    bases: tuple[Named, ...]
    derived: tuple[Derived, ...] = ()
    resources: Annotated[tuple[Resource, ...], Field(min_length=1)]

    @property
    def entries(self) -> tuple[Resource | Derived, ...]:
        """Everything that can be an indicator."""
        return (*self.resources, *self.derived)

    @property
    def tables(self) -> tuple[Resource, ...]:
        """The tables with values of indicators."""
        return tuple(entry for entry in self.resources if entry.indicator or entry.districts_of)

    def messages(self) -> list[str]:
        """Return every German text that a reader sees, in file order."""
        named: tuple[Named, ...] = (*self.themes, *self.units, *self.bases)
        found = [self.title, self.description, *(item.title for item in named)]
        found += [item.title for item in self.licenses] + [item.title for item in self.sources]
        for entry in self.entries:
            found += [entry.title, entry.description]
            if isinstance(entry, Resource):
                found += [item.title for item in entry.sources]
                found += [item.title for item in entry.licenses]
            if about := entry.indicator:
                found += [about.label, *(text for b in about.breaks for text in (b.label, b.text))]
                found += [about.note] if about.note else []
        return found


def _misfits(package: Package) -> Iterator[Problem]:
    """Yield what does not fit together in the description."""
    indicators = {entry.name: entry.indicator for entry in package.entries if entry.indicator}
    names = [entry.name for entry in package.entries]

    def wrong(place: str, rule: str, value: str = "", allowed: Collection[str] = ()) -> Problem:
        advice = f"erlaubt: {', '.join(sorted(allowed))}" if allowed else ""
        shown = f"„{value}“ – " if value else ""
        return Problem(f"data/{DESCRIPTION}", 0, f"{place}: {shown}{rule}", advice)

    for name in sorted({name for name in names if names.count(name) > 1}):
        yield wrong(name, "der Name steht zweimal da", name)
    for name in sorted(set(MASTERS) - set(names)):
        yield wrong(name, "die Tabelle fehlt")
    units, themes = ({each.name for each in named} for named in (package.units, package.themes))
    for name, about in indicators.items():
        if about.unit not in units:
            yield wrong(f"{name} unit", "diese Einheit gibt es nicht", about.unit, units)
        if about.theme not in themes:
            yield wrong(f"{name} theme", "dieses Thema gibt es nicht", about.theme, themes)
    for derived in package.derived:
        for part in {*derived.parts, derived.after} - indicators.keys():
            yield wrong(derived.name, "diese Kennzahl gibt es nicht", part, indicators)
        if bool(derived.denominator) == bool(derived.years):
            yield wrong(derived.name, "braucht entweder denominator oder years")
    for table in package.tables:
        columns, of = table.columns, table.districts_of or table.name
        if of not in indicators:
            yield wrong(table.name, "diese Kennzahl gibt es nicht", of, indicators)
        if "value" not in columns or len({"region", "district"} & columns.keys()) != 1:
            yield wrong(table.name, "braucht die Spalte value und eine von region und district")
        elif of in indicators and columns["value"].unit != (unit := indicators[of].unit):
            rule = f"die Einheit der Spalte ist nicht die der Kennzahl ({unit})"
            yield wrong(f"{table.name} value", rule, columns["value"].unit)
        if len({"year", "date"} & columns.keys()) != 1:
            yield wrong(table.name, "braucht eine der Spalten year und date")


def read_package(folder: Path) -> Package:
    """Read ``datapackage.json``; if it is wrong, as YAML, which knows the line of each place.

    Raises:
        ProblemsError: names each wrong property with its line, and what does not fit together.
    """
    name = f"data/{DESCRIPTION}"
    try:
        package = Package.model_validate_json(read_text(folder / DESCRIPTION, name))
    except ValidationError:
        package = load_yaml(folder / DESCRIPTION, name, Package)
    if problems := list(_misfits(package)):
        raise ProblemsError(problems)
    return package
