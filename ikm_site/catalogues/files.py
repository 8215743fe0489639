# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Catalogue files: where they lie, how they are read, the one form in which they are written."""

from __future__ import annotations

import io
import os
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.plurals import get_plural
from babel.messages.pofile import PoFileError, denormalize, normalize, read_po

from ikm_site.catalogues import quick

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
        catalogue = read_po(io.StringIO(without_dates(text)), locale=code, abort_invalid=True)
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
    for message in catalogue:
        _take_previous(message)
    return catalogue


def without_dates(text: str) -> str:
    """A catalogue's text with its dates as empty lines.

    Nobody needs them, and Babel stumbles over empty ones, which some programs write.
    """
    return re.sub(r'(?m)^"(?:POT-Creation|PO-Revision)-Date:[^"]*"\s*?$', "", text)


def _take_previous(message: Message) -> None:
    """Babel reads the former German text (`#| msgid "…"`) as comments; take it out of them."""
    previous = [text[1:].strip() for text in message.user_comments if text.startswith("|")]
    if previous:
        message.user_comments = [t for t in message.user_comments if not t.startswith("|")]
        parts = re.split(r"^msgid(?:_plural)? ", "\n".join(previous), flags=re.MULTILINE)
        message.previous_id = [denormalize(part.strip()) for part in parts if part.strip()]


def _entry(message: Message) -> Iterator[str]:
    for comment in message.user_comments:
        # Some programs wrap comments at 78 or 79; what is shorter stays as it is.
        for line in textwrap.wrap(comment, 74, break_long_words=False, break_on_hyphens=False):
            yield f"# {line}"
    for comment in message.auto_comments:
        yield f"#. {comment}"
    flags = set(message.flags) - WRONG_FLAGS
    if flags:
        # "fuzzy" first, as gettext's own tools have it.
        yield f"#, {', '.join(sorted(flags, key=lambda flag: (flag != 'fuzzy', flag)))}"
    if message.fuzzy:
        for keyword, text in zip(("msgid", "msgid_plural"), message.previous_id, strict=False):
            yield from (
                f"#| {line}" for line in f"{keyword} {normalize(text, width=0)}".split("\n")
            )
    if message.context is not None:
        yield f"msgctxt {normalize(message.context, width=0)}"
    if isinstance(message.id, str):
        yield f"msgid {normalize(message.id, width=0)}"
        yield f"msgstr {normalize(str(message.string or ''), width=0)}"
    else:
        yield f"msgid {normalize(message.id[0], width=0)}"
        yield f"msgid_plural {normalize(message.id[1], width=0)}"
        for number, text in enumerate(message.string or ()):
            yield f"msgstr[{number}] {normalize(text, width=0)}"


def render(catalogue: Catalog) -> bytes:
    """The catalogue's normal form: no wrapping, no locations, no obsolete entries.

    It is what `msgcat --no-wrap` writes as well. The header has no dates and no names of
    programs, which would change with each save; git knows who changed what and when.
    """
    code = str(catalogue.locale_identifier)
    locale = Locale.parse(code)
    comment = catalogue.header_comment.strip("\n").split("\n")
    head = [
        *(line.rstrip() for line in comment if line.rstrip() not in {"", "#"}),
        'msgid ""',
        'msgstr ""',
        r'"Project-Id-Version: IKM\n"',
        rf'"Language-Team: {locale.get_language_name()}\n"',
        rf'"Language: {code}\n"',
        r'"MIME-Version: 1.0\n"',
        r'"Content-Type: text/plain; charset=UTF-8\n"',
        r'"Content-Transfer-Encoding: 8bit\n"',
        rf'"Plural-Forms: {get_plural(code).plural_forms}\n"',
    ]
    entries = ["\n".join(_entry(message)) for message in messages(catalogue)]
    return ("\n\n".join(["\n".join(head), *entries]) + "\n").encode("utf-8")


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


def entries(file: Path, code: str) -> Sequence[Message | quick.Message]:
    """The messages of a catalogue, for whoever needs to know nothing else of it.

    Raises:
        CatalogueError: it is not UTF-8 or not a catalogue.
    """
    quickly = _quickly(file, code)
    return messages(read(file, code)) if quickly is None else quickly[1:]


def is_translated(message: Message | quick.Message) -> bool:
    """Whether a message is translated and not only guessed."""
    strings = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
    return bool(strings) and all(strings) and not message.fuzzy


class _Compiled(list[quick.Message]):
    """What Babel's `write_mo` needs of a catalogue."""

    charset = "utf-8"


def _quickly(source: Path, code: str) -> _Compiled | None:
    """The messages of a catalogue in the project's form, or None if it has another one."""
    try:
        messages = quick.read(source.read_text("utf-8"))
    except UnicodeDecodeError:
        return None
    if messages is None or len({message.id for message in messages}) < len(messages):
        return None
    # As Babel does: what the header must say follows from the language, whatever it says.
    rule = f"Plural-Forms: {get_plural(code).plural_forms}\n"
    header = f"Content-Type: text/plain; charset=utf-8\n{rule}"
    return _Compiled([messages[0]._replace(string=header), *messages[1:]])


def compile_one(source: Path, code: str) -> CatalogueError | None:
    """Compile one catalogue; a compiled one that is up to date keeps its time.

    Returns:
        What is wrong with the catalogue, None if it is compiled.
    """
    try:
        catalogue: Any = _quickly(source, code) or read(source, code)
    except CatalogueError as error:
        return error
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    target = source.with_suffix(".mo")
    if not target.is_file() or target.read_bytes() != buffer.getvalue():
        target.write_bytes(buffer.getvalue())
    return None


def compile_all(code: str, locales: Path = LOCALES) -> list[CatalogueError]:
    """Compile all catalogues of a language and drop compiled ones without a source.

    A compiled catalogue whose source is gone would go on being published.
    """
    for compiled in sorted(folder(code, locales).rglob("*.mo")):
        if not compiled.with_suffix(".po").is_file():
            compiled.unlink()
    results = (compile_one(path(code, domain, locales), code) for domain in domains(code, locales))
    return [problem for problem in results if problem is not None]
