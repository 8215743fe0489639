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
from ikm_site.domain import domain, once_per_build, pages_with_blocks, records
from ikm_site.indicators import charts, downloads, words
from ikm_site.indicators.maps import read_atlas
from ikm_site.indicators.model import GERMANY, Indicator, Period, Region, add_up
from ikm_site.indicators.package import read_package
from ikm_site.indicators.words import HEADINGS, Words
from ikm_site.languages import SOURCE, language
from ikm_site.listings import regions
from ikm_site.problems import stops_the_build
from ikm_site.template_directives import add_block, block, directive

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

logger = logging.getLogger(__name__)

DATA = "data"
FOLDER = "monitoring"
#: A series is drawn from this many periods on; a table with more shows only some years at first.
SERIES_FROM = 5
SHORT_TABLE = 8

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
        self.atlas = read_atlas(root / DATA)
        self.figures = self.atlas.figures
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

    def points(self, docname: str, own: str = "") -> Markup:
        """Draw the points of the regions on the map, to stand beside words that say the same."""
        return self.atlas.all_regions(
            self.words, "punkte", "", partial(self.href, docname), own=own
        )


@once_per_build
def indicators(app: Sphinx) -> Site:
    """The figures of this build."""
    return Site(app)


Compute = Callable[[Site, str, str, Mapping[str, Any]], dict[str, Any]]


def _block(compute: Compute) -> Callable[[Sphinx, str, str, Mapping[str, Any]], dict[str, Any]]:
    """Give every template of a block the figures, the words and addresses of pages."""

    def complete(
        app: Sphinx, docname: str, argument: str, options: Mapping[str, Any]
    ) -> dict[str, Any]:
        site = indicators(app)
        return {
            "figures": site.figures,
            "w": site.words,
            "site": language(app.config.language),
            "url": f"{app.config.html_baseurl}{app.builder.get_target_uri(docname)}",
            "basis": {basis.name: basis.title for basis in site.figures.package.bases},
            "href": partial(site.href, docname),
            "indicator_page": partial(site.indicator_page, docname),
            "address": downloads.address,
            "package_address": downloads.PACKAGE,
            "GERMANY": GERMANY,
            **compute(site, docname, argument, options),
        }

    return complete


# -- A region's page ---------------------------------------------------------------------------


def _region(site: Site, docname: str, argument: str, _options: object) -> dict[str, Any]:
    region = site.region(argument, docname)
    return {
        "region": region,
        # The page of a region may show a part of it, too, which its record is not about.
        "record": records(site.app.env).get(f"regions/{region.id}"),
        "parts": site.figures.parts(region.id),
    }


def _key_figures(site: Site, docname: str, argument: str, _options: object) -> dict[str, Any]:
    region = site.region(argument, docname)
    main = [i for i in site.figures.indicators.values() if i.about.main]
    own = region.part_of or region.id
    return {
        "region": region,
        "parts": site.figures.parts(region.id),
        "entries": [(i, charts.strip(site.figures, i, own)) for i in main],
    }


def _locator(site: Site, docname: str, argument: str, _options: object) -> dict[str, Any]:
    region = site.region(argument, docname)
    cities = tuple(getattr(records(site.app.env).get(docname), "core_cities", ()))
    return {
        "region": region,
        "draw": partial(site.atlas.locator, region.id, cities, "lage"),
        "shared": [ags for ags in region.districts if ags in site.figures.shared],
        "country": site.points(docname, region.part_of or region.id),
    }


def _profile(site: Site, docname: str, argument: str, options: object) -> dict[str, Any]:
    return {
        **_region(site, docname, argument, options),
        **_locator(site, docname, argument, options),
    }


def _region_series(site: Site, docname: str, argument: str, _options: object) -> dict[str, Any]:
    indicator, region = site.figures.indicators[argument], site.region("", docname)
    draw = partial(charts.series, site.figures, site.words, indicator, region.id)
    return {"region": region, "indicator": indicator, "draw": draw}


def _districts(site: Site, docname: str, argument: str, _options: object) -> dict[str, Any]:
    region, figures = site.region(argument, docname), site.figures
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


