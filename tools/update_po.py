# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Bring the catalogues up to date with the German text (`make update-po`).

The result is what `sphinx-intl update -w 0 --no-obsolete` leaves, and more: a sentence that moves
to another page brings its translation along, a changed one has its former German text beside it,
the catalogue of a deleted page goes. sphinx-intl compares each new text with all others, which
takes minutes for a few hundred; here only texts near the same place are compared.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from itertools import chain
from pathlib import Path

import polib
from babel import Locale
from babel.messages.plurals import get_plural

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ikm_site.languages import SOURCE, TRANSLATIONS
from ikm_site.message_catalogues import DATA, INTERFACE, CatalogueError, load, path

#: The comment on a message in which Markdown has no effect.
PLAIN = "plain text, no Markdown"
#: Among how many texts around its place a changed one is looked for, and how many of its words
#: must be the same (0 to 1).
REACH, ALIKE = 20, 0.6

#: The messages of each domain: German texts with their comments.
Templates = dict[str, dict[str, str]]
#: The best entry for each message.
Known = dict[str, polib.POEntry]


def extract() -> Templates:
    """All messages of the German pages, templates, code and data.

    Raises:
        CatalogueError: a page has a mistake; Sphinx has said which.
    """
    print("Reading the German pages …", file=sys.stderr, flush=True)
    Path("_build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="gettext-", dir="_build") as folder:
        target = Path(folder)
        options = ["-q", "-W", "--keep-going", "-d", str(target / ".doctrees"), ".", folder]
        command = [sys.executable, "-X", "utf8", "-m", "sphinx", "-b", "gettext", *options]
        if subprocess.run(command, check=False).returncode:
            raise CatalogueError("the German pages have mistakes (see above); mend them first")
        templates = {}
        for pot in sorted(target.rglob("*.pot")):
            domain = pot.relative_to(target).with_suffix("").as_posix()
            everywhere = PLAIN if domain in (DATA, INTERFACE) else ""
            fields = _fields(domain)
            messages = [entry.msgid for entry in polib.pofile(str(pot))]
            templates[domain] = {text: fields.get(text, everywhere) for text in messages}
    return {domain: messages for domain, messages in templates.items() if messages}


def _fields(domain: str) -> dict[str, str]:
    """The comment on each message of a page that is a field of its front matter."""
    # Only here: they load most of Sphinx, which takes a second.
    from ikm_site.frontmatter import read_record
    from ikm_site.records import texts

    file = Path(f"{domain}.md")
    if not file.is_file():
        return {}
    record, _ = read_record(domain, file.name, file.read_text("utf-8"))
    return {str(text): f"{field}: {PLAIN}" for field, text in reversed(texts(record).items())}


def domains(code: str) -> Iterator[str]:
    """The catalogues of a language; hidden files and copies that editors keep are passed over."""
    folder = path(Path(), code, INTERFACE).parent
    for file in sorted(folder.rglob("*.po")):
        inside = file.relative_to(folder)
        if not any(part.startswith((".", "#", "~")) for part in inside.parts):
            yield inside.with_suffix("").as_posix()


def strays(code: str, templates: Templates) -> Iterator[tuple[str, str]]:
    """Catalogues that belong to no page, each with what to do."""
    for domain in domains(code):
        file = path(Path(), code, domain)
        if code == SOURCE.code and domain != INTERFACE:
            yield domain, f"{file}:1: German pages have no catalogue; delete it, change the page"
        elif code != SOURCE.code and domain not in templates:
            yield domain, f"{file}:1: there is no page {domain}; keep what you need, then delete it"


def rank(entry: polib.POEntry | None) -> int:
    """How much an entry is worth: 3 finished, 2 finished but obsolete, 1 fuzzy, 0 not finished."""
    if entry is None or not entry.msgstr.strip():
        return 0
    return 1 if entry.fuzzy else 2 if entry.obsolete else 3


def best(entries: Iterable[polib.POEntry]) -> Known:
    """The best entry for each message; of equals the first."""
    known: Known = {}
    for entry in entries:
        if entry.msgid not in known or rank(entry) > rank(known[entry.msgid]):
            known[entry.msgid] = entry
    return known


def conflicts(entries: Iterable[polib.POEntry]) -> Iterator[tuple[polib.POEntry, polib.POEntry]]:
    """Pairs of finished entries that translate the same message differently."""
    first: Known = {}
    for entry in entries:
        if rank(entry) == 3 and first.setdefault(entry.msgid, entry).msgstr != entry.msgstr:
            yield first[entry.msgid], entry


def changed(old: Iterable[str], new: Iterable[str]) -> dict[str, str]:
    """For each new text the old one that it has probably come from, near the same place."""
    found: dict[str, str] = {}
    before, after = set(old), set(new)
    gone = [text for text in old if text not in after]
    fresh = [text for text in new if text not in before]
    for number, text in enumerate(fresh):
        place = number * len(gone) // len(fresh)
        near = gone[max(0, place - REACH) : place + REACH]
        words = {tuple(other.split()): other for other in near if other in before}
        for match in get_close_matches(text.split(), words, 1, ALIKE):
            found[text] = words[tuple(match)]
            before.discard(found[text])
    return found


def merge(template: dict[str, str], old: Known, memory: Known) -> Iterator[polib.POEntry]:
    """The entries of a catalogue after its German text: what fits stays, what is new is open."""
    former = changed(old, template)
    for msgid, comment in template.items():
        entry = old.get(msgid)
        if rank(entry) < 2:
            entry = memory.get(msgid, entry)
        new = polib.POEntry(msgid=msgid, comment=comment)
        if former_text := former.get(msgid) if entry is None else None:
            entry = old[former_text]
        if entry is not None:
            new.msgstr, new.tcomment = entry.msgstr, entry.tcomment
            if rank(entry) == 1 or (former_text and entry.msgstr):
                new.flags = ["fuzzy"]
                new.previous_msgid = (entry.fuzzy and entry.previous_msgid) or former_text
        yield new


def write(file: Path, code: str, old: polib.POFile | None, entries: list[polib.POEntry]) -> bool:
    """Write a catalogue in the common form: its header has nothing that changes with each save.

    Returns:
        Whether the file has changed.
    """
    name = str(Locale.parse(code).get_language_name())
    # REUSE-IgnoreStart
    header = (
        f"{name}\n"
        "SPDX-FileCopyrightText: Initiativkreis Europäische Metropolregionen in Deutschland\n"
        "SPDX-License-Identifier: CC-BY-4.0"
    )
    if old is not None and "SPDX-License-Identifier" in old.header:
        header = "\n".join(filter(str.strip, old.header.splitlines()))
    # REUSE-IgnoreEnd
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.header = header
    catalogue.metadata = {
        "Project-Id-Version": "IKM",
        "Language-Team": name,
        "Language": code,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": get_plural(code).plural_forms,
    }
    catalogue.extend(entries)
    text = str(catalogue).encode("utf-8")
    if file.is_file() and file.read_bytes() == text:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text)
    return True


