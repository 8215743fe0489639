# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Give a page another name: `make move FROM=about/history.md TO=about/timeline.md`.

The page, its catalogues in all languages, the links to it from other pages and their
translations, toctrees and a redirect from the old address change together. Nothing is
changed unless everything can be.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ikm_site.catalogues import files
from ikm_site.languages import LANGUAGES, TRANSLATIONS

REDIRECTS = Path("data/redirects.yaml")
#: Here the name of a page is also the id by which data and other pages name it.
_IDENTIFIED = frozenset({"regions", "workgroups", "statements"})
_NAME = re.compile(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*/)*[a-z0-9]+(?:-[a-z0-9]+)*")


class MoveError(Exception):
    """The page cannot be moved; the text says why and what to do."""


@dataclass(frozen=True)
class Change:
    """A file that is written anew."""

    path: Path
    text: str


def _name(argument: str) -> str:
    """The name of a page without its ending, from what somebody typed."""
    name = PurePosixPath(argument).as_posix().removeprefix("./").removesuffix(".md")
    if not _NAME.fullmatch(name):
        raise MoveError(
            f"{argument}: the name of a page has small letters, digits and hyphens, "
            "in folders: about/history.md"
        )
    return name


def _pages(root: Path) -> list[Path]:
    hidden = {"_build", "node_modules", "tests", "_static", "_templates"}
    return sorted(
        path
        for path in root.rglob("*.md")
        if not hidden & set(path.relative_to(root).parts)
        and not any(part.startswith(".") for part in path.relative_to(root).parts)
    )


def relink(text: str, page: str, old: str, new: str) -> str:
    """The text of a page or a translation with its links to the moved page set right.

    Args:
        text: Markdown.
        page: name of the page on which the text stands; a moved page's own new name.
        old: name of the moved page before.
        new: its name now.
    """
    text = re.sub(rf"(?<=\]\()/{re.escape(old)}\.md(?=[)#\s])", f"/{new}.md", text)
    text = re.sub(rf"(?<=`)/{re.escape(old)}(?=`)", f"/{new}", text)
    text = re.sub(rf"(?<=<)/{re.escape(old)}(?:\.md)?(?=>)", f"/{new}", text)
    # Entries of a toctree are relative to the folder of their page.
    folder = f"{page.rpartition('/')[0]}/" if "/" in page else ""

    def entries(match: re.Match[str]) -> str:
        lines = []
        for line in match.group().split("\n"):
            entry = re.fullmatch(r"(.*?<)?(/?)([\w./-]+?)((?:\.md)?>?)", line)
            if entry and (entry[3] if entry[2] else folder + entry[3]) == old:
                near = not entry[2] and new.startswith(folder)
                target = new.removeprefix(folder) if near else f"/{new}"
                line = f"{entry[1] or ''}{target}{entry[4]}"
            lines.append(line)
        return "\n".join(lines)

    return re.sub(r"^```\{toctree\}\n.*?^```", entries, text, flags=re.DOTALL | re.MULTILINE)


def plan(root: Path, old: str, new: str) -> tuple[list[tuple[Path, Path]], list[Change]]:
    """What a move does.

    Args:
        root: the project.
        old: name of the page, `about/history`.
        new: its new name.

    Returns:
        Files to rename, and files to write anew (under their new names).

    Raises:
        MoveError: there is no such page, or one of the new name, or names are not as they
            should be.
    """
    folder = old.partition("/")[0]
    if folder in _IDENTIFIED and old.rpartition("/")[2] != "index":
        raise MoveError(
            f"{old}.md: this name is also its id in data/ and in the front matter of other pages; "
            "change it there by hand"
        )
    source, target = root / f"{old}.md", root / f"{new}.md"
    if not source.is_file():
        raise MoveError(f"{old}.md: there is no such page")
    if target.exists():
        raise MoveError(f"{new}.md: there is a page of that name; delete or move it first")
    renames = [(source, target)]
    locales = root / files.LOCALES
    for language in TRANSLATIONS:
        catalogue = files.path(language.code, old, locales)
        if catalogue.is_file():
            place = files.path(language.code, new, locales)
            if place.exists():
                raise MoveError(f"{place.relative_to(root)}: is in the way; delete it first")
            renames.append((catalogue, place))
    moved = dict(renames)
    changes = []
    texts = [*_pages(root), *sorted(locales.rglob("*.po"))]
    for path in texts:
        name = path.relative_to(root).with_suffix("").as_posix()
        before = path.read_text(encoding="utf-8")
        after = relink(before, new if name == old else name, old, new)
        if after != before:
            changes.append(Change(moved.get(path, path), after))
    return renames, changes


