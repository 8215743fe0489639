# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""A project of two pages, in which the tests of catalogues run the translators' commands."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import polib
import pytest

from tests.conftest import ROOT, copy, few_data, locked, page, run


@dataclass
class Project:
    """A small project in the folder `root`."""

    root: Path

    def page(self, name: str, *blocks: str) -> None:
        """Write a page of these blocks; its title is in the first one."""
        page(self.root, name, "\n\n".join(blocks) + "\n")

    def po(self, domain: str = "about/one", code: str = "en") -> Path:
        """The file of a catalogue."""
        return self.root / "locales" / code / "LC_MESSAGES" / f"{domain}.po"

    def words(self, domain: str = "about/one", code: str = "en") -> dict[str, str]:
        """The translations of a catalogue, finished or not."""
        return {entry.msgid: entry.msgstr for entry in polib.pofile(str(self.po(domain, code)))}

    def translate(self, domain: str = "about/one", code: str = "en", **words: str) -> None:
        """Translate the messages that begin with these words."""
        catalogue = polib.pofile(str(self.po(domain, code)), wrapwidth=0)
        for entry in catalogue:
            for start, text in words.items():
                if entry.msgid.startswith(start):
                    entry.msgstr, entry.flags, entry.previous_msgid = text, [], None
        catalogue.save()

    def tool(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of the commands, as `make` does."""
        command = [sys.executable, "-X", "utf8", f"tools/{name}.py", *arguments]
        return run(command, self.root)

    def update(self) -> str:
        """`make update-po`, which must succeed."""
        result = self.tool("update_po")
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    def check(self, *arguments: str) -> list[str]:
        """What `make check` names, of the pages that the test is about."""
        result = self.tool("check_po", *arguments)
        assert "Traceback" not in result.stderr, result.stderr
        return [line for line in result.stdout.splitlines() if line.startswith("locales/")]

    def build(self, code: str = "en") -> str:
        """Build one language as Sphinx does; what it said."""
        command = [sys.executable, "-X", "utf8", "-m", "sphinx", "-b", "html", "-q", "--no-color",
                   "-E", "-D", f"language={code}", ".", f"_build/{code}"]  # fmt: skip
        result = run(command, self.root)
        assert result.returncode == 0, result.stderr
        return result.stderr

    def html(self, name: str = "about/one", code: str = "en") -> str:
        """A built page."""
        return (self.root / "_build" / code / f"{name}.html").read_text("utf-8")


#: What the translators' commands need beside `ikm_site` and `theme`.
PARTS = ("conf.py", "data", "locales/de", "locales/glossary.csv", "tools",
         "locales/en/LC_MESSAGES/data.po", "locales/en/LC_MESSAGES/sphinx.po")  # fmt: skip


#: How messages of the pages begin, and their translations.
ENGLISH = {
    "Eine Seite": "A page that exists only for this test.", "Start": "Start",
    "Eins": "One", "Der erste": "The first sentence.", "Siehe": "See [Start](/index.md).",
    "Zwei": "Two", "Der zweite": "The second sentence.",
    "Drei": "Three", "Der dritte": "The third sentence is there.",
}  # fmt: skip


@pytest.fixture(scope="session")
def base(shared: Path) -> Project:
    """Four pages and the whole frame, in git; everything is translated. Made once a run."""
    root = shared / "catalogues"
    with locked(shared / "catalogues.lock"):
        if not (root / ".git").is_dir():
            _make(root)
    return Project(root)


def _make(root: Path) -> None:
    copy(root, PARTS)
    few_data(root / "data")
    for name in ("ikm_site", "theme"):
        (root / name).symlink_to(ROOT / name)
    project = Project(root)
    listed = "```{toctree}\n:hidden:\nabout/one\nabout/two\nabout/three\n```"
    project.page("index", "# Start", listed)
    project.page("about/one", "# Eins", "Der erste Satz.", "Siehe [Start](/index.md).")
    project.page("about/two", "# Zwei", "Der zweite Satz.")
    project.page("about/three", "# Drei", "Der dritte Satz ist da.")
    project.update()
    for name in ("index", "about/one", "about/two", "about/three"):
        project.translate(name, **ENGLISH)
    for command in (
        "init -q",
        "add locales",
        "-c user.name=x -c user.email=x@x.example commit -qm x",
    ):
        run(["git", *command.split()], root)


@pytest.fixture
def small(base: Project, tmp_path: Path) -> Project:
    """A copy of `base` that a test may change and break."""
    root = tmp_path / "project"
    shutil.copytree(base.root, root, symlinks=True, ignore=shutil.ignore_patterns("_build"))
    return Project(root)
