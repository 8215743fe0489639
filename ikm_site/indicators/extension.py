# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The figures in pages: directives for writers, pages of indicators, downloads, words for gettext.

Directives (all are blocks, see `ikm_site.template_directives`):

- on a region's page `region-facts`, `region-figures`, `region-map`, `region-series INDICATOR`,
  `region-districts`;
- on any page `region-points`, `figures-highlights`, `figures-together`, `figures-overview`,
  `figures-comparison`, `figures-map`, `figures-list`, `figures-downloads`, `figures-districts`;
- `indicator INDICATOR` is the whole page of an indicator, `figures-pages` the toctree of all.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel.messages import Catalog
from babel.messages.pofile import write_po
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.addnodes import toctree
from sphinx.directives.other import TocTree
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from ikm_site import message_catalogues
from ikm_site.domain import domain, once_per_build, records
from ikm_site.indicators import charts, downloads, maps, words
from ikm_site.indicators.model import GERMANY, Region
from ikm_site.indicators.package import read_package
from ikm_site.indicators.reader import read_figures
from ikm_site.indicators.words import HEADINGS, Words
from ikm_site.languages import SOURCE, language
from ikm_site.listings import regions
from ikm_site.problems import stops_the_build
from ikm_site.template_directives import (
    TemplateDirective,
    TemplateDirectiveWithArgument,
    block,
)

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

logger = logging.getLogger(__name__)

DATA = "data"
FOLDER = "monitoring"
#: A series is drawn from this many periods on.
SERIES_FROM = 5

#: In the style sheet: the values of a scheme (the light one, then the dark one), and a colour.
VALUES, COLOUR = re.compile(r":root \{[^}]*\}"), re.compile(r"--[\w-]+: #\w+")

PAGE = """---
description: {description}
---

# {title}

```{{indicator}} {name}
```
"""
DIRECTIVE = re.compile(r"^```\{indicator\}\s+(\S+)", re.MULTILINE)


def page_names(root: Path) -> dict[str, str]:
    """Return the page of each indicator, found by its directive: a page may have another name."""
    return {
        name: page.relative_to(root).with_suffix("").as_posix()
        for page in sorted((root / FOLDER).glob("*.md"))
        for name in DIRECTIVE.findall(page.read_text(encoding="utf-8"))
    }


class Site:
    """The figures and everything drawn from them, for one build in one language."""

    def __init__(self, app: Sphinx) -> None:
        self.app = app
        root = Path(app.srcdir)
        self.figures = read_figures(root / DATA)
        current = language(app.config.language)
        catalogue = message_catalogues.read(root, current.code, message_catalogues.DATA)
        self.words = Words(current.code, current.babel, catalogue.harmless() if catalogue else {})
        self.pages = page_names(root)

    def problem(self, name: str, argument: str, docname: str) -> str:
        """Say what is wrong with a directive, or return nothing."""
        if name.startswith("indicator") or name == "region-series":
            known, what = list(self.figures.indicators), "diese Kennzahl"
        elif name.startswith("region-") and name != "region-points":
            known, what = list(self.figures.regions), "diese Region"
            argument = argument or docname.rpartition("/")[2]
        else:
            return ""
        if argument in known:
            return ""
        return f"{name}: {what} gibt es in data/ nicht: {argument}; es gibt: {', '.join(known)}"

    def region(self, argument: str, docname: str) -> Region:
        """Return the region of a page, or the one that the argument names."""
        return self.figures.regions[argument or docname.rpartition("/")[2]]

    def uri(self, docname: str, target: str) -> str | None:
        """Return the address of a page from another page, None where there is no such page."""
        if target not in self.app.env.found_docs:
            return None
        return str(self.app.builder.get_relative_uri(docname, target))

    def href(self, docname: str, region: str) -> str | None:
        """Return the address of the page of a region or a part, else that of its whole."""
        entry = self.figures.regions.get(region)
        whole = entry.part_of if entry else ""
        return self.uri(docname, f"regions/{region}") or self.uri(docname, f"regions/{whole}")

    def indicator_page(self, docname: str, name: str) -> str | None:
        """Return the address of an indicator's page."""
        return self.uri(docname, self.pages.get(name, ""))


@once_per_build
def indicators(app: Sphinx) -> Site:
    """The figures of this build."""
    return Site(app)


