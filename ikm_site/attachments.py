"""Files that pages offer: downloads, and the papers in `statements/files/`.

Only files of the project, of kinds in which nothing can run, are published. A paper has one
address for all languages, `/statements/files/<name>.pdf`, and keeps it.
"""

import contextlib
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.units import format_unit
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from ikm_site.domain import records
from ikm_site.frontmatter import field_problem
from ikm_site.languages import SOURCE, language
from ikm_site.problems import Problem
from ikm_site.records import Statement
from ikm_site.templates import add_functions, after_pages

FOLDER = "statements/files"
#: The kinds of files that are published, by how they begin.
KINDS = {".pdf": b"%PDF-", ".png": b"\x89PNG\r\n", ".jpg": b"\xff\xd8\xff", ".webp": b"RIFF"}
#: What a PDF could do beside showing pages.
_ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia)\b")


def problem(root: Path, path: str) -> str | None:
    """Why a file must not be published, with a remedy; None if it may, as the theme's own may.

    Args:
        root: the project.
        path: the file's place, relative to the project.
    """
    file = root / path
    # Exactly this name: some systems do not tell capitals from small letters, servers do.
    if not file.is_file() or file.name not in {entry.name for entry in file.parent.iterdir()}:
        return f"es gibt keine Datei {path}; legen Sie sie dorthin"
    if file.resolve() != root.resolve() / path:
        return f"{path} liegt nicht in diesem Ordner; legen Sie die Datei selbst hinein"
    if path.startswith("theme/"):
        return None
    begin, data = KINDS.get(file.suffix), file.read_bytes()
    if begin is None:
        return f"{path}: erlaubt sind nur {', '.join(KINDS)}"
    if not data.startswith(begin):
        return f"{path} ist beschädigt oder keine {file.suffix}-Datei; ersetzen Sie sie"
    if file.suffix == ".pdf" and b"/Encrypt" in data:
        return f"{path} ist verschlüsselt; speichern Sie das PDF ohne Kennwort und ohne Schutz"
    if file.suffix == ".pdf" and _ACTIVE.search(data + _inflated(data)):
        return f"{path} enthält Programme oder Anhänge; drucken Sie es neu in eine PDF-Datei"
    return None


def _inflated(data: bytes) -> bytes:
    """The compressed parts of a PDF, each up to 1 MB."""
    parts = []
    for match in re.finditer(rb"stream\r?\n", data):
        with contextlib.suppress(zlib.error):
            parts.append(zlib.decompressobj().decompress(data[match.end() :], 1_000_000))
    return b"\n".join(parts)


def _path(record: object) -> str | None:
    """The paper of a statement that has one, relative to the project."""
    document = record.document if isinstance(record, Statement) else None
    return document and f"statements/{document}"


def paper(app: Sphinx, docname: str) -> dict[str, Any] | None:
    """The paper of a statement: its address from the root of the site, and its size."""
    path = _path(records(app.env)[docname])
    if path is None:
        return None
    size = (Path(app.srcdir) / path).stat().st_size
    unit, number = "kilobyte", float(max(1, round(size / 1000)))
    if number >= 1000:
        unit, number = "megabyte", round(number / 1000, 1)
    locale = language(app.config.language).locale
    shown = format_unit(number, f"digital-{unit}", "short", locale=locale)
    return {"path": path, "bytes": size, "size": shown.replace(" ", "\u00a0")}


def _check(app: Sphinx, env: BuildEnvironment) -> Iterator[Problem]:
    """Name each paper that must not be published, and each that no statement offers."""
    root, papers = Path(app.srcdir), {page: _path(each) for page, each in records(env).items()}
    for docname, path in papers.items():
        if path:
            # The page shows its size.
            env.note_dependency(path, docname=docname)
            if wrong := problem(root, path):
                yield field_problem(env, docname, "document", wrong)
    for file in sorted((root / FOLDER).glob("[!.]*")):
        if (path := file.relative_to(root).as_posix()) not in papers.values():
            advice = f"schreiben Sie in eine „document: files/{file.name}“ oder löschen Sie sie"
            yield Problem(path, 0, "keine Stellungnahme bietet diese Datei an", advice)


def _files(app: Sphinx) -> Iterator[tuple[str, bytes]]:
    """The papers, beside the pages of the source language: one address for all."""
    if app.config.language == SOURCE.code:
        for path in filter(None, map(_path, records(app.env).values())):
            yield path, (Path(app.srcdir) / path).read_bytes()


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the papers with Sphinx."""
    add_functions(app, paper=paper)
    app.connect("ikm-check", _check)
    after_pages(app, FOLDER, _files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
