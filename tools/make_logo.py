"""Draw the site's mark from the data: in the wordmark, as icon and in pictures of link previews.

The eleven points are the centres of the regions' areas. The files are part of the repository;
run this again when a region, its boundaries or the title of a section changes:

    make html && .venv/bin/python tools/make_logo.py

It needs the packages of the tests and Chromium. The words of the wordmark are outlines of letters,
which stay as they are in its file.
"""

import io
import re
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from ikm_site.indicators.reader import read_figures  # noqa: E402
from ikm_site.languages import LANGUAGES, Language  # noqa: E402

STATIC = ROOT / "theme/ikm/static"
ACCENT, SHOWN = "#0b4a50", "#f2aa7b"
#: The links below each page to those with a picture of their own: sections and regions.
LINKS = ".site-map p a, .site-map-regions li a, .site-map a[href*='statements/index']"
FIGURES = read_figures(ROOT / "data")


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


def write_png(page: Page, file: Path) -> None:
    """Write what the browser shows with few colours."""
    image = Image.open(io.BytesIO(page.screenshot(omit_background=True)))
    image.quantize(48, Image.Quantize.FASTOCTREE).save(file, "PNG", optimize=True)


def previews(page: Page, current: Language) -> None:
    """Write the pictures beside links to pages in a language, with the titles of its home page."""
    page.goto((ROOT / "_build/html" / current.path / "index.html").as_uri())
    links = page.locator(LINKS).all()
    titles = {link.get_attribute("href"): link.text_content() for link in links}
    page.goto(Path(__file__).with_name("preview.html").as_uri())
    for address, title in {"index.html": current.title, **titles}.items():
        name = re.sub(r"^\./|(/index)?\.html$", "", str(address)).replace("/", "-")
        site = "" if title == current.title else current.title
        drawing = circles(630, 95, 20, shown=name.removeprefix("regions-"))
        page.evaluate("values => fill(values)", {"title": title, "site": site, "drawing": drawing})
        write_png(page, STATIC / f"preview/{name}.{current.code}.png")


def main() -> None:
    """Write all files."""
    (STATIC / "favicon.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" width="48" height="48">'
        f'<rect width="48" height="48" rx="9" fill="{ACCENT}"/>'
        f'<g fill="#fff">{circles(48, 9, 3.2)}</g></svg>\n',
        encoding="utf-8",
    )
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
