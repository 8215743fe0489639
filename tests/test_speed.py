# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The speed-ups change nothing but the time, and give way when upstream changes."""

from __future__ import annotations

import filecmp
import os
import pickle
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from babel.messages import Catalog
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from ikm_site import bench, output, speed
from ikm_site.catalogues import files
from ikm_site.languages import LANGUAGES

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


def build(project: Path, code: str, fast: bool) -> tuple[Path, str]:
    """Build one language with or without the speed-ups; its folder and what Sphinx said."""
    out = project.parent / f"{code}-{fast}"
    # fmt: off
    result = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-b", "html", "-n", "-E", "-a", "--no-color",
         "-D", f"language={code}", "-D", f"ikm_speed={int(fast)}", "-d", f"{out}-doctrees",
         str(project), str(out)],
        env={**os.environ, "PYTHONHASHSEED": "0", "PYTHONUTF8": "1", "SOURCE_DATE_EPOCH": "0"},
        cwd=project, capture_output=True, text=True, check=False,
    )
    # fmt: on
    assert result.returncode == 0, result.stderr
    return out, result.stderr


@pytest.mark.parametrize("code", ["de", "en"])
def test_the_bytes_are_the_same_with_and_without(pages: Path, code: str) -> None:
    (fast, said), (slow, said_slowly) = build(pages, code, True), build(pages, code, False)
    names = sorted(f.relative_to(slow).as_posix() for f in slow.rglob("*") if f.is_file())
    assert names == sorted(f.relative_to(fast).as_posix() for f in fast.rglob("*") if f.is_file())
    # The configuration itself is part of this hash.
    names.remove(".buildinfo")
    assert "legal/awkward.html" in names
    _, different, missing = filecmp.cmpfiles(slow, fast, names, shallow=False)
    assert (different, missing) == ([], [])
    # A warning is made once where Sphinx makes it for each of its two phases.
    assert set(said.splitlines()) == set(said_slowly.splitlines())


def test_a_translated_doctree_is_small(pages: Path) -> None:
    out, _ = build(pages, "en", True)
    doctree = Path(f"{out}-doctrees") / "statements" / "papier-00002.doctree"
    # 900 kB when each message keeps the settings of docutils alive.
    assert doctree.stat().st_size < 100_000
    document = pickle.loads(doctree.read_bytes())
    assert {node.document for node in document.findall()} == {document}


def test_every_speedup_knows_the_installed_versions() -> None:
    unknown = [
        name
        for place, name, hashes, _ in speed.SPEEDUPS
        if speed.fingerprint(getattr(getattr(place, name), "ikm_original", getattr(place, name)))
        not in hashes
    ]
    assert unknown == [], (
        "upstream has changed: compare, then add the new hash to ikm_site/speed.py"
    )


def test_a_changed_function_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def upstream() -> str:
        return "as upstream has it"

    place = SimpleNamespace(__name__="upstream", function=upstream)
    known = speed.fingerprint(upstream)
    app, config = SimpleNamespace(verbosity=1), SimpleNamespace(ikm_speed=True)
    for hashes, expected in (({"0" * 16}, "as upstream has it"), ({known}, "faster")):
        entry = (place, "function", frozenset(hashes), lambda _original: lambda: "faster")
        monkeypatch.setattr(speed, "SPEEDUPS", (entry,))
        speed._install(app, config)  # type: ignore[arg-type]
        assert place.function() == expected


_PARSER = create_md_parser(
    MdParserConfig(enable_extensions=set(speed._CHECKED_EXTENSIONS)), RendererHTML
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
    if speed._PLAIN.fullmatch(text) is None:
        return
    kinds = [token.type for token in _PARSER.parse(text)]
    assert kinds == ["paragraph_open", "inline", "paragraph_close"]
    inline = _PARSER.parse(text)[1]
    assert [(child.type, child.content) for child in inline.children or []] == [("text", text)]


def test_most_sentences_count_as_plain() -> None:
    for text in ("A plain sentence.", "“Quoted” words – in 2021–2027, 5 %: yes!", "Über 3.500 m"):
        assert speed._PLAIN.fullmatch(text)


def test_many_pages_are_read_by_several_processes_as_by_one(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = output._Reader("https://site.example/", LANGUAGES)
    places = sorted(page.relative_to(site).as_posix() for page in site.rglob("*.html"))[:30]
    alone = list(output._read_all(reader, site, places))
    monkeypatch.setattr(output, "_MANY", 1)
    assert list(output._read_all(reader, site, places)) == alone
