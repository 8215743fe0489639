# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""What a command takes: time, processor, memory, and the bytes that it writes."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Run:
    """What a command took: seconds of wall and processor time, bytes of memory at the peak."""

    seconds: float
    cpu: float
    memory: int


def _memory(process: int) -> int:
    """Bytes that a process and all below it use; what they share counts once (PSS)."""
    folder = Path(f"/proc/{process}")
    total = 0
    try:
        for line in (folder / "smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1]) * 1024
        for thread in (folder / "task").iterdir():
            for child in (thread / "children").read_text("ascii").split():
                total += _memory(int(child))
    except OSError:
        pass  # it has just ended
    return total


def measure(command: Sequence[str], cwd: Path) -> Run:
    """Run a command to its end.

    Raises:
        SystemExit: it failed; its last lines are shown.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    peak, done = 0, threading.Event()
    started = time.monotonic()
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        process = subprocess.Popen(
            command, cwd=cwd, stdout=output, stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(cwd)},
        )  # fmt: skip

        def watch() -> None:
            nonlocal peak
            while not done.wait(0.3):
                peak = max(peak, _memory(process.pid))

        watcher = threading.Thread(target=watch)
        if Path("/proc/self/smaps_rollup").exists():
            watcher.start()
        code = process.wait()
        seconds = time.monotonic() - started
        done.set()
        if watcher.ident:
            watcher.join()
        if code:
            output.seek(0)
            sys.exit(f"{' '.join(command)} failed:\n{output.read()[-4000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(round(seconds, 2), round(cpu, 2), peak)


def size(folder: Path) -> dict[str, int]:
    """Bytes of a result, with those of a page and of the search index in it."""
    every = [file for file in folder.rglob("*") if file.is_file()]
    return {
        "files": len(every),
        "bytes": sum(file.stat().st_size for file in every),
        "html": sum(file.stat().st_size for file in every if file.suffix == ".html"),
        "search": sum(
            file.stat().st_size
            for file in every
            if file.name.startswith("searchindex") or "search" in file.parts[len(folder.parts) : -1]
        ),
    }
