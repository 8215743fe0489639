"""Bring the catalogues up to date with the German text (`make update-po`).

It does what `sphinx-intl update -w 0 --no-obsolete` does, with its function, and more: a sentence
that moves to another page brings its translation along, a changed one has its former German text
beside it, the catalogue of a deleted page goes.
"""

import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from shutil import which
from subprocess import run

import polib
from babel.messages.catalog import Catalog
from babel.messages.plurals import get_plural
from sphinx_intl.catalog import update_with_fuzzy

from ikm_site.languages import LANGUAGES, SOURCE, TRANSLATIONS, Language
from ikm_site.message_catalogues import INTERFACE, load, path
from ikm_site.problems import Problem, ProblemsError

#: Catalogues by their files.
Catalogues = dict[Path, polib.POFile]
#: What to do with a catalogue whose words are shown nowhere.
STRAY = "belongs to no page; keep what you need, then delete it"


def extract() -> dict[str, Catalogues]:
    """All messages that each language must have, without translations.

    In German these are the English ones of Sphinx and Furo that its catalogue has.

    Raises:
        ProblemsError: a page has a mistake; Sphinx has said which.
    """
    print("Reading the German pages …", file=sys.stderr, flush=True)
    Path("_build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="gettext-", dir="_build") as folder:
        target = Path(folder)
        options = ["-q", "-W", "--keep-going", "-d", str(target / ".doctrees"), ".", folder]
        command = [sys.executable, "-X", "utf8", "-m", "sphinx", "-b", "gettext", *options]
        if run(command, check=False).returncode:
            wrong = "the German pages have mistakes (see above)"
            raise ProblemsError([Problem("make gettext", 0, wrong, "mend them first")])
        templates = {file.relative_to(target).with_suffix("").as_posix(): load(file)
                     for file in sorted(target.rglob("*.pot"))}  # fmt: skip
        german = load(target / f"{INTERFACE}.pot")
    file = path(Path(), SOURCE.code, INTERFACE)
    german[:] = load(file)
    return {SOURCE.code: {file: german}} | {
        language.code: {path(Path(), language.code, domain): messages
                        for domain, messages in templates.items() if messages}
        for language in TRANSLATIONS
    }  # fmt: skip


def existing(code: str) -> list[Path]:
    """The catalogues of a language; hidden files and copies that editors keep are passed over."""
    return sorted(path(Path(), code, INTERFACE).parent.rglob("[!.#~]*.po"))


def best(entries: Iterable[polib.POEntry]) -> dict[str, polib.POEntry]:
    """The best entry for each message: finished, else obsolete, fuzzy, empty; then the first."""
    known: dict[str, polib.POEntry] = {}
    for entry in sorted(entries, key=lambda each: (not each.msgstr, each.fuzzy, each.obsolete)):
        known.setdefault(entry.msgid, entry)
    return known


def merge(
    language: Language, template: polib.POFile, old: polib.POFile, moved: list[polib.POEntry]
) -> polib.POFile:
    """A catalogue after its German text: what fits stays, what is new is open.

    Its header has nothing that changes with each save.
    """
    merged = polib.POFile(wrapwidth=0)
    header = old.header if "SPDX" in old.header else f"{language.name}\n{template.header}"
    merged.header = "\n".join(filter(str.strip, header.splitlines()))
    merged.metadata = template.metadata | {
        "Language": language.code,
        "Language-Team": language.name,
        "Plural-Forms": get_plural(language.code).plural_forms,
    }
    known, catalogue, wanted = best([*old, *moved]), Catalog(), Catalog()
    for entry in known.values():
        catalogue.add(entry.msgid, entry.msgstr)
    for entry in template:
        wanted.add(entry.msgid)
    update_with_fuzzy(catalogue, wanted)
    for message, new in zip(list(catalogue)[1:], template, strict=True):
        entry = polib.POEntry(msgid=new.msgid, comment=new.comment)
        # What is fuzzy is the translation of a text that is like the new one.
        text = str(message.previous_id[0]) if message.fuzzy else new.msgid
        if former := known.get(text):
            entry.msgstr, entry.tcomment = former.msgstr, former.tcomment
            if message.fuzzy or former.fuzzy:
                entry.flags = ["fuzzy"]
                entry.previous_msgid = former.previous_msgid if former.fuzzy else former.msgid
        merged.append(entry)
    return merged


def update(language: Language, templates: Catalogues, old: Catalogues) -> Iterator[str]:
    """Bring the catalogues of a language up to date; what has changed, and problems."""
    every = (entry for catalogue in old.values() for entry in catalogue)
    memory = best(entry for entry in every if entry.msgstr and not entry.fuzzy)
    kept: set[str] = set()
    for file, template in templates.items():
        moved = [memory[entry.msgid] for entry in template if entry.msgid in memory]
        merged = merge(language, template, old.get(file, polib.POFile()), moved)
        kept |= {entry.msgstr for entry in merged}
        text = str(merged).encode("utf-8")
        if not file.is_file() or file.read_bytes() != text:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text)
            empty, fuzzy = len(merged.untranslated_entries()), len(merged.fuzzy_entries())
            yield f"{file}: {len(merged)} messages, {empty} to translate, {fuzzy} fuzzy"
    for file in sorted(old.keys() - templates.keys()):
        # git removes only what it has as it is, so that nothing is lost.
        command = ["git", "rm", "-q", "--", str(file)]
        if which("git") and run(command, check=False, capture_output=True).returncode == 0:
            yield f"{file}: removed, its page is gone"
        else:
            yield f"{file}: {STRAY}"
            kept |= {entry.msgstr for entry in old[file]}
    if dropped := {entry.msgstr for entry in memory.values()} - kept:
        yield f"{language.code}: {len(dropped)} translations of texts that are gone were dropped"


def main() -> None:
    """Run `make update-po`."""
    templates = extract()
    old = {code: {file: load(file) for file in existing(code)} for code in templates}
    changes: list[str] = []
    for language in LANGUAGES:
        changes += update(language, templates[language.code], old[language.code])
    print(*changes or ["All are up to date."], sep="\n")


if __name__ == "__main__":
    main()
