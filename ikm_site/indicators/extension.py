# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The figures in pages: directives for writers, pages of indicators, downloads, words for gettext.

Directives (all are blocks, see `ikm_site.template_directives`):

- on a region's page `region-facts`, `region-figures`, `region-map`, `region-series INDICATOR`,
  `region-districts`;
- on any page `figures-highlights`, `figures-together`, `figures-overview`, `figures-comparison`,
  `figures-map`, `figures-list`, `figures-downloads`, `indicator-bars INDICATOR`,
  `indicator-map INDICATOR` (`:level: region` or `district`), `indicator-series INDICATOR`,
  `indicator-table INDICATOR`, `indicator-source INDICATOR`;
- `indicator INDICATOR` is the whole page of an indicator, `figures-pages` the toctree of all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel.messages import Catalog
from babel.messages.pofile import write_po
from docutils import nodes
from docutils.statemachine import StringList
from markupsafe import Markup
from sphinx.addnodes import toctree
from sphinx.directives.other import TocTree
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from ikm_site import message_catalogues
from ikm_site.domain import pages_with_blocks, records
from ikm_site.indicators import charts, downloads, store, vega, words
from ikm_site.indicators.maps import Atlas
from ikm_site.indicators.model import GERMANY, Figures, Indicator, Region
from ikm_site.indicators.problems import DataError
from ikm_site.indicators.store import DATA
from ikm_site.indicators.words import HEADINGS, Words
from ikm_site.languages import SOURCE, language
from ikm_site.listings import regions
from ikm_site.template_directives import add_block, block, directive

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

logger = logging.getLogger(__name__)

CACHE = "_build/cache/charts"
FOLDER = "monitoring"
#: A series is drawn from this many periods on.
SERIES_FROM = 5

PAGE = """---
description: {description}
---

# {title}

```{{indicator}} {name}
```
"""


class Site:
    """The figures and everything drawn from them, for one build in one language."""

    def __init__(self, app: Sphinx, atlas: Atlas) -> None:
        self.app, self.figures, self.atlas = app, atlas.figures, atlas
        current = language(app.config.language)
        catalogue = message_catalogues.read(app.srcdir, current.code, message_catalogues.DATA)
        self.words = Words(current.code, current.babel, catalogue.harmless() if catalogue else {})
        self.cache = Path(app.srcdir) / CACHE

    def problem(self, name: str, argument: str, docname: str) -> str:
        """Say what is wrong with a directive, or return nothing."""
        if name.startswith("indicator") or name == "region-series":
            known, what = list(self.figures.indicators), "indicator"
        elif name.startswith("region-") and name != "region-points":
            known, what = list(self.figures.regions), "region"
            argument = argument or docname.rpartition("/")[2]
        else:
            return ""
        if argument in known:
            return ""
        return f"{name}: there is no {what} {argument!r} in data/; there are: {', '.join(known)}"

    def indicator(self, name: str) -> Indicator:
        """Return an indicator that `problem` has found to be there."""
        return self.figures.indicators[name]

    def region(self, argument: str, docname: str) -> Region:
        """Return the region of a page, or the one that the argument names."""
        return self.figures.regions[argument or docname.rpartition("/")[2]]

    def page_of(self, region: str) -> str | None:
        """Return the page of a region or a part, else that of its whole, None if there is none."""
        entry = self.figures.regions.get(region)
        names = (f"regions/{name}" for name in (region, entry.part_of if entry else ""))
        return next((name for name in names if name in self.app.env.found_docs), None)

    def href(self, docname: str, region: str) -> str | None:
        """Return the address of a region's page from another page."""
        target = self.page_of(region)
        if target is None:
            return None
        return str(self.app.builder.get_relative_uri(docname, target))

    def chart(self, spec: charts.Spec, indicator: Indicator) -> str:
        """Draw a chart and fill in names and numbers."""
        figures, wording = self.figures, self.words
        fill: dict[str, str] = {}
        for place in (*figures.regions, GERMANY):
            fill[f"name:{place}"] = wording.place(figures, place)
            points = indicator.series(place)
            fill[f"value:{place}"] = wording.value(indicator, points[-1].value if points else None)
        for number in charts.axis_numbers(spec):
            fill[f"number:{number:g}"] = wording.plain(number)
        return vega.fill(vega.draw(spec, self.cache), fill)


def _site(app: Sphinx) -> Site:
    found: Site = app.__dict__["ikm_figures_site"]
    return found


Compute = Callable[[Site, str, str, Mapping[str, Any]], dict[str, Any]]


