# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The former addresses of `data/redirects.yaml` as rules that any server can follow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ikm_site.languages import LANGUAGES
from ikm_site.redirects import Redirect


@dataclass(frozen=True)
class Rule:
    """One rule: the first one that fits decides.

    Attributes:
        path: the path that is asked for, `/ueber-ikm/`.
        language: the value of `?lang=`, "" for none or one that the site does not have.
        to: the new address from the root, `/en/about/`.
        below: whether all paths that begin with `path` are meant.
    """

    path: str
    language: str
    to: str
    below: bool


def rules(redirects: Iterable[Redirect]) -> tuple[Rule, ...]:
    """All rules: exact paths first, then the catch-alls from the longest on."""
    found = []
    for entry in redirects:
        path = entry.source.removesuffix("*")
        paths = {path} if entry.catch_all or not path.strip("/") else {path, path.rstrip("/")}
        for code in ("", *(language.code for language in LANGUAGES)):
            to = entry.target(code or None)
            # The home page is itself a former address: only its language switch leads away.
            found += [Rule(p, code, to, entry.catch_all) for p in paths if p != to]
    return tuple(
        # The switch before the same path without one, which fits any query.
        sorted(found, key=lambda r: (r.below, -len(r.path), r.path, not r.language, r.language))
    )
