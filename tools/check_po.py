# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Name what is missing, fuzzy, stale or wrong in the catalogues (`make check`, `make status`).

Each line is `file:line: problem; what to do`. Errors of safety have no exception. A translator may
overrule the rules of style, each with a reason, in a comment above the entry:
`# noqa: numbers the year stands in the heading`.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ikm_site.languages import SOURCE, TRANSLATIONS, Language
from ikm_site.message_catalogues import DATA, INTERFACE, path, script
from ikm_site.message_check import harm, markup, plain_harm, word_harm
from tools import message_numbers, po
from tools.update_po import conflicts, rank

#: Rules that a comment can overrule.
STYLE = ("numbers", "quotes", "spaces", "marks")
_NOQA = re.compile(r"noqa:?\s*(\w*)\s*(.*)")
#: Quotation marks of other languages, and what to write.
_QUOTES = {"en": ('"„‚«»‹›', "“…” and ‘…’"), "fr": ('"„‚', "« … »")}
#: Marks of Markdown that readers see where they have no effect, and characters written as names.
_MARKS = re.compile(r"[`*_{}\\]|\][(\[]|<[a-zA-Z/!]|~~|%\(|%[sd]\b")
_ENTITY = re.compile(r"&#?\w+;")
#: The language of the words of Sphinx and Furo, which `locales/de` has in German.
_ENGLISH = "en"


@dataclass(frozen=True)
class Finding:
    """A problem at a line of a file; a hint does not count."""

    line: int
    text: str
    hint: bool = False


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


def _forms(entry: polib.POEntry) -> list[tuple[str, str]]:
    """Original and translation, for each form of a plural."""
    if entry.msgid_plural:
        return [(entry.msgid_plural, text) for text in entry.msgstr_plural.values()]
    return [(entry.msgid, entry.msgstr)]


def _style(msgid: str, msgstr: str, source: str, code: str) -> Iterator[tuple[str, str]]:
    """What is wrong by the rules of style, as (rule, problem with remedy)."""
    for problem in message_numbers.strange(msgid, msgstr, source, code):
        yield "numbers", f"{problem}; write the number of the original as this language does"
    foreign, own = _QUOTES.get(code, ('"', "the quotation marks of this language"))
    if found := sorted(set(msgstr) & set(foreign) - ({'"'} & set(msgid))):
        yield "quotes", f"the quotation mark {' '.join(found)}; write {own}"
    if msgstr.count("“") != msgstr.count("”") and code == "en":
        yield "quotes", f"a quotation mark stands alone; write {own}"
    new = Counter(_MARKS.findall(markup(msgstr)[1])) - Counter(_MARKS.findall(markup(msgid)[1]))
    if new := new + Counter(_ENTITY.findall(msgstr)) - Counter(_ENTITY.findall(msgid)):
        yield "marks", f"{' '.join(sorted(new))} without effect; take it out"
    if msgstr != msgstr.strip() and msgid == msgid.strip():
        yield "spaces", "a space at the beginning or the end; delete it"
    if "  " in msgstr and "  " not in msgid:
        yield "spaces", "two spaces in a row; delete one of them"


def finished(entry: polib.POEntry, domain: str, source: str, code: str) -> Iterator[Finding]:
    """What is wrong with a finished translation."""
    overruled = set()
    for rule, reason in _NOQA.findall(entry.tcomment):
        if rule not in STYLE or not re.search(r"\w{2}", reason):
            rules = ", ".join(STYLE)
            text = f"“# noqa: {rule}” overrules nothing; write one of {rules}, then the reason"
            yield Finding(entry.linenum, text)
        overruled.add(rule)
    judge = plain_harm if po.PLAIN in entry.comment else harm
    judge = word_harm if domain in (DATA, INTERFACE) else judge
    for msgid, msgstr in _forms(entry):
        safety = list(judge(msgid, msgstr, script(code)))
        yield from (Finding(entry.linenum, problem) for problem in safety)
        if safety:
            continue
        for rule, problem in _style(msgid, msgstr, source, code):
            if rule not in overruled:
                text = f"{problem}, or say why not above it: “# noqa: {rule} …”"
                yield Finding(entry.linenum, text)
        for problem in message_numbers.missing(msgid, msgstr, source, code):
            if "numbers" not in overruled:
                yield Finding(entry.linenum, f"{problem}; is that right?", hint=True)


