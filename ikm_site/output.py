# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Look at the finished pages: does a translation do what its original does, and no more?

This check knows nothing of catalogues, Markdown or Sphinx. It reads the HTML as a browser does
(HTML5) and compares each page with the same page in the source language, so that whatever
gets past the check of the catalogues stops the build here.
"""

from __future__ import annotations

import argparse
import functools
import re
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ikm_site import redirects
from ikm_site.languages import SOURCE, TRANSLATIONS, Language

#: Attributes whose value a browser fetches, opens or sends to.
_ADDRESSES = (
    "href", "src", "action", "formaction", "poster", "data", "cite", "background", "ping",
    "manifest", "xlink:href", "longdesc", "usemap", "codebase", "archive", "classid", "profile",
)  # fmt: skip
_LISTS = ("srcset", "imagesrcset")
#: Elements that no page of this site has.
_FORBIDDEN = frozenset(
    {
        "applet", "audio", "base", "embed", "fencedframe", "font", "frame", "frameset", "iframe",
        "marquee", "math", "noembed", "noframes", "object", "param", "plaintext", "portal",
        "source", "style", "template", "track", "video", "xmp",
    }
)  # fmt: skip
#: Class of the note on pages with missing parts, which only a translation has.
NOTE = "translation-note"
_SCHEMES = frozenset({"", "http", "https", "mailto", "tel"})
#: Elements of which a translated page has exactly as many as its original.
_COUNTED = (
    "a", "article", "aside", "button", "dd", "details", "dl", "dt", "fieldset", "figcaption",
    "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "img", "input", "li",
    "link", "main", "meta", "nav", "ol", "option", "p", "picture", "pre", "script", "section",
    "select", "summary", "svg", "table", "tbody", "td", "textarea", "th", "thead", "tr", "ul",
    "code", "blockquote", "hr", "br", "image", "use",
)  # fmt: skip


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong with one file of the result."""

    page: str
    wrong: str

    def __str__(self) -> str:
        """One line: the file and what is wrong."""
        return f"{self.page}: {self.wrong}"


@dataclass
class Page:
    """What a page does, as far as it can be compared between languages.

    Attributes:
        inner: addresses within the site, the same for all languages.
        outer: addresses elsewhere, as they stand.
        hosts: other hosts.
        headings: level and identifier of each heading, in order.
        tables: rows and cells of each table, in order.
        forms: method, target and fields of each form.
        counts: number of elements by name.
        faults: what no page may have.
    """

    inner: Counter[str] = field(default_factory=Counter)
    outer: Counter[str] = field(default_factory=Counter)
    hosts: set[str] = field(default_factory=set)
    headings: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    forms: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def _neutral(path: str, prefixes: Iterable[str], codes: Iterable[str]) -> str:
    """A path of the site without what differs between languages."""
    for prefix in prefixes:
        if prefix and (path == f"/{prefix}" or path.startswith(f"/{prefix}")):
            path = path.removeprefix(f"/{prefix.rstrip('/')}")
            break
    for code in codes:
        # Sphinx takes drawing.en.svg instead of drawing.svg where there is one.
        path = re.sub(rf"\.{code}(?=\.(svg|png|jpg|webp)$)", "", path)
    return path.removesuffix("index.html") or "/"


def _words(node: LexborNode, name: str) -> str:
    value = node.attributes.get(name)
    return re.sub(r"[\x00-\x20]+", " ", value or "").strip()


