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

from ikm_site.languages import LANGUAGES, SOURCE, TRANSLATIONS
from ikm_site.message_catalogues import FRAME, load, path
from ikm_site.message_check import harm, markup
from ikm_site.problems import ProblemsError
from tools.message_numbers import differences
from tools.update_po import STRAY, Catalogues, best, existing, extract

#: Rules that a comment can overrule.
STYLE_RULES = ("numbers", "quotes", "spaces", "marks", "copy")
_NOQA = re.compile(r"noqa:?\s*(\w*)\s*(.*)")
#: Quotation marks of other languages, and what to write.
_QUOTES = {"en": ('"„‚«»‹›', "“…” and ‘…’"), "fr": ('"„‚', "« … »")}
#: Marks of Markdown and HTML that readers see where they have no effect.
_STRAY_MARKUP = re.compile(r"[`*_{}\\]|\]\(|<[a-zA-Z/!]|&#?\w+;")
_SPACES = re.compile(r"^\s|\s$|  ")
#: A German sentence, no name or title.
_GERMAN = re.compile(r"(?=(?:\S+\s+){7}).*\b(?:der|die|das|und|ist|sind)\b")


def style(entry: polib.POEntry, code: str) -> Iterator[tuple[bool, str, str]]:
    """What is wrong with a translation by the rules of style.

    Yields:
        Whether it is only a hint, the rule, and the problem with its remedy.
    """
    msgid, msgstr = entry.msgid, entry.msgstr
    # `locales/de` has the English words of Sphinx and Furo in German.
    source = "en" if code == SOURCE.code else SOURCE.code
    for is_hint, problem in differences(msgid, msgstr, source, code):
        remedy = "write the number of the original as this language does"
        yield is_hint, "numbers", f"{problem}; {remedy}"
    foreign, own = _QUOTES.get(code, ('"', "the quotation marks of this language"))
    if found := sorted(set(msgstr) & set(foreign) - ({'"'} & set(msgid))):
        yield False, "quotes", f"the quotation mark {' '.join(found)}; write {own}"
    if msgstr.count("“") != msgstr.count("”") and code == "en":
        yield False, "quotes", f"a quotation mark stands alone; write {own}"
    # gettext says so of fields of the front matter, and of the words of frame and data.
    is_plain = "no Markdown" in entry.comment
    before, after = (text if is_plain else markup(text)[1] for text in (msgid, msgstr))
    if new := Counter(_STRAY_MARKUP.findall(after)) - Counter(_STRAY_MARKUP.findall(before)):
        yield False, "marks", f"{' '.join(sorted(new))} without effect; take it out"
    if msgid == msgstr and source == SOURCE.code and _GERMAN.search(msgid):
        yield False, "copy", "the translation is still German; translate it"
    if _SPACES.search(msgstr) and not _SPACES.search(msgid):
        yield False, "spaces", "a space at the beginning or the end, or two in a row; delete it"


def judge(entry: polib.POEntry, code: str, frame: bool) -> Iterator[tuple[bool, str]]:
    """What is wrong with a finished translation, and whether it is only a hint."""
    overruled = dict(_NOQA.findall(entry.tcomment))
    for rule, reason in overruled.items():
        if rule not in STYLE_RULES or not re.search(r"\w{2}", reason):
            remedy = f"write one of {', '.join(STYLE_RULES)}, then the reason"
            yield False, f"“# noqa: {rule}” overrules nothing; {remedy}"
    if harms := [(False, problem) for problem in harm(entry.msgid, entry.msgstr, code, frame)]:
        yield from harms
        return
    for is_hint, rule, problem in style(entry, code):
        if rule not in overruled:
            yield is_hint, f"{problem}, or say why not above it: “# noqa: {rule} …”"


def check_catalogue(file: Path, template: polib.POFile | None) -> Iterator[tuple[bool, str]]:
    """What is wrong with a catalogue, and whether it is only a hint.

    The template is None if the messages that it must have are not known.
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
        elif not entry.msgstr:
            yield False, f"{place}: {named} is not translated; fill in its msgstr"
        elif entry.fuzzy:
            yield False, f"{place}: {named} is fuzzy, a guess; correct it, delete the word fuzzy"
        else:
            for is_hint, problem in judge(entry, code, frame):
                yield is_hint, f"{place}: {problem}"


def check_all(wanted: dict[Path, polib.POFile | None]) -> Iterator[tuple[bool, str]]:
    """What is wrong with these catalogues, and which others belong to no template."""
    known = {file for language in LANGUAGES for file in existing(language.code)}
    for file, template in wanted.items():
        if file in known:
            yield from check_catalogue(file, template)
        else:
            remedy = "run `make update-po`, or see `ls locales/*/LC_MESSAGES`"
            yield False, f"{file}:1: there is no such catalogue; {remedy}"
    for file in sorted(known - wanted.keys()) if None not in wanted.values() else ():
        yield False, f"{file}:1: {STRAY}"


def status(templates: dict[str, Catalogues]) -> Iterator[str]:
    """How far each language is: pages with open texts, then the sum."""
    for language in TRANSLATIONS:
        total = polib.POFile()
        for file, template in templates[language.code].items():
            found = best(load(file)) if file.is_file() else {}
            template[:] = [found.get(entry.msgid, entry) for entry in template]
            done, fuzzy = len(template.translated_entries()), len(template.fuzzy_entries())
            if done < len(template):
                yield f"{file}: {done} of {len(template)} translated, {fuzzy} fuzzy"
            total += template
        done = len(total.translated_entries())
        yield f"{language.name}: {done} of {len(total)} translated ({done / len(total):.1%})"


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
    wanted = dict.fromkeys(Path(os.path.relpath(name)) for name in arguments.files)
    for catalogues in templates.values():
        wanted |= catalogues
    found = list(check_all(wanted))
    shown = [line for is_hint, line in found if arguments.hints or not is_hint]
    hints = sum(is_hint for is_hint, _line in found)
    errors = len(found) - hints
    summary = f"{errors} errors" if errors else "All catalogues are complete and right."
    more = f" ({hints} hints, shown by `make check HINTS=1`)" if hints else ""
    print(*shown, summary + more, sep="\n")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
