# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Bring the catalogues up to date with the German text (`make update-po`).

It does what `sphinx-intl update -w 0 --no-obsolete` does, and four things more: a sentence that
moves to another page brings its translation along, a changed one has its former German text
beside it, the catalogue of a deleted page goes, and six hundred changed sentences take seconds.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from pathlib import Path

import polib
from babel.messages.plurals import get_plural

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ikm_site.languages import SOURCE, TRANSLATIONS, Language
from ikm_site.message_catalogues import INTERFACE, path
from tools import po

#: How far from its place a changed sentence is looked for, and how alike it must be (0 to 1).
REACH, ALIKE = 10, 0.6

#: The best entry for each message.
Known = dict[str, polib.POEntry]


def rank(entry: polib.POEntry) -> int:
    """How much an entry is worth: 3 finished, 2 finished but obsolete, 1 fuzzy, 0 not finished."""
    if not all(entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]):
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
        if rank(entry) == 3:
            other = first.setdefault(entry.msgid, entry)
            if (other.msgstr, other.msgstr_plural) != (entry.msgstr, entry.msgstr_plural):
                yield other, entry


def likeness(one: str, other: str) -> float:
    """How alike two texts are, from 0 to 1; texts that are not alike cost little."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    return matcher.ratio()


def changed(old: list[str], new: list[str]) -> dict[str, str]:
    """For each new text the old one that it has probably come from, near the same place."""
    found: dict[str, str] = {}
    gone = set(old) - set(new)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, start, end, first, last in matcher.get_opcodes():
        if kind == "equal":
            continue
        for place, text in enumerate(new[first:last], start):
            near = old[max(0, place - REACH) : min(place, end) + REACH]
            likely = [(likeness(text, other), other) for other in near if other in gone]
            alike, other = max(likely, default=(0.0, ""))
            if alike >= ALIKE:
                found[text] = other
                gone.discard(other)
    return found


def merge(template: list[polib.POEntry], old: Known, memory: Known) -> list[polib.POEntry]:
    """The entries of a catalogue after its German text: what fits stays, what is new is open."""
    former = changed(list(old), [message.msgid for message in template])
    entries = []
    for message in template:
        entry = old.get(message.msgid)
        if entry is None or rank(entry) < 2:
            entry = memory.get(message.msgid, entry)
        previous = None
        if entry is None and rank(old.get(former.get(message.msgid, ""), message)):
            entry = old[former[message.msgid]]
            previous = (entry.fuzzy and entry.previous_msgid) or entry.msgid
        elif entry is not None and rank(entry) == 1:
            previous = entry.previous_msgid
        if entry is not None:
            message.msgstr, message.tcomment = entry.msgstr, entry.tcomment
            if message.msgid_plural and entry.msgstr_plural:
                message.msgstr_plural = entry.msgstr_plural
            if previous or rank(entry) == 1:
                message.flags, message.previous_msgid = ["fuzzy"], previous
        entries.append(message)
    return entries


def tracked() -> set[Path]:
    """The files below `locales/` that git has; none where there is no git."""
    command = ["git", "ls-files", "-z", "--", str(po.LOCALES)]
    try:
        listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return set()
    return {Path(name) for name in listed.split("\0") if name}


def header(language: Language, old: polib.POFile | None) -> str:
    """The comment at the head of a catalogue: kept, or our own for a new one."""
    # REUSE-IgnoreStart
    if old is not None and "SPDX-License-Identifier" in old.header:
        return "\n".join(line for line in old.header.splitlines() if line.strip())
    return (
        f"{language.name}\n"
        "SPDX-FileCopyrightText: Initiativkreis Europäische Metropolregionen in Deutschland\n"
        "SPDX-License-Identifier: CC-BY-4.0"
    )
    # REUSE-IgnoreEnd


class Update:
    """The update of all catalogues, with what is to be said about it."""

    def __init__(self, templates: po.Templates) -> None:
        self.templates = templates
        self.changed = 0
        self.problems: list[str] = []

    def say(self, text: str) -> None:
        """Report a changed file."""
        self.changed += 1
        print(text)

    def language(self, language: Language) -> None:
        """Bring the catalogues of a language up to date."""
        code = language.code
        old = {domain: po.open_catalogue(code, domain) for domain in po.domains(code)}
        memory = best(entry for catalogue in old.values() for entry in catalogue)
        memory = {msgid: entry for msgid, entry in memory.items() if rank(entry) > 1}
        kept: set[str] = set()
        for domain, template in sorted(self.templates.items()):
            file, before = path(Path(), code, domain), old.get(domain)
            twins = list(conflicts(before or ()))
            for one, other in twins:
                self.problems.append(
                    f"{file}:{one.linenum} and {other.linenum}: two translations of "
                    f"“{one.msgid[:60]}”; delete one of them"
                )
            copies = [polib.POEntry(**_fields(message, code)) for message in template]
            entries = merge(copies, best(before or ()), memory)
            kept |= {entry.msgstr for entry in entries}
            if not twins and po.write(code, domain, header(language, before), entries):
                fuzzy = sum(entry.fuzzy for entry in entries)
                empty = sum(rank(entry) == 0 for entry in entries)
                self.say(f"{file}: {len(entries)} messages, {empty} to translate, {fuzzy} fuzzy")
        for domain in self.remove(code):
            kept |= {entry.msgstr for entry in old[domain]}
        dropped = sum(entry.msgstr not in kept for entry in memory.values() if entry.msgstr)
        if dropped:
            print(f"{language.name}: {dropped} translations of texts that are gone were dropped")

    def remove(self, code: str) -> list[str]:
        """Remove catalogues whose page is gone, if git has them; name and return the others."""
        ours = tracked()
        left = []
        for domain, problem in po.strays(code, self.templates):
            file = path(Path(), code, domain)
            if file not in ours or code == SOURCE.code:
                self.problems.append(problem)
                left.append(domain)
                continue
            file.unlink()
            self.say(f"{file}: removed, its page is gone")
            for folder in file.parents[: len(file.parents) - 4]:
                if not any(folder.iterdir()):
                    folder.rmdir()
        return left


def _fields(message: polib.POEntry, code: str) -> dict[str, object]:
    plural = dict.fromkeys(range(get_plural(code).num_plurals), "")
    return {
        "msgid": message.msgid,
        "comment": message.comment,
        "msgid_plural": message.msgid_plural,
        "msgstr_plural": plural if message.msgid_plural else {},
    }


def main() -> int:
    """Run `make update-po`."""
    try:
        update = Update(po.extract())
        for language in TRANSLATIONS:
            update.language(language)
        update.remove(SOURCE.code)
        words = po.open_catalogue(SOURCE.code, INTERFACE)
        if po.write(SOURCE.code, INTERFACE, header(SOURCE, words), list(words)):
            update.say(f"{path(Path(), SOURCE.code, INTERFACE)}: in the common form again")
    except po.CatalogueError as error:
        print(f"update-po: {error}", file=sys.stderr)
        return 1
    print(*update.problems, sep="\n", end="\n" if update.problems else "")
    print(f"{update.changed} catalogues changed" if update.changed else "All are up to date.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
