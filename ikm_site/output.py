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
import runpy
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ikm_site import redirects
from ikm_site.languages import SOURCE, TRANSLATIONS, Language

#: Attributes whose value a browser fetches, opens or sends to.
_ADDRESSES = frozenset({
    "href", "src", "action", "formaction", "poster", "data", "cite", "background", "ping",
    "manifest", "xlink:href", "longdesc", "usemap", "codebase", "archive", "classid", "profile",
})  # fmt: skip
#: Nearly all others, which can do no harm without a colon, however it is written.
_USUAL = frozenset({
    "aria-current", "aria-hidden", "aria-label", "aria-labelledby", "class", "content", "cx", "cy",
    "d", "hreflang", "id", "lang", "name", "r", "rel", "role", "type", "x", "y",
})  # fmt: skip
_LISTS = ("srcset", "imagesrcset")
#: Elements that no page of this site has.
_FORBIDDEN = frozenset(
    {
        "applet", "audio", "base", "embed", "fencedframe", "font", "frame", "frameset", "iframe",
        "marquee", "math", "noembed", "noframes", "object", "param", "plaintext", "portal",
        "source", "style", "template", "track", "video", "xmp",
    }
)  # fmt: skip
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
#: Elements that are looked at more closely.
_LOOKED_AT = _FORBIDDEN | _HEADINGS | {"form", "meta", "script", "table"}
#: Class of the note on pages with missing parts, which only a translation has.
NOTE = "translation-note"
_DROPPED = re.compile(r"[\t\r\n]")
_PROGRAM = re.compile(r"(?:java|vb)\s*script\s*:", re.IGNORECASE)
_SCHEMES = frozenset({"", "http", "https", "mailto", "tel"})
#: Elements of which a translated page has exactly as many as its original.
_COUNTED = frozenset({
    "a", "article", "aside", "button", "dd", "details", "dl", "dt", "fieldset", "figcaption",
    "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "img", "input", "li",
    "link", "main", "meta", "nav", "ol", "option", "p", "picture", "pre", "script", "section",
    "select", "summary", "svg", "table", "tbody", "td", "textarea", "th", "thead", "tr", "ul",
    "code", "blockquote", "hr", "br", "image", "use",
})  # fmt: skip


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
        counted: list[str] = []
        for node in tree.css("*"):
            name = (node.tag or "").lower()
            if name in _COUNTED:
                counted.append(name)
            if name in _LOOKED_AT:
                self._element(node, name, page)
            for attribute, value in node.attributes.items():
                if attribute not in _USUAL or (value and (":" in value or "%" in value)):
                    self._attribute(name, attribute.lower(), value or "", place, page)
        page.counts.update(counted)
        for node in tree.css("code, pre, script"):
            node.decompose()
        words = tree.body.text() if tree.body is not None else ""
        shown = re.search(r"</?[a-zA-Z][\w-]*(?:\s[^<>]*)?/?>", words)
        if shown:
            # Harmless, but it should not be there: attempted, or escaped twice by a template.
            page.faults.append(f"shows HTML as text: {shown.group()[:80]}")
        return page

    def _element(self, node: LexborNode, name: str, page: Page) -> None:
        if name in _FORBIDDEN:
            page.faults.append(f"has an element <{name}>")
        elif name == "script":
            self._script(node, page)
        elif name == "meta" and _words(node, "http-equiv").lower() == "refresh":
            page.faults.append("sends its readers on (meta refresh)")
        elif name in _HEADINGS:
            page.headings.append(name)
        elif name == "table":
            rows = node.css("tr")
            page.tables.append("/".join(str(len(row.css("td, th"))) for row in rows))
        elif name == "form":
            fields = [f"{n.tag}:{_words(n, 'type')}:{_words(n, 'name')}"
                      for n in node.css("input, select, textarea, button")]  # fmt: skip
            page.forms.append(" ".join([_words(node, "method"), *fields]))

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
        elif (":" in value or "%" in value) and _PROGRAM.search(unquote(value)):
            page.faults.append(f"has a program in the attribute {name} of <{element}>")

    def _address(self, element: str, value: str, place: str, page: Page) -> None:
        # Browsers drop these characters before they look at the scheme.
        value = _DROPPED.sub("", value).strip("\x00 \x1f")
        # Where it leads depends on the folder alone, unless it is a place on the page itself.
        beside = place if value[:1] in {"", "#", "?"} else place[: place.rfind("/") + 1]
        kind, target, host = self._leads_to(beside, value)
        if kind == "image" and element == "img":
            page.counts["data:image"] += 1
        elif kind == "inner":
            page.inner[target] += 1
        elif kind == "outer":
            page.outer[target] += 1
            if host is not None:
                page.hosts.add(host)
                if element != "a":
                    page.faults.append(f"loads from another host: {target[:80]}")
        elif kind == "unreadable":
            page.faults.append(f"has an address that cannot be read: {target[:80]}")
        else:
            page.faults.append(f"links to {target[:80]}")

    # The pages of a folder have most of their addresses in common.
    @functools.lru_cache(maxsize=50_000)  # noqa: B019 (a reader lives as long as the command)
    def _leads_to(self, place: str, value: str) -> tuple[str, str, str | None]:
        """What an address on a page is: its kind, where it leads, the other host if any."""
        try:
            target = urlsplit(urljoin(f"site:///{place}", value.replace("\\", "/")))
            if value.startswith("//") or value.replace("\\", "/").startswith("//"):
                target = urlsplit(f"https:{value}")
            host = target.hostname or ""
        except ValueError:
            return "unreadable", value, None
        scheme = urlsplit(value).scheme.lower() if ":" in value else ""
        if scheme == "data" and value.startswith("data:image/"):
            return "image", value, None
        if scheme not in _SCHEMES:
            return "forbidden", value, None
        if scheme in {"mailto", "tel"}:
            return "outer", value, None
        if host and host == self.home.hostname:
            return "inner", _neutral(target.path or "/", self.prefixes, self.codes), None
        if host or scheme:
            return "outer", value, host
        path = urljoin(f"/{place}", urlsplit(value).path) if value else f"/{place}"
        anchor = f"#{target.fragment}" if target.fragment else ""
        return "inner", _neutral(unquote(path), self.prefixes, self.codes) + anchor, None


