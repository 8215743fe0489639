# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Files beside the pages, each a template of `theme/ikm/outputs/` with what it needs.

Each language's build writes its own, so that it is complete in itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ikm_site import redirects
from ikm_site.feeds import calendar, feeds, folded
from ikm_site.languages import LANGUAGES, SOURCE, address, language
from ikm_site.listings import last_change, listings
from ikm_site.navigation import POLICY, title
from ikm_site.problems import ProblemsError, stops_the_build

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

#: Pages that are not to be found by search engines.
HIDDEN = frozenset({"404", "search"})


@dataclass(frozen=True)
class Output:
    """A file of the site.

    Attributes:
        path: where it lies, relative to the site of this language.
        template: the template below `theme/ikm/outputs/`.
        context: what the template is given.
    """

    path: str
    template: str
    context: Mapping[str, Any]


def page_names(app: Sphinx) -> list[str]:
    """The pages that readers may find, sorted; also those made from records."""
    return sorted({*app.env.found_docs, *listings(app).pages} - HIDDEN)


def _sitemap(app: Sphinx) -> Iterator[Output]:
    site, current = app.config.site_url, language(app.config.language)
    pages = []
    for name in page_names(app):
        uri = app.builder.get_target_uri(name)
        stand = last_change(app, name)
        alternates = [(entry.code, address(site, entry, uri)) for entry in LANGUAGES]
        pages.append({
            "url": address(site, current, uri),
            # A month or a year is no day: rather none than a wrong one.
            "day": stand.exact if stand is not None else None,
            "alternates": [*alternates, ("x-default", address(site, SOURCE, uri))],
        })  # fmt: skip
    yield Output("sitemap.xml", "sitemap.xml", {"pages": pages})
    if current is SOURCE:
        sitemaps = [f"{site}{entry.path}sitemap.xml" for entry in LANGUAGES]
        yield Output("robots.txt", "robots.txt", {"sitemaps": sitemaps})


def _redirects(app: Sphinx) -> Iterator[Output]:
    """A page for each old address that a server without rules can serve.

    Raises:
        ProblemsError: a redirect leads nowhere or covers a page.
    """
    entries = redirects.load(Path(app.srcdir))
    current = language(app.config.language)
    pages = {app.builder.get_target_uri(name): name for name in (*page_names(app), *HIDDEN)}
    if wrong := list(redirects.problems(entries, pages)):
        raise ProblemsError(wrong)
    for file, entry, code in redirects.here(entries, current.code):
        up = "../" * (file.count("/") + current.path.count("/"))
        address_of_new = app.config.site_url + entry.href(code).partition("#")[0]
        context = {
            "language": current.code,
            "policy": POLICY,
            "page_title": title(app.env, pages[entry.page]),
            "href": up + entry.href(code),
            "canonical": address_of_new.removesuffix("index.html"),
            "stylesheet": "../" * file.count("/")
            + app.builder.templates.environment.globals["stylesheet"],
            "others": [
                {"code": other.code, "name": other.name, "href": up + entry.href(other.code)}
                for other in LANGUAGES
                if other.code != code
            ],
        }
        yield Output(file, "redirect.html", context)


def _feeds(app: Sphinx) -> Iterator[Output]:
    for path, template, context in (*feeds(app), *calendar(app)):
        yield Output(path, template, context)


@stops_the_build
def _write(app: Sphinx, exception: Exception | None) -> None:
    """Write the files after the pages."""
    if exception or app.builder.format != "html":
        return
    shared = {"site_language": language(app.config.language)}
    for output in (*_sitemap(app), *_redirects(app), *_feeds(app)):
        context = {**shared, **output.context}
        text = app.builder.templates.render(f"outputs/{output.template}", context).strip() + "\n"
        target = Path(app.outdir) / output.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((folded(text) if target.suffix == ".ics" else text).encode())


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the files with Sphinx."""
    app.connect("build-finished", _write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
