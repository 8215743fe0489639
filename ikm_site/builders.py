# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Build the languages at the same time and join them (`python -m ikm_site.builders STAGING`).

`ikm_site.build` starts this process and gives it its environment. It loads once what every
language needs, programs and figures, and divides into one process a language, which share
what has been loaded. Each language is compiled, built and read back on its own.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import importlib
import os
import pickle
import re
import runpy
import selectors
import signal
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sphinx.application
import sphinx.cmd.build
from sphinx.errors import ExtensionError

from ikm_site import organisation, output, redirects, whole
from ikm_site.catalogues import files
from ikm_site.figures import store
from ikm_site.handover import NAME as HANDOVER
from ikm_site.languages import LANGUAGES, SOURCE, Language
from ikm_site.speed import loading
from ikm_site.staging import Staging

#: Steps of Sphinx that take no time and tell a writer nothing.
_SILENT = (
    "Writing evaluated", "building [", "copying ", "loading translations", "looking for now",
    "making output", "myst v", "pickling", "preparing documents", "The HTML pages are in",
)  # fmt: skip

#: Sphinx's counter, as (what it does, per cent).
_STEP = re.compile(r"((?:reading sources|writing output)\.\.\. )\[ *(\d+)%\]")


def _load(root: Path) -> None:
    """Load what every language needs; what is wrong with it is said by the builds."""
    gc.disable()  # there is nothing to be collected yet
    loading.spare()
    with contextlib.suppress(Exception):
        extensions = runpy.run_path(str(root / "conf.py"))["extensions"]
        for name in (*sphinx.application.builtin_extensions, *extensions, "furo"):
            importlib.import_module(name)
        store.load(root)
    # Shared with the languages: nothing of it is to be looked through, or copied, again.
    gc.freeze()
    gc.enable()


def _build(language: Language, root: Path, staging: Staging, colour: bool) -> int:
    """Build one language and read its pages back. Returns Sphinx's exit status."""
    code = language.code
    problems = files.compile_all(code, root / files.LOCALES)
    if problems:
        text = "".join(f"{problem}\n" for problem in problems)
        staging.warnings(code).write_text(text, encoding="utf-8")
        return 1
    status = sphinx.cmd.build.main([
        "-b", "html", "-n", "-W", "--keep-going", "-E", "-a", "-D", f"language={code}",
        "-D", "ikm_fresh=1",
        "-d", str(staging.doctrees(code)), "-w", str(staging.warnings(code)),
        "--color" if colour else "--no-color", str(root), str(staging.site(code)),
    ])  # fmt: skip
    if not status:
        # The translations come last: no other language needs the processors by then.
        processes = 1 if language is SOURCE else os.cpu_count() or 1
        pages = output.read(
            staging.site(code), language, output.site_url(root), (HANDOVER,), processes=processes
        )
        staging.read(code).write_bytes(pickle.dumps(pages, pickle.HIGHEST_PROTOCOL))
    return status


@dataclass
class _Job:
    """The process of one language, and what it has said so far."""

    language: Language
    process: int
    output: int
    said: bytes = b""
    step: str = ""
    ended: bool = False

    def lines(self) -> Iterator[str]:
        """What is new and worth showing; `ended` tells whether there will be more."""
        new = os.read(self.output, 65536)
        self.ended = not new
        *lines, self.said = (self.said + (new or b"\n")).split(b"\n")
        for line in lines:
            # Sphinx's counters overwrite themselves on a terminal; the last state is enough here.
            text = line.decode("utf-8", "replace").rpartition("\r")[2].rstrip()
            step = _STEP.match(text)
            if step is not None:
                # Of thousands of pages one line for each tenth.
                text = f"{step[1]}{int(step[2]) // 10 * 10} %"
                if text == self.step:
                    continue
                self.step = text
            if text and not text.startswith(_SILENT):
                yield text


def _begin(language: Language, root: Path, staging: Staging, colour: bool) -> _Job:
    """Divide off the process of a language."""
    reading, writing = os.pipe()
    sys.stdout.flush()
    process = os.fork()
    if process:
        os.close(writing)
        return _Job(language, process, reading)
    status = 2
    try:
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, signal.SIG_DFL)
        if language is SOURCE:
            os.nice(5)  # the translations take longer: their work goes first
        os.dup2(writing, 1)
        os.dup2(writing, 2)
        status = _build(language, root, staging, colour)
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        # What the process before this one has begun is not for this one to end.
        os._exit(status)


def _follow(jobs: list[_Job]) -> None:
    """Show what the builds say, each line behind its language, until they have ended."""
    with selectors.DefaultSelector() as selector:
        for job in jobs:
            selector.register(job.output, selectors.EVENT_READ, job)
        while selector.get_map():
            for key, _ in selector.select():
                job = key.data
                for line in job.lines():
                    print(f"{job.language.code} │ {line}", flush=True)
                if job.ended:
                    selector.unregister(job.output)


def _stop(_signal: int, _frame: object) -> None:
    raise SystemExit(1)


def _facts(root: Path) -> str:
    """What is wrong with facts that Sphinx would report in a traceback; empty if nothing is."""
    try:
        organisation.load(root)
        redirects.load(root)
    except ExtensionError as error:
        return str(error)
    return ""


def _languages(root: Path, staging: Staging, colour: bool) -> str:
    """Build all languages. Returns what is wrong in any of them, each thing once."""
    jobs: list[_Job] = []
    failed = False
    try:
        for language in LANGUAGES:
            jobs.append(_begin(language, root, staging, colour))
        _follow(jobs)
    except BaseException:
        for job in jobs:
            os.kill(job.process, signal.SIGTERM)
        raise
    finally:
        for job in jobs:
            failed |= os.waitpid(job.process, 0)[1] != 0
    if not failed:
        return ""
    seen: dict[str, None] = {}
    for language in LANGUAGES:
        file = staging.warnings(language.code)
        for line in file.read_text("utf-8").splitlines() if file.is_file() else ():
            seen.setdefault(line.replace(f"{root}{os.sep}", ""))
    return "\n".join(seen) or "Sphinx ended without a warning; see its last lines above."


def _join(root: Path, staging: Staging) -> str:
    """Make one site of the languages. Returns what is wrong with it; empty if nothing is."""
    try:
        whole.join(root, staging)
    except whole.WholeError as error:
        return str(error)
    return ""


def main() -> int:
    """Build the site in a staging folder. Returns 0 if all went well."""
    parser = argparse.ArgumentParser(prog="builders", description=__doc__)
    parser.add_argument("staging", type=Path)
    parser.add_argument("--colour", action="store_true")
    options = parser.parse_args()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, _stop)
    root, staging = Path.cwd(), Staging(options.staging)
    _load(root)
    problems = _facts(root) or _languages(root, staging, options.colour) or _join(root, staging)
    staging.problems.write_text(problems, encoding="utf-8")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
