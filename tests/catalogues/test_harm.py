"""Nothing harmful reaches a page through a translation, and no honest translation is stopped."""

import faulthandler
import re
import unicodedata

import lxml.html

from ikm_site.message_check import harm
from tests.catalogues.attacks import FAMILIES, attacks
from tests.catalogues.conftest import REFUSED, Project
from tests.catalogues.corpus import honest, variants
from tests.conftest import PATIENCE, catalogue, write
from tools import message_numbers


def content(html: str) -> tuple[set[tuple[str, str, str]], str]:
    """What stands in the content of a page: elements with their attributes, and the words."""
    main = lxml.html.fromstring(html).find(".//main")
    elements = {(str(each.tag), name, value) for each in main.iter()
                for name, value in [("", ""), *each.items()]
                if name not in {"class", "id", "lang"}}  # fmt: skip
    return elements, str(main.text_content())


def write_page(project: Project, pairs: list[tuple[str, str]]) -> None:
    """A page of these originals with their translations."""
    project.page("about/one", "# Eins", *(original for original, _ in pairs))
    catalogue(project.root, "about/one", dict(pairs))


def test_attacks_on_a_page(small: Project) -> None:
    """All families at once: the page has the elements of the German one, and visible words."""
    plain = [pair for pair in honest() if "`" not in pair[0] and "[" not in pair[0]]
    found = [new for new in attacks(plain) if "\\" not in new[1][-1:]]
    # Each on an original of its own: a message has one translation.
    write_page(small, [(f"{old} {n}abc", f"{new} {n}abc") for n, (old, new) in enumerate(found)])
    said = small.build()
    assert said.count("WARNING: ") > 300
    assert "about/one.po:" in said
    elements, words = content(small.html())
    assert not [element for element in elements if not harmless(element)]
    assert not {c for c in words if unicodedata.category(c) in {"Cf", "Co", "Cn", "Cs"}}
    assert "evil.example" not in words
    assert not re.search(r"https?://(?!\S*\bhamburg\b)", words)


def test_changed_links_roles_code_and_characters_are_named() -> None:
    for name in ("links", "roles", "targets", "code", "role", "html-whole", "characters"):
        altered = [(old, new) for old, text in honest() for new in FAMILIES[name](old, text)
                   if new != text]  # fmt: skip
        assert not [(old, new) for old, new in altered if not any(harm(old, new))], name


FOREIGN = ["script", "iframe", "object", "embed", "form", "input", "svg", "math", "style", "base"]


def harmless(element: tuple[str, str, str]) -> bool:
    tag, name, value = element
    return tag not in FOREIGN and not name.startswith(("on", "style")) and "evil" not in value.lower() and (
        not re.match(r"\s*(?!https?:|mailto:)[a-z]+:", value.lower()) or name not in {"href", "src"}
    )  # fmt: skip


def test_honest_translations_are_shown(small: Project) -> None:
    pairs = [*honest(), *variants(), ("[](/about/index.md)", "[](/about/index.md)")]
    assert len(pairs) > 600
    assert not [(pair, found) for pair in pairs if (found := list(harm(*pair)))]
    once = dict(reversed([pair for pair in honest() if not re.search(r"[\[{`#]|^\d|^–", pair[0])]))
    write_page(small, list(once.items()))
    assert small.build() == ""
    _, words = content(small.html())
    assert all(f"{text}\n" in words for text in once.values() if text.isalpha())


def test_what_is_harmful() -> None:
    for case in REFUSED["harm"]:
        assert case["said"] in " ".join(harm(case["original"], case["translation"])), case


def test_words_of_the_frame_and_the_data(small: Project) -> None:
    """They stand in attributes, placeholders and tables: what would break out is not taken."""
    for case in REFUSED["frame"]:
        said = " ".join(harm(case["original"], case["translation"], frame=True))
        assert case["said"] in said, case
    for good in ("Munich", "Munich (in %)", "Munich’s share"):
        assert not list(harm("München", good, frame=True))
    small.translate("sphinx", Suche='Search" hidden x="y', Stand="As of (%): %(date)s", Nach="")
    small.translate("data", München="=WEBSERVICE(A1)", Einwohner="Inhabit\u200bants")
    said = small.build()
    assert re.search(r"en/LC_MESSAGES/sphinx\.po:\d+: WARNING: the original has no mark “\"”", said)
    assert re.search(
        r"en/LC_MESSAGES/data\.po:\d+: WARNING: the original has no formula that begins with “=",
        said,
    )
    html = small.html()
    assert "Suche" in html
    assert "hidden x" not in html
    assert "translation-note" in html
    found = small.check(
        *(str(small.po(name).relative_to(small.root)) for name in ("sphinx", "data"))
    )
    assert len(found) >= 4
    assert all(re.match(r"locales/en/LC_MESSAGES/\w+\.po:\d+: ", line) for line in found)


def test_no_catalogue_changes_a_german_page(small: Project) -> None:
    text = 'msgid ""\nmsgstr ""\n\nmsgid "Der erste Satz."\nmsgstr "Böse."\n'
    write(small.root, {"locales/de/LC_MESSAGES/about/one.po": text})
    small.build("de")
    assert "Der erste Satz." in small.html(code="de")


def test_hostile_texts_do_not_hang() -> None:
    # Seconds are needed, minutes given: this ends a hang, and measures nothing.
    faulthandler.dump_traceback_later(PATIENCE, exit=True)
    for text in ("[" * 50000, "`" * 50001, "(" * 50000, "<" * 50000, "*_" * 25000, "1," * 20000, "1 111" * 8000, "1–" * 20000,
                 "a.b" * 20000, "&#x" * 20000, "[x](" * 10000, "{" * 50000, "- " * 20000):  # fmt: skip
        list(harm("Wort", text))
        list(harm("Wort " * 400, text[:9000]))
        list(message_numbers.differences(text[:900], text[:9000], "de", "en"))
    faulthandler.cancel_dump_traceback_later()
