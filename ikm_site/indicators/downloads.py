# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Files to download: each indicator as CSV and JSON, the whole package as one zip.

They lie in `data/` of each language. The same data give the same bytes.
"""

from __future__ import annotations

import csv
import io
import json
import os
import time
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ikm_site.indicators.model import GERMANY, Figures, Indicator, Period
from ikm_site.indicators.package import DESCRIPTION
from ikm_site.indicators.words import Words

FOLDER = "data"
PACKAGE = f"{FOLDER}/ikm-monitoring.zip"


def address(indicator: str, kind: str) -> str:
    """Return the address of a table below the root of a language."""
    return f"{FOLDER}/{indicator}.{kind}"


def plain(value: float) -> float | int:
    """Return a value without a needless `.0`."""
    return int(value) if value == int(value) else value


@dataclass(frozen=True)
class Series:
    """The values of a place as they stand in the files.

    Attributes:
        level: `region`, `district` or `country`.
        place: the id of the region or the key of the district.
        name: its name.
        points: period, basis (or nothing) and value, oldest first.
    """

    level: str
    place: str
    name: str
    points: tuple[tuple[str, str, float | int], ...]


def series(figures: Figures, words: Words, indicator: Indicator) -> Iterator[Series]:
    """Yield what an indicator has: regions in their order, then districts."""
    # Hundreds of places have the same few periods.
    codes: dict[Period, str] = {}
    levels = [
        ("region", [*figures.regions, GERMANY], indicator.regions),
        ("district", sorted(figures.districts), indicator.districts),
    ]
    for level, places, values in levels:
        for place in places:
            if place not in values:
                continue
            points = []
            for period, value, _ in values[place]:
                code = codes.get(period) or codes.setdefault(period, period.code)
                points.append((code, period.basis, plain(value)))
            kind = "country" if place == GERMANY else level
            yield Series(kind, place, words.place(figures, place), tuple(points))


def as_csv(indicator: Indicator, values: Iterable[Series]) -> bytes:
    """Return an indicator as CSV after RFC 4180, in UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["level", "id", "name", "period", "basis", "value", "unit"])
    unit = indicator.unit.name
    for part in values:
        head = (part.level, part.place, part.name)
        writer.writerows([(*head, *point, unit) for point in part.points])
    return out.getvalue().encode("utf-8")


def _json_line(part: Series) -> str:
    """Return a place and its values as JSON; only its name may need to be escaped."""
    points = ",".join(
        [
            f'{{"period":"{period}","value":{value}}}' if not basis
            else f'{{"period":"{period}","value":{value},"basis":"{basis}"}}'
            for period, basis, value in part.points
        ]
    )  # fmt: skip
    name = json.dumps(part.name, ensure_ascii=False)
    return f'{{"level":"{part.level}","id":"{part.place}","name":{name},"series":[{points}]}}'


def as_json(
    figures: Figures, words: Words, indicator: Indicator, values: Iterable[Series]
) -> bytes:
    """Return an indicator as JSON with its title, unit, breaks, sources and licences."""
    document = {
        "name": indicator.name,
        "title": words.text(indicator.title),
        "description": words.text(indicator.description),
        "unit": {"name": indicator.unit.name, "title": words.text(indicator.unit.title)},
        "note": words.text(indicator.about.note),
        "breaks": [
            {"year": part.year, "text": words.text(part.text)} for part in indicator.about.breaks
        ],
        "sources": [
            {"title": words.text(source.title), "path": source.path} for source in indicator.sources
        ],
        "licenses": [
            {"name": licence.name, "title": words.text(licence.title), "path": licence.path}
            for licence in indicator.licenses
        ],
        "version": figures.package.version,
    }
    # One line for each place: short, and a change is seen where it is.
    lines = ",\n".join(map(_json_line, values))
    head = json.dumps(document, ensure_ascii=False, indent=1).removesuffix("\n}")
    return f'{head},\n "values": [\n{lines}\n ]\n}}\n'.encode()


def as_zip(figures: Figures, folder: Path) -> bytes:
    """Return the package in `folder` as a zip whose bytes depend on the files alone."""
    names = {DESCRIPTION, "README.md", *(entry.path for entry in figures.package.resources)}
    out = io.BytesIO()
    stamp = time.gmtime(max(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), 315532800))[:6]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(names):
            if not (folder / name).is_file():
                continue
            info = zipfile.ZipInfo(f"ikm-monitoring/{name}", stamp)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            info.create_system = 3
            archive.writestr(info, (folder / name).read_bytes())
    return out.getvalue()


def write(figures: Figures, words: Words, source: Path, target: Path) -> dict[str, int]:
    """Write every file below `target`; return the size of each in bytes."""
    files = {PACKAGE: as_zip(figures, source)}
    for indicator in figures.indicators.values():
        values = list(series(figures, words, indicator))
        files[address(indicator.name, "csv")] = as_csv(indicator, values)
        files[address(indicator.name, "json")] = as_json(figures, words, indicator, values)
    for name, content in files.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return {name: len(content) for name, content in files.items()}
