# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Name what is missing, fuzzy, stale or wrong in the catalogues (`make check`, `make status`).

Each line is `file:line: problem; what to do`. Errors of safety have no exception. A translator may
overrule the rules of style, each with a reason, in a comment above the entry:
`# noqa: numbers the year stands in the heading`.
"""

import argparse
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polib

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ikm_site.languages import LANGUAGES, SOURCE, TRANSLATIONS, Language
from ikm_site.message_catalogues import FRAME, CatalogueError, load, path
from ikm_site.message_check import harm, markup
from tools.message_numbers import missing, strange
from tools.update_po import STRAY, Templates, best, domains, extract, msgids, rank, strays, wanted

#: Rules that a comment can overrule.
STYLE = ("numbers", "quotes", "spaces", "marks", "copy")
_NOQA = re.compile(r"noqa:?\s*(\w*)\s*(.*)")
#: Quotation marks of other languages, and what to write.
_QUOTES = {"en": ('"„‚«»‹›', "“…” and ‘…’"), "fr": ('"„‚', "« … »")}
#: Marks of Markdown and HTML that readers see where they have no effect.
_MARKS = re.compile(r"[`*_{}\\]|\]\(|<[a-zA-Z/!]|&#?\w+;")
_SPACES = re.compile(r"^\s|\s$|  ")
#: A German sentence, no name or title.
_GERMAN = re.compile(r"(?=(?:\S+\s+){7}).*\b(?:der|die|das|und|ist|sind)\b")
#: The language of the words of Sphinx and Furo, which `locales/de` has in German.
_ENGLISH = "en"


class Finding(NamedTuple):
    """A problem at a line of a file; a hint does not count."""

    line: int
    text: str
    hint: bool = False


def style(
    msgid: str, msgstr: str, source: str, code: str, plain: bool = False
) -> Iterator[tuple[str, str]]:
    """What is wrong by the rules of style, as (rule, problem with remedy).

    `source` and `code` are the languages; plain text has no Markdown.
    """
    for problem in strange(msgid, msgstr, source, code):
        yield "numbers", f"{problem}; write the number of the original as this language does"
    foreign, own = _QUOTES.get(code, ('"', "the quotation marks of this language"))
    if found := sorted(set(msgstr) & set(foreign) - ({'"'} & set(msgid))):
        yield "quotes", f"the quotation mark {' '.join(found)}; write {own}"
    if msgstr.count("“") != msgstr.count("”") and code == "en":
        yield "quotes", f"a quotation mark stands alone; write {own}"
    before, after = (text if plain else markup(text)[1] for text in (msgid, msgstr))
    if new := Counter(_MARKS.findall(after)) - Counter(_MARKS.findall(before)):
        yield "marks", f"{' '.join(sorted(new))} without effect; take it out"
    if msgid == msgstr and source == SOURCE.code and _GERMAN.search(msgid):
        yield "copy", "the translation is still German; translate it"
    if _SPACES.search(msgstr) and not _SPACES.search(msgid):
        yield "spaces", "a space at the beginning or the end, or two in a row; delete it"


def _finished(entry: polib.POEntry, domain: str, source: str, code: str) -> Iterator[Finding]:
    """What is wrong with a finished translation."""
    line, msgid, msgstr = entry.linenum, entry.msgid, entry.msgstr
    overruled = set()
    for rule, reason in _NOQA.findall(entry.tcomment):
        if rule not in STYLE or not re.search(r"\w{2}", reason):
            rules = ", ".join(STYLE)
            text = f"“# noqa: {rule}” overrules nothing; write one of {rules}, then the reason"
            yield Finding(line, text)
        overruled.add(rule)
    if harms := list(harm(msgid, msgstr, code, domain in FRAME)):
        yield from (Finding(line, text) for text in harms)
        return
    # gettext says so of fields of the front matter, and of the words of frame and data.
    plain = "no Markdown" in entry.comment
    for rule, problem in style(msgid, msgstr, source, code, plain):
        if rule not in overruled:
            yield Finding(line, f"{problem}, or say why not above it: “# noqa: {rule} …”")
    if "numbers" not in overruled:
        for problem in missing(msgid, msgstr, source, code):
            yield Finding(line, f"{problem}; is that right?", hint=True)


def check(code: str, domain: str, template: set[str] | None) -> Iterator[Finding]:
    """What is wrong with a catalogue; the messages that it must have are None if not known.

    Raises:
        CatalogueError: it cannot be read.
    """
    source = _ENGLISH if code == SOURCE.code else SOURCE.code
    entries = [entry for entry in load(path(Path(), code, domain)) if not entry.obsolete]
    have = {entry.msgid for entry in entries}
    for msgid in sorted((template or set()) - have):
        yield Finding(1, f"“{msgid[:60]}” is not in the catalogue; run `make update-po`")
    for entry in entries:
        line, named = entry.linenum, f"“{entry.msgid[:60]}”"
        if entry.msgid not in (have if template is None else template):
            yield Finding(line, f"{named} is stale, its German text is gone; run `make update-po`")
        elif rank(entry) == 0:
            yield Finding(line, f"{named} is not translated; fill in its msgstr")
        elif rank(entry) == 1:
            yield Finding(line, f"{named} is fuzzy, a guess; correct it, delete the word fuzzy")
        else:
            yield from _finished(entry, domain, source, code)


def check_all(files: list[str], templates: Templates) -> Iterator[tuple[bool, str]]:
    """Whether it is only a hint, and the line for it; of these catalogues, or of all.

    The templates are not known if files are given.
    """
    codes = [language.code for language in LANGUAGES]
    known = {str(path(Path(), code, domain)): (code, domain) for code in codes
             for domain in (domains(code) if files else wanted(code, templates))}  # fmt: skip
    for file in files or known:
        if file not in known:
            yield False, f"{file}:1: there is no such catalogue; see `ls locales/*/LC_MESSAGES`"
            continue
        code, domain = known[file]
        template = None if files or code == SOURCE.code else {*msgids(templates[domain])}
        try:
            for finding in sorted(check(code, domain, template), key=lambda each: each.line):
                yield finding.hint, f"{file}:{finding.line}: {finding.text}"
        except CatalogueError as error:
            yield False, str(error)
    for code in () if files else codes:
        for domain in strays(code, templates):
            yield False, f"{path(Path(), code, domain)}:1: {STRAY}"


def status(language: Language, templates: Templates) -> Iterator[str]:
    """How far a language is: pages with open texts, then the sum."""
    done = total = 0
    for domain, template in templates.items():
        file = path(Path(), language.code, domain)
        found = best(load(file)) if file.is_file() else {}
        counts = Counter(rank(found.get(msgid)) for msgid in msgids(template))
        if counts[3] < len(template):
            yield f"{file}: {counts[3]} of {len(template)} translated, {counts[1]} fuzzy"
        done, total = done + counts[3], total + len(template)
    yield f"{language.name}: {done} of {total} translated ({100 * done / total:.1f} %)"


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
    found = list(check_all([os.path.relpath(name) for name in arguments.files], templates))
    shown = [line for is_hint, line in found if arguments.hints or not is_hint]
    hints = sum(is_hint for is_hint, _line in found)
    errors = len(found) - hints
    summary = f"{errors} errors" if errors else "All catalogues are complete and right."
    more = "" if arguments.hints else "; see them with `make check HINTS=1`"
    print(*shown, f"{summary} ({hints} hints{more})" if hints else summary, sep="\n")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
