"""What the templates need for the frame of a page: navigation, place, policy.

The toctrees of the environment are read once a build: Sphinx's and Furo's own navigation
resolves the whole toctree anew for each page.
"""

import re
from functools import cache, partial
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from ikm_site.domain import records, title
from ikm_site.indicators.extension import short_titles, theme_of_pages
from ikm_site.languages import SOURCE, alphabetical
from ikm_site.myst_translation import has_gaps
from ikm_site.templates import add_functions, soft

#: Content pages may load styles and images of the site and send the search form, no more.
#: (What audits a page, such as Lighthouse, asks for robots.txt in the page's name: connect-src.)
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'"
)
#: The search page runs the site's scripts, which read the site's index.
SEARCH_POLICY = POLICY + "; script-src 'self'"

#: The page that servers show for missing addresses.
NOT_FOUND = "404"

_TITLE = re.compile(r"(?<=<h1>)[^<]+")
#: Sphinx writes the page's `h1` into a section, where HTML gives it a lower level.
_OUTERMOST = re.compile(r"\A<section (.*)</section>", re.DOTALL)


def short_title(app: Sphinx, docname: str) -> str:
    """The title of a page in the navigation: regions and indicators have short names."""
    return short_titles(app).get(docname) or title(app.env, docname)


@cache
def groups(app: Sphinx, docname: str) -> list[tuple[str, list[str]]]:
    """The pages in the toctrees of a page, in groups: a heading or "", and the pages below it.

    Pages stand in their order, regions by their names, behind them indicators by their themes.
    """
    found: dict[str, list[str]] = {"": []}
    if docname in app.env.tocs:
        for tree in app.env.tocs[docname].findall(addnodes.toctree):
            pages = [page for page in tree["includefiles"] if parent(app.env, page) == docname]
            if docname == "regions/index":
                pages.sort(key=lambda page: alphabetical(short_title(app, page)))
            found[""] += [page for page in pages if page not in theme_of_pages(app)]
            for page, theme in theme_of_pages(app).items():
                if page in pages:
                    found.setdefault(theme, []).append(page)
    return [(heading, entries) for heading, entries in found.items() if entries]


def children(app: Sphinx, docname: str) -> list[str]:
    """The same pages in one list."""
    return [page for _, pages in groups(app, docname) for page in pages]


@cache
def _parents(env: BuildEnvironment) -> dict[str, str]:
    """The page whose toctree lists each page."""
    trees = sorted(env.toctree_includes.items())
    return {page: above for above, pages in trees for page in pages}


def parent(env: BuildEnvironment, docname: str) -> str | None:
    """The page above: by toctree, else the index of the next folder that has one."""
    if docname == env.config.root_doc:
        return None
    if docname in _parents(env):
        return _parents(env)[docname]
    indices = [f"{folder}/index" for folder in PurePosixPath(docname).parents]
    found = [index for index in indices if index in env.found_docs and index != docname]
    return found[0] if found else env.config.root_doc


def trail(env: BuildEnvironment, docname: str) -> list[str]:
    """The pages above a page, from the home page down, without the page itself."""
    above: list[str] = []
    page = parent(env, docname)
    while page is not None and page not in above:
        above.insert(0, page)
        page = parent(env, page)
    return above


def _context(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], doctree: object
) -> None:
    if pagename == NOT_FOUND:
        # A server shows the page for any missing address: links start at the root.
        context["content_root"] = urlsplit(app.config.html_baseurl).path
        context["pathto"] = partial(app.builder.get_relative_uri, NOT_FOUND)
    above = trail(app.env, pagename)
    sections = children(app, app.config.root_doc)
    context.update(
        sections=sections,
        section=next((page for page in sections if page in (pagename, *above)), None),
        above=above,
        record=records(app.env).get(pagename),
        incomplete=doctree is not None and has_gaps(app, pagename),
        policy=SEARCH_POLICY if pagename == "search" else POLICY,
        # Furo asks Sphinx for the whole navigation and parses it with BeautifulSoup for every
        # page, only for its own sidebar, which this site does not have.
        toctree=lambda **_options: "",
    )
    context["body"] = _OUTERMOST.sub(r"<div \1</div>", context.get("body", ""))
    if app.config.language == SOURCE.code:
        context["body"] = _TITLE.sub(lambda words: soft(words[0]), context["body"], count=1)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the frame with Sphinx."""
    add_functions(
        app,
        groups=groups,
        children=children,
        short_title=short_title,
        page_title=lambda app, docname: title(app.env, docname),
    )
    # Before Furo's own handler (500), which would compute its navigation.
    app.connect("html-page-context", _context, priority=450)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
