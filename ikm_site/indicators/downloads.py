# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Files to download: each indicator and each region as tables, the whole package as one zip.

They lie in `data/` of each language. The same data give the same bytes.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from ikm_site.indicators.model import GERMANY, Figures, Indicator
from ikm_site.indicators.package import DESCRIPTION
from ikm_site.indicators.words import Words

FOLDER = "data"
PACKAGE = f"{FOLDER}/ikm-monitoring.zip"
Row = tuple[str | float, ...]


def address(name: str, kind: str) -> str:
    """Return the address of a table (`csv`, `json`, `excel`) or a map (`svg`)."""
    return f"{FOLDER}/excel/{name}.csv" if kind == "excel" else f"{FOLDER}/{name}.{kind}"


def plain(value: float) -> float | int:
    """Return a value without a needless `.0`."""
    return int(value) if value == int(value) else value


def rows(figures: Figures, words: Words, indicator: Indicator) -> Iterator[Row]:
    """Yield level, id, name, period, basis and value: regions in their order, then districts."""
    levels = (
        ("region", [*figures.regions, GERMANY], indicator.regions),
        ("district", sorted(figures.districts), indicator.districts),
    )
    for level, places, values in levels:
        periods = [(values[period], period.code, period.basis) for period in sorted(values)]
        for place in places:
            name = words.place(figures, place)
            kind = "country" if place == GERMANY else level
            for known, code, basis in periods:
                if place in known:
                    yield kind, place, name, code, basis, plain(known[place])


@lru_cache(maxsize=None, typed=True)
def _cell(value: str | float, excel: bool) -> str | float:
    """A cell of CSV: no word that a spreadsheet takes for a formula, Excel's decimal comma."""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
    return str(value).replace(".", ",") if excel and isinstance(value, float) else value


def as_csv(header: Iterable[str], table: Iterable[Row], *, excel: bool = False) -> bytes:
    """Return a table as CSV: after RFC 4180, or as a German Excel expects it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if excel else ",", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_cell(value, excel) for value in row] for row in table)
    return out.getvalue().encode("utf-8-sig" if excel else "utf-8")


def as_json(figures: Figures, words: Words, indicator: Indicator, table: Iterable[Row]) -> bytes:
    """Return an indicator as JSON with its title, unit, breaks, sources and licences."""
    places: dict[tuple[str | float, ...], list[dict[str, object]]] = {}
    for *place, period, basis, value in table:
        point: dict[str, object] = {
            "period": period,
            "value": value,
            **({"basis": basis} if basis else {}),
        }
        places.setdefault(tuple(place), []).append(point)
    document = {
        "name": indicator.name,
        "title": words.text(indicator.title),
        "description": words.text(indicator.description),
        "unit": {"name": indicator.unit.name, "title": words.text(indicator.unit.title)},
        "note": words.text(indicator.about.note),
        "breaks": [{"year": b.year, "text": words.text(b.text)} for b in indicator.about.breaks],
        "sources": [{"title": words.text(s.title), "path": s.path} for s in indicator.sources],
        "licenses": [
            {"name": licence.name, "title": words.text(licence.title), "path": licence.path}
            for licence in indicator.licenses
        ],
        "version": figures.package.version,
        "values": [
            {"level": level, "id": place, "name": name, "series": series}
            for (level, place, name), series in places.items()
        ],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def of_region(figures: Figures, words: Words, region: str) -> Iterator[Row]:
    """Yield every value of a region and of Germany: indicator, unit, place, period, value."""
    for indicator in figures.indicators.values():
        head = indicator.name, words.text(indicator.title), words.text(indicator.unit.title)
        for place in (region, GERMANY):
            name = words.place(figures, place)
            for point in indicator.series(place):
                yield *head, name, point.period.code, point.period.basis, plain(point.value)


def as_zip(figures: Figures, folder: Path) -> bytes:
    """Return the package in `folder` as a zip whose bytes depend on the files alone."""
    names = {DESCRIPTION, "README.md", *(entry.path for entry in figures.package.resources)}
    out = io.BytesIO()
    stamp = datetime.fromisoformat(figures.package.created).timetuple()[:6]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(names):
            if not (folder / name).is_file():
                continue
            info = zipfile.ZipInfo(f"{figures.package.name}/{name}", stamp)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            info.create_system = 3
            archive.writestr(info, (folder / name).read_bytes())
    return out.getvalue()


def files(figures: Figures, words: Words, source: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the address and content of every file."""
    yield PACKAGE, as_zip(figures, source)
    header = ("level", "id", "name", "period", "basis", "value", "unit")
    for indicator in figures.indicators.values():
        table = list(rows(figures, words, indicator))
        with_unit = [(*row, indicator.unit.name) for row in table]
        yield address(indicator.name, "csv"), as_csv(header, with_unit)
        yield address(indicator.name, "excel"), as_csv(header, with_unit, excel=True)
        yield address(indicator.name, "json"), as_json(figures, words, indicator, table)
    header = ("indicator", "title", "unit", "region", "period", "basis", "value")
    for region in figures.regions:
        table = list(of_region(figures, words, region))
        yield address(f"regions/{region}", "csv"), as_csv(header, table)
        yield address(f"regions/{region}", "excel"), as_csv(header, table, excel=True)
