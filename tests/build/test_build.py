# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""`make html`: both languages whole, the same bytes, and clear words when something is wrong."""

from __future__ import annotations

import filecmp
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import lxml.html
import pytest

from ikm_site.languages import LANGUAGES
from tests.conftest import ROOT, SOURCES, build, page, run
from tests.pages import all_pages, pages

Broken = Callable[[], str]


def tree(site: Path, name: str) -> lxml.html.HtmlElement:
    return lxml.html.parse(site / name, lxml.html.HTMLParser(encoding="utf-8")).getroot()


def test_make_alone_lists_every_target_with_a_line() -> None:
    shown = run(["make"]).stdout
    text = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"(?m)^\.PHONY: (\S+)$", text):
        assert re.search(rf"(?m)^  {target} +\S", shown), f"{target} has no line of help"


def test_both_languages_have_the_same_pages(site: Path) -> None:
    for language in LANGUAGES:
        own = {name.removeprefix(language.path) for name in pages(site, language.code)}
        assert own == set(pages(site, LANGUAGES[0].code))


def test_the_navigation_of_a_page_does_not_grow_with_the_number_of_pages(small: Path) -> None:
    names = [f"paper-{number:02}" for number in range(1, 61)]
    for name in names:
        page(small, f"about/{name}", f"# {name}\n\nEin Satz.\n")
    entries = "\n".join(names)
    page(small, "about/index", f"# Alles\n\n```{{toctree}}\n:hidden:\n{entries}\n```\n")
    page(small, "index", "# Start\n\n```{toctree}\n:hidden:\nabout/index\n```\n")
    for name in ("one", "two"):
        (small / f"about/{name}.md").unlink()
    target = small / "_build" / "html"
    result = build(target, small)
    assert result.returncode == 0, result.stderr

    def shown(name: str, language: str = "") -> list[str]:
        links = tree(target, f"{language}about/{name}.html").xpath(
            "//nav[contains(@class, 'section-nav')]//li/a"
        )
        if links[-1].text in ("Alle anzeigen", "Show all"):
            assert links[-1].get("href") == "index.html"
        return [link.text_content() for link in links]

    assert shown("index") == names
    assert shown("paper-01") == [*names[:40], "Alle anzeigen"]
    assert shown("paper-30") == [*names[9:49], "Alle anzeigen"]
    assert shown("paper-60") == [*names[20:], "Alle anzeigen"]
    assert shown("paper-30", "en/")[-1] == "Show all"


def test_every_page_names_its_language_and_all_its_versions(site: Path) -> None:
    for language in LANGUAGES:
        for name in pages(site, language.code):
            root = tree(site, name)
            assert root.get("lang") == language.code
            if name.endswith(("404.html", "search.html")):
                continue
            page = name.removeprefix(language.path)
            # The public address of a folder is the folder.
            public = page.removesuffix("index.html") if f"/{page}".endswith("/index.html") else page
            canonical = root.xpath("//link[@rel='canonical']/@href")[0]
            base = canonical.removesuffix(language.path + public)
            wanted = {entry.code: base + entry.path + public for entry in LANGUAGES}
            wanted["x-default"] = base + public
            found = {
                link.get("hreflang"): link.get("href")
                for link in root.xpath("//link[@rel='alternate' and @hreflang]")
            }
            assert found == wanted, name
            switch = {
                link.get("hreflang"): (site / name).parent.joinpath(link.get("href")).resolve()
                for link in root.xpath("//header//nav//a[@hreflang]")
            }
            assert switch == {e.code: (site / e.path / page).resolve() for e in LANGUAGES}, name


def test_pages_have_a_title_and_a_description_of_their_own(site: Path) -> None:
    for language in LANGUAGES:
        seen: dict[str, str] = {}
        for name in pages(site, language.code):
            root = tree(site, name)
            title = root.xpath("string(//title)").strip()
            assert title, name
            assert title not in seen, f"{name} and {seen.get(title)} have one title: {title}"
            seen[title] = name
            if not name.endswith("search.html"):
                assert root.xpath("string(//meta[@name='description']/@content)"), name


