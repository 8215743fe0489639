# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The figures as readers get them: the same in every place, small, and without style or script."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import re
import zipfile
from collections.abc import Callable
from gettext import NullTranslations
from pathlib import Path

import pytest
from babel import Locale
from babel.numbers import format_decimal
from frictionless import validate
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree, html

from ikm_site.indicators import charts, downloads, vega
from ikm_site.indicators.model import GERMANY, Figures, rounded
from ikm_site.indicators.words import Words

from .conftest import DATA

LANGUAGES = {"de": "", "en": "en/"}
SPACE = re.compile(r"\s+")


def number(text: str, language: str) -> float | None:
    """Return a printed number, None for a dash."""
    text = SPACE.sub("", text)
    if text == "–":
        return None
    group, point = (".", ",") if language == "de" else (",", ".")
    return float(text.replace(group, "").replace(point, "."))


def page(site: Path, language: str, name: str) -> html.HtmlElement:
    """Return a page of a language."""
    return html.parse(str(site / LANGUAGES[language] / f"{name}.html")).getroot()


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_charts_and_files_show_the_figures(
    site: Path, figures: Figures, language: str
) -> None:
    for indicator in figures.indicators.values():
        decimals = indicator.about.decimals
        root = page(site, language, f"monitoring/{indicator.name}")
        places = [*figures.regions, GERMANY]
        table = root.xpath("//section[@id='tabelle']//tbody/tr")
        assert len(table) == len(places)
        newest_first = list(reversed(indicator.periods))
        for place, row in zip(places, table, strict=True):
            for period, cell in zip(newest_first, row.xpath("td"), strict=True):
                value = indicator.value(place, period)
                shown = number(cell.text_content(), language)
                assert shown == (None if value is None else rounded(value, decimals))
        drawn = root.xpath("//section[@id='vergleich']//*[@class='value']")
        regions = [region.id for region in figures.main_regions]
        assert [number(text.text_content(), language) for text in drawn] == [
            rounded(indicator.value(region) or 0, decimals) for region in regions
        ]
        content = (site / LANGUAGES[language] / "data" / f"{indicator.name}.csv").read_bytes()
        assert b"\r\n" in content
        found = {
            (row["id"], row["period"], row["basis"]): float(row["value"])
            for row in csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""))
        }
        document = json.loads(
            (site / LANGUAGES[language] / "data" / f"{indicator.name}.json").read_bytes()
        )
        same = {
            (entry["id"], point["period"], point.get("basis", "")): point["value"]
            for entry in document["values"]
            for point in entry["series"]
        }
        assert found == same
        for place in places:
            for point in indicator.series(place):
                key = (place, point.period.code, point.period.basis)
                assert found[key] == point.value


@pytest.mark.parametrize("language", LANGUAGES)
def test_tooltips_of_maps_show_the_figures(site: Path, figures: Figures, language: str) -> None:
    for name in random.Random(4).sample(sorted(figures.indicators), 4):
        indicator = figures.indicators[name]
        root = page(site, language, f"monitoring/{name}")
        titles = [t.text_content() for t in root.xpath("//section[@id='karte']//g/path/title")]
        shown = {text.rpartition(": ")[0]: text.rpartition(": ")[2] for text in titles}
        if not indicator.districts:
            assert not shown
            continue
        assert len(shown) == len(figures.districts)
        berlin = next(value for key, value in shown.items() if key.startswith("Berlin "))
        expected = indicator.value("11000", indicator.newest_by_district)
        assert number(berlin, language) == rounded(expected or 0, indicator.about.decimals)


def test_drawings_obey_the_policy_and_are_small(site: Path) -> None:
    seen = 0
    for path in sorted(site.rglob("*.html")):
        for drawing in html.parse(str(path)).getroot().xpath("//main//svg[@class]"):
            text = etree.tostring(drawing)
            kind = drawing.get("class")
            seen += 1
            bad = re.search(rb"style=|<style|<script|font-family| on[a-z]+=", text)
            assert bad is None, (path, bad)
            limit = 4_000
            if kind == "map":
                limit = 45_000 if len(text) > 60_000 else 15_000
            assert len(gzip.compress(text)) < limit, (path, kind)
            assert not vega.slots(text.decode())
    assert seen > 300


def test_ids_are_unique_and_names_are_there(site: Path) -> None:
    for path in sorted((site / "monitoring").glob("*.html")):
        root = html.parse(str(path)).getroot()
        ids = root.xpath("//@id")
        assert len(ids) == len(set(ids)), path
        for drawing in root.xpath("//main//svg[@role]"):
            label = drawing.get("aria-label") or " ".join(
                root.get_element_by_id(ident).text_content()
                for ident in drawing.get("aria-labelledby", "").split()
            )
            assert label.strip(), path


