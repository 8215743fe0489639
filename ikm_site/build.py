# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Build the whole site (`make html`): all languages at once, fresh and strict.

The result is put together in a staging folder and takes the place of the old one in a
single step, only when everything has succeeded.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import errno
import os
import re
import runpy
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from sphinx.errors import ExtensionError

from ikm_site import organisation, redirects
from ikm_site.catalogues import files
from ikm_site.languages import LANGUAGES, TRANSLATIONS, Language
from ikm_site.publish import manifest
from ikm_site.whole import WholeError, collect, finish

#: Linux: swap two folders in one step (renameat2).
_RENAME_EXCHANGE = 2
_AT_FDCWD = -100


#: Steps of Sphinx that take no time and tell a writer nothing.
_SILENT = (
    "Writing evaluated", "building [", "copying ", "loading translations", "looking for now",
    "making output", "myst v", "pickling", "preparing documents", "The HTML pages are in",
)  # fmt: skip


#: Sphinx's counter, as (what it does, per cent).
_STEP = re.compile(r"((?:reading sources|writing output)\.\.\. )\[ *(\d+)%\]")


class BuildError(Exception):
    """The site could not be built; the message has been made for people."""


@dataclass(frozen=True)
class Job:
    """The build of one language."""

    language: Language
    process: subprocess.Popen[str]
    warnings: Path


def commit_time(root: Path) -> str | None:
    """The time of the last commit as seconds since 1970, or None outside a repository."""
    result = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=root, capture_output=True, text=True, check=False
    )
    return result.stdout.strip() or None


def environment(root: Path) -> dict[str, str]:
    """The environment of the builds: the same on every machine."""
    env = dict(os.environ, PYTHONHASHSEED="0", PYTHONUTF8="1", LC_ALL="C.UTF-8", TZ="UTC")
    if "SOURCE_DATE_EPOCH" not in env:
        with contextlib.suppress(OSError):
            stamp = commit_time(root)
            if stamp:
                env["SOURCE_DATE_EPOCH"] = stamp
    env.setdefault("SOURCE_DATE_EPOCH", "0")
    return env


