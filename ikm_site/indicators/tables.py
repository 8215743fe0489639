# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Reading one CSV table of the package by its schema.

Accepted: UTF-8 with or without byte order mark, line ends LF or CRLF, quoted cells. Everything else
that a spreadsheet may do to a table is a problem with row, column, value and advice.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ikm_site.indicators.package import Column, Resource, Unit
from ikm_site.problems import Problem, ProblemsError, read_text

Cell = str | int | float | date | None

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
COMMA = re.compile(r"-?[0-9.]*,[0-9]+")
#: A number as a German writes it, with points between thousands.
THOUSANDS = re.compile(r"-?[1-9][0-9]{0,2}(\.[0-9]{3})+")


@dataclass
class Table:
    """The good rows of a table, column by column, with the line of each row in the file."""

    lines: list[int] = field(default_factory=list)
    columns: dict[str, list[Cell]] = field(default_factory=dict)

    def texts(self, name: str) -> list[str]:
        """Return a column of strings."""
        return ["" if cell is None else str(cell) for cell in self.columns.get(name, [])]

    def cells(self, name: str) -> list[Cell]:
        """Return a column, empty cells where the table has no such column."""
        return self.columns.get(name, [None] * len(self.lines))


def name(file: str) -> str:
    """Return the name of a file of the package in messages."""
    return f"data/{file}"


def cell_problem(
    file: str, line: int, column: str, text: str, wrong: str, advice: str = ""
) -> Problem:
    """Return a problem of one cell."""
    return Problem(name(file), line, f"Spalte {column}: „{text}“ – {wrong}", advice)


class _WrongCellError(Exception):
    """A cell breaks a rule; the arguments are rule and advice."""


def _typed(column: Column, text: str) -> Cell:
    if column.type == "string":
        return text
    if column.type == "number" and NUMBER.fullmatch(text):
        return float(text)
    if column.type == "date":
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise _WrongCellError("kein Datum", "ein Datum steht so: 2024-12-31") from None
    if column.type == "integer" and THOUSANDS.fullmatch(text):
        advice = f"schreiben Sie Zahlen ohne Trennzeichen: {text.replace('.', '')}"
        raise _WrongCellError("ein Punkt zwischen Tausendern", advice)
    if column.type == "integer" and NUMBER.fullmatch(text) and "." in text:
        raise _WrongCellError("muss eine ganze Zahl sein", "")
    if column.type == "integer" and NUMBER.fullmatch(text):
        return int(text)
    if COMMA.fullmatch(text):
        advice = "schreiben Sie Dezimalstellen nach einem Punkt: 1234.5"
        raise _WrongCellError("ein Dezimalkomma", advice)
    advice = "nur Ziffern und ein Dezimalpunkt; ohne Angabe bleibt die Zelle leer"
    raise _WrongCellError("hier gehört eine Zahl hin", advice)


def _parse(column: Column, unit: Unit | None, text: str) -> Cell:
    """Return the value of a cell; raise the rule it breaks."""
    rules = column.constraints
    if text == "":
        if rules.required:
            raise _WrongCellError("die Zelle ist leer", f"jede Zeile braucht {column.name}")
        return None
    value = _typed(column, text)
    if rules.pattern is not None and not re.fullmatch(rules.pattern, text):
        advice = "Kreisschlüssel haben fünf Ziffern, auch eine führende Null"
        raise _WrongCellError(f"muss die Form {rules.pattern} haben", advice)
    if rules.enum is not None and text not in rules.enum:
        raise _WrongCellError(f"erlaubt sind {', '.join(rules.enum)}", "")
    if isinstance(value, int | float):
        for source in (rules, unit) if unit else (rules,):
            if source.minimum is not None and value < source.minimum:
                raise _WrongCellError(f"muss mindestens {source.minimum:g} sein", "")
            if source.maximum is not None and value > source.maximum:
                raise _WrongCellError(f"darf höchstens {source.maximum:g} sein", "")
    return value


