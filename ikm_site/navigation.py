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
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from docutils import nodes
from sphinx import addnodes

from ikm_site.dates import PartialDate
from ikm_site.domain import records, untranslated
from ikm_site.languages import SOURCE, Language, language
from ikm_site.myst_translation import has_catalogue
from ikm_site.records import Region

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

#: A page shows its own contents when it has at least this many second-level headings.
CONTENTS_FROM = 3

#: Content pages may load styles and images of the site and send the search form, no more.
#: (What audits a page, such as Lighthouse, asks for robots.txt in the page's name: connect-src.)
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'"
)
#: The search page runs the site's scripts, which read the site's index.
SEARCH_POLICY = POLICY + "; script-src 'self'"

#: So many pages of one list the navigation shows at most.
NEAR = 40

#: The page that servers show for missing addresses.
MISSING = "404"
#: The page in plain language, linked at the top of every page.
PLAIN = "about/leichte-sprache"

#: Second parts of the compounds in titles, and the length from which a word may be broken there.
_PARTS = re.compile(
    "(?<=[a-zäöüß]{4})(?=(?:regionen|konferenz|entwicklung|minister|verhältniss|stellungnahm|papier|"
    "produkt|wirtschaft|schöpfung|haushalt|gewerb|einkommen|quote|dichte|tätig|losen|alter|"
    "übernacht|gästen|ordnung|bericht|politik|tagung|beteilig|vernetz|transformation|sprache)"
    "[a-zäöüß]*)"
)
_TITLE = re.compile(r"(?<=<h1>)[^<]+")
_LONG = re.compile(r"\w{17,}")


@dataclass(frozen=True)
class Link:
    """A link of the navigation.

    Attributes:
        docname: the page it leads to.
        title: the page's short title.
        href: the address, relative to the page that shows the link.
        current: whether it leads to that page itself.
        inside: whether that page lies below the one it leads to.
        groups: the pages below it, where the navigation shows them.
    """

    docname: str
    title: str
    href: str
    current: bool
    inside: bool
    groups: tuple[Group, ...] = ()


@dataclass(frozen=True)
class Group:
    """Links that stand below each other, with a heading or, for the first ones, without."""

    title: str
    links: tuple[Link, ...]


def children(env: BuildEnvironment, docname: str) -> list[str]:
    """The pages in the toctrees of a page, in their order; regions by their names."""
    return _ordered(env, docname, env.toctree_includes.get(docname, []))


def _ordered(env: BuildEnvironment, docname: str, pages: list[str]) -> list[str]:
    if docname != "regions/index":
        return pages
    known = records(env)
    return sorted(pages, key=lambda page: _sorting(str(getattr(known.get(page), "short", page))))