def test_no_page_shows_interface_words_of_the_other_language(site: Path) -> None:
    english = ("Skip to", "On this page", "Back to top", "Previous", "Next", "Search", "Home", "Menu",
               "Language", "You are here", "Sources", "undated", "Date", "Type", "Link to this")  # fmt: skip
    german = ("Zum Inhalt", "Auf dieser Seite", "Nach oben", "Zurück", "Weiter", "Suche", "Startseite",
              "Menü", "Sprache", "Sie sind hier", "Quellen", "ohne Datum", "Datum")  # fmt: skip
    for code, foreign in (("de", english), ("en", german)):
        for name in pages(site, code):
            root = tree(site, name)
            for other in root.xpath(f"//*[@lang and @lang != '{code}']"):
                other.drop_tree() if other.getparent() is not None else None
            shown = [text.strip() for text in root.itertext() if isinstance(text, str)]
            shown += root.xpath(
                "//@aria-label | //@placeholder | //@alt | //@title | //svg//title/text()"
            )
            for words in shown:
                assert words not in foreign, f"{name}: {words}"


def test_two_builds_give_the_same_bytes(site: Path, tmp_path: Path) -> None:
    """In another folder with a space and an umlaut, another time zone, another locale."""
    copy = tmp_path / "ein Ordner für alle" / "project"
    copy.mkdir(parents=True)
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(
                source, copy / name, ignore=shutil.ignore_patterns("*.mo", "__pycache__")
            )
        elif source.is_file():
            shutil.copy2(source, copy / name)
    stamp = run(["git", "log", "-1", "--format=%ct"]).stdout.strip()
    target = copy / "_build" / "html"
    result = build(target, copy, SOURCE_DATE_EPOCH=stamp, TZ="Asia/Tokyo", LANG="de_DE.UTF-8")
    assert result.returncode == 0, result.stdout + result.stderr
    different = []

    def compare(pair: filecmp.dircmp[str]) -> None:
        different.extend(pair.left_only + pair.right_only)
        _same, unequal, odd = filecmp.cmpfiles(
            pair.left, pair.right, pair.common_files, shallow=False
        )
        different.extend(f"{pair.left}/{name}" for name in unequal + odd)
        for below in pair.subdirs.values():
            compare(below)

    compare(filecmp.dircmp(site, target))
    assert not different


def test_a_second_build_replaces_the_first_without_a_gap(project: Path) -> None:
    target = project / "_build" / "html"
    target.mkdir(parents=True)
    (target / "gone.html").write_text("old", encoding="utf-8")
    result = build(target, project)
    assert result.returncode == 0, result.stdout + result.stderr
    assert (target / "index.html").is_file()
    assert (target / "en" / "index.html").is_file()
    assert not (target / "gone.html").exists()
    assert [path.name for path in target.parent.iterdir() if "staging" in path.name] == []
    # Progress is visible, and each line says which language it is about.
    assert "de │" in result.stdout
    assert "en │" in result.stdout


def test_a_broken_front_matter_is_named(project: Path, broken: Broken) -> None:
    page = project / "about" / "history.md"
    page.write_text(page.read_text("utf-8").replace("description: ", "descripton: ", 1), "utf-8")
    said = broken()
    assert "about/history.md:2:" in said
    assert "there is no field 'descripton'" in said
    assert "field 'description' is missing" in said


def test_front_matter_that_is_no_yaml_is_named(project: Path, broken: Broken) -> None:
    page = project / "about" / "history.md"
    page.write_text("---\ndescription: Ein: Doppelpunkt\n---\n\n# Titel\n", encoding="utf-8")
    said = broken()
    assert "about/history.md:2:" in said
    assert "not valid YAML" in said


