"""Sixty printed figures, drawn at random and recomputed from the CSV files alone."""

import json
import random
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import rows
from tests.pages import tree

from .conftest import DATA

Row = dict[str, str]


PACKAGE: dict[str, Any] = json.loads((DATA / "datapackage.json").read_text("utf-8"))
MEMBERS: dict[str, set[str]] = {}
for _row in rows("data/membership.csv"):
    MEMBERS.setdefault(_row["region"], set()).add(_row["district"])
PEOPLE: dict[tuple[str, str], Fraction] = {}
for _row in rows("data/by-district/population.csv"):  # the newer count of a year comes last
    PEOPLE[_row["district"], _row["date"][:4]] = Fraction(_row["value"])


def year(row: Row) -> str:
    """Return the year of a row."""
    return row.get("year") or row["date"][:4]


def over_districts(table: Iterable[Row], region: str, when: str, how: str) -> Fraction:
    """Add up the districts of a region, or weight them with the people they refer to."""
    chosen = [r for r in table if r["district"] in MEMBERS[region] and year(r) == when]
    if how == "sum":
        newest = {row["district"]: Fraction(row["value"]) for row in chosen}
        return sum(newest.values(), Fraction())
    pairs = [
        (Fraction(r["value"]), Fraction(r.get("weight") or PEOPLE[r["district"], when]))
        for r in chosen
        if r["value"]
    ]
    return sum((v * w for v, w in pairs), Fraction()) / sum((w for _, w in pairs), Fraction())


def expected(resource: dict[str, Any], region: str, when: str) -> Fraction | None:
    """Return the value of a region: as published, else from its districts."""
    table = rows(f"data/{resource['path']}")
    if "region" in table[0]:
        published = {(r["region"], year(r)): r["value"] for r in table}
        if value := published.get((region, when)):
            return Fraction(value)
        below = [r for r in PACKAGE["resources"] if r.get("districts_of") == resource["name"]]
        table = rows(f"data/{below[0]['path']}")
    how = resource["indicator"].get("aggregation", "none")
    return None if how == "none" else over_districts(table, region, when, how)


def printed(value: Fraction, decimals: int) -> str:
    """Return a number as German pages print it."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    text = f"{exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,.{max(decimals, 0)}f}"
    return text.translate(str.maketrans(",.", ".,"))


@pytest.mark.parametrize("seed", range(3))
def test_printed_figures_are_those_of_the_files(site: Path, seed: int) -> None:
    chance = random.Random(seed)
    indicators = [r for r in PACKAGE["resources"] if r.get("indicator")]
    for _ in range(20):
        resource, region = chance.choice(indicators), chance.choice(sorted(MEMBERS))
        root = tree(site, f"monitoring/{resource['name']}.html")
        (table,) = root.xpath("(//section[@id='tabelle']//table)[last()]")
        heads = [cell.text_content()[:4] for cell in table.xpath("thead//th")[1:]]
        column = chance.choice([n for n, head in enumerate(heads) if head.isdigit()])
        names = [row["region"] for row in rows("data/regions.csv")]
        cell = table.xpath("tbody/tr")[names.index(region)].xpath("td")[column]
        when = heads[column]
        if heads.index(when) != column:
            continue  # the older one of two counts of a year
        value = expected(resource, region, when)
        assert value is not None
        decimals = resource["indicator"]["decimals"]
        assert cell.text_content() == printed(value, decimals), (resource["name"], region, when)
