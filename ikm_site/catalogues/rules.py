# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The rules that a translation must keep, one function each.

A rule gets the two texts in a `Pair` and yields what is wrong. The rules do not trust the
German text either: what no page may contain is refused on both sides, so a changed `msgid`
hides nothing.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from ikm_site.catalogues import addresses, markup, numerals
from ikm_site.catalogues.characters import character_problems, quote_problems, space_problems
from ikm_site.catalogues.findings import Problem

#: No paragraph of a page is longer; also keeps hostile texts from slowing the parser down.
LONGEST = 6000

T = TypeVar("T", bound=Hashable)

_KEEP = "keep it as it is in the original"


@dataclass(frozen=True)
class Pair:
    """A text and its translation.

    Attributes:
        source: the text to be translated.
        translation: its translation, not empty.
        language: language of the translation.
        source_language: language of the source.
        plain: whether both are published as plain text instead of Markdown.
    """

    source: str
    translation: str
    language: str
    source_language: str
    plain: bool

    @functools.cached_property
    def before(self) -> markup.Markup:
        """What the source means."""
        return self._parse(self.source)

    @functools.cached_property
    def after(self) -> markup.Markup:
        """What the translation means."""
        return self._parse(self.translation)

    @functools.cached_property
    def prose(self) -> bool:
        """Whether both are nothing but words: there is no markup that could be lost or added."""
        return self.before.prose and self.after.prose

    def _parse(self, text: str) -> markup.Markup:
        if self.plain:
            return markup.Markup(blocks=["paragraph_open"], text=text)
        return markup.parse(text)


def _compare(
    rule: str, what: str, before: Counter[T], after: Counter[T], advice: str = _KEEP
) -> Iterator[Problem]:
    """What is lost and what is new; a changed one is both."""
    if before == after:
        return
    lost = [_show(item) for item in (before - after).elements()]
    new = [_show(item) for item in (after - before).elements()]
    if lost:
        yield Problem(
            rule, f"the original has the {what} {', '.join(lost)}, the translation does not", advice
        )
    if new:
        yield Problem(
            rule, f"the translation has the {what} {', '.join(new)}, the original does not", advice
        )


def _show(item: object) -> str:
    if isinstance(item, tuple):
        name, content = item
        return f"{{{name}}}`{content}`"
    return str(item) or "(empty)"


def _structure(pair: Pair) -> Iterator[Problem]:
    if "\n" in pair.translation or "\r" in pair.translation:
        if "\n" not in pair.source:
            yield Problem(
                "structure",
                "there is a line break in the translation",
                "write the translation as one line of text",
            )
    elif pair.after.breaks:
        yield Problem(
            "structure",
            "there is a line break in the translation",
            "write the translation as one line of text",
        )
    if pair.translation.rstrip().endswith("::"):
        yield Problem("structure", "the translation ends with two colons", "end it with one colon")
    if "noqa" in pair.translation and re.search(r"(?<!\\)#\s*noqa\s*$", pair.translation):
        yield Problem(
            "noqa",
            "'# noqa' stands in the translation itself",
            "put it in a comment above the message: # noqa: rule reason",
        )
    after = pair.after
    if pair.plain and markup.parse(pair.source).one_paragraph:
        # Nobody parses these words, but no interface has a label "- Page" either.
        after = markup.parse(pair.translation)
    if after.one_paragraph or (not pair.before.one_paragraph and (pair.translation == pair.source)):
        return
    if not after.blocks:
        yield Problem(
            "structure",
            "Markdown reads the translation as something that is not shown",
            "write a sentence; a link is written [text](address)",
        )
        return
    names = [
        markup.BLOCKS.get(block, "another block")
        for block in after.blocks
        if block != "paragraph_open"
    ]
    what = (
        f"Markdown reads the translation as {names[0]}"
        if names
        else ("the translation has several paragraphs")
    )
    yield Problem(
        "structure",
        f"{what}, so the page would stay in the original language",
        "begin with a word: not with a number and a full stop, nor with # - + * > : %",
    )


def _html(pair: Pair) -> Iterator[Problem]:
    if pair.prose:
        return
    for text, parsed, where in (
        (pair.translation, pair.after, "translation"),
        (pair.source, pair.before, "original"),
    ):
        found = parsed.html or addresses.tags(parsed.text)
        if pair.plain and where == "original":
            continue
        if pair.plain:
            # Interface words of Sphinx itself carry HTML; theirs must stay as it is.
            pattern = re.compile(r"<[^<>]*>?")
            before, after = (Counter(pattern.findall(t)) for t in (pair.source, text))
            if before != after:
                yield from _compare("html", "HTML", before, after, "write no HTML")
            elif Counter(addresses.tags(pair.source)) != Counter(addresses.tags(text)):
                yield Problem("html", "there is HTML in the translation", "write no HTML")
        elif found:
            yield Problem(
                "html",
                f"there is HTML in the {where}: {found[0][:60]}",
                "write no HTML; < and > only with a space after them",
            )


