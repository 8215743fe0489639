# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The index of the search page, in small files of which a reader loads only what is needed.

Sphinx's own index knows the text of the pages as it was written, not what records and data add
to them (districts, dates, addressees), holds stems instead of words, and is one file for all
pages. This one is made from the finished pages and is read by `_static/search.js`:

- `search/index.js`: what all searches need: the endings and unimportant words of the language,
  the first word of each shard, the weights of the pages, on a small site also their titles;
- `search/words-<n>.js`: a shard: a stretch of the alphabet, each word with its pages;
- `search/titles.js`: on a large site, title, address, section and date of all pages, which the
  search page loads in the background;
- `search/page-<n>.js`: a page: title, address, section, date and text, for its result;
- `search/vocabulary.js`: all words, for a query with a word that no shard knows.

They are scripts that assign data, because a page opened from a folder may load nothing else.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sphinx.search
from selectolax.lexbor import LexborHTMLParser, LexborNode
from sphinx.util import import_object

from ikm_site.languages import language

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

#: The folder in each language's result.
FOLDER = "search"
#: A shard ends with the word with which it exceeds so many bytes.
SHARD = 6_000
#: A site with more pages has their titles in a file of their own, not in the index.
TITLES = 200
#: So many characters of the first paragraph count more than the rest.
LEAD = 200
#: The shortest word that is looked for within longer ones.
PART = 4

#: How a word stands in a page: as one digit of its posting, the greater the better. A compound
#: stands for its parts, too, one level lower.
IN_TITLE, YEAR, IN_HEAD, IN_LEAD, OFTEN, TWICE, ONCE, PART_OF_TEXT = 9, 8, 7, 6, 5, 4, 3, 2

#: How much a page is what people look for, by its folder: 0 to 9, a twentieth more each.
_WEIGHTS = {
    "about": 7, "regions": 5, "partners": 5, "workgroups": 5, "monitoring": 4, "statements": 3,
    "legal": 2, "news": 1,
    # It names the words of all other pages.
    "about/translation.html": 0,
}  # fmt: skip


@dataclass(frozen=True)
class Endings:
    """What may follow the stem of a word without making it another one.

    Attributes:
        forms: of the same word in another case, number, person.
        kin: of words of the same family, which count less.
    """

    forms: str
    kin: str


#: By language. Umlauts and their spelling as `ae`, `oe`, `ue` are gone before, see `fold`.
ENDINGS: Mapping[str, Endings] = {
    "de": Endings(
        forms="e em en ens er ern ers es n ns s ses se",
        kin="ation ationen heit ierung ig ige igen iger igkeit in innen isch ische ischen ischem "
        "ischer isches keit lich liche lichen licher liches ner nern t et te ten ung ungen",
    ),
    "en": Endings(
        forms="d ed es ies ing s y",
        kin="al ally an ans ance ation ations e er ers ian ion ions ison ist ists ity ive ment n "
        "or",
    ),
}

_WORD = r"\d+(?:[.,]\d+)+|[^\W_]+"
#: Words, and words joined by hyphens.
_CHAIN = re.compile(rf"(?:{_WORD})(?:[-\u2010\u2011](?:{_WORD}))*")
_PIECE = re.compile(_WORD)
_CAMEL = re.compile(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])")
_BLOCK_END = re.compile(
    r"</(?:p|li|h[1-6]|td|th|dt|dd|div|tr|caption|figcaption|summary)>|<br\s*/?>"
)
_TAG = re.compile(r"<[^>]*>")

#: What other pages say, and what is no text of the page.
_NOT_OF_THE_PAGE = (
    ".sources, .contents, .entry, .card, .points, .translation-note, .headerlink, script, svg, nav"
)
#: What tells what a page is about, beside its title.
_HEADS = ".record, h2, h3, h4, .districts, caption"


