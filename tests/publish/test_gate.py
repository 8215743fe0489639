# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The gate: `make publish` refuses what must not be seen, names it, and lets previews through."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ikm_site.organisation import OPTIONAL, Organisation
from ikm_site.publish import links, weight
from tests.conftest import needs, run

URL = "https://deutsche-metropolregionen.org/"


def publish(project: Path, target: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return run(
        [sys.executable, "-X", "utf8", "-m", "ikm_site.publish", "publish", "--target", target,
         *more],
        project,
    )  # fmt: skip


def git(project: Path, *arguments: str) -> None:
    subprocess.run(
        [needs("git", "git"), "-c", "user.name=x", "-c", "user.email=x@example.org", *arguments],
        cwd=project, check=True, capture_output=True,
    )  # fmt: skip


@pytest.fixture
def repository(project: Path) -> Path:
    """The copy of the project with everything committed."""
    (project / ".gitignore").write_text("_build/\n*.mo\n__pycache__/\n", encoding="utf-8")
    git(project, "init", "-q")
    git(project, "add", "-A")
    git(project, "commit", "-qm", "all")
    return project


def fill_in(project: Path) -> None:
    file = project / "data/organisation.yaml"
    text = file.read_text("utf-8")
    for name in Organisation.model_fields:
        if name.endswith("_url"):
            text = re.sub(rf'^{name}: ""', f"{name}: https://example.org/", text, flags=re.M)
        text = re.sub(rf'^{name}: ""', f"{name}: Beispiel", text, flags=re.M)
    file.write_text(text, encoding="utf-8")


def test_refused_with_file_and_field(repository: Path, tmp_path: Path) -> None:
    (repository / "about/neu.md").write_text("# Nicht eingecheckt\n", encoding="utf-8")
    (repository / "about/neu.md").rename(repository / "neu.txt")
    catalogue = repository / "locales/en/LC_MESSAGES/about/history.po"
    before, rest = catalogue.read_text("utf-8").split('\n\nmsgid "', 1)
    catalogue.write_text(f'{before}\n\n#, fuzzy\nmsgid "{rest}', encoding="utf-8")
    result = publish(repository, tmp_path / "srv")
    assert result.returncode == 2, result.stdout + result.stderr
    for name in Organisation.model_fields:
        empty = f"data/organisation.yaml: field '{name}' is empty" in result.stderr
        filled = re.search(
            rf'^{name}: (?!"")', (repository / "data/organisation.yaml").read_text(), re.M
        )
        assert empty == (name not in OPTIONAL and not filled), name
    assert "neu.txt: is not committed" in result.stderr
    assert re.search(r"about/history\.po:\d+: is fuzzy", result.stderr)
    assert "PREVIEW=1" in result.stderr and "Traceback" not in result.stderr
    assert not (tmp_path / "srv").exists()
    assert not (repository / "_build/html").exists(), "built although the gate was shut"


def test_missing_translation_is_a_note_or_with_strict_a_problem(
    repository: Path, tmp_path: Path
) -> None:
    (repository / "locales/en/LC_MESSAGES/about/history.po").unlink()
    fill_in(repository)
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "a page without its translation")
    result = publish(repository, tmp_path / "srv", "--strict")
    assert result.returncode == 2, result.stdout + result.stderr
    assert re.search(r"about/history\.po: \d+ of \d+ texts have no translation", result.stderr)
    assert not (tmp_path / "srv").exists()
    # Not strict: it is published, and says so.
    result = publish(repository, tmp_path / "srv")
    assert result.returncode == 0, result.stdout + result.stderr
    assert re.search(r"note: .*about/history\.po: \d+ of \d+ texts", result.stdout)
    site = tmp_path / "srv/current/site"
    page = (site / "en/about/history.html").read_text("utf-8")
    assert re.search(r'<main[^>]* lang="de"', page), "German text that is not marked as German"
    assert 'class="preview"' not in page
    info = json.loads((tmp_path / "srv/current/release.json").read_text("utf-8"))
    assert info["preview"] is False and len(info["commit"]) == 40