def _entity(pair: Pair) -> Iterator[Problem]:
    if pair.prose:
        return
    after = addresses.entities(pair.translation)
    new = list((Counter(after) - Counter(addresses.entities(pair.source))).elements())
    if new:
        yield Problem(
            "entity",
            f"there is an HTML entity: {new[0]}",
            "write the character itself, for example & or –",
        )
    if pair.translation.count("\\") > pair.source.count("\\"):
        yield Problem("entity", "there is a backslash that the original does not have", "delete it")


def _links(pair: Pair) -> Iterator[Problem]:
    if not pair.prose:
        yield from _targets(pair)
    for text in (pair.translation, pair.source):
        found = addresses.dangerous(text)
        if found:
            yield Problem(
                "scheme", f"there is an address that could run a program: {found[0]}", "delete it"
            )
            break


def _targets(pair: Pair) -> Iterator[Problem]:
    yield from _compare(
        "link",
        "link to",
        pair.before.links,
        pair.after.links,
        "keep each address in ( ) exactly as it is, translate only the words in [ ]",
    )
    for words in sorted(pair.before.named.keys() & pair.after.named.keys()):
        if words and pair.before.named[words].isdisjoint(pair.after.named[words]):
            yield Problem(
                "link",
                f"the words [{words}] link to another address than in the original",
                "give each link the address that it has in the original",
            )
    yield from _compare("image", "image", pair.before.images, pair.after.images)
    if pair.before.titles < pair.after.titles:
        yield Problem(
            "link",
            "a link has a title that the original does not have",
            "write [text](address) without anything after the address",
        )
    if pair.before.empty_links < pair.after.empty_links:
        yield Problem("link", "a link has no words", "write the words of the link in [ ]")
    for parsed, where in ((pair.after, "translation"), (pair.before, "original")):
        for target in sorted({*parsed.links, *parsed.images}):
            kind = addresses.scheme(target)
            if (kind and kind not in addresses.SCHEMES) or target.startswith(("//", "\\")):
                yield Problem(
                    "scheme",
                    f"the {where} links to {target}",
                    "link to https://… or to a page of the site",
                )


def _addresses(pair: Pair) -> Iterator[Problem]:
    new = addresses.addresses(pair.after.text)
    if new:
        # The text of a link may name the host to which it goes.
        known = (pair.before.text, " ".join(pair.before.links))
        new = new.difference(*map(addresses.addresses, known))
    if new:
        yield Problem(
            "address",
            f"this looks like a web or mail address: {sorted(new)[0]}",
            "delete it; if it is none, put a space after the full stop",
        )


def _roles(pair: Pair) -> Iterator[Problem]:
    if pair.prose:
        return
    yield from _compare(
        "role",
        "role",
        pair.before.roles,
        pair.after.roles,
        "keep {name} and the target; only words before <…> may be translated",
    )
    yield from _compare(
        "code",
        "code",
        pair.before.code,
        pair.after.code,
        "keep what stands between ` ` exactly as it is",
    )
    yield from _compare("footnote", "footnote", pair.before.footnotes, pair.after.footnotes)
    yield from _compare(
        "placeholder",
        "placeholder",
        markup.placeholders(pair.before.text),
        markup.placeholders(pair.after.text),
        "keep each placeholder exactly as it is",
    )
    for kind in sorted(pair.after.other):
        if pair.after.other[kind] > pair.before.other[kind]:
            yield Problem(
                "markup", f"there is markup that the original does not have ({kind})", "delete it"
            )


#: Marks that could be markup, or become so when the project switches on one more extension.
_STRAY = "<>{}[]|`*_~^$\\@#="


_ANY_MARK = re.compile(rf"[{re.escape(_STRAY)}]|:::|\+\+\+|---|%%|\+A")

#: Marks of ordinary prose: [the regions] in a quotation, <5, ~5.
_PROSE = re.compile(r"\[(?:…|[^\W\d_]{3}[\w\s,.’…-]*)\](?![(\[:{])|[<>]=?\s?(?=\d)|~(?=\d)")


