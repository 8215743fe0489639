# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Draw the site's mark from the data: wordmark, icon and the pictures of link previews.

The eleven points are the centres of the regions' areas. The files are part of the repository;
run this again when a region, its boundaries or the title of a section changes:

    .venv/bin/pip install fonttools && .venv/bin/python tools/make_logo.py

It needs fontTools for the outlines of letters and Playwright with Chromium for PNG files.
"""

from __future__ import annotations

import io
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from ikm_site import message_catalogues  # noqa: E402
from ikm_site.indicators.reader import read_figures  # noqa: E402
from ikm_site.languages import LANGUAGES, SOURCE, Language  # noqa: E402

STATIC = ROOT / "theme/ikm/static"
INK, PAPER, ACCENT, SHOWN = "#15201f", "#fcfbf8", "#0b4a50", "#f2aa7b"
#: In pixels, as readers of Open Graph want it.
WIDTH, HEIGHT = 1200, 630
SECTIONS = ("index", "news", "about", "statements", "regions", "monitoring", "legal")

Points = dict[str, tuple[float, float]]


def points(size: float, margin: float) -> Points:
    """The centres of the regions in a square box, x to the east and y to the south."""
    figures = read_figures(ROOT / "data")
    outlines = {region.id: figures.outlines[region.id] for region in figures.main_regions}
    places = {name: (outline.x, outline.y) for name, outline in outlines.items()}
    xs, ys = zip(*places.values(), strict=True)
    scale = (size - 2 * margin) / max(max(xs) - min(xs), max(ys) - min(ys))
    left = (size - (max(xs) - min(xs)) * scale) / 2
    top = (size - (max(ys) - min(ys)) * scale) / 2
    return {
        name: (round(left + (x - min(xs)) * scale, 1), round(top + (y - min(ys)) * scale, 1))
        for name, (x, y) in places.items()
    }


def circles(places: Points, radius: float) -> str:
    """The points as SVG circles."""
    return "".join(f'<circle cx="{x}" cy="{y}" r="{radius}"/>' for x, y in places.values())


class Letters:
    """Text as outlines, so that a drawing looks the same without the font."""

    def __init__(self, weight: int) -> None:
        from fontTools.ttLib import TTFont
        from fontTools.varLib.instancer import instantiateVariableFont

        font: Any = TTFont(STATIC / "ikm-serif.woff2")
        font = instantiateVariableFont(font, {"wght": weight})
        self.glyphs, self.names = font.getGlyphSet(), font.getBestCmap()

    def width(self, text: str, size: float) -> float:
        """The width of a line; kerning is left out."""
        units: int = sum(self.glyphs[self.names[ord(c)]].width for c in text)
        return units * size / 1000

    def line(self, text: str, x: float, y: float, size: float) -> str:
        """A line of text as one SVG path that begins at x on the baseline y."""
        from fontTools.pens.svgPathPen import SVGPathPen
        from fontTools.pens.transformPen import TransformPen

        pen = SVGPathPen(self.glyphs, ntos=lambda value: f"{value:.1f}".rstrip("0").rstrip("."))
        scale = size / 1000
        for character in text:
            glyph = self.glyphs[self.names[ord(character)]]
            glyph.draw(TransformPen(pen, (scale, 0, 0, -scale, x, y)))
            x += glyph.width * scale
        return f'<path d="{pen.getCommands()}"/>'

    def wrapped(self, text: str, size: float, width: float) -> list[str]:
        """The text in lines of at most this width."""
        lines = [""]
        for word in re.findall(r"\S+?-(?=\w)|\S+", text):
            glue = "" if lines[-1].endswith("-") or not lines[-1] else " "
            if lines[-1] and self.width(lines[-1] + glue + word, size) > width:
                lines.append(word)
            else:
                lines[-1] += glue + word
        return lines


def svg(width: float, height: float, content: str) -> str:
    """A drawing of this size."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}">{content}</svg>\n'
    )


def wordmark(letters: Letters) -> str:
    """The mark with the name of the Initiativkreis in two lines."""
    mark = f'<g fill="{ACCENT}">{circles(points(96, 8), 6)}</g>'
    name = letters.line("Initiativkreis Europäische", 116, 43, 33)
    name += letters.line("Metropolregionen in Deutschland (IKM)", 116, 83, 33)
    width = 124 + letters.width("Metropolregionen in Deutschland (IKM)", 33)
    return svg(round(width), 96, f'{mark}<g fill="{INK}">{name}</g>')


