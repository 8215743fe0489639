# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Build every language at the same time, compare them, put the result in place (`make html`).

Each language is an ordinary, fresh and strict `sphinx-build`. The result takes the place of the
one before only if all of them have succeeded.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ikm_site.languages import LANGUAGES, SOURCE, TRANSLATIONS, Language

#: At most so many problems of one kind are shown.
SHOWN = 10


class BuildError(Exception):
    """The site was not built; the text is for people."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let one build at a time work in a folder."""
    with (folder / ".lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Ein anderer Bau läuft gerade; dieser wartet, bis er fertig ist …", flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def start(language: Language, root: Path, work: Path, options: list[str]) -> subprocess.Popen[str]:
    """Begin to build one language into `work`."""
    environment = dict(os.environ, PYTHONUTF8="1", PYTHONHASHSEED="0", TZ="UTC", LC_ALL="C.UTF-8")
    return subprocess.Popen(
        [
            *shlex.split(os.environ.get("SPHINXBUILD", f"{shlex.quote(sys.executable)} -m sphinx")),
            "-b", "html", "-E", "-q", "-W", "--keep-going", "--no-color",
            "-D", f"language={language.code}", "-d", str(work / "doctrees" / language.code),
            *options, str(root), str(work / language.code),
        ],
        cwd=root, env=environment, text=True, stderr=subprocess.PIPE,
    )  # fmt: skip


def problems(root: Path, said: dict[str, str]) -> list[str]:
    """What the builds said, each thing once, at most `SHOWN` of a kind."""
    lines = dict.fromkeys(
        re.sub(r"^(ERROR|WARNING|CRITICAL): ", "", line.replace(f"{root}{os.sep}", ""))
        for text in said.values()
        for line in text.splitlines()
        if line.strip()
    )
    kinds: dict[str, int] = {}
    shown = []
    for line in lines:
        kind = re.sub(r"^[^:]+:\d*:?|[\d„“'\"].*$", "", line)
        kinds[kind] = kinds.get(kind, 0) + 1
        if kinds[kind] <= SHOWN:
            shown.append(line)
    more = sum(count - SHOWN for count in kinds.values() if count > SHOWN)
    return [*shown, f"… und {more} weitere gleicher Art"] if more else shown


def pages(site: Path) -> set[str]:
    """The pages of one language, relative to its folder; redirects are none."""
    return {
        file.relative_to(site).as_posix()
        for file in site.rglob("*.html")
        if 'http-equiv="refresh"' not in file.read_text(encoding="utf-8")
    }


def join(work: Path) -> int:
    """Put the languages together in the folder of the source language.

    Returns:
        How many pages the site has.

    Raises:
        BuildError: a language lacks a page of another one.
    """
    site = work / SOURCE.code
    german = pages(site)
    different = [
        f"{language.path}{name}: gibt es nur auf "
        + (SOURCE.name if name in german else language.name)
        for language in TRANSLATIONS
        for name in sorted(german ^ pages(work / language.code))
    ]
    if different:
        raise BuildError("\n".join(different))
    for language in TRANSLATIONS:
        (work / language.code).rename(site / language.path.rstrip("/"))
    return len(german) * len(LANGUAGES)


def replace(new: Path, target: Path) -> None:
    """Let a finished folder take the place of `target`."""
    aside = target.with_name(target.name + ".old")
    shutil.rmtree(aside, ignore_errors=True)
    if target.exists():
        target.rename(aside)
    new.rename(target)
    shutil.rmtree(aside, ignore_errors=True)


def _end(processes: Iterable[subprocess.Popen[str]]) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
            process.wait()


def build(root: Path, target: Path, options: list[str]) -> int:
    """Build all languages of the site into `target`.

    Returns:
        How many pages the site has.

    Raises:
        BuildError: something is wrong; `target` is as it was.
    """
    work = target.parent / "new"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    try:
        count = build_into(work, root, options)
        replace(work / SOURCE.code, target)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return count


def build_into(work: Path, root: Path, options: list[str]) -> int:
    """Build all languages into one folder, as `build` does."""
    running = {entry.code: start(entry, root, work, options) for entry in LANGUAGES}
    said: dict[str, str] = {}
    try:
        for code, process in running.items():
            said[code] = process.communicate()[1]
            if process.returncode and code == SOURCE.code:
                break
    except BaseException:
        _end(running.values())
        raise
    _end(running.values())
    failed = [code for code, process in running.items() if process.returncode]
    if failed:
        # What is wrong with a German page would be said again, in other words, by the others.
        found = problems(root, {failed[0]: said[failed[0]]})
        raise BuildError("\n".join(found) or "Sphinx endete ohne Meldung.")
    sys.stderr.write("".join(said.values()))
    for entry in LANGUAGES:
        for leftover in (".buildinfo", "objects.inv"):
            (work / entry.code / leftover).unlink(missing_ok=True)
    return join(work)


def main() -> int:
    """Run `make html`."""
    parser = argparse.ArgumentParser(prog="make html", description=build.__doc__)
    parser.add_argument("--target", type=Path, default=Path("_build/html"))
    parser.add_argument("sphinxopts", nargs="*", help="further options of sphinx-build")
    arguments = parser.parse_args()
    target: Path = arguments.target.absolute()
    # To be ended is like Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    started = time.monotonic()
    kept = (
        f"Das letzte gute Ergebnis in {arguments.target} ist unverändert."
        if target.exists()
        else "Es gibt noch kein Ergebnis."
    )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with locked(target.parent):
            count = build(Path.cwd(), target, arguments.sphinxopts)
    except KeyboardInterrupt:
        print(f"\nAbgebrochen. {kept}", file=sys.stderr)
        return 130
    except OSError as error:
        print(f"\n{error.filename}: {error.strerror}. {kept}", file=sys.stderr)
        return 1
    except BuildError as error:
        print(f"\nDie Website wurde NICHT gebaut. Was nicht stimmt:\n\n{error}\n", file=sys.stderr)
        print(f"Beheben Sie das und rufen Sie `make html` noch einmal auf. {kept}", file=sys.stderr)
        return 1
    seconds = time.monotonic() - started
    print(f"{count} Seiten in {seconds:.1f} s gebaut: {arguments.target}/index.html")
    return 0


if __name__ == "__main__":
    sys.exit(main())
