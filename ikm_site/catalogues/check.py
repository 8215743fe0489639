# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Check catalogues: `python -m ikm_site.catalogues.check [FILE…]`.

Without a file all catalogues in `locales/` are checked. The exit status is 1 if there is an
error. Hints do not count, unless `--complete` demands that nothing is missing or fuzzy.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.plurals import get_plural

from ikm_site.catalogues import files, glossary, rules
from ikm_site.catalogues.findings import LANGUAGE, SAFETY, Finding, Problem
from ikm_site.catalogues.reading import CatalogueFile, Entry, noqa_problems, read

#: Domains whose messages are words of the interface or of the data, never Markdown.
PLAIN_DOMAINS = frozenset({"sphinx", "data"})

#: Where `make update-po` and `make status` leave the German messages.
TEMPLATES = Path("_build/gettext")

#: The language of the pages. Only their catalogues of interface words have another source:
#: what Sphinx and Furo say is written in English.
SOURCE = "de"

_HEADERS = (
    "project-id-version",
    "language",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "plural-forms",
)


def _header(file: CatalogueFile) -> Iterator[Problem]:
    advice = "run make update-po, which writes the header"
    if not file.headers:
        yield Problem("header", "the file has no header", advice)
        return
    for name in _HEADERS:
        if not file.headers.get(name):
            yield Problem("header", f"the header has no field {name}", advice)
    content = file.headers.get("content-type", "").lower().replace(" ", "")
    if content and content != "text/plain;charset=utf-8":
        yield Problem(
            "header",
            f"the header says Content-Type {content}",
            "write: Content-Type: text/plain; charset=UTF-8",
        )
    transfer = file.headers.get("content-transfer-encoding", "8bit").lower()
    if transfer != "8bit":
        yield Problem(
            "header",
            f"the header says Content-Transfer-Encoding {transfer}",
            "write: Content-Transfer-Encoding: 8bit",
        )
    language = file.headers.get("language", "")
    if language and language != file.language:
        yield Problem(
            "header",
            f"the header says language {language}, the folder {file.language}",
            "put the file into the folder of its language, or mend the header",
        )
    yield from _plural_forms(file)


def _plural_forms(file: CatalogueFile) -> Iterator[Problem]:
    written = file.headers.get("plural-forms", "").replace(" ", "").rstrip(";")
    try:
        Locale.parse(file.language)
    except (UnknownLocaleError, ValueError):
        yield Problem(
            "header",
            f"there is no language {file.language!r}",
            "name the folder by the language's code, for example en or fr",
        )
        return
    right = get_plural(file.language).plural_forms
    if written and written != right.replace(" ", "").rstrip(";"):
        yield Problem(
            "header",
            "the plural forms are not those of the language",
            f"write: Plural-Forms: {right}",
        )


def _shape(file: CatalogueFile, entry: Entry) -> Iterator[Problem]:
    """What is wrong with a message before its words are looked at."""
    if entry.context is not None:
        yield Problem(
            "context",
            "the message has a context (msgctxt), which Sphinx ignores",
            "delete the line msgctxt",
        )
    if len(entry.sources) > 1 and file.domain not in PLAIN_DOMAINS:
        yield Problem(
            "context", "the message has a plural, which pages do not have", "run make update-po"
        )
    if not entry.sources[0]:
        yield Problem("duplicate", "there is a second header", "delete it")
    if len(entry.sources) > 1 and any(entry.translations) and not all(entry.translations):
        yield Problem("context", "a plural form is missing", "translate each form")


def _is_plain(file: CatalogueFile) -> bool:
    # Texts of the front matter are plain as well, but a translator could mark any message
    # so. They are therefore held to the stricter rules of Markdown.
    return file.domain in PLAIN_DOMAINS


def _entry(
    file: CatalogueFile, entry: Entry, complete: bool, terms: tuple[glossary.Term, ...]
) -> Iterator[Problem]:
    source_language = "en" if file.language == SOURCE else SOURCE
    excepted = {rule for rule, reason in entry.exceptions() if rule not in SAFETY and reason}
    used: set[str] = set()
    yield from _shape(file, entry)
    yield from noqa_problems(entry)
    if not any(entry.translations):
        if complete:
            yield Problem("missing", "the message is not translated", "translate it")
        return
    if entry.fuzzy:
        yield Problem(
            "fuzzy",
            "the translation is a guess and is not published",
            "read both texts, mend the translation and delete the word fuzzy",
        )
    for source, translation in entry.pairs:
        if not translation:
            continue
        pair = rules.Pair(
            source, translation, file.language, source_language, plain=_is_plain(file)
        )
        if translation == source and len(re.findall(r"\b[a-zäöüß]{2,}\b", pair.before.text)) > 3:
            yield Problem(
                "same", "the translation is the same as the original", "translate the sentence"
            )
        found = rules.problems(pair)
        if terms and not entry.fuzzy:
            found += glossary.problems(pair.before.text, pair.after.text, terms)
        for problem in found:
            if problem.rule in excepted:
                used.add(problem.rule)
            elif not (entry.fuzzy and problem.rule in LANGUAGE):
                yield problem
    for rule in sorted(excepted - used):
        yield Problem(
            "unused-noqa", f"the exception from '{rule}' is not needed", "delete the comment"
        )