def test_an_impossible_date_is_named_with_its_value(project: Path, broken: Broken) -> None:
    folder = project / "news" / "2026"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "falsch.md").write_text(
        "---\ndescription: Eine Meldung mit einem Datum, das es nicht gibt.\n"
        "date: 2026-02-30\nkind: treffen\n---\n\n# Titel\n",
        encoding="utf-8",
    )
    said = broken()
    assert "news/2026/falsch.md:" in said
    assert "2026" in said
    assert "'meeting'" in said
    assert "'treffen'" in said


def test_a_page_outside_every_section_is_named(project: Path, broken: Broken) -> None:
    (project / "about" / "allein.md").write_text(
        "---\ndescription: Diese Seite steht in keinem Verzeichnis der Website.\n---\n\n# Allein\n",
        encoding="utf-8",
    )
    said = broken()
    assert "about/allein.md" in said
    assert "toctree" in said


def test_a_link_to_a_missing_page_is_named(project: Path, broken: Broken) -> None:
    page = project / "about" / "history.md"
    page.write_text(page.read_text("utf-8") + "\n[Weg](/about/weg.md)\n", encoding="utf-8")
    said = broken()
    assert re.search(r"about/history\.md:\d+", said)
    assert "about/weg.md" in said


def test_a_catalogue_that_is_not_utf8_is_named(project: Path, broken: Broken) -> None:
    file = project / "locales/en/LC_MESSAGES/about/history.po"
    file.write_bytes(file.read_bytes() + 'msgid "x"\nmsgstr "Grö'.encode("latin-1") + b'"\n')
    said = broken()
    assert "locales/en/LC_MESSAGES/about/history.po:" in said
    assert "UTF-8" in said


def test_a_catalogue_with_a_syntax_error_is_named(project: Path, broken: Broken) -> None:
    file = project / "locales/en/LC_MESSAGES/about/history.po"
    text = file.read_text("utf-8")
    lines = text.splitlines()
    place = next(n for n, line in enumerate(lines) if line.startswith("msgstr") and n > 20)
    lines[place] = lines[place].removesuffix('"')
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    said = broken()
    assert re.search(rf"about/history\.po:({place}|{place + 1}|{place + 2})\b", said), said


def test_a_missing_data_file_is_named(project: Path, broken: Broken) -> None:
    (project / "data" / "organisation.yaml").unlink()
    assert "data/organisation.yaml" in broken()


def test_untranslated_text_is_shown_in_german_and_marked(project: Path) -> None:
    page = project / "about" / "history.md"
    page.write_text(
        page.read_text("utf-8") + "\nEin ganz neuer Absatz ohne Übersetzung.\n", "utf-8"
    )
    target = project / "_build" / "html"
    result = build(target, project)
    assert result.returncode == 0, result.stdout + result.stderr
    found = tree(target, "en/about/history.html").xpath(
        "//p[contains(., 'Ein ganz neuer Absatz')]/@lang"
    )
    assert found == ["de"]


def test_internal_links_lead_somewhere(site: Path) -> None:
    lychee = shutil.which("lychee", path=str(Path(__import__("sys").executable).parent))
    assert lychee
    command = [
        lychee, "--offline", "--include-fragments", "--no-progress", "--root-dir", str(site),
        "--exclude-path", "404.html", str(site / "**" / "*.html"),
    ]  # fmt: skip
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert len(all_pages(site)) > 130


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_build_that_is_ended_leaves_nothing_behind(project: Path, sent: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-X", "utf8", "-m", "ikm_site.build"], cwd=project, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        # A test run in the background of a shell would hand on that Ctrl-C is ignored.
        preexec_fn=lambda: signal.signal(sent, signal.SIG_DFL),
    )  # fmt: skip
    assert process.stdout is not None
    # Both languages are being built by then.
    while not process.stdout.readline().startswith("en │"):
        assert process.poll() is None
    process.send_signal(sent)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said.strip() == "Interrupted. There is no earlier result."
    assert list((project / "_build").glob("staging-*")) == []
    assert not (project / "_build" / "html").exists()
    with pytest.raises(ProcessLookupError):
        # None of its processes goes on.
        os.killpg(process.pid, 0)
