# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The speed-ups change nothing but the time, and give way when upstream changes."""

from __future__ import annotations

import filecmp
import functools
import os
import pickle
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from babel.messages import Catalog
from docutils import nodes
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser
from sphinx.util.nodes import NodeMatcher

from ikm_site import speed
from ikm_site.bench import content as bench
from ikm_site.catalogues import files
from ikm_site.speed import messages, trees
from ikm_site.speed.fresh import _Made
from ikm_site.speed.upstream import Replacement, fingerprint, install, layers
from ikm_site.staging import Staging

ROOT = Path(__file__).resolve().parent.parent

#: What is awkward: each text with its translation, "" for a missing one.
PARAGRAPHS = {
    "Ein einfacher Satz.": "A plain sentence.",
    "Ein Satz mit **Auszeichnung** und `Code`.": "A sentence with **markup** and `code`.",
    "Ein [Verweis](/legal/privacy.md) und ein [zweiter](#ziel).": (
        "One [link](/legal/privacy.md) and a [second](#ziel)."
    ),
    "Ein Satz ohne Übersetzung.": "",
    "Derselbe Satz.": "Derselbe Satz.",
    "Eine Fußnote[^a].": "A footnote[^a].",
    "Mit Ausnahme.": "With an exception. #noqa",
    "Am 8. März 1995 geschah es.": "8. March 1995 was the day.",
    "Doppelpunkt am Ende:": "A colon at the end::",
    "Größer als 3 & kleiner als 5.": "More than 3 & less than 5.",
    "Ein geschütztes Zeichen: 5 %.": "A protected sign: 5 %.",
    "Mit *Stern*.": "Beginning\nin two lines.",
    "**Fett** am Anfang, *schräg* und `Code` danach.": "**Bold** first, *italics* and `code` then.",
    "[Datenschutz](/legal/privacy.md) zuerst.": "[Privacy](/legal/privacy.md) first.",
    "Von hier aus [Datenschutz](privacy.md).": "From here [privacy](privacy.md).",
    "Zum [BBSR](https://www.bbsr.bund.de/) und zurück.": "To [BBSR](https://www.bbsr.bund.de/) and back.",
    "Mit {abbr}`IKM`.": "With {abbr}`IKM`.",
}  # fmt: skip
HEADINGS = {
    "Gleich": "gleich",
    "Anders als **sonst**": "Other than **usual**",
    "Noch einmal": "Once again",
}
AWKWARD = """\
---
description: Eine Seite mit allem, was beim Übersetzen schiefgehen kann.
---
# Schwierig

{paragraphs}

(ziel)=
## {headings[0]}

- Punkt eins
- Punkt zwei

  Mit Absatz.

Begriff
: Erklärung

## {headings[1]}

| A | B |
| --- | --- |
| Gleich | Gleich |
| **fett** | {{ref}}`ziel` |

> Ein Zitat.

```
Ein Block.
```

## {headings[2]}

## {headings[2]}

[^a]: Die Note.
"""


ENVIRONMENT = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONUTF8": "1", "SOURCE_DATE_EPOCH": "0"}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with pages like ours and one that has every difficulty."""
    project = tmp_path_factory.mktemp("speed") / "project"
    bench.generate(project, 9, ROOT)
    text = AWKWARD.format(paragraphs="\n\n".join(PARAGRAPHS), headings=list(HEADINGS))
    (project / "legal" / "awkward.md").write_text(text, encoding="utf-8")
    index = project / "legal" / "index.md"
    index.write_text(
        index.read_text("utf-8").replace("\nprivacy\n", "\nprivacy\nawkward\n"), "utf-8"
    )
    catalogue = Catalog(locale="en", fuzzy=False)
    others = {
        "Schwierig": "Difficult", "Punkt eins": "Point one", "Mit Absatz.": "With a paragraph.",
        "Begriff": "Term", "Erklärung": "Explanation", "Ein Zitat.": "A quotation.",
        "**fett**": "**bold**", "Die Note.": "The note.", "{ref}`ziel`": "{ref}`target <ziel>`",
    }  # fmt: skip
    for german, english in {**PARAGRAPHS, **HEADINGS, **others}.items():
        catalogue.add(german, english)
    files.write(files.path("en", "legal/awkward", project / files.LOCALES), catalogue)
    for code in ("de", "en"):
        assert not files.compile_all(code, project / files.LOCALES)
    return project


