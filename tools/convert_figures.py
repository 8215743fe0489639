# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Turn the collected open data tables into the tidy files of ``data/``.

Not needed to build the site: it documents how each file came about and is run again only when a
new edition of the sources is taken over. Run it with the folder that holds the source tables::

    python tools/convert_figures.py FOLDER data

``FOLDER`` holds ``kreise.csv``, ``population.csv``, ``population_age_2024.csv``,
``unemployment.csv``, ``income.csv``, ``landuse_2021_ha.csv``, ``gdp_2023_kreise.csv``,
``inkar2024_*.csv``,
``geo/kreise.topo.json`` as well as ``regions.yaml`` and ``districts.csv`` with the membership and
the short names of the districts.
Origin and licence of every table stand in ``data/README.md``.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import yaml

#: Cars of the city of Trier: in these years three times those of the years around them.
WRONG = {("q_pkw_bev", "07211", "2004"), ("q_pkw_bev", "07211", "2013")}

Rows = list[dict[str, str]]

EISENACH, WARTBURGKREIS = "16056", "16063"
GOETTINGEN_OLD, OSTERODE, GOETTINGEN = "03152", "03156", "03159"
MERGED = {EISENACH: WARTBURGKREIS, GOETTINGEN_OLD: GOETTINGEN, OSTERODE: GOETTINGEN}

BASES = {
    "before census 2011": "census-1987",
    "census 2011": "census-2011",
    "census 2022": "census-2022",
}

# indicator: (column of INKAR, factor, decimals)
BOTH_LEVELS = {
    "gdp-per-inhabitant": ("q_bip_ew", 1000, 0),
    "gdp-per-employed": ("q_bip_et", 1000, 0),
    "gva-primary": ("a_bws_1sektor", 1, 2),
    "gva-secondary": ("a_bws_2sektor", 1, 2),
    "gva-tertiary": ("a_bws_3sektor", 1, 2),
    "students": ("q_stud", 1, 2),
    "overnight-stays": ("q_übern_bev", 1, 2),
    "foreign-guests": ("a_übern_ausl", 1, 2),
}
DISTRICTS_ONLY = {
    "mean-age": ("m_bev_alter", 1, 2),
    "age-65-plus": ("a_bev65um", 1, 2),
    "cars": ("q_pkw_bev", 1, 2),
}


def read(path: Path) -> Rows:
    """Return the rows of a comma-separated UTF-8 table."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def write(path: Path, header: list[str], rows: Iterable[Iterable[object]]) -> None:
    """Write a table sorted by its first two columns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def number(text: str, factor: int, decimals: int) -> str:
    """Return the value in the unit of the package, or nothing where the source has none.

    INKAR marks some missing values by a negative number (cars in 07235, 2013).
    """
    return (
        ""
        if text == "" or float(text) < 0
        else f"{round(float(text) * factor, decimals):.{decimals}f}"
    )


def short(value: float) -> str:
    """Return a computed value with at most four decimals; one of the source stays as it is."""
    return f"{value:.4f}".rstrip("0").rstrip(".")


def masters(source: Path, target: Path) -> dict[str, str]:
    """Write districts, regions and membership; return the BBSR code of each region."""
    official = {row["ags"]: row for row in read(source / "kreise.csv")}
    rows = read(source / "districts.csv")
    land = {row["ags"]: row["land_total"] for row in read(source / "landuse_2021_ha.csv")}
    write(
        target / "districts.csv",
        ["ags", "name", "type", "state", "nuts3"],
        (
            (row["ags"], row["name"], row["type"], row["state"], row["nuts3_2021"])
            for row in sorted(rows, key=lambda row: row["ags"])
        ),
    )
    write(
        target / "by-district/area.csv",
        ["district", "year", "value"],
        (
            row
            for ags in sorted(official)
            for row in (
                (ags, "2021", f"{int(land[ags]) / 100:.2f}"),
                (ags, "2023", official[ags]["area_km2"]),
            )
        ),
    )
    regions: list[dict[str, Any]] = yaml.safe_load(
        (source / "regions.yaml").read_text(encoding="utf-8")
    )
    names: list[tuple[str, str, str, str]] = []
    members: list[tuple[str, str]] = []
    for region in regions:
        for entry, parent in [
            (region, ""),
            *((part, region["id"]) for part in region.get("subregions", [])),
        ]:
            if entry["id"] == "verband-region-stuttgart":
                continue  # half of the region's organisations, not a part the IKM counts
            short = entry.get("short_name") or entry["name_de"].removeprefix("Metropolregion ")
            names.append((entry["id"], short, parent, entry["bbsr_code"]))
            members += [(entry["id"], ags) for ags in sorted(entry["districts"])]
    write(target / "regions.csv", ["region", "name", "part_of", "bbsr_code"], names)
    write(target / "membership.csv", ["region", "district"], members)
    return {code: region for region, _, _, code in names}


