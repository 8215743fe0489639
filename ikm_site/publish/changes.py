# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""What a release changes for readers: pages that are new, changed, gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ikm_site.publish.manifest import Entry
from ikm_site.redirects import Redirect, resolve

_SHOWN = 15


@dataclass(frozen=True)
class Changes:
    """Paths of pages and downloads, sorted."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]

    def text(self) -> Iterator[str]:
        """The summary for whoever publishes."""
        for name, paths in (
            ("new", self.added),
            ("changed", self.changed),
            ("removed", self.removed),
        ):
            yield f"  {len(paths)} {name}"
            for path in paths[:_SHOWN]:
                yield f"    {path}"
            if len(paths) > _SHOWN:
                yield f"    … and {len(paths) - _SHOWN} more"


def _of_readers(path: str) -> bool:
    """Whether an address is one that people keep: not what pages are made of."""
    name = path.rpartition("/")[2]
    return not (
        "_static/" in path
        or "_images/" in path
        or name.startswith((".", "_"))
        or path.endswith((".br", ".gz", ".js"))
    )


def compare(old: Iterable[Entry], new: Iterable[Entry]) -> Changes:
    """The changes from one site to another."""
    before = {entry.path: entry.sha256 for entry in old if _of_readers(entry.path)}
    after = {entry.path: entry.sha256 for entry in new if _of_readers(entry.path)}
    return Changes(
        added=tuple(sorted(set(after) - set(before))),
        changed=tuple(sorted(p for p in after if p in before and after[p] != before[p])),
        removed=tuple(sorted(set(before) - set(after))),
    )


def lost(changes: Changes, redirects: Sequence[Redirect]) -> list[str]:
    """Removed addresses that lead nowhere: readers' links to them would break."""
    found = []
    for path in changes.removed:
        address = "/" + path
        forms = {address, address.removesuffix("index.html")}
        if not any(resolve(redirects, form) for form in forms):
            found.append(address)
    return found
