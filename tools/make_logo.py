"""Draw the site's mark from the data: in the wordmark, as icon and in pictures of link previews.

The eleven points are the centres of the regions' areas. The files are part of the repository;
run this again when a region, its boundaries or the title of a section changes:

    make html && .venv/bin/python -m tools.make_logo

It needs the packages of the tests and Chromium. All but the points stays as it is in the files of
the icon and the wordmark, whose words are outlines of letters.
"""

import io
import re
import shutil
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from ikm_site.indicators.reader import read_figures
from ikm_site.languages import LANGUAGES, Language

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "theme/ikm/static"
HIGHLIGHT = "#f2aa7b"
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
        look = f'r="{1.7 * radius:g}" fill="{HIGHLIGHT}"' if name == shown else f'r="{radius}"'
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
    for name, points in (("favicon", circles(48, 9, 3.2)), ("ikm-wordmark", circles(96, 8, 6))):
        file = STATIC / f"{name}.svg"
        drawing = re.sub("(<circle[^>]*>)+", points, file.read_text(encoding="utf-8"))
        file.write_text(drawing, encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 1200, "height": 630})
        for current in LANGUAGES:
            previews(page, current)
        page = browser.new_page(viewport={"width": 765, "height": 96}, device_scale_factor=3)
        page.goto((STATIC / "ikm-wordmark.svg").as_uri())
        write_png(page, STATIC / "ikm-wordmark.png")
        browser.close()


if __name__ == "__main__":
    main()