def _block(compute: Compute) -> Callable[[Sphinx, str, str, Mapping[str, Any]], dict[str, Any]]:
    """Give every template of a block the figures, the words and addresses of pages."""

    def complete(
        app: Sphinx, docname: str, argument: str, options: Mapping[str, Any]
    ) -> dict[str, Any]:
        site = _site(app)

        def indicator_page(name: str) -> str | None:
            page = f"{FOLDER}/{name}"
            if page not in app.env.found_docs:
                return None
            return str(app.builder.get_relative_uri(docname, page))

        return {
            "figures": site.figures,
            "w": site.words,
            "href": partial(site.href, docname),
            "indicator_page": indicator_page,
            "address": downloads.address,
            "package_address": downloads.PACKAGE,
            "GERMANY": GERMANY,
            **compute(site, docname, argument, options),
        }

    return complete


def points_on_the_map(app: Sphinx, docname: str, own: str = "") -> Markup:
    """Draw the points of the regions on the map, to stand beside words that say the same."""
    site = _site(app)
    return site.atlas.all_regions(
        site.words, "punkte", "", "", partial(site.href, docname), own=own, decorative=True
    )


# -- A region's page ---------------------------------------------------------------------------


def _region(site: Site, docname: str, argument: str, _options: object) -> dict[str, Any]:
    region = site.region(argument, docname)
    return {
        "region": region,
        # The page of a region may show a part of it, too, which its record is not about.
        "record": records(site.app.env).get(f"regions/{region.id}"),
        "parts": site.figures.parts(region.id),
        "area": site.figures.indicators.get("area"),
        "population": site.figures.indicators.get("population"),
        "basis": {basis.name: basis.title for basis in site.figures.package.bases},
    }


def _key_figures(site: Site, docname: str, argument: str, _options: object) -> dict[str, Any]:
    region = site.region(argument, docname)
    figures = site.figures
    return {
        "region": region,
        "count": len(figures.main_regions),
        "parts": figures.parts(region.id),
        "entries": [
            (indicator, indicator.value(region.id), figures.rank(indicator, region.id))
            for indicator in figures.indicators.values()
            if indicator.about.main
        ],
    }


def _locator(site: Site, docname: str, argument: str, _options: object) -> dict[str, Any]:
    region = site.region(argument, docname)
    record = records(site.app.env).get(docname)
    cities = tuple(getattr(record, "core_cities", ()))

    def draw(title: str, description: str) -> Markup:
        return site.atlas.locator(site.words, region.id, cities, "lage", title, description)

    shared = [ags for ags in region.districts if ags in site.figures.shared]
    country = points_on_the_map(site.app, docname, region.part_of or region.id)
    return {"region": region, "draw": draw, "shared": shared, "country": country}


def _region_series(site: Site, docname: str, argument: str, _options: object) -> dict[str, Any]:
    indicator = site.indicator(argument)
    region = site.region("", docname)
    spec, height = charts.series(site.figures, indicator, region.id)
    return {
        "region": region,
        "indicator": indicator,
        "shapes": Markup(site.chart(spec, indicator)),
        "height": height,
        "breaks": charts.break_years(indicator),
    }


def _districts(site: Site, docname: str, argument: str, _options: object) -> dict[str, Any]:
    region = site.region(argument, docname)
    figures = site.figures
    rivals = figures.parts(region.part_of) if region.part_of else figures.main_regions
    states: dict[str, list[tuple[Any, list[str]]]] = {}
    for ags in region.districts:
        district = figures.districts[ags]
        others = [r.id for r in rivals if r.id != region.id and ags in r.districts]
        states.setdefault(district.state, []).append((district, others))
    for entries in states.values():
        entries.sort(key=lambda entry: (not entry[0].city, entry[0].ags))
    return {"region": region, "states": states, "parts": figures.parts(region.id)}


# -- An indicator's page -----------------------------------------------------------------------


def _indicator(site: Site, docname: str, argument: str, _options: object) -> dict[str, Any]:
    indicator = site.indicator(argument)
    return {
        "indicator": indicator,
        "is_series": len(indicator.periods) >= SERIES_FROM,
        "basis": {basis.name: basis.title for basis in site.figures.package.bases},
        "url": f"{site.app.config.html_baseurl}{site.app.builder.get_target_uri(docname)}",
        "site": language(site.app.config.language),
    }


def _bars(site: Site, docname: str, argument: str, options: object) -> dict[str, Any]:
    values = _indicator(site, docname, argument, options)
    spec, height = charts.bars(site.figures, values["indicator"])
    compare = values["indicator"].about.aggregation != "sum"
    shapes = Markup(site.chart(spec, values["indicator"]))
    return {**values, "shapes": shapes, "height": height, "compare": compare}


