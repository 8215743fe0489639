"""What the office must still decide or supply (`make report`).

Lists the fields `open` of all pages, empty fields of `data/organisation.yaml`, and the pages
that name a number of regions in words, which a twelfth region would change.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from sphinx.util.matching import get_matching_files

import conf
from ikm_site import organisation
from ikm_site.frontmatter import read_record, split
from ikm_site.problems import parse_yaml, read_text

_NUMBERS = re.compile(r"\b(zehn|elf|zwölf|zehnte|elfte|zwölfte)(n|r|s|e|en)?\b", re.IGNORECASE)


def report(root: Path) -> Iterator[str]:
    """The report, line by line.

    Raises:
        ProblemsError: a file or what stands at its beginning is wrong.
    """
    questions: list[str] = []
    numbers: list[str] = []
    files = get_matching_files(root, conf.include_patterns, conf.exclude_patterns)
    for name in sorted(name for name in files if name.endswith(".md")):
        text = read_text(root / name, name)
        head, body = split(text, name)
        _, lines = parse_yaml(head, name)
        record = read_record(name.removesuffix(".md"), text)
        for number, question in enumerate(record.open):
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


if __name__ == "__main__":
    print(*report(Path.cwd()), sep="\n")