class _Reader:
    """Reads the pages of one site; holds what is the same for all of them."""

    def __init__(self, site_url: str, languages: Iterable[Language]) -> None:
        self.home = urlsplit(site_url)
        self.prefixes = sorted((entry.path for entry in languages), key=len, reverse=True)
        self.codes = [entry.code for entry in languages]

    def read(self, html: str, place: str) -> Page:
        """Read one page.

        Args:
            html: its text.
            place: where it lies in the site, `en/about/index.html`.
        """
        page = Page()
        tree = LexborHTMLParser(html)
        for note in tree.css(f".{NOTE}"):
            note.decompose()
        for node in tree.css("*"):
            self._node(node, place, page)
        for node in tree.css("code, pre, script"):
            node.decompose()
        words = tree.body.text() if tree.body is not None else ""
        shown = re.search(r"</?[a-zA-Z][\w-]*(?:\s[^<>]*)?/?>", words)
        if shown:
            # Harmless, but it should not be there: attempted, or escaped twice by a template.
            page.faults.append(f"shows HTML as text: {shown.group()[:80]}")
        return page

    def _node(self, node: LexborNode, place: str, page: Page) -> None:
        name = (node.tag or "").lower()
        if name in _COUNTED:
            page.counts[name] += 1
        if name in _FORBIDDEN:
            page.faults.append(f"has an element <{name}>")
        if name == "script":
            self._script(node, page)
        if name == "meta" and _words(node, "http-equiv").lower() == "refresh":
            page.faults.append("sends its readers on (meta refresh)")
        if re.fullmatch(r"h[1-6]", name):
            page.headings.append(name)
        elif name == "table":
            rows = node.css("tr")
            page.tables.append("/".join(str(len(row.css("td, th"))) for row in rows))
        elif name == "form":
            fields = [f"{n.tag}:{_words(n, 'type')}:{_words(n, 'name')}"
                      for n in node.css("input, select, textarea, button")]  # fmt: skip
            page.forms.append(" ".join([_words(node, "method"), *fields]))
        for attribute, value in node.attributes.items():
            self._attribute(name, attribute.lower(), value or "", place, page)

    @staticmethod
    def _script(node: LexborNode, page: Page) -> None:
        if _words(node, "type") == "application/ld+json":
            page.hosts |= hosts_in(node.text())
        elif not _words(node, "src"):
            page.faults.append("has a script in the page")

    def _attribute(self, element: str, name: str, value: str, place: str, page: Page) -> None:
        if name.startswith("on"):
            page.faults.append(f"has the event attribute {name} on <{element}>")
        elif name == "style":
            page.faults.append(f"has a style attribute on <{element}>")
        elif name == "srcdoc":
            page.faults.append(f"has the attribute {name} on <{element}>")
        elif name in _LISTS:
            for part in value.split(","):
                self._address(element, part.strip().split(" ")[0], place, page)
        elif name in _ADDRESSES:
            self._address(element, value, place, page)
        elif re.search(r"(?:java|vb)\s*script\s*:", unquote(value), re.IGNORECASE):
            page.faults.append(f"has a program in the attribute {name} of <{element}>")

    def _address(self, element: str, value: str, place: str, page: Page) -> None:
        # Browsers drop these characters before they look at the scheme.
        value = re.sub(r"[\t\r\n]", "", value).strip("\x00 \x1f")
        try:
            target = urlsplit(urljoin(f"site:///{place}", value.replace("\\", "/")))
            if value.startswith("//") or value.replace("\\", "/").startswith("//"):
                target = urlsplit(f"https:{value}")
            host = target.hostname or ""
        except ValueError:
            page.faults.append(f"has an address that cannot be read: {value[:80]}")
            return
        scheme = urlsplit(value).scheme.lower() if ":" in value else ""
        if scheme == "data" and element == "img" and value.startswith("data:image/"):
            page.counts["data:image"] += 1
        elif scheme not in _SCHEMES:
            page.faults.append(f"links to {value[:80]}")
        elif scheme in {"mailto", "tel"}:
            page.outer[value] += 1
        elif host and host == self.home.hostname:
            page.inner[_neutral(target.path or "/", self.prefixes, self.codes)] += 1
        elif host or scheme:
            page.outer[value] += 1
            page.hosts.add(host)
            if element != "a":
                page.faults.append(f"loads from another host: {value[:80]}")
        else:
            path = urljoin(f"/{place}", urlsplit(value).path) if value else f"/{place}"
            anchor = f"#{target.fragment}" if target.fragment else ""
            page.inner[_neutral(unquote(path), self.prefixes, self.codes) + anchor] += 1


def hosts_in(text: str) -> set[str]:
    """All hosts that are named with a scheme in a text."""
    return {match.lower() for match in re.findall(r"(?:https?:)?//([\w.-]+\.\w+)", text)}


def _difference(what: str, before: Counter[str], after: Counter[str]) -> Iterator[str]:
    for item in sorted((after - before).elements()):
        yield f"has {what} that the original does not have: {item[:120]}"
    for item in sorted((before - after).elements()):
        yield f"lacks {what} of the original: {item[:120]}"


def compare(before: Page, after: Page) -> Iterator[str]:
    """How a translated page differs from its original."""
    yield from _difference("a link", before.outer, after.outer)
    yield from _difference("a link", before.inner, after.inner)
    for host in sorted(after.hosts - before.hosts):
        yield f"names a host that the original does not name: {host}"
    if before.headings != after.headings:
        yield f"has other headings: {' '.join(after.headings)} for {' '.join(before.headings)}"
    if before.tables != after.tables:
        yield "has other tables, rows or cells"
    if before.forms != after.forms:
        yield "has other forms or fields"
    for name in sorted(before.counts.keys() | after.counts.keys()):
        if before.counts[name] != after.counts[name]:
            yield f"has {after.counts[name]} <{name}>, the original {before.counts[name]}"


def known_hosts(root: Path) -> set[str]:
    """Hosts to which the sources of the site link: its pages, its data, its templates."""
    hosts: set[str] = set()
    for pattern in ("*.md", "*/**/*.md", "data/**/*.y*ml", "data/**/*.json", "data/**/*.csv",
                    "_templates/**/*.html", "ikm_site/**/*.py", "conf.py"):  # fmt: skip
        for file in sorted(root.glob(pattern)):
            if not {"_build", ".venv", "node_modules", "tests"} & set(file.parts):
                hosts |= hosts_in(file.read_text(encoding="utf-8", errors="replace"))
    return hosts


