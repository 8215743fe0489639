"""A project of four pages, in which the tests of catalogues run the translators' commands."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import polib
import pytest

from tests.conftest import once, page, run, small_project, start, table


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
            for begin, text in words.items():
                if entry.msgid.startswith(begin):
                    entry.msgstr, entry.flags, entry.previous_msgid = text, [], None
        catalogue.save()

    def tool(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of the commands, as `make` does."""
        command = [sys.executable, "-X", "utf8", "-m", f"tools.{name}", *arguments]
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


#: How messages of the pages begin, and their translations.
ENGLISH = {
    "Eine Seite": "A page that exists only for this test.", "Start": "Start",
    "Eins": "One", "Der erste": "The first sentence.", "Siehe": "See [Start](/index.md).",
    "Zwei": "Two", "Der zweite": "The second sentence.",
    "Drei": "Three", "Der dritte": "The third sentence is there.",
}  # fmt: skip


#: Translations that are refused, by the rule: original, translation and what is said of it.
REFUSED: dict[str, list[dict[str, str]]] = table("catalogues/refused.yaml")


@pytest.fixture(scope="session")
def base(shared: Path) -> Path:
    """Four pages, in git; everything is translated. Made once a run."""
    return once(shared / "catalogues", _make)


def _make(root: Path) -> None:
    project = Project(small_project(root))
    start(root, ["about/one", "about/two", "about/three"])
    project.page("about/three", "# Drei", "Der dritte Satz ist da.")
    project.update()
    for name in ("index", "about/one", "about/two", "about/three"):
        project.translate(name, **ENGLISH)
    author = ["-c", "user.name=x", "-c", "user.email=x@x.example"]
    for arguments in (["init", "-q"], ["add", "locales"], [*author, "commit", "-qm", "x"]):
        run(["git", *arguments], root)


@pytest.fixture
def small(base: Path, tmp_path: Path) -> Project:
    """A copy of `base` that a test may change and break."""
    root = tmp_path / "project"
    shutil.copytree(base, root, symlinks=True, ignore=shutil.ignore_patterns("_build"))
    return Project(root)
