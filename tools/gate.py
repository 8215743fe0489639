"""The gate of `make publish`: what must be in order before readers see a built site.

Usage: python -m tools.gate SITE < ADDRESSES, where ADDRESSES are the files of the release that is
online, one a line. The messages are for the office, therefore in German.
"""

import html
import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from ikm_site import organisation, redirects
from ikm_site.navigation import POLICY, SEARCH_POLICY

#: How each page begins: a policy counts only for what stands behind it.
_HEAD = re.compile(
    r'<!doctype html>\s*<html[^>]*>\s*<head>\s*<meta charset="utf-8">\s*'
    r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">',
    re.IGNORECASE,
)
_TAG = re.compile(r"""<\w(?:"[^"]*"|'[^']*'|[^"'>])*""")
_SCRIPT = re.compile(
    r"""<script(?! type="application/ld\+json")|\son\w+\s*=|["'=]\s*(?:java|vb)script:""",
    re.IGNORECASE,
)
#: Tags that a browser loads nothing for.
_NOT_LOADED = re.compile(
    r'<(?:a|html|svg)\s|<meta (?:name|property)=|<link rel="(?:alternate|canonical|license)"'
)
_FOREIGN = re.compile(
    r"""\s(?:action|content|data|formaction|href|poster|src|srcset|style)\s*=\s*["']?"""
    r"""(?:[^"']*[\s,(=])?((?:https?:|wss?:)?//[^\s"')]*)""",
    re.IGNORECASE,
)
#: The same in a style sheet or a picture.
_UNSAFE = re.compile(r"@import|url\(\s*[\"']?(?:https?:)?//|<script|\son\w+\s*=", re.IGNORECASE)
#: Files that nobody has a link to.
_NO_ADDRESS = re.compile(r"(?:^|/)[._]|[.](?:js|css)$")
#: At most so many problems are shown.
MOST = 20


def _page(name: str, text: str) -> Iterator[str]:
    """A page without the policy, with scripts or with foreign hosts."""
    search = name.endswith("search.html")
    head = _HEAD.match(text)
    if not head or html.unescape(head[1]) != (SEARCH_POLICY if search else POLICY):
        yield f"{name}: beginnt nicht mit der Richtlinie der Website; mit make html neu bauen"
    for tag in _TAG.finditer(text):
        found = []
        if _SCRIPT.search(tag[0]) and not (search and tag[0].startswith("<script")):
            found.append("ein Skript")
        if not _NOT_LOADED.match(tag[0]) and (address := _FOREIGN.search(tag[0])):
            found.append(f"einen fremden Rechner ({address[1]})")
        for what in found:
            line = text.count("\n", 0, tag.start()) + 1
            yield f"{name}:{line}: enthält {what}; die Stelle entfernen"


def _files(site: Path, *, preview: bool) -> Iterator[str]:
    """What is wrong with the files; a wrong mark of a preview."""
    for file in sorted(site.rglob("*.*")):
        name = file.relative_to(site).as_posix()
        if file.suffix == ".html":
            yield from _page(name, file.read_text("utf-8"))
        elif file.suffix in (".css", ".svg") and _UNSAFE.search(file.read_text("utf-8")):
            yield f"{name}: enthält ein Skript oder lädt etwas Fremdes; die Stelle entfernen"
    if ('content="noindex"' in (site / "index.html").read_text("utf-8")) != preview:
        what, how = ("keine", "mit") if preview else ("eine", "ohne")
        yield f"index.html: ist {what} Vorschau; mit make publish {how} PREVIEW=1 neu bauen"


def _lost(site: Path, old: Iterable[str]) -> Iterator[str]:
    """Addresses of the release online that neither a file nor a redirect would answer for."""
    rules = {line.split()[0] for line in (site / redirects.MAP).read_text("ascii").splitlines()}
    for path in sorted(line.strip().removeprefix("./") for line in old):
        folders = {f"/{'/'.join(path.split('/')[:depth])}/*" for depth in (1, 2)}
        bare = f"/{path}".removesuffix("index.html").rstrip("/")
        kept = (site / path).is_file() or rules & {f"/{path}", bare, *folders}
        if not kept and not _NO_ADDRESS.search(path):
            yield (
                f"/{path}: ist noch online und fiele weg; in {redirects.FILE} die Seite "
                "eintragen, die an ihre Stelle tritt, oder mit YES=1 bestätigen"
            )


def reasons(site: Path, old: Iterable[str], *, preview: bool, confirmed: bool) -> Iterator[str]:
    """Why the site must not go online, one message each.

    Args:
        site: the built site.
        old: the files of the release that is online.
        preview: whether it is published as a preview, where fields may be empty.
        confirmed: whether addresses may vanish.
    """
    empty = [] if preview else organisation.missing(organisation.load(Path.cwd()))
    if empty:
        yield f"{organisation.FILE}: bitte ausfüllen: {', '.join(empty)}"
    if not (site / redirects.MAP).is_file():
        yield f"{redirects.MAP}: fehlt, die Server brauchen sie; mit make html neu bauen"
        return
    yield from _files(site, preview=preview)
    if not confirmed:
        yield from _lost(site, old)


def main() -> None:
    """Run the gate."""
    preview, confirmed = os.environ.get("PREVIEW") == "1", os.environ.get("YES") == "1"
    try:
        problems = list(reasons(Path(sys.argv[1]), sys.stdin, preview=preview, confirmed=confirmed))
    except (OSError, ValueError) as error:
        problems = [str(error)]
    if more := problems[MOST:]:
        problems[MOST:] = [f"… und {len(more)} weitere"]
    sys.exit("\n".join(problems) or None)


if __name__ == "__main__":
    main()
