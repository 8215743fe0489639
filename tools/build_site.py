"""Build every language at the same time, compare them, put the result in place (`make html`).

Each language is an ordinary, fresh and strict `sphinx-build`. The result takes the place of the
one before only if all of them have succeeded.
"""

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
from pathlib import Path
from typing import TextIO

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ikm_site.languages import LANGUAGES, SOURCE, TRANSLATIONS


class BuildError(Exception):
    """The site was not built; the text is for people."""


def lock(file: TextIO) -> None:
    """Wait until no other build holds the lock on this file."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Ein anderer Bau läuft gerade; dieser wartet, bis er fertig ist …", flush=True)
        fcntl.flock(file, fcntl.LOCK_EX)


def start(code: str, work: Path, options: list[str]) -> subprocess.Popen[str]:
    """Begin to build one language into `work`."""
    environment = dict(os.environ, PYTHONUTF8="1", PYTHONHASHSEED="0", TZ="UTC", LC_ALL="C.UTF-8")
    sphinx = shlex.split(environment.get("SPHINXBUILD", "")) or [sys.executable, "-m", "sphinx"]
    strict = f"-b html -E -q -W --keep-going --no-color -D language={code}".split()
    # Compiled templates stay there for the next build.
    folders = ["-d", f"{work.parent}/doctrees/{code}", *options, ".", f"{work}/{code}"]
    return subprocess.Popen(
        [*sphinx, *strict, *folders], env=environment, text=True, stderr=subprocess.PIPE
    )


def readable(said: str) -> str:
    """What a build said, each line once, with paths as people know them."""
    lines = said.replace(f"{Path.cwd()}{os.sep}", "").splitlines()
    return "\n".join(dict.fromkeys(re.sub(r"^[A-Z]+: ", "", line) for line in lines if line))


def build_languages(work: Path, options: list[str]) -> None:
    """Build each language into its folder in `work`.

    Raises:
        BuildError: one has failed; the others would say the same in other words.
    """
    running: list[subprocess.Popen[str]] = []
    try:
        for language in LANGUAGES:
            running.append(start(language.code, work, options))
        for process in running:
            _, said = process.communicate()
            if process.returncode:
                raise BuildError(readable(said) or "Sphinx endete ohne Meldung.")
            sys.stderr.write(said)
    finally:
        for process in running:
            process.terminate()
            process.wait()


def pages(site: Path) -> set[str]:
    """The pages below a folder, relative to it; redirects are none."""
    return {
        file.relative_to(site).as_posix()
        for file in site.rglob("*.html")
        if b'http-equiv="refresh"' not in file.read_bytes()
    }


def join(work: Path) -> None:
    """Put the languages together in the folder of the source language.

    Raises:
        BuildError: a language lacks a page of another one.
    """
    site = work / SOURCE.code
    german = pages(site)
    for language in TRANSLATIONS:
        if different := german ^ pages(work / language.code):
            names = ", ".join(sorted(different))
            raise BuildError(f"Nicht auf {SOURCE.name} und auf {language.name} gibt es: {names}")
        (work / language.code).rename(site / language.path)
    for leftover in (*site.rglob(".buildinfo"), *site.rglob("objects.inv")):
        leftover.unlink()


def build(target: Path, options: list[str]) -> None:
    """Build all languages of the site into `target`.

    Raises:
        BuildError: something is wrong; `target` is as it was.
    """
    work, aside = target.with_name("new"), target.with_name(f"{target.name}.old")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    try:
        build_languages(work, options)
        join(work)
        # The result is whole; nothing ends what follows halfway.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        shutil.rmtree(aside, ignore_errors=True)
        if target.exists():
            target.rename(aside)
        (work / SOURCE.code).rename(target)
        shutil.rmtree(aside, ignore_errors=True)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def main() -> str | int:
    """Run `make html`."""
    parser = argparse.ArgumentParser(prog="make html", description=build.__doc__)
    parser.add_argument("--target", type=Path, default=Path("_build/html"))
    parser.add_argument("sphinxopts", nargs="*", help="further options of sphinx-build")
    arguments = parser.parse_args()
    target: Path = arguments.target.absolute()
    # SIGTERM is handled like Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    started = time.monotonic()
    kept = f"Das letzte gute Ergebnis in {arguments.target} ist unverändert."
    if not target.exists():
        kept = "Es gibt noch kein Ergebnis."
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with (target.parent / ".lock").open("w") as file:
            lock(file)
            build(target, arguments.sphinxopts)
            count = len(pages(target))
    except KeyboardInterrupt:
        print(f"\nAbgebrochen. {kept}", file=sys.stderr)
        return 130
    except OSError as error:
        return f"\n{error.filename}: {error.strerror}. {kept}"
    except BuildError as error:
        advice = f"Beheben Sie das und rufen Sie `make html` noch einmal auf. {kept}"
        return f"\nDie Website wurde NICHT gebaut. Was nicht stimmt:\n\n{error}\n\n{advice}"
    seconds = time.monotonic() - started
    print(f"{count} Seiten in {seconds:.1f} s gebaut: {arguments.target}/index.html")
    return 0


if __name__ == "__main__":
    sys.exit(main())
