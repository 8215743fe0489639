"""``data/datapackage.json`` as typed models.

The file is a Frictionless Data Package, https://datapackage.org/standard/data-package/. Beside the
standard's properties it has a few of ours, which other tools ignore: ``themes``, ``units``,
``bases`` and ``derived`` of the package, ``indicator`` and ``districts_of`` of a resource.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar

from pydantic import AfterValidator, BaseModel, Field, model_validator

from ikm_site.problems import Problem, ProblemsError, guess, read_text, read_yaml
from ikm_site.records import Url
from ikm_site.tables import Column, Limits, Model, NonEmpty, Schema

T = TypeVar("T")

DESCRIPTION = "datapackage.json"
#: The tables that the site cannot do without.
MASTERS = (
    "districts", "regions", "membership", "district-outlines", "region-outlines", "population",
)  # fmt: skip
#: The properties with German text that a reader sees.
SHOWN = ("title", "description", "label", "text", "note")

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
#: A file in the folder of the package: no part of the path begins with a point.
Inside = Annotated[str, Field(pattern=r"^\w[\w.-]*(/\w[\w.-]*)*$")]


def _some(entries: tuple[T, ...]) -> tuple[T, ...]:
    # pydantic's own `min_length` would miss an entry, too, that has only a mistake.
    if not entries:
        raise ValueError("braucht mindestens einen Eintrag")
    return entries


class Ours(Model, extra="forbid"):
    """Closed: a misspelt property of ours is an error."""


class Licence(Model):
    """A licence; ``path`` is its address."""

    name: NonEmpty
    title: NonEmpty
    path: Url


class Source(Model):
    """Where figures come from; ``title`` is printed below them."""

    title: NonEmpty
    path: Url = ""


class Named(Ours):
    """A theme (group of indicators), or a basis (the count on which a population rests)."""

    name: Name
    title: NonEmpty


class Unit(Named, Limits):
    """A unit: ``title`` is printed behind a value."""


class Break(Ours):
    """The first year of a new, not comparable part of a series.

    ``label`` stands in the chart, ``text`` below it.
    """

    year: int
    label: NonEmpty
    text: NonEmpty


class About(Ours):
    """What turns a table into an indicator; ``docs/data.md`` says what each property means."""

    label: NonEmpty
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


class Resource(Model):
    """One file of the package."""

    name: Name
    path: Inside
    title: NonEmpty
    description: NonEmpty
    sources: Annotated[tuple[Source, ...], AfterValidator(_some)]
    licenses: Annotated[tuple[Licence, ...], AfterValidator(_some)]
    table: Annotated[Schema, Field(alias="schema")] = Schema()
    indicator: About | None = None
    districts_of: str = ""

    @model_validator(mode="after")
    def _columns_fit(self) -> Self:
        for choice in ("value", "region district", "year date"):
            names = choice.split()
            if self.values_of and len(self.columns.keys() & names) != 1:
                raise ValueError(f"braucht eine Spalte {' oder '.join(names)}")
        for name in self.table.primary_key:
            if name not in self.columns:
                raise ValueError(f"hat keine Spalte „{name}“, die primaryKey nennt")
        return self

    @property
    def values_of(self) -> str:
        """The indicator whose values it has, if any."""
        return self.districts_of or (self.name if self.indicator else "")

    @property
    def columns(self) -> dict[str, Column]:
        """The columns by name."""
        return {column.name: column for column in self.table.fields}


class Derived(Ours):
    """An indicator computed from others; it stands after ``after`` in lists.

    It is ``numerator`` divided by ``denominator``, or the change of ``numerator`` over ``years``
    in per cent.
    """

    name: Name
    title: NonEmpty
    description: NonEmpty
    after: Name
    numerator: Name
    denominator: str = ""
    years: int = 0
    indicator: About

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.denominator) == bool(self.years):
            raise ValueError("braucht entweder denominator oder years")
        return self

    @property
    def operands(self) -> tuple[str, ...]:
        """The indicators it is computed from."""
        return (self.numerator, self.denominator) if self.denominator else (self.numerator,)


class Package(Model):
    """The whole description, in the order of the file."""

    name: Name
    title: NonEmpty
    description: NonEmpty
    version: NonEmpty
    created: datetime
    themes: tuple[Named, ...]
    units: tuple[Unit, ...]
    bases: tuple[Named, ...]
    licenses: Annotated[tuple[Licence, ...], AfterValidator(_some)]
    sources: Annotated[tuple[Source, ...], AfterValidator(_some)]
    resources: Annotated[tuple[Resource, ...], AfterValidator(_some)]
    derived: tuple[Derived, ...] = ()

    @property
    def units_by_name(self) -> dict[str, Unit]:
        """The units by name."""
        return {unit.name: unit for unit in self.units}

    @property
    def described(self) -> list[tuple[Resource | Derived, About]]:
        """What describes an indicator, in their order; what is computed where `after` says."""
        found: list[tuple[Resource | Derived, About]] = []
        for table in self.resources:
            if table.indicator:
                found.append((table, table.indicator))
            found += [(each, each.indicator) for each in self.derived if each.after == table.name]
        return found

    @property
    def tables(self) -> tuple[Resource, ...]:
        """The tables with values of indicators."""
        return tuple(entry for entry in self.resources if entry.values_of)

    def misfits(self) -> Iterator[tuple[str, str]]:
        """Yield references to unknown names, and names that stand twice, with advice."""
        units, themes = ({each.name for each in named} for named in (self.units, self.themes))
        tables = [table.name for table in self.resources if table.columns]
        indicators = {table.name: table.indicator for table in self.resources if table.indicator}
        wanted: list[tuple[str, str, Collection[str]]] = [("Tabellen", m, tables) for m in MASTERS]
        entries: tuple[Resource | Derived, ...] = (*self.resources, *self.derived)
        for entry in entries:
            if about := entry.indicator:
                wanted.append((f"{entry.name} unit", about.unit, units))
                wanted.append((f"{entry.name} theme", about.theme, themes))
        for derived in self.derived:
            needed = (*derived.operands, derived.after)
            wanted += [(derived.name, name, indicators) for name in needed]
        for table in self.tables:
            wanted.append((f"{table.name} districts_of", table.values_of, indicators))
            if whole := indicators.get(table.values_of):
                unit = table.columns["value"].unit
                wanted.append((f"{table.name}, Einheit von value", unit, [whole.unit]))
        for place, name, known in wanted:
            if name not in known:
                yield f"{place}: „{name}“ gibt es hier nicht", guess(name, known)
        for name, count in Counter(entry.name for entry in entries).items():
            if count > 1:
                yield f"der Name „{name}“ steht zweimal da", ""


def messages(part: BaseModel) -> Iterator[str]:
    """Yield every German text of a part of the package that a reader sees."""
    for name, value in part:
        if name in SHOWN and value:
            yield value
        for inner in value if isinstance(value, tuple) else (value,):
            if isinstance(inner, BaseModel):
                yield from messages(inner)


def read_package(folder: Path) -> Package:
    """Read ``datapackage.json`` as YAML, which all JSON is, to know the line of each place.

    Raises:
        ProblemsError: names each wrong property with its line, and what does not fit together.
    """
    name = f"data/{DESCRIPTION}"
    try:
        text = read_text(folder / DESCRIPTION, name)
        json.loads(text)
    except (ValueError, RecursionError) as error:
        # Only of syntax the line is known, not of brackets and numbers without end.
        line = getattr(error, "lineno", 1)
        advice = "prüfen Sie dort und davor Kommas, Anführungszeichen und Klammern"
        raise ProblemsError([Problem(name, line, "ist kein JSON", advice)]) from None
    package = read_yaml(Package, text, name)
    problems = [Problem(name, 0, *misfit) for misfit in package.misfits()]
    for path in (entry.path for entry in package.resources):
        if not (folder / path).is_file():
            advice = f"legen Sie sie an oder holen Sie sie zurück: git checkout data/{path}"
            problems.append(Problem(f"data/{path}", 0, "die Datei fehlt", advice))
    if problems:
        raise ProblemsError(problems)
    return package
