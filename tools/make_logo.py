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
SECTIONS = ("index", "news", "about", "statements", "regions", "monitoring", "legal")
FIGURES = read_figures(ROOT / "data")
#: The picture beside a link, in pixels as readers of Open Graph want it; its title has at most
#: three lines.
PREVIEW = """<!DOCTYPE html><style>
@font-face {{ font-family: IKM; src: url("ikm-serif.woff2"); font-weight: 400 600 }}
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
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    scale = (size - 2 * margin) / max(wide, high)
    left, top = (size - wide * scale) / 2, (size - high * scale) / 2
    found = {
        name: (round(left + (p.x - min(xs)) * scale, 1), round(top + (p.y - min(ys)) * scale, 1))
        for name, p in places.items()
    }
    own = found.pop(shown, None)
    drawing = "".join(f'<circle cx="{x}" cy="{y}" r="{radius}"/>' for x, y in found.values())
    if own:
        large = f'r="{1.7 * radius:g}" fill="{SHOWN}"'
        drawing += f'<circle cx="{own[0]}" cy="{own[1]}" {large}/>'
    return drawing


def svg(width: float, height: float, content: str) -> str:
    """A drawing of this size."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}">{content}</svg>\n'
    )


def titles(current: Language) -> Iterator[tuple[str, str, str]]:
    """The pages with a picture of their own: name of the file, title, region."""
    pages = [("index" if name == "index" else f"{name}/index", "") for name in SECTIONS]
    pages += [(f"regions/{region.id}", region.id) for region in FIGURES.main_regions]
    for page, region in pages:
        text = (ROOT / f"{page}.md").read_text(encoding="utf-8")
        title = re.search(r"^short: (.+)$" if region else r"^# (.+)$", text, re.MULTILINE)
        assert title is not None, page
        words = current.title if page == "index" else title[1].strip("\"'")
        if current is not SOURCE:
            catalogue = message_catalogues.read(ROOT, current.code, page)
            words = (catalogue.words if catalogue else {}).get(words, words)
        yield page.removesuffix("/index").replace("/", "-"), words, region


def write_png(page: Page, file: Path) -> None:
    """Write what the browser shows with few colours."""
    image = Image.open(io.BytesIO(page.screenshot(omit_background=True)))
    image.quantize(48, Image.Quantize.FASTOCTREE).save(file, "PNG", optimize=True)


def previews(page: Page, current: Language) -> None:
    """Write the pictures beside links to pages in a language."""
    for name, title, region in titles(current):
        drawing = svg(630, 630, f'<g fill="#fff">{circles(630, 95, 20, region)}</g>')
        site = "" if title == current.title else escape(current.title)
        values = {"title": escape(title), "site": site, "drawing": drawing, "ground": ACCENT}
        (STATIC / "preview.html").write_text(PREVIEW.format(**values), "utf-8")
        page.goto((STATIC / "preview.html").as_uri())
        page.evaluate(FIT)
        write_png(page, STATIC / f"preview/{name}.{current.code}.png")
    (STATIC / "preview.html").unlink()


def main() -> None:
    """Write all files."""
    (STATIC.parent / "partials/mark.svg").write_text(
        '<svg class="mark" viewBox="0 0 48 48" width="48" height="48" aria-hidden="true" '
        f'focusable="false">{circles(48, 5, 3)}</svg>\n',
        encoding="utf-8",
    )
    icon = f'<rect width="48" height="48" rx="9" fill="{ACCENT}"/>'
    icon += f'<g fill="#fff">{circles(48, 9, 3.2)}</g>'
    (STATIC / "favicon.svg").write_text(svg(48, 48, icon), encoding="utf-8")
    words = (STATIC / "ikm-wordmark.svg").read_text(encoding="utf-8")
    wordmark = re.sub("<circle.*/>", circles(96, 8, 6), words)
    (STATIC / "ikm-wordmark.svg").write_text(wordmark, encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 1200, "height": 630})
        for current in LANGUAGES:
            previews(page, current)
        width = int(re.findall(r'width="(\d+)"', wordmark)[0])
        page = browser.new_page(viewport={"width": width, "height": 96}, device_scale_factor=3)
        page.set_content(f"<style>*{{margin:0}}svg{{display:block}}</style>{wordmark}")
        write_png(page, STATIC / "ikm-wordmark.png")
        browser.close()


if __name__ == "__main__":
    main()
