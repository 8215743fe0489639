# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Files that pages offer: pictures, downloads, and the papers in `statements/files/`.

Only files of the project, of kinds in which nothing can run, are published. A paper has one
address for all languages, `/statements/files/<name>.pdf`, and keeps it.
"""

from __future__ import annotations

import re
import shutil
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util import logging

from ikm_site.domain import once_per_build, records
from ikm_site.languages import SOURCE, language
from ikm_site.records import Statement

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

logger = logging.getLogger(__name__)

FOLDER = "statements/files"
#: The kinds of files that are published, by how they begin.
KINDS = {".pdf": b"%PDF-", ".png": b"\x89PNG\r\n", ".jpg": b"\xff\xd8\xff", ".webp": b"RIFF"}
#: What a PDF could do beside showing pages.
_ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia)\b")


@dataclass(frozen=True)
class Document:
    """A paper that readers can download: its address below the site's root, and its bytes."""

    path: str
    size: int


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
        try:
            parts.append(zlib.decompressobj().decompress(data[match.end() :], 1_000_000))
        except zlib.error:
            continue
    return b"\n".join(parts)


@once_per_build
def documents(app: Sphinx) -> dict[str, Document]:
    """The paper of each statement that has one, by the statement's page."""
    return {
        docname: Document(path, (Path(app.srcdir) / path).stat().st_size)
        for docname, record in sorted(records(app.env).items())
        if isinstance(record, Statement) and record.document is not None
        if (Path(app.srcdir) / (path := f"statements/{record.document}")).is_file()
    }


def _check(app: Sphinx, env: BuildEnvironment) -> None:
    """Name each file that must not be published, and each paper that no statement offers."""
    root = Path(app.srcdir)
    used = set()
    for docname, record in sorted(records(env).items()):
        if isinstance(record, Statement) and record.document is not None:
            used.add(f"statements/{record.document}")
            if wrong := problem(root, f"statements/{record.document}"):
                logger.error("%s", wrong, location=docname)
    for path, (docnames, _) in sorted([*env.images.items(), *env.dlfiles.items()]):
        if wrong := problem(root, str(path)):
            logger.error("%s", wrong, location=min(docnames))
    for file in sorted((root / FOLDER).glob("[!.]*")):
        path = file.relative_to(root).as_posix()
        if path not in used:
            logger.error(
                "%s: keine Stellungnahme bietet diese Datei an; schreiben Sie in eine "
                "„document: files/%s“ oder löschen Sie die Datei", path, file.name,
            )  # fmt: skip


def _refuse_remote(_app: Sphinx, document: nodes.document) -> None:
    """Name pictures that would be loaded from elsewhere."""
    for image in document.findall(nodes.image):
        if "?" in image.get("candidates", ()):
            advice = "legen Sie das Bild neben die Seite"
            logger.error("Bild %s: nicht aus dem Netz; %s", image["uri"], advice, location=image)


def _copy(app: Sphinx, exception: Exception | None) -> None:
    """Put the papers beside the pages of the source language: one address for all."""
    if exception or app.builder.format != "html" or app.config.language != SOURCE.code:
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
    app.connect("doctree-read", _refuse_remote)
    app.connect("env-check-consistency", _check)
    app.connect("build-finished", _copy)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
