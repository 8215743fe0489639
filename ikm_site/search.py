# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The search index: one file, made from the finished pages, read by `theme/ikm/static/search.js`.

Sphinx's own index holds neither what templates write nor everyday words. This one has for each
page its title, where it stands, its description, and the words by which it is found, each once
and folded: `fold` here and in the script do the same.
"""

from __future__ import annotations

import json
import re
import unicodedata
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sphinx.search
from sphinx.util import import_object

from ikm_site import message_catalogues
from ikm_site.domain import once_per_build, records, source_title, title
from ikm_site.languages import LANGUAGES, language
from ikm_site.navigation import trail
from ikm_site.outputs import page_names
from ikm_site.records import Region

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

FILE = "search/index.js"

#: How much readers look for a page of a folder, 0 to 9; the page above the others 2 more.
WEIGHTS = {"news": 1, "statements": 3, "regions": 6, "about": 6, "monitoring": 5, "legal": 5}
USUAL = 4

#: Elements that say nothing of the page itself; on pages of indicators also what holds figures.
_SKIPPED = "nav|aside|svg|script"
_FIGURES = "|table|figure|details"
_WORD = re.compile(r"[^\W_]+")
_CHAIN = re.compile(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+)+")
_CAMEL = re.compile(r"\b(?:[A-ZÄÖÜ][a-zäöüß]+){2,}")


def fold(text: str) -> str:
    """The form in which words are compared: small letters, no accents, `ä`, `ae` and `a` alike."""
    text = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss"))
    return re.sub(r"([aou])e", r"\1", re.sub(r"[\u0300-\u036f]", "", text))


def words(text: str) -> list[str]:
    """The folded words of a text; of `FrankfurtRheinMain` and `Rhein-Main` also the parts."""
    text = unicodedata.normalize("NFC", text)
    whole = ["".join(_WORD.findall(chain)) for chain in _CHAIN.findall(text)]
    parts = [re.sub(r"(?=[A-ZÄÖÜ])", " ", word) for word in _CAMEL.findall(text)]
    return _WORD.findall(fold(" ".join([text, *whole, *parts])))


def page_text(html: str, skipped: str) -> tuple[str, str]:
    """The headings and the other text of a page's `main`, without the elements named."""
    main = re.search(r"<main\b.*?</main>", html, re.DOTALL)
    text = re.sub(rf"<({skipped})\b.*?</\1>|<section class=\"related\">.*?</section>", " ",
                  main[0] if main else "", flags=re.DOTALL)  # fmt: skip
    headings = re.findall(r"<h[2-4]\b.*?</h[2-4]>", text, re.DOTALL)
    return plain(" ".join(headings)), plain(re.sub(r"<h[1-4]\b.*?</h[1-4]>", " ", text))


def plain(html: str) -> str:
    """The words of a piece of HTML, without soft hyphens; only `strong` and the like join words."""
    text = re.sub(r"</?(?:a|em|i|span|strong|b|wbr|time|mark|small)\b[^>]*>", "", html)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).replace("\u00ad", "").split())


def _names(app: Sphinx, docname: str) -> Iterator[str]:
    """What a page is called besides its title: by everyday words, and in the other languages."""
    record = records(app.env).get(docname)
    if record is None:
        return
    yield from map(str, record.search)
    if isinstance(record, Region):
        yield from (record.short, *record.core_cities)
    german = source_title(app.env, docname)
    yield german
    for entry in LANGUAGES:
        catalogue = message_catalogues.read(app.srcdir, entry.code, docname)
        yield catalogue.words.get(german, "") if catalogue else ""
    if date := getattr(record, "date", None):
        yield str(date.year)


@once_per_build
def _of_all(app: Sphinx) -> dict[str, str]:
    """What every page of a folder is about: regions have all figures, figures all regions."""
    known = {name: record for name, record in records(app.env).items() if "/index" not in name}
    figures = [str(word) for name, record in known.items() if name.startswith("monitoring/")
               for word in record.search]  # fmt: skip
    regions = [record.short for record in known.values() if isinstance(record, Region)]
    return {"regions": " ".join(figures), "monitoring": " ".join(regions)}


def _page(app: Sphinx, docname: str, stop: frozenset[str]) -> list[object]:
    """One page of the index, in the order in which the script takes it apart."""
    uri = app.builder.get_target_uri(docname)
    file = Path(app.outdir) / (uri if uri.endswith(".html") else f"{uri}index.html")
    html = file.read_text(encoding="utf-8")
    name = plain((re.findall(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL) or [docname])[0])
    description = plain((re.findall(r'<meta name="description" content="(.*?)"', html) or [""])[0])
    folder, _, rest = docname.partition("/")
    figures = folder == "monitoring" and rest != "districts"
    headings, body = page_text(html, _SKIPPED + _FIGURES * figures)
    if rest != "index":
        body += " " + _of_all(app).get(folder, "")
    seen: set[str] = set()
    groups = []
    # Names have all their words: who asks for "about" wants the page with this title.
    for part, without in (
        (name, frozenset()), (" ".join(_names(app, docname)), frozenset()),
        (f"{description} {headings}", stop), (body, stop),
    ):  # fmt: skip
        own = dict.fromkeys(word for word in words(part) if len(word) > 1 and word not in without)
        groups.append(" ".join(word for word in own if word not in seen))
        seen.update(own)
    record = records(app.env).get(docname)
    place = [title(app.env, page) for page in trail(app.env, docname)[1:][-1:]]
    if date := getattr(record, "date", None):
        place.append(date.text(language(app.config.language).babel, getattr(record, "end", None)))
    weight = WEIGHTS.get(folder, USUAL) + (2 if rest == "index" else 0)
    return [name, uri, " · ".join(place), description, weight, *groups]


def _stop_words(code: str) -> frozenset[str]:
    known: Any = sphinx.search.languages.get(code)
    found = import_object(known) if isinstance(known, str) else known
    return frozenset(fold(word) for word in getattr(found, "stopwords", ()))


def _write(app: Sphinx, exception: Exception | None) -> None:
    """Write the index after all pages."""
    if exception or app.builder.format != "html":
        return
    code = app.config.language
    stop = _stop_words(code)
    content = {
        "stop": " ".join(sorted(stop)),
        "pages": [_page(app, name, stop) for name in page_names(app)],
    }
    target = Path(app.outdir) / FILE
    target.parent.mkdir(exist_ok=True)
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    # A script, because a page opened from a folder may load nothing else.
    target.write_text(f"window.ikmSearch={text};\n", encoding="utf-8")


def _list_pages(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Give the search page the list of all pages, for readers without scripts."""
    if pagename == "search":
        entries = [
            {"title": title(app.env, name), "href": app.builder.get_relative_uri("search", name)}
            for name in page_names(app)
            if name in app.env.titles
        ]
        context["all_pages"] = sorted(entries, key=lambda entry: fold(entry["title"]))


def _search_page(_app: Sphinx) -> list[tuple[str, dict[str, Any], str]]:
    return [("search", {}, "search.html")]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the index and the search page with Sphinx."""
    app.connect("html-collect-pages", _search_page)
    app.connect("html-page-context", _list_pages)
    # Behind everything that writes pages (500).
    app.connect("build-finished", _write, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
