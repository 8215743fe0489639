# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""What the office must still decide or supply (`make report`).

Lists the fields `open` of all pages, empty fields of `data/organisation.yaml`, and the pages
that name a number of regions in words, which a twelfth region would change.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ikm_site import organisation
from ikm_site.frontmatter import split
from ikm_site.problems import ProblemsError, parse_yaml, read_text

_FOLDERS = "about legal monitoring news partners regions statements workgroups"
_NUMBERS = re.compile(r"\b(zehn|elf|zwölf|zehnte|elfte|zwölfte)(n|r|s|e|en)?\b", re.IGNORECASE)


def pages(root: Path) -> Iterator[Path]:
    """The Markdown files of the site, sorted."""
    yield from sorted(root.glob("[a-z0-9]*.md"))
    for folder in _FOLDERS.split():
        yield from sorted((root / folder).rglob("*.md"))


def report(root: Path) -> Iterator[str]:
    """The report, line by line.

    Raises:
        ProblemsError: a file cannot be read.
    """
    questions: list[str] = []
    numbers: list[str] = []
    for file in pages(root):
        name = file.relative_to(root).as_posix()
        text = read_text(file, name)
        head, body = split(text, name)
        found, lines = parse_yaml(head, name)
        for number, question in enumerate(found.get("open", ())):
            questions.append(f"  {name}:{lines['open', number]}: {question}")
        for line, words in enumerate(body.splitlines(), start=1):
            if "Region" in words and (match := _NUMBERS.search(words)):
                start = max(0, match.start() - 20)
                numbers.append(f"  {name}:{line}: …{words[start : match.end() + 40]}…")
    empty = organisation.missing(organisation.load(root))
    yield f"Offene Fragen auf den Seiten (Feld „open“): {len(questions)}"
    yield from questions
    yield f"Leere Felder in {organisation.FILE}: {', '.join(empty) or 'keine'}"
    yield f"Stellen, die eine Zahl von Regionen nennen: {len(numbers)}"
    yield from numbers


def main() -> int:
    """Run `make report`."""
    try:
        print("\n".join(report(Path.cwd())))
    except ProblemsError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
