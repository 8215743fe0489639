# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Name what is missing, fuzzy, stale or wrong in the catalogues (`make check`, `make status`).

Each line is `file:line: problem; what to do`. Errors of safety have no exception. A translator may
overrule the rules of style, each with a reason, in a comment above the entry:
`# noqa: numbers the year stands in the heading`.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import polib

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ikm_site.languages import LANGUAGES, SOURCE, TRANSLATIONS, Language
from ikm_site.message_catalogues import DATA, INTERFACE, CatalogueError, load, path, script
from ikm_site.message_check import harm, markup, word_harm
from tools.message_numbers import missing, strange
from tools.update_po import PLAIN, Templates, best, conflicts, domains, extract, rank, strays

#: Rules that a comment can overrule.
STYLE = ("numbers", "quotes", "spaces", "marks", "copy")
_NOQA = re.compile(r"noqa:?\s*(\w*)\s*(.*)")
#: Quotation marks of other languages, and what to write.
_QUOTES = {"en": ('"„‚«»‹›', "“…” and ‘…’"), "fr": ('"„‚', "« … »")}
#: Marks of Markdown that readers see where they have no effect, and characters written as names.
_MARKS = re.compile(r"[`*_{}\\]|\][(\[:]|\^\[|\[\^|<[a-zA-Z/!]|~~|%\(|%[sd]\b")
_ENTITY = re.compile(r"&#?\w+;")
#: A German sentence, no name or title.
_GERMAN = re.compile(r"(?=(?:\S+\s+){7}).*\b(?:der|die|das|und|ist|sind)\b")
#: The language of the words of Sphinx and Furo, which `locales/de` has in German.
_ENGLISH = "en"


class Finding(NamedTuple):
    """A problem at a line of a file; a hint does not count."""

    line: int
    text: str
    hint: bool = False


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


def _style(
    msgid: str, msgstr: str, source: str, code: str, plain: bool = False
) -> Iterator[tuple[str, str]]:
    """What is wrong by the rules of style, as (rule, problem with remedy)."""
    for problem in strange(msgid, msgstr, source, code):
        yield "numbers", f"{problem}; write the number of the original as this language does"
    foreign, own = _QUOTES.get(code, ('"', "the quotation marks of this language"))
    if found := sorted(set(msgstr) & set(foreign) - ({'"'} & set(msgid))):
        yield "quotes", f"the quotation mark {' '.join(found)}; write {own}"
    if msgstr.count("“") != msgstr.count("”") and code == "en":
        yield "quotes", f"a quotation mark stands alone; write {own}"
    before, after = (text if plain else markup(text)[1] for text in (msgid, msgstr))
    new = Counter(_MARKS.findall(after)) - Counter(_MARKS.findall(before))
    if new := new + Counter(_ENTITY.findall(msgstr)) - Counter(_ENTITY.findall(msgid)):
        yield "marks", f"{' '.join(sorted(new))} without effect; take it out"
    if msgid == msgstr and source == SOURCE.code and _GERMAN.search(msgid):
        yield "copy", "the translation is still German; translate it"
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
    # What is plain text may stand in the body of the page as well.
    judge = word_harm if domain in (DATA, INTERFACE) else harm
    plain = judge is word_harm or PLAIN in entry.comment
    safety = list(judge(entry.msgid, entry.msgstr, script(code)))
    yield from (Finding(entry.linenum, problem) for problem in safety)
    if safety:
        return
    for rule, problem in _style(entry.msgid, entry.msgstr, source, code, plain):
        if rule not in overruled:
            text = f"{problem}, or say why not above it: “# noqa: {rule} …”"
            yield Finding(entry.linenum, text)
    hints = [] if "numbers" in overruled else missing(entry.msgid, entry.msgstr, source, code)
    yield from (Finding(entry.linenum, f"{text}; is that right?", hint=True) for text in hints)
    if not plain and list(markup(entry.msgid)[0]) != list(markup(entry.msgstr)[0]):
        text = "links or code stand in another order than in the original; is that right?"
        yield Finding(entry.linenum, text, hint=True)