def fold(text: str) -> str:
    """The form in which words are compared; the script's `fold` does the same.

    Lower case, without accents, `ss` for `ß`; `ae`, `oe`, `ue` become `a`, `o`, `u`, as umlauts do.
    """
    plain = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss"))
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub("([aou])e", r"\1", bare)


@dataclass(frozen=True)
class Page:
    """What the index needs of a page.

    Attributes:
        address: below the language's folder.
        title: as plain text.
        section: the titles of the pages above, without the home page.
        date: as the page shows it, or empty.
        day: ISO 8601 as far as known, or empty; newer pages come first.
        heads: further words that tell what the page is about.
        lead: how its first paragraph begins.
        text: everything that it says, a block a line.
    """

    address: str
    title: str
    section: str
    date: str
    day: str
    heads: str
    lead: str
    text: str

    @property
    def weight(self) -> int:
        """How much this is what people look for, 0 to 9."""
        folder, _, rest = self.address.rpartition("/")
        general = _WEIGHTS.get(self.address.partition("/")[0], 3)
        weight = _WEIGHTS.get(self.address, general)
        return min(9, weight + 2) if folder and rest == "index.html" else weight


def _plain(html: str) -> str:
    """The words of a piece of HTML, a block a line."""
    text = unescape(_TAG.sub("", _BLOCK_END.sub("\x1f", html)))
    lines = (" ".join(line.split()) for line in text.split("\x1f"))
    return "\n".join(line for line in lines if line)


def _text(node: LexborNode | None) -> str:
    return " ".join(node.text().split()) if node is not None else ""


def read(html: str, address: str, code: str) -> Page | None:
    """Read one finished page.

    Args:
        html: its text.
        address: where it lies below the language's folder.
        code: the language of the result.

    Returns:
        The page, or None if nobody shall find it: it is the search itself or the page for
        missing addresses, leads to another address, or shows the text of the source language
        instead of a translation.
    """
    tree = LexborHTMLParser(html)
    main, heading = tree.css_first("main"), tree.css_first("main h1")
    if (
        main is None
        or heading is None
        or address in ("404.html", "search.html")
        or tree.css_first('meta[http-equiv="refresh"]')
        or (main.attributes.get("lang") or code) != code
    ):
        return None
    title, day = _text(heading), tree.css_first(".record time")
    crumbs = [_text(crumb) for crumb in tree.css(".breadcrumbs li")][1:]
    description = tree.css_first('meta[name="description"]')
    about = (description.attributes.get("content") or "") if description is not None else ""
    heading.decompose()
    for node in main.css(_NOT_OF_THE_PAGE):
        node.decompose()
    heads = [about, *(_plain(node.html or "") for node in main.css(_HEADS))]
    date = _text(day)
    stamp = (day.attributes.get("datetime") or "") if day is not None else ""
    for node in main.css(".record"):
        node.decompose()
    return Page(
        address, title, " › ".join(crumbs), date, stamp, "\n".join(filter(None, heads)),
        _text(main.css_first("p"))[:LEAD], _plain(main.html or "") or about,
    )  # fmt: skip


class Words:
    """Turns texts into the words of the index.

    Attributes:
        stop: words that say nothing alone, folded.
        spelling: how often each folded word is spelt how.
    """

    def __init__(self, code: str) -> None:
        known = sphinx.search.languages.get(code)
        # Sphinx has the class of a language or, of most, the place of its class.
        found: Any = import_object(known) if isinstance(known, str) else known
        self.stop = frozenset(fold(word) for word in getattr(found, "stopwords", ()))
        self.spelling: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._known: dict[str, tuple[str, ...]] = {}

    def of(self, text: str) -> list[str]:
        """The words of a text, folded, in order, with all ways to join and split them."""
        found: list[str] = []
        for chain in _CHAIN.findall(unicodedata.normalize("NFC", text)):
            forms = self._known.get(chain)
            if forms is None:
                forms = self._known[chain] = tuple(self._forms(chain))
            found += forms
        return found

    def _forms(self, chain: str) -> Iterator[str]:
        pieces = [part for piece in _PIECE.findall(chain) for part in _camel(piece)]
        yield from self._take(pieces)
        if len(pieces) > 1:
            pairs = [first + second for first, second in pairwise(pieces)]
            whole = re.sub(r"[-\u2010\u2011]", "", chain)
            for joined, shown in dict(zip([*pairs, whole], [*pairs, chain], strict=True)).items():
                yield from self._take([joined], shown)

    def _take(self, pieces: Iterable[str], shown: str = "") -> Iterator[str]:
        for piece in pieces:
            word = fold(piece)
            if len(word) < 2 or word in self.stop or _figure(piece):
                continue
            self.spelling[word][shown or piece] += 1
            yield word


