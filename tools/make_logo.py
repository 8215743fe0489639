# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Draw the site's mark from the data: in the wordmark, as icon and in pictures of link previews.

The eleven points are the centres of the regions' areas. The files are part of the repository;
run this again when a region, its boundaries or the title of a section changes:

    .venv/bin/python tools/make_logo.py

It needs the packages of the tests and Chromium. The words of the wordmark are outlines of letters,
which stay as they are in its file.
"""

from __future__ import annotations

import base64
import io
import re
import shutil
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from ikm_site import message_catalogues  # noqa: E402
from ikm_site.indicators.reader import read_figures  # noqa: E402
from ikm_site.languages import LANGUAGES, SOURCE, Language  # noqa: E402

STATIC = ROOT / "theme/ikm/static"
ACCENT, SHOWN = "#0b4a50", "#f2aa7b"
SECTIONS = ("news", "about", "statements", "regions", "monitoring", "legal")
FIGURES = read_figures(ROOT / "data")
#: The picture beside a link, in pixels as readers of Open Graph want it; its title has at most
#: three lines.
PREVIEW = """<!DOCTYPE html><style>
@font-face {{ font-family: IKM; src: url("data:font/woff2;base64,{font}"); font-weight: 400 600 }}
body {{ background: {ground}; color: #fff; font: 600 27px IKM }}
h1 {{ position: absolute; left: 80px; top: 50%; width: 600px; margin: 0; font: 600 84px/1.2 IKM;
  transform: translateY(-50%) }}
p {{ position: absolute; left: 80px; bottom: 62px; margin: 0 }}
svg {{ position: absolute; left: 630px; top: 0 }}
</style><h1>{title}</h1><p>{site}</p>{drawing}"""
FIT = """async () => {
  await document.fonts.ready;
  const title = document.querySelector("h1");
  for (const size of [84, 72, 62, 52]) {
    title.style.fontSize = size + "px";
    if (title.clientHeight < 3.5 * 1.2 * size) break;
  }
}"""


def circles(size: float, margin: float, radius: float, shown: str = "") -> str:
    """The centres of the regions in a square box as SVG circles, one of them in the warm colour."""
    places = {region.id: FIGURES.outlines[region.id] for region in FIGURES.main_regions}
    xs, ys = [place.x for place in places.values()], [place.y for place in places.values()]
    scale = (size - 2 * margin) / max(max(xs) - min(xs), max(ys) - min(ys))
    drawing = ""
    # The one in the warm colour lies above the others.
    for name, place in sorted(places.items(), key=lambda item: item[0] == shown):
        x = size / 2 + (place.x - (min(xs) + max(xs)) / 2) * scale
        y = size / 2 + (place.y - (min(ys) + max(ys)) / 2) * scale
        look = f'r="{1.7 * radius:g}" fill="{SHOWN}"' if name == shown else f'r="{radius}"'
        drawing += f'<circle cx="{x:.1f}" cy="{y:.1f}" {look}/>'
    return drawing


def svg(size: int, content: str) -> str:
    """A square drawing."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
        f'width="{size}" height="{size}">{content}</svg>\n'
    )


def titles(current: Language) -> Iterator[tuple[str, str, str]]:
    """The pages with a picture of their own: name of the file, title, region."""
    yield "index", current.title, ""
    pages = [(f"{name}/index", "", "# ") for name in SECTIONS]
    pages += [(f"regions/{region.id}", region.id, "short: ") for region in FIGURES.main_regions]
    for page, region, before in pages:
        lines = (ROOT / f"{page}.md").read_text(encoding="utf-8").splitlines()
        title = next(line.removeprefix(before) for line in lines if line.startswith(before))
        title = title.strip("\"'")
        catalogue = message_catalogues.read(ROOT, current.code, page)
        words = catalogue.words if catalogue and current is not SOURCE else {}
        yield page.removesuffix("/index").replace("/", "-"), words.get(title, title), region


def write_png(page: Page, file: Path) -> None:
    """Write what the browser shows with few colours."""
    image = Image.open(io.BytesIO(page.screenshot(omit_background=True)))
    image.quantize(48, Image.Quantize.FASTOCTREE).save(file, "PNG", optimize=True)


def previews(page: Page, current: Language) -> None:
    """Write the pictures beside links to pages in a language."""
    font = base64.b64encode((STATIC / "ikm-serif.woff2").read_bytes()).decode()
    for name, title, region in titles(current):
        drawing = svg(630, f'<g fill="#fff">{circles(630, 95, 20, region)}</g>')
        site = "" if title == current.title else escape(current.title)
        values = {"title": escape(title), "site": site, "drawing": drawing, "ground": ACCENT}
        page.set_content(PREVIEW.format(font=font, **values))
        page.evaluate(FIT)
        write_png(page, STATIC / f"preview/{name}.{current.code}.png")


def main() -> None:
    """Write all files."""
    icon = f'<rect width="48" height="48" rx="9" fill="{ACCENT}"/>'
    icon += f'<g fill="#fff">{circles(48, 9, 3.2)}</g>'
    (STATIC / "favicon.svg").write_text(svg(48, icon), encoding="utf-8")
    words = (STATIC / "ikm-wordmark.svg").read_text(encoding="utf-8")
    wordmark = re.sub("(<circle[^>]*>)+", circles(96, 8, 6), words)
    (STATIC / "ikm-wordmark.svg").write_text(wordmark, encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 1200, "height": 630})
        for current in LANGUAGES:
            previews(page, current)
        page = browser.new_page(viewport={"width": 765, "height": 96}, device_scale_factor=3)
        page.set_content(f"<style>*{{margin:0}}svg{{display:block}}</style>{wordmark}")
        write_png(page, STATIC / "ikm-wordmark.png")
        browser.close()


if __name__ == "__main__":
    main()