def _map(site: Site, docname: str, argument: str, options: Mapping[str, Any]) -> dict[str, Any]:
    values = _indicator(site, docname, argument, options)
    indicator = values["indicator"]
    by_district = bool(indicator.districts) and options.get("level", "") != "region"

    def draw(title: str, description: str) -> tuple[Markup, list[str]]:
        if by_district:
            return site.atlas.by_district(site.words, indicator, "karte-d", title, description)
        shade, legend = site.atlas.steps_of_regions(site.words, indicator)
        drawing = site.atlas.all_regions(
            site.words, "karte-r", title, description, partial(site.href, docname), shade
        )
        return drawing, legend

    period = indicator.newest_by_district if by_district else indicator.newest
    return {**values, "draw": draw, "by_district": by_district, "period": period}


def _panels(site: Site, docname: str, argument: str, options: object) -> dict[str, Any]:
    values = _indicator(site, docname, argument, options)
    spec, regions = charts.panels(site.figures, values["indicator"])
    drawing = site.chart(spec, values["indicator"])
    shapes = [Markup(panel) for panel in charts.cut(drawing, len(regions))]
    return {
        **values,
        "panels": list(zip(regions, shapes, strict=True)),
        "size": charts.PANEL,
        "compare": values["indicator"].about.aggregation != "sum",
    }


# -- Pages about all ---------------------------------------------------------------------------


def _themes(site: Site) -> list[tuple[Any, list[Indicator]]]:
    return [
        (theme, chosen)
        for theme in site.figures.package.themes
        if (chosen := [i for i in site.figures.indicators.values() if i.about.theme == theme.name])
    ]


def _overview(site: Site, _docname: str, _argument: str, _options: object) -> dict[str, Any]:
    return {"indicators": [i for i in site.figures.indicators.values() if i.about.main]}


def _highlights(site: Site, _docname: str, _argument: str, _options: object) -> dict[str, Any]:
    found = []
    for indicator in site.figures.indicators.values():
        values = {
            region.id: value
            for region in site.figures.main_regions
            if (value := indicator.value(region.id)) is not None
        }
        if not indicator.about.main or len(values) < 2:
            continue
        germany = indicator.value(GERMANY) if indicator.about.aggregation != "sum" else None
        every = [*values.values(), *([germany] if germany is not None else [])]
        low, span = min(every), max(every) - min(every)

        def place(value: float, low: float = low, span: float = span) -> float:
            return round(8 + 284 * (value - low) / span, 1) if span else 150.0

        found.append(
            {
                "indicator": indicator,
                "highest": max(values, key=lambda region: values[region]),
                "lowest": min(values, key=lambda region: values[region]),
                "values": values,
                "dots": [place(value) for value in values.values()],
                "germany": None if germany is None else place(germany),
            }
        )
    return {"entries": found}


def _together(site: Site, _docname: str, _argument: str, _options: object) -> dict[str, Any]:
    """Sum over the districts of all regions, each counted once."""
    figures = site.figures
    once = [ags for ags, regions in figures.regions_of.items() if regions]
    found = []
    for name in ("population", "area"):
        indicator = figures.indicators[name]
        period = indicator.newest
        values = [indicator.value(ags, period) or 0.0 for ags in once]
        found.append((indicator, sum(values), sum(values) / (indicator.value(GERMANY) or 1.0)))
    return {
        "regions": len(figures.main_regions),
        "districts": len(once),
        "all_districts": len(figures.districts),
        "shared": len(figures.shared),
        "sums": found,
    }


def _list(site: Site, _docname: str, _argument: str, _options: object) -> dict[str, Any]:
    return {"themes": _themes(site)}


def _comparison(site: Site, _docname: str, _argument: str, _options: object) -> dict[str, Any]:
    groups: list[tuple[list[Any], list[Indicator]]] = []
    for theme, indicators in _themes(site):
        # Small themes that follow each other share a table.
        if groups and len(groups[-1][1]) + len(indicators) <= 5:
            groups[-1][0].append(theme)
            groups[-1][1].extend(indicators)
        else:
            groups.append(([theme], list(indicators)))
    return {"groups": groups}


def _regions_map(site: Site, docname: str, _argument: str, _options: object) -> dict[str, Any]:
    def draw(title: str, description: str) -> Markup:
        return site.atlas.all_regions(
            site.words, "regionen", title, description, partial(site.href, docname)
        )

    return {"draw": draw, "on_home": docname == site.app.config.root_doc}