def _camel(piece: str) -> list[str]:
    """`FrankfurtRheinMain` in its parts, but `IMeG` as one."""
    parts = _CAMEL.split(piece)
    return parts if min(map(len, parts)) > 1 else [piece]


def _figure(piece: str) -> bool:
    """Whether this is a value of a table, not a year or the number of a meeting."""
    return piece[0].isdigit() and not re.fullmatch(r"\d{1,4}[^\W\d_]*", piece)


#: For each word the pages that have it, each with how it stands there.
Postings = dict[str, dict[int, int]]


def postings(pages: Sequence[Page], words: Words) -> tuple[Postings, list[int]]:
    """Where each word stands, and how many words the title of each page has."""
    found: defaultdict[str, dict[int, int]] = defaultdict(dict)
    lengths = []
    for number, page in enumerate(pages):
        for word, count in Counter(words.of(page.text)).items():
            found[word][number] = OFTEN if count > 3 else TWICE if count > 1 else ONCE
        for word in words.of(page.lead):
            found[word][number] = IN_LEAD
        for word in words.of(page.heads):
            found[word][number] = IN_HEAD
        # "Stellungnahmen 2020": people add the year to a title.
        for word in words.of(page.day[:4]):
            found[word][number] = YEAR
        for word in words.of(page.title):
            found[word][number] = IN_TITLE
        length = sum(fold(word) not in words.stop for word in _PIECE.findall(page.title))
        lengths.append(min(length, 35))
    for part, whole in parts(sorted(found)):
        at = found[part]
        for number, level in found[whole].items():
            lower = level - 1 if level > OFTEN else PART_OF_TEXT
            # In place: a part that has been given a page is not given more by its own parts,
            # because the whole word contains these parts as well.
            at[number] = max(at.get(number, 0), lower)
    return dict(found), lengths


def parts(vocabulary: Sequence[str]) -> list[tuple[str, str]]:
    """Words that end or stand within longer ones, each with the longer one.

    Words at the beginning of longer ones are found by the order of the alphabet.
    """
    known = {word for word in vocabulary if len(word) >= PART and not word[0].isdigit()}
    return [
        (part, whole)
        for whole in vocabulary
        if len(whole) > PART + 2
        for part in sorted(
            {
                whole[start:end]
                for start in range(3, len(whole) - PART + 1)
                for end in range(start + PART, len(whole) + 1)
            }
            & known
        )
    ]


def _letters(number: int) -> str:
    """A number in the letters a to z; nothing for 0."""
    text = ""
    while number:
        number, digit = divmod(number - 1, 26)
        text = chr(97 + digit) + text
    return text


def encode(at: Mapping[int, int]) -> str:
    """Pages and levels: for each page the distance from the one before in letters, then a digit.

    Pages 0, 1 and 4 with level 9 are `9` `9` `b9`.
    """
    text, before = [], -1
    for number in sorted(at):
        text.append(f"{_letters(number - before - 1)}{at[number]}")
        before = number
    return "".join(text)


def _script(name: str, value: object) -> str:
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # The two line ends of Unicode that JavaScript once did not allow in a string.
    data = data.replace("\u2028", " ").replace("\u2029", " ")
    return f"(window.ikmSearch ??= {{}})[{json.dumps(name)}]={data};\n"


