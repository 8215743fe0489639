"""Translations in the built pages: whole, marked where they are missing, and never harmful."""

import calendar
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import lxml.html
import polib

from ikm_site.languages import SOURCE, TRANSLATIONS
from tests.conftest import bad_build, catalogue, copy, page, sphinx
from tests.pages import all_pages, main, pages, tree

#: A page with each kind of block; each message begins with “Wort” and the name of the block.
EVERY_BLOCK = Path(__file__).with_name("every-block.md").read_text("utf-8")
BLOCKS = (
    "p", "li", "dt", "dd", "td", "th", "h1", "h2", "h3", "h4", "figcaption", "caption", "label",
    "button", "option", "summary", "desc",
)  # fmt: skip
ATTRIBUTES = """//@aria-label | //@alt | //@title | //@placeholder | //@data-one | //@data-none
  | //meta[@name = 'description']/@content"""
#: What is in no catalogue of ours: months, addresses, names of languages, a word of Sphinx.
NO_MESSAGE = re.compile(rf"\b({'|'.join(calendar.month_name[1:])})\b|^\S+\.\S+$|^(English|Note)$")
#: What the content of a page leads to, loads, sends and runs, and the labels in it.
LEADS = """//main//@*[contains(' href src srcset action data style method name type id ',
  concat(' ', name(), ' ')) or starts-with(name(), 'on')]"""


def marked(project: Path) -> None:
    """Replace all catalogues by one that maps each message to itself with a mark."""
    sphinx(project, "-b", "gettext", ".", "_build/pot")
    for template in (project / "_build/pot").rglob("*.pot"):
        name = template.relative_to(project / "_build/pot").with_suffix("").as_posix()
        catalogue(
            project, name, {each.msgid: f"§ {each.msgid}" for each in polib.pofile(str(template))}
        )


def unmarked(root: lxml.html.HtmlElement) -> Iterator[str]:
    """Words without a mark outside of elements that say that they are German."""
    texts: list[str] = root.xpath(ATTRIBUTES)
    for element in root.iter(*BLOCKS):
        around = (each for each in (element, *element.iterancestors()) if each.tag != "html")
        if not any(each.get("lang") for each in around):
            parts = element.xpath(".//text()[not(ancestor::*[@lang = 'de'])]")
            texts.append(" ".join("".join(parts).split()))
    for text in texts:
        if "§" not in text and re.search(r"[^\W\d_]{2}", NO_MESSAGE.sub("", text)):
            yield text


def english(project: Path) -> Path:
    """Build the English site."""
    sphinx(project, "-b", "html", "-D", "language=en", ".", "out")
    return project / "out"


def test_every_word_of_the_site_is_a_message(tmp_path: Path) -> None:
    project = copy(tmp_path)
    page(project, "about/history", EVERY_BLOCK)
    marked(project)
    out = english(project)
    left = {f"{name}: {text}" for name in all_pages(out) for text in unmarked(tree(out, name))}
    assert left == set()
    content = main(out, "about/history.html")
    assert len(re.findall("Wort", content.text_content())) >= EVERY_BLOCK.count("Wort")
    for element in content.iter(*BLOCKS):
        text = (element.text or "").strip()
        assert not text.startswith("Wort"), text
        for child in element.iter("a", "strong", "em"):
            assert not (child.tail or "").startswith("Wort")


def leads(site: Path, path: str, name: str) -> Counter[tuple[str, str]]:
    """What a page consists of, leads to and loads, addresses without the path of the language."""
    # A translated page of a paper has one more line: the title that the paper bears.
    blocks = main(site, path + name).iter(*{*BLOCKS} - {"dt", "dd"}, "ul", "ol", "table", "section")
    found = Counter(("", str(element.tag)) for element in blocks)
    for value in tree(site, path + name).xpath(LEADS):
        is_address = value.attrname in ("href", "src", "action")
        address = urljoin(f"/{path}{name}", value) if is_address else value
        found[value.attrname, address.removeprefix(f"/{path}")] += 1
    return found


def test_a_translated_page_leads_and_loads_what_the_original_does(site: Path) -> None:
    """Whatever got past the check of messages would show here."""
    for language in TRANSLATIONS:
        for name in pages(site, SOURCE.code):
            if not name.endswith(("404.html", "search.html")):
                german, other = (leads(site, path, name) for path in ("", language.path))
                assert german - other == other - german == {}, name


ATTACKS = ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[more](https://evil.example/)",
           "<https://evil.example/>", "`code`", "{download}`/etc/hostname`", "\u202e")  # fmt: skip


def test_a_harmful_translation_stops_the_build(small: Path) -> None:
    words = {f"Satz {n}.": f"Sentence {n} {attack}." for n, attack in enumerate(ATTACKS)}
    page(small, "about/one", "# Eins\n\n" + "\n\n".join(words))
    catalogue(small, "about/one", words)
    named = set(re.findall(r"locales/en/LC_MESSAGES/about/one\.po:(\d+): ", bad_build(small)))
    assert len(named) == len(ATTACKS)


def test_plain_text_is_escaped(small: Path) -> None:
    """Whatever a translation of a title or description says, it stays text, also in data blocks."""
    description = "Eine Seite, die es nur für den Versuch gibt."
    evil = 'x" onmouseover="alert(1)" \' R&D'
    title = '</script><script>alert(1)</script> <!--<script> ]]> R&D "Two" \\ <b>'
    catalogue(small, "about/two", {description: evil, "Zwei": re.sub(r"([<\\])", r"\\\1", title)})
    out = english(small)
    for name in ("about/one", "about/two", "index"):
        html = (out / f"{name}.html").read_text("utf-8")
        assert "<b>" not in html
        assert 'onmouseover="' not in html
        assert html.count("<script") == html.count("</script>") == 1
    page = tree(out, "about/two.html")
    assert page.xpath("string(//meta[@name='description']/@content)") == evil
    (block,) = page.iter("script")
    assert json.loads(block.text)["@graph"][1]["itemListElement"][-1]["name"] == title
