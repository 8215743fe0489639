# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The releases at a target: put one there, switch to one, list them.

A target looks like this; a server's document root is `current/site`::

    current -> releases/0007-3fa9c1d2e4b5     what readers see: one link, changed in one step
    releases/0007-3fa9c1d2e4b5/               number in the order of publishing, digest
        site/  server/  release.json  manifest.json  sbom.cdx.json  SHA256SUMS
        PUBLISHED                             when and by whom; only behind a successful switch
    run/                                      for the server's own files
    lock

The numbers, not clocks, order the releases. Whatever is stopped when, `current` leads to a
whole release, and the next publisher removes what was left half done.
"""

from __future__ import annotations

import filecmp
import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ikm_site.publish.headers import FINGERPRINTED
from ikm_site.publish.manifest import Entry, ManifestError
from ikm_site.publish.manifest import load as load_manifest
from ikm_site.publish.shell import Shell, Target, TargetError

#: How many releases stay at the target.
KEEP = 5

#: Left half done by a publisher that was stopped; safe to remove by who holds the lock.
_TIDY = """\
test ! -e current || test -L current || {
  echo "'current' is no link; move it away, the publisher makes it anew"; exit 1; }
rm -rf current.new releases/.new-* releases/.old-*
live=$(readlink current || :); live=${live#releases/}
test -z "$live" || test -e "releases/$live/PUBLISHED" || echo unknown > "releases/$live/PUBLISHED"
for release in releases/*; do
  test -d "$release" && test "$release" != "releases/$live" || continue
  test -e "$release/PUBLISHED" || rm -rf "$release"
done
"""

#: Whether a release is whole: every file as listed and no other.
_CHECK = """\
cd {folder} || exit 1
test -s SHA256SUMS || {{ echo 'SHA256SUMS is missing'; exit 1; }}
sha256sum -c --quiet --strict SHA256SUMS || exit 1
listed=$(cut -c67- SHA256SUMS | sort)
there=$(find . ! -type d ! -path ./SHA256SUMS ! -path ./PUBLISHED | cut -c3- | sort)
test "$listed" = "$there" || {{ echo 'there are files that do not belong to it'; exit 1; }}
"""

#: Files that the pages of the live release ask for by name: who reads one of these pages while
#: the switch comes still finds them. Only whole ones, and only for one release.
_KEEP_ASSET = """\
keep() {{
  line=$(grep -x "[0-9a-f]*  site/$1" {old}/SHA256SUMS) &&
    (cd {old} && echo "$line" | sha256sum -c --status) &&
    mkdir -p "{new}/site/${{1%/*}}" && ln "{old}/site/$1" "{new}/site/$1" &&
    echo "$line" >> {new}/SUMS
}}
cp {new}/SHA256SUMS {new}/SUMS || exit 1
{calls}
mv {new}/SUMS {new}/SHA256SUMS
"""

#: One rename decides what readers see.
_SWITCH = """\
ln -s {folder} current.new && mv -T current.new current || exit 1
"""


@dataclass(frozen=True)
class Release:
    """A release at the target.

    Attributes:
        name: its folder, such as `0007-3fa9c1d2e4b5`.
        live: whether readers see it.
        published: when and by whom, as one line.
        info: what `release.json` says; empty if it cannot be read.
    """

    name: str
    live: bool
    published: str
    info: dict[str, Any]

    @property
    def number(self) -> int:
        """Its place in the order of publishing."""
        return int(self.name.partition("-")[0])

    @property
    def folder(self) -> str:
        """Its folder, from the target."""
        return f"releases/{self.name}"

    @property
    def digest(self) -> str:
        """The digest of its site, "" if that is unknown."""
        return str(self.info.get("digest", ""))


def _parse(text: str) -> dict[str, Any]:
    try:
        info = json.loads(text)
    except ValueError:
        return {}
    return info if isinstance(info, dict) else {}


def releases(shell: Shell) -> list[Release]:
    """All releases at the target, oldest first."""
    text = shell.run(
        "readlink current || echo; cd releases && for r in [0-9]*-*; do "
        "test -d $r && printf '%s\\t%s\\t%s\\n' $r "
        '"$(head -1 $r/PUBLISHED 2>/dev/null)" "$(tr -d \'\\n\' < $r/release.json 2>/dev/null)"; '
        "done; :"
    )
    first, *lines = text.splitlines() or [""]
    live = first.removeprefix("releases/")
    found = []
    for line in lines:
        name, published, info = line.split("\t", 2)
        found.append(Release(name, name == live, published, _parse(info)))
    return sorted(found, key=lambda release: release.number)


def tidy(shell: Shell) -> None:
    """Remove what a publisher that was stopped has left."""
    shell.run(_TIDY)


def check(shell: Shell, folder: str) -> str:
    """What is wrong with a release at the target; "" if it is whole."""
    status, said = shell.attempt(_CHECK.format(folder=shlex.quote(folder)))
    if not status:
        return ""
    lines = said.strip().splitlines() or ["it cannot be read"]
    return "\n".join([*lines[:5], *(["…"] if len(lines) > 5 else [])])


def manifest(shell: Shell, release: Release) -> tuple[Entry, ...] | None:
    """What a release holds, or None if its manifest cannot be read."""
    status, text = shell.attempt(f"cat {release.folder}/manifest.json")
    try:
        return load_manifest(text) if not status else None
    except ManifestError:
        return None


def _copy(source: Path, target: Path, previous: Path | None) -> None:
    """Copy a release on this machine; link what is the same in the previous one."""
    for folder, _, names in os.walk(source):
        here = Path(folder).relative_to(source)
        (target / here).mkdir(parents=True)
        for name in names:
            file, new = source / here / name, target / here / name
            old = previous / here / name if previous else None
            if old is not None and old.is_file() and filecmp.cmp(file, old, shallow=False):
                os.link(old, new)
            else:
                shutil.copyfile(file, new)
                # Readable for the server, whatever the umask of who publishes.
                new.chmod(0o644)


def _transfer(source: Path, target: Target, folder: str, previous: str | None) -> None:
    """Copy a release to the target, linking what is the same in the previous one.

    Raises:
        TargetError: the copy failed; nothing that readers see has changed.
    """
    if target.host is None:
        base = Path(target.folder)
        try:
            filecmp.clear_cache()
            _copy(source, base / folder, base / previous if previous else None)
        except OSError as error:
            raise TargetError(
                f"{error.filename2 or error.filename or target}: {error.strerror}; "
                "readers still see the old site"
            ) from None
        return
    command = [
        # By content, not by time: a damaged file of the previous release is sent anew, and a
        # file that did not change keeps its time, so that readers' copies stay valid.
        "rsync", "--recursive", "--checksum", "--compress", "--chmod=D755,F644",
        "--timeout=60", "-e", target.ssh,
        *([f"--link-dest=../../{previous}"] if previous else []),
        f"{source}/", f"{target.host}:{target.folder}/{folder}/",
    ]  # fmt: skip
    # To a file: a pipe would be waited for as long as an ssh that has lost its rsync holds it.
    with tempfile.TemporaryFile() as said:
        try:
            status = subprocess.run(command, stdout=said, stderr=said, check=False).returncode
        except FileNotFoundError:
            raise TargetError("rsync is missing here; on Debian: apt install rsync") from None
        if status:
            said.seek(0)
            text = said.read().decode("utf-8", "replace").strip()
            raise TargetError(
                f"{target}: rsync failed ({status}): {text}\n"
                "Readers still see the old site; run the same command again."
            )


def _keep_assets(shell: Shell, live: Release, new: str, source: Path) -> None:
    """Link the fingerprinted files of the live release that the new one no longer has."""
    known = {entry.path for entry in load_manifest((source / "manifest.json").read_text("utf-8"))}
    calls = [
        f"keep {shlex.quote(entry.path)}"
        for entry in manifest(shell, live) or ()
        if entry.path not in known
        and re.search(FINGERPRINTED, "/" + re.sub(r"[.](br|gz)$", "", entry.path))
    ]
    if calls:
        shell.run(_KEEP_ASSET.format(old=live.folder, new=new, calls="\n".join(calls)))


def put(shell: Shell, source: Path, *, stamp: str) -> Release:
    """Put a release at the target, check it there, switch to it, drop the oldest.

    Args:
        shell: the shell that holds the target.
        source: the release as `ikm_site.publish.release` makes it.
        stamp: when and by whom, one line for people; nothing depends on it.

    Returns:
        The release as it is now at the target.

    Raises:
        TargetError: something failed; the live site is as it was.
    """
    tidy(shell)
    info = _parse((source / "release.json").read_text("utf-8"))
    there = releases(shell)
    live = next((release for release in there if release.live), None)
    if live and info == live.info and not check(shell, live.folder):
        return live
    number = max((release.number for release in there), default=0) + 1
    name = f"{number:04d}-{info['digest'][:12]}"
    folder, new = f"releases/{name}", f"releases/.new-{name}"
    try:
        _transfer(source, shell.target, new, live.folder if live else None)
        if live:
            _keep_assets(shell, live, new, source)
        problem = check(shell, new)
        if problem:
            raise TargetError(f"{shell.target}: the copy is not whole: {problem}")
    except TargetError:
        shell.attempt(f"rm -rf {new}")
        raise
    shell.run(
        # On the disk before readers are led there.
        f"sync -f {new} 2>/dev/null || sync\n"
        f"mv -T {new} {folder} || exit 1\n"
        + _SWITCH.format(folder=folder)
        + f"printf '%s\\n' {shlex.quote(stamp)} > {folder}/PUBLISHED\n"
    )
    old = [release for release in there if not release.live]
    for release in old[: max(0, len(there) + 1 - KEEP)]:
        # Out of the list first: a release is never there in part.
        shell.run(
            f"mv -T {release.folder} releases/.old-{release.name} && "
            f"rm -rf releases/.old-{release.name}"
        )
    return Release(name, True, stamp, info)


def switch(shell: Shell, name: str | None = None) -> tuple[Release, Release]:
    """Lead readers back to an earlier release.

    Args:
        shell: the shell that holds the target.
        name: the release, or its number; without it the one before the live one.

    Returns:
        The release that was live and the one that is.

    Raises:
        TargetError: there is no such release, or it is damaged; nothing has changed.
    """
    tidy(shell)
    there = releases(shell)
    live = next((release for release in there if release.live), None)
    if live is None:
        raise TargetError(f"{shell.target}: nothing is published there")
    known = ", ".join(release.name for release in there)
    if name:
        wanted = [r for r in there if name in (r.name, str(r.number), f"{r.number:04d}")]
    else:
        wanted = [release for release in there if release.number < live.number][-1:]
    if not wanted:
        what = f"no release {name}" if name else f"no release before {live.name}"
        raise TargetError(f"{shell.target}: there is {what}; there are: {known}")
    problem = check(shell, wanted[0].folder)
    if problem:
        raise TargetError(
            f"{shell.target}: release {wanted[0].name} is damaged, readers still see {live.name}:\n"
            f"{problem}\nChoose another one with RELEASE=…, there are: {known}"
        )
    shell.run(_SWITCH.format(folder=wanted[0].folder))
    return live, wanted[0]
