# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""What the templates need for the frame of a page: navigation, place, sources.

Everything is read from the toctrees and records of the environment, in time that does not
grow with the number of pages: Sphinx's and Furo's own navigation resolves the whole toctree
anew for each page.
"""

from __future__ import annotations

import functools
import posixpath
import re
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from docutils import nodes

from ikm_site.dates import PartialDate
from ikm_site.domain import records, untranslated
from ikm_site.languages import SOURCE, Language, language
from ikm_site.myst_translation import page_catalogue
from ikm_site.records import Region

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

#: A page shows its own contents when it has at least this many second-level headings.
CONTENTS_FROM = 3

#: A page's navigation shows so many pages of a list, those around it; the page above shows all.
NEIGHBOURS = 40

#: Content pages may load styles and images of the site and send the search form, no more.
#: (What audits a page, such as Lighthouse, asks for robots.txt in the page's name: connect-src.)
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'"
)
#: The search page runs the site's scripts, which read the site's index.
SEARCH_POLICY = POLICY + "; script-src 'self'"


@dataclass(frozen=True)
class Link:
    """A link of the navigation: the page it leads to, its title, how it stands to this page.

    Without a title it follows a part of a list and leads to the page with all of it.
    """

    docname: str
    title: str
    href: str
    current: bool
    inside: bool


def children(env: BuildEnvironment, docname: str) -> list[str]:
    """The pages in the toctrees of a page, in their order; regions by their names."""
    below = list(env.toctree_includes.get(docname, []))
    if docname == "regions/index":
        known = records(env)
        below.sort(key=lambda page: _sorting(getattr(known.get(page), "short", page)))
    return below


def _sorting(name: str) -> str:
    """The name as readers look for it in an alphabetical list: without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if c.isalnum())


def parent(env: BuildEnvironment, docname: str) -> str | None:
    """The page above: by toctree, else the index of the next folder that has one."""
    # For each page Sphinx keeps those whose toctrees hold it.
    if held := env.files_to_rebuild.get(docname):
        return max(held)
    folder = posixpath.dirname(docname)
    if posixpath.basename(docname) == "index":
        folder = posixpath.dirname(folder)
    while folder:
        index = folder + "/index"
        if index in env.found_docs and index != docname:
            return index
        folder = posixpath.dirname(folder)
    return None if docname == env.config.root_doc else env.config.root_doc


def trail(env: BuildEnvironment, docname: str) -> list[str]:
    """The pages above a page, from the home page down, without the page itself."""
    above: list[str] = []
    page = parent(env, docname)
    while page is not None and page not in above:
        above.insert(0, page)
        page = parent(env, page)
    return above


def title(env: BuildEnvironment, docname: str) -> str:
    """The page's title in the language of the build, as plain text."""
    node = env.titles.get(docname)
    return _words(node) if node is not None else docname


# The same few titles stand in the navigation of every page; a page that is read again gets a
# new node.
@functools.lru_cache(maxsize=1000)
def _words(node: nodes.Node) -> str:
    return node.astext()


