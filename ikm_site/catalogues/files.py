# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Catalogue files: where they lie, how they are read, the one form in which they are written."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po

LOCALES = Path("locales")

#: Domains that belong to no page: interface words of templates and Sphinx, words of the data.
COMMON_DOMAINS = ("data", "sphinx")

#: Babel guesses these, and takes `{ref}` for a Python placeholder; our own check compares both.
WRONG_FLAGS = frozenset({"python-brace-format", "python-format"})


@dataclass(frozen=True)
class CatalogueError(Exception):
    """A catalogue that cannot be read: where, what is wrong, what to do."""

    file: Path
    line: int | None
    problem: str
    remedy: str

    def __str__(self) -> str:
        """One line in the form `file:line: problem; remedy`."""
        place = f"{self.file}:{self.line}" if self.line else str(self.file)
        return f"{place}: {self.problem}; {self.remedy}"


def folder(code: str, locales: Path = LOCALES) -> Path:
    """The folder of a language's catalogues."""
    return locales / code / "LC_MESSAGES"


def path(code: str, domain: str, locales: Path = LOCALES) -> Path:
    """The catalogue of a page (`about/history`) or a common domain (`sphinx`)."""
    return folder(code, locales) / f"{domain}.po"


def domains(code: str, locales: Path = LOCALES) -> list[str]:
    """The domains for which a language has a catalogue, sorted."""
    base = folder(code, locales)
    return sorted(file.relative_to(base).with_suffix("").as_posix() for file in base.rglob("*.po"))


def has_catalogue(srcdir: str | os.PathLike[str], code: str, domain: str) -> bool:
    """Whether a page has a catalogue of its own in a language; the source needs none."""
    from ikm_site.languages import SOURCE

    return code == SOURCE.code or path(code, domain, Path(srcdir) / LOCALES).is_file()


def read(file: Path, code: str | None = None) -> Catalog:
    """Read a catalogue.

    Raises:
        CatalogueError: it is not UTF-8 or not a catalogue.
    """
    raw = file.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise CatalogueError(
            file,
            line,
            f"is not UTF-8 (byte 0x{raw[error.start]:02x})",
            "save it again with the encoding UTF-8",
        ) from error
    try:
        return read_po(io.StringIO(text), locale=code, abort_invalid=True)
    except PoFileError as error:
        raise CatalogueError(
            file,
            (error.lineno or 0) + 1,
            str(error).split(" on ")[0],
            "each text stands in quotes behind msgid or msgstr; undo the last change there",
        ) from error
    except (ValueError, LookupError) as error:
        raise CatalogueError(
            file, None, f"cannot be read ({error})", "compare it with the last good version"
        ) from error


def render(catalogue: Catalog) -> bytes:
    """The catalogue's normal form: no wrapping, no locations, no obsolete entries."""
    for message in catalogue:
        message.flags -= WRONG_FLAGS
    buffer = io.BytesIO()
    write_po(
        buffer, catalogue, width=0, no_location=True, ignore_obsolete=True, include_previous=True
    )
    return buffer.getvalue()


def write(file: Path, catalogue: Catalog) -> bool:
    """Write the normal form; touch the file only if its bytes change. Tells if they did."""
    data = render(catalogue)
    if file.is_file() and file.read_bytes() == data:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return True


def messages(catalogue: Catalog) -> list[Message]:
    """The messages without the header."""
    return [message for message in catalogue if message.id]


def is_translated(message: Message) -> bool:
    """Whether a message is translated and not only guessed."""
    strings = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
    return bool(strings) and all(strings) and not message.fuzzy


def compile_all(code: str, locales: Path = LOCALES) -> list[CatalogueError]:
    """Compile all catalogues of a language anew and drop compiled ones without a source.

    A compiled catalogue whose source is gone would go on being published.
    """
    problems: list[CatalogueError] = []
    for stale in sorted(folder(code, locales).rglob("*.mo")):
        stale.unlink()
    for domain in domains(code, locales):
        source = path(code, domain, locales)
        try:
            catalogue = read(source, code)
        except CatalogueError as error:
            problems.append(error)
            continue
        with source.with_suffix(".mo").open("wb") as target:
            write_mo(target, catalogue)
    return problems
