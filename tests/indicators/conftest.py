"""The real package, and a small one that each test may spoil."""

import json
from pathlib import Path
from typing import Any

import pytest

from ikm_site.indicators.model import Figures
from ikm_site.indicators.reader import read_figures

DATA = Path(__file__).parents[2] / "data"

#: Three districts and two regions, which share one of them.
TABLES = {file.stem: file.read_text("utf-8") for file in Path(__file__).parent.glob("small/*.csv")}


@pytest.fixture(scope="session")
def figures() -> Figures:
    """The package of the site."""
    return read_figures(DATA)


class Small:
    """Some tables of the real package, with few rows, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tables = dict(TABLES)
        self.package: dict[str, Any] = json.loads((DATA / "datapackage.json").read_text("utf-8"))
        every = {resource["name"]: resource for resource in self.package["resources"]}
        self.resources = {name: every[name] for name in TABLES}
        self.paths = {name: every[name]["path"] for name in TABLES}
        self.derived: dict[str, Any] = self.package["derived"][0]  # the change of population
        self.package |= {"resources": list(self.resources.values()), "derived": [self.derived]}

    def replace(self, name: str, old: str, new: str) -> None:
        """Change the text of a table; the old text must be there."""
        assert old in self.tables[name]
        self.tables[name] = self.tables[name].replace(old, new, 1)

    def write(self) -> Path:
        """Write the package and return its folder."""
        (self.folder / "datapackage.json").write_text(json.dumps(self.package), encoding="utf-8")
        for name, content in self.tables.items():
            file = self.folder / self.paths[name]
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(content.encode())
        return self.folder

    def read(self) -> Figures:
        """Write and read the package, with its indicators."""
        figures = read_figures(self.write())
        assert figures.indicators
        return figures


@pytest.fixture
def small(tmp_path: Path) -> Small:
    """A small package that is right until a test spoils it."""
    return Small(tmp_path)
