# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Read, check and translate the front matter of the pages.

The front matter is taken out of the source before MyST sees it: it is checked against
its record, its words become messages of the page's catalogue, and the record in the
language of the build is kept in the environment for templates and lists.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

from ikm_site.domain import records, untranslated
from ikm_site.languages import SOURCE
from ikm_site.message_check import plain_harm
from ikm_site.myst_translation import has_catalogue, page_catalogue
from ikm_site.problems import (
    Problem,
    ProblemsError,
    YamlText,
    parse_yaml,
    read_text,
    stops_the_build,
    validate,
)
from ikm_site.records import Page, record_type, texts, translate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata


#: Folders that grow without bound: their pages stand in lists, never in a toctree.
LISTED = ("news/", "statements/")


class front_matter_text(nodes.Invisible, nodes.Element, addnodes.translatable):  # noqa: N801
    """One translatable text of the front matter; never written to a page."""

    def preserve_original_messages(self) -> None:
        """Nothing to do: the original is kept in `msgid`."""

    def apply_translated_message(self, original_message: str, translated_message: str) -> None:
        """Nothing to do: the record is translated when it is read."""

    def extract_original_messages(self) -> Sequence[str]:
        """The one German message."""
        return [self["msgid"]]


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
    record: Page = validate(record_type(docname), found, name)
    return record, found


def place(app: Sphinx, docname: str, field: str) -> tuple[str, int]:
    """Where a field such as `regions.0` stands, for messages: page and line of its file."""
    file = Path(app.env.doc2path(docname))
    _, found = read_record(docname, file.name, read_text(file, file.name))
    return docname, found.line([int(p) if p.isdigit() else p for p in field.split(".")])


@stops_the_build
def _check(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Look at the front matter of all pages before one of them is read.

    So one mistake does not lead to others elsewhere that only confuse.
    """
    problems: list[Problem] = []
    for docname in sorted(docnames):
        file = Path(env.doc2path(docname))
        name = file.relative_to(app.srcdir).as_posix()
        try:
            read_record(docname, name, read_text(file, name))
        except ProblemsError as error:
            problems += error.problems
    if problems:
        raise ProblemsError(problems)


def _source_read(app: Sphinx, docname: str, source: list[str]) -> None:
    """Take the front matter out of the page and keep its record."""
    name = Path(app.env.doc2path(docname)).relative_to(app.srcdir).as_posix()
    text = source[0].removeprefix("\ufeff").replace("\r\n", "\n")
    _, source[0] = split(text, name)
    record, _ = read_record(docname, name, text)
    records(app.env)[docname] = _translated(app, docname, record)
    if record.orphan or docname.startswith(LISTED) or docname == "404":
        app.env.metadata[docname]["orphan"] = True


def _translated(app: Sphinx, docname: str, record: Page) -> Page:
    """The record in the language of the build; what stays German is noted."""
    if app.config.language == SOURCE.code or app.builder.name == "gettext":
        return record
    catalogue = page_catalogue(app.env, docname)
    german = dict(texts(record))
    words: dict[str, str] = {}
    if catalogue is not None:
        for where, text in german.items():
            if (msgstr := catalogue.text(str(text), plain_harm)) is not None:
                words[where] = msgstr
    untranslated(app.env)[docname] = set(german) - set(words)
    return translate(record, words)


class InsertTexts(SphinxTransform):
    """Put the words of the front matter into the document, where gettext finds them."""

    default_priority = 5

    def apply(self, **_kwargs: Any) -> None:
        """Insert one node a text at the beginning of the document."""
        record = records(self.env).get(self.env.docname)
        if record is None or self.app.builder.name != "gettext":
            return
        new = []
        for place, text in texts(record):
            node = front_matter_text(msgid=str(text), place=place)
            node.source, node.line = self.document["source"], 1
            new.append(node)
        self.document[0:0] = new


class MarkTitle(SphinxTransform):
    """Note whether the title of a page is still German."""

    default_priority = 30

    def apply(self, **_kwargs: Any) -> None:
        """Look at the flag that the parser has set."""
        docname = self.env.docname
        places = untranslated(self.env).get(docname)
        title = next(iter(self.document.findall(nodes.title)), None)
        if places is None or title is None:
            return
        if title.get("translated") is False or not has_catalogue(self.env, docname):
            places.add("title")


def _write_plain(app: Sphinx, exception: Exception | None) -> None:
    """Beside the templates: which messages are plain text, for the translators' comment."""
    if exception or app.builder.name != "gettext":
        return
    plain = {
        docname: {str(text): place for place, text in reversed(list(texts(record)))}
        for docname, record in sorted(records(app.env).items())
    }
    target = Path(app.outdir) / "plain.json"
    target.write_text(json.dumps(plain, ensure_ascii=False, indent=1), encoding="utf-8")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the reading of front matter with Sphinx."""
    app.add_node(front_matter_text)
    app.add_transform(InsertTexts)
    app.add_transform(MarkTitle)
    app.connect("env-before-read-docs", _check)
    app.connect("source-read", _source_read)
    app.connect("build-finished", _write_plain)
    return {
        "version": "1",
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
