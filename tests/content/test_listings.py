"""Lists: what stands where, and that thousands of items cost no more each than the first."""

import marshal
import os.path
import sys
from pathlib import Path

from tests.conftest import page, run, start
from tests.pages import ITEMS, all_pages, main, record, tree, words


def calls(project: Path, times: int) -> int:
    """The number of calls in the module of lists during a build with so many news items."""
    for number in range(times):
        fields = "date: 2026-01-02\nkind: event\nworkgroups: [one]\n"
        page(project, f"news/2026/item-{number}", f"# Titel {number}\n", fields)
    options = ["-o", "calls", "-m", "sphinx", "-q", "-E", ".", "out"]
    result = run([sys.executable, "-X", "utf8", "-m", "cProfile", *options], project)
    assert result.returncode == 0, result.stderr
    with (project / "calls").open("rb") as file:
        functions = marshal.load(file)
    found = (calls for (file, *_), (_, calls, *_) in functions.items() if "/listings.py" in file)
    return sum(found)


def test_cost_grows_with_the_number_of_items_and_no_faster(small: Path) -> None:
    page(small, "news/index", "# Aktuelles\n\n```{news-archive}\n```\n")
    page(small, "workgroups/one", "# Arbeitskreis\n")
    start(small, ["about/*", "news/index", "workgroups/one"])
    few, many = (calls(small, times) for times in (10, 50))
    assert many < 5 * few * 1.15


def test_the_news_page_leads_to_every_year(site: Path, path: str) -> None:
    nav = tree(site, f"{path}news/index.html").xpath("//nav[@class='archive']//a")
    years = [link.text for link in nav]
    assert years == sorted(years, reverse=True)
    assert "2016" in years
    newest = tree(site, f"{path}news/index.html").xpath("//section[@class='year']//li")
    assert len(newest) == 20
    for link in nav:
        listed = tree(site, f"{path}news/{link.get('href')}")
        files = {file.name for file in (site / path / "news" / link.text).glob("*.html")}
        entries = {a.get("href") for a in listed.xpath("//ul[@class='entries']//a")}
        assert entries == files - {"index.html"}
        assert link.text in listed.findtext(".//h1")
        near = [year for year in years if abs(years.index(year) - years.index(link.text)) == 1]
        beside = listed.xpath("//nav[@class='archive']//a/@href")
        assert beside == [*(f"../{year}/index.html" for year in near), "../index.html#archiv"]


def test_the_list_of_statements_leads_to_year_kind_and_addressee(site: Path, path: str) -> None:
    root = tree(site, f"{path}statements/index.html")
    listed = {a.get("href") for a in root.xpath("//ul[@class='entries']//a")}
    assert listed == {f"{Path(name).name}.html" for name in ITEMS if name.startswith("statements/")}
    labels = [a.get("href").removeprefix("#") for a in root.xpath("//nav[@class='archive']//a")]
    for prefix in ("jahr-2018", "art-statement", "adressat-federation"):
        assert prefix in labels
    for label in labels:
        assert root.get_element_by_id(label) is not None
    for order in ("art", "adressat"):
        found = {a.get("href") for a in root.get_element_by_id(order).xpath(".//a")}
        assert found == listed
    for link in root.xpath("//ul[@class='entries']//a | //h3/following-sibling::ul[1]//a"):
        title, name = words(link), link.get("href")
        assert title == words(main(site, f"{path}statements/{name}").find(".//h1"))
        for level in record(f"statements/{name.removesuffix('.html')}").addressed_to:
            below = f"//h3[@id='adressat-{level}']/following-sibling::ul[1]//a/@href"
            assert name in root.xpath(below), level


def test_every_meeting_stands_on_the_page_of_meetings(site: Path, path: str) -> None:
    rows = tree(site, f"{path}about/meetings.html").xpath("//tbody/tr")
    links = [row.xpath(".//a/@href")[0] for row in rows]
    meetings = [f"../{name}.html" for name in ITEMS if record(name).kind == "meeting"]
    assert sorted(links) == sorted(meetings)
    days = [row.xpath(".//time/@datetime")[0] for row in rows]
    assert days == sorted(days, reverse=True)
    row = rows[links.index("../news/2021/ikm-herbsttagung-rheinland.html")]
    assert row.xpath("./td")[0].text in ("Nr.\u00a060", "No.\u00a060")
    host = "Rhineland Metropolitan Region" if path else "Metropolregion Rheinland"
    assert host in row.text_content()
    # A number stands only where a source has it.
    assert rows[links.index("../news/2019/ikm-herbsttagung-einbeck.html")][0].text is None


def test_a_translated_statement_names_its_german_title(site: Path) -> None:
    (shown,) = tree(site, "en/statements/taeu-2030-2020.html").xpath(
        "//dl[@class='record']//dd[@lang='de']"
    )
    assert shown.text_content() == "Stellungnahme zum Entwurf der TAEU 2030"


def test_related_items_are_few_and_others_than_the_page_and_its_own_statement(site: Path) -> None:
    shown = {}
    for name in all_pages(site):
        page = tree(site, name)
        links = page.xpath("//section[@class='related']//li//a/@href")
        shown[name] = {os.path.normpath(f"{name}/../{link}") for link in links}
        # What the card of the page names is linked already.
        card = page.xpath("//dl[@class='record']//a[contains(@href, 'statements/')]/@href")
        allowed = 20 if "regions/" in name or "workgroups/" in name else 5
        assert len({*links}) <= allowed and not {*links} & {*card}, name
        assert name not in shown[name]
    assert len([name for name in shown if shown[name]]) > 60
    item = "news/2018/ikm-herbsttagung-wittenberg.html"
    assert item in shown["regions/mitteldeutschland.html"]
    item = "news/2018/position-eu-kohaesionspolitik.html"
    assert item in shown["statements/eu-kohaesionspolitik-2018.html"]
    assert "statements/eu-kohaesionspolitik-2018.html" not in shown[item]