def update(code: str, templates: Templates) -> Iterator[str]:
    """Bring the catalogues of a language up to date; what has changed, and problems."""
    old = {domain: load(path(Path(), code, domain)) for domain in domains(code)}
    memory = best(entry for catalogue in old.values() for entry in catalogue)
    memory = {msgid: entry for msgid, entry in memory.items() if rank(entry) > 1}
    kept: set[str] = set()
    for domain, template in templates.items():
        file, before = path(Path(), code, domain), old.get(domain)
        entries = list(merge(template, best(before or ()), memory))
        kept |= {entry.msgstr for entry in entries}
        twins = list(conflicts(before or ()))
        for one, other in twins:
            yield (f"{file}:{one.linenum} and {other.linenum}: two translations of "
                   f"“{one.msgid[:60]}”; delete one of them")  # fmt: skip
        if not twins and write(file, code, before, entries):
            fuzzy = sum(entry.fuzzy for entry in entries)
            empty = sum(not entry.msgstr for entry in entries)
            yield f"{file}: {len(entries)} messages, {empty} to translate, {fuzzy} fuzzy"
    for domain, problem in strays(code, templates):
        removed = remove(path(Path(), code, domain))
        yield f"{path(Path(), code, domain)}: removed, its page is gone" if removed else problem
        kept |= set() if removed else {entry.msgstr for entry in old[domain]}
    if dropped := {entry.msgstr for entry in memory.values()} - kept:
        yield f"{code}: {len(dropped)} translations of texts that are gone were dropped"


def remove(file: Path) -> bool:
    """Remove a file if git has it as it is, so that nothing is lost; whether it was removed."""
    try:
        command = ["git", "rm", "-q", "--", str(file)]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def source(templates: Templates) -> Iterator[str]:
    """Bring the German words of Sphinx and Furo into the common form; what is wrong."""
    file = path(Path(), SOURCE.code, INTERFACE)
    words = load(file)
    if write(file, SOURCE.code, words, list(words)):
        yield f"{file}: in the common form again"
    yield from (problem for _domain, problem in strays(SOURCE.code, templates))


def main() -> int:
    """Run `make update-po`."""
    said = ""
    try:
        templates = extract()
        updates = [update(language.code, templates) for language in TRANSLATIONS]
        for said in chain(source(templates), *updates):
            print(said)
    except CatalogueError as error:
        print(f"update-po: {error}", file=sys.stderr)
        return 1
    if not said:
        print("All are up to date.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
