# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Read, check and translate the front matter of the pages.

The front matter is taken out of the source before MyST sees it: it is checked against
its record, its words become messages of the page's catalogue, and the record in the
language of the build is kept in the domain for templates and lists.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.util.typing import ExtensionMetadata

from ikm_site.domain import records, untranslated
from ikm_site.languages import SOURCE
from ikm_site.message_check import plain_harm
from ikm_site.myst_translation import page_catalogue
from ikm_site.problems import (
    Problem,
    ProblemsError,
    YamlText,
    parse_yaml,
    read_text,
    stops_the_build,
    validate,
)
from ikm_site.records import Page, record_type, replace_texts, texts

#: Folders that grow without bound: their pages stand in lists, never in a toctree.
LISTED = ("news/", "statements/")


def split(source: str, name: str) -> tuple[str, str]:
    """Front matter and body of a page; the body keeps its line numbers.

    Raises:
        ProblemsError: the front matter does not end.
    """
    if not source.startswith("---\n"):
        return "", source
    end = source.find("\n---\n", 3)
    if end < 0:
        wrong = "die Angaben am Anfang beginnen mit ---, enden aber nicht"
        raise ProblemsError([Problem(name, 1, wrong, "setzen Sie dahinter eine Zeile ---")])
    head, body = source[4 : end + 1], source[end + 5 :]
    return head, "\n" * (head.count("\n") + 2) + body


@lru_cache(maxsize=1024)
def read_record(docname: str, name: str, source: str) -> tuple[Page, YamlText]:
    """The record of a page, with the lines of its fields.

    Args:
        docname: the page, `about/history`; its folder tells which record it carries.
        name: its file, for messages.
        source: its text.

    Raises:
        ProblemsError: the front matter is not valid.
    """
    head, _ = split(source, name)
    found = parse_yaml(head, name, first_line=2)
    return validate(record_type(docname), found, name), found


def _read_file(env: BuildEnvironment, docname: str) -> tuple[Page, YamlText]:
    name = str(env.doc2path(docname, base=False))
    return read_record(docname, name, read_text(Path(env.doc2path(docname)), name))


def source_title(env: BuildEnvironment, docname: str) -> str:
    """The title of a page in the source language; `env.titles` has its translation."""
    name = str(env.doc2path(docname, base=False))
    _, body = split(read_text(Path(env.doc2path(docname)), name), name)
    found = re.search(r"(?m)^# (.+)$", body)
    return found[1].strip() if found else ""


def field_problem(
    env: BuildEnvironment, docname: str, place: tuple[str | int, ...], wrong: str, advice: str = ""
) -> Problem:
    """A problem of a field such as `("regions", 0)`, with its line."""
    line = _read_file(env, docname)[1].line(place)
    name = str(env.doc2path(docname, base=False))
    return Problem(name, line, f"Feld „{place[0]}“: {wrong}", advice)


@stops_the_build
def _check(_app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> list[Problem]:
    """Look at the front matter of all pages before one of them is read.

    So one mistake does not lead to others elsewhere that only confuse.
    """
    problems: list[Problem] = []
    for docname in docnames:
        try:
            _read_file(env, docname)
        except ProblemsError as error:
            problems += error.problems
    return problems


def _source_read(app: Sphinx, docname: str, source: list[str]) -> None:
    """Take the front matter out of the page and keep its record."""
    record, _ = _read_file(app.env, docname)
    _, source[0] = split(source[0], docname)
    records(app.env)[docname] = _translated(app, docname, record)
    if record.orphan or docname.startswith(LISTED) or docname == "404":
        app.env.metadata[docname]["orphan"] = True


def _translated(app: Sphinx, docname: str, record: Page) -> Page:
    """The record in the language of the build; what stays German is noted."""
    if app.config.language == SOURCE.code or app.builder.name == "gettext":
        return record
    catalogue = page_catalogue(app.env, docname)
    german = untranslated(app.env)[docname] = set()

    def translation(place: str, text: str) -> str:
        words = catalogue.text(str(text), plain_harm) if catalogue else None
        if words is None:
            german.add(place)
        return words or text

    translated: Page = replace_texts(record, translation)
    return translated


class InsertTexts(SphinxTransform):
    """Put the words of the front matter into the document, where gettext finds them."""

    default_priority = 5

    def apply(self, **_kwargs: Any) -> None:
        """Insert one node a text at the beginning of the document."""
        record = records(self.env).get(self.env.docname)
        if record is None or self.app.builder.name != "gettext":
            return
        new = [nodes.meta("", content=str(text)) for text in texts(record).values()]
        for node in new:
            node.source, node.line = self.document["source"], 1
        self.document[0:0] = new


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the reading of front matter with Sphinx."""
    app.add_transform(InsertTexts)
    app.connect("env-before-read-docs", _check)
    app.connect("source-read", _source_read)
    return {
        "version": "1",
        "env_version": 2,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