def _block_context(app: Sphinx, docname: str, node: block, context: dict[str, Any]) -> None:
    """Add to what the template of a block is given."""
    kind, argument, site = node["name"], node.get("argument", ""), indicators(app)
    if kind not in BLOCKS:
        return
    context |= {
        "figures": site.figures,
        "charts": charts,
        "maps": maps,
        "w": site.words,
        "site": language(app.config.language),
        "url": f"{app.config.html_baseurl}{app.builder.get_target_uri(docname)}",
        "basis": {basis.name: basis.title for basis in site.figures.package.bases},
        "href": partial(site.href, docname),
        "indicator_page": partial(site.indicator_page, docname),
        "region_pages": partial(regions, app),
        "address": downloads.address,
        "package_address": downloads.PACKAGE,
        "GERMANY": GERMANY,
    }
    if kind.startswith("indicator-") or kind == "region-series":
        context["indicator"] = site.figures.indicators[argument]
        argument = ""
    if kind.startswith("region-") and kind != "region-points":
        context["region"] = site.region(argument, docname)
        # The page of a region may show a part of it, too, which its record is not about.
        context["record"] = records(app.env).get(f"regions/{context['region'].id}")


BLOCKS = (
    "region-facts", "region-figures", "region-map", "region-profile", "region-series",
    "region-districts", "region-points", "indicator-finding", "indicator-definition",
    "indicator-bars", "indicator-map", "indicator-series", "indicator-table", "indicator-source",
    "figures-highlights", "figures-together", "figures-overview", "figures-comparison",
    "figures-map", "figures-list", "figures-downloads", "figures-districts",
)  # fmt: skip


class IndicatorPage(SphinxDirective):
    """The whole page of an indicator, with its headings."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the blocks, each below its heading."""
        name = self.arguments[0].strip()
        site = indicators(self.env.app)
        if problem := site.problem("indicator", name, self.env.docname):
            logger.error("%s", problem, location=self.get_location())
            return []
        indicator = site.figures.indicators[name]

        def part(kind: str) -> block:
            node = block(name=kind, argument=name, options={})
            self.set_source_info(node)
            return node

        sections = {
            "vergleich": "indicator-bars",
            "karte": "indicator-map" if indicator.about.maps else "",
            "zeitreihe": "indicator-series" if len(indicator.periods) >= SERIES_FROM else "",
            "tabelle": "indicator-table",
            "quelle": "indicator-source",
        }
        result: list[nodes.Node] = [part("indicator-finding"), part("indicator-definition")]
        for ident, kind in sections.items():
            if kind:
                title = nodes.title("", site.words.text(HEADINGS[ident]), translatable=False)
                # Without a name: names are labels, and labels are unique on the whole site.
                section = nodes.section("", title, part(kind), ids=[ident])
                self.state.document.ids[ident] = section
                result.append(section)
        return result


