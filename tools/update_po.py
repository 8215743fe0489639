# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Bring the catalogues up to date with the German text (`make update-po`).

It does what `sphinx-intl update -w 0 --no-obsolete` does, with its function, and more: a sentence
that moves to another page brings its translation along, a changed one has its former German text
beside it, the catalogue of a deleted page goes.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import polib
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.plurals import get_plural
from sphinx_intl.catalog import load_po, update_with_fuzzy

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ikm_site.languages import SOURCE, TRANSLATIONS
from ikm_site.message_catalogues import INTERFACE, CatalogueError, load, path

#: The messages of each domain: German texts with their comments.
Templates = dict[str, Catalog]
#: What to do with a catalogue whose words are shown nowhere.
STRAY = "belongs to no page; keep what you need, then delete it"
# REUSE-IgnoreStart
_LICENCE = """SPDX-FileCopyrightText: Initiativkreis Europäische Metropolregionen in Deutschland
SPDX-License-Identifier: CC-BY-4.0"""
# REUSE-IgnoreEnd


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
        found = {file.relative_to(target): load_po(file) for file in sorted(target.rglob("*.pot"))}
    return {file.with_suffix("").as_posix(): each for file, each in found.items() if len(each)}


def domains(code: str) -> Iterator[str]:
    """The catalogues of a language; hidden files and copies that editors keep are passed over."""
    folder = path(Path(), code, INTERFACE).parent
    for file in sorted(folder.rglob("[!.#~]*.po")):
        yield file.relative_to(folder).with_suffix("").as_posix()


def wanted(code: str, templates: Templates) -> Iterable[str]:
    """The catalogues that a language must have; German pages have none."""
    return (INTERFACE,) if code == SOURCE.code else templates


def strays(code: str, templates: Templates) -> list[str]:
    """Catalogues whose words are shown nowhere."""
    return sorted({*domains(code)} - {*wanted(code, templates)})


def msgids(template: Catalog) -> list[str]:
    """The German texts of a template, in their order."""
    return [str(message.id) for message in template if message.id]


def rank(entry: polib.POEntry | None) -> int:
    """How much an entry is worth: 3 finished, 2 finished but obsolete, 1 fuzzy, 0 not finished."""
    if entry is None or not entry.msgstr.strip():
        return 0
    return 1 if entry.fuzzy else 2 if entry.obsolete else 3


def best(entries: Iterable[polib.POEntry]) -> dict[str, polib.POEntry]:
    """The best entry for each message; of equals the first."""
    known: dict[str, polib.POEntry] = {}
    for entry in sorted(entries, key=rank, reverse=True):
        known.setdefault(entry.msgid, entry)
    return known


def merge(template: Catalog, old: Iterable[polib.POEntry]) -> Iterator[polib.POEntry]:
    """The entries of a catalogue after its German text: what fits stays, what is new is open."""
    known, catalogue = best(old), Catalog()
    for entry in known.values():
        flags = {"fuzzy"} if rank(entry) == 1 else ()
        comments = entry.tcomment.splitlines()
        catalogue.add(entry.msgid, entry.msgstr, flags=flags, user_comments=comments)
    update_with_fuzzy(catalogue, template)
    for message in catalogue:
        if not message.id:
            continue
        entry = polib.POEntry(
            msgid=message.id,
            msgstr=message.string,
            comment="\n".join(message.auto_comments),
            tcomment="\n".join(message.user_comments),
        )
        if message.fuzzy:
            entry.flags = ["fuzzy"]
            former = known[str(message.previous_id[0] if message.previous_id else message.id)]
            entry.previous_msgid = former.previous_msgid if former.fuzzy else former.msgid
        yield entry


def write(file: Path, code: str, old: polib.POFile | None, entries: list[polib.POEntry]) -> bool:
    """Write a catalogue in the common form: its header has nothing that changes with each save.

    Returns:
        Whether the file has changed.
    """
    name = str(Locale.parse(code).get_language_name())
    header = old.header if old is not None and "SPDX" in old.header else f"{name}\n{_LICENCE}"
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.header = "\n".join(filter(str.strip, header.splitlines()))
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


def _remove(file: Path) -> bool:
    """Remove a file if git has it as it is, so that nothing is lost; whether it was removed."""
    with suppress(OSError):
        command = ["git", "rm", "-q", "--", str(file)]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
    return False


def update(code: str, templates: Templates, old: dict[str, polib.POFile]) -> Iterator[str]:
    """Bring the catalogues of a language up to date; what has changed, and problems."""
    memory = best(entry for catalogue in old.values() for entry in catalogue if rank(entry) > 1)
    kept: set[str] = set()
    for domain, template in templates.items():
        moved = [memory[msgid] for msgid in msgids(template) if msgid in memory]
        entries = list(merge(template, [*old.get(domain, ()), *moved]))
        kept |= {entry.msgstr for entry in entries}
        file = path(Path(), code, domain)
        if write(file, code, old.get(domain), entries):
            fuzzy = sum(entry.fuzzy for entry in entries)
            empty = sum(not entry.msgstr for entry in entries)
            yield f"{file}: {len(entries)} messages, {empty} to translate, {fuzzy} fuzzy"
    for domain in strays(code, templates):
        removed = _remove(path(Path(), code, domain))
        yield f"{path(Path(), code, domain)}: {'removed, its page is gone' if removed else STRAY}"
        kept |= set() if removed else {entry.msgstr for entry in old[domain]}
    if dropped := {entry.msgstr for entry in memory.values()} - kept:
        yield f"{code}: {len(dropped)} translations of texts that are gone were dropped"


def main() -> int:
    """Run `make update-po`."""
    changes = []
    try:
        templates = extract()
        codes = [language.code for language in TRANSLATIONS]
        old = {code: {each: load(path(Path(), code, each)) for each in domains(code)}
               for code in codes}  # fmt: skip
        file = path(Path(), SOURCE.code, INTERFACE)
        german = load(file)
    except CatalogueError as error:
        print(f"update-po: {error}", file=sys.stderr)
        return 1
    if write(file, SOURCE.code, german, list(german)):
        changes.append(f"{file}: in the common form again")
    for code in codes:
        changes += update(code, templates, old[code])
    print(*changes or ["All are up to date."], sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
