# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The papers themselves: PDF files in `statements/files/`, checked and offered for download.

A file has one address for all languages, `/statements/files/<name>.pdf`, and keeps it.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.util import logging

from ikm_site.domain import once_per_build, records
from ikm_site.frontmatter import place
from ikm_site.languages import SOURCE, language
from ikm_site.records import Statement

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

logger = logging.getLogger(__name__)

FOLDER = "statements/files"


class DocumentError(Exception):
    """A file that cannot be offered; the message says what it is and what to do."""


@dataclass(frozen=True)
class Document:
    """A paper that readers can download.

    Attributes:
        path: its address below the site's root.
        size: bytes.
        pages: number of pages.
    """

    path: str
    size: int
    pages: int


def read(root: Path, path: str) -> Document:
    """Look into a PDF file.

    Args:
        root: the project.
        path: the file's place in the project.

    Raises:
        DocumentError: there is no such file, or it is not a PDF that can be read.
    """
    file = root / path
    # Exactly this name: some systems do not tell capitals from small letters, servers do.
    if not file.is_file() or file.name not in {entry.name for entry in file.parent.iterdir()}:
        raise DocumentError(f"there is no file {path}; put the PDF there or leave the field out")
    head = file.read_bytes()[:1024]
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<?xml")):
        raise DocumentError(
            f"{path} is an HTML page, not a PDF; open its address in a browser and save the "
            "document itself"
        )
    if not head.startswith(b"%PDF-"):
        raise DocumentError(f"{path} is not a PDF (it does not begin with %PDF-); replace the file")
    # Only where there is a paper: the library takes as long to load as all pages to be written.
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(file)
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentError(f"{path} asks for a password; save it without one")
        pages = len(reader.pages)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise DocumentError(f"{path} is a damaged PDF ({error}); replace the file") from None
    if not pages:
        raise DocumentError(f"{path} is a PDF without pages; replace the file")
    return Document(path, file.stat().st_size, pages)


@once_per_build
def documents(app: Sphinx) -> dict[str, Document]:
    """The paper of each statement that has one, by the statement's page.

    Looks into every paper; a file that no statement offers is a mistake, too.
    """
    root = Path(app.srcdir)
    found: dict[str, Document] = {}
    used = set()
    for docname, record in sorted(records(app.env).items()):
        if not isinstance(record, Statement) or record.document is None:
            continue
        used.add(f"statements/{record.document}")
        try:
            found[docname] = read(root, f"statements/{record.document}")
        except DocumentError as error:
            logger.error("field 'document': %s", error, location=place(app, docname, "document"))
    for file in sorted((root / FOLDER).glob("*")):
        path = file.relative_to(root).as_posix()
        if path not in used and not file.name.startswith("."):
            logger.error(
                "%s: no statement offers this file; write 'document: files/%s' into its front "
                "matter, or remove it", path, file.name,
            )  # fmt: skip
    return found


def _check(app: Sphinx, _env: BuildEnvironment) -> None:
    """Name what is wrong with papers before pages are written."""
    documents(app)


def _copy(app: Sphinx, exception: Exception | None) -> None:
    """Put the papers beside the pages of the source language: one address for all."""
    if exception or app.builder.name != "html" or app.config.language != SOURCE.code:
        return
    for document in documents(app).values():
        target = Path(app.outdir) / document.path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(Path(app.srcdir) / document.path, target)


def href(app: Sphinx, docname: str, document: Document) -> str:
    """The address of a paper as seen from a page of any language."""
    up = docname.count("/") + language(app.config.language).path.count("/")
    return "../" * up + document.path


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the papers with Sphinx."""
    app.connect("env-check-consistency", _check)
    app.connect("build-finished", _copy)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
