# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""`make live`: what is saved is in the browser at once, everywhere in the site."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from ikm_site.bench import content as bench

ROOT = Path(__file__).resolve().parent.parent


class Live:
    """A running `make live` and the browser before it."""

    def __init__(self, project: Path, code: str) -> None:
        self.project = project
        self.log = (project.parent / f"live-{code}.log").open("w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [sys.executable, "-X", "utf8", "-m", "ikm_site.live", code, "0"],
            cwd=project, env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE, stderr=self.log, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith("http://127.0.0.1:"), self.said()
        self.url = line.split("/  ")[0]

    def said(self) -> str:
        self.log.seek(0)
        return self.log.read()

    def get(self, path: str) -> str:
        try:
            with urllib.request.urlopen(self.url + path, timeout=120) as answer:
                text: str = answer.read().decode("utf-8")
                return text
        except urllib.error.HTTPError as error:
            return error.read().decode("utf-8")

    def after(self, change: Callable[[], object]) -> float:
        """Seconds from a change until the browser is told about it."""
        with urllib.request.urlopen(self.url + "/_live/events", timeout=120) as events:
            time.sleep(0.3)
            started = time.monotonic()
            change()
            while True:
                line = events.readline()
                assert line, self.said()
                if line.startswith(b"data:"):
                    return time.monotonic() - started

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)
        self.log.close()


def edit(file: Path, before: str, after: str) -> None:
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = tmp_path_factory.mktemp("live") / "project"
    bench.generate(project, 12, ROOT)
    return project


@pytest.fixture(scope="module")
def live(pages: Path) -> Iterator[Live]:
    running = Live(pages, "en")
    yield running
    running.end()


NEWS = "news/1997/meldung-00000"


def test_a_changed_page_and_its_title_are_everywhere(live: Live) -> None:
    for path in ("/", "/news/", f"/{NEWS}.html"):
        assert "Trade-Fair Comparison in Brussels 0" in live.get(path) or path == "/"
    page = live.project / f"{NEWS}.md"
    title = page.read_text("utf-8").split("\n# ")[1].split("\n")[0]
    live.after(lambda: edit(page, f"# {title}", "# Ganz neuer Titel"))
    for path in ("/news/", f"/{NEWS}.html"):
        html = live.get(path)
        assert "Ganz neuer Titel" in html
        assert "Trade-Fair Comparison in Brussels 0" not in html
    live.after(lambda: edit(page, "# Ganz neuer Titel", f"# {title}"))
    assert "Trade-Fair Comparison in Brussels 0" in live.get("/news/")


def test_the_title_of_a_section_changes_in_the_menu_of_every_page(live: Live) -> None:
    po = live.project / "locales/en/LC_MESSAGES/news/index.po"
    live.after(lambda: edit(po, 'msgstr "News"', 'msgstr "Latest news"'))
    for path in ("/", "/legal/privacy.html", f"/{NEWS}.html", "/statements/"):
        assert "Latest news" in live.get(path)


def test_a_changed_catalogue_is_shown_at_once(live: Live) -> None:
    po = live.project / f"locales/en/LC_MESSAGES/{NEWS}.po"
    live.after(lambda: edit(po, "What happens next", "What comes now"))
    assert "What comes now" in live.get(f"/{NEWS}.html")
    live.after(lambda: edit(po, "What comes now", "What happens next"))
    assert "What happens next" in live.get(f"/{NEWS}.html")
    assert "detected" not in live.said()


def test_a_template_and_a_style_are_shown_at_once(live: Live) -> None:
    live.after(lambda: edit(live.project / "_templates/page.html", "</main>", "</main><hr>"))
    assert "</main><hr>" in live.get("/legal/")
    css = live.project / "_static" / "site.css"
    live.after(lambda: css.write_text(css.read_text("utf-8") + "\n.new-rule{color:red}\n", "utf-8"))
    address = live.get("/").split('rel="stylesheet" href="')[1].split('"')[0]
    assert "new-rule" in live.get("/" + address)


def test_a_new_page_appears_and_a_deleted_one_goes(live: Live) -> None:
    page = live.project / "news" / "2026" / "neu.md"
    source = (live.project / f"{NEWS}.md").read_text("utf-8")

    def create() -> None:
        page.parent.mkdir(exist_ok=True)
        page.write_text(source, encoding="utf-8")

    live.after(create)
    assert 'href="2026/neu.html"' in live.get("/news/")
    assert "<h1>" in live.get("/news/2026/neu.html")
    live.after(page.unlink)
    assert 'href="2026/neu.html"' not in live.get("/news/")
    assert "<h1>Page not found" in live.get("/news/2026/neu.html")


def test_a_mistake_is_named_and_the_preview_goes_on(live: Live) -> None:
    page = live.project / f"{NEWS}.md"
    live.after(lambda: edit(page, "kind: statement", "kind: nonsense"))
    assert "nonsense" in live.said() or "'kind'" in live.said()
    live.after(lambda: edit(page, "kind: nonsense", "kind: statement"))
    assert "What happens next" in live.get(f"/{NEWS}.html")
    template = live.project / "_templates/page.html"
    live.after(lambda: edit(template, "{{ body }}", "{{ body }"))
    assert "_live/reload.js" in live.get("/legal/")
    live.after(lambda: edit(template, "{{ body }", "{{ body }}"))
    assert "<h1>" in live.get("/legal/")


def test_the_search_index_is_there_when_it_is_asked_for(live: Live) -> None:
    assert "_live/reload.js" in live.get("/search.html")
    assert "meldung-00000" in live.get("/search/index.js")


def test_the_policy_lets_the_page_load_itself_again(live: Live) -> None:
    html = live.get("/legal/")
    assert "script-src 'self'" in html
    assert "connect-src 'self'" in html
    assert "EventSource" in live.get("/_live/reload.js")


def test_it_takes_a_fraction_of_a_second(live: Live) -> None:
    def cpu() -> float:
        stat = Path(f"/proc/{live.process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")

    page = live.project / f"{NEWS}.md"
    used = []
    for number in range(3):
        text, before = page.read_text("utf-8"), cpu()
        changed = f"{text}\n\nNeu {number}.\n"
        live.after(partial(page.write_text, changed, "utf-8"))
        assert f"Neu {number}." in live.get(f"/{NEWS}.html")
        used.append(cpu() - before)
    # Time of the processor, which does not depend on what else the machine does.
    assert min(used) < 0.5


def test_a_page_is_there_while_the_pages_are_looked_for(live: Live) -> None:
    # Among many files Sphinx needs a while to find the pages.
    folder = live.project / "about" / "notes"
    folder.mkdir(parents=True)
    for number in range(3000):
        (folder / f"{number}.txt").touch()
    page = live.project / f"{NEWS}.md"
    text = page.read_text("utf-8")
    found: list[str] = []
    for enough in (12, 24, 36):
        page.write_text(text, "utf-8")
        end = time.monotonic() + 1
        while time.monotonic() < end or len(found) < enough:
            found.append(live.get(f"/{NEWS}.html"))
    assert all("What happens next" in html for html in found)
