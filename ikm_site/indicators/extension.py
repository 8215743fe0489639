"""The figures in pages: directives for writers, what templates may ask for, downloads, messages.

The directives are blocks (`ikm_site.templates`), which `docs/data.md` explains.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.gettext import MessageCatalogBuilder, MsgOrigin
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from ikm_site import message_catalogues
from ikm_site.domain import note_problem, records
from ikm_site.indicators import charts, downloads, maps
from ikm_site.indicators.model import GERMANY, TOGETHER, Figures
from ikm_site.indicators.package import DESCRIPTION
from ikm_site.indicators.reader import read_figures
from ikm_site.indicators.words import Words, messages
from ikm_site.languages import SOURCE, language
from ikm_site.problems import Problem, guess
from ikm_site.records import RegionPage, Translatable
from ikm_site.templates import TemplateDirective, add_functions, after_pages

logger = logging.getLogger(__name__)

DATA_FOLDER = "data"
SECTION = "monitoring"

PAGE = """---
description: {title} der europäischen Metropolregionen in Deutschland, mit Karte und Tabelle.
---

# {title}

```{{indicator}}
```
"""


@cache
def figures(app: Sphinx) -> Figures:
    """The figures of this build."""
    return read_figures(Path(app.srcdir) / DATA_FOLDER)


@cache
def words(app: Sphinx) -> Words:
    """The words of the data in the language of this build."""
    current = language(app.config.language)
    catalogue = message_catalogues.read(app.env, current.code, message_catalogues.DATA)
    return Words(current.code, current.locale, catalogue.texts())


def page_of(app: Sphinx, name: str) -> str | None:
    """The page of an indicator or region; a part without a page has that of its whole."""
    region = figures(app).regions.get(name)
    pages = [f"{SECTION}/{name}", f"regions/{name}", f"regions/{region and region.part_of}"]
    return next((page for page in pages if page in app.env.found_docs), None)


@cache
def theme_of_pages(app: Sphinx) -> dict[str, str]:
    """The theme of the page of each indicator, in their order."""
    package = figures(app).package
    return {
        f"{SECTION}/{entry.name}": words(app).text(theme.title)
        for theme in package.themes
        for entry, about in package.described
        if about.theme == theme.name
    }


@cache
def short_titles(app: Sphinx) -> dict[str, Translatable]:
    """The short titles of the pages of regions and indicators; no indicator is computed."""
    known = figures(app)
    german = {f"regions/{region.id}": region.name for region in known.regions.values()}
    german |= {f"{SECTION}/{entry.name}": about.label for entry, about in known.package.described}
    return {page: words(app).text(title) for page, title in german.items()}


# -- Directives --------------------------------------------------------------------------------


class FiguresDirective(TemplateDirective):
    """A block about the region or indicator of its page."""

    def run(self) -> list[nodes.Node]:
        """Return the place of the block, or note what the data do not know."""
        self.env.note_dependency(f"{DATA_FOLDER}/{DESCRIPTION}")
        known = figures(self.env.app)
        own = known.indicators if self.name == "indicator" else known.regions
        wanted = [(self.env.docname.rpartition("/")[2], set(own))]
        wanted += [(argument, set(known.indicators)) for argument in self.arguments]
        for name, names in wanted:
            if name not in names:
                wrong = f"{{{self.name}}}: „{name}“ gibt es in data/ nicht"
                note_problem(self.env, self.lineno, wrong, guess(name, names, "„{}“"))
                return []
        return super().run()


class SeriesDirective(FiguresDirective):
    """A block about the region of its page and the indicator in its argument."""

    required_arguments = 1


# -- The build ---------------------------------------------------------------------------------


def _prepare(app: Sphinx) -> None:
    """Read the figures, and give them to the templates or their words to gettext."""
    known = figures(app)
    if "live" not in app.config.html_context:
        # What is wrong with them is named before pages are read.
        _ = known.indicators
    _create_pages(app)
    if isinstance(app.builder, MessageCatalogBuilder):
        for message in messages(known):
            origin = MsgOrigin(f"{DATA_FOLDER}/{DESCRIPTION}", 0)
            app.builder.catalogs[message_catalogues.DATA].add(message, origin)
    if app.builder.format == "html":
        environment = app.builder.templates.environment
        environment.filters["coord"] = charts.coordinate
        environment.globals |= {
            "figures": known,
            "basis": {basis.name: basis.title for basis in known.package.bases},
            "w": words(app),
            "charts": charts,
            "maps": maps,
            "downloads": downloads,
            "GERMANY": GERMANY,
            "TOGETHER": TOGETHER,
        }


def _create_pages(app: Sphinx) -> None:
    """Write the page of each indicator that has none: it is a file like any other from then on."""
    folder = Path(app.srcdir) / SECTION
    if not (folder / "index.md").is_file():
        return  # there is no section in which the pages could stand
    for entry, _ in figures(app).package.described:
        page = folder / f"{entry.name}.md"
        if not page.exists() and entry.name in figures(app).indicators:
            # The builds of both languages may write it at the same time.
            part = page.with_suffix(f".{app.config.language}")
            part.write_text(PAGE.format(title=entry.title), encoding="utf-8")
            part.replace(page)
            logger.info("neue Kennzahl: %s ist angelegt, nehmen Sie sie ins Repository auf", page)


def _check(app: Sphinx, env: BuildEnvironment) -> Iterator[Problem]:
    """Pages and data must know the same regions."""
    pages = {name for name, page in records(env).items() if isinstance(page, RegionPage)}
    if app.config.language != SOURCE.code or not pages:
        return
    for name in pages - {f"regions/{region}" for region in figures(app).regions}:
        wrong = "diese Region gibt es in data/regions.csv nicht"
        yield Problem(f"{name}.md", 0, wrong, "benennen Sie die Seite nach ihrer Kennung dort")
    for region in figures(app).main_regions:
        if f"regions/{region.id}" not in pages:
            wrong = f"der Region {region.id} fehlt regions/{region.id}.md"
            yield Problem("data/regions.csv", 0, wrong, "legen Sie die Seite an")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the figures with Sphinx."""
    for name in ("region-profile", "region-figures", "region-districts", "indicator"):
        app.add_directive(name, FiguresDirective)
    app.add_directive("region-series", SeriesDirective)
    for name in ("points", "highlights", "together", "overview", "comparison", "map", "list",
                 "downloads", "districts"):  # fmt: skip
        app.add_directive(f"figures-{name}", TemplateDirective)
    add_functions(app, page_of=page_of)
    app.connect("builder-inited", _prepare)
    app.connect("ikm-check", _check)
    after_pages(
        app,
        downloads.PACKAGE,
        lambda app: downloads.files(figures(app), words(app), Path(app.srcdir) / DATA_FOLDER),
    )
    return {"parallel_read_safe": True, "parallel_write_safe": True}
