# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""How far the translations are (`make status`), and whether they are whole (`make check`)."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

from ikm_site.catalogues import files
from ikm_site.catalogues.update import ExtractionError, extract
from ikm_site.languages import TRANSLATIONS, Language


@dataclass
class Progress:
    """The state of one catalogue, as counts and as places `(line, German text)`."""

    domain: str
    total: int = 0
    missing: list[tuple[int | None, str]] = field(default_factory=list)
    fuzzy: list[tuple[int | None, str]] = field(default_factory=list)
    stale: list[tuple[int | None, str]] = field(default_factory=list)

    @property
    def done(self) -> int:
        """How many messages are translated."""
        return self.total - len(self.missing) - len(self.fuzzy)


def progress(language: Language, wanted: dict[str, list[str]]) -> list[Progress]:
    """The state of every catalogue of a language.

    Args:
        language: a translated language.
        wanted: the German messages of each domain, freshly extracted.
    """
    rows = []
    for domain in sorted(set(wanted) | set(files.domains(language.code))):
        file = files.path(language.code, domain)
        row = Progress(domain, total=len(wanted.get(domain, [])))
        catalogue = files.read(file, language.code) if file.is_file() else None
        have = {m.id: m for m in files.messages(catalogue)} if catalogue is not None else {}
        for msgid in wanted.get(domain, []):
            message = have.get(msgid)
            if message is None or not message.string:
                row.missing.append((message.lineno if message else None, msgid))
            elif message.fuzzy:
                row.fuzzy.append((message.lineno, msgid))
        known = set(wanted.get(domain, []))
        row.stale = [(m.lineno, str(m.id)) for m in have.values() if m.id not in known]
        rows.append(row)
    return rows


def sections(rows: list[Progress]) -> dict[str, list[Progress]]:
    """The catalogues by section: the first folder, or `.` for pages at the root."""
    result: dict[str, list[Progress]] = {}
    for row in rows:
        result.setdefault(row.domain.rpartition("/")[0].partition("/")[0] or ".", []).append(row)
    return dict(sorted(result.items()))


def _wanted() -> dict[str, list[str]]:
    return {
        domain: [str(message.id) for message in files.messages(catalogue)]
        for domain, catalogue in extract().items()
    }


def _table(language: Language, rows: list[Progress]) -> None:
    width = max((len(row.domain) for row in rows), default=10)
    print(f"\n{language.name} ({language.code})")
    print(f"  {'page':{width}}  translated  missing  fuzzy  stale")
    for row in rows:
        if row.missing or row.fuzzy or row.stale:
            print(
                f"  {row.domain:{width}}  {row.done:4} / {row.total:<4} {len(row.missing):7} "
                f"{len(row.fuzzy):6} {len(row.stale):6}"
            )
    for name, part in sections(rows).items():
        total, done = sum(row.total for row in part), sum(row.done for row in part)
        share = 100 * done / total if total else 100.0
        print(f"  {name + '/':{width}}  {done:4} / {total:<4} ({share:.1f} %)")
    total, done = sum(row.total for row in rows), sum(row.done for row in rows)
    share = 100 * done / total if total else 100.0
    complete = sum(row.done == row.total for row in rows)
    print(
        f"  {'all':{width}}  {done:4} / {total:<4} ({share:.1f} %), "
        f"{complete} of {len(rows)} pages complete"
    )


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:57] + "…"


def _problems(language: Language, rows: list[Progress]) -> list[str]:
    found = []
    for row in rows:
        file = files.path(language.code, row.domain)
        for kind, remedy, places in (
            ("not translated", "fill in its msgstr", row.missing),
            ("fuzzy", "correct the msgstr, then delete the word fuzzy", row.fuzzy),
            ("stale, the German text is gone", "run make update-po", row.stale),
        ):
            for line, msgid in places:
                if line is None and kind == "not translated":
                    remedy = "run make update-po, then translate it"
                place = f"{file}:{line}" if line else str(file)
                found.append(f"{place}: {kind}: „{_short(msgid)}“; {remedy}")
    return found


def main() -> int:
    """Run `make status`, or with `--check` the part of `make check` about translations."""
    strict = "--check" in sys.argv[1:]
    try:
        wanted = _wanted()
        result = {language: progress(language, wanted) for language in TRANSLATIONS}
    except (ExtractionError, files.CatalogueError) as error:
        print(f"status: {error}", file=sys.stderr)
        return 1
    problems: list[str] = []
    for language, rows in result.items():
        if not strict:
            _table(language, rows)
        problems += _problems(language, rows)
    if strict:
        print(*problems, sep="\n") if problems else print("All catalogues are complete.")
        if problems:
            print(f"{len(problems)} problems in {Path(files.LOCALES)}", file=sys.stderr)
    return 1 if strict and problems else 0


if __name__ == "__main__":
    sys.exit(main())
