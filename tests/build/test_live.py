"""`make live`: what is saved is shown, a mistake is named, and only this machine may ask."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path

import pytest

from tests.conftest import free_port, page

PORT = free_port()


@pytest.fixture
def said(small: Path) -> Iterator[Path]:
    """What the command says, as a file that grows."""
    file = small / "_build/said.txt"
    file.parent.mkdir()
    (small / ".venv").symlink_to(sys.prefix)
    with file.open("w") as stream:
        process = subprocess.Popen(
            ["make", "live", f"PORT={PORT}", "-o", ".venv/html.stamp"], cwd=small,
            stdout=stream, stderr=stream, start_new_session=True,
        )  # fmt: skip
    yield file
    assert process.poll() is None
    os.killpg(process.pid, signal.SIGTERM)
    process.wait()


def get(path: str, host: str = "127.0.0.1") -> str:
    with urllib.request.urlopen(f"http://{host}:{PORT}/{path}", timeout=60) as answer:
        text: str = answer.read().decode()
    return text


def wait(done: Callable[[], bool]) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        # A page may be asked for while it is written.
        with suppress(OSError, HTTPException):
            if done():
                return
        time.sleep(0.1)
    pytest.fail("nothing happens")


def save(file: Path, text: str) -> None:
    """Save as editors do: the file is never there by half, and something is left beside it."""
    file.with_name(f"{file.name}~").write_text("alt", encoding="utf-8")
    new = file.with_name(f".{file.name}.tmp")
    new.write_text(text, encoding="utf-8")
    new.replace(file)


def test_a_change_and_a_mistake_are_shown(small: Path, said: Path) -> None:
    wait(lambda: "Der erste Satz." in get("about/one.html"))
    wait(lambda: "Serving on" in said.read_text("utf-8"))
    # The policy of the pages would stop the script that follows the changes.
    assert "Content-Security-Policy" not in get("about/one.html")
    with pytest.raises(OSError, match="refused"):
        get("index.html", "127.0.0.2")

    page(small.parent, "new", "# Neuer Titel\n\nEin neuer Satz.\n")
    save(small / "about/two.md", (small.parent / "new.md").read_text("utf-8"))
    wait(lambda: "Ein neuer Satz." in get("about/two.html"))
    # The navigation of another page shows the new title.
    wait(lambda: "Neuer Titel" in get("about/one.html"))

    style = small / "theme/ikm/static/site.css"
    save(style, style.read_text("utf-8") + "main { color: red }")
    wait(lambda: "main{color:red}" in get("_static/site.css"))

    facts = small / "data/organisation.yaml"
    right = facts.read_text("utf-8")
    save(facts, "name: [\n")
    wait(lambda: "data/organisation.yaml:" in said.read_text("utf-8").partition("exit code")[0])
    assert "Der erste Satz." in get("about/one.html")
    save(facts, right)
    wait(lambda: said.read_text("utf-8").count("Serving on") == 5)

    # What a build itself writes, and what an editor left, starts no other one.
    before = said.read_text("utf-8")
    time.sleep(1)
    assert said.read_text("utf-8") == before