def _sorting(name: str) -> str:
    """The name as readers look for it in an alphabetical list: without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if c.isalnum())


def toctrees(env: BuildEnvironment, docname: str | None) -> Iterator[Any]:
    """The toctrees of a page as Sphinx keeps them."""
    if docname in env.toctree_includes:
        yield from env.tocs[docname].findall(addnodes.toctree)


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

    def link(self, docname: str, depth: int = 0, given: str | None = None) -> Link:
        current, inside = docname == self.pagename, docname in self.above
        deeper = depth > 0 or current or inside
        return Link(
            docname=docname,
            title=given or self.short(docname),
            href=self.app.builder.get_relative_uri(self.pagename, docname),
            current=current,
            inside=inside,
            groups=self.groups(docname, depth - 1) if deeper and docname != self.root else (),
        )

    def short(self, docname: str) -> str:
        """The title for navigation: that of the toctree or the short name of a region."""
        record = records(self.env).get(docname)
        if isinstance(record, Region):
            return record.short
        above = parent(self.env, docname)
        given = (tree.get("short", {}).get(docname) for tree in toctrees(self.env, above))
        return next(filter(None, given), None) or title(self.env, docname)

    def groups(self, docname: str, depth: int = 0) -> tuple[Group, ...]:
        """The pages in the toctrees of a page: a group for each toctree that has a heading."""
        found: dict[str, list[Link]] = {"": []}
        for tree in toctrees(self.env, docname):
            pages = self.near(_ordered(self.env, docname, tree["includefiles"]))
            found.setdefault(tree.get("group", ""), []).extend(
                self.link(page, depth, tree.get("short", {}).get(page)) for page in pages
            )
        return tuple(Group(name, tuple(links)) for name, links in found.items() if links)

    def near(self, pages: list[str]) -> list[str]:
        """Of a long list the pages around this one: all of them on each would grow as a square."""
        if len(pages) <= NEAR:
            return pages
        own = {self.pagename, *self.above}
        place = next((at for at, page in enumerate(pages) if page in own), 0)
        start = max(0, min(place - NEAR // 2, len(pages) - NEAR))
        return pages[start : start + NEAR]

    def neighbours(self) -> tuple[Link | None, Link | None]:
        """The pages before and behind this one; from section to section none: it leads astray."""
        if not self.above or self.above == [self.root]:
            return None, None
        pages = children(self.env, self.above[-1])
        if self.pagename not in pages:
            return None, None
        place = pages.index(self.pagename)
        before, behind = pages[max(0, place - 1) : place], pages[place + 1 : place + 2]
        return (
            self.link(before[0]) if before else None,
            self.link(behind[0]) if behind else None,
        )


def _context(
    app: Sphinx,
    pagename: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    env = app.env
    if pagename == MISSING:
        _root_addresses(app, context)
    frame = _Frame(app, pagename)
    sections = [link for group in frame.groups(frame.root, 1) for link in group.links]
    before, behind = frame.neighbours() if doctree is not None else (None, None)
    context.update(
        sections=sections,
        section=next((link for link in sections if link.current or link.inside), None),
        breadcrumbs=[frame.link(page) for page in frame.above],
        plain_language=frame.link(PLAIN) if PLAIN in env.found_docs else None,
        prev_link=before,
        next_link=behind,
        record=records(env).get(pagename),
        policy=SEARCH_POLICY if pagename == "search" else POLICY,
        untranslated_fields=untranslated(env).get(pagename, set()),
        page_language=_page_language(app, pagename, doctree),
        is_preview=app.config.is_preview,
        preview_picture=preview_picture(app, pagename),
    )
    context["body"] = _outermost(context.get("body", ""))
    if app.config.language == SOURCE.code:
        context["body"] = _TITLE.sub(lambda words: soft(words[0]), context["body"], count=1)
    # Furo asks Sphinx for the whole navigation and parses it with BeautifulSoup for every
    # page, only for its own sidebar, which this site does not have.
    context["toctree"] = lambda **_options: ""


def preview_picture(app: Sphinx, pagename: str) -> str:
    """The address of the picture for links to a page: its own, its section's or that of all.

    `tools/make_logo.py` draws them.
    """
    code = app.config.language
    folder = Path(app.confdir) / "theme/ikm/static/preview"
    places = (pagename.replace("/", "-"), pagename.partition("/")[0], "index")
    # A language that has just been added shows the German one.
    names = [*(f"{place}.{code}.png" for place in places), f"index.{SOURCE.code}.png"]
    name = next(name for name in names if (folder / name).is_file())
    return f"{app.config.html_baseurl}_static/preview/{name}"


def soft(text: str) -> str:
    """The text with soft hyphens in long German compounds: not every browser finds the joints."""
    return _LONG.sub(lambda word: _PARTS.sub("\u00ad", word[0]), text)


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
    return None if has_catalogue(app.env, pagename) else SOURCE.code


def _root_addresses(app: Sphinx, context: dict[str, Any]) -> None:
    """Let addresses start at the root: a server shows the page for any missing address."""
    base = app.builder.get_relative_uri(MISSING, app.config.root_doc).removesuffix("index.html")
    context["content_root"] = base
    context["pathto"] = lambda name: app.builder.get_relative_uri(MISSING, name)


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
    app.builder.templates.environment.filters["soft"] = soft if current is SOURCE else str
    app.builder.templates.environment.filters["day"] = day


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the frame with Sphinx."""
    app.add_config_value("is_preview", False, "html", (bool,))
    app.connect("builder-inited", _filters)
    # Before Furo's own handler (500), which would compute its navigation.
    app.connect("html-page-context", _context, priority=450)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
