# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The gate of `make publish`: what must be in order before readers see a built site.

Usage: python -m tools.gate SITE < ADDRESSES, where ADDRESSES are the files of the release that is
online, one a line. Writes the old addresses as a map for the servers (`_build/publish/`).
The messages are for the office, therefore in German.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Set
from html.parser import HTMLParser
from pathlib import Path

from ikm_site import organisation, redirects
from ikm_site.languages import LANGUAGES
from ikm_site.problems import ProblemsError

MAP = Path("_build/publish/.redirects.map")
#: Attributes whose address a browser loads or sends to.
_LOADING = frozenset({"action", "data", "formaction", "poster", "src", "srcset", "style"})
#: `<link>` with one of these loads nothing.
_NOT_LOADED = frozenset({"alternate", "author", "canonical", "help", "license", "next", "prev"})
_FOREIGN = re.compile(r"(?:^|[\s,(=])(?:https?:|wss?:)?//", re.IGNORECASE)
#: The same in a style sheet or a picture.
_UNSAFE = re.compile(r"@import|url\(\s*[\"']?(?:https?:)?//|<script|\son\w+\s*=", re.IGNORECASE)
#: Files that nobody has a link to.
_NO_ADDRESS = re.compile(r"(?:^|/)[._]|[.](?:js|css)$")


class _Page(HTMLParser):
    """What a page loads, runs and says of itself."""

    def __init__(self, *, script: bool) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.redirect = self.noindex = False
        self._script = script

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one element."""
        has = {name: value or "" for name, value in attrs}
        if tag == "script" and has.get("type") != "application/ld+json" and not self._script:
            self._fault("ein Skript")
        if tag in ("base", "link") and not _NOT_LOADED.intersection(has.get("rel", "").split()):
            has["src"] = has.get("href", "")
        if tag == "meta" and has.get("http-equiv", "").lower() == "refresh":
            self.redirect, has["src"] = True, has.get("content", "")
        self.noindex |= tag == "meta" and "noindex" in has.get("content", "")
        for name, value in has.items():
            if name.startswith("on") or re.match(r"\s*(?:java|vb)script:", value, re.IGNORECASE):
                self._fault(f"ein Skript ({name})")
            if name in _LOADING and _FOREIGN.search(value):
                self._fault(f"einen fremden Rechner ({value.strip()})")

    def _fault(self, what: str) -> None:
        self.faults.append(f"{self.getpos()[0]}: enthält {what}; die Stelle entfernen")


def rules_of(entries: Iterable[redirects.Redirect]) -> dict[str, str]:
    """The old addresses and their pages of today, as the servers look them up.

    A key is the path without its last slash, or `/folder/*` for all paths below it; with
    `?lang=en` the code of the language stands before it (`en/ueber-ikm`).

    Raises:
        ValueError: a server cannot follow an entry.
    """
    rules: dict[str, str] = {}
    for entry in entries:
        if entry.catch_all and entry.source.count("/") > 2:
            raise ValueError(
                f"{redirects.FILE}: {entry.source}: vor dem * darf nur ein Ordner stehen"
            )
        old = entry.source.rstrip("/")
        for language in LANGUAGES:
            target = f"/{language.path}{entry.to[1:]}"
            keys = [language.code + (old or "/")]
            if entry.lang in (None, language.code):
                keys.append(old if entry.lang else f"/{language.path}{old[1:]}".rstrip("/"))
            # The old home page is the home page of today: only its `?lang=en` leads away.
            rules |= {key: target for key in keys if target.rstrip("/") not in (key, old)}
    return rules


def _answering(path: str, rules: Set[str]) -> Set[str]:
    """The redirects that answer for a file of a site."""
    bare = f"/{path}".removesuffix("index.html").rstrip("/") or "/"
    folders = {f"/{'/'.join(path.split('/')[:depth])}/*" for depth in (1, 2)}
    return rules & {f"/{path}", bare, *folders}


def _files(site: Path, rules: Set[str], *, preview: bool) -> Iterator[str]:
    """Foreign hosts, scripts, a wrong mark of a preview; redirects that hide a file."""
    for file in sorted(path for path in site.rglob("*") if not path.is_dir()):
        name, redirect = file.relative_to(site).as_posix(), False
        if file.suffix == ".html":
            page = _Page(script=file.name == "search.html")
            page.feed(file.read_text("utf-8"))
            redirect = page.redirect
            yield from (f"{name}:{fault}" for fault in page.faults)
            if name == "index.html" and page.noindex != preview:
                what, how = ("keine", "mit") if preview else ("eine", "ohne")
                yield f"{name}: ist {what} Vorschau; mit make publish {how} PREVIEW=1 neu bauen"
        elif file.suffix in (".css", ".svg") and _UNSAFE.search(file.read_text("utf-8")):
            yield f"{name}: enthält ein Skript oder lädt etwas Fremdes; die Stelle entfernen"
        if not redirect and (hiding := _answering(name, rules)):
            yield f"{redirects.FILE}: {min(hiding)} würde {name} verdecken; den Eintrag löschen"


def check(site: Path, old: Iterable[str], *, preview: bool, confirmed: bool) -> Iterator[str]:
    """What is not in order, one message each; writes the map for the servers.

    Args:
        site: the built site.
        old: the files of the release that is online.
        preview: whether it is published as a preview, where fields may be empty.
        confirmed: whether addresses may vanish.
    """
    empty = [] if preview else organisation.missing(organisation.load(Path.cwd()))
    if empty:
        yield f"{organisation.FILE}: bitte ausfüllen: {', '.join(empty)}"
    rules = rules_of(redirects.load(Path.cwd()))
    yield from _files(site, rules.keys(), preview=preview)
    paths = sorted(line.strip().removeprefix("./") for line in old)
    lost = [
        f"/{path}"
        for path in paths
        if not (_NO_ADDRESS.search(path) or (site / path).is_file())
        and not _answering(path, rules.keys())
    ]
    if lost and not confirmed:
        shown = "\n  ".join([*lost[:10], *([f"… und {len(lost) - 10} weitere"] * (len(lost) > 10))])
        yield (
            f"Diese Adressen sind noch online und fielen weg:\n  {shown}\n"
            f"In {redirects.FILE} die Seite eintragen, die an ihre Stelle tritt, oder den Wegfall "
            "mit YES=1 bestätigen."
        )
    MAP.parent.mkdir(parents=True, exist_ok=True)
    MAP.write_text("".join(f"{key} {rules[key]};\n" for key in sorted(rules)), "ascii")


def main() -> int:
    """Run the gate."""
    site, env = Path(sys.argv[1]), os.environ
    preview, confirmed = env.get("PREVIEW") == "1", env.get("YES") == "1"
    try:
        problems = list(check(site, sys.stdin, preview=preview, confirmed=confirmed))
    except (ProblemsError, OSError, ValueError) as error:
        problems = [str(error)]
    more = [f"… und {len(problems) - 20} weitere"] * (len(problems) > 20)
    print(*problems[:20], *more, sep="\n", end="\n" * bool(problems), file=sys.stderr)
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
