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

import polib

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ikm_site.languages import LANGUAGES, SOURCE, TRANSLATIONS
from ikm_site.message_catalogues import FRAME, load, path
from ikm_site.message_check import harm, markup
from ikm_site.problems import ProblemsError
from tools.message_numbers import missing, strange
from tools.update_po import STRAY, Catalogues, best, existing, extract, rank

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
#: `locales/de` has the English words of Sphinx and Furo in German.
_SOURCES = {SOURCE.code: "en"}


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


def _finished(entry: polib.POEntry, code: str, frame: bool) -> Iterator[tuple[bool, str]]:
    """What is wrong with a finished translation, and whether it is only a hint."""
    texts, languages = (entry.msgid, entry.msgstr), (_SOURCES.get(code, SOURCE.code), code)
    overruled = dict(_NOQA.findall(entry.tcomment))
    for rule, reason in overruled.items():
        if rule not in STYLE or not re.search(r"\w{2}", reason):
            remedy = f"write one of {', '.join(STYLE)}, then the reason"
            yield False, f"“# noqa: {rule}” overrules nothing; {remedy}"
    if harms := [(False, problem) for problem in harm(*texts, code, frame)]:
        yield from harms
        return
    # gettext says so of fields of the front matter, and of the words of frame and data.
    for rule, problem in style(*texts, *languages, plain="no Markdown" in entry.comment):
        if rule not in overruled:
            yield False, f"{problem}, or say why not above it: “# noqa: {rule} …”"
    if "numbers" not in overruled:
        for problem in missing(*texts, *languages):
            yield True, f"{problem}; is that right?"


def check(file: Path, template: polib.POFile | None) -> Iterator[tuple[bool, str]]:
    """What is wrong with a catalogue, and whether it is only a hint.

    The messages that it must have are None if they are not known.
    """
    try:
        entries = [entry for entry in load(file) if not entry.obsolete]
    except ProblemsError as error:
        yield False, str(error)
        return
    code = file.parts[1]
    frame = file in {path(Path(), code, domain) for domain in FRAME}
    have = {entry.msgid for entry in entries}
    must = have if template is None else {entry.msgid for entry in template}
    for msgid in sorted(must - have):
        yield False, f"{file}:1: “{msgid[:60]}” is not in the catalogue; run `make update-po`"
    for entry in entries:
        place, named = f"{file}:{entry.linenum}", f"“{entry.msgid[:60]}”"
        if entry.msgid not in must:
            yield False, f"{place}: {named} is stale, its German text is gone; run `make update-po`"
        elif rank(entry) == 0:
            yield False, f"{place}: {named} is not translated; fill in its msgstr"
        elif rank(entry) == 1:
            yield False, f"{place}: {named} is fuzzy, a guess; correct it, delete the word fuzzy"
        else:
            for is_hint, problem in _finished(entry, code, frame):
                yield is_hint, f"{place}: {problem}"


def check_all(files: list[Path], templates: dict[str, Catalogues]) -> Iterator[tuple[bool, str]]:
    """What is wrong with these catalogues, or with all that the templates ask for."""
    known = {file for language in LANGUAGES for file in existing(language.code)}
    for file in files:
        if file in known:
            yield from check(file, None)
        else:
            yield False, f"{file}:1: there is no such catalogue; see `ls locales/*/LC_MESSAGES`"
    wanted = {file: each for catalogues in templates.values() for file, each in catalogues.items()}
    for file, template in wanted.items():
        yield from check(file, template)
    for file in sorted(known - wanted.keys()) if wanted else ():
        yield False, f"{file}:1: {STRAY}"


def status(templates: dict[str, Catalogues]) -> Iterator[str]:
    """How far each language is: pages with open texts, then the sum."""
    for language in TRANSLATIONS:
        total: Counter[int] = Counter()
        for file, template in templates[language.code].items():
            found = best(load(file)) if file.is_file() else {}
            counts = Counter(rank(found.get(entry.msgid)) for entry in template)
            if counts[3] < len(template):
                yield f"{file}: {counts[3]} of {len(template)} translated, {counts[1]} fuzzy"
            total += counts
        share = 100 * total[3] / total.total()
        yield f"{language.name}: {total[3]} of {total.total()} translated ({share:.1f} %)"


def main() -> int:
    """Run `make check` or `make status`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--status", action="store_true", help="only say how far the languages are")
    parser.add_argument("--hints", action="store_true", help="show hints as well")
    parser.add_argument("files", nargs="*", help="check only these, without a look at the pages")
    arguments = parser.parse_args()
    templates = {} if arguments.files else extract()
    if arguments.status:
        print(*status(templates), sep="\n")
        return 0
    files = [Path(os.path.relpath(name)) for name in arguments.files]
    found = list(check_all(files, templates))
    shown = [line for is_hint, line in found if arguments.hints or not is_hint]
    hints = sum(is_hint for is_hint, _line in found)
    errors = len(found) - hints
    summary = f"{errors} errors" if errors else "All catalogues are complete and right."
    more = "" if arguments.hints else "; see them with `make check HINTS=1`"
    print(*shown, f"{summary} ({hints} hints{more})" if hints else summary, sep="\n")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
