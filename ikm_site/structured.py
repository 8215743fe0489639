# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""What a page is about, for machines: schema.org as JSON-LD in a data block.

A data block (`<script type="application/ld+json">`) is no script: browsers never run it, so
the site's policy does not concern it (HTML, "prepare the script element", step on the type).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ikm_site.attachments import documents
from ikm_site.domain import records, untranslated
from ikm_site.indicators import downloads
from ikm_site.indicators.extension import Site as FiguresSite
from ikm_site.indicators.model import Indicator
from ikm_site.indicators.package import Package
from ikm_site.languages import address, language
from ikm_site.navigation import preview_picture, title, trail
from ikm_site.organisation import organisation
from ikm_site.outputs import HIDDEN
from ikm_site.records import News, Page, Region, Statement

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

Thing = dict[str, Any]

#: The page of all tables.
CATALOGUE = "monitoring/downloads"


def script(things: list[Thing]) -> str:
    """JSON for a data block: no text of a page can end the block or begin a comment in it."""
    text = json.dumps({"@context": "https://schema.org", "@graph": things}, ensure_ascii=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _without_nothing(thing: Mapping[str, Any]) -> Thing:
    return {key: value for key, value in thing.items() if value not in (None, "", [])}


class _Graph:
    """The things of one page."""

    def __init__(self, app: Sphinx, pagename: str) -> None:
        self.app, self.pagename = app, pagename
        self.site: str = app.config.site_url
        self.language = language(app.config.language)
        self.url = self.address(pagename)
        self.publisher = {"@id": f"{self.site}#organisation"}
        german = "title" in untranslated(app.env).get(pagename, ())
        self.spoken = "de" if german else self.language.code

    def address(self, docname: str) -> str:
        return address(self.site, self.language, self.app.builder.get_target_uri(docname))

    def organisation(self) -> Thing:
        """The IKM, as `data/organisation.yaml` describes it."""
        about = organisation(self.app)
        place = _without_nothing(
            {
                "@type": "PostalAddress",
                "streetAddress": about.street,
                "postalCode": about.postcode,
                "addressLocality": about.city,
            }
        )
        return _without_nothing(
            {
                "@type": "Organization",
                **self.publisher,
                "name": about.name,
                "alternateName": about.short_name,
                "url": self.site,
                "logo": f"{self.site}_static/favicon.svg",
                "email": about.email,
                "telephone": about.phone,
                "address": place if len(place) > 1 else None,
            }
        )

    def website(self) -> Thing:
        return {
            "@type": "WebSite",
            "@id": f"{self.site}#website",
            "url": self.url,
            "name": self.language.title,
            "inLanguage": self.language.code,
            "publisher": self.publisher,
        }

    def breadcrumbs(self, heading: str) -> Thing:
        above = [(title(self.app.env, page), self.address(page)) for page in self.trail()]
        return {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": number, "name": name, "item": url}
                for number, (name, url) in enumerate([*above, (heading, self.url)], start=1)
            ],
        }

    def trail(self) -> list[str]:
        return trail(self.app.env, self.pagename)

    def _work(self, kind: str, record: News | Statement) -> Thing:
        told_before = isinstance(record, News) and record.announced
        return {
            "@type": kind,
            "@id": f"{self.url}#record",
            "url": self.url,
            "mainEntityOfPage": self.url,
            "headline": title(self.app.env, self.pagename),
            "description": str(record.description),
            "inLanguage": self.spoken,
            "datePublished": str(record.date) if record.date and not told_before else None,
            "dateModified": str(record.updated) if record.updated else None,
            "image": preview_picture(self.app, self.pagename),
            "author": self.publisher,
            "publisher": self.publisher,
            "about": [
                {"@id": f"{self.address(f'regions/{one}')}#region"} for one in record.regions
            ],
            "citation": [source.url for source in record.sources if source.url],
        }

    def news(self, record: News) -> Thing:
        return self._work("NewsArticle", record)

    def statement(self, record: Statement) -> Thing:
        found = documents(self.app).get(self.pagename)
        return {
            **self._work("Report", record),
            "name": title(self.app.env, self.pagename),
            "genre": record.kind,
            "encoding": found
            and {
                "@type": "MediaObject",
                "contentUrl": self.site + found.path,
                "encodingFormat": "application/pdf",
                "contentSize": f"{found.size} B",
                "inLanguage": record.document_lang,
            },
        }

    def region(self, record: Region) -> Thing:
        return {
            "@type": "Place",
            "@id": f"{self.url}#region",
            "name": title(self.app.env, self.pagename),
            "alternateName": str(record.short),
            "description": str(record.description),
            "url": self.url,
            "sameAs": record.website,
            "containedInPlace": [{"@type": "State", "name": name} for name in record.states],
        }

    def dataset(self, figures: FiguresSite) -> Thing | None:
        """The table of an indicator's page, or all of them on the page of the downloads."""
        text, package = figures.words.text, figures.figures.package
        catalogue = self.address(CATALOGUE)
        folder, _, name = self.pagename.partition("/")
        indicator = figures.figures.indicators.get(name) if folder == "monitoring" else None
        if indicator is not None:
            years = [period.year for period in indicator.periods]
            return {
                **self._data(text(indicator.title), indicator),
                # What is measured, and of what: one alone is too short for a search engine.
                "description": f"{text(indicator.description)} {text(package.description)}",
                "distribution": [
                    self._download(downloads.address(name, "csv"), "text/csv"),
                    self._download(downloads.address(name, "json"), "application/json"),
                ],
                "temporalCoverage": f"{min(years)}/{max(years)}" if years else None,
                "variableMeasured": {
                    "@type": "PropertyValue",
                    "name": text(indicator.about.label),
                    "unitText": text(indicator.unit.title),
                },
                "isPartOf": {"@id": f"{catalogue}#data"},
            }
        if self.pagename == CATALOGUE:
            return {
                **self._data(text(package.title), package),
                "description": text(package.description),
                "version": package.version,
                "distribution": [self._download(downloads.PACKAGE, "application/zip")],
            }
        return None

    def _data(self, name: str, about: Indicator | Package) -> Thing:
        return {
            "@type": "Dataset",
            "@id": f"{self.url}#data",
            "url": self.url,
            "name": name,
            "inLanguage": self.language.code,
            "creator": self.publisher,
            "publisher": self.publisher,
            "isAccessibleForFree": True,
            "license": [licence.path for licence in about.licenses],
            "isBasedOn": [source.path for source in about.sources if source.path],
            "spatialCoverage": {"@type": "Country", "name": "Deutschland"},
        }

    def _download(self, path: str, kind: str) -> Thing:
        return {
            "@type": "DataDownload",
            "contentUrl": self.app.config.html_baseurl + path,
            "encodingFormat": kind,
        }

    def things(self, heading: str) -> list[Thing]:
        record: Page | None = records(self.app.env).get(self.pagename)
        found: list[Thing] = [self.organisation()]
        if self.pagename == self.app.config.root_doc:
            found.append(self.website())
        else:
            found.append(self.breadcrumbs(heading))
        if isinstance(record, News):
            found.append(self.news(record))
        elif isinstance(record, Statement):
            found.append(self.statement(record))
        elif isinstance(record, Region):
            found.append(self.region(record))
        else:
            data = self.dataset(self.app.__dict__["ikm_figures_site"])
            found += [data] if data is not None else []
        return [_without_nothing(thing) for thing in found]


def _context(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Give the template a function: pages made from records know their title only there."""
    if pagename in HIDDEN:
        return

    def structured(heading: str) -> Markup:
        # `script` has escaped what HTML would read; quotes must stay.
        return Markup(script(_Graph(app, pagename).things(heading)))

    context["structured"] = structured


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the structured data with Sphinx."""
    app.connect("html-page-context", _context)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