def _points(site: Site, docname: str, _argument: str, _options: object) -> dict[str, Any]:
    return {"items": regions(site.app.env), "drawing": points_on_the_map(site.app, docname)}


def _downloads(site: Site, docname: str, _argument: str, _options: object) -> dict[str, Any]:
    return {
        "themes": _themes(site),
        "package": site.figures.package,
        "url": f"{site.app.config.html_baseurl}{site.app.builder.get_target_uri(docname)}",
        "site": language(site.app.config.language),
    }


BLOCKS: dict[str, tuple[Compute, bool]] = {
    "region-facts": (_region, True),
    "region-figures": (_key_figures, True),
    "region-map": (_locator, True),
    "region-series": (_region_series, True),
    "region-districts": (_districts, True),
    "indicator-definition": (_indicator, True),
    "indicator-bars": (_bars, True),
    "indicator-map": (_map, True),
    "indicator-series": (_panels, True),
    "indicator-table": (_indicator, True),
    "indicator-source": (_indicator, True),
    "figures-highlights": (_highlights, False),
    "figures-together": (_together, False),
    "figures-overview": (_overview, False),
    "figures-comparison": (_comparison, False),
    "figures-map": (_regions_map, False),
    "region-points": (_points, False),
    "figures-list": (_list, False),
    "figures-downloads": (_downloads, False),
}


def level(argument: str) -> str:
    """Check the option `:level:` of a map."""
    if argument not in ("region", "district"):
        raise ValueError("must be region or district")
    return argument


class IndicatorPage(SphinxDirective):
    """The whole page of an indicator, with its headings."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the blocks, each below its heading."""
        name = self.arguments[0].strip()
        site = _site(self.env.app)
        problem = site.problem("indicator", name, self.env.docname)
        if problem:
            logger.error("%s", problem, location=self.get_location())
            return []
        indicator = site.indicator(name)
        pages_with_blocks(self.env).add(self.env.docname)

        def part(kind: str, **options: str) -> block:
            node = block(name=kind, argument=name, options=options)
            self.set_source_info(node)
            return node

        result: list[nodes.Node] = [part("indicator-definition")]
        sections = [("vergleich", [part("indicator-bars")])]
        maps = [part("indicator-map", level="region")]
        if indicator.districts:
            maps.append(part("indicator-map", level="district"))
        sections.append(("karte", maps))
        if len(indicator.periods) >= SERIES_FROM:
            sections.append(("zeitreihe", [part("indicator-series")]))
        sections += [
            ("tabelle", [part("indicator-table")]),
            ("quelle", [part("indicator-source")]),
        ]
        for ident, parts in sections:
            heading = HEADINGS[ident]
            title = nodes.title("", site.words.text(heading), translatable=False)
            if not site.words.translated(heading):
                title["classes"].append(f"language-{SOURCE.code}")
            # Without a name: names are labels, and labels are unique on the whole site.
            section = nodes.section("", title, *parts, ids=[ident])
            self.state.document.ids[ident] = section
            result.append(section)
        return result


