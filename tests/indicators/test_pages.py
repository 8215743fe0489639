"""The figures as readers get them: the same in every place, small, and without style or script."""

import csv
import gzip
import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from frictionless import validate
from lxml import etree

from ikm_site.indicators.charts import nice_ticks
from ikm_site.indicators.model import GERMANY, TOGETHER, Figures, rounded
from tests.pages import tree

from .conftest import DATA


def number(text: str, path: str) -> float | None:
    """Return a printed number, None for a dash."""
    text = re.sub(r"\s+", "", text).replace("−", "-")
    if text in ("–", "keineAngabe", "nofigure"):
        return None
    group, point = (".", ",") if not path else (",", ".")
    return float(text.replace(group, "").replace(point, "."))


def test_tables_charts_and_files_show_the_figures(site: Path, figures: Figures, path: str) -> None:
    for indicator in figures.indicators.values():
        decimals = indicator.about.decimals
        root = tree(site, f"{path}monitoring/{indicator.name}.html")
        places = [*figures.regions, GERMANY]
        rows = root.xpath("(//section[@id='tabelle']//table)[last()]/tbody/tr")
        assert len(rows) == len(places)
        newest_first = list(reversed(indicator.periods))
        for place, row in zip(places, rows, strict=True):
            cells = row.xpath("td")[: len(newest_first)]
            for period, cell in zip(newest_first, cells, strict=True):
                value = indicator.value(place, period)
                shown = number(cell.text_content(), path)
                assert shown == (None if value is None else rounded(value, decimals))
        names = dict(zip(places, (row.xpath("string(th)") for row in rows), strict=True))
        wanted = [region.id for region in figures.main_regions]
        wanted += [] if indicator.is_sum else [GERMANY]
        labels, values = (
            root.xpath(f"//section[@id='vergleich']//*[starts-with(@class, '{kind}')]/text()")
            for kind in ("label", "value")
        )
        drawn = [number(text, path) for text in values]
        assert drawn == sorted(drawn, reverse=True)  # type: ignore[type-var]
        assert dict(zip(labels, drawn, strict=True)) == {
            names[place]: rounded(indicator.value(place) or 0, decimals) for place in wanted
        }


def test_other_pages_show_the_newest_figures(site: Path, figures: Figures, path: str) -> None:
    """Such are the key figures of a region, and the comparison of all regions."""
    shown = []
    for table in tree(site, f"{path}monitoring/comparison.html").xpath("//table"):
        links = table.xpath("thead//a/@href")
        for row in table.xpath("tbody/tr"):
            place = Path(row.xpath("string(th//a/@href)")).stem or GERMANY
            cells = zip(links, row.xpath("td"), strict=True)
            shown += [(place, link, cell.text_content()) for link, cell in cells]
    for place in figures.regions:
        root = tree(site, f"{path}regions/{place}.html")
        for key in root.xpath("//dl[@class='key-figures']/div"):
            link, text = key.xpath("dt/a/@href"), key.xpath("dd[@class='key-value']/text()")
            shown.append((place, link[0], text[0]))
    assert len(shown) > 300
    for place, link, text in shown:
        indicator = figures.indicators[Path(link).stem]
        value = indicator.value(place)
        expected = None if value is None else rounded(value, indicator.about.decimals)
        assert number(text, path) == expected, (place, link)


def test_all_regions_together_have_each_district_once(
    site: Path, figures: Figures, path: str
) -> None:
    districts = {ags for region in figures.main_regions for ags in region.districts}
    area = sum(figures.indicators["area"].value(ags) or 0 for ags in districts)
    (shown,) = tree(site, f"{path}index.html").xpath(
        "//ul[@class='together']//b[contains(., 'km²')]/text()"
    )
    assert number(shown.removesuffix("km²"), path) == round(area)