class _Frame:
    """The links of one page."""

    def __init__(self, app: Sphinx, pagename: str) -> None:
        self.app, self.env, self.pagename = app, app.env, pagename
        self.root = app.config.root_doc
        self.above = trail(app.env, pagename)

    def link(self, docname: str) -> Link:
        return Link(
            docname=docname,
            title=self.short(docname),
            href=self.app.builder.get_relative_uri(self.pagename, docname),
            current=docname == self.pagename,
            inside=docname in self.above,
        )

    def short(self, docname: str) -> str:
        """The title for navigation: regions have a short name, which everybody knows them by."""
        record = records(self.env).get(docname)
        return record.short if isinstance(record, Region) else title(self.env, docname)

    def links(self, docname: str) -> list[Link]:
        """The pages in the toctrees of a page; of many only those around this one.

        With all of them on each of them, a list's bytes would grow with its square.
        """
        entries = children(self.env, docname)
        if docname == self.pagename or len(entries) <= NEIGHBOURS:
            return [self.link(entry) for entry in entries]
        own = {self.pagename, *self.above}
        place = next((at for at, entry in enumerate(entries) if entry in own), 0)
        start = max(0, min(place - NEIGHBOURS // 2, len(entries) - NEIGHBOURS))
        shown = [self.link(entry) for entry in entries[start : start + NEIGHBOURS]]
        return [*shown, replace(self.link(docname), title="", inside=False)]

    def section(self) -> str | None:
        """The main section that this page lies in, or is."""
        path = [*self.above, self.pagename]
        return path[1] if len(path) > 1 and path[0] == self.root else None


def _context(
    app: Sphinx,
    pagename: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    env = app.env
    frame = _Frame(app, pagename)
    main = frame.links(frame.root)
    section = frame.section()
    record = records(env).get(pagename)
    siblings = children(env, frame.above[-1]) if frame.above and doctree is not None else []
    place = siblings.index(pagename) if pagename in siblings else None
    # Only within a section: from the last page of one to the first of the next leads astray.
    inside = place is not None and frame.above != [frame.root]
    context.update(
        main_links=[entry for entry in main if entry.docname != "legal/index"],
        legal_links=frame.links("legal/index"),
        breadcrumbs=[frame.link(page) for page in frame.above] if pagename != frame.root else [],
        section=frame.link(section) if section else None,
        section_links=[
            (entry, frame.links(entry.docname) if entry.current or entry.inside else [])
            for entry in (frame.links(section) if section else [])
        ],
        prev_link=frame.link(siblings[place - 1]) if inside and place else None,
        next_link=(
            frame.link(siblings[place + 1])
            if inside and place is not None and place + 1 < len(siblings)
            else None
        ),
        record=record,
        policy=SEARCH_POLICY if pagename == "search" else POLICY,
        untranslated_fields=untranslated(env).get(pagename, set()),
        page_language=_page_language(app, pagename, doctree),
        is_preview=app.config.is_preview,
        preview_picture=preview_picture(app, pagename),
    )
    context["body"] = _outermost(context.get("body", ""))
    # Furo asks Sphinx for the whole navigation and parses it with BeautifulSoup for every
    # page, only for its own sidebar, which this site does not have.
    context["toctree"] = lambda **_options: ""


def preview_picture(app: Sphinx, pagename: str) -> str:
    """The address of the picture for links to a page: its own, its section's or that of all.

    `tools/make_logo.py` draws them.
    """
    code = app.config.language
    folder = Path(app.confdir) / "theme/ikm/static/preview"
    names = (pagename.replace("/", "-"), pagename.partition("/")[0], "index")
    name = next(name for name in names if (folder / f"{name}.{code}.png").is_file())
    return f"{app.config.html_baseurl}_static/preview/{name}.{code}.png"


def _outermost(body: str) -> str:
    """The body with a plain element in place of its outermost section.

    Sphinx writes the page's `h1` into a section, where HTML gives it a lower level.
    """
    if not body.startswith("<section "):
        return body
    inner, _, rest = body.removeprefix("<section ").rpartition("</section>")
    return f"<div {inner}</div>{rest}"


def _page_language(app: Sphinx, pagename: str, doctree: nodes.document | None) -> str | None:
    """`de` on a page of a translation that has no catalogue at all, else None."""
    if doctree is None or app.config.language == SOURCE.code:
        return None
    return None if page_catalogue(app.env, pagename) else SOURCE.code


def _absolute(app: Sphinx, pagename: str, _t: str, context: dict[str, Any], _d: object) -> None:
    """The page for missing addresses is shown at any depth: its links start at the root."""
    if pagename != "404":
        return
    base = urlsplit(app.config.html_baseurl).path
    root = urlsplit(app.config.site_url).path
    relative: Callable[..., str] = context["pathto"]

    def pathto(*args: Any, **kwargs: Any) -> str:
        joined: str = posixpath.normpath(base + relative(*args, **kwargs))
        return joined

    context["pathto"] = pathto
    context["content_root"] = base
    context["body"] = re.sub(
        r'(href|src)="(?![a-z]+:|[#/])', rf'\g<1>="{base}', context.get("body", "")
    )
    for name in ("main_links", "legal_links", "breadcrumbs"):
        context[name] = [_rooted(entry, base) for entry in context[name]]
    context["section_links"], context["section"] = [], None
    for entry in context["alternates"]:
        entry["href"] = root + language(entry["code"]).path + "404.html"


def _rooted(entry: Link, base: str) -> Link:
    return Link(entry.docname, entry.title, base + entry.href, entry.current, entry.inside)


def _filters(app: Sphinx) -> None:
    """Give the templates dates in the page's language."""
    if app.builder.format != "html":
        return
    current: Language = language(app.config.language)

    def day(value: PartialDate, until: PartialDate | None = None) -> str:
        return value.text(current.babel, until)

    host = urlsplit(app.config.site_url).hostname or ""

    def own_site(url: str) -> bool:
        """Whether an address lies on this very site: a source on its former state has no link."""
        return (urlsplit(url).hostname or "").removeprefix("www.") == host

    app.builder.templates.environment.globals["own_site"] = own_site
    app.builder.templates.environment.filters["day"] = day


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the frame with Sphinx."""
    app.add_config_value("is_preview", False, "html", (bool,))
    app.connect("builder-inited", _filters)
    # Before Furo's own handler (500), which would compute its navigation.
    app.connect("html-page-context", _context, priority=450)
    app.connect("html-page-context", _absolute, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
