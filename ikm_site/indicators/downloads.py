"""Files to download: each indicator and each region as tables, the whole package as one zip.

They lie in `data/` of each language. The same data give the same bytes.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic_core import to_json

from ikm_site.indicators.model import GERMANY, Figures, Indicator, Values
from ikm_site.indicators.package import DESCRIPTION
from ikm_site.indicators.words import Words

FOLDER = "data"
PACKAGE = f"{FOLDER}/ikm-monitoring.zip"
#: Compression level of zlib: 6 would take three times as long for 6 % less.
LEVEL = 4
#: What stands between cells and before decimals until the form of a table is known.
SEPARATOR, POINT = "\x1f", "\x1e"
#: Period, basis and value; a whole number is an int.
Point = tuple[str, str, int | float]


def address(name: str, kind: str) -> str:
    """Return the address of a table (`csv`, `json`, `excel`) or a map (`svg`)."""
    return f"{FOLDER}/excel/{name}.csv" if kind == "excel" else f"{FOLDER}/{name}.{kind}"


def cells(*texts: str) -> str:
    """Return texts as cells of CSV: quoted where needed, and never a formula."""
    found = []
    for text in texts:
        if text.startswith(("=", "+", "-", "@", "\t", "\r")):
            text = f"'{text}"
        quote = any(character in text for character in ',;"\r\n')
        found.append('"{}"'.format(text.replace('"', '""')) if quote else text)
    return SEPARATOR.join(found)


def points(values: Values, place: str) -> list[Point]:
    """Return the values of a place as they are written: dates as plain text, for fast JSON."""
    return [
        (str(code), basis, whole if (whole := int(value)) == value else value)
        for (code, basis), known in values.items()
        if (value := known.get(place)) is not None
    ]


def lines(before: str, found: Iterable[Point], after: str = "") -> list[str]:
    """Return a line of CSV for each value, between cells that are the same in all of them."""
    return [
        SEPARATOR.join((before, code, basis, str(value).replace(".", POINT))) + after
        for code, basis, value in found
    ]


def sheets(name: str, rows: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Yield lines as CSV in two forms: after RFC 4180, and as a German Excel expects it."""
    text = "\r\n".join([*rows, ""])
    for kind, by, point, code in (("csv", ",", ".", "utf-8"), ("excel", ";", ",", "utf-8-sig")):
        yield address(name, kind), text.replace(SEPARATOR, by).replace(POINT, point).encode(code)


def of_indicator(
    figures: Figures, words: Words, indicator: Indicator
) -> Iterator[tuple[str, bytes]]:
    """Yield an indicator as CSV, and as JSON with its title, unit, breaks, sources and licences."""
    rows, series = [cells("level", "id", "name", "period", "basis", "value", "unit")], []
    levels = dict.fromkeys(figures.regions, "region") | {GERMANY: "country"}
    levels |= dict.fromkeys(sorted(figures.districts), "district")
    for place, level in levels.items():
        if found := points(indicator.values, place):
            name = words.place(figures, place)
            rows += lines(cells(level, place, name), found, SEPARATOR + indicator.unit.name)
            shown = [
                {"period": code, "value": value} | ({"basis": basis} if basis else {})
                for code, basis, value in found
            ]
            series.append({"level": level, "id": place, "name": name, "series": shown})
    yield from sheets(indicator.name, rows)
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
        "values": series,
    }
    yield address(indicator.name, "json"), to_json(document) + b"\n"


def of_region(figures: Figures, words: Words, region: str) -> Iterator[tuple[str, bytes]]:
    """Yield every value of a region and of Germany as CSV."""
    rows = [cells("indicator", "title", "unit", "region", "period", "basis", "value")]
    for each in figures.indicators.values():
        head = each.name, words.text(each.title), words.text(each.unit.title)
        for place in (region, GERMANY):
            before = cells(*head, words.place(figures, place))
            rows += lines(before, points(each.values, place))
    yield from sheets(f"regions/{region}", rows)


def as_zip(figures: Figures, folder: Path) -> bytes:
    """Return the package in `folder` as a zip whose bytes depend on the files alone."""
    names = {DESCRIPTION, "README.md", *(entry.path for entry in figures.package.resources)}
    out = io.BytesIO()
    stamp = figures.package.created.timetuple()[:6]
    with zipfile.ZipFile(out, "w") as archive:
        for name in sorted(names):
            if not (folder / name).is_file():  # a package can do without README.md
                continue
            info = zipfile.ZipInfo(f"{figures.package.name}/{name}", stamp)
            info.external_attr = 0o644 << 16
            info.create_system = 3
            archive.writestr(info, (folder / name).read_bytes(), zipfile.ZIP_DEFLATED, LEVEL)
    return out.getvalue()


def files(figures: Figures, words: Words, source: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the address and content of every file."""
    yield PACKAGE, as_zip(figures, source)
    for indicator in figures.indicators.values():
        yield from of_indicator(figures, words, indicator)
    for region in figures.regions:
        yield from of_region(figures, words, region)
