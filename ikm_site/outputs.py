"""Files beside the pages, each a template of `theme/ikm/outputs/` with what it needs.

Sitemap (sitemaps.org), Atom feeds (RFC 4287), the meetings as iCalendar (RFC 5545), old
addresses. Each language's build writes its own, so that it is complete in itself.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from ikm_site import redirects
from ikm_site.indicators import downloads, maps
from ikm_site.indicators.extension import figures
from ikm_site.languages import SOURCE, Language, language
from ikm_site.listings import last_change, listings
from ikm_site.navigation import NOT_FOUND, POLICY
from ikm_site.templates import add_functions, after_pages

# -- Functions for templates -----------------------------------------------------------------------


def page_names(app: Sphinx) -> list[str]:
    """The pages that readers may find, sorted; also those made from records."""
    return sorted({*app.env.found_docs, *listings(app).years} - {NOT_FOUND})


def page_address(app: Sphinx, docname: str, entry: Language | None = None) -> str:
    """The public address of a page in a language, by default in that of this build.

    That of a folder is without `index.html`.
    """
    entry = entry or language(app.config.language)
    uri = re.sub(r"(^|/)index\.html$", r"\1", app.builder.get_target_uri(docname))
    return f"{app.config.site_url}{entry.path}{uri}"


def feeds(app: Sphinx) -> dict[str, str]:
    """The path of each feed below its language, by the page whose list it is."""
    pages = [page for page in ("news/index", "statements/index") if page in app.env.found_docs]
    return {page: page.replace("index", "atom.xml") for page in pages}


def first_name(app: Sphinx, docname: str) -> str:
    """The name under which an item was first published: feeds and calendars know it by that."""
    former = [entry.former for entry in redirects.load(app) if entry.docname == docname]
    ours = (name for name in former if name and name.startswith(("news/", "statements/")))
    return next(ours, docname)


def folded(calendar: str) -> bytes:
    """A calendar with lines of at most 75 octets, each character whole (RFC 5545, 3.1)."""
    lines = calendar.encode().replace(b"\n", b"\r\n")
    return re.sub(rb"[^\r\n]{71,74}(?=[^\r\n\x80-\xbf])", rb"\g<0>\r\n ", lines)


# -- Files -----------------------------------------------------------------------------------------


def _outputs(app: Sphinx) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, template and context of each file."""
    code = app.config.language
    yield "sitemap.xml", "sitemap.xml", {}
    if code == SOURCE.code:
        yield "robots.txt", "robots.txt", {}
        rules = redirects.server_rules(redirects.load(app))
        yield redirects.MAP, "redirects.map", {"rules": rules}
    for page, path in feeds(app).items():
        yield path, "feed.atom.xml", {"page": page}
    if "news/index" in app.env.found_docs:
        yield "news/meetings.ics", "meetings.ics", {}
    for entry in redirects.load(app):
        if entry.former and (entry.lang is None or code == SOURCE.code):
            context = {"entry": entry, "target": language(entry.lang or code), "policy": POLICY}
            yield f"{entry.former}.html", "redirect.html", context
    css = (Path(app.confdir) / "theme/ikm/static/site.css").read_text(encoding="utf-8")
    for indicator in figures(app).indicators.values():
        if indicator.newest_by_district and indicator.about.maps:
            context = {"indicator": indicator, "colours": maps.colours(css)}
            yield downloads.address(indicator.name, "svg"), "district-map.svg", context


def _files(app: Sphinx) -> Iterator[tuple[str, bytes]]:
    """Path and content of each file."""
    for path, template, context in _outputs(app):
        context["path"] = path
        text = app.builder.templates.render(f"outputs/{template}", context).strip() + "\n"
        yield path, folded(text) if path.endswith(".ics") else text.encode()


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the files with Sphinx."""
    add_functions(
        app,
        page_names=page_names,
        page_address=page_address,
        page_path=cache(lambda app, docname: app.builder.get_target_uri(docname)),
        feeds=feeds,
        last_change=last_change,
        first_name=first_name,
    )
    app.connect("ikm-check", redirects.check)
    after_pages(app, "sitemap.xml", _files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
