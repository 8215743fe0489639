"""What the tests of publishing share: an office that publishes a small site, and real servers."""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ikm_site.navigation import POLICY
from ikm_site.organisation import FILE, OPTIONAL, Publisher
from tests.conftest import PATIENCE, ROOT, needs, write

#: How a page begins.
HEAD = (
    '<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n'
    f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
)
#: What publishing asks for, invented.
FACTS = {"email": "buero@example.org", "phone": "+49 40 123456"}
#: Stands for the gate, which takes half a second and has tests of its own.
OPEN_GATE = "import sys\nsys.stdin.read()\n"


def make_site(folder: Path, version: str, files: Mapping[str, str] | None = None) -> None:
    """Write a site of a few pages, whose style sheet has the digest of its content in its name."""
    shutil.rmtree(folder, ignore_errors=True)
    style = f"/* {version} */ body {{ color: black }}\n"
    sheet = f"_static/site.{hashlib.sha256(style.encode()).hexdigest()[:8]}.css"
    head = f'{HEAD}<title>{version}</title><link rel="stylesheet" href="/{sheet}">'
    pages = ("index.html", "about/index.html", "en/index.html", "404.html")
    write(folder, dict.fromkeys(pages, head + "<p>Wort</p>" * 500))
    write(folder, {
        sheet: style,
        "data/population.csv": "Region;Einwohner\nMünchen;1\n",
        ".redirects.map": "/mitglieder/* /regions/;\n",
    })  # fmt: skip
    write(folder, files or {})


def fill_in_facts(root: Path) -> None:
    """Leave no field of the organisation empty that publishing asks for."""
    asked = Publisher.model_fields.keys() - OPTIONAL
    facts = {name: FACTS.get(name, "Muster") for name in asked}
    write(root, {FILE: json.dumps(facts)})


@dataclass
class Office:
    """A place to publish from.

    Attributes:
        root: a copy of what publishing needs of the project.
        target: the folder to publish to.
    """

    root: Path
    target: Path

    def command(self, name: str, *, shell: str = ":", **environment: str) -> subprocess.Popen[str]:
        """Start one of the commands of `deploy/publish.sh`, after one of the shell."""
        settings = {"TARGET": str(self.target), "SITE": str(self.root / "site"), **environment}
        return subprocess.Popen(
            ["bash", "-c", f"{shell}; exec deploy/publish.sh {name}"],
            cwd=self.root, env={**os.environ, **settings}, text=True, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def run(self, name: str, *, fails: bool = False, shell: str = ":", **environment: str) -> str:
        """Run one of the commands; gives what it said. One that fails leaves all as it was."""
        before = self.state
        process = self.command(name, shell=shell, **environment)
        said, _ = process.communicate(timeout=PATIENCE)
        assert bool(process.returncode) is fails, said
        assert not fails or self.state == before
        assert "Traceback" not in said
        return said

    def publish(self, *versions: str, **environment: Any) -> list[str]:
        """Publish versions of the small site; gives the names of the releases."""
        names = []
        for version in versions:
            make_site(self.root / "site", version)
            self.run("publish", **environment)
            assert version in self.page()
            names.append(self.live)
        return names

    def page(self, path: str = "index.html") -> str:
        """A file as readers see it."""
        return (self.target / "current" / path).read_text("utf-8")

    @property
    def live(self) -> str:
        """The name of the release that readers see."""
        return (self.target / "current").readlink().name

    @property
    def state(self) -> list[tuple[str, int]]:
        """All that lies at the target, with the times when files and links changed."""
        return [
            (str(path), 0 if path.is_dir() and not path.is_symlink() else path.lstat().st_mtime_ns)
            for path in sorted(self.target.rglob("*"))
            if path.name not in (".lock", "releases")
        ]

    @property
    def releases(self) -> list[str]:
        """All that lies beside the releases, hidden files too."""
        return sorted(path.name for path in (self.target / "releases").iterdir())


@contextmanager
def new_office() -> Iterator[Office]:
    """A place to publish from, with nothing to object to; servers can read the target."""
    needs("rsync", "rsync")
    with tempfile.TemporaryDirectory(prefix="ikm-") as name:
        folder = Path(name)
        # Servers run under other accounts, and the folders of pytest are closed to those.
        folder.chmod(0o755)
        root = folder / "Büro und mehr"
        write(root, {"tools/gate.py": OPEN_GATE})
        for linked in (".venv", "ikm_site"):
            (root / linked).symlink_to(ROOT / linked)
        # The script goes to the folder above its own, so that a link would lead out of here.
        (root / "deploy").mkdir()
        shutil.copy(ROOT / "deploy/publish.sh", root / "deploy")
        make_site(root / "site", "eins")
        yield Office(root, folder / "ziel")


@pytest.fixture
def office() -> Iterator[Office]:
    """A place to publish from for one test."""
    with new_office() as found:
        yield found
