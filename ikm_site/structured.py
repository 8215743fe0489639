# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""What a page is about, for machines: schema.org as JSON-LD in a data block.

A data block (`<script type="application/ld+json">`) is no script: browsers never run it, so
the site's policy does not concern it (HTML, "prepare the script element", step on the type).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ikm_site.domain import records, untranslated
from ikm_site.indicators import downloads
from ikm_site.indicators.extension import indicators
from ikm_site.languages import SOURCE, address, language
from ikm_site.navigation import preview_picture, title, trail
from ikm_site.organisation import organisation
from ikm_site.outputs import HIDDEN
from ikm_site.records import News, Statement

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

Thing = dict[str, Any]

#: The page of all tables.
CATALOGUE = "monitoring/downloads"


def script(things: list[Thing]) -> str:
    """JSON for a data block: no text of a page can end the block or begin a comment in it."""
    whole = [{key: value for key, value in thing.items() if value} for thing in things]
    text = json.dumps({"@context": "https://schema.org", "@graph": whole}, ensure_ascii=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _address(app: Sphinx, page: str) -> str:
    uri = app.builder.get_target_uri(page)
    return address(app.config.site_url, language(app.config.language), uri)


def _publisher(app: Sphinx) -> Thing:
    """The IKM, as `data/organisation.yaml` describes it."""
    about, site = organisation(app), app.config.site_url
    return {
        "@type": "Organization",
        "@id": f"{site}#organisation",
        "name": about.name,
        "alternateName": about.short_name,
        "url": site,
        "logo": f"{site}_static/favicon.svg",
        "email": about.email,
        "telephone": about.phone,
    }


def _place(app: Sphinx, page: str, heading: str) -> Thing:
    """The site on its home page, else the way to the page from there."""
    if page == app.config.root_doc:
        current = language(app.config.language)
        return {"@type": "WebSite", "url": _address(app, page), "name": current.title}
    way = [(title(app.env, above), _address(app, above)) for above in trail(app.env, page)]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": url}
            for number, (name, url) in enumerate([*way, (heading, _address(app, page))], start=1)
        ],
    }


def _article(app: Sphinx, page: str, record: News | Statement, publisher: Thing) -> Thing:
    """A news item or a statement."""
    german = "title" in untranslated(app.env).get(page, ())
    announced = isinstance(record, News) and record.announced
    return {
        "@type": "NewsArticle" if isinstance(record, News) else "Report",
        "url": _address(app, page),
        "headline": title(app.env, page),
        "description": str(record.description),
        "inLanguage": SOURCE.code if german else app.config.language,
        "datePublished": str(record.date) if record.date and not announced else None,
        "dateModified": str(record.updated) if record.updated else None,
        "image": preview_picture(app, page),
        "author": publisher,
        "publisher": publisher,
        "about": [{"@id": _address(app, f"regions/{region}")} for region in record.regions],
    }


def _dataset(app: Sphinx, page: str, publisher: Thing) -> Thing | None:
    """The table of an indicator's page, or all of them on the page of the downloads."""
    site = indicators(app)
    package, text = site.figures.package, site.words.text
    indicator = site.figures.indicators.get(page.removeprefix("monitoring/"))
    if indicator is not None:
        files = {
            downloads.address(indicator.name, "csv"): "text/csv",
            downloads.address(indicator.name, "json"): "application/json",
        }
    elif page == CATALOGUE:
        files = {downloads.PACKAGE: "application/zip"}
    else:
        return None
    about = indicator or package
    # What is measured, and of what: one alone is too short for a search engine.
    descriptions = dict.fromkeys([text(about.description), text(package.description)])
    return {
        "@type": "Dataset",
        "url": _address(app, page),
        "name": text(about.title),
        "description": " ".join(descriptions),
        "inLanguage": app.config.language,
        "creator": publisher,
        "isAccessibleForFree": True,
        "license": [licence.path for licence in about.licenses],
        "isBasedOn": [source.path for source in about.sources if source.path],
        "spatialCoverage": "Deutschland",
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": app.config.html_baseurl + path,
                "encodingFormat": kind,
            }
            for path, kind in files.items()
        ],
    }


def things(app: Sphinx, page: str, heading: str) -> list[Thing]:
    """What a page is about.

    Args:
        app: the application.
        page: the name of the page.
        heading: its title, which pages made from records have only in their template.
    """
    organisation = _publisher(app)
    publisher = {"@id": organisation["@id"]}
    record = records(app.env).get(page)
    found = [organisation, _place(app, page, heading)]
    if isinstance(record, (News, Statement)):
        found.append(_article(app, page, record, publisher))
    elif data := _dataset(app, page, publisher):
        found.append(data)
    return found


def _context(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    if pagename not in HIDDEN:
        # `script` has escaped what HTML would read; quotes must stay.
        context["structured"] = lambda heading: Markup(script(things(app, pagename, heading)))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the structured data with Sphinx."""
    app.connect("html-page-context", _context)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
