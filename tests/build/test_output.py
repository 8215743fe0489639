# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2

"""The finished pages: what a translation adds, changes or loses stops the build."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ikm_site.languages import LANGUAGES
from ikm_site.output import check, known_hosts
from ikm_site.redirects import files as moved_files
from ikm_site.redirects import load
from tests.conftest import build, page, run

HOME = "https://site.example/"
HOSTS = {"source.example"}
GERMAN = """<!DOCTYPE html><html lang="de"><head><title>T</title>
<link rel="canonical" href="https://site.example/about/"><link rel="stylesheet" href="../_static/s.css">
</head><body><nav><a href="../index.html">Start</a><a href="../en/about/index.html">English</a></nav>
<main><h1 id="a">Ü</h1><p>Text <a href="https://source.example/x">Quelle</a> und
<a href="../regions/hamburg.html#map">Hamburg</a> <a href="mailto:a@source.example">Post</a>.</p>
<h2>U</h2><table><tr><th>A</th><td>1</td></tr></table><img src="../_static/x.svg" alt="B">
<form method="get" action="../search.html"><input name="q" type="search"></form></main></body></html>
"""
ENGLISH = (
    GERMAN.replace('lang="de"', 'lang="en"')
    .replace("https://site.example/about/", "https://site.example/en/about/")
    .replace("../en/about/index.html", "../../about/index.html")
    .replace("Text", "Words")
    .replace("x.svg", "x.en.svg")
)


def pages(folder: Path, german: str = GERMAN, english: str = ENGLISH) -> Path:
    for path, text in (("about/index.html", german), ("en/about/index.html", english)):
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def faults(folder: Path) -> list[str]:
    return [str(fault) for fault in check(folder, HOME, HOSTS, LANGUAGES[:2])]


def test_pages_that_agree(tmp_path: Path) -> None:
    assert faults(pages(tmp_path)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Words", "Words <script>alert(1)</script>"),
        ("Words", "<script src='../_static/x.js'></script>"),
        ("Words", "<script src='https://evil.example/x.js'></script>"),
        ("Words", "<img src=x onerror=alert(1)>"),
        ("Words", "<b onclick=x>Words</b>"),
        ("Words", "<svg/onload=x>"),
        ("Words", "<b style='color:red'>Words</b>"),
        ("Words", "<style>p{}</style>"),
        ("Words", "<iframe src='/x'></iframe>"),
        ("Words", "<base href='https://evil.example'>"),
        ("Words", "<meta http-equiv=refresh content='0;url=x'>"),
        ("Words", "<a href='javascript:x'>Words</a>"),
        ("Words", "<a href='java\nscript:x'>Words</a>"),
        ("Words", "<a href=' JAVASCRIPT:x'>Words</a>"),
        ("Words", "<a href='&#106;avascript:x'>Words</a>"),
        ("Words", "<a href='data:text/html,x'>Words</a>"),
        ("Words", "<a href='//evil.example'>Words</a>"),
        ("Words", "<a href='\\\\evil.example'>Words</a>"),
        ("Words", "<object data=x>"),
        ("Words", "<math><mi></mi></math>"),
        ("Words", "<template><b></template>"),
        ("Words", "<form action=x></form>"),
        ("Words", "<h3>Words</h3>"),
        ("Words", "</p><p>Words"),
        ("Words", "<ul><li>Words</ul>"),
        ("Words", "<code>Words</code>"),
        ("Words", "<!-- Words <b> --><hr>"),
        ("Words", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("Words", "&lt;path d='M0'/&gt;"),
        ("https://source.example/x", "https://evil.example/x"),
        ("https://source.example/x", "http://source.example/x"),
        ("https://source.example/x", "https://source.example/y"),
        ("https://source.example/x", "https://source.example@evil.example/x"),
        ("hamburg.html#map", "hamburg.html"),
        ("hamburg.html#map", "bremen.html#map"),
        ("mailto:a@source.example", "mailto:b@source.example"),
        ("<h2>U</h2>", "<h3>U</h3>"),
        ("<h2>U</h2>", ""),
        ("<h1", "<h2"),
        ("<td>1</td>", "<td>1</td><td>2</td>"),
        ("<td>1</td>", ""),
        ('name="q"', 'name="r"'),
        ('method="get"', 'method="post"'),
        ("../_static/x.en.svg", "https://evil.example/x.svg"),
        ("../_static/x.en.svg", "../_static/y.svg"),
        ('alt="B"', 'alt="B" srcset="https://evil.example/x 2x"'),
        ('alt="B"', 'alt="B" onerror="x"'),
        ("../_static/s.css", "https://evil.example/s.css"),
        ("https://site.example/en/about/", "https://evil.example/about/"),
    ],
)
def test_what_a_translation_must_not_do(tmp_path: Path, old: str, new: str) -> None:
    assert old in ENGLISH
    found = faults(pages(tmp_path, english=ENGLISH.replace(old, new)))
    assert any(fault.startswith("en/about/index.html: ") for fault in found), found


def test_hosts_that_no_source_names(tmp_path: Path) -> None:
    both = (text.replace("source.example/x", "evil.example/x") for text in (GERMAN, ENGLISH))
    assert any("evil.example" in fault for fault in faults(pages(tmp_path, *both)))


def test_pages_must_be_there_in_all_languages(tmp_path: Path) -> None:
    folder = pages(tmp_path)
    (folder / "en/about/index.html").unlink()
    assert faults(folder) == ["about/index.html: is not there in English"]
    pages(tmp_path)
    (folder / "about/index.html").unlink()
    assert faults(folder) == ["en/about/index.html: is not there in Deutsch"]


def test_a_note_for_readers_is_no_difference(tmp_path: Path) -> None:
    note = '<aside class="translation-note"><p>Missing <a href="../how.html">Help</a></p></aside>'
    assert faults(pages(tmp_path, english=ENGLISH.replace("<main>", f"<main>{note}"))) == []


def test_feeds_name_no_other_host(tmp_path: Path) -> None:
    folder = pages(tmp_path)
    (folder / "feed.xml").write_text("<a>https://source.example/</a>")
    (folder / "en/feed.xml").write_text("<a>https://evil.example/</a>")
    assert faults(folder) == ["en/feed.xml: names a host that the original does not: evil.example"]


def test_the_site_itself(site: Path) -> None:
    moved = moved_files(load(Path.cwd()))
    hosts = known_hosts(Path.cwd())
    assert check(site, "https://deutsche-metropolregionen.org/", hosts, moved=moved) == []


ATTACKS = (
    "Words <script>alert(1)</script>",
    "Words <img src=x onerror=alert(1)>",
    "Words [more](https://evil.example/)",
    "Words <https://evil.example/>",
    "Words `code`",
)


def test_both_checks_stop_a_build(small: Path) -> None:
    """The first check does, and without it the second one does."""
    head = (small / "locales/en/LC_MESSAGES/sphinx.po").read_text("utf-8").split("\n\n")[0]
    names = [f"attacked-{number}" for number in range(len(ATTACKS))]
    for name, words in zip(names, ATTACKS, strict=True):
        page(small, f"about/{name}", "# Seite\n\nWorte.\n")
        catalogue = small / f"locales/en/LC_MESSAGES/about/{name}.po"
        catalogue.parent.mkdir(parents=True, exist_ok=True)
        catalogue.write_text(f'{head}\n\nmsgid "Worte."\nmsgstr "{words}."\n', encoding="utf-8")
    tree = "\n".join(f"about/{name}" for name in ["one", "two", *names])
    page(small, "index", f"# Start\n\n```{{toctree}}\n:hidden:\n{tree}\n```\n")
    target = small / "_build" / "html"
    first = build(target, small)
    assert first.returncode == 1
    module = small / "ikm_site" / "build.py"
    text = module.read_text("utf-8")
    assert text.count("        _check_catalogues(root)\n") == 1
    module.write_text(text.replace("        _check_catalogues(root)\n", ""), encoding="utf-8")
    second = build(target, small)
    assert second.returncode == 1
    assert not target.exists()
    line = len(f"{head}\n\nmsgid".splitlines()) + 1
    for name in names:
        assert f"locales/en/LC_MESSAGES/about/{name}.po:{line}: error" in first.stderr
        assert f"en/about/{name}.html: " in second.stderr


def test_plain_text_is_escaped(small: Path) -> None:
    """Whatever a translation of a title or description says, it stays text."""
    head = (small / "locales/en/LC_MESSAGES/sphinx.po").read_text("utf-8").split("\n\n")[0]
    catalogue = small / "locales/en/LC_MESSAGES/about/two.po"
    catalogue.parent.mkdir(parents=True, exist_ok=True)
    evil = r"x\" onmouseover=\"alert(1)\" <script>alert(1)</script>"
    description = "Eine Seite, die es nur für den Versuch gibt."
    catalogue.write_text(
        f'{head}\n\nmsgid "{description}"\nmsgstr "{evil}"\n\n'
        'msgid "Zwei"\nmsgstr "R&D \\\\<b> Two"\n',
        encoding="utf-8",
    )
    result = run(
        [sys.executable, "-m", "sphinx", "-b", "html", "-q", "-D", "language=en", ".", "_build/x"],
        small,
    )
    assert result.returncode == 0, result.stderr
    for name in ("about/one", "about/two", "index"):
        html = (small / f"_build/x/{name}.html").read_text("utf-8")
        assert "<script>alert" not in html
        assert "<b>" not in html
        assert 'onmouseover="' not in html
