"""What holds for every page: valid HTML without scripts and styles, its name, its versions, and
what it tells search engines (schema.org)."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from PIL import Image

from ikm_site.languages import LANGUAGES
from tests.conftest import from_npm, needs, run
from tests.pages import HOME, all_pages, links, main, pages, record, tree, words

#: The checker refuses addresses on loopback unless it is told. It runs too shortly for Java's
#: second compiler and parallel collectors to pay.
JAVA = (
    "-Xss8m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
    "-Dnu.validator.servlet.allow-forbidden-hosts=true",
)  # fmt: skip

#: What each type must say (schema.org, and what search engines ask for).
SAID: dict[str, set[str]] = {
    "Organization": {"@id", "name", "url", "logo"},
    "WebSite": {"name", "url"},
    "BreadcrumbList": {"itemListElement"},
    "NewsArticle": {"headline", "description", "inLanguage", "image", "publisher", "author"},
    "Report": {"headline", "description", "inLanguage", "publisher", "author"},
    "Dataset": {"name", "description", "url", "license", "creator", "distribution"},
}

DATA_BLOCK = "Inline script violates Content Security Policy (meta tag)"
SCRIPT = "//script[not(@type = 'application/ld+json')]"


def test_the_nu_checker_finds_nothing(site: Path, server: str) -> None:
    java = needs("java", "default-jre-headless")
    jar = from_npm("vnu-jar/build/dist/vnu.jar")
    # Over HTTP, because the checker applies the policy, whose 'self' means nothing in a folder.
    addresses = [f"{server}/{name}" for name in all_pages(site)]
    result = run([java, *JAVA, "-jar", jar, "--format", "json", *addresses])
    found = [
        f"{message['url'].removeprefix(server)}:{message.get('lastLine')}: {message['message']}"
        for message in json.loads(result.stderr)["messages"]
        # Its other information is advice about style, such as closing slashes.
        if message["type"] != "info" or message.get("subType") == "warning"
        # It takes data blocks for scripts; browsers do not (HTML, "prepare the script element").
        # The next test and every page's console in the browser tell of real ones.
        if not message["message"].startswith(DATA_BLOCK)
    ]
    assert not found, "\n".join(sorted(set(found)))


@pytest.mark.parametrize(
    ("path", "count", "but"),
    [
        (SCRIPT, 0, "search.html"),
        (f"{SCRIPT}[not(@src)]", 0, None),
        ("//style | //@style | //@*[starts-with(name(), 'on')]", 0, None),
        (r"//@*[re:test(., '^\s*(javascript|data):', 'i')]", 0, None),
        # What has no entry is not there: its lines would be, and readers of screens hear it.
        # The results of the search come later.
        ("(//dl | //ul | //ol | //nav | //table | //aside)[not(*)]", 0, "search.html"),
        *((path, 1, None) for path in ("//h1", "//main", "/html/body/header", "/html/body/footer")),
        ("//head/title[normalize-space()]", 1, None),
        ("//head/meta[@name = 'description'][normalize-space(@content)]", 1, None),
        ("//footer//a[@type = 'text/calendar']", 1, None),
    ],
)
def test_every_page_has(site: Path, path: str, count: int, but: str | None) -> None:
    names = {"re": "http://exslt.org/regular-expressions"}
    wrong = []
    for name in all_pages(site):
        found = tree(site, name).xpath(path, namespaces=names)
        if len(found) != count and (but is None or not name.endswith(but)):
            wrong.append((name, [getattr(each, "sourceline", each) for each in found]))
    assert wrong == []


def test_every_page_has_named_navigation_and_headings_in_order(site: Path) -> None:
    for name in all_pages(site):
        root = tree(site, name)
        # The menu for small windows has no class, and is seen when that for wide ones is not.
        labels = root.xpath("//nav[@class]/@*[starts-with(name(), 'aria-label')]")
        assert len(labels) == len(root.xpath("//nav[@class]")) == len({*labels}), name
        levels = [int(heading.tag[1]) for heading in root.xpath("//h1|//h2|//h3|//h4|//h5")]
        for above, below in zip(levels, levels[1:], strict=False):
            assert below <= above + 1, f"{name}: h{below} follows h{above}"


def test_both_languages_have_the_same_pages_and_lead_to_each_other(site: Path) -> None:
    for entry in LANGUAGES:
        own = {name.removeprefix(entry.path) for name in pages(site, entry.code)}
        assert own == set(pages(site, LANGUAGES[0].code))
        titles: dict[str, str] = {}
        for page in own:
            name = entry.path + page
            root = tree(site, name)
            assert root.get("lang") == entry.code, name
            title = root.xpath("string(//title)")
            other = titles.setdefault(title, name)
            assert other == name, f"{name} and {other} have one title: {title}"
            versions = {each.code: f"/{each.path}{page}" for each in LANGUAGES}
            assert links(root, "//header//nav//a[@hreflang]", name) == versions, name
            feeds = [f"/{entry.path}{part}/atom.xml" for part in ("news", "statements")]
            for place in ("//head/link[@rel='alternate']", "//footer//a"):
                found = root.xpath(f"{place}[@type='application/atom+xml']/@href")
                assert [urljoin(f"/{name}", link) for link in found] == feeds, name


def test_every_page_tells_search_engines_who_it_is(site: Path) -> None:
    pictures = set()
    for entry in LANGUAGES:
        for name in pages(site, entry.code):
            root, page = tree(site, name), name.removeprefix(entry.path)
            path = re.sub(r"(^|/)index\.html$", r"\1", page)
            versions = {each.code: HOME + each.path + path for each in LANGUAGES}
            address = versions[entry.code]
            canonical = root.xpath("//head/link[@rel='canonical']/@href")
            if page in ("404.html", "search.html"):
                assert canonical == []
                continue
            assert canonical == [address]
            versions["x-default"] = versions[LANGUAGES[0].code]
            assert links(root, "//head/link[@hreflang]", name) == versions
            meta = {
                node.get("property") or node.get("name"): node.get("content")
                for node in root.iterfind("head/meta")
            }
            assert meta["og:url"] == address
            assert meta["og:title"] and meta["og:image:alt"]
            assert meta["og:description"] == meta["description"], address
            locales = {str(each.locale) for each in LANGUAGES}
            assert meta["og:locale"] == str(entry.locale)
            assert meta["og:locale:alternate"] in locales - {meta["og:locale"]}
            assert meta.get("robots") is None
            assert meta["og:image"].startswith(f"{HOME}{entry.path}_static/")
            pictures.add(site / meta["og:image"].removeprefix(HOME))
    # Each section and each region has its own.
    assert len(pictures) > 30
    for file in pictures:
        with Image.open(file) as picture:
            assert (picture.format, picture.size) == ("PNG", (1200, 630))
        assert file.stat().st_size < 30_000


def test_words_in_another_language_say_so(site: Path) -> None:
    name = "Initiativkreis Europäische Metropolregionen in Deutschland"
    assert f'<span lang="de">{name}</span>' in (site / "en/index.html").read_text("utf-8")
    german = (site / "about/glossary.html").read_text("utf-8")
    assert 'Auf Englisch: <span lang="en">functional area</span>.' in german
    english = (site / "en/about/glossary.html").read_text("utf-8")
    assert 'In German: <span lang="de">Verflechtungsraum</span>.' in english
    # Such terms are no sign of a missing translation.
    assert "translation-note" not in english


def test_the_404_page_searches_and_leads_to_the_main_entries(site: Path, path: str) -> None:
    content = main(site, f"{path}404.html")
    form = content.find(".//form")
    assert form.get("action") == f"/{path}search.html"
    assert form.find("input[@name='q']") is not None
    sections = ("", "news/", "about/", "regions/", "monitoring/")
    wanted = {f"/{path}{section}index.html" for section in sections}
    assert wanted <= {*content.xpath(".//a/@href")}


def graph(site: Path, name: str) -> dict[str, dict[str, Any]]:
    """The things of a page by their type."""
    (block,) = tree(site, name).xpath("//script[@type='application/ld+json']")
    content = json.loads(block.text)
    assert content["@context"] == "https://schema.org"
    things = {thing["@type"]: thing for thing in content["@graph"]}
    assert len(things) == len(content["@graph"])
    return things


def test_every_page_describes_itself_whole(site: Path) -> None:
    seen = Counter[str]()
    for name in all_pages(site):
        if name.endswith(("404.html", "search.html")):
            assert "ld+json" not in (site / name).read_text("utf-8")
            continue
        things = graph(site, name)
        seen.update(things.keys())
        ids = {thing["@id"] for thing in things.values() if "@id" in thing}
        for kind, thing in things.items():
            assert SAID[kind] <= thing.keys(), f"{name}: {kind}"
            assert None not in thing.values()
            if "publisher" in thing:
                assert thing["publisher"]["@id"] in ids
        page = tree(site, name)
        title = words(page.find(".//h1"))
        (address,) = page.xpath("//link[@rel='canonical']/@href")
        if "BreadcrumbList" in things:
            trail = things["BreadcrumbList"]["itemListElement"]
            assert [entry["position"] for entry in trail] == [*range(1, len(trail) + 1)]
            assert (trail[-1]["item"], trail[-1]["name"]) == (address, title)
            above = page.xpath("//nav[@class='breadcrumbs']//a/@href")
            shown = [urljoin(address, link).removesuffix("index.html") for link in above]
            assert [entry["item"] for entry in trail[:-1]] == shown
        for item in (things[kind] for kind in ("NewsArticle", "Report") if kind in things):
            assert (item["url"], item["headline"]) == (address, title)
            untranslated = page.xpath("boolean(//h1[@lang = 'de'])")
            assert item["inLanguage"] == ("de" if untranslated else page.get("lang"))
            assert_item(item, name.removesuffix(".html"))
    assert seen["NewsArticle"] > 40 and seen["Report"] > 10


def assert_item(item: dict[str, Any], name: str) -> None:
    """A news item or statement says what is known of it."""
    path, docname = ("en/", name[3:]) if name.startswith("en/") else ("", name)
    written = record(docname)
    # Of what is only announced nobody knows when it was published.
    date = None if getattr(written, "announced", False) else written.date
    for key, known in (("datePublished", date), ("dateModified", written.updated)):
        assert item.get(key) == (str(known) if known else None), docname
    about = [{"@id": f"{HOME}{path}regions/{region}.html"} for region in written.regions]
    assert item.get("about", []) == about


def test_figures_are_datasets_with_downloads(site: Path, path: str) -> None:
    for file in (site / path / "data").glob("*.csv"):
        data = graph(site, f"{path}monitoring/{file.stem}.html")["Dataset"]
        kinds = {part["encodingFormat"]: part["contentUrl"] for part in data["distribution"]}
        assert kinds.keys() == {"text/csv", "application/json"}
        for address in kinds.values():
            assert (site / address.removeprefix(HOME)).is_file()
        assert 50 <= len(data["description"]) <= 5000
        assert all(url.startswith("https://") for url in data["license"])
    whole = graph(site, f"{path}monitoring/downloads.html")["Dataset"]
    (part,) = whole["distribution"]
    assert (site / part["contentUrl"].removeprefix(HOME)).is_file()
    assert part["encodingFormat"] == "application/zip"