def test_downloads_hold_every_value_in_full(site: Path, figures: Figures, path: str) -> None:
    folder = site / path / "data"
    for indicator in figures.indicators.values():
        content = (folder / f"{indicator.name}.csv").read_bytes()
        assert b"\r\n" in content
        table = csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""))
        found = {(r["id"], r["period"], r["basis"]): float(r["value"]) for r in table}
        excel = (folder / "excel" / f"{indicator.name}.csv").read_text("utf-8-sig")
        rows = csv.DictReader(io.StringIO(excel, newline=""), delimiter=";")
        assert found == {
            (r["id"], r["period"], r["basis"]): float(r["value"].replace(",", ".")) for r in rows
        }
        document = json.loads((folder / f"{indicator.name}.json").read_bytes())
        assert found == {
            (entry["id"], point["period"], point.get("basis", "")): point["value"]
            for entry in document["values"]
            for point in entry["series"]
        }
        for period, places in indicator.values.items():
            for place in places.keys() - {TOGETHER}:
                assert found[place, period.code, period.basis] == places[place]
    for region in figures.regions:
        assert (folder / "regions" / f"{region}.csv").stat().st_size > 5_000


def test_drawings_obey_the_policy_and_are_small(site: Path) -> None:
    files = [*site.glob("_static/site.*.css"), site / "_static/favicon.svg"]
    shared = sum(len(gzip.compress(file.read_bytes())) for file in files)
    seen = 0
    for path in sorted([*site.glob("monitoring/*.html"), *site.glob("regions/*.html")]):
        root = tree(site, path.relative_to(site).as_posix())
        for drawing in root.xpath("//main//svg[@class]"):
            text = etree.tostring(drawing)
            seen += 1
            bad = re.search(rb"style=|<style|<script|font-family| on[a-z]+=", text)
            assert bad is None, (path, bad)
            assert drawing.get("width") and drawing.get("height") and drawing.get("viewbox"), path
        assert len(gzip.compress(path.read_bytes())) + shared <= 30_000, path
    assert seen > 300


def test_a_map_of_districts_is_a_file_that_is_loaded_on_demand(site: Path) -> None:
    root = tree(site, "monitoring/cars.html")
    (image,) = root.xpath("//img[contains(@class, 'district-map')]")
    drawing = etree.parse(str(site / "monitoring" / image.get("src"))).getroot()
    assert drawing.get("width") == image.get("width")
    assert image.get("loading") == "lazy"
    assert image.xpath("ancestor::details[not(@open)]")


def test_tables_show_what_is_known_of_districts_and_no_more(
    site: Path, figures: Figures, path: str
) -> None:
    """What a source has suppressed is a dash, never 0."""
    shown = [ags for region in figures.main_regions for ags in region.districts]
    shown += [ags for ags in figures.districts if not figures.regions_of[ags]]
    assert {*shown} == {*figures.districts}
    unknown = 0
    for indicator in figures.indicators.values():
        root = tree(site, f"{path}monitoring/{indicator.name}.html")
        drawn = indicator.about.maps and indicator.newest_by_district
        rows = root.xpath("//section[@id='karte']//details//tr[td]")
        assert len(rows) == (len(shown) if drawn else 0), indicator.name
        for ags, row in zip(shown, rows, strict=False):
            name, text = (cell.text_content() for cell in row)
            assert name.startswith(figures.districts[ags].name)
            value = indicator.value(ags, indicator.newest_by_district)
            unknown += value is None
            expected = None if value is None else rounded(value, indicator.about.decimals)
            assert number(text, path) == expected, (indicator.name, ags)
    assert unknown > 0


def test_the_zip_is_a_valid_package(site: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(site / "data" / "ikm-monitoring.zip") as archive:
        archive.extractall(tmp_path)
    (folder,) = tmp_path.iterdir()
    assert validate(str(folder / "datapackage.json")).valid
    assert (folder / "membership.csv").read_bytes() == (DATA / "membership.csv").read_bytes()


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [(0, 10, [0, 2.5, 5, 7.5, 10]), (37.9, 46.2, [37.5, 40, 42.5, 45, 47.5]), (5, 5, None)],
)
def test_ticks_are_round(low: float, high: float, ticks: list[float] | None) -> None:
    found = nice_ticks(low, high)
    assert found[0] <= low
    assert found[-1] >= high
    assert ticks is None or found == ticks
