# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Files to download: each indicator and each region as tables, the whole package as one zip.

They lie in `data/` of each language. The same data give the same bytes.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from ikm_site.indicators.model import GERMANY, Figures, Indicator, Period
from ikm_site.indicators.package import DESCRIPTION
from ikm_site.indicators.words import Words

FOLDER = "data"
PACKAGE = f"{FOLDER}/ikm-monitoring.zip"
#: Period, basis and value as they are written.
Point = tuple[str, str, str]


def address(name: str, kind: str) -> str:
    """Return the address of a table (`csv`, `json`, `excel`) or a map (`svg`)."""
    return f"{FOLDER}/excel/{name}.csv" if kind == "excel" else f"{FOLDER}/{name}.{kind}"


def point(period: Period, value: float) -> Point:
    """Return a value as it is written, without a needless `.0`."""
    return period.code, period.basis, str(int(value) if value == int(value) else value)


def cell(text: str) -> str:
    """Return a text as a cell of CSV: quoted where needed, and never a formula."""
    if text.startswith(("=", "+", "-", "@", "\t", "\r")):
        text = f"'{text}"
    quote = any(character in text for character in ',;"\r\n')
    return '"{}"'.format(text.replace('"', '""')) if quote else text


def as_json(value: object) -> str:
    """Return a value as short JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Sheet:
    """A table as CSV in two forms: after RFC 4180, and as a German Excel expects it."""

    def __init__(self, *header: str) -> None:
        self.standard = [",".join(header)]
        self.excel = [";".join(header)]

    def add(self, before: Iterable[str], points: Iterable[Point], *after: str) -> None:
        """Add a row for each point, between cells that are the same in all of them."""
        cells, more = [cell(text) for text in before], [cell(text) for text in after]
        for lines, by, decimal in ((self.standard, ",", "."), (self.excel, ";", ",")):
            head, tail = by.join([*cells, ""]), by.join(["", *more])
            lines += [
                f"{head}{period}{by}{basis}{by}{value.replace('.', decimal)}{tail}"
                for period, basis, value in points
            ]

    def files(self, name: str) -> Iterator[tuple[str, bytes]]:
        """Yield address and content of both forms."""
        for kind, lines in (("csv", self.standard), ("excel", self.excel)):
            text = "\r\n".join([*lines, ""])
            yield address(name, kind), text.encode("utf-8-sig" if kind == "excel" else "utf-8")


def _series(figures: Figures, indicator: Indicator) -> Iterator[tuple[str, str, list[Point]]]:
    """Yield level, place and values: the regions in their order, Germany, then the districts."""
    levels = (
        ("region", figures.regions, indicator.regions),
        ("country", [GERMANY], indicator.regions),
        ("district", sorted(figures.districts), indicator.districts),
    )
    for level, places, values in levels:
        periods = [(period, values[period]) for period in sorted(values)]
        for place in places:
            points = [point(period, known[place]) for period, known in periods if place in known]
            if points:
                yield level, place, points


def of_indicator(
    figures: Figures, words: Words, indicator: Indicator
) -> Iterator[tuple[str, bytes]]:
    """Yield an indicator as CSV, and as JSON with its title, unit, breaks, sources and licences."""
    sheet = Sheet("level", "id", "name", "period", "basis", "value", "unit")
    series = []
    for level, place, points in _series(figures, indicator):
        name = words.place(figures, place)
        sheet.add((level, place, name), points, indicator.unit.name)
        head = as_json({"level": level, "id": place, "name": name})
        shown = [
            f'{{"period":"{period}","value":{value}' + (f',"basis":"{basis}"}}' if basis else "}")
            for period, basis, value in points
        ]
        series.append(f'{head[:-1]},"series":[{",".join(shown)}]}}')
    yield from sheet.files(indicator.name)
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
    }
    head = as_json(document)
    text = f'{head[:-1]},"values":[{",".join(series)}]}}\n'
    yield address(indicator.name, "json"), text.encode()


def of_region(figures: Figures, words: Words, region: str) -> Iterator[tuple[str, bytes]]:
    """Yield every value of a region and of Germany as CSV."""
    sheet = Sheet("indicator", "title", "unit", "region", "period", "basis", "value")
    for indicator in figures.indicators.values():
        head = indicator.name, words.text(indicator.title), words.text(indicator.unit.title)
        for place in (region, GERMANY):
            points = [point(each.period, each.value) for each in indicator.series(place)]
            sheet.add((*head, words.place(figures, place)), points)
    yield from sheet.files(f"regions/{region}")


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
    for indicator in figures.indicators.values():
        yield from of_indicator(figures, words, indicator)
    for region in figures.regions:
        yield from of_region(figures, words, region)
