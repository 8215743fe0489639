"""The rules for pages (CONTRIBUTING.md), on every page as it is written."""

import hashlib
import re
from pathlib import Path

from sphinx.util.matching import get_matching_files

import conf
from ikm_site.frontmatter import split
from tests.conftest import ROOT, rows
from tests.pages import all_pages, main, record, tree, words

FILES = get_matching_files(ROOT, conf.include_patterns, conf.exclude_patterns)
PAGES = sorted(name.removesuffix(".md") for name in FILES if name.endswith(".md"))

#: Pages that tell nothing that would need a source: they lead on or are made from data.
WITHOUT_SOURCES = {
    "404", "about/translation", "legal/index", "legal/contact", "legal/imprint", "news/index",
}  # fmt: skip

#: What must not stand in a page beside what the build refuses, on the text without code.
FORBIDDEN = {
    "a substitution": r"\{\{",
    "a gender star or colon": r"\w[*:_]innen\b|\w\*r\b",
    "two spaces": r"(?m)(?<=\S)  +(?=\S)",
    "a space at the end of a line": r"(?m)[ \t]+$",
    "a label of other signs than a to z, 0 to 9, -": r"(?m)^\((?![a-z0-9-]+\)=).*\)=$",
    # A word of four letters or more before the full stop is no abbreviation.
    "two sentences in a line, where every change of one is a change of both": (
        r"(?m)^(?! *[|#(-]).*[a-zäöüß]{4,}[.!?] (?=[A-ZÄÖÜ][a-zäöüß]+ [a-zäöüß]+)"
    ),
}


def written(page: str) -> str:
    """A page as it is written."""
    return (ROOT / f"{page}.md").read_bytes().decode()


def body(page: str) -> str:
    """The page without front matter and code, with its line numbers."""
    text = split(written(page), page)[1]
    text = re.sub(r"(?ms)^(`{3,}).*?^\1$", lambda block: "\n" * block[0].count("\n"), text)
    # A word stays in place of the code, so that its blanks do not meet.
    return re.sub(r"`[^`\n]+`", "code", text)


def test_pages_keep_the_rules() -> None:
    found = []
    for page in PAGES:
        assert "\r" not in written(page) and "\ufeff" not in written(page), page
        text = body(page)
        for name, pattern in FORBIDDEN.items():
            for match in re.finditer(pattern, text):
                line = text.count("\n", 0, match.start()) + 1
                found.append(f"{page}.md:{line}: {name}: {match.group()!r}")
    assert not found, "\n".join(found)


def test_pages_say_where_they_know_it_from() -> None:
    for page in PAGES:
        # Figures name their sources themselves, from data/.
        has_figures = re.search(r"```\{(indicator\}|figures-)", written(page))
        assert record(page).sources or has_figures or page in WITHOUT_SOURCES, page


def test_no_sentence_is_copied_from_the_old_site() -> None:
    """Of the old page's sentences the project holds only hashes. Marked quotations are left out."""
    known = set((ROOT / "tests" / "content" / "old_site_sentences.txt").read_text("ascii").split())
    assert len(known) > 20
    for page in PAGES:
        text = " ".join(
            line.lstrip("> ") for line in body(page).splitlines() if not line.startswith(">")
        )
        for sentence in re.split(r"(?<=[.!?:;]) ", text):
            plain = re.sub(r"\W+", " ", sentence).strip().lower()
            digest = hashlib.sha256(plain.encode()).hexdigest()[:16]
            assert digest not in known, f"{page}.md copies: {sentence}"


#: What only somebody says who looks at the IKM from outside, a note to editors, a wrong number.
OUTSIDE = re.compile(
    r"nicht bekannt|unbekannt|erschlossen|\bbelegt\b|lieg(?:t|en) nicht vor|vermutlich|ohne Datum"
    r"|geht (?:daraus )?nicht hervor|nach eigenen Angaben|frühere Website nennt"
    r"|not known|unknown|\binferred\b|\bdocumented\b|undated|presumably|by its own account"
    r"|zwölf (?:Europäischen? )?Metropolregionen|twelve (?:European )?metropolitan",
    re.IGNORECASE,
)


def test_the_site_speaks_as_the_ikm(site: Path) -> None:
    """What is not known stands in the front matter (`open`, `evidence`), never on a page."""
    found = []
    for name in all_pages(site):
        text = words(main(site, name))
        found += [
            f"{name}: …{text[max(0, match.start() - 60) : match.end() + 40]}…"
            for match in OUTSIDE.finditer(text)
        ]
    assert not found, "\n".join(found)


def test_what_only_the_office_reads_stands_on_no_page(site: Path, path: str) -> None:
    known = 0
    for page in PAGES:
        name = f"{path}{page}.html"
        notes = [*record(page).open, *record(page).evidence]
        known += len(notes)
        text = (site / name).read_text("utf-8") + words(tree(site, name))
        assert [note for note in notes if note in text] == [], page
    assert known > 20


def test_the_glossary_for_readers_agrees_with_that_for_translators() -> None:
    known = {plain(row["de"]): plain(row["en"]) for row in rows("locales/glossary.csv")}
    text = body("about/glossary")
    entries = re.findall(r"(?m)^(\S.*)\n: (?:.|\n  )+?Auf Englisch: (.+)\.$", text)
    assert len(entries) >= 20
    for german, english in entries:
        assert plain(english) in known[plain(german)].split("; "), german


def plain(term: str) -> str:
    """A term without its abbreviation in brackets."""
    return re.sub(r"\s*\([^()]*\)", "", term)
