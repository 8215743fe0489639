"""The field's terms, `locales/glossary.csv`: shown as a table, and marked where they are foreign.

Marked (WCAG 3.1.2) are names that stay German in a translation, and behind a colon at the end of
a text a term's equivalent in another language, as the glossary for readers names it.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from ikm_site.languages import LANGUAGES, SOURCE, alphabetical
from ikm_site.problems import read_text
from ikm_site.tables import Column, Constraints, Schema, read_table, stop
from ikm_site.templates import TemplateDirective, add_functions

FILE = "locales/glossary.csv"


@cache
def glossary(app: Sphinx) -> list[dict[str, str]]:
    """All terms in alphabetical order: their words by the codes of languages, and `note`.

    Raises:
        ProblemsError: the file has other columns, or a row has other cells or no German.
    """
    file = app.srcdir / FILE
    if not file.is_file():
        return []
    header = read_text(file, FILE).partition("\n")[0].split(",")
    names = [*(each.code for each in LANGUAGES), "note"]
    # A language that is new has no column yet.
    if header == [name for name in names if name in {*header, SOURCE.code}]:
        names = header
    columns = tuple(
        Column(name=name, type="string", constraints=Constraints(required=name == SOURCE.code))
        for name in names
    )
    table = read_table(file, FILE, Schema(fields=columns), units={})
    stop(table)
    rows = table.rows(*names)
    terms = [{name: word or "" for name, word in zip(names, row, strict=True)} for row in rows]
    return sorted(terms, key=lambda term: alphabetical(term[SOURCE.code]))


def _one_of(names: Iterable[str], around: str) -> re.Pattern[str]:
    """Finds the names in a text, with and without what is in brackets, each in a group."""
    single = {part for name in names for part in name.split("; ") if part}
    single |= {re.sub(r"\s*\([^()]*\)", "", name) for name in single}
    ordered = sorted(single, key=lambda name: (-len(name), name))
    return re.compile(around.replace("NAME", "|".join(map(re.escape, ordered)) or "(?!)"))


@cache
def _patterns(app: Sphinx) -> list[tuple[re.Pattern[str], str]]:
    """What to look for, and its language."""
    own, terms = app.config.language, glossary(app)
    found = []
    for code in (entry.code for entry in LANGUAGES if entry.code != own):
        names = (term.get(code, "") for term in terms if term.get(code) != term.get(own))
        found.append((_one_of(names, r"(?<=: )(NAME)(?=\.$)"), code))
    if own != SOURCE.code:
        kept = (term[own] for term in terms if term.get(own) == term[SOURCE.code])
        found.append((_one_of(kept, r"\b(NAME)\b"), SOURCE.code))
    return found


class MarkOtherLanguages(SphinxPostTransform):
    """Put each such name into a node that carries its language."""

    default_priority = 910
    formats = ("html",)

    def run(self, **_kwargs: Any) -> None:
        """Mark the names of the document."""
        for pattern, code in _patterns(self.app):
            for text in list(self.document.findall(nodes.Text)):
                _mark(text, pattern, f"language-{code}")


def _mark(text: nodes.Text, pattern: re.Pattern[str], language: str) -> None:
    """Every second part of the text is a name; docutils writes such a class as `lang`."""
    parts = pattern.split(text)
    marked = language in text.parent.get("classes", ())
    if len(parts) > 1 and not marked and not isinstance(text.parent, nodes.FixedTextElement):
        text.parent.replace(text, [
            nodes.inline("", part, classes=[language]) if at % 2 else nodes.Text(part)
            for at, part in enumerate(parts)
        ])  # fmt: skip


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the glossary with Sphinx."""
    app.add_directive("terms", TemplateDirective)
    app.add_post_transform(MarkOtherLanguages)
    add_functions(app, glossary=glossary)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