def _pages(
    site: Path, languages: Iterable[Language], moved: Collection[str]
) -> dict[str, list[str]]:
    """The pages of each language, by its path, without the language's own folder."""
    prefixes = {entry.code: entry.path for entry in languages}
    result: dict[str, list[str]] = {code: [] for code in prefixes}
    for file in sorted(site.rglob("*.html")):
        name = file.relative_to(site).as_posix()
        if "_static/" in name or name in moved:
            continue
        code = next((c for c, path in prefixes.items() if path and name.startswith(path)),
                    SOURCE.code)  # fmt: skip
        result[code].append(name.removeprefix(prefixes[code]))
    return result


#: From so many pages on it pays to read them on all processors.
_MANY = 100


def _read_all(reader: _Reader, site: Path, places: list[str]) -> Iterator[Page]:
    """The pages at these places, in their order."""
    read = functools.partial(_read_file, reader, site)
    if len(places) < _MANY:
        yield from map(read, places)
        return
    with ProcessPoolExecutor() as pool:
        yield from pool.map(read, places, chunksize=100)


def _read_file(reader: _Reader, site: Path, place: str) -> Page:
    return reader.read((site / place).read_text("utf-8"), place)


def check(
    site: Path,
    site_url: str,
    allowed: set[str],
    languages: tuple[Language, ...] = (SOURCE, *TRANSLATIONS),
    moved: Collection[str] = (),
) -> list[Fault]:
    """Compare the languages of a built site.

    Args:
        site: its folder.
        site_url: its address, whose host is not another one.
        allowed: other hosts to which the original pages may link.
        languages: all languages, the source first.
        moved: pages that only lead from an old address to a new one.

    Returns:
        What is wrong, in the order of the pages.

    Raises:
        OSError: the site cannot be read.
    """
    reader = _Reader(site_url, languages)
    source, *others = languages
    pages = _pages(site, languages, moved)
    faults: list[Fault] = []
    originals: dict[str, Page] = {}
    read = _read_all(reader, site, [source.path + name for name in pages[source.code]])
    for name, page in zip(pages[source.code], read, strict=True):
        place = source.path + name
        originals[name] = page
        faults += [Fault(place, wrong) for wrong in _own_faults(name, page)]
        for host in sorted(page.hosts - allowed):
            faults.append(Fault(place, f"links to a host that no source of it names: {host}"))
    for language in others:
        for name in sorted(set(pages[language.code]) ^ set(pages[source.code])):
            where, lacks = (source, language) if name in originals else (language, source)
            faults.append(Fault(where.path + name, f"is not there in {lacks.name}"))
        both = sorted(set(pages[language.code]) & set(pages[source.code]))
        read = _read_all(reader, site, [language.path + name for name in both])
        for name, page in zip(both, read, strict=True):
            place = language.path + name
            wrong = [*_own_faults(name, page), *compare(originals[name], page)]
            faults += [Fault(place, text) for text in wrong]
        faults += _other_files(site, source, language)
    return faults


def _own_faults(name: str, page: Page) -> Iterator[str]:
    yield from dict.fromkeys(page.faults)
    if (
        page.counts["script"]
        and name != "search.html"
        and any(True for target in page.inner if target.endswith(".js"))
    ):
        yield "has a script, which only the search page may have"


def _other_files(site: Path, source: Language, language: Language) -> Iterator[Fault]:
    """Feeds and calendars: no host that the original file does not name."""
    for pattern in ("*.xml", "*.atom", "*.ics", "*.json"):
        for file in sorted((site / language.path).rglob(pattern)):
            name = file.relative_to(site / language.path).as_posix()
            original = site / source.path / name
            if not original.is_file():
                continue
            text, before = (f.read_text("utf-8", errors="replace") for f in (file, original))
            for host in sorted(hosts_in(text) - hosts_in(before)):
                yield Fault(
                    language.path + name, f"names a host that the original does not: {host}"
                )


def main(arguments: list[str] | None = None) -> int:
    """`python -m ikm_site.output [FOLDER]`. Returns its exit status."""
    parser = argparse.ArgumentParser(prog="check-output", description=__doc__)
    parser.add_argument("site", nargs="?", type=Path, default=Path("_build/html"))
    parser.add_argument("--site-url", default="https://deutsche-metropolregionen.org/")
    options = parser.parse_args(arguments)
    root = Path.cwd()
    moved = redirects.files(redirects.load(root))
    faults = check(options.site, options.site_url, known_hosts(root), moved=moved)
    for fault in faults:
        print(fault)
    if not faults:
        print("The languages of the site have the same links, headings, tables and forms.")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