def population(source: Path, target: Path) -> None:
    """Write inhabitants at the end of each year; the day of the census itself is left out."""
    rows = [row for row in read(source / "population.csv") if row["date"].endswith("-12-31")]
    rows.sort(key=lambda row: (row["ags"], row["date"], BASES[row["basis"]]))
    write(
        target / "by-district/population.csv",
        ["district", "date", "basis", "value"],
        ((row["ags"], row["date"], BASES[row["basis"]], row["population"]) for row in rows),
    )


def inkar(source: Path, target: Path, codes: Mapping[str, str]) -> None:
    """Write BBSR's own values of the regions and Germany, and the districts behind them."""
    regions = read(source / "inkar2024_metropolregionen.csv")
    germany = read(source / "inkar2024_deutschland.csv")
    districts = read(source / "inkar2024_kreise.csv")
    order = list(codes.values())

    def by_region(get: Callable[[Mapping[str, str]], str], name: str) -> None:
        rows = [
            (codes[r["inkar_code"]], r["year"], get(r)) for r in regions if r["inkar_code"] in codes
        ]
        rows += [("germany", r["year"], get(r)) for r in germany]
        rank = {region: place for place, region in enumerate([*order, "germany"])}
        rows.sort(key=lambda row: (rank[row[0]], row[1]))
        write(
            target / f"by-region/{name}.csv",
            ["region", "year", "value"],
            (row for row in rows if row[2] != ""),
        )

    def by_district(get: Callable[[Mapping[str, str]], str], name: str, *, newest: bool) -> None:
        rows = [(r["ags"], r["year"], get(r)) for r in districts]
        years = {year for _, year, value in rows if value != ""}
        if newest:  # the series is told by the regions; the map needs one year only
            years = {max(years)}
        write(
            target / f"by-district/{name}.csv",
            ["district", "year", "value"],
            sorted(row for row in rows if row[1] in years),
        )

    students = {(row["ags"], row["year"]): row["q_stud"] for row in districts}

    def get(
        row: Mapping[str, str], column: str, factor: int, decimals: int, *, zero: bool = True
    ) -> str:
        if (column, row.get("ags", ""), row["year"]) in WRONG:
            return ""
        text = number(row[column], factor, decimals)
        if text and float(text) == 0 and not zero:
            # INKAR writes 0 for suppressed values, too; a district without students has none
            # in the year before either.
            before = students.get((row["ags"], str(int(row["year"]) - 1)), "")
            return text if column == "q_stud" and float(before or 0) == 0 else ""
        return text

    for name, (column, factor, decimals) in BOTH_LEVELS.items():
        by_region(partial(get, column=column, factor=factor, decimals=decimals), name)
        chosen = partial(get, column=column, factor=factor, decimals=decimals, zero=False)
        by_district(chosen, name, newest=True)
    for name, (column, factor, decimals) in DISTRICTS_ONLY.items():
        chosen = partial(get, column=column, factor=factor, decimals=decimals, zero=False)
        by_district(chosen, name, newest=False)


def gdp(source: Path, target: Path) -> None:
    """Write the gross domestic product of 2023, and per inhabitant behind that of 2021.

    The accounts were revised in 2024. The weight is the population behind the source's value.
    """
    rows = sorted(read(source / "gdp_2023_kreise.csv"), key=lambda row: row["ags"])
    write(
        target / "by-district/gdp.csv",
        ["district", "year", "value"],
        ((row["ags"], "2023", row["gdp_mio_eur_2023"]) for row in rows),
    )
    path = target / "by-district/gdp-per-inhabitant.csv"
    found = [(row["district"], row["year"], row["value"], "") for row in read(path)]
    for row in rows:
        value = row["gdp_eur_per_inhabitant_2023"]
        people = float(row["gdp_mio_eur_2023"]) * 1_000_000 / float(value)
        found.append((row["ags"], "2023", value, f"{people:.0f}"))
    write(path, ["district", "year", "value", "weight"], sorted(found))