class FiguresPages(TocTree):
    """The hidden toctree of all pages of indicators, in the order of the package."""

    required_arguments = 0
    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return the toctree."""
        site = _site(self.env.app)
        names = [f"/{FOLDER}/{name}" for name in site.figures.indicators]
        self.options = {"hidden": None}
        self.content = StringList(names, source=self.env.docname)
        wrapper: Any = super().run()[0]
        whole = next(wrapper.findall(toctree))
        wrapper.remove(whole)
        for theme, indicators in _themes(site):
            # With a heading and short titles, which the navigation shows. They are words of the
            # data, not of this page: as titles of entries they would go to its catalogue.
            tree = whole.copy()
            tree["group"] = site.words.text(theme.title)
            tree["short"] = {
                page: site.words.text(one.about.label)
                for one in indicators
                if (page := f"{FOLDER}/{one.name}") in whole["includefiles"]
            }
            tree["includefiles"] = list(tree["short"])
            tree["entries"] = [(None, page) for page in tree["short"]]
            wrapper += tree
        return [wrapper]


# -- The build ---------------------------------------------------------------------------------


def _create_pages(app: Sphinx, figures: Figures) -> None:
    """Write the page of each indicator that has none: it is a file like any other from then on."""
    if not (Path(app.srcdir) / FOLDER / "index.md").is_file():
        return  # there is no section in which the pages could stand
    for indicator in figures.indicators.values():
        page = Path(app.srcdir) / FOLDER / f"{indicator.name}.md"
        if page.exists():
            continue
        description = indicator.description
        if not 30 <= len(description) <= 200:
            description = f"{indicator.title} der europäischen Metropolregionen in Deutschland."
        content = PAGE.format(description=description, title=indicator.title, name=indicator.name)
        page.parent.mkdir(parents=True, exist_ok=True)
        part = page.with_suffix(f".{os.getpid()}")
        part.write_text(content, encoding="utf-8")
        part.replace(page)  # both languages may write it at the same time
        logger.info(
            "new indicator: wrote %s/%s.md, add it to the repository", FOLDER, indicator.name
        )


def _load(app: Sphinx, _config: Config) -> None:
    try:
        atlas = store.load(Path(app.srcdir))
    except DataError as error:
        for problem in error.problems:
            logger.error("%s", problem)
        # Not an exception of Sphinx, which would bury the message in a report on itself.
        raise SystemExit(1) from None
    app.__dict__["ikm_figures_atlas"] = atlas
    _create_pages(app, atlas.figures)


def _prepare(app: Sphinx) -> None:
    app.__dict__["ikm_figures_site"] = Site(app, app.__dict__["ikm_figures_atlas"])


def _validate(app: Sphinx, doctree: nodes.document) -> None:
    """Take out blocks that name something unknown, and say so."""
    for node in list(doctree.findall(block)):
        if node["name"] not in BLOCKS:
            continue
        problem = _site(app).problem(node["name"], node["argument"], app.env.docname)
        if problem:
            logger.error("%s", problem, location=node)
            node.parent.remove(node)


def _check(app: Sphinx, env: BuildEnvironment) -> None:
    """Every region page must be a region of the data and the other way round."""
    figures = _site(app).figures
    pages = {name.partition("/")[2] for name in env.found_docs if name.startswith("regions/")}
    for region in figures.main_regions:
        if pages - {"index"} and region.id not in pages:
            logger.error(
                "data/regions.csv: region %s has no page regions/%s.md", region.id, region.id
            )
    for page in sorted(pages - {"index"}):
        if page not in figures.regions:
            logger.error(
                "there is no region %s in data/regions.csv", page, location=(f"regions/{page}", 1)
            )
            continue
        short = getattr(records(env).get(f"regions/{page}"), "short", None)
        name = figures.regions[page].name
        if app.config.language == SOURCE.code and short not in (None, name):
            logger.error(
                "field 'short': %s, but data/regions.csv says %s", short, name,
                location=(f"regions/{page}", 1),
            )  # fmt: skip


def _outdated(
    app: Sphinx, env: BuildEnvironment, _added: set[str], _changed: set[str], _removed: set[str]
) -> list[str]:
    """Build the pages with blocks again when a table has changed (live preview)."""
    now = store.fingerprint(Path(app.srcdir) / DATA)
    before = getattr(env, "ikm_figures_print", None)
    env.ikm_figures_print = now  # type: ignore[attr-defined]
    return sorted(pages_with_blocks(env) & set(env.found_docs)) if before not in (None, now) else []


def _finish(app: Sphinx, exception: Exception | None) -> None:
    if exception or "ikm_figures_site" not in app.__dict__:
        return
    site = _site(app)
    if app.builder.name == "gettext":
        _write_template(Path(app.outdir) / f"{words.DOMAIN}.pot", site.figures)
    elif app.builder.format == "html":
        downloads.write(site.figures, site.words, Path(app.srcdir) / DATA, Path(app.outdir))


def _write_template(path: Path, figures: Figures) -> None:
    """Write the words of the data where `make update-po` looks for messages."""
    catalogue = Catalog(project="IKM", version="1", charset="utf-8")
    for message, place in words.messages(figures):
        catalogue.add(message, auto_comments=[place])
    with path.open("wb") as stream:
        write_po(stream, catalogue, width=0, no_location=True)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the figures with Sphinx."""
    for name, (compute, argument) in BLOCKS.items():
        options = {"level": level} if name == "indicator-map" else {}
        app.add_directive(name, directive(name, argument=argument, **options))
        add_block(app, name, _block(compute))
    app.add_directive("indicator", IndicatorPage)
    app.add_directive("figures-pages", FiguresPages)
    # Before pages are looked for, so that a new indicator's page is found.
    app.connect("config-inited", _load, priority=900)
    app.connect("builder-inited", _prepare)
    app.connect("env-get-outdated", _outdated)
    app.connect("doctree-read", _validate)
    app.connect("env-check-consistency", _check)
    app.connect("build-finished", _finish)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
