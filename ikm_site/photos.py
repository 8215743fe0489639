"""Photos of a page: scaled, encoded again without metadata, shown with source and rights.

The front matter names them (`photos`), so that their words are checked and translated like
all others. A photo stands where the directive `photo` names its file, else behind the first
paragraph (`ikm_site.listings`). The same picture gives the same bytes with the same Pillow.
"""

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from PIL import Image, ImageOps
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from ikm_site.domain import note_problem, records
from ikm_site.frontmatter import field_problem
from ikm_site.problems import Problem
from ikm_site.template_directives import TemplateDirective
from ikm_site.templates import add_functions

#: Widths in pixels: a phone, a page, a page on a screen with double resolution.
WIDTHS = (480, 800, 1440)
#: The most that a picture may weigh, in bytes a pixel of its width.
BUDGET = 110
#: Qualities that are tried in turn until a picture is within the budget.
QUALITIES = (80, 70, 60, 50, 40)
#: No picture has more pixels; what is larger would fill the memory.
PIXELS = 60_000_000
FOLDER = "_images"


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


def _scaled(image: Image.Image, width: int) -> bytes:
    """The picture as WebP of this width, as good as the budget allows."""
    height = round(image.height * width / image.width)
    small = image.resize((width, height), Image.Resampling.LANCZOS)
    for quality in QUALITIES:
        stream = io.BytesIO()
        small.save(stream, "WEBP", quality=quality, method=6)
        if stream.tell() <= BUDGET * width:
            break
    return stream.getvalue()


def picture(app: Sphinx, docname: str, name: str) -> tuple[Image.Image, dict[int, str]]:
    """Write the files of a photo; return it, and their addresses from the root by width."""
    file = Path(app.env.doc2path(docname)).parent / name
    image = opened(file)
    stem = f"{FOLDER}/{file.stem}-{hashlib.sha256(file.read_bytes()).hexdigest()[:8]}"
    (Path(app.outdir) / FOLDER).mkdir(exist_ok=True)
    addresses = {}
    for width in sorted({min(width, image.width) for width in WIDTHS}):
        addresses[width] = f"{stem}-{width}.webp"
        (Path(app.outdir) / addresses[width]).write_bytes(_scaled(image, width))
    return image, addresses


class PhotoDirective(TemplateDirective):
    """The place of a photo that the front matter names."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the place of the photo."""
        name = "".join(self.arguments)
        if name not in [photo.file for photo in records(self.env)[self.env.docname].photos]:
            wrong = f"{{photo}} {name} steht nicht im Feld „photos“"
            note_problem(self.env, self.lineno, wrong, "ergänzen Sie es dort")
        return super().run()


def _check(_app: Sphinx, env: BuildEnvironment) -> Iterator[Problem]:
    """Every photo must be readable, before a page is written."""
    for docname, record in sorted(records(env).items()):
        for photo in record.photos:
            file = Path(env.doc2path(docname)).parent / photo.file
            env.note_dependency(file, docname=docname)
            try:
                opened(file)
            except ValueError as error:
                yield field_problem(env, docname, "photos", f"{photo.file}: {error}")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register photos with Sphinx."""
    app.add_directive("photo", PhotoDirective)
    add_functions(app, picture=picture)
    app.connect("ikm-check", _check)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