class FiguresPages(TocTree):
    """The hidden toctree of all pages of indicators, in the order of the package."""

    required_arguments = 0
    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return the toctree."""
        site = indicators(self.env.app)
        pages = [f"/{site.pages[name]}" for name in site.figures.indicators if name in site.pages]
        self.options = {"hidden": None}
        self.content = StringList(pages, source=self.env.docname)
        wrapper: Any = super().run()[0]
        whole = next(wrapper.findall(toctree))
        wrapper.remove(whole)
        for theme, chosen in site.figures.themes:
            # With a heading and short titles, which the navigation shows. They are words of the
            # data, not of this page: as titles of entries they would go to its catalogue.
            tree = whole.copy()
            tree["group"] = site.words.text(theme.title)
            tree["short"] = {
                page: site.words.text(one.about.label)
                for one in chosen
                if (page := site.pages.get(one.name)) in whole["includefiles"]
            }
            tree["includefiles"] = list(tree["short"])
            tree["entries"] = [(None, page) for page in tree["short"]]
            wrapper += tree
        return [wrapper]


# -- The build ---------------------------------------------------------------------------------


@stops_the_build
def _create_pages(app: Sphinx, _config: Config) -> None:
    """Write the page of each indicator that has none: it is a file like any other from then on."""
    root = Path(app.srcdir)
    if not (root / FOLDER / "index.md").is_file():
        return  # there is no section in which the pages could stand
    known = page_names(root)
    for entry in read_package(root / DATA).entries:
        page = root / FOLDER / f"{entry.name}.md"
        if entry.indicator is None or entry.name in known or page.exists():
            continue
        description = entry.description
        if not 30 <= len(description) <= 200:
            description = f"{entry.title} der europäischen Metropolregionen in Deutschland."
        content = PAGE.format(description=description, title=entry.title, name=entry.name)
        part = page.with_suffix(f".{language(app.config.language).code}")
        part.write_text(content, encoding="utf-8")
        part.replace(page)  # both languages may write it at the same time
        logger.info("neue Kennzahl: %s ist angelegt, nehmen Sie sie ins Repository auf", page)


@stops_the_build
def _read(app: Sphinx) -> None:
    indicators(app)
    if app.builder.format == "html":
        app.builder.templates.environment.filters["coord"] = charts.number


def _validate(app: Sphinx, doctree: nodes.document) -> None:
    """Take out blocks that name something unknown, and say so."""
    for node in list(doctree.findall(block)):
        if node["name"] not in BLOCKS:
            continue
        problem = indicators(app).problem(node["name"], node["argument"], app.env.docname)
        if problem:
            logger.error("%s", problem, location=node)
            node.parent.remove(node)


def _check(app: Sphinx, env: BuildEnvironment) -> None:
    """Every region page must be a region of the data and the other way round."""
    figures = indicators(app).figures
    pages = {name.partition("/")[2] for name in env.found_docs if name.startswith("regions/")}
    pages.discard("index")
    for region in figures.main_regions:
        if pages and region.id not in pages:
            logger.error(
                "data/regions.csv: der Region %s fehlt regions/%s.md", region.id, region.id
            )
    for page in sorted(pages):
        place = (f"regions/{page}", 1)
        if page not in figures.regions:
            logger.error("diese Region gibt es nicht in data/regions.csv: %s", page, location=place)
            continue
        short = getattr(records(env).get(f"regions/{page}"), "short", None)
        name = figures.regions[page].name
        if app.config.language == SOURCE.code and short not in (None, name):
            logger.error(
                "Feld „short“: %s, aber data/regions.csv sagt %s", short, name, location=place
            )


def _outdated(
    app: Sphinx, env: BuildEnvironment, _added: set[str], _changed: set[str], _removed: set[str]
) -> list[str]:
    """Read the pages of indicators again when the package has changed: their parts may differ."""
    stamp = (Path(app.srcdir) / DATA / "datapackage.json").stat().st_mtime_ns
    if not domain(env).has_changed("package", stamp):
        return []
    return sorted(set(indicators(app).pages.values()) & env.found_docs)


def _finish(app: Sphinx, exception: Exception | None) -> None:
    if exception:
        return
    site = indicators(app)
    if app.builder.name == "gettext":
        catalogue = Catalog(project="IKM", version="1", charset="utf-8")
        for message in words.messages(site.figures):
            catalogue.add(message)
        with (Path(app.outdir) / f"{words.DOMAIN}.pot").open("wb") as stream:
            write_po(stream, catalogue, width=0, no_location=True)
    elif app.builder.format == "html":
        target = Path(app.outdir)
        css = (Path(app.confdir) / "theme/ikm/static/site.css").read_text(encoding="utf-8")
        common = {
            "figures": site.figures,
            "GERMANY": GERMANY,
            "maps": maps,
            "w": site.words,
            "colours": [";".join(COLOUR.findall(values)) for values in VALUES.findall(css)[:2]],
        }
        for name, content in downloads.files(site.figures, site.words, Path(app.srcdir) / DATA):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes(content)
        for indicator in site.figures.indicators.values():
            if indicator.districts and indicator.about.maps:
                values = {**common, "indicator": indicator}
                drawing = app.builder.templates.render("outputs/district-map.svg", values)
                name = downloads.address(indicator.name, "svg")
                (target / name).write_text(drawing, encoding="utf-8")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the figures with Sphinx."""
    for name in BLOCKS:
        whole = name.startswith("figures-")
        app.add_directive(name, TemplateDirective if whole else TemplateDirectiveWithArgument)
    app.add_directive("indicator", IndicatorPage)
    app.add_directive("figures-pages", FiguresPages)
    # Before pages are looked for, so that a new indicator's page is found.
    app.connect("config-inited", _create_pages, priority=900)
    app.connect("builder-inited", _read)
    app.connect("env-get-outdated", _outdated)
    app.connect("doctree-read", _validate)
    app.connect("block-context", _block_context)
    app.connect("env-check-consistency", _check)
    app.connect("build-finished", _finish)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