def _address(name: str) -> str:
    """The address of a page below its language."""
    return "/" + re.sub(r"(^|/)index$", r"\1", name) + ("" if name.endswith("index") else ".html")


def redirected(text: str, old: str, new: str) -> str:
    """The list of redirects with those from the old page's addresses.

    Args:
        text: `data/redirects.yaml`.
        old: name of the page before the move.
        new: its name now.
    """
    before, after = re.escape(_address(old)), _address(new)
    # What led to the old page leads to the new one at once, and a page that is there again
    # needs no redirect.
    text = re.sub(rf"(?<=to: ){before}(?=[,}}\s])", after, text)
    text = re.sub(rf'(?<=to: "){before}(?=[#"])', after, text)
    prefixes = "|".join(re.escape("/" + entry.path) for entry in LANGUAGES)
    text = re.sub(
        rf"^- {{from: (?:{prefixes}){re.escape(after[1:])}, .*\n", "", text, flags=re.MULTILINE
    )
    lines = [f"- {{from: {_address(old)}, to: {after}}}"]
    lines += [
        f"- {{from: /{entry.path}{_address(old)[1:]}, to: {after}, lang: {entry.code}}}"
        for entry in TRANSLATIONS
    ]
    return text.rstrip() + "\n" + "".join(f"{line}\n" for line in lines)


def move(root: Path, old: str, new: str) -> list[str]:
    """Move a page; the files that changed, for people.

    Raises:
        MoveError: it cannot be moved; nothing has changed.
        OSError: a file cannot be written.
    """
    renames, changes = plan(root, old, new)
    done = []
    for source, target in renames:
        target.parent.mkdir(parents=True, exist_ok=True)
        _rename(root, source, target)
        source.with_suffix(".mo").unlink(missing_ok=True)
        done.append(f"{source.relative_to(root)} → {target.relative_to(root)}")
        for folder in source.relative_to(root).parents:
            if folder != Path() and (root / folder).is_dir() and not any((root / folder).iterdir()):
                (root / folder).rmdir()
    for change in changes:
        change.path.write_text(change.text, encoding="utf-8")
        done.append(f"{change.path.relative_to(root)}: links set right")
    redirects = root / REDIRECTS
    if redirects.is_file():
        text = redirected(redirects.read_text(encoding="utf-8"), old, new)
        redirects.write_text(text, encoding="utf-8")
        done.append(f"{REDIRECTS}: the old address leads to the new one")
    return done


def _rename(root: Path, source: Path, target: Path) -> None:
    """Rename with git where it knows the file, so that its history goes along."""
    result = subprocess.run(
        ["git", "mv", str(source), str(target)], cwd=root, capture_output=True, check=False
    )
    if result.returncode:
        source.rename(target)


def main(arguments: list[str] | None = None) -> int:
    """`make move FROM=… TO=…`. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="make move", description=__doc__)
    parser.add_argument("old")
    parser.add_argument("new")
    options = parser.parse_args(arguments)
    try:
        done = move(Path.cwd(), _name(options.old), _name(options.new))
    except MoveError as error:
        print(f"move: {error}", file=sys.stderr)
        return 1
    print(*done, sep="\n")
    print("Now run make html, and commit all of this together.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
