"""What the office does, after the examples of CONTRIBUTING.md, word for word: a news item with a
photo and a statement with its PDF, both in German only, and a new indicator.
"""

import json
import re
from pathlib import Path

import pytest
from PIL import Image

from ikm_site.records import RECORDS, Contact, Organisation, Photo, Record, Reference, Step
from tests.conftest import PDF, ROOT, good_build, once, page, rows, small_project, start
from tests.pages import tree

GUIDE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
STATEMENT = "statements/mehrjaehriger-finanzrahmen-2026"
ITEM = "news/2026/fruehjahrstagung-leipzig"


@pytest.fixture(scope="session")
def office(shared: Path) -> Path:
    """A site with the new items, built once a run."""
    return once(shared / "office", _items) / "_build/html"


def _items(folder: Path) -> None:
    project = small_project(folder)
    text = "# Arbeitskreis\n\n% Eine Notiz.\n\n(geschichte)=\n## Geschichte\n"
    page(project, "workgroups/europe", text, "lead: Hamburg\n")
    fields = "name: Bundesinstitut\nwebsite: https://bbsr.example/\n"
    page(project, "partners/bbsr", "# BBSR\n", fields)
    text = "# Monitoring\n\n[Mehr](#geschichte)\n\n```{toctree}\n:glob:\n*\n```\n"
    page(project, "monitoring/index", text)
    start(project, ["about/*", "workgroups/*", "partners/*", "monitoring/index", "regions/*"])
    regions = [row for row in rows("data/regions.csv") if not row["part_of"]]
    for row in regions:
        page(project, f"regions/{row['region']}", f"# {row['name']}\n")
    news, statement = re.findall(r"```markdown\n(---\n.*?)```", GUIDE, re.DOTALL)
    (photos,) = re.findall(r"```yaml\n(photos:\n.*?)```", GUIDE, re.DOTALL)
    more = f"\nstatements: [{Path(STATEMENT).name}]\n{photos}---\n"
    for name, text in ((ITEM, news.replace("\n---\n", more, 1)), (STATEMENT, statement)):
        (project / name).parent.mkdir(parents=True)
        (project / f"{name}.md").write_text(text, encoding="utf-8")
    # As coarse as a photo, not as noise.
    drawing = Image.effect_noise((80, 50), 50).resize((1600, 1000))
    drawing.save(project / "news/2026/gruppenbild-leipzig.jpg")
    paper = project / f"statements/files/{Path(STATEMENT).name}.pdf"
    paper.parent.mkdir()
    paper.write_bytes(PDF)
    _indicators(project / "data")
    good_build(project / "_build/html", project)


def _indicators(data: Path) -> None:
    """New indicators: a table and an entry each. Of these sums one begins with 0, one is 0."""
    file = data / "datapackage.json"
    package = json.loads(file.read_text("utf-8"))
    whole = json.loads((ROOT / "data/datapackage.json").read_text("utf-8"))
    known = next(entry for entry in whole["resources"] if entry["name"] == "cars")
    text = json.dumps(known).replace("per-1000-inhabitants", "persons").replace("mean", "sum")
    for name, zeros in (("bicycles", "1995"), ("airships", ".*")):
        entry = json.loads(text.replace("cars", name))
        entry["indicator"] |= {"label": f"Neue {name}", "zero": True, "breaks": []}
        package["resources"].append(entry)
        table = re.sub(rf",({zeros}),[\d.]+", r",\1,0", (data / known["path"]).read_text("utf-8"))
        (data / entry["path"]).write_text(table, encoding="utf-8")
    file.write_text(json.dumps(package), encoding="utf-8")


def test_the_guide_names_every_field() -> None:
    parts: list[type[Record]] = [Photo, Reference, Step, Contact, Organisation]
    for model in [*RECORDS.values(), *parts]:
        for field in model.model_fields:
            assert f"`{field}`" in GUIDE, f"{model.__name__}.{field}"


def test_a_photo_is_shown_in_three_sizes_with_its_words(office: Path, path: str) -> None:
    (picture,) = tree(office, f"{path}{ITEM}.html").xpath("//figure[@class='photo']")
    (image,) = picture.xpath(".//img")
    assert image.get("alt").startswith("Gruppenbild von")
    assert image.get("lang") == ("de" if path else None)
    assert "Nutzung genehmigt" in picture.text_content()
    sizes = image.get("srcset").split(", ")
    assert [size.rpartition(" ")[2] for size in sizes] == ["480w", "800w", "1440w"]
    for name in [image.get("src"), *(size.split()[0] for size in sizes)]:
        file = (office / f"{path}{ITEM}").parent / name
        with Image.open(file) as shown:
            assert not shown.getexif()
        assert file.stat().st_size < 200_000


def test_a_new_indicator_has_its_page_and_files(office: Path, path: str) -> None:
    page = tree(office, f"{path}monitoring/bicycles.html")
    assert page.findtext(".//h1") == "Personenkraftwagen"
    # Four districts stand in two regions.
    assert len(page.xpath("//section[@id='karte']//details//td")) == 404
    for file in ("csv", "json", "svg"):
        assert (office / f"{path}data/bicycles.{file}").is_file()
    menu = tree(office, f"{path}monitoring/population.html").xpath(
        "//nav//a[text()='Neue bicycles']/@href"
    )
    assert "../monitoring/bicycles.html" in menu
    # From 0 there is no change in per cent.
    for name in ("bicycles", "airships"):
        root = tree(office, f"{path}monitoring/{name}.html")
        assert {*root.xpath("(//section[@id='tabelle']//table)[1]//td[last()]/text()")} == {"–"}


def test_the_statement_shows_its_pdf(office: Path, path: str) -> None:
    name = f"{path}{STATEMENT}.html"
    (link,) = tree(office, name).xpath("//dl[@class='record']//a[@type='application/pdf']")
    # One address for all languages.
    file = office / f"statements/files/{Path(STATEMENT).name}.pdf"
    assert ((office / name).parent / link.get("href")).resolve() == file.resolve()
    assert file.read_bytes() == PDF
    assert link.get("hreflang") == "de"
    shown = link.getparent().text_content()
    assert ("German" if path else "Deutsch") in shown and "1\u00a0kB" in shown
    assert "anfragen" not in shown


def test_the_missing_translation_is_shown_as_such(office: Path) -> None:
    page = tree(office, f"en/{ITEM}.html")
    assert page.get("lang") == "en"
    assert page.find(".//h1").get("lang") == "de"
    assert {*page.xpath("//nav[@class='main-nav' or @class='breadcrumbs']//li[2]//a/@lang")} == {
        "de"
    }
    (link,) = tree(office, "en/news/2026/index.html").xpath("//ul[@class='entries']//a")
    assert link.xpath("ancestor-or-self::*[@lang][1]/@lang") == ["de"]


def test_a_label_is_linked_to_from_another_page(office: Path, path: str) -> None:
    links = tree(office, f"{path}monitoring/index.html").xpath("//main//a/@href")
    assert "../workgroups/europe.html#geschichte" in links
    # A note behind a percent sign is not published.
    assert "Notiz" not in (office / f"{path}workgroups/europe.html").read_text("utf-8")


def test_a_partner_has_its_name_and_website(office: Path) -> None:
    (card,) = tree(office, "partners/bbsr.html").xpath("//dl[@class='record']")
    assert card.xpath(".//dd//text()") == ["Bundesinstitut", "bbsr.example"]
    assert card.xpath(".//a/@href") == ["https://bbsr.example/"]
