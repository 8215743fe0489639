# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""What the commands for translators share: the German messages, the files, the form on disk."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib
from babel import Locale
from babel.messages.plurals import get_plural

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ikm_site.frontmatter import read_record
from ikm_site.languages import SOURCE
from ikm_site.message_catalogues import DATA, INTERFACE, load, path
from ikm_site.records import texts

LOCALES = Path("locales")
#: The comment on a message in which Markdown has no effect.
PLAIN = "plain text, no Markdown"

#: The messages of each domain.
Templates = dict[str, list[polib.POEntry]]


class CatalogueError(Exception):
    """A command cannot go on; the text is for translators."""


def extract() -> Templates:
    """All messages of the German pages, templates, code and data.

    Raises:
        CatalogueError: a page has a mistake; Sphinx has said which.
    """
    print("Reading the German pages …", file=sys.stderr, flush=True)
    Path("_build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="gettext-", dir="_build") as folder:
        target = Path(folder)
        command = [
            sys.executable, "-X", "utf8", "-m", "sphinx", "-b", "gettext", "-q", "-W",
            "--keep-going", "-d", str(target / ".doctrees"), ".", str(target),
        ]  # fmt: skip
        if subprocess.run(command, check=False).returncode:
            raise CatalogueError("the German pages have mistakes (see above); mend them first")
        templates = {}
        for pot in sorted(target.rglob("*.pot")):
            domain = pot.relative_to(target).with_suffix("").as_posix()
            messages = list(polib.pofile(str(pot)))
            places = _plain(domain)
            for message in messages:
                place = places.get(message.msgid)
                message.comment = f"{place}: {PLAIN}" if place else ""
                if domain in (DATA, INTERFACE):
                    message.comment = PLAIN
            if messages:
                templates[domain] = messages
    return templates


def _plain(domain: str) -> dict[str, str]:
    """The place of each message of a page that is plain text: a field of its front matter."""
    file = Path(f"{domain}.md")
    if not file.is_file():
        return {}
    record, _ = read_record(domain, file.name, file.read_text("utf-8"))
    return {str(text): place for place, text in reversed(texts(record).items())}


def domains(code: str) -> Iterator[str]:
    """The catalogues of a language; hidden files and copies that editors keep are passed over."""
    base = LOCALES / code / "LC_MESSAGES"
    for file in sorted(base.rglob("*.po")):
        inside = file.relative_to(base)
        if not any(part.startswith((".", "#", "~")) for part in inside.parts):
            yield inside.with_suffix("").as_posix()


def open_catalogue(code: str, domain: str) -> polib.POFile:
    """Read a catalogue.

    Raises:
        CatalogueError: it cannot be read; the text begins with file and line.
    """
    file = path(Path(), code, domain)
    try:
        return load(file)
    except ValueError as error:
        raise CatalogueError(f"{file}:{error}") from None


def strays(code: str, templates: Templates) -> Iterator[tuple[str, str]]:
    """Catalogues that belong to no page, each with what to do."""
    for domain in domains(code):
        file = path(Path(), code, domain)
        if code == SOURCE.code and domain != INTERFACE:
            yield domain, f"{file}:1: German pages have no catalogue; delete it, change the page"
        elif code != SOURCE.code and domain not in templates:
            yield domain, f"{file}:1: there is no page {domain}; keep what you need, then delete it"


def write(code: str, domain: str, header: str, entries: list[polib.POEntry]) -> bool:
    """Write a catalogue in the common form, which is that of `sphinx-intl update -w 0`.

    The header has no dates and no names of programs, which would change with each save.

    Returns:
        Whether the file has changed.
    """
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.header = header
    catalogue.metadata = {
        "Project-Id-Version": "IKM",
        "Language-Team": str(Locale.parse(code).get_language_name()),
        "Language": code,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": get_plural(code).plural_forms,
    }
    catalogue.extend(entries)
    file, text = path(Path(), code, domain), str(catalogue)
    if file.is_file() and file.read_bytes() == text.encode("utf-8"):
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")
    return True
