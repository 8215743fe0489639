# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Extract the German messages and merge them into the catalogues (`make update-po`)."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from babel.messages import Catalog, Message
from sphinx_intl.catalog import update_with_fuzzy

from ikm_site.catalogues import files
from ikm_site.languages import LANGUAGES, SOURCE, TRANSLATIONS, Language

TEMPLATES = Path("_build/gettext")

_PLAIN = "plain text, no Markdown"


class ExtractionError(Exception):
    """The German messages could not be extracted."""


def extract(target: Path = TEMPLATES, srcdir: Path = Path()) -> dict[str, Catalog]:
    """All messages of the German pages and templates, by domain.

    Raises:
        ExtractionError: Sphinx found a mistake in a page; it has said which.
    """
    shutil.rmtree(target, ignore_errors=True)
    command = [
        sys.executable, "-m", "sphinx", "-b", "gettext", "-q", "-n", "-W", "--keep-going",
        "-E", "-a", "-d", str(target / ".doctrees"), str(srcdir), str(target),
    ]  # fmt: skip
    if subprocess.run(command, check=False).returncode:
        raise ExtractionError("the German pages have mistakes (see above); mend them first")
    plain: dict[str, dict[str, str]] = json.loads((target / "plain.json").read_text("utf-8"))
    templates = {}
    for pot in sorted(target.rglob("*.pot")):
        domain = pot.relative_to(target).with_suffix("").as_posix()
        catalogue = files.read(pot)
        for message in catalogue:
            message.locations = []
            place = plain.get(domain, {}).get(str(message.id))
            if place is not None:
                message.auto_comments = [f"{place}: {_PLAIN}"]
            elif domain in files.COMMON_DOMAINS:
                message.auto_comments = [_PLAIN]
        if files.messages(catalogue):
            templates[domain] = catalogue
    return templates


def _new(language: Language) -> Catalog:
    return Catalog(
        locale=language.code,
        fuzzy=False,
        # REUSE-IgnoreStart
        header_comment=(
            f"# {language.name}\n"
            "# SPDX-FileCopyrightText: Initiativkreis Europäische Metropolregionen in Deutschland\n"
            "# SPDX-License-Identifier: CC-BY-4.0"
        ),
        # REUSE-IgnoreEnd
    )


def memory(language: Language) -> dict[str, Message]:
    """Every finished translation of a language by its German text, over all catalogues."""
    known: dict[str, Message] = {}
    for domain in files.domains(language.code):
        for message in files.messages(files.read(files.path(language.code, domain), language.code)):
            if files.is_translated(message) and isinstance(message.id, str):
                known.setdefault(message.id, message)
    return known


def merge(
    old: Catalog | None, template: Catalog, language: Language, known: dict[str, Message]
) -> Catalog:
    """The catalogue of a page after its German text: what fits stays, what is new is open.

    A changed sentence keeps its old translation, marked fuzzy, with the old German text.
    A sentence that came from another page brings its translation along.
    """
    if old is None:
        old = _new(language)
    header = old.header_comment
    before = {message.id for message in files.messages(old)}
    for message in files.messages(template):
        twin = known.get(message.id) if isinstance(message.id, str) else None
        if twin is not None and message.id not in before:
            old.add(message.id, twin.string, user_comments=twin.user_comments)
    former = {message.id: message.previous_id for message in files.messages(old) if message.fuzzy}
    update_with_fuzzy(old, template)
    for message in old:
        message.locations = []
        # Babel forgets what an earlier update noted, and a translator would not see what changed.
        if message.fuzzy and not message.previous_id:
            message.previous_id = former.get(message.id, [])
    old.header_comment = header
    return old


def update(languages: tuple[Language, ...] = TRANSLATIONS) -> int:
    """Bring all catalogues up to date; print what changed.

    Returns:
        The number of files that were written or removed.
    """
    templates = extract()
    changed = 0
    for language in languages:
        known = memory(language)
        wanted = set(templates)
        for domain, template in sorted(templates.items()):
            file = files.path(language.code, domain)
            old = files.read(file, language.code) if file.is_file() else None
            catalogue = merge(old, template, language, known)
            if files.write(file, catalogue):
                changed += 1
                print(f"{file}: {_count(catalogue)}")
        for domain in files.domains(language.code):
            if domain not in wanted:
                gone = files.path(language.code, domain)
                gone.unlink()
                gone.with_suffix(".mo").unlink(missing_ok=True)
                changed += 1
                print(f"{gone}: removed, its page is gone")
        _prune(files.folder(language.code))
    print(f"{changed} catalogues changed" if changed else "All catalogues are up to date.")
    return changed


def _count(catalogue: Catalog) -> str:
    every = files.messages(catalogue)
    fuzzy = sum(message.fuzzy for message in every)
    missing = sum(not files.is_translated(message) and not message.fuzzy for message in every)
    return f"{len(every)} messages, {missing} to translate, {fuzzy} to review (fuzzy)"


def _prune(base: Path) -> None:
    """Remove folders that hold no catalogue any more."""
    for directory in sorted((p for p in base.rglob("*") if p.is_dir()), reverse=True):
        if not any(directory.iterdir()):
            directory.rmdir()


def main() -> int:
    """Run `make update-po`."""
    codes = sys.argv[1:]
    chosen = tuple(entry for entry in LANGUAGES if entry.code in codes and entry is not SOURCE)
    try:
        update(chosen or TRANSLATIONS)
    except (ExtractionError, files.CatalogueError) as error:
        print(f"update-po: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
