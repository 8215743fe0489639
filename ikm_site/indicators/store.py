# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The figures and shapes of a project, read once as long as its data stay as they are.

Reading and checking a hundred thousand cells takes most of a second. What comes of it is kept
in `_build/cache`, by the hash of the data and of the programs that read them.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import pickle
import sys
from collections.abc import Iterable
from pathlib import Path

from ikm_site.indicators.maps import Atlas
from ikm_site.indicators.reader import read_figures
from ikm_site.indicators.topology import read_topology

DATA = "data"
CACHE = "_build/cache/figures"


def fingerprint(folder: Path) -> str:
    """The hash of all tables and descriptions in a folder, in hex."""
    return _hash(folder, (f for f in folder.rglob("*") if f.suffix in (".csv", ".json")))


def _hash(folder: Path, files: Iterable[Path]) -> str:
    found = hashlib.sha256()
    for file in sorted(files):
        if file.is_file():
            found.update(file.relative_to(folder).as_posix().encode())
            found.update(file.read_bytes())
    return found.hexdigest()


def load(root: Path) -> Atlas:
    """The figures of a project and everything to draw maps of them with.

    Args:
        root: the project's folder.

    Raises:
        DataError: something is wrong with the data.
    """
    return _load(root, fingerprint(root / DATA))


@functools.lru_cache(maxsize=1)
def _load(root: Path, data: str) -> Atlas:
    here = Path(__file__).parent
    key = hashlib.sha256(f"{sys.version} {data} {_hash(here, here.glob('*.py'))}".encode())
    file = root / CACHE / f"{key.hexdigest()[:32]}.pickle"
    # Whatever is wrong with what was kept, the data themselves are there.
    with contextlib.suppress(Exception):
        kept = pickle.loads(file.read_bytes())
        if isinstance(kept, Atlas):
            return kept
    atlas = _read(root / DATA)
    _keep(file, atlas)
    return atlas


def _read(folder: Path) -> Atlas:
    figures = read_figures(folder)
    boundaries = next(r for r in figures.package.resources if r.name == "boundaries")
    return Atlas(figures, read_topology(folder / boundaries.path))


def _keep(file: Path, atlas: Atlas) -> None:
    """Put an atlas, with all its shapes, in the place of what was kept before."""
    atlas.prepare()
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(f".{os.getpid()}")
        part.write_bytes(pickle.dumps(atlas, pickle.HIGHEST_PROTOCOL))
        part.replace(file)
        for other in file.parent.glob("*.pickle"):
            if other != file:
                other.unlink(missing_ok=True)