def _normal_form(file: CatalogueFile) -> Iterator[Finding]:
    try:
        normal = files.render(files.read(file.path, file.language)).decode("utf-8")
    except (
        files.CatalogueError,
        UnknownLocaleError,
        ValueError,
        TypeError,
        LookupError,
        AssertionError,
        AttributeError,
    ):
        return  # the file is broken in a way that other rules name
    if normal == file.text:
        return
    ours, theirs = normal.split("\n"), file.text.split("\n")
    same = 0
    for mine, written in zip(ours, theirs, strict=False):
        if mine != written:
            break
        same += 1
    yield Finding(
        file.path,
        same + 1,
        Problem(
            "normal-form",
            "the file is not written as the project writes it (line breaks, order, comments)",
            "run make tidy-po, which changes nothing in the texts",
        ),
    )


def _template(file: CatalogueFile) -> Path | None:
    """The extracted German messages of a page, if they are there and not older than the page."""
    parts = file.path.absolute().parts
    if file.domain in PLAIN_DOMAINS or files.LOCALES.name not in parts:
        return None
    place = len(parts) - 1 - parts[::-1].index(files.LOCALES.name)
    root = Path(*parts[:place])
    template = root / TEMPLATES / f"{file.domain}.pot"
    page = root / f"{file.domain}.md"
    if template.is_file() and page.is_file():
        return template if template.stat().st_mtime >= page.stat().st_mtime else None
    return None


def _unknown(file: CatalogueFile) -> Iterator[Finding]:
    """Messages that the page does not have: their translation would never be seen."""
    template = _template(file)
    if template is None:
        return
    known = {str(message.id) for message in files.messages(files.read(template))}
    for entry in file.entries:
        if entry.sources[0] not in known:
            yield Finding(
                file.path,
                entry.line,
                Problem(
                    "obsolete",
                    "the page does not have this text",
                    "do not change msgid; run make update-po",
                ),
                entry.sources[0],
                "\n".join(entry.translations),
            )


def tidy(path: Path) -> bool:
    """Write a catalogue in its normal form; tells whether that changed the file.

    Raises:
        CatalogueError: it cannot be read.
        OSError: there is no such file.
    """
    file, _ = read(path)
    return files.write(path, files.read(path, file.language if file else None))


def check(
    path: Path, *, complete: bool = False, form: bool = True, hints: bool = True
) -> list[Finding]:
    """Check one catalogue.

    Args:
        path: a `.po` file.
        complete: report messages without a translation as well.
        form: report what differs from the normal form. It harms no reader, so that a build
            need not stop for it.
        hints: look for terms of the glossary as well, which takes time and stops no build.

    Returns:
        The findings in the order of their lines.

    Raises:
        OSError: there is no such file.
    """
    file, findings = read(path)
    if file is None:
        return findings
    for problem in _header(file):
        findings.append(Finding(path, file.header_line, problem))
    if file.header_fuzzy:
        findings.append(
            Finding(
                path,
                file.header_line,
                Problem("header", "the header is marked fuzzy", "delete the word fuzzy above it"),
            )
        )
    for line in file.obsolete:
        findings.append(
            Finding(
                path,
                line,
                Problem("obsolete", "no page needs this message any more", "run make update-po"),
            )
        )
    if form:
        findings += [*_normal_form(file), *_unknown(file)]
    terms = glossary.terms_beside(path, file.language) if hints else ()
    seen: dict[str, int] = {}
    for entry in file.entries:
        source, translation = entry.sources[0], "\n".join(entry.translations)
        if source in seen:
            findings.append(
                Finding(
                    path,
                    entry.line,
                    Problem(
                        "duplicate",
                        f"the message stands already in line {seen[source]}",
                        "delete one of the two",
                    ),
                    source,
                    translation,
                )
            )
        seen.setdefault(source, entry.line)
        line = entry.msgstr_line
        for problem in _entry(file, entry, complete, terms):
            findings.append(Finding(path, line, problem, source, translation))
    return sorted(findings, key=lambda finding: finding.line)