def check(domain: str, source: str, code: str, wanted: Iterable[str] | None) -> list[Finding]:
    """What is wrong with a catalogue.

    Args:
        domain: the page (`about/history`) or `data` or `sphinx`.
        source: the language of the originals.
        code: the language of the translations.
        wanted: the messages that it must have; None if they are not known.

    Raises:
        CatalogueError: it cannot be read.
    """
    entries = [entry for entry in load(path(Path(), code, domain)) if not entry.obsolete]
    have = {entry.msgid for entry in entries}
    wanted = have if wanted is None else wanted
    found = [
        Finding(1, f"“{_short(msgid)}” is not in the catalogue; run `make update-po`")
        for msgid in wanted if msgid not in have
    ]  # fmt: skip
    for entry in entries:
        named = f"“{_short(entry.msgid)}”"
        if entry.msgid not in wanted:
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


def check_all(files: list[str], templates: Templates) -> Iterator[tuple[bool, str]]:
    """Whether it is only a hint, and the line for it; of some catalogues, or of all.

    Args:
        files: the catalogues; none for all.
        templates: the messages of each; none if they are not known.
    """
    tasks = [(language.code, domain, SOURCE.code) for language in TRANSLATIONS
             for domain in sorted({*templates} or domains(language.code))]  # fmt: skip
    tasks.append((SOURCE.code, INTERFACE, _ENGLISH))
    known = {str(path(Path(), code, domain)): (code, domain, src) for code, domain, src in tasks}
    for file in files or known:
        if file not in known:
            yield False, f"{file}:1: there is no such catalogue; see `ls locales/*/LC_MESSAGES`"
            continue
        code, domain, source = known[file]
        wanted = templates.get(domain) if source == SOURCE.code else None
        try:
            for finding in check(domain, source, code, wanted):
                yield finding.hint, f"{file}:{finding.line}: {finding.text}"
        except CatalogueError as error:
            yield False, str(error)
    for entry in LANGUAGES if templates else ():
        yield from ((False, problem) for _domain, problem in strays(entry.code, templates))


def status(language: Language, templates: Templates) -> Iterator[str]:
    """How far a language is: pages with open texts, then the sums of the sections."""
    done, total = Counter[str](), Counter[str]()
    yield f"{language.name} ({language.code})"
    for domain, messages in templates.items():
        file = path(Path(), language.code, domain)
        ranks = best(load(file)) if file.is_file() else {}
        counts = Counter(rank(ranks.get(msgid)) for msgid in messages)
        if counts[3] < len(messages):
            empty = counts[0] + counts[2]
            yield f"  {domain}: {empty} of {len(messages)} to translate, {counts[1]} fuzzy"
        for name in (f"{domain.partition('/')[0]}/" if "/" in domain else "/", "all"):
            done[name] += counts[3]
            total[name] += len(messages)
    for name in sorted(total, key=lambda name: (name == "all", name)):
        share = 100 * done[name] / total[name]
        yield f"  {name:14} {done[name]:5} of {total[name]:5} translated ({share:.1f} %)"


def main() -> int:
    """Run `make check` or `make status`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--status", action="store_true", help="only say how far the languages are")
    parser.add_argument("--hints", action="store_true", help="show hints as well")
    parser.add_argument("files", nargs="*", help="check only these, without a look at the pages")
    arguments = parser.parse_args()
    try:
        templates = {} if arguments.files else extract()
        if arguments.status:
            for language in TRANSLATIONS:
                print(*status(language, templates), sep="\n")
            return 0
    except CatalogueError as error:
        print(f"check: {error}", file=sys.stderr)
        return 1
    files = [os.path.relpath(name) for name in arguments.files]
    found = list(check_all(files, templates))
    for is_hint, line in found:
        if arguments.hints or not is_hint:
            print(line)
    hints = sum(is_hint for is_hint, _line in found)
    errors = len(found) - hints
    more = "" if arguments.hints else "; see them with `make check HINTS=1`"
    said = f"{errors} errors" if errors else "All catalogues are complete and right."
    print(f"{said} ({hints} hints{more})" if hints else said)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