def _indicator(site: Site, _docname: str, argument: str, _options: object) -> dict[str, Any]:
    return {"indicator": site.figures.indicators[argument]}


def _finding(site: Site, docname: str, argument: str, options: object) -> dict[str, Any]:
    values = _indicator(site, docname, argument, options)
    found = charts.newest_values(site.figures, values["indicator"])
    places = charts.by_value(found, values["indicator"].about.decimals)
    places.remove(GERMANY) if GERMANY in places else None
    return {**values, "found": found, "highest": places[0], "lowest": places[-1]}


def _bars(site: Site, docname: str, argument: str, options: object) -> dict[str, Any]:
    values = _indicator(site, docname, argument, options)
    draw = partial(charts.comparison, site.figures, site.words, values["indicator"])
    newest = charts.newest_values(site.figures, values["indicator"])
    return {**values, "draw": draw, "dots": charts.is_close(newest)}


def _map(site: Site, docname: str, argument: str, options: object) -> dict[str, Any]:
    values = _indicator(site, docname, argument, options)
    indicator: Indicator = values["indicator"]
    label_and_link = partial(site.href, docname)

    def draw(label: str) -> Markup:
        return site.atlas.all_regions(site.words, "karte-r", label, label_and_link, indicator)

    period = indicator.newest_by_district
    inside = [(r.id, r.districts) for r in site.figures.main_regions]
    outside = tuple(ags for ags, ids in site.figures.regions_of.items() if not ids)
    return {
        **values,
        "draw": draw,
        "box": site.atlas.box,
        "legend": site.atlas.legend(site.words, indicator),
        "period": period,
        "groups": [*inside, ("", outside)] if period else [],
        "districts": site.figures.districts,
        "shared_names": site.figures.shared_names,
    }


def _panels(site: Site, docname: str, argument: str, options: object) -> dict[str, Any]:
    values = _indicator(site, docname, argument, options)
    draw = partial(charts.panels, site.figures, site.words, values["indicator"])
    return {**values, "draw": draw}


def _table(site: Site, docname: str, argument: str, options: object) -> dict[str, Any]:
    values = _indicator(site, docname, argument, options)
    indicator: Indicator = values["indicator"]
    every = tuple(reversed(indicator.periods))
    short = every
    if len(every) > SHORT_TABLE:
        short = tuple(p for p in every if p == every[0] or p.year % 5 == 0)
    return {**values, "every": every, "short": short, "span": comparable(indicator)}


def comparable(indicator: Indicator) -> tuple[Period, Period] | None:
    """Return first and last period of the newest part of a series that is five years long."""
    for part in sorted(set(indicator.parts.values()), reverse=True):
        periods = [period for period in indicator.periods if indicator.parts[period] == part]
        if periods[-1].year - periods[0].year >= 5:
            return periods[0], periods[-1]
    return None


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
        values = charts.newest_values(site.figures, indicator)
        places = charts.by_value(values, indicator.about.decimals)
        regions = [place for place in places if place != GERMANY]
        if indicator.about.main and len(regions) > 1:
            found.append(
                {
                    "indicator": indicator,
                    "highest": regions[0],
                    "lowest": regions[-1],
                    "strip": charts.strip(site.figures, indicator),
                }
            )
    return {"entries": found}


def _together(site: Site, _docname: str, _argument: str, _options: object) -> dict[str, Any]:
    """Sum over the districts of all regions, each counted once."""
    figures = site.figures
    once = [ags for ags, regions in figures.regions_of.items() if regions]
    sums: dict[str, dict[str, Any]] = {}
    for name in ("population", "area", "gdp"):
        indicator = figures.indicators.get(name)
        period = indicator.newest_by_district if indicator else None
        if indicator is None or period is None:
            continue
        total = add_up(once, indicator.districts[period], None)
        germany = indicator.value(GERMANY, period)
        if total is not None and germany:
            sums[name] = {"indicator": indicator, "sum": total, "share": total / germany}
    return {
        "districts": len(once),
        "all_districts": len(figures.districts),
        "shared": len(figures.shared),
        "sums": sums,
    }


