# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Copies of the text files compressed beforehand, as small as can be, for servers to send."""

from __future__ import annotations

import gzip
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli

from ikm_site.publish.headers import TEXTS

#: Below this many bytes an answer fits into one packet anyway.
_SMALLEST = 256


def _one(file: Path) -> None:
    data = file.read_bytes()
    if len(data) < _SMALLEST:
        return
    for ending, small in (
        (".br", brotli.compress(data, mode=brotli.MODE_TEXT, quality=11)),
        # Without the time and the name that gzip would write down.
        (".gz", gzip.compress(data, compresslevel=9, mtime=0)),
    ):
        if len(small) < len(data):
            file.with_name(file.name + ending).write_bytes(small)


def folder(site: Path) -> None:
    """Write the compressed copies of all text files of a folder beside them."""
    files = sorted(file for file in site.rglob("*") if file.suffix[1:] in TEXTS and file.is_file())
    # Both libraries work outside of Python's lock.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(_one, files))