def _column(
    file: str, column: Column, unit: Unit | None, lines: Sequence[int], texts: Sequence[str]
) -> tuple[list[Cell], list[Problem]]:
    """Parse a column: each distinct text once, because keys and years stand there many times."""
    values: dict[str, Cell] = {}
    wrong: dict[str, tuple[str, str]] = {}
    for text in dict.fromkeys(texts):
        try:
            values[text] = _parse(column, unit, text)
        except _WrongCellError as error:
            wrong[text] = error.args[0], error.args[1]
    if column.type == "number":
        odd = [text for text in values if THOUSANDS.fullmatch(text)]
        others = (text.partition(".")[2] for text in values.keys() - set(odd))
        if odd and max(map(len, others), default=0) < 3:
            advice = "die Spalte hat sonst weniger Dezimalstellen; schreiben Sie 1234 statt 1.234"
            wrong |= dict.fromkeys(odd, ("ein Punkt zwischen Tausendern?", advice))
    problems = [
        cell_problem(file, line, column.name, text, *wrong[text])
        for line, text in (zip(lines, texts, strict=True) if wrong else ())
        if text in wrong
    ]
    return list(map(values.get, texts)), problems


def _twice(file: str, table: Table, names: tuple[str, ...]) -> list[Problem]:
    """Return a problem for each row whose cells in these columns stand in a row before."""
    problems: list[Problem] = []
    first: dict[tuple[Cell, ...], int] = {}
    keys = list(zip(*(table.columns[name] for name in names), strict=True))
    if len(set(keys)) == len(keys):
        return problems
    for line, key in zip(table.lines, keys, strict=True):
        before = first.setdefault(key, line)
        if before != line:
            wrong = f"{' und '.join(names)} wie in Zeile {before}: {', '.join(map(str, key))}"
            problems.append(Problem(name(file), line, wrong, "löschen Sie eine der Zeilen"))
    return problems


def _rows(folder: Path, file: str) -> list[tuple[int, list[str]]]:
    """Return the rows of a file with their lines."""
    text = read_text(folder / file, name(file))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = list(reader)
        if len(rows) == reader.line_num:  # no cell has a line break
            return [(line, cells) for line, cells in enumerate(rows, 1) if cells]
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        return [(reader.line_num, cells) for cells in reader if cells]
    except csv.Error as error:
        wrong = f"keine CSV-Tabelle ({error})"
        raise ProblemsError([Problem(name(file), reader.line_num, wrong)]) from None


def read_table(
    folder: Path, resource: Resource, units: dict[str, Unit]
) -> tuple[Table, list[Problem]]:
    """Read a table; return its rows and every problem found (rows with a problem included)."""
    file, columns = resource.path, resource.columns
    try:
        rows = _rows(folder, file)
    except ProblemsError as error:
        return Table(), error.problems
    header = rows[0][1] if rows else []
    if header != list(columns):
        advice = f"sie muss lauten: {','.join(columns)}"
        if len(header) == 1 and ";" in header[0]:
            advice = f"trennen Sie Spalten durch Kommas, nicht durch Semikolons; {advice}"
        return Table(), [Problem(name(file), 1, "die Kopfzeile stimmt nicht", advice)]
    problems = [
        Problem(
            name(file),
            line,
            f"{len(cells)} Zellen statt {len(columns)}: „{','.join(cells)[:60]}“",
            "ein Dezimalkomma, oder fehlt ein Komma?",
        )
        for line, cells in rows
        if len(cells) != len(columns)
    ]
    good = [row for row in rows[1:] if len(row[1]) == len(columns)]
    table = Table([line for line, _ in good])
    cells = zip(*(cells for _, cells in good), strict=True) if good else [()] * len(columns)
    for column, texts in zip(columns.values(), cells, strict=True):
        unit = units.get(column.unit)
        table.columns[column.name], found = _column(file, column, unit, table.lines, texts)
        problems += found
    keys = [(column.name,) for column in columns.values() if column.constraints.unique]
    primary = resource.table.primary_key if resource.table else ()
    for key in {*keys, *([primary] if primary else [])}:
        problems += _twice(file, table, key)
    return table, problems