def _start(language: Language, root: Path, staging: Path) -> Job:
    warnings = staging / f"{language.code}.warnings"
    command = [
        sys.executable, "-m", "sphinx", "-b", "html", "-n", "-W", "--keep-going", "-E", "-a",
        "-D", f"language={language.code}", "-d", str(staging / "doctrees" / language.code),
        "-w", str(warnings), "--color" if sys.stdout.isatty() else "--no-color",
        str(root), str(staging / "html" / language.code),
    ]  # fmt: skip
    process = subprocess.Popen(
        command, cwd=root, env=environment(root), text=True, encoding="utf-8", errors="replace",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return Job(language, process, warnings)


def _follow(job: Job, lock: threading.Lock) -> None:
    """Show what a build says, each line behind its language."""
    assert job.process.stdout is not None
    shown = ""
    for line in job.process.stdout:
        # Sphinx's counters overwrite themselves on a terminal; the last state is enough here.
        text = line.rstrip("\n").rpartition("\r")[2].rstrip()
        step = _STEP.match(text)
        if step is not None:
            # Of thousands of pages one line for each tenth.
            text = f"{step[1]}{int(step[2]) // 10 * 10} %"
            if text == shown:
                continue
            shown = text
        if text and not text.startswith(_SILENT):
            with lock:
                print(f"{job.language.code} │ {text}", flush=True)


def _sphinx(root: Path, staging: Path) -> None:
    """Build the languages at the same time, and check their catalogues meanwhile."""
    jobs: list[Job] = []
    threads: list[threading.Thread] = []
    lock = threading.Lock()
    try:
        for language in LANGUAGES:
            problems = files.compile_all(language.code, root / files.LOCALES)
            if problems:
                _check_catalogues(root)  # says more about them
                raise BuildError("\n".join(str(problem) for problem in problems))
            jobs.append(_start(language, root, staging))
            threads.append(threading.Thread(target=_follow, args=(jobs[-1], lock)))
            threads[-1].start()
        # What is wrong with a catalogue is said by its check, not by what Sphinx makes of it.
        _check_catalogues(root)
    except BaseException:
        for job in jobs:
            job.process.terminate()
        raise
    finally:
        for thread in threads:
            thread.join()
    failed = [job for job in jobs if job.process.wait()]
    if not failed:
        return
    seen: dict[str, None] = {}
    for job in failed:
        text = job.warnings.read_text("utf-8") if job.warnings.is_file() else ""
        for line in text.splitlines():
            seen.setdefault(line.replace(f"{root}{os.sep}", ""))
    lines = list(seen) or ["Sphinx ended without a warning; see its last lines above."]
    raise BuildError("\n".join(lines))


def _assemble(staging: Path) -> Path:
    """Put the languages together: the source at the root, the others in their folders."""
    site = staging / "html" / LANGUAGES[0].code
    for language in TRANSLATIONS:
        (staging / "html" / language.code).rename(site / language.path.rstrip("/"))
    for leftover in (".buildinfo", "objects.inv"):
        for language in LANGUAGES:
            (site / language.path / leftover).unlink(missing_ok=True)
    return site


def _exchange(new: Path, old: Path) -> bool:
    """Swap two folders in one step where the system can; tells whether it could."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    arguments = (_AT_FDCWD, os.fsencode(new), _AT_FDCWD, os.fsencode(old), _RENAME_EXCHANGE)
    if renameat2(*arguments) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
        return False
    raise OSError(code, os.strerror(code), str(old))


def replace(new: Path, target: Path) -> None:
    """Let a finished folder take the place of `target`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        new.rename(target)
        return
    if _exchange(new, target):
        return
    # Without the swap of Linux two renames come close; a stop between them loses nothing.
    aside = target.with_name(target.name + ".old")
    shutil.rmtree(aside, ignore_errors=True)
    target.rename(aside)
    new.rename(target)
    shutil.rmtree(aside, ignore_errors=True)


def _check_catalogues(root: Path) -> None:
    """Nothing that a translation should not contain is published."""
    # Here, so that the languages begin before the check and its parser are loaded.
    from ikm_site.catalogues.check import check_all

    findings = [
        finding for finding in check_all(root / files.LOCALES, form=False) if not finding.hint
    ]
    if findings:
        text = "\n".join(str(finding) for finding in findings)
        raise BuildError(text.replace(f"{root}{os.sep}", ""))


def _check_output(root: Path, site: Path) -> None:
    """What got past the check of the catalogues is seen in the finished pages."""
    from ikm_site import output

    site_url = str(runpy.run_path(str(root / "conf.py"))["site_url"])
    faults = output.check(site, site_url, output.known_hosts(root))
    if faults:
        raise BuildError("\n".join(str(fault) for fault in faults))


def build(root: Path, target: Path) -> None:
    """Build all languages of the site into `target`.

    Raises:
        BuildError: something is wrong; `target` is as it was.
    """
    work = target.parent
    work.mkdir(parents=True, exist_ok=True)
    staging = work / f"staging-{os.getpid()}"
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir()
    try:
        try:
            # Before Sphinx, which would wrap these plain words in a traceback.
            organisation.load(root)
            redirects.load(root)
        except ExtensionError as error:
            raise BuildError(str(error)) from None
        _sphinx(root, staging)
        site = _assemble(staging)
        left = collect(site)
        _check_output(root, site)
        try:
            finish(site, root, left)
        except WholeError as error:
            raise BuildError(str(error)) from None
        replace(site, target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def main() -> int:
    """Run `make html`."""
    parser = argparse.ArgumentParser(prog="make html", description=build.__doc__)
    parser.add_argument("--target", type=Path, default=Path("_build/html"))
    options = parser.parse_args()
    root = Path.cwd()
    started = time.monotonic()
    try:
        build(root, options.target)
    except BuildError as error:
        kept = (
            f"The last good result in {options.target} is untouched."
            if options.target.exists()
            else "There is no earlier result."
        )
        print(f"\nThe site was NOT built. What is wrong:\n\n{error}\n", file=sys.stderr)
        print(f"Mend these places and run `make html` again. {kept}", file=sys.stderr)
        return 1
    entries = manifest.of(options.target)
    pages = sum(entry.path.endswith(".html") for entry in entries)
    print(
        f"\nBuilt {pages} pages in {time.monotonic() - started:.1f} s: {options.target}/index.html"
    )
    # The same for everybody who builds this commit: see ikm_site/publish/manifest.py.
    print(f"Digest of the site: {manifest.digest(entries)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