def strays(root: Path) -> Iterator[Finding]:
    """Files that do not belong into `locales/`.

    Sphinx publishes `LC_MESSAGES/sphinx.js` as a script: only the source language may have
    one, which belongs to the code of the site.
    """
    for path in sorted(root.rglob("*")):
        inside = path.relative_to(root).as_posix()
        usual = path.suffix in {".po", ".mo"} or inside in {
            "glossary.csv",
            f"{SOURCE}/LC_MESSAGES/sphinx.js",
        }
        if path.is_symlink() or (path.is_file() and not usual):
            yield Finding(
                path,
                1,
                Problem(
                    "file",
                    "this file is neither a catalogue nor the glossary",
                    "delete it, or put it where it belongs",
                ),
            )


def check_all(
    root: Path, *, complete: bool = False, form: bool = True, hints: bool = True
) -> list[Finding]:
    """Check all catalogues below `locales/`, and what else lies there.

    Args:
        root: the folder `locales`.
        complete: as in `check`.
        form: as in `check`.
        hints: as in `check`.
    """
    findings = list(strays(root))
    for path in catalogues(root):
        findings += check(path, complete=complete, form=form, hints=hints)
    return findings


def catalogues(root: Path) -> list[Path]:
    """All catalogues below a folder, in a fixed order."""
    return sorted(root.rglob("*.po"))


def report(findings: Iterable[Finding], *, complete: bool = False, hints: bool = True) -> int:
    """Print the findings; the number of those that count as errors.

    Args:
        findings: what to print.
        complete: a message that is missing or fuzzy counts as well.
        hints: print hints, too; otherwise only their number.
    """
    errors = 0
    counts: Counter[str] = Counter()
    for finding in findings:
        rule = finding.problem.rule
        counts[rule] += 1
        error = not finding.hint or (complete and rule in {"fuzzy", "missing"})
        errors += error
        if error or hints:
            print(finding)
    if counts:
        by_rule = ", ".join(f"{count} {rule}" for rule, count in sorted(counts.items()))
        print(f"\n{errors} errors ({by_rule}). TRANSLATING.md explains each rule.")
    if not hints and sum(counts.values()) > errors:
        print("The others are hints; make check-po HINTS=1 shows them.")
    return errors


def _refresh() -> bool:
    """Extract the German messages if a page is newer; tells whether that went well."""
    from ikm_site.catalogues.update import ExtractionError, extract

    made = TEMPLATES / "plain.json"
    other = {"node_modules", "tests", "deploy", "tools"}
    folders = [path for path in Path().iterdir() if path.is_dir() and path.name[0] not in "._"]
    pages = [page for path in folders if path.name not in other for page in path.rglob("*.md")]
    pages += Path().glob("*.md")
    newest = max((page.stat().st_mtime for page in pages), default=0)
    if made.is_file() and made.stat().st_mtime >= newest:
        return True
    try:
        extract()
    except ExtractionError as error:
        print(f"check-po: {error}", file=sys.stderr)
        return False
    return True


def main(arguments: list[str] | None = None) -> int:
    """The command. Returns its exit status."""
    parser = argparse.ArgumentParser(prog="check-po", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="catalogues; without any, all of them")
    parser.add_argument(
        "--hints", action="store_true", help="show the hints of all files, not only their number"
    )
    parser.add_argument(
        "--tidy",
        action="store_true",
        help="write the files in their normal form instead of checking them",
    )
    parser.add_argument(
        "--complete", action="store_true", help="a message that is missing or fuzzy is an error"
    )
    options = parser.parse_args(arguments)
    chosen = options.files or catalogues(files.LOCALES)
    everything = not options.files and not options.tidy
    findings = list(strays(files.LOCALES)) if everything else []
    if everything and not _refresh():
        return 1
    try:
        if glossary.FILE.is_file():
            glossary.read(glossary.FILE, "en")
    except glossary.GlossaryError as error:
        print(error, file=sys.stderr)
        return 1
    for path in chosen:
        try:
            if options.tidy:
                print(f"{path}: tidied" if tidy(path) else f"{path}: was in order")
            else:
                findings += check(path, complete=options.complete)
        except OSError as error:
            print(f"{path}: {error.strerror}", file=sys.stderr)
            return 2
        except files.CatalogueError as error:
            print(error, file=sys.stderr)
            return 2
    if options.tidy:
        return 0
    hints = options.hints or not everything
    errors = report(findings, complete=options.complete, hints=hints)
    if not errors:
        print(f"{len(chosen)} catalogues are in order.")
    return int(errors > 0)


if __name__ == "__main__":
    sys.exit(main())
