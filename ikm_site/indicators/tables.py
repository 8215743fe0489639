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
from datetime import date
from pathlib import Path
from typing import Any

from ikm_site.indicators.package import Column, Constraints, Resource, Unit
from ikm_site.problems import Problem, ProblemsError, read_text

#: A column: texts, numbers or dates; None for an empty cell that is no text.
Cells = list[Any]

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
COMMA = re.compile(r"-?[0-9.]*,[0-9]+")
#: A number as a German writes it, with points between thousands.
THOUSANDS = re.compile(r"-?[1-9][0-9]{0,2}(\.[0-9]{3})+")


class _WrongCellError(Exception):
    """A cell breaks a rule; the arguments are rule and advice."""


@dataclass
class Table:
    """The rows of a table, column by column, and what is wrong with it.

    Attributes:
        name: the file in messages.
        lines: the line of each row in the file.
        columns: the cells by the name of their column.
    """

    name: str
    lines: list[int] = field(default_factory=list)
    columns: dict[str, Cells] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, line: int, wrong: str, advice: str = "") -> None:
        """Note a problem of a line."""
        self.problems.append(Problem(self.name, line, wrong, advice))

    def refuse(self, column: str, rules: dict[str, tuple[str, str]]) -> None:
        """Note a problem for each cell of a column whose text breaks a rule."""
        for line, text in zip(self.lines, self.columns[column], strict=True) if rules else ():
            if text in rules:
                rule, advice = rules[text]
                self.wrong(line, f"Spalte {column}: „{text}“ – {rule}", advice)

    def known(self, column: str, places: Collection[str], rule: str, advice: str) -> None:
        """Note a problem for each cell that names none of the places."""
        unknown = set(self.columns.get(column, ())) - set(places)
        self.refuse(column, dict.fromkeys(unknown, (rule, advice)))

    def rows(self, *names: str) -> zip[tuple[Any, ...]]:
        """Return some columns side by side; one that the table does not have is empty."""
        empty = [None] * len(self.lines)
        return zip(*(self.columns.get(name, empty) for name in names), strict=True)

    def unique(self, names: tuple[str, ...]) -> None:
        """Note a problem for each row whose cells in these columns stand in a row before."""
        first: dict[tuple[Any, ...], int] = {}
        keys = list(self.rows(*names))
        if len(set(keys)) == len(keys):
            return
        for line, key in zip(self.lines, keys, strict=True):
            before = first.setdefault(key, line)
            if before != line:
                wrong = f"{' und '.join(names)} wie in Zeile {before}: {', '.join(map(str, key))}"
                self.wrong(line, wrong, "löschen Sie eine der Zeilen")


def _typed(kind: str, text: str) -> Any:
    """Return the value of a cell of a type."""
    if kind == "date":
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise _WrongCellError("kein Datum", "ein Datum steht so: 2024-12-31") from None
    if NUMBER.fullmatch(text):
        if kind == "number":
            return float(text)
        if "." not in text:
            return int(text)
        if not THOUSANDS.fullmatch(text):
            raise _WrongCellError("muss eine ganze Zahl sein", "")
    if THOUSANDS.fullmatch(text):
        advice = f"schreiben Sie Zahlen ohne Trennzeichen: {text.replace('.', '')}"
        raise _WrongCellError("ein Punkt zwischen Tausendern", advice)
    if COMMA.fullmatch(text):
        advice = "schreiben Sie Dezimalstellen nach einem Punkt: 1234.5"
        raise _WrongCellError("ein Dezimalkomma", advice)
    advice = "nur Ziffern und ein Dezimalpunkt; ohne Angabe bleibt die Zelle leer"
    raise _WrongCellError("hier gehört eine Zahl hin", advice)