def _shards(lines: Iterable[str]) -> Iterator[list[str]]:
    """The lines in portions that end with the line with which they exceed `SHARD`."""
    shard: list[str] = []
    size = 0
    for line in lines:
        shard.append(line)
        size += len(line)
        if size > SHARD:
            yield shard
            shard, size = [], 0
    if shard:
        yield shard


def index(pages: Iterable[Page], code: str) -> dict[str, str]:
    """The files of the index of one language.

    Args:
        pages: its pages, in any order.
        code: the language.

    Returns:
        The text of each file by its name in the folder.
    """
    ordered = sorted(pages, key=lambda page: page.address)
    ordered.sort(key=lambda page: (page.weight, page.day), reverse=True)
    words = Words(code)
    found, lengths = postings(ordered, words)
    files: dict[str, str] = {}
    firsts: list[str] = []
    for lines in _shards(f"{word} {encode(found[word])}" for word in sorted(found)):
        name = f"words-{len(firsts)}"
        firsts.append(lines[0].partition(" ")[0])
        files[f"{name}.js"] = _script(name, "\n".join(lines))
    shown = [
        min(words.spelling[word].items(), key=lambda item: (-item[1], item[0]))[0]
        for word in sorted(found)
    ]
    files["vocabulary.js"] = _script("vocabulary", " ".join(shown))
    heads = [[page.title, page.address, page.section, page.date] for page in ordered]
    for number, (head, page) in enumerate(zip(heads, ordered, strict=True)):
        name = f"page-{number}"
        files[f"{name}.js"] = _script(name, [*head, page.text])
    large = len(heads) > TITLES
    if large:
        files["titles.js"] = _script("titles", heads)
    digest = hashlib.sha256("".join(files[name] for name in sorted(files)).encode())
    # A language that has just come is searched without them.
    endings = ENDINGS.get(code, Endings("", ""))
    files["index.js"] = _script(
        "index",
        {
            # Behind the address of every other file: parts of two releases are never mixed.
            "version": digest.hexdigest()[:8],
            "forms": endings.forms.split(),
            "kin": endings.kin.split(),
            "stop": " ".join(sorted(words.stop)),
            "shards": firsts,
            "weights": "".join(str(page.weight) for page in ordered),
            "lengths": "".join(_base36(length) for length in lengths),
            "titles": [] if large else heads,
        },
    )
    return files


def _base36(number: int) -> str:
    return "0123456789abcdefghijklmnopqrstuvwxyz"[number]


def write(out: Path, code: str) -> int:
    """Write the index of one language beside its finished pages.

    Args:
        out: the folder of this language's result.
        code: the language; pages of other languages below the folder are left out.

    Returns:
        The number of pages that can be found.
    """
    pages = []
    for file in sorted(out.rglob("*.html")):
        address = file.relative_to(out).as_posix()
        if not address.startswith(("_", ".")):
            page = read(file.read_text(encoding="utf-8"), address, code)
            if page is not None:
                pages.append(page)
    target = out / FOLDER
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    for name, text in index(pages, code).items():
        (target / name).write_text(text, encoding="utf-8")
    return len(pages)


def _own_index(app: Sphinx) -> None:
    """Spare Sphinx its index, whose stemming takes a third of a build."""
    if app.builder.name == "html":
        app.builder.search = False  # type: ignore[attr-defined]


def _search_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The page that Sphinx leaves out without an index of its own."""
    if app.builder.name == "html":
        yield "search", {}, "search.html"


def _finish(app: Sphinx, exception: Exception | None) -> None:
    if exception is None and app.builder.name == "html" and app.config.ikm_search:
        write(Path(app.outdir), language(app.config.language).code)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the index with Sphinx."""
    # `-D ikm_search=0` builds without it, for a preview that need not be searched.
    app.add_config_value("ikm_search", True, "", (bool,))
    app.connect("builder-inited", _own_index)
    app.connect("html-collect-pages", _search_page)
    app.connect("build-finished", _finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
