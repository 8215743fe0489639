# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The commands `make release`, `make publish`, `make rollback` and `make releases`."""

from __future__ import annotations

import argparse
import getpass
import os
import platform
import runpy
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sphinx.errors import ExtensionError

from ikm_site.build import BuildError, build
from ikm_site.publish import changes, gate, manifest, release, store
from ikm_site.publish.manifest import ManifestError
from ikm_site.publish.sbom import SbomError
from ikm_site.publish.shell import SSH, Shell, Target, TargetError
from ikm_site.redirects import load as load_redirects

_BUILD = Path("_build")

_REFUSED = """
NOT published, for {count} reasons:

{problems}

Mend these places and run the same command again. Readers still see what they saw before.
To show this state to somebody, as a preview that search engines leave alone: add PREVIEW=1.
"""

_LOST = """
NOT published: these addresses would be gone, and links to them would break:

{addresses}

Write each into data/redirects.yaml with the page that takes its place, or confirm with YES=1.
"""


class RefusedError(Exception):
    """Publishing is refused; the message says why."""


def _step(text: str) -> None:
    print(f"── {text} …", flush=True)


def _who() -> str:
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = "unknown"
    # One line of plain characters, whatever the machine is called.
    name = "".join(c if c.isalnum() or c in "-_.@" else "-" for c in f"{user}@{platform.node()}")
    return f"{name} {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"


def make(*, preview: bool, strict: bool, guarded: bool) -> Path:
    """Build the site, run the gate and make the release; gives the release's folder.

    Raises:
        RefusedError: the gate is shut.
        BuildError: the site cannot be built.
    """
    root = Path.cwd()
    findings = gate.Findings()
    if guarded:
        _step("Looking at texts, translations and organisation data")
        findings = gate.before(root, strict=strict)
        for note in findings.notes:
            print(f"note: {note}")
        if findings.problems and not preview:
            raise RefusedError(_refusal(findings.problems))
    name = "preview" if preview else "html"
    html, target = _BUILD / name, _BUILD / ("preview-release" if preview else "release")
    _step("Building")
    # conf.py reads it: the pages then say that they are a preview, and `noindex`.
    os.environ["PREVIEW"] = "1" if preview else ""
    build(root, html)
    _step("Compressing and writing the release")
    info = release.make(root, html, target, preview=preview)
    print(f"{target}: {info['pages']} pages, digest {info['digest']}")
    if guarded:
        _step("Following all links inside the site, weighing its pages")
        site_url = str(runpy.run_path(str(root / "conf.py"))["site_url"])
        late = gate.after(root, target / "site", site_url).problems
        problems = list(dict.fromkeys([*findings.problems, *late]))
        if problems and not preview:
            raise RefusedError(_refusal(problems))
        for problem in problems:
            print(f"to mend before it is published: {problem}")
    return target


def _refusal(problems: list[str]) -> str:
    return _REFUSED.format(
        count=len(problems), problems="\n".join(f"  {line}" for line in problems)
    )


def deliver(source: Path, target: Target, *, yes: bool, wait: int) -> None:
    """Put a release at a target and switch to it.

    Raises:
        RefusedError: addresses would be lost.
        TargetError: the target is not as it must be; readers see what they saw before.
    """
    who = _who()
    _step(f"Reaching {target}")
    with Shell(target, create=True, who=who, wait=wait) as shell:
        store.tidy(shell)
        live = next((entry for entry in store.releases(shell) if entry.live), None)
        old = store.manifest(shell, live) if live else ()
        new = manifest.load((source / "manifest.json").read_text("utf-8"))
        if old is None:
            print("The live release is damaged: what has changed is not known.")
        else:
            difference = changes.compare(old, new)
            print(*difference.text(), sep="\n")
            lost = changes.lost(difference, load_redirects(Path.cwd()))
            if lost and not yes:
                raise RefusedError(_LOST.format(addresses="\n".join(f"  {path}" for path in lost)))
        _step("Copying, checking the copy, switching")
        done = store.put(shell, source, stamp=who)
        if live and done.name == live.name:
            print(f"{target}: this very release is live already: {done.name}")
        else:
            print(f"{target}: readers now see release {done.name}")


def _list(shell: Shell) -> None:
    for entry in store.releases(shell):
        info: dict[str, Any] = entry.info
        about = (
            f"commit {info.get('commit', '')[:10] or '(none)'}, {info.get('pages', '?')} pages"
            if info
            else "DAMAGED: release.json cannot be read"
        )
        print(
            f"{'→' if entry.live else ' '} {entry.name}  {about}"
            f"{', preview' if info.get('preview') else ''}  {entry.published}"
        )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="publish", description=__doc__)
    parser.add_argument("command", choices=("release", "publish", "put", "rollback", "releases"))
    parser.add_argument("--target", default="")
    parser.add_argument("--source", type=Path, default=_BUILD / "release")
    parser.add_argument("--release", default="")
    parser.add_argument("--ssh", default=SSH)
    parser.add_argument("--wait", type=int, default=10)
    for flag in ("preview", "strict", "yes"):
        parser.add_argument(f"--{flag}", action="store_true")
    return parser.parse_args()


def _run(options: argparse.Namespace) -> None:
    if options.command == "release":
        make(preview=options.preview, strict=options.strict, guarded=False)
        return
    target = Target.parse(options.target, options.ssh)
    if options.command == "publish":
        source = make(preview=options.preview, strict=options.strict, guarded=True)
        deliver(source, target, yes=options.yes, wait=options.wait)
    elif options.command == "put":
        deliver(options.source, target, yes=options.yes, wait=options.wait)
    else:
        with Shell(target, create=False, who=_who(), wait=options.wait) as shell:
            if options.command == "rollback":
                before, now = store.switch(shell, options.release or None)
                print(f"{target}: readers now see release {now.name} again, before {before.name}")
            _list(shell)


def main() -> int:
    """Run one of the commands."""
    options = _arguments()
    try:
        _run(options)
    except RefusedError as error:
        print(error, file=sys.stderr)
        return 2
    except BuildError as error:
        print(f"\nThe site was NOT built. What is wrong:\n\n{error}\n", file=sys.stderr)
        return 1
    except (TargetError, ManifestError, SbomError, ExtensionError) as error:
        print(f"{options.command}: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        place = error.filename or options.target
        print(f"{options.command}: {place}: {error.strerror}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Readers see a whole site; run the same command again.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
