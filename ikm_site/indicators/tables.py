# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Reading one CSV table of the package by its schema.

Accepted: UTF-8 with or without byte order mark, line ends LF or CRLF, quoted cells. Everything else
that a spreadsheet may do to a table is a problem with row, column, value and advice.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import CoreSchema, SchemaValidator, core_schema

from ikm_site.indicators.package import Column, Constraints, Resource, Unit
from ikm_site.problems import Problem, ProblemsError, read_text, words

#: Greatest number in a cell.
LIMIT = 1e15
#: A number as a German writes it, with points between thousands.
THOUSANDS = re.compile(r"^-?[1-9][0-9]{0,2}(?:\.[0-9]{3})+$", re.MULTILINE)
NUMBER = (
    "schreiben Sie Zahlen ohne Punkte zwischen Tausendern und mit Dezimalpunkt: 1234 oder 1234.5; "
    "ohne Angabe bleibt die Zelle leer"
)
#: What to do about pydantic's kinds of errors.
ADVICE = {
    "int_parsing": NUMBER,
    "float_parsing": NUMBER,
    "finite_number": NUMBER,
    "string_pattern_mismatch": "Kreisschlüssel haben fünf Ziffern, auch eine führende Null",
}


@dataclass
class Table:
    """The rows of a table, column by column, and what is wrong with it.

    Attributes:
        name: the file in messages.
        lines: the line of each row in the file.
        columns: the cells by the name of their column; None for an empty cell.
    """

    name: str
    lines: list[int] = field(default_factory=list)
    columns: dict[str, Sequence[Any]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, line: int, wrong: str, advice: str = "") -> None:
        """Note a problem of a line."""
        self.problems.append(Problem(self.name, line, wrong, advice))

    def stop(self) -> None:
        """Raise the problems noted so far."""
        if self.problems:
            raise ProblemsError(self.problems)

    def rows(self, *names: str) -> zip[tuple[Any, ...]]:
        """Return some columns side by side; one that the table does not have is empty."""
        empty = [None] * len(self.lines)
        return zip(*(self.columns.get(name, empty) for name in names), strict=True)

    def only(self, column: str, known: Collection[str | None], rule: str, advice: str) -> None:
        """Note a problem for each cell of a column that is not one of the known ones."""
        if unknown := set(self.columns[column]) - set(known):
            for line, cell in zip(self.lines, self.columns[column], strict=True):
                if cell in unknown:
                    self.wrong(line, f"Spalte {column}: „{cell}“ – {rule}", advice)

    def unique(self, *names: str) -> None:
        """Note a problem for each row whose cells in these columns stand in a row before."""
        if len(set(self.rows(*names))) == len(self.lines):
            return
        first: dict[tuple[Any, ...], int] = {}
        for line, key in zip(self.lines, self.rows(*names), strict=True):
            before = first.setdefault(key, line)
            if before != line:
                wrong = f"{' und '.join(names)} wie in Zeile {before}: {', '.join(map(str, key))}"
                self.wrong(line, wrong, "löschen Sie eine der Zeilen")


def _schema(column: Column, unit: Unit | None) -> CoreSchema:
    """Return the schema of a cell; an empty one is None."""
    rules = column.constraints
    limits: list[Constraints | Unit] = [rules, unit] if unit else [rules]
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


def _with_points(column: Column, cells: Sequence[str | None]) -> set[str]:
    """Return the numbers of a column whose points seem to stand between thousands."""
    if column.type not in ("integer", "number"):
        return set()
    texts = {cell for cell in cells if cell}
    found = set(THOUSANDS.findall("\n".join(texts)))
    # Where other cells have three decimals, these may have them as well.
    precise = any(len(text.partition(".")[2]) > 2 for text in texts - found) if found else False
    return set() if precise else found


def _read_column(table: Table, column: Column, unit: Unit | None, cells: Sequence[str]) -> None:
    """Read the cells of a column."""
    name, given = column.name, [cell or None for cell in cells] if "" in cells else cells
    table.columns[name] = given
    if odd := _with_points(column, given):
        table.only(name, set(given) - odd, "ein Punkt zwischen Tausendern?", NUMBER)
    validator = SchemaValidator(core_schema.list_schema(_schema(column, unit)))
    try:
        table.columns[name] = validator.validate_python(given)
    except ValidationError as error:
        for item in error.errors(include_url=False):
            rule, advice = words(item), ADVICE.get(item["type"], "")
            if item["input"] is None:
                rule, advice = "die Zelle ist leer", f"jede Zeile braucht {name}"
            line = table.lines[int(item["loc"][0])]
            table.wrong(line, f"Spalte {name}: „{item['input'] or ''}“ – {rule}", advice)


def _read_rows(table: Table, text: str, names: list[str]) -> list[list[str]]:
    """Return the rows below the header, each with as many cells as it; note their lines."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = {line: cells for line, cells in enumerate(reader, 1) if cells}
    except csv.Error as error:
        table.wrong(reader.line_num, f"keine CSV-Tabelle ({error})")
        table.stop()
    header = rows.pop(1, [])
    if header != names:
        advice = f"sie muss lauten: {','.join(names)}"
        if ";" in "".join(header):
            advice = f"trennen Sie Spalten durch Kommas, nicht durch Semikolons; {advice}"
        table.wrong(1, "die Kopfzeile stimmt nicht", advice)
    elif not rows:
        table.wrong(1, "die Tabelle hat keine Zeilen")
    else:
        for line, cells in rows.items():
            if len(cells) != len(names):
                wrong = f"{len(cells)} Zellen statt {len(names)}: „{','.join(cells)[:60]}“"
                table.wrong(line, wrong, "ein Dezimalkomma, oder fehlt ein Komma?")
    table.stop()
    table.lines = list(rows)
    return list(rows.values())


def read_table(folder: Path, resource: Resource, units: dict[str, Unit]) -> Table:
    """Read a table.

    Raises:
        ProblemsError: it is no table, or cells are not what the schema says.
    """
    table, columns = Table(f"data/{resource.path}"), resource.columns
    rows = _read_rows(table, read_text(folder / resource.path, table.name), list(columns))
    for column, cells in zip(columns.values(), zip(*rows, strict=True), strict=True):
        _read_column(table, column, units.get(column.unit), cells)
        if column.constraints.unique:
            table.unique(column.name)
    if resource.table and resource.table.primary_key:
        table.unique(*resource.table.primary_key)
    table.stop()
    return table