def hosts_in(text: str) -> set[str]:
    """All hosts that are named with a scheme, or at least with two slashes, in a text."""
    return {match.lower() for match in re.findall(r"//([\w.-]+\.\w+)", text)}


def _difference(what: str, before: Counter[str], after: Counter[str]) -> Iterator[str]:
    if before == after:
        return
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
    names = before.counts.keys() | after.counts.keys() if before.counts != after.counts else ()
    for name in sorted(names):
        if before.counts[name] != after.counts[name]:
            yield f"has {after.counts[name]} <{name}>, the original {before.counts[name]}"


def site_url(root: Path) -> str:
    """Where readers find the site, from its `conf.py`."""
    return str(runpy.run_path(str(root / "conf.py"))["site_url"])


def known_hosts(root: Path) -> set[str]:
    """Hosts to which the sources of the site link: its pages, its data, its templates."""
    hosts: set[str] = set()
    for pattern in ("*.md", "*/**/*.md", "data/**/*.y*ml", "data/**/*.json", "data/**/*.csv",
                    "_templates/**/*.html", "ikm_site/**/*.py", "conf.py"):  # fmt: skip
        for file in sorted(root.glob(pattern)):
            if not {"_build", ".venv", "node_modules", "tests"} & set(file.parts):
                hosts |= hosts_in(file.read_text(encoding="utf-8", errors="replace"))
    return hosts


def read(
    folder: Path,
    language: Language,
    site_url: str,
    skipped: Collection[str] = (),
    languages: tuple[Language, ...] = (SOURCE, *TRANSLATIONS),
    processes: int = 1,
) -> dict[str, Page]:
    """Read the pages of one language.

    Args:
        folder: where they lie.
        language: their language.
        site_url: the address of the site, whose host is not another one.
        skipped: folders and files in it that are no pages of this language.
        languages: all languages of the site.
        processes: how many may work at the same time, if there are pages enough.

    Returns:
        The pages by their names below the folder, sorted.

    Raises:
        OSError: a page cannot be read.
    """
    left_out = (*skipped, "_static/")
    every = sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*.html"))
    names = [name for name in every if not name.startswith(left_out)]
    one = functools.partial(_read, _Reader(site_url, languages), folder, language.path)
    if processes == 1 or len(names) < _MANY:
        return dict(zip(names, map(one, names), strict=True))
    with ProcessPoolExecutor(processes) as pool:
        return dict(zip(names, pool.map(one, names, chunksize=50), strict=True))


#: From so many pages on it pays to read them in several processes.
_MANY = 200


def _read(reader: _Reader, folder: Path, prefix: str, name: str) -> Page:
    return reader.read((folder / name).read_text("utf-8"), prefix + name)


def check(
    site: Path,
    site_url: str,
    allowed: set[str],
    languages: tuple[Language, ...] = (SOURCE, *TRANSLATIONS),
    moved: Collection[str] = (),
) -> list[Fault]:
    """Read and compare the languages of a built site.

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
    pages = {}
    for entry in languages:
        within = [other.path for other in languages if other.path.removeprefix(entry.path)]
        old = [name.removeprefix(entry.path) for name in moved]
        pages[entry.code] = read(site / entry.path, entry, site_url, [*old, *within], languages)
    return compare_languages(site, pages, allowed, languages)


def compare_languages(
    site: Path,
    pages: Mapping[str, Mapping[str, Page]],
    allowed: set[str],
    languages: tuple[Language, ...] = (SOURCE, *TRANSLATIONS),
) -> list[Fault]:
    """Compare the pages of all languages with those of the source.

    Args:
        site: the folder with all languages.
        pages: what `read` returned, by the code of the language.
        allowed: other hosts to which the original pages may link.
        languages: all languages, the source first.

    Returns:
        What is wrong, in the order of the pages.
    """
    source, *others = languages
    originals = pages[source.code]
    faults: list[Fault] = []
    for name, page in originals.items():
        place = source.path + name
        faults += [Fault(place, wrong) for wrong in _own_faults(name, page)]
        for host in sorted(page.hosts - allowed):
            faults.append(Fault(place, f"links to a host that no source of it names: {host}"))
    for language in others:
        translated = pages[language.code]
        for name in sorted(translated.keys() ^ originals.keys()):
            where, lacks = (source, language) if name in originals else (language, source)
            faults.append(Fault(where.path + name, f"is not there in {lacks.name}"))
        for name, page in translated.items():
            if name in originals:
                wrong = [*_own_faults(name, page), *compare(originals[name], page)]
                faults += [Fault(language.path + name, text) for text in wrong]
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
