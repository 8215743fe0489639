"""Reading one CSV table by its schema: the tables of the data package, and the glossary.

The schema is a part of https://datapackage.org/standard/table-schema/. Accepted: UTF-8 with or
without byte order mark, line ends LF or CRLF, quoted cells. Everything else that a spreadsheet may
do to a table is a problem with row, column, value and advice.
"""

import csv
import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import CoreSchema, SchemaError, SchemaValidator, core_schema

from ikm_site.problems import Problem, ProblemsError, explanation, read_text

NonEmpty = Annotated[str, Field(pattern=r"\S")]
#: Greatest number in a cell.
LIMIT = 1e15
#: The line of the first row below the header.
FIRST = 2
#: A number as a German writes it, with points between thousands.
THOUSANDS = re.compile(r"-?[1-9][0-9]{0,2}(\.[0-9]{3})+")
NUMBER = (
    "schreiben Sie Zahlen ohne Punkte zwischen Tausendern und mit Dezimalpunkt: 1234 oder 1234.5; "
    "ohne Angabe bleibt die Zelle leer"
)
COMMAS = (
    "fehlt ein Komma, oder ist eines zu viel, etwa ein Dezimalkomma? Eine Zelle mit Komma steht in "
    "Anführungszeichen"
)
#: What to do about pydantic's kinds of errors.
ADVICE = {
    "int_parsing": NUMBER,
    "float_parsing": NUMBER,
    "finite_number": NUMBER,
    "string_pattern_mismatch": "siehe datapackage.json; auch eine führende Null gehört dazu",
}


class Model(BaseModel):
    """Frozen, and open to further properties of the standard."""

    model_config = ConfigDict(frozen=True)


class Limits(Model):
    """The least and the greatest value."""

    minimum: float | None = None
    maximum: float | None = None


class Constraints(Limits):
    """The constraints of the standard that are checked."""

    required: bool = False
    pattern: str | None = None
    enum: tuple[str, ...] | None = None


class Column(Model):
    """A column of a table; ``unit`` is the name of a unit of the package."""

    name: NonEmpty
    type: Literal["string", "integer", "number", "date"]
    unit: str = ""
    constraints: Constraints = Constraints()


class Schema(Model):
    """The columns in their order, and those that make a row unique."""

    fields: tuple[Column, ...] = ()
    primary_key: Annotated[tuple[str, ...], Field(alias="primaryKey")] = ()


