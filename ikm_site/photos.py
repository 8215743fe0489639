# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Photos of a page: scaled, encoded again without metadata, shown with source and rights.

The front matter names them (`photos`), so that their words are checked and translated like
all others. A photo stands where the directive `photo` names its file, else behind the first
paragraph. The same picture gives the same bytes with the same Pillow.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from PIL import Image, ImageOps
from sphinx.transforms import SphinxTransform

from ikm_site.domain import domain, pages_with_blocks, records, untranslated
from ikm_site.problems import Problem, ProblemsError, stops_the_build
from ikm_site.template_directives import add_block, block, directive

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

#: Widths in pixels: a phone, a page, a page on a screen with double resolution.
WIDTHS = (480, 800, 1440)
#: The most that a picture may weigh, in bytes a pixel of its width.
BUDGET = 110
#: Qualities that are tried in turn until a picture is within the budget.
QUALITIES = (80, 70, 60, 50, 40)
#: No picture has more pixels; what is larger would fill the memory.
PIXELS = 60_000_000
FOLDER = "_images"


@dataclass(frozen=True)
class Picture:
    """One photo as files of the site.

    Attributes:
        webp: name and width in pixels of each WebP file, the narrowest first.
        jpeg: name of the file for old browsers.
        width: of the photo in pixels.
        height: of the photo in pixels.
        files: content of each file by its name.
    """

    webp: tuple[tuple[str, int], ...]
    jpeg: str
    width: int
    height: int
    files: dict[str, bytes]


def _encode(image: Image.Image, kind: str) -> bytes:
    """The picture as WebP or JPEG, as good as the budget allows."""
    found = b""
    for quality in QUALITIES:
        stream = io.BytesIO()
        image.save(stream, kind, quality=quality, optimize=True, method=6)
        found = stream.getvalue()
        if len(found) <= BUDGET * image.width:
            break
    return found


def opened(file: Path) -> Image.Image:
    """The photo, upright and without metadata.

    Raises:
        ValueError: the file is no picture that can be shown; the message is for the office.
    """
    if not file.is_file() or file.is_symlink():
        raise ValueError("die Datei fehlt; legen Sie sie neben die Seite")
    try:
        with Image.open(file, formats=("JPEG", "PNG", "WEBP", "TIFF")) as found:
            if found.width * found.height > PIXELS:
                raise ValueError("das Bild ist zu groß; verkleinern Sie es auf 6000 Pixel Breite")
            if found.width < WIDTHS[0]:
                raise ValueError(f"nur {found.width} Pixel breit; nötig sind {WIDTHS[0]}")
            return ImageOps.exif_transpose(found).convert("RGB")
    except (OSError, SyntaxError, Image.DecompressionBombError):
        raise ValueError("das ist kein lesbares Bild (JPEG, PNG, WebP, TIFF)") from None


def scaled(file: Path) -> Picture:
    """Scale and encode a photo that `opened` accepts."""
    image = opened(file)
    stem = f"{file.stem}-{hashlib.sha256(file.read_bytes()).hexdigest()[:8]}"
    sizes = {}
    for width in sorted({min(width, image.width) for width in WIDTHS}):
        height = round(image.height * width / image.width)
        sizes[width] = image.resize((width, height), Image.Resampling.LANCZOS)
    files = {f"{stem}-{width}.webp": _encode(sizes[width], "WEBP") for width in sizes}
    middle = max(width for width in sizes if width <= WIDTHS[1])
    jpeg = f"{stem}-{middle}.jpg"
    webp = tuple(zip(files, sizes, strict=True))
    files[jpeg] = _encode(sizes[middle], "JPEG")
    return Picture(webp, jpeg, middle, sizes[middle].height, files)


def _photo(app: Sphinx, page: str, argument: str, _options: object) -> dict[str, Any]:
    place, photo = next(
        (number, entry)
        for number, entry in enumerate(records(app.env)[page].photos)
        if entry.file == argument
    )
    picture = scaled(Path(app.env.doc2path(page)).parent / photo.file)
    target = Path(app.outdir) / FOLDER
    target.mkdir(exist_ok=True)
    for name, content in picture.files.items():
        (target / name).write_bytes(content)
    german = untranslated(app.env).get(page, set())
    return {
        "photo": photo,
        "picture": picture,
        "base": "../" * app.builder.get_target_uri(page).count("/") + FOLDER + "/",
        "german": {name for name in ("alt", "caption") if f"photos.{place}.{name}" in german},
    }


class PlacePhotos(SphinxTransform):
    """Put the photos that no directive places behind the first paragraph."""

    default_priority = 855

    def apply(self, **_kwargs: Any) -> None:
        """Insert a block for each of them."""
        record = records(self.env).get(self.env.docname)
        section = next(iter(self.document.findall(nodes.section)), None)
        if self.app.builder.name == "gettext" or section is None or not record:
            return
        placed = {
            node["argument"]
            for node in self.document.findall(block)
            if node["name"] == "photo"
        }  # fmt: skip
        known = [entry.file for entry in record.photos]
        for node in self.document.findall(block):
            if node["name"] == "photo" and node["argument"] not in known:
                path = str(self.env.doc2path(self.env.docname, base=False))
                wrong = f"{{photo}} {node['argument']} steht nicht im Feld „photos“"
                found = Problem(path, node.line or 1, wrong, "ergänzen Sie es dort")
                domain(self.env).data["problems"].setdefault(self.env.docname, []).append(found)
        index = next((n for n, node in enumerate(section) if isinstance(node, nodes.paragraph)), 0)
        missing = [file for file in known if file not in placed]
        for file in reversed(missing):
            section.insert(index + 1, block(name="photo", argument=file, options={}))
            pages_with_blocks(self.env).add(self.env.docname)


@stops_the_build
def _check(_app: Sphinx, env: BuildEnvironment) -> None:
    """Every photo must be readable, before a page is written."""
    found = []
    for docname, record in sorted(records(env).items()):
        for photo in record.photos:
            file = Path(env.doc2path(docname)).parent / photo.file
            env.note_dependency(file, docname=docname)
            try:
                opened(file)
            except ValueError as error:
                name = str(env.doc2path(docname, base=False))
                found.append(Problem(name, 1, f"Feld „photos“: {photo.file}: {error}"))
    if found:
        raise ProblemsError(found)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register photos with Sphinx."""
    app.add_directive("photo", directive("photo", argument=True))
    add_block(app, "photo", _photo)
    app.add_transform(PlacePhotos)
    app.connect("env-updated", _check, priority=150)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