def preview(letters: Letters, title: str, site: str, own: str | None) -> str:
    """The picture beside a link: a title and the points, one of them in the warm colour."""
    places = points(HEIGHT, 95)
    ground = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{ACCENT}"/>'
    others = {name: place for name, place in places.items() if name != own}
    drawing = f'<g transform="translate(630 0)"><g fill="#fff">{circles(others, 20)}</g>'
    if own:
        drawing += f'<g fill="{SHOWN}">{circles({own: places[own]}, 34)}</g>'
    size = next(s for s in (84, 72, 62, 52) if s == 52 or len(letters.wrapped(title, s, 600)) < 4)
    lines = letters.wrapped(title, size, 600)
    top = HEIGHT / 2 - (len(lines) - 1) * size * 0.6
    words = "".join(
        letters.line(line, 80, top + number * size * 1.2, size) for number, line in enumerate(lines)
    )
    if title != site:
        words += letters.line(site, 80, HEIGHT - 70, 27)
    return svg(WIDTH, HEIGHT, f'{ground}{drawing}</g><g fill="#fff">{words}</g>')


def titles(current: Language) -> Iterator[tuple[str, str, str | None]]:
    """The pages with a picture of their own: name of the file, title, region."""
    pages: list[tuple[str, str | None]] = [
        ("index" if name == "index" else f"{name}/index", None) for name in SECTIONS
    ]
    pages += [
        (f"regions/{region.id}", region.id)
        for region in read_figures(ROOT / "data").main_regions
    ]
    for page, region in pages:
        text = (ROOT / f"{page}.md").read_text(encoding="utf-8")
        field = r"^short: (.+)$" if region else r"^# (.+)$"
        title = re.search(field, text, re.MULTILINE)
        assert title is not None, page
        words = current.title if page == "index" else title[1].strip("\"'")
        if current is not SOURCE:
            catalogue = message_catalogues.read(ROOT, current.code, page)
            words = (catalogue.words if catalogue else {}).get(words, words)
        yield page.removesuffix("/index").replace("/", "-"), words, region


def png(browser: Browser, drawing: str) -> bytes:
    """The drawing as a PNG file with few colours."""
    width, height = map(int, re.findall(r'(?:width|height)="(\d+)"', drawing)[:2])
    page = browser.new_page(viewport={"width": width, "height": height})
    page.set_content(f"<style>*{{margin:0}}svg{{display:block}}</style>{drawing}")
    image = Image.open(io.BytesIO(page.screenshot(omit_background=True)))
    page.close()
    result = io.BytesIO()
    image.quantize(48, Image.Quantize.FASTOCTREE).save(result, "PNG", optimize=True)
    return result.getvalue()


def main() -> None:
    """Write all files."""
    letters, mark = Letters(600), circles(points(48, 5), 3)
    (STATIC.parent / "partials/mark.svg").write_text(
        '<svg class="mark" viewBox="0 0 48 48" width="48" height="48" aria-hidden="true" '
        f'focusable="false">{mark}</svg>\n',
        encoding="utf-8",
    )
    icon = f'<rect width="48" height="48" rx="9" fill="{ACCENT}"/>'
    icon += f'<g fill="#fff">{circles(points(48, 9), 3.2)}</g>'
    (STATIC / "favicon.svg").write_text(svg(48, 48, icon), encoding="utf-8")
    (STATIC / "ikm-wordmark.svg").write_text(wordmark(letters), encoding="utf-8")
    (STATIC / "preview").mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        large = wordmark(letters).replace('width="', 'width="3*', 1)
        large = re.sub(r'width="3\*(\d+)" height="96"', _tripled, large)
        (STATIC / "ikm-wordmark.png").write_bytes(png(browser, large))
        for current in LANGUAGES:
            for name, title, region in titles(current):
                drawing = preview(letters, title, current.title, region)
                file = STATIC / f"preview/{name}.{current.code}.png"
                file.write_bytes(png(browser, drawing))
        browser.close()


def _tripled(match: re.Match[str]) -> str:
    return f'width="{3 * int(match[1])}" height="{3 * 96}"'


if __name__ == "__main__":
    main()