def test_the_package_to_download_is_valid_and_the_same_in_both_languages(
    site: Path, tmp_path: Path
) -> None:
    content = (site / downloads.PACKAGE).read_bytes()
    assert content == (site / "en" / downloads.PACKAGE).read_bytes()
    zipfile.ZipFile(io.BytesIO(content)).extractall(tmp_path)
    for file in (tmp_path / "ikm-monitoring").rglob("*.csv"):
        assert (
            file.read_bytes() == (DATA / file.relative_to(tmp_path / "ikm-monitoring")).read_bytes()
        )
    assert validate(str(tmp_path / "ikm-monitoring" / "datapackage.json")).valid


def test_a_drawing_is_made_once(figures: Figures, tmp_path: Path) -> None:
    spec, _ = charts.bars(figures, figures.indicators["students"])
    first = vega.draw(spec, tmp_path)
    (file,) = tmp_path.iterdir()
    stamp = file.stat().st_mtime_ns
    assert vega.draw(spec, tmp_path) == first
    assert file.stat().st_mtime_ns == stamp


def test_a_sheet_is_cut_into_the_panels_of_its_regions(figures: Figures, tmp_path: Path) -> None:
    for indicator in figures.indicators.values():
        if len(indicator.periods) < 5:
            continue
        spec, regions = charts.panels(figures, indicator)
        drawing = vega.draw(spec, tmp_path)
        panels = charts.cut(drawing, len(regions))
        assert sum(map(len, panels)) == len(drawing)
        for panel in panels:
            assert panel.count('class="grid"') == 2
            assert panel.count('class="tick"') == 4
            assert "own" in panel


def test_words_are_escaped() -> None:
    drawing = f'<text class="label">{vega.slot("name:x")}</text>'
    assert "<script>" not in vega.fill(drawing, {"name:x": "<script>"})


def test_bad_figures_stop_the_build_with_one_message(
    project: Path, broken: Callable[[], str]
) -> None:
    table = project / "data" / "by-region" / "students.csv"
    table.write_text(table.read_text("utf-8").replace("27.00", '"27,00"', 1), encoding="utf-8")
    said = broken()
    assert 'data/by-region/students.csv, row 2, column value: found "27,00"' in said
    assert "decimal comma" in said


NEW = """region,year,value
{rows}
"""


def test_a_new_indicator_and_a_twelfth_region_need_no_code(project: Path, tmp_path: Path) -> None:
    from tests.conftest import build

    data = project / "data"
    ids = [row.partition(",")[0] for row in (data / "regions.csv").read_text("utf-8").splitlines()]
    rows = "\n".join(f"{region},2025,{place}.5" for place, region in enumerate(ids[1:], 1))
    (data / "by-region" / "trees.csv").write_text(NEW.format(rows=rows), encoding="utf-8")
    description = json.loads((data / "datapackage.json").read_text("utf-8"))
    entry = json.loads(
        json.dumps(next(r for r in description["resources"] if r["name"] == "foreign-guests"))
    )
    entry.update(name="trees", path="by-region/trees.csv", title="Straßenbäume je Stadt")
    entry["indicator"].update(label="Straßenbäume", main=True)
    description["resources"].append(entry)
    (data / "datapackage.json").write_text(json.dumps(description), encoding="utf-8")

    with (data / "regions.csv").open("a", encoding="utf-8") as stream:
        stream.write("ulm,Ulm,,\n")
    with (data / "membership.csv").open("a", encoding="utf-8") as stream:
        stream.write("ulm,08421\nulm,08425\nulm,09775\n")
    text = (project / "regions" / "stuttgart.md").read_text("utf-8")
    text = text.replace("short: Stuttgart", "short: Ulm").replace('code: "110"', 'code: "120"')
    head, _, _ = text.partition("\n# ")
    body = "\n# Region Ulm\n\n```{region-facts}\n```\n\n```{region-figures}\n```\n"
    (project / "regions" / "ulm.md").write_text(head + body, encoding="utf-8")
    index = project / "regions" / "index.md"
    index.write_text(
        index.read_text("utf-8").replace("\nstuttgart\n", "\nstuttgart\nulm\n"), "utf-8"
    )

    target = tmp_path / "out"
    result = build(target, project)
    assert result.returncode == 0, result.stdout + result.stderr
    for language in LANGUAGES:
        tree = page(target, language, "monitoring/trees")
        assert "Straßenbäume" in tree.text_content()
        assert (target / LANGUAGES[language] / "data" / "trees.csv").is_file()
        overview = page(target, language, "monitoring/index").text_content()
        assert "Straßenbäume" in overview
        assert "Ulm" in overview
        key = page(target, language, "regions/ulm").text_content()
        assert "12" in key
        assert "Straßenbäume" in page(target, language, "regions/hamburg").text_content()


@settings(max_examples=500)
@given(
    st.floats(-1e9, 1e9, allow_nan=False),
    st.integers(0, 4),
    st.sampled_from(["de_DE", "en_GB", "fr_FR", "pl_PL"]),
)
@example(-0.04, 1, "de_DE")
@example(999.95, 1, "en_GB")
def test_numbers_are_written_as_babel_writes_them(value: float, decimals: int, code: str) -> None:
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    locale = Locale.parse(code)
    wanted = format_decimal(rounded(value, decimals), pattern, locale=locale)
    assert Words(code[:2], locale, NullTranslations()).number(value, decimals) == wanted
