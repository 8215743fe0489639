"""`make live`: what is saved is shown, a mistake is named, and only this machine may ask."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path

import pytest

from tests.conftest import PATIENCE, reserved_port, wait_until


@dataclass
class Live:
    """The command at work, on a port, with what it says in a file."""

    port: int
    file: Path

    @property
    def said(self) -> str:
        return self.file.read_text("utf-8")

    def get(self, path: str, host: str = "127.0.0.1") -> str:
        address = f"http://{host}:{self.port}/{path}"
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
            text: str = answer.read().decode()
        return text

    def shows(self, path: str, text: str) -> None:
        """Wait until a page shows a text; it may be asked for while it is written."""

        def shown() -> bool:
            with suppress(OSError, HTTPException):
                return text in self.get(path)
            return False

        wait_until(shown)


@pytest.fixture
def live(small: Path) -> Iterator[Live]:
    """The command in the small project."""
    file = small / "_build/said.txt"
    file.parent.mkdir()
    (small / ".venv").symlink_to(sys.prefix)
    with reserved_port() as port, file.open("w") as stream:
        process = subprocess.Popen(
            ["make", "live", f"PORT={port}", "-o", ".venv/html.stamp"], cwd=small,
            stdout=stream, stderr=stream, start_new_session=True,
        )  # fmt: skip
        yield Live(port, file)
        assert process.poll() is None
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(PATIENCE)


def save(file: Path, text: str) -> None:
    """Save as editors do: the file is never there by half, and something is left beside it."""
    file.with_name(f"{file.name}~").write_text("alt", encoding="utf-8")
    new = file.with_name(f".{file.name}.tmp")
    new.write_text(text, encoding="utf-8")
    new.replace(file)


def test_a_change_and_a_mistake_are_shown(small: Path, live: Live) -> None:
    live.shows("about/one.html", "Der erste Satz.")
    # The policy of the pages would stop the script that follows the changes.
    assert "Content-Security-Policy" not in live.get("about/one.html")
    with pytest.raises(OSError, match="refused"):
        live.get("index.html", "127.0.0.2")

    one, two = small / "about/one.md", small / "about/two.md"
    save(two, two.read_text("utf-8").replace("Zwei", "Neuer Titel").replace("zweite", "neue"))
    live.shows("about/two.html", "Der neue Satz.")
    # The navigation of another page shows the new title.
    live.shows("about/one.html", "Neuer Titel")

    style = small / "theme/ikm/static/site.css"
    save(style, style.read_text("utf-8") + "main { color: red }")
    live.shows("_static/site.css", "main{color:red}")

    facts = small / "data/organisation.yaml"
    right = facts.read_text("utf-8")
    save(facts, "name: [\n")
    wait_until(lambda: "data/organisation.yaml:" in live.said.partition("exit code")[0])
    assert "Der erste Satz." in live.get("about/one.html")
    save(facts, right)
    save(one, one.read_text("utf-8").replace("erste", "letzte"))
    live.shows("about/one.html", "Der letzte Satz.")

    # What builds themselves write, and what an editor left, has started none of them.
    begun = re.findall(r"Detected changes \((.*)\)", live.said)
    assert {name for names in begun for name in names.split(", ")} == {
        str(file.relative_to(small)) for file in (one, two, style, facts)
    }
    assert live.said.count("Rebuilding") == len(begun)