def test_preview_goes_through_and_says_what_it_is(repository: Path, tmp_path: Path) -> None:
    (repository / "neu.txt").write_text("nicht eingecheckt", encoding="utf-8")
    result = publish(repository, tmp_path / "srv", "--preview")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "to mend before it is published: data/organisation.yaml: field 'street'" in result.stdout
    assert "to mend before it is published: neu.txt" in result.stdout
    site = tmp_path / "srv/current/site"
    framed = [
        text for page in site.rglob("*.html") if "site-header" in (text := page.read_text("utf-8"))
    ]
    assert len(framed) > 20
    for text in framed:
        assert text.count('<meta name="robots" content="noindex">') == 1
        assert 'class="preview"' in text
    assert "Dies ist eine Vorschau" in (site / "index.html").read_text("utf-8")
    assert "This is a preview" in (site / "en/index.html").read_text("utf-8")
    assert json.loads((tmp_path / "srv/current/release.json").read_text("utf-8"))["preview"]
    # A preview never lies where the next release is taken from.
    assert not (repository / "_build/html").exists()


def test_a_setting_of_the_shell_makes_no_preview(site: Path) -> None:
    assert os.environ.get("PREVIEW", "") != "1"
    assert 'class="preview"' not in (site / "index.html").read_text("utf-8")


# -- links inside the site -------------------------------------------------------------------


def test_no_dead_links(site: Path) -> None:
    assert list(links.dead(site, URL)) == []


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ('<a href="fehlt.html">', "there is no fehlt.html"),
        ('<a href="en/">', "there is no en/index.html"),
        ('<a href="/fehlt.html">', "there is no fehlt.html"),
        (f'<a href="{URL}fehlt.html">', "there is no fehlt.html"),
        ('<a href="b.html#nirgends">', "b.html has no place named #nirgends"),
        ('<a href="#nirgends">', "a.html has no place named #nirgends"),
        ('<img src="_images/fehlt.svg">', "there is no _images/fehlt.svg"),
        ('<form action="suche.html">', "there is no suche.html"),
        ('<link rel="stylesheet" href="_static/fehlt.css">', "there is no _static/fehlt.css"),
        ('<a href="b.html#da">', None),
        ('<a href="b.html?q=x#da">', None),
        ('<a href="./">', None),
        ('<p id="hier"><a href="#hier">', None),
        ('<a href="https://example.org/fehlt">', None),
        ('<a href="mailto:x@example.org">', None),
        ('<a href="gr%C3%B6sse.html">', None),
    ],
)
def test_dead_links_are_named(tmp_path: Path, body: str, found: str | None) -> None:
    for name, text in {
        "a.html": body, "b.html": '<p id="da">', "index.html": "<p>",
        "grösse.html": "<p>",
    }.items():  # fmt: skip
        (tmp_path / name).write_text(text, encoding="utf-8")
    dead = list(links.dead(tmp_path, URL))
    if found is None:
        assert dead == []
    else:
        assert len(dead) == 1 and dead[0].startswith("a.html: ") and found in dead[0]


# -- weight ----------------------------------------------------------------------------------


def test_heavy_pages_are_named(tmp_path: Path) -> None:
    budgets = tmp_path / "budgets.toml"
    budgets.write_text(
        '[[pages]]\npattern = "regions/*"\nbytes = 500\n[[pages]]\npattern = "*"\nbytes = 100\n',
        encoding="utf-8",
    )
    site = tmp_path / "site"
    for name, text in {
        "index.html": '<link rel="stylesheet" href="a.css">', "a.css": "x" * 65,
        "light.html": "x" * 100, "heavy.html": "x" * 101, "en/heavy.html": '<img src="../a.css">',
        "regions/a.html": "x" * 500, "en/regions/a.html": "x" * 501,
        "packed.html": "x" * 5000, "packed.html.br": "x" * 10,
        "moved.html": '<meta http-equiv="refresh" content="0">' + "x" * 500,
    }.items():  # fmt: skip
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text, encoding="utf-8")
    assert [line.split(" bytes")[0] for line in weight.over(site, budgets)] == [
        "en/regions/a.html: weighs 501", "heavy.html: weighs 101", "index.html: weighs 101",
    ]  # fmt: skip
