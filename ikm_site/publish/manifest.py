# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Manifests: what a folder holds, to the byte.

The digest of a folder is the SHA-256 of what `sha256sum` prints for its files, sorted by
name, so that anybody can compute it without this project::

    find . -type f -printf '%P\\0' | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

#: Names that every server, shell and `sha256sum` takes as they are.
_NAME = re.compile(r"[A-Za-z0-9._/@~+=-]+")


class ManifestError(Exception):
    """A folder that cannot be published, or a manifest that cannot be read."""


@dataclass(frozen=True)
class Entry:
    """One file: its path in the folder with `/`, its size in bytes, its SHA-256 in hex."""

    path: str
    size: int
    sha256: str


def of(folder: Path) -> tuple[Entry, ...]:
    """What a folder holds, sorted by path."""
    entries = []
    for file in folder.rglob("*"):
        if file.is_file():
            with file.open("rb") as handle:
                sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
            entries.append(Entry(file.relative_to(folder).as_posix(), file.stat().st_size, sha256))
    # By bytes, as `LC_ALL=C sort` does.
    return tuple(sorted(entries, key=lambda entry: entry.path))


def check_names(folder: Path) -> None:
    """See that servers, shells and `sha256sum` take all names in a folder as they are.

    Raises:
        ManifestError: a file has another name, or is no plain file.
    """
    for file in folder.rglob("*"):
        if file.is_symlink() or not (file.is_file() or file.is_dir()):
            raise ManifestError(f"{file}: is no plain file; replace it by one")
        if not _NAME.fullmatch(file.relative_to(folder).as_posix()):
            raise ManifestError(f"{file}: use only letters a-z, digits, - . _ in names of files")


def sums(entries: Iterable[Entry]) -> str:
    """The entries as `sha256sum` prints and checks them."""
    return "".join(f"{entry.sha256}  {entry.path}\n" for entry in entries)


def digest(entries: Iterable[Entry]) -> str:
    """The digest of a folder, in hex."""
    return hashlib.sha256(sums(entries).encode()).hexdigest()


def dump(entries: Iterable[Entry]) -> str:
    """The entries as JSON, one line a file."""
    lines = ",\n".join(json.dumps(asdict(entry)) for entry in entries)
    return f"[\n{lines}\n]\n"


def load(text: str) -> tuple[Entry, ...]:
    """Read what `dump` wrote.

    Raises:
        ManifestError: it is something else.
    """
    try:
        return tuple(Entry(**entry) for entry in json.loads(text))
    except (ValueError, TypeError) as error:
        raise ManifestError(f"the manifest cannot be read ({error})") from None