def _markup(pair: Pair) -> Iterator[Problem]:
    if not _ANY_MARK.search(pair.after.text):
        return
    words = [_PROSE.sub("", text) for text in (pair.before.text, pair.after.text)]
    for mark in _STRAY:
        # One dollar is money, two are a formula; one equals sign is prose.
        free = 1 if mark in "$=#" else 0
        before, after = (text.count(mark) for text in words)
        if after > max(before, free):
            yield Problem(
                "markup",
                f"the mark {mark} stands in the text, where readers would see it",
                "delete it; **bold** and [text](address) need both their ends",
            )
    for pattern, name in (
        (r"\{[{%#]", "{{"),
        (r"(?<![\w\s])\$\$", "$$"),
        (r":::|\+\+\+|---|%%", "::: or ---"),
        (r"\+A[A-Za-z0-9+/]{2,}-", "+…- of the encoding UTF-7"),
    ):
        if re.search(pattern, pair.after.text) and not re.search(pattern, pair.before.text):
            yield Problem("markup", f"the marks {name} stand in the text", "delete them")


def _length(pair: Pair) -> Iterator[Problem]:
    before, after = len(pair.before.text), len(pair.after.text)
    # Short texts are headings and labels; only abbreviations may be spelled out at length.
    too_long = after > 2.2 * before + 50
    if too_long and (before > 60 or re.search(r"[.!?:]”?$|[A-Z]{3}", pair.before.text)):
        too_long = after > 2.2 * before + 100
    if too_long:
        yield Problem(
            "length",
            f"the translation has {after} characters, the original {before}",
            "say no more than the original does",
        )
    elif before >= 80 and after < before / 5:
        yield Problem(
            "length",
            f"the translation has {after} characters, the original {before}",
            "translate the whole text",
        )
    elif re.search(r"\w", pair.before.text) and not re.search(r"\w", pair.after.text):
        yield Problem("length", "the translation has no words", "translate the text")
    for word in pair.after.text.split():
        if len(word) > 50 and word not in pair.before.text.split():
            yield Problem(
                "length",
                f"a word of {len(word)} characters would not fit on a telephone",
                "put a space or a hyphen into it",
            )
            break


def _numbers(pair: Pair) -> Iterator[Problem]:
    before = numerals.read(pair.before.text, pair.source_language)
    after = numerals.read(pair.after.text, pair.language)
    if not before.figures and not after.figures:
        return
    lost = list(dict.fromkeys(figure.written for figure in numerals.missing(before, after)))
    if lost:
        kept = [
            written
            for written in lost
            if re.search(rf"(?<![\d.,]){re.escape(written)}(?![.,]?\d)", pair.after.text)
        ]
        advice = (
            f"{kept[0]} is still written in the way of the original language; "
            f"write it in the language's own form"
            if kept
            else "write the number or date as the original has it, in the language's own form"
        )
        yield Problem("number", f"the translation does not have {', '.join(lost)}", advice)
    new = list(dict.fromkeys(figure.written for figure in numerals.added(before, after)))
    if new:
        yield Problem(
            "number",
            f"the original does not have {', '.join(new)}",
            "write only the numbers and dates of the original, in the language's own form",
        )
    if before.percent and before.figures and not after.percent:
        yield Problem("number", "the translation does not say per cent", "write 53% or 53 per cent")


def _quotes(pair: Pair) -> Iterator[Problem]:
    yield from quote_problems(pair.before.text, pair.after.text, pair.language)


def _spaces(pair: Pair) -> Iterator[Problem]:
    yield from space_problems(pair.source, pair.translation, pair.language)


def _characters(pair: Pair) -> Iterator[Problem]:
    yield from character_problems(pair.source, pair.translation, pair.language)


_ALL: tuple[Callable[[Pair], Iterator[Problem]], ...] = (
    _characters,
    _structure,
    _html,
    _entity,
    _links,
    _addresses,
    _roles,
    _markup,
    _length,
    _numbers,
    _quotes,
    _spaces,
)


def problems(pair: Pair) -> list[Problem]:
    """Everything that is wrong with one translation, without duplicates, in a fixed order."""
    if len(pair.translation) > LONGEST or len(pair.source) > LONGEST:
        # Too long to be parsed safely, and too long for any paragraph.
        return [
            Problem(
                "structure",
                f"the text has {len(pair.translation)} characters",
                f"no paragraph may have more than {LONGEST}",
            )
        ]
    return list(dict.fromkeys(problem for rule in _ALL for problem in rule(pair)))
