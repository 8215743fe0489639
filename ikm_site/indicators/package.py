# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The description of the figures, ``data/datapackage.json``, as typed models.

The file is a Frictionless Data Package, https://datapackage.org/standard/data-package/. Beside the
standard's properties it has a few of ours, which other tools ignore: ``themes``, ``units``,
``bases`` and ``derived`` of the package, ``indicator`` and ``districts_of`` of a resource.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ikm_site.indicators.problems import DataError, Problem

DESCRIPTION = "datapackage.json"

Words = Annotated[str, Field(min_length=1, pattern=r"\S")]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]


class Model(BaseModel):
    """Frozen, and open to further properties of the standard."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Ours(Model):
    """Frozen and closed: a misspelt property of ours is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Licence(Model):
    """A licence as the standard describes it; ``path`` is its address."""

    name: Words
    title: Words
    path: Words


class Source(Model):
    """Where figures come from; ``title`` is what is printed below them."""

    title: Words
    path: str = ""


class Theme(Ours):
    """A group of indicators."""

    name: Name
    title: Words


class Unit(Ours):
    """A unit: how it is printed behind a value, and the least and greatest value it can have."""

    name: Name
    title: Words
    minimum: float | None = None
    maximum: float | None = None


class Basis(Ours):
    """The count on which a population is based."""

    name: Name
    title: Words


class Break(Ours):
    """The first year of a new, not comparable part of a series, and the reason."""

    year: int
    text: Words


class About(Ours):
    """What turns a table into an indicator of the site.

    ``aggregation`` says how the value of a region follows from its districts where the table has
    none for the region: ``sum``, ``mean`` (weighted by the column ``weight``, else by the
    population at the end of the year) or ``none``.
    """

    label: Words
    unit: Name
    decimals: Annotated[int, Field(ge=0, le=4)]
    theme: Name
    aggregation: Literal["sum", "mean", "none"] = "none"
    main: bool = False
    breaks: tuple[Break, ...] = ()
    note: str = ""


class Constraints(Model):
    """The constraints of a field that the check knows."""

    required: bool = False
    unique: bool = False
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    enum: tuple[str, ...] | None = None


class Column(Model):
    """A field of a table; ``unit`` is the name of a unit of the package."""

    name: Words
    type: Literal["string", "integer", "number", "date"]
    unit: str = ""
    constraints: Constraints = Constraints()


class Schema(Model):
    """The columns of a table in their order, and the columns that make a row unique."""

    fields: tuple[Column, ...]
    primary_key: Annotated[tuple[str, ...], Field(alias="primaryKey")] = ()


class Resource(Model):
    """One file of the package."""

    name: Name
    path: Words
    title: Words
    description: Words
    encoding: Literal["utf-8"] = "utf-8"
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    licenses: Annotated[tuple[Licence, ...], Field(min_length=1)]
    table: Annotated[Schema | None, Field(alias="schema")] = None
    indicator: About | None = None
    districts_of: str = ""


class Derived(Ours):
    """An indicator that is the quotient of two others; it stands after ``after`` in lists."""

    name: Name
    title: Words
    description: Words
    after: Name
    numerator: Name
    denominator: Name
    indicator: About


class Package(Model):
    """The whole description, in the order of the file."""

    name: Name
    title: Words
    description: Words
    version: Words
    created: Words
    licenses: Annotated[tuple[Licence, ...], Field(min_length=1)]
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    themes: tuple[Theme, ...]
    units: tuple[Unit, ...]
    bases: tuple[Basis, ...]
    derived: tuple[Derived, ...] = ()
    resources: Annotated[tuple[Resource, ...], Field(min_length=1)]

    @property
    def entries(self) -> tuple[Resource | Derived, ...]:
        """Everything that can be an indicator."""
        return (*self.resources, *self.derived)

    def messages(self) -> list[tuple[str, str]]:
        """Return every German text a reader sees with a note on where it stands, in file order."""
        found: list[tuple[str, str]] = [(self.title, "title"), (self.description, "description")]
        for theme in self.themes:
            found.append((theme.title, f"theme {theme.name}"))
        for unit in self.units:
            found.append((unit.title, f"unit {unit.name}"))
        for basis in self.bases:
            found.append((basis.title, f"basis {basis.name}"))
        found += [(licence.title, f"licence {licence.name}") for licence in self.licenses]
        found += [(source.title, "source of the package") for source in self.sources]
        for entry in self.entries:
            found.append((entry.title, f"title of {entry.name}"))
            found.append((entry.description, f"description of {entry.name}"))
            if isinstance(entry, Resource):
                found += [(source.title, f"source of {entry.name}") for source in entry.sources]
                found += [(licence.title, f"licence {licence.name}") for licence in entry.licenses]
            if entry.indicator:
                about = entry.indicator
                found.append((about.label, f"label of {entry.name}"))
                found += [(part.text, f"break of {entry.name}") for part in about.breaks]
                if about.note:
                    found.append((about.note, f"note of {entry.name}"))
        return found


def _place(location: tuple[int | str, ...], raw: object) -> str:
    """Say in words which property an error is about, with the name of its resource."""
    words: list[str] = []
    here = raw
    for step in location:
        if isinstance(step, int):
            here = here[step] if isinstance(here, list) and step < len(here) else None
            name = here.get("name") if isinstance(here, dict) else None
            words.append(f'"{name}"' if name else str(step + 1))
        else:
            here = here.get(step) if isinstance(here, dict) else None
            words.append(step)
    return " ".join(words)


ADVICE = {
    "missing": "Add the property; CONTRIBUTING.md shows a whole entry.",
    "extra_forbidden": "Remove it or mend its spelling.",
    "too_short": "Name at least one.",
    "string_too_short": "Write it in German; every indicator, source and licence has a name.",
    "string_pattern_mismatch": "Titles are not empty; names are small letters, digits, hyphens.",
}


def read_package(folder: Path) -> Package:
    """Read and check ``datapackage.json`` of ``folder``.

    Raises :class:`DataError` that names each wrong property.
    """
    path = folder / DESCRIPTION
    try:
        raw = json.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise DataError([Problem(DESCRIPTION, rule="the file is missing")]) from None
    except UnicodeDecodeError:
        raise DataError(
            [Problem(DESCRIPTION, rule="the file is not UTF-8", advice="Save it as UTF-8.")]
        ) from None
    except json.JSONDecodeError as error:
        raise DataError(
            [Problem(DESCRIPTION, row=error.lineno, rule=f"not valid JSON: {error.msg}")]
        ) from None
    try:
        return Package.model_validate(raw)
    except ValidationError as error:
        raise DataError(
            [
                Problem(
                    DESCRIPTION,
                    column=_place(item["loc"], raw),
                    value="" if item["type"] == "missing" else str(item["input"])[:60],
                    rule=item["msg"][0].lower() + item["msg"][1:],
                    advice=ADVICE.get(item["type"], ""),
                )
                for item in error.errors()
            ]
        ) from None