def ages(source: Path, target: Path) -> None:
    """Write the shares under 18 and from 65 at the end of 2024; the latter continues INKAR."""
    young = {
        "unter 3 Jahre",
        "3 bis unter 6 Jahre",
        "6 bis unter 10 Jahre",
        "10 bis unter 15 Jahre",
        "15 bis unter 18 Jahre",
    }
    old = {"65 bis unter 75 Jahre", "75 Jahre und mehr"}
    counts: dict[str, dict[str, int]] = {}
    for row in read(source / "population_age_2024.csv"):
        counts.setdefault(row["ags"], {})[row["age_group"]] = int(row["total"])

    def share(ags: str, groups: set[str]) -> str:
        return f"{sum(counts[ags][g] for g in groups) / counts[ags]['Insgesamt'] * 100:.6f}"

    write(
        target / "by-district/age-under-18.csv",
        ["district", "year", "value"],
        ((ags, "2024", share(ags, young)) for ags in sorted(counts)),
    )
    path = target / "by-district/age-65-plus.csv"
    rows = [(row["district"], row["year"], row["value"]) for row in read(path)]
    rows += [(ags, "2024", share(ags, old)) for ags in counts]
    write(path, ["district", "year", "value"], sorted(rows))


def weighted(source: Path, target: Path) -> None:
    """Write rates whose base is not the population, with the base as weight."""
    sums: dict[tuple[str, str], list[float]] = {}
    for row in read(source / "unemployment.csv"):
        if row["unemployed"] and row["rate_all_civilian_labour_force"]:
            rate = float(row["rate_all_civilian_labour_force"])
            entry = sums.setdefault((MERGED.get(row["ags"], row["ags"]), row["year"]), [0.0, 0.0])
            entry[0] += float(row["unemployed"])
            entry[1] += float(row["unemployed"]) / rate * 100
    write(
        target / "by-district/unemployment.csv",
        ["district", "year", "value", "weight"],
        ((ags, year, short(a / b * 100), round(b)) for (ags, year), (a, b) in sorted(sums.items())),
    )
    incomes: dict[tuple[str, str], list[float]] = {}
    for row in read(source / "income.csv"):
        if row["disposable_income_1000_eur"] and row["disposable_income_per_capita_eur"]:
            total = float(row["disposable_income_1000_eur"]) * 1000
            entry = incomes.setdefault(
                (MERGED.get(row["ags"], row["ags"]), row["year"]), [0.0, 0.0]
            )
            entry[0] += total
            entry[1] += total / float(row["disposable_income_per_capita_eur"])
    write(
        target / "by-district/income.csv",
        ["district", "year", "value", "weight"],
        ((ags, year, short(a / b), round(b)) for (ags, year), (a, b) in sorted(incomes.items())),
    )


def boundaries(source: Path, target: Path) -> None:
    """Copy the boundaries with the districts' codes only; names stand in districts.csv."""
    topology = json.loads((source / "geo/kreise.topo.json").read_text(encoding="utf-8"))
    for name in ("laender", "deutschland"):
        for geometry in topology["objects"].get(name, {}).get("geometries", []):
            geometry.pop("properties", None)
    for geometry in topology["objects"]["kreise"]["geometries"]:
        geometry.pop("properties", None)
    text = json.dumps(topology, ensure_ascii=False, separators=(",", ":"))
    (target / "kreise.topo.json").write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Convert everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, help="folder with the source tables")
    parser.add_argument("target", type=Path, help="the folder data/ of this project")
    arguments = parser.parse_args()
    source, target = arguments.source, arguments.target
    codes = masters(source, target)
    population(source, target)
    inkar(source, target, codes)
    gdp(source, target)
    ages(source, target)
    weighted(source, target)
    boundaries(source, target)


if __name__ == "__main__":
    main()
