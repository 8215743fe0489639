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
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

# Only what is at hand at once: whatever else is loaded once the languages have begun, which
# is what takes time.
from ikm_site.staging import Staging

if TYPE_CHECKING:
    from ikm_site.publish.manifest import Entry

#: Linux: swap two folders in one step (renameat2).
_RENAME_EXCHANGE = 2
_AT_FDCWD = -100


class BuildError(Exception):
    """The site could not be built; the message has been made for people."""


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


def _start(root: Path, staging: Staging) -> subprocess.Popen[bytes]:
    """Begin to build the languages."""
    command = [sys.executable, "-m", "ikm_site.builders", str(staging.path)]
    return subprocess.Popen(
        [*command, "--colour"] if sys.stdout.isatty() else command,
        cwd=root, env=environment(root),
    )  # fmt: skip


def _check_catalogues(root: Path) -> None:
    """Nothing that a translation should not contain is published."""
    from ikm_site.catalogues import files
    from ikm_site.catalogues.check import check_all

    found = check_all(root / files.LOCALES, form=False, hints=False)
    text = "\n".join(str(finding) for finding in found if not finding.hint)
    if text:
        raise BuildError(text.replace(f"{root}{os.sep}", ""))


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


def _build(root: Path, staging: Staging) -> Path:
    """Build the site, and check the catalogues beside it. Returns its folder."""
    process = _start(root, staging)
    try:
        # What is wrong with a catalogue is said by its check, not by what Sphinx makes of it.
        _check_catalogues(root)
        status = process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    if status:
        said = staging.problems.read_text("utf-8") if staging.problems.is_file() else ""
        raise BuildError(said or "The build ended without a word; see its last lines above.")
    from ikm_site.languages import SOURCE

    return staging.site(SOURCE.code)


def build(root: Path, target: Path) -> tuple[Entry, ...]:
    """Build all languages of the site into `target`.

    Returns:
        The files of the site.

    Raises:
        BuildError: something is wrong; `target` is as it was.
    """
    work = target.parent
    work.mkdir(parents=True, exist_ok=True)
    staging = Staging(work / f"staging-{os.getpid()}")
    shutil.rmtree(staging.path, ignore_errors=True)
    staging.path.mkdir()
    removing = threading.Thread(target=shutil.rmtree, args=(staging.path, True))
    try:
        replace(_build(root, staging), target)
        # The old result goes while the new one is looked through.
        removing.start()
        from ikm_site.publish import manifest

        return manifest.of(target)
    finally:
        if not removing.ident:
            removing.start()
        removing.join()


def main() -> int:
    """Run `make html`."""
    parser = argparse.ArgumentParser(prog="make html", description=build.__doc__)
    parser.add_argument("--target", type=Path, default=Path("_build/html"))
    options = parser.parse_args()
    root = Path.cwd()
    started = time.monotonic()
    # To be ended is the same whoever asks for it: nothing is left behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    kept = (
        f"The last good result in {options.target} is untouched."
        if options.target.exists()
        else "There is no earlier result."
    )
    try:
        entries = build(root, options.target)
    except KeyboardInterrupt:
        print(f"\nInterrupted. {kept}", file=sys.stderr)
        return 130
    except BuildError as error:
        print(f"\nThe site was NOT built. What is wrong:\n\n{error}\n", file=sys.stderr)
        print(f"Mend these places and run `make html` again. {kept}", file=sys.stderr)
        return 1
    from ikm_site.publish import manifest

    pages = sum(entry.path.endswith(".html") for entry in entries)
    print(
        f"\nBuilt {pages} pages in {time.monotonic() - started:.1f} s: {options.target}/index.html"
    )
    # The same for everybody who builds this commit: see ikm_site/publish/manifest.py.
    print(f"Digest of the site: {manifest.digest(entries)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