def _list(site: Site, _docname: str, _argument: str, _options: object) -> dict[str, Any]:
    return {"themes": _themes(site), "package": site.figures.package}


def _comparison(site: Site, _docname: str, _argument: str, _options: object) -> dict[str, Any]:
    groups: list[tuple[list[Any], list[Indicator]]] = []
    for theme, chosen in _themes(site):
        # Small themes that follow each other share a table.
        if groups and len(groups[-1][1]) + len(chosen) <= 5:
            groups[-1][0].append(theme)
            groups[-1][1].extend(chosen)
        else:
            groups.append(([theme], list(chosen)))
    return {"groups": groups}


def _regions_map(site: Site, docname: str, _argument: str, _options: object) -> dict[str, Any]:
    draw = partial(site.atlas.all_regions, site.words, "regionen", href=partial(site.href, docname))
    return {"draw": draw}


def _points(site: Site, docname: str, _argument: str, _options: object) -> dict[str, Any]:
    return {"items": regions(site.app.env), "drawing": site.points(docname)}


UMLAUTS = str.maketrans({"Ä": "A", "Ö": "O", "Ü": "U", "ä": "a", "ö": "o", "ü": "u", "ß": "ss"})


def _index(site: Site, _docname: str, _argument: str, _options: object) -> dict[str, Any]:
    """List all districts from A to Z with their regions."""
    letters: dict[str, list[Any]] = {}
    for district in sorted(
        site.figures.districts.values(), key=lambda d: (d.name.translate(UMLAUTS), not d.city)
    ):
        letters.setdefault(district.name.translate(UMLAUTS)[0].upper(), []).append(district)
    return {"letters": letters, "regions_of": site.figures.regions_of}


BLOCKS: dict[str, tuple[Compute, bool]] = {
    "region-facts": (_region, True),
    "region-figures": (_key_figures, True),
    "region-map": (_locator, True),
    "region-profile": (_profile, True),
    "region-series": (_region_series, True),
    "region-districts": (_districts, True),
    "indicator-finding": (_finding, True),
    "indicator-definition": (_indicator, True),
    "indicator-bars": (_bars, True),
    "indicator-map": (_map, True),
    "indicator-series": (_panels, True),
    "indicator-table": (_table, True),
    "indicator-source": (_indicator, True),
    "figures-highlights": (_highlights, False),
    "figures-together": (_together, False),
    "figures-overview": (_overview, False),
    "figures-comparison": (_comparison, False),
    "figures-map": (_regions_map, False),
    "region-points": (_points, False),
    "figures-list": (_list, False),
    "figures-downloads": (_list, False),
    "figures-districts": (_index, False),
}


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
        pages_with_blocks(self.env).add(self.env.docname)

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
        for theme, chosen in _themes(site):
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
        (target / downloads.FOLDER).mkdir(parents=True, exist_ok=True)
        for name, content in downloads.files(site.figures, site.words, Path(app.srcdir) / DATA):
            (target / name).write_bytes(content)
        for indicator in site.figures.indicators.values():
            if indicator.districts and indicator.about.maps:
                shapes = site.atlas.by_district(site.words, indicator)
                drawing = app.builder.templates.render(
                    "outputs/district-map.svg", {"box": site.atlas.box, "shapes": shapes}
                )
                name = downloads.address(indicator.name, "svg")
                (target / name).write_text(drawing, encoding="utf-8")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the figures with Sphinx."""
    for name, (compute, argument) in BLOCKS.items():
        app.add_directive(name, directive(name, argument=argument))
        add_block(app, name, _block(compute))
    app.add_directive("indicator", IndicatorPage)
    app.add_directive("figures-pages", FiguresPages)
    # Before pages are looked for, so that a new indicator's page is found.
    app.connect("config-inited", _create_pages, priority=900)
    app.connect("builder-inited", _read)
    app.connect("env-get-outdated", _outdated)
    app.connect("doctree-read", _validate)
    app.connect("env-check-consistency", _check)
    app.connect("build-finished", _finish)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
