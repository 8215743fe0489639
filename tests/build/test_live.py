# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""`make live`: what is saved is shown, also mistakes, and nobody else may ask."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import free_port, run

HEAD = "---\ndescription: Eine Seite, die es nur für den Versuch gibt.\n---\n\n"


@pytest.fixture
def address(small: Path) -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "tools/live.py", "--port", str(port)], cwd=small,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    yield f"http://127.0.0.1:{port}"
    assert process.poll() is None
    process.terminate()
    process.wait()


def get(address: str, **headers: str) -> str:
    request = urllib.request.Request(address, headers=headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        text: str = answer.read().decode()
    return text


def built(address: str, count: int) -> None:
    """Wait until so many builds are done."""
    until = time.monotonic() + 300
    while time.monotonic() < until:
        try:
            if int(get(f"{address}/_live")) >= count:
                return
        except urllib.error.URLError:
            pass
        time.sleep(0.1)
    pytest.fail(f"no build {count}")


def test_a_change_and_a_mistake_are_shown_and_nobody_else_may_ask(
    small: Path, address: str
) -> None:
    built(address, 1)
    first = get(f"{address}/about/one.html")
    assert "Der erste Satz." in first
    assert "script-src &#39;self&#39;" in first
    # As editors save: the file is never there by half.
    new = small.with_name("new")
    new.write_text(HEAD + "# Neuer Titel\n\nEin neuer Satz.\n", encoding="utf-8")
    new.replace(small / "about/two.md")
    built(address, 2)
    assert "Ein neuer Satz." in get(f"{address}/about/two.html")
    # The navigation of another page shows the new title.
    assert "Neuer Titel" in get(f"{address}/about/one.html")

    (small / "data/organisation.yaml").write_text("name: [\n", encoding="utf-8")
    built(address, 3)
    shown = get(f"{address}/about/one.html")
    assert "data/organisation.yaml:" in shown
    assert "Der erste Satz." in shown

    # Other names and a used port are refused.
    with pytest.raises(urllib.error.HTTPError, match="403"):
        get(f"{address}/index.html", Host="evil.example")
    port = address.rpartition(":")[2]
    result = run([sys.executable, "tools/live.py", "--port", port], small)
    assert result.returncode == 1
    assert result.stderr.strip().startswith(f"Port {port}: ")
    assert len(result.stderr.splitlines()) == 1