def _limits(column: Column, unit: Unit | None) -> tuple[float, float]:
    """Return the least and the greatest value of a column."""
    rules: list[Constraints | Unit] = [column.constraints, *([unit] if unit else [])]
    low = [rule.minimum for rule in rules if rule.minimum is not None]
    high = [rule.maximum for rule in rules if rule.maximum is not None]
    return max(low, default=-math.inf), min(high, default=math.inf)


def _cells(column: Column, unit: Unit | None, texts: Sequence[str]) -> tuple[Cells, dict[str, Any]]:
    """Return a column and the rules that texts break: each text is looked at once."""
    rules = column.constraints
    low, high = _limits(column, unit)
    is_text = column.type == "string"
    values: dict[str, Any] = {}
    wrong: dict[str, tuple[str, str]] = {}
    for text in dict.fromkeys(texts):
        try:
            if text == "":
                if rules.required:
                    raise _WrongCellError("die Zelle ist leer", f"jede Zeile braucht {column.name}")
                values[text] = text if is_text else None
                continue
            value: Any = text if is_text else _typed(column.type, text)
            if rules.pattern and not re.fullmatch(rules.pattern, text):
                advice = "Kreisschlüssel haben fünf Ziffern, auch eine führende Null"
                raise _WrongCellError(f"muss die Form {rules.pattern} haben", advice)
            if rules.enum and text not in rules.enum:
                raise _WrongCellError(f"erlaubt sind {', '.join(rules.enum)}", "")
            if column.type in ("number", "integer") and not low <= value <= high:
                limit = f"mindestens {low:g}" if value < low else f"höchstens {high:g}"
                raise _WrongCellError(f"{'muss' if value < low else 'darf'} {limit} sein", "")
            values[text] = value
        except _WrongCellError as error:
            wrong[text] = error.args[0], error.args[1]
    if column.type == "number" and (odd := [text for text in values if THOUSANDS.fullmatch(text)]):
        others = (text.partition(".")[2] for text in values.keys() - set(odd))
        if max(map(len, others), default=0) < 3:
            advice = "die Spalte hat sonst weniger Dezimalstellen; schreiben Sie 1234 statt 1.234"
            wrong |= dict.fromkeys(odd, ("ein Punkt zwischen Tausendern?", advice))
    for text in wrong:
        values[text] = text
    return list(map(values.__getitem__, texts)), wrong


def read_table(folder: Path, resource: Resource, units: dict[str, Unit]) -> Table:
    """Read a table; a cell with a problem keeps its text."""
    columns, table = resource.columns, Table(f"data/{resource.path}")
    reader = csv.reader([], strict=True)
    try:
        text = read_text(folder / resource.path, table.name)
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        rows = [(reader.line_num, cells) for cells in reader if cells]
    except ProblemsError as error:
        table.problems = error.problems
        return table
    except csv.Error as error:
        table.wrong(reader.line_num, f"keine CSV-Tabelle ({error})")
        return table
    header = rows.pop(0)[1] if rows else []
    if header != list(columns):
        advice = f"sie muss lauten: {','.join(columns)}"
        if len(header) == 1 and ";" in header[0]:
            advice = f"trennen Sie Spalten durch Kommas, nicht durch Semikolons; {advice}"
        table.wrong(1, "die Kopfzeile stimmt nicht", advice)
        return table
    for line, cells in rows:
        if len(cells) != len(columns):
            wrong = f"{len(cells)} Zellen statt {len(columns)}: „{','.join(cells)[:60]}“"
            table.wrong(line, wrong, "ein Dezimalkomma, oder fehlt ein Komma?")
    rows = [row for row in rows if len(row[1]) == len(columns)]
    table.lines = [line for line, _ in rows]
    for index, column in enumerate(columns.values()):
        texts = [cells[index] for _, cells in rows]
        table.columns[column.name], bad = _cells(column, units.get(column.unit), texts)
        table.refuse(column.name, bad)
        if column.constraints.unique:
            table.unique((column.name,))
    if resource.table and resource.table.primary_key:
        table.unique(resource.table.primary_key)
    return table
