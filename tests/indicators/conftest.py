# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The real package, and a small one that each test may spoil."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ikm_site.indicators.model import Figures
from ikm_site.indicators.reader import read_figures

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="session")
def figures() -> Figures:
    """The package of the site."""
    return read_figures(DATA)


LICENCE = {"name": "CC-BY-4.0", "title": "CC BY 4.0", "path": "https://creativecommons.org/"}
SOURCE = {"title": "Amt für Beispiele", "path": ""}


def table(name: str, columns: list[dict[str, Any]], keys: list[str], **more: Any) -> dict[str, Any]:
    """Return the description of a table ``NAME.csv``."""
    for column in columns:
        column.setdefault("constraints", {"required": True})
    return {
        "name": name,
        "path": f"{name}.csv",
        "title": f"Titel {name}",
        "description": f"Beschreibung {name}.",
        "sources": [SOURCE],
        "licenses": [LICENCE],
        "schema": {"fields": columns, "primaryKey": keys},
        **more,
    }


def text(name: str, **constraints: Any) -> dict[str, Any]:
    """Return the description of a text column."""
    return {"name": name, "type": "string", "constraints": {"required": True, **constraints}}


def outline() -> list[dict[str, Any]]:
    """Return the columns of a table of outlines."""
    numbers = ("x", "y", "left", "top", "right", "bottom")
    return [*({"name": name, "type": "integer"} for name in numbers), text("outline")]


class Small:
    """A package of three districts and two regions in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        district = text("district", pattern="[0-9]{5}")
        year = {"name": "year", "type": "integer"}
        value = {"name": "value", "type": "integer", "unit": "persons", "constraints": {}}
        rate = {"name": "value", "type": "number", "unit": "percent"}
        about = {"label": "Etikett", "decimals": 1, "theme": "thema"}
        self.package: dict[str, Any] = {
            "name": "klein",
            "title": "Klein",
            "description": "Ein Paket für Tests.",
            "version": "1",
            "created": "2026-01-01T00:00:00Z",
            "licenses": [LICENCE],
            "sources": [SOURCE],
            "themes": [{"name": "thema", "title": "Thema"}],
            "units": [
                {"name": "persons", "title": "Personen", "minimum": 0},
                {"name": "percent", "title": "%", "minimum": 0, "maximum": 100},
            ],
            "bases": [],
            "resources": [
                table(
                    "districts",
                    [
                        text("ags", pattern="[0-9]{5}", unique=True),
                        text("name"),
                        text("type"),
                        text("state"),
                        text("nuts3"),
                    ],
                    ["ags"],
                ),
                table(
                    "regions",
                    [
                        text("region", unique=True),
                        text("name"),
                        {"name": "part_of", "type": "string", "constraints": {}},
                        {"name": "bbsr_code", "type": "string", "constraints": {}},
                    ],
                    ["region"],
                ),
                table("district-outlines", [district, *outline()], ["district"]),
                table(
                    "region-outlines", [text("region"), text("districts"), *outline()], ["region"]
                ),
                table("membership", [text("region"), district], ["region", "district"]),
                table(
                    "population",
                    [district, year, value],
                    ["district", "year"],
                    indicator={**about, "unit": "persons", "aggregation": "sum"},
                ),
                table(
                    "rate",
                    [district, year, rate],
                    ["district", "year"],
                    indicator={**about, "unit": "percent", "aggregation": "mean"},
                ),
            ],
        }
        self.tables = {
            "districts": "ags,name,type,state,nuts3\n01001,Aa,Landkreis,Land,DE001\n"
            "01002,Bb,Kreisfreie Stadt,Land,DE002\n01003,Ää,Landkreis,Land,DE003\n",
            "regions": "region,name,part_of,bbsr_code\nnord,Nord,,010\nsued,Süd,,\n",
            "membership": "region,district\nnord,01001\nnord,01002\nsued,01002\nsued,01003\n",
            "population": "district,year,value\n01001,2020,100\n01001,2021,110\n01002,2020,200\n"
            "01002,2021,200\n01003,2020,300\n01003,2021,290\n",
            "district-outlines": "district,x,y,left,top,right,bottom,outline\n"
            "01001,5,5,0,0,9,9,M0 0l9 0 0 9z\n01002,5,5,0,0,9,9,M0 0l9 0 0 9z\n"
            "01003,5,5,0,0,9,9,M0 0l9 0 0 9z\n",
            "region-outlines": "region,districts,x,y,left,top,right,bottom,outline\n"
            "nord,01001 01002,5,5,0,0,9,9,M0 0l9 0 0 9z\nsued,01002 01003,5,5,0,0,9,9,M0 0l9 0z\n"
            "germany,01001 01002 01003,5,5,0,0,9,9,M0 0l9 0 0 9z\n",
            "rate": "district,year,value\n01001,2021,10\n01002,2021,20.5\n01003,2021,\n",
        }
        next(c for c in self.resource("rate")["schema"]["fields"] if c["name"] == "value")[
            "constraints"
        ] = {}

    def resource(self, name: str) -> dict[str, Any]:
        """Return the entry of a resource."""
        found: dict[str, Any] = next(r for r in self.package["resources"] if r["name"] == name)
        return found

    def replace(self, name: str, old: str, new: str) -> None:
        """Change the text of a table; the old text must be there."""
        assert old in self.tables[name]
        self.tables[name] = self.tables[name].replace(old, new, 1)

    def write(self) -> Path:
        """Write the package and return its folder."""
        (self.folder / "datapackage.json").write_text(
            json.dumps(self.package, ensure_ascii=False), encoding="utf-8"
        )
        for name, content in self.tables.items():
            (self.folder / f"{name}.csv").write_bytes(content.encode("utf-8"))
        return self.folder

    def read(self) -> Figures:
        """Write and read the package."""
        return read_figures(self.write())


@pytest.fixture
def small(tmp_path: Path) -> Small:
    """A small package that is right until a test spoils it."""
    return Small(tmp_path)