def check(domain: str, source: str, code: str, wanted: list[polib.POEntry] | None) -> list[Finding]:
    """What is wrong with a catalogue.

    Args:
        domain: the page (`about/history`) or `data` or `sphinx`.
        source: the language of the originals.
        code: the language of the translations.
        wanted: the messages that it must have; None if they are not known.

    Raises:
        CatalogueError: it cannot be read.
    """
    found = []
    entries = [entry for entry in po.open_catalogue(code, domain) if not entry.obsolete]
    have = {entry.msgid for entry in entries}
    ours = None if wanted is None else {message.msgid for message in wanted}
    for message in wanted or ():
        if message.msgid not in have:
            text = f"“{_short(message.msgid)}” is not in the catalogue; run `make update-po`"
            found.append(Finding(1, text))
    for entry in entries:
        named = f"“{_short(entry.msgid)}”"
        if ours is not None and entry.msgid not in ours:
            text = f"{named} is stale, the German text is gone; run `make update-po`"
        elif rank(entry) == 0:
            text = f"{named} is not translated; fill in its msgstr"
        elif rank(entry) == 1:
            text = f"{named} is fuzzy, a guess; correct the msgstr, then delete the word fuzzy"
        else:
            found += finished(entry, domain, source, code)
            continue
        found.append(Finding(entry.linenum, text))
    for one, other in conflicts(entries):
        text = f"line {one.linenum} translates “{_short(one.msgid)}”, too; delete one of them"
        found.append(Finding(other.linenum, text))
    return sorted(found, key=lambda finding: finding.line)


def check_all(files: list[str], templates: po.Templates | None) -> tuple[list[str], list[str]]:
    """The errors and hints of all catalogues, or of some."""
    errors: list[str] = []
    hints: list[str] = []
    tasks = [(language.code, domain, SOURCE.code) for language in TRANSLATIONS
             for domain in sorted({*(templates or ()), *po.domains(language.code)})]  # fmt: skip
    tasks.append((SOURCE.code, INTERFACE, _ENGLISH))
    for code, domain, source in tasks:
        file = path(Path(), code, domain)
        wanted = templates.get(domain) if templates and code != SOURCE.code else None
        if (files and str(file) not in files) or (templates and not wanted and source != _ENGLISH):
            continue
        if not file.is_file():
            errors.append(f"{file}:1: there is no such file; run `make update-po`")
            continue
        try:
            for finding in check(domain, source, code, wanted):
                (hints if finding.hint else errors).append(f"{file}:{finding.line}: {finding.text}")
        except po.CatalogueError as error:
            errors.append(str(error))
    for code in [entry.code for entry in (SOURCE, *TRANSLATIONS)] if templates else []:
        errors += [problem for _domain, problem in po.strays(code, templates or {})]
    return errors, hints


def status(language: Language, templates: po.Templates) -> Iterator[str]:
    """How far a language is: pages with open texts, then the sums of the sections."""
    sections: dict[str, list[int]] = {}
    yield f"{language.name} ({language.code})"
    for domain, messages in templates.items():
        there = path(Path(), language.code, domain).is_file()
        entries = po.open_catalogue(language.code, domain) if there else []
        ranks = {entry.msgid: rank(entry) for entry in entries if not entry.obsolete}
        fuzzy = sum(ranks.get(message.msgid) == 1 for message in messages)
        empty = sum(ranks.get(message.msgid, 0) == 0 for message in messages)
        if fuzzy or empty:
            yield f"  {domain}: {empty} of {len(messages)} to translate, {fuzzy} fuzzy"
        for name in (f"{domain.partition('/')[0]}/" if "/" in domain else "/", "all"):
            counts = sections.setdefault(name, [0, 0])
            counts[0] += len(messages) - fuzzy - empty
            counts[1] += len(messages)
    for name, (done, total) in sorted(sections.items(), key=lambda item: (item[0] == "all", item)):
        yield f"  {name:14} {done:5} of {total:5} translated ({100 * done / total:.1f} %)"


def main() -> int:
    """Run `make check` or `make status`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--status", action="store_true", help="only say how far the languages are")
    parser.add_argument("--hints", action="store_true", help="show hints as well")
    parser.add_argument("files", nargs="*", help="check only these, without a look at the pages")
    arguments = parser.parse_args()
    try:
        templates = None if arguments.files else po.extract()
        if arguments.status and templates:
            for language in TRANSLATIONS:
                print(*status(language, templates), sep="\n")
            return 0
        files = [Path(name).as_posix() for name in arguments.files]
        errors, hints = check_all(files, templates)
    except po.CatalogueError as error:
        print(f"check: {error}", file=sys.stderr)
        return 1
    shown = errors + (hints if arguments.hints else [])
    print(*shown, sep="\n", end="\n" if shown else "")
    more = "" if arguments.hints else "; see them with `make check HINTS=1`"
    said = f"{len(errors)} errors" if errors else "All catalogues are complete and right."
    print(f"{said} ({len(hints)} hints{more})" if hints else said)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
