# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""What the templates need for the frame of a page: navigation, place, sources.

The toctrees and records of the environment are read once a build: Sphinx's and Furo's own
navigation resolves the whole toctree anew for each page.
"""

from __future__ import annotations

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
from ikm_site.domain import once_per_build, records, untranslated
from ikm_site.languages import SOURCE, Language, language
from ikm_site.myst_translation import has_catalogue
from ikm_site.records import Region

if TYPE_CHECKING:
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
class Entry:
    """A page in the navigation.

    Attributes:
        docname: the page.
        title: its short title.
        uri: its address, to be put behind `content_root`.
        groups: the pages below it, a group for each heading of its toctrees.
    """

    docname: str
    title: str
    uri: str
    groups: tuple[Group, ...] = ()

    @property
    def below(self) -> list[Entry]:
        """The pages below it, in one list."""
        return [entry for group in self.groups for entry in group.entries]


@dataclass(frozen=True)
class Group:
    """Pages that stand below each other, with a heading or, for the first ones, without."""

    title: str
    entries: tuple[Entry, ...]


def title(env: BuildEnvironment, docname: str) -> str:
    """The page's title in the language of the build, as plain text."""
    node = env.titles.get(docname)
    return node.astext() if node is not None else docname


def _sorting(name: str) -> str:
    """The name as readers look for it in an alphabetical list: without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if c.isalnum())


def children(env: BuildEnvironment, docname: str) -> list[str]:
    """The pages in the toctrees of a page, in their order; regions by their names."""
    pages = env.toctree_includes.get(docname, [])
    if docname != "regions/index":
        return pages
    known = records(env)
    return sorted(pages, key=lambda page: _sorting(str(getattr(known.get(page), "short", page))))


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


@once_per_build
def _entries(app: Sphinx) -> dict[str, Entry]:
    """Every page in the toctrees below the home page, with what is below it."""
    env = app.env
    found: dict[str, Entry] = {}

    def add(docname: str, name: str, above: tuple[str, ...]) -> Entry:
        groups: dict[str, list[str]] = {"": []}
        titles: dict[str, str] = {}
        for tree in env.tocs[docname].findall(addnodes.toctree):
            # Toctrees of indicators have headings and short titles.
            groups.setdefault(tree.get("group", ""), []).extend(tree["includefiles"])
            titles |= tree.get("short", {})
        above = (*above, docname)
        below = tuple(
            Group(heading, tuple(
                add(page, titles.get(page) or _short(env, page), above)
                for page in children(env, docname)
                if page in pages and page not in above
            ))
            for heading, pages in groups.items()
            if pages
        )  # fmt: skip
        found[docname] = Entry(docname, name, app.builder.get_target_uri(docname), below)
        return found[docname]

    root = app.config.root_doc
    add(root, title(env, root), ())
    return found


def _short(env: BuildEnvironment, docname: str) -> str:
    """The short name of a region, the title of another page."""
    record = records(env).get(docname)
    return record.short if isinstance(record, Region) else title(env, docname)


def _context(
    app: Sphinx,
    pagename: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    env, root = app.env, app.config.root_doc
    if pagename == MISSING:
        _root_addresses(app, context)
    entries = _entries(app)
    above = trail(env, pagename)
    sections = entries[root].below
    context.update(
        sections=sections,
        section=next((one for one in sections if one.docname in (pagename, *above)), None),
        above=above,
        breadcrumbs=[entries[page] for page in above if page in entries],
        plain_language=entries.get(PLAIN),
        # From section to section there is no way on: it leads astray.
        neighbours=_neighbours(entries.get(above[-1]), pagename) if above[1:] else {},
        record=records(env).get(pagename),
        policy=SEARCH_POLICY if pagename == "search" else POLICY,
        untranslated_fields=untranslated(env).get(pagename, set()),
        page_language=_page_language(app, pagename, doctree),
        is_preview=app.config.is_preview,
        preview_picture=preview_picture(app, pagename),
        # Furo asks Sphinx for the whole navigation and parses it with BeautifulSoup for every
        # page, only for its own sidebar, which this site does not have.
        toctree=lambda **_options: "",
    )
    context["body"] = _outermost(context.get("body", ""))
    if app.config.language == SOURCE.code:
        context["body"] = _TITLE.sub(lambda words: soft(words[0]), context["body"], count=1)


def _neighbours(above: Entry | None, pagename: str) -> dict[str, Entry]:
    """The pages before and behind one, among those below the same page."""
    pages = above.below if above else []
    place = next((at for at, page in enumerate(pages) if page.docname == pagename), None)
    if place is None:
        return {}
    sides = {"prev": pages[:place][-1:], "next": pages[place + 1 :][:1]}
    return {side: found[0] for side, found in sides.items() if found}


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
