"""The search index: one file, made from the finished pages, read by `theme/ikm/static/search.js`.

Sphinx's own index holds neither what templates write nor everyday words. This one has for each
page its title, address, place, description and the names by which readers look for it, and for
each word the pages on which it stands. How words are compared is the script's business alone.
"""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.search import IndexBuilder

from ikm_site import message_catalogues
from ikm_site.domain import records, title
from ikm_site.languages import LANGUAGES, alphabetical, language
from ikm_site.navigation import short_title, trail
from ikm_site.outputs import page_names
from ikm_site.records import Page, RegionPage, texts
from ikm_site.templates import after_pages

FILE = "search/index.js"

#: Weight of the pages of a folder in results, 0 to 9; its index page has 2 more.
WEIGHTS = {"news": 1, "statements": 3, "regions": 6, "about": 6, "monitoring": 5, "legal": 5}
USUAL = 4

#: Elements that say nothing of the page itself, as a table of all districts under an indicator.
_SKIPPED = re.compile(
    r'<(nav|aside|svg|script|details(?= class="all-values")|section(?= class="related"))\b'
    r"(?:[^<]++|<)*?</\1>"
)
#: Words and years; other numbers are looked for only in names and descriptions.
_WORD = re.compile(r"\b(?:19|20)\d\d\b|[^\W_]*[^\W\d_][^\W_]*")


def text_of(html: str) -> str:
    """The text of a piece of HTML, without soft hyphens; only `strong` and the like join words."""
    text = re.sub(r"</?(?:a|em|i|span|strong|b|wbr|time|mark|small)\b[^>]*>", "", html)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).replace("\u00ad", "").split())


def _first(begin: str, end: str, html: str) -> str:
    found = re.search(begin, html)
    return html[found.end() :].partition(end)[0] if found else ""


def _names(app: Sphinx, docname: str, record: Page) -> list[str]:
    """What readers call a page: its title, its file and everyday words, in all languages."""
    file = docname.removesuffix("/index").rpartition("/")[2]
    words = [
        title(app.env, docname).source,
        file,
        *(word.source for _, word in texts(record.search)),
    ]
    found = [message_catalogues.read(app.env, entry.code, docname) for entry in LANGUAGES]
    names = [known.words.get(word, word) for known in found for word in words]
    if isinstance(record, RegionPage):
        names += [short_title(app, docname), *record.core_cities]
    return list(dict.fromkeys(filter(None, names)))


def _page(
    app: Sphinx, builder: StandaloneHTMLBuilder, docname: str
) -> tuple[list[object], set[str]]:
    """One page of the index, in the order in which the script takes it apart, and its words."""
    html = builder.get_output_path(docname).read_text(encoding="utf-8")
    name = text_of(_first("<h1[^>]*>", "</h1>", html)) or docname
    description = text_of(_first('<meta name="description" content="', '"', html))
    main = _SKIPPED.sub(" ", _first("<main[^>]*>", "</main>", html))
    place = [title(app.env, page) for page in trail(app.env, docname)[1:][-1:]]
    record = records(app.env).get(docname)
    if date := getattr(record, "date", None):
        place.append(date.text(language(app.config.language).locale, getattr(record, "end", None)))
    folder, _, rest = docname.partition("/")
    weight = WEIGHTS.get(folder, USUAL) + (2 if rest == "index" else 0)
    names = _names(app, docname, record) if record else []
    about = " ".join([name, description, *place, *names])
    words = {*_WORD.findall(text_of(main)), *re.findall(r"\w+", about)}
    uri = builder.get_target_uri(docname)
    return [name, uri, " · ".join(place), description, weight, *names], words


def _index(app: Sphinx) -> Iterator[tuple[str, bytes]]:
    """The index of all pages, which have been written before."""
    builder = app.builder
    assert isinstance(builder, StandaloneHTMLBuilder)
    # `sphinx-build . out about/history.md` writes only some of them.
    written = [name for name in page_names(app) if builder.get_output_path(name).is_file()]
    pages, words = zip(*(_page(app, builder, name) for name in written), strict=True)
    places: dict[str, list[str]] = {}
    for number, there in enumerate(words):
        for word in there:
            places.setdefault(word, []).append(str(number))
    # Words that stand on the same pages share one entry: `{"3 14": "Cuxhaven Heidekreis"}`.
    groups: dict[str, list[str]] = {}
    for word, numbers in sorted(places.items()):
        groups.setdefault(" ".join(numbers), []).append(word)
    # Readers ask in any language on all pages.
    known = [IndexBuilder(app.env, entry.code, {}, "").lang for entry in LANGUAGES]
    content = {
        "stop": " ".join(sorted({word for lang in known for word in lang.stopwords})),
        "pages": pages,
        "words": {numbers: " ".join(there) for numbers, there in groups.items()},
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    # A script, because a page opened from a folder may load nothing else.
    yield FILE, f"window.ikmSearch={text};\n".encode()


def _search_page(app: Sphinx) -> list[tuple[str, dict[str, Any], str]]:
    """Give Sphinx the search page, with the list of all pages for readers without scripts."""
    pages = [name for name in page_names(app) if name in app.env.titles]
    pages.sort(key=lambda name: alphabetical(title(app.env, name)))
    return [("search", {"all_pages": pages}, "search.html")]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the index and the search page with Sphinx."""
    app.connect("html-collect-pages", _search_page)
    after_pages(app, FILE, _index)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