@functools.cache
def build(project: Path, code: str, fast: bool) -> tuple[Path, str]:
    """Build one language with or without the speed-ups; its folder and what was wrong."""
    out = project.parent / f"{code}-{fast}"
    # fmt: off
    result = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-b", "html", "-n", "-E", "-a", "--no-color",
         "-D", f"language={code}", "-D", f"ikm_speed={int(fast)}", "-d", f"{out}-doctrees",
         str(project), str(out)],
        env=ENVIRONMENT, cwd=project, capture_output=True, text=True, check=False,
    )
    # fmt: on
    assert result.returncode == 0, result.stderr
    return out, result.stderr


@functools.cache
def build_together(project: Path) -> Staging:
    """Build all languages as `make html` does: with everything that is spared in a fresh build."""
    staging = Staging(project.parent / "together")
    staging.path.mkdir()
    result = subprocess.run(
        [sys.executable, "-m", "ikm_site.builders", str(staging.path)],
        env=ENVIRONMENT, cwd=project, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, staging.problems.read_text("utf-8")
    return staging


def names(folder: Path) -> list[str]:
    """The files in a folder but those that nobody gets."""
    every = (f.relative_to(folder).as_posix() for f in folder.rglob("*") if f.is_file())
    return sorted(n for n in every if n not in (".buildinfo", "objects.inv") and n[0] != ".")


def assert_same(fast: Path, slow: Path) -> None:
    assert "legal/awkward.html" in names(slow)
    _, different, missing = filecmp.cmpfiles(slow, fast, names(slow), shallow=False)
    assert (different, missing) == ([], [])


@pytest.mark.parametrize("code", ["de", "en"])
def test_the_bytes_are_the_same_with_and_without(pages: Path, code: str) -> None:
    (fast, said), (slow, said_slowly) = build(pages, code, True), build(pages, code, False)
    assert_same(fast, slow)
    assert names(fast) == names(slow)
    # A warning is made once where Sphinx makes it for each of its two phases.
    assert set(said.splitlines()) == set(said_slowly.splitlines())


@pytest.mark.parametrize("code", ["de", "en"])
def test_the_bytes_are_the_same_where_nothing_is_kept(pages: Path, code: str) -> None:
    staging, (slow, said) = build_together(pages), build(pages, code, False)
    site = staging.site("de")
    assert_same(site if code == "de" else site / code, slow)
    more = {name for name in names(site) if not name.startswith("en/")} - {*names(slow)}
    assert code == "en" or more == {"robots.txt", "sitemap.xml"}
    assert set(staging.warnings(code).read_text("utf-8").splitlines()) == set(said.splitlines())


def test_a_translated_doctree_is_small(pages: Path) -> None:
    out, _ = build(pages, "en", True)
    doctree = Path(f"{out}-doctrees") / "statements" / "papier-00002.doctree"
    # 900 kB when each message keeps the settings of docutils alive.
    assert doctree.stat().st_size < 100_000
    document = pickle.loads(doctree.read_bytes())
    assert {node.document for node in document.findall()} == {document}


def test_every_speedup_knows_the_installed_versions() -> None:
    unknown = [
        f"{place.__name__}.{name} is now {found}"
        for place, name, hashes, _ in (*speed.REPLACEMENTS, *speed.fresh.replacements())
        if (found := fingerprint(list(layers(getattr(place, name)))[-1])) not in hashes
    ]
    assert unknown == [], "upstream has changed: compare, then add the new hash in ikm_site/speed/"


def test_a_changed_function_is_left_alone() -> None:
    def upstream() -> str:
        return "as upstream has it"

    place = SimpleNamespace(__name__="upstream", function=upstream)
    known = fingerprint(upstream)
    for hashes, expected in (({"0" * 16}, "as upstream has it"), ({known}, "faster")):
        replacement = Replacement(place, "function", frozenset(hashes), lambda _: lambda: "faster")
        install([replacement])
        assert place.function() == expected
    # What has been replaced is not replaced again.
    install([replacement])
    assert len(list(layers(place.function))) == 2


_PARSER = create_md_parser(
    MdParserConfig(enable_extensions=set(messages._CHECKED_EXTENSIONS)), RendererHTML
)


@given(st.text(st.sampled_from("aÄ1 .,:;!?()-+–=“”„‘‚'/%\u00a0*_[]`<&#|~$@\\\n"), max_size=40))
@example("a")
@example("Ein Satz (in Klammern): ja – nein!")
@example("a - b + c = d")
@example("a\u00a0")
@example("a ")
@example("Term\n: Erklärung")
@example("a http://example.org b")
def test_what_counts_as_plain_is_one_text_for_the_parser(text: str) -> None:
    if messages._PLAIN.fullmatch(text) is None:
        return
    kinds = [token.type for token in _PARSER.parse(text)]
    assert kinds == ["paragraph_open", "inline", "paragraph_close"]
    inline = _PARSER.parse(text)[1]
    assert [(child.type, child.content) for child in inline.children or []] == [("text", text)]


def test_most_sentences_count_as_plain() -> None:
    for text in ("A plain sentence.", "“Quoted” words – in 2021–2027, 5 %: yes!", "Über 3.500 m"):
        assert messages._PLAIN.fullmatch(text)


#: Pieces of messages in one line, and what only looks like one.
_PIECES = (
    "**a**", "**", "*b*", "_c_", "`d`", "[e](/f.md)", "[g](https://h.example/)", "[i]", "[j]: ", "]:",
    "[^k]", "![l](m)", "{ref}`n`", "<b>", "&amp;", "\\", "a", "Ä", "1", "1. ", "- ", "# ", "> ", "| ",
    " ", ".", ":", "::", "!", "“", "„", "~", "+++", "---", "%", "(o)=", "{p}", "$q$", "\n", "\t",
)  # fmt: skip


@settings(max_examples=500)
@given(st.lists(st.sampled_from(_PIECES), max_size=10).map("".join))
@example("[j]: https://h.example/")
@example("a [j]: b")
@example("**a** [e](/f.md) `d`")
def test_a_usual_message_is_one_paragraph_for_the_parser(text: str) -> None:
    if messages._PARAGRAPH.fullmatch(text) is None:
        return
    whole = _PARSER.parse(text)
    assert [token.type for token in whole] == ["paragraph_open", "inline", "paragraph_close"]
    (inline,) = _PARSER.parseInline(text)

    def shape(token: Token) -> list[tuple[str, str, object]]:
        return [(each.type, each.content, each.attrs) for each in token.children or []]

    assert shape(whole[1]) == shape(inline)
    assert whole[1].content == inline.content == text


@st.composite
def _trees(draw: st.DrawFn) -> nodes.Element:
    """A small tree of nodes of a few classes."""
    root: nodes.Element = nodes.section()
    places = [root]
    for _ in range(draw(st.integers(0, 12))):
        parent = draw(st.sampled_from(places))
        kind = draw(st.sampled_from([nodes.paragraph, nodes.strong, nodes.title, nodes.Text]))
        child = nodes.Text("t") if kind is nodes.Text else kind()
        parent.append(child)
        if isinstance(child, nodes.Element):
            places.append(child)
    return root


@given(_trees())
def test_a_search_finds_the_same_in_the_same_order(root: nodes.Element) -> None:
    original = list(layers(nodes.Node.findall))[-1]
    made = _Made()
    for node in root.findall(nodes.Element):
        made.note(type(node))
    fast = trees._search(original)
    fresh = made.replace_findall(fast)
    conditions = (
        None, nodes.paragraph, nodes.Text, nodes.Element, nodes.image,
        NodeMatcher(nodes.strong, nodes.title), NodeMatcher(nodes.image, uri=Any), lambda node: bool(node.parent),
    )  # fmt: skip
    for condition in conditions:
        wanted = list(original(root, condition))
        assert list(fast(root, condition)) == wanted
        assert list(fresh(root, condition)) == wanted


def test_a_node_that_is_made_during_a_search_is_found() -> None:
    made = _Made()
    root = nodes.section("", nodes.paragraph())
    search = made.replace_findall(trees._search(list(layers(nodes.Node.findall))[-1]))
    found = search(root, nodes.image)
    root.append(nodes.image())
    made.note(nodes.image)
    assert len(list(found)) == 1