@dataclass
class Table:
    """The rows of a table, column by column, and what is wrong with it.

    Attributes:
        name: the file in messages.
        columns: the cells by the name of their column; None for an empty cell.
    """

    name: str
    columns: dict[str, Sequence[Any]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def place(self) -> str:
        """The column of places: districts or regions."""
        return "district" if "district" in self.columns else "region"

    def wrong(self, line: int, wrong: str, advice: str = "") -> None:
        """Note a problem of a line."""
        self.problems.append(Problem(self.name, line, wrong, advice))

    def rows(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """Return some columns side by side; one that the table does not have is empty."""
        return zip(*(self.columns.get(name, repeat(None)) for name in names), strict=False)

    def only(self, column: str, known: Collection[str | None], rule: str, advice: str) -> None:
        """Note a problem for each cell of a column that is not one of the known ones."""
        allowed = {*known}
        for line, cell in enumerate(self.columns[column], FIRST):
            if cell not in allowed:
                self.wrong(line, f"Spalte {column}: „{cell}“ – {rule}", advice)

    def unique(self, *names: str) -> None:
        """Note a problem for each row whose cells in these columns stand in a row before."""
        first: dict[tuple[Any, ...], int] = {}
        for line, key in enumerate(self.rows(*names), FIRST):
            if (before := first.setdefault(key, line)) != line:
                wrong = f"{' und '.join(names)} wie in Zeile {before}: {', '.join(map(str, key))}"
                self.wrong(line, wrong, "löschen Sie eine der Zeilen")


def stop(*tables: Table) -> None:
    """Raise what is wrong with tables."""
    if problems := [problem for table in tables for problem in table.problems]:
        raise ProblemsError(problems)


def _schema(column: Column, unit: Limits | None) -> CoreSchema:
    """Return the schema of a cell; an empty one is None."""
    rules = column.constraints
    limits = [rules, unit] if unit else [rules]
    low = max([each.minimum for each in limits if each.minimum is not None], default=-LIMIT)
    high = min([each.maximum for each in limits if each.maximum is not None], default=LIMIT)
    pattern = "|".join(rules.enum or ()) or rules.pattern
    kinds: dict[str, CoreSchema] = {
        "string": core_schema.str_schema(pattern=f"^({pattern})$" if pattern else None),
        "date": core_schema.date_schema(),
        "integer": core_schema.int_schema(ge=math.ceil(low), le=math.floor(high)),
        "number": core_schema.float_schema(ge=low, le=high, allow_inf_nan=False),
    }
    kind = kinds[column.type]
    return kind if rules.required else core_schema.nullable_schema(kind)


def _with_points(cells: Iterable[str]) -> set[str]:
    """Return the numbers of a column whose points seem to stand between thousands."""
    found = {cell for cell in cells if cell[-4:-3] == "." and THOUSANDS.fullmatch(cell)}
    # Where other cells have three decimals, these may have them as well.
    precise = found and any(len(cell.partition(".")[2]) > 2 for cell in {*cells} - found)
    return set() if precise else found


def _read_column(table: Table, column: Column, unit: Limits | None, cells: Sequence[str]) -> None:
    """Read the cells of a column."""
    name = column.name
    table.columns[name] = cells
    if column.type in ("integer", "number") and (odd := _with_points(cells)):
        table.only(name, {*cells} - odd, "ein Punkt zwischen Tausendern?", NUMBER)
    try:
        validator = SchemaValidator(core_schema.list_schema(_schema(column, unit)))
        table.columns[name] = validator.validate_python([cell or None for cell in cells])
    except SchemaError:
        wrong = f"Spalte {name}: das Muster in datapackage.json ist kein regulärer Ausdruck"
        table.wrong(0, wrong, "berichtigen Sie pattern oder enum")
    except ValidationError as error:
        for item in error.errors(include_url=False):
            rule, advice = explanation(item), ADVICE.get(item["type"], "")
            if item["input"] is None:
                rule, advice = "die Zelle ist leer", f"jede Zeile braucht {name}"
            line = int(item["loc"][0]) + FIRST
            table.wrong(line, f"Spalte {name}: „{item['input'] or ''}“ – {rule}", advice)


def _read_rows(table: Table, text: str, names: list[str]) -> list[list[str]]:
    """Return the rows below the header, each with as many cells as it."""
    reader = csv.reader(text.rstrip().splitlines(), strict=True)
    read: list[list[str]] = []
    try:
        read.extend(reader)
    except csv.Error as error:
        # A quotation mark that is not closed takes all rows to the end: name where it begins.
        advice = "prüfen Sie dort die Anführungszeichen"
        table.wrong(len(read) + 1, f"keine CSV-Tabelle ({error})", advice)
        stop(table)
    header, *rows = read or [[]]
    if header != names:
        advice = f"sie muss lauten: {','.join(names)}"
        if ";" in "".join(header):
            advice = f"trennen Sie Spalten durch Kommas, nicht durch Semikolons; {advice}"
        table.wrong(1, "die Kopfzeile stimmt nicht", advice)
    elif not rows:
        table.wrong(1, "die Tabelle hat keine Zeilen")
    stop(table)
    for line, cells in enumerate(rows, FIRST):
        if len(cells) != len(names):
            wrong = f"{len(cells)} Zellen statt {len(names)}: „{','.join(cells)[:60]}“"
            table.wrong(line, wrong, COMMAS)
    stop(table)
    return rows


def read_table(file: Path, name: str, schema: Schema, units: Mapping[str, Limits]) -> Table:
    """Read a file; note where it is no text, no table, or cells are not what the schema says."""
    table, columns = Table(name), schema.fields
    try:
        text = read_text(file, name)
        rows = _read_rows(table, text, [column.name for column in columns])
    except ProblemsError as error:
        table.problems = error.problems
        return table
    for column, cells in zip(columns, zip(*rows, strict=True), strict=True):
        _read_column(table, column, units.get(column.unit), cells)
    table.unique(*schema.primary_key)
    return table
