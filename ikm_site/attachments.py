"""Files beside pages: what they offer to download, the papers of statements, photos.

Only files of the project, of kinds in which nothing can run, are published. A paper has one
address for all languages, `/statements/files/<name>.pdf`, and keeps it. A photo is scaled and
encoded again, without metadata; the same one gives the same bytes with the same Pillow.
"""

import contextlib
import hashlib
import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.units import format_unit
from PIL import Image, ImageOps
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from ikm_site.domain import records
from ikm_site.frontmatter import field_problem
from ikm_site.languages import SOURCE, language
from ikm_site.problems import Problem
from ikm_site.records import Statement
from ikm_site.templates import add_functions, after_pages

PAPERS = "statements/files"
_JPEG = b"\xff\xd8\xff"
#: The kinds of files that are published, by how they begin.
KINDS = {
    ".pdf": b"%PDF-", ".png": b"\x89PNG\r\n", ".jpg": _JPEG, ".jpeg": _JPEG, ".webp": b"RIFF",
}  # fmt: skip
#: What a PDF could do beside showing pages.
_ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia)\b")

#: Widths of photos in pixels: a phone, a page, a page on a screen with double resolution.
WIDTHS = (480, 800, 1440)
#: No photo has more pixels; what is larger would fill the memory.
PIXELS = 60_000_000
#: The most that a photo may weigh, in bytes a pixel of its width, and the qualities to try for it.
BUDGET, QUALITIES = 110, (80, 70, 60, 50, 40)


def refusal(root: Path, path: str) -> str | None:
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


def _photo_refusal(root: Path, path: str) -> str | None:
    """Why a published picture cannot be shown as a photo; None if it can."""
    too_large = f"{path} ist zu groß; verkleinern Sie das Bild auf 6000 Pixel Breite"
    try:
        with Image.open(root / path, formats=("JPEG", "PNG", "WEBP")) as found:
            if found.width * found.height > PIXELS:
                return too_large
            upright = ImageOps.exif_transpose(found)
    except Image.DecompressionBombError:
        return too_large
    except (OSError, SyntaxError, ValueError, struct.error):
        return f"{path} ist kein lesbares Bild (JPEG, PNG, WebP); speichern Sie es neu"
    if upright.width < WIDTHS[0]:
        return f"{path} ist nur {upright.width} Pixel breit; nötig sind {WIDTHS[0]}"
    if max(upright.size) > 10 * min(upright.size):
        return f"{path} ist ein schmaler Streifen; schneiden Sie das Bild zu"
    return None


def picture(app: Sphinx, docname: str, name: str) -> tuple[Image.Image, dict[int, str]]:
    """Write the files of a photo; return it upright, and their addresses from the root by width."""
    file = Path(app.srcdir, docname).with_name(name)
    with Image.open(file) as found:
        image = ImageOps.exif_transpose(found).convert("RGB")
    outdir, addresses = Path(app.outdir), {}
    (outdir / "_images").mkdir(exist_ok=True)
    stem = f"_images/{file.stem}-{hashlib.sha256(file.read_bytes()).hexdigest()[:8]}"
    for width in sorted({min(width, image.width) for width in WIDTHS}):
        addresses[width] = f"{stem}-{width}.webp"
        scaled, written = ImageOps.scale(image, width / image.width), outdir / addresses[width]
        for quality in QUALITIES:
            scaled.save(written, quality=quality, method=6)
            if written.stat().st_size <= BUDGET * width:
                break
    return image, addresses


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
    """Name each file that must not be published, and each paper that no statement offers."""
    root, papers = Path(app.srcdir), set()
    for docname, record in records(env).items():
        papers.add(document := _path(record))
        photos = [Path(docname).with_name(photo.file).as_posix() for photo in record.photos]
        for path in filter(None, [document, *photos]):
            # The page shows its size or its picture.
            env.note_dependency(path, docname=docname)
            wrong = refusal(root, path) or (path in photos and _photo_refusal(root, path))
            if wrong:
                field = "photos" if path in photos else "document"
                yield field_problem(env, docname, field, wrong)
    for file in sorted((root / PAPERS).glob("[!.]*")):
        if (path := file.relative_to(root).as_posix()) not in papers:
            advice = f"schreiben Sie in eine „document: files/{file.name}“ oder löschen Sie sie"
            yield Problem(path, 0, "keine Stellungnahme bietet diese Datei an", advice)


def _files(app: Sphinx) -> Iterator[tuple[str, bytes]]:
    """The papers, beside the pages of the source language: one address for all."""
    if app.config.language == SOURCE.code:
        for path in filter(None, map(_path, records(app.env).values())):
            yield path, (Path(app.srcdir) / path).read_bytes()


def setup(app: Sphinx) -> dict[str, bool]:
    """Register files with Sphinx."""
    add_functions(app, paper=paper, picture=picture)
    app.connect("ikm-check", _check)
    after_pages(app, PAPERS, _files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
