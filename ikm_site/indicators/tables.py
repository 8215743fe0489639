# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Reading one CSV table of the package by its schema.

Accepted: UTF-8 with or without byte order mark, line ends LF or CRLF, quoted cells. Everything else
that a spreadsheet may do to a table is an error with row, column, value and advice.
"""

from __future__ import annotations

import csv
import io
import math
import re
from datetime import date
from pathlib import Path
from typing import NamedTuple

from ikm_site.indicators.package import Column, Resource, Unit
from ikm_site.indicators.problems import Problem

Cell = str | int | float | date | None

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
INTEGER = re.compile(r"-?[0-9]+")
COMMA = re.compile(r"-?[0-9.]*,[0-9]+")


class Row(NamedTuple):
    """One row: the line of the file as an editor counts it, and the cells by column."""

    line: int
    cells: dict[str, Cell]

    def text(self, column: str) -> str:
        """Return a string cell."""
        value = self.cells[column]
        return value if isinstance(value, str) else ""

    def number(self, column: str) -> float | None:
        """Return a numeric cell, or None where the table says that there is no value."""
        value = self.cells.get(column)
        return float(value) if isinstance(value, int | float) else None


def _parse(column: Column, text: str) -> tuple[Cell, str, str]:
    """Return the value of a cell, or the rule it breaks and advice."""
    if column.type == "string":
        return text, "", ""
    if column.type == "date":
        try:
            return date.fromisoformat(text), "", ""
        except ValueError:
            return None, "a date is written 2024-12-31", "Mend the date."
    if column.type == "number" and NUMBER.fullmatch(text):
        return float(text), "", ""
    if column.type == "integer" and INTEGER.fullmatch(text):
        return int(text), "", ""
    if text.lower().lstrip("+-") in {"nan", "inf", "infinity"}:
        return None, "not a number", "Leave the cell empty where there is no value."
    if COMMA.fullmatch(text):
        return (
            None,
            "a decimal comma",
            "Write the decimals after a point and no thousands separator (1234.5).",
        )
    if column.type == "integer":
        return None, "must be a whole number", "Digits only."
    return None, "text where a number belongs", "Digits with a decimal point only."


def _limits(column: Column, value: Cell, text: str, units: dict[str, Unit]) -> tuple[str, str]:
    """Return the constraint that a value breaks and advice, or two empty strings."""
    rules = column.constraints
    if rules.pattern is not None and not re.fullmatch(rules.pattern, text):
        return f"must match {rules.pattern}", "District keys are five digits with the leading zero."
    if rules.enum is not None and text not in rules.enum:
        return f"must be one of {', '.join(rules.enum)}", ""
    if isinstance(value, int | float):
        unit = units.get(column.unit)
        name = f" (unit {column.unit})" if unit else ""
        for limit in (rules.minimum, unit.minimum if unit else None):
            if limit is not None and value < limit:
                return f"must be at least {limit:g}{name}", "Is the value in the right unit?"
        for limit in (rules.maximum, unit.maximum if unit else None):
            if limit is not None and value > limit:
                return f"must be at most {limit:g}{name}", "Is the value in the right unit?"
    return "", ""


def _cell(column: Column, text: str, units: dict[str, Unit]) -> tuple[Cell, str, str]:
    """Return the value of a cell, or the rule it breaks and advice."""
    if text == "":
        if column.constraints.required:
            return None, "the cell is empty", f"Every row needs a {column.name}."
        return None, "", ""
    value, rule, advice = _parse(column, text)
    if not rule:
        rule, advice = _limits(column, value, text, units)
    return value, rule, advice


class _BrokenError(Exception):
    """A cell breaks a rule."""


class _Understood(dict[str, Cell]):
    """The good cells of one column with their values; a new one is understood when asked for.

    Keys and years stand in a table many times.
    """

    def __init__(self, column: Column, units: dict[str, Unit]) -> None:
        super().__init__()
        self.column, self.units = column, units
        rules, unit = column.constraints, units.get(column.unit)
        limits = (rules.minimum, unit.minimum if unit else None)
        self.low = max((limit for limit in limits if limit is not None), default=-math.inf)
        limits = (rules.maximum, unit.maximum if unit else None)
        self.high = min((limit for limit in limits if limit is not None), default=math.inf)
        self.plain = column.type == "number" and rules.pattern is None and rules.enum is None

    def __missing__(self, text: str) -> Cell:
        if self.plain and NUMBER.fullmatch(text) and self.low <= float(text) <= self.high:
            return float(text)  # hardly any figure stands there twice
        value, rule, _ = _cell(self.column, text, self.units)
        if rule:
            raise _BrokenError
        self[text] = value
        return value


def read_table(
    folder: Path, resource: Resource, units: dict[str, Unit]
) -> tuple[tuple[Row, ...], list[Problem]]:
    """Read the table of ``resource`` and return its good rows and every problem found."""
    schema = resource.table
    if schema is None:
        return (), [
            Problem("datapackage.json", column=resource.name, rule="the table has no schema")
        ]
    file = resource.path
    try:
        raw = (folder / file).read_bytes()
    except OSError:
        return (), [Problem(file, rule="the file is missing", advice="datapackage.json names it.")]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return (), [
            Problem(
                file,
                row=line,
                value=raw[error.start : error.start + 1].hex(),
                rule="the file is not UTF-8 (perhaps Latin-1 or Windows-1252)",
                advice="Save it as CSV UTF-8.",
            )
        ]
    problems: list[Problem] = []
    rows: list[Row] = []
    wanted = [column.name for column in schema.fields]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    uniques: list[tuple[int, dict[str, int]]] = [
        (place, {}) for place, column in enumerate(schema.fields) if column.constraints.unique
    ]
    keys: dict[tuple[Cell, ...], int] = {}
    columns = [_Understood(column, units) for column in schema.fields]
    places = [wanted.index(name) for name in schema.primary_key]
    try:
        header = next(reader, [])
        if header != wanted:
            advice = f"The header must be {','.join(wanted)}."
            if len(header) == 1 and ";" in header[0]:
                advice = "Separate the columns by commas, not by semicolons. " + advice
            return (), [
                Problem(file, 1, value=",".join(header), rule="wrong columns", advice=advice)
            ]
        for cells in reader:
            line = reader.line_num
            if not cells:
                continue
            if len(cells) != len(wanted):
                problems.append(
                    Problem(
                        file,
                        line,
                        value=",".join(cells)[:60],
                        rule=f"{len(cells)} cells instead of {len(wanted)}",
                        advice="A decimal comma or a missing comma?",
                    )
                )
                continue
            for place, seen in uniques:
                first = seen.setdefault(cells[place], line) if cells[place] else line
                if first != line:
                    name, rule = wanted[place], f"stands already in row {first}"
                    problems.append(Problem(file, line, name, cells[place], rule))
            try:
                values = [column[cell] for column, cell in zip(columns, cells, strict=True)]
            except _BrokenError:
                for column, cell in zip(schema.fields, cells, strict=True):
                    _, rule, advice = _cell(column, cell, units)
                    if rule:
                        problems.append(Problem(file, line, column.name, cell, rule, advice))
                continue
            if places:
                key = tuple([values[place] for place in places])
                first = keys.setdefault(key, line)
                if first != line:
                    problems.append(
                        Problem(
                            file,
                            line,
                            schema.primary_key[-1],
                            ", ".join(map(str, key)),
                            f"the same {' and '.join(schema.primary_key)} as in row {first}",
                            "Remove one of the two rows.",
                        )
                    )
                    continue
            rows.append(Row(line, dict(zip(wanted, values, strict=True))))
    except csv.Error as error:
        problems.append(Problem(file, reader.line_num, rule=f"not a CSV table: {error}"))
    return tuple(rows), problems
