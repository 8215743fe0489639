# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Read, check and translate the front matter of the pages.

The front matter is taken out of the source before MyST sees it: it is checked against
its record, its words become messages of the page's catalogue, and the record in the
language of the build is kept in the environment for templates and lists.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from docutils import nodes
from pydantic import ValidationError
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from ikm_site.domain import records, untranslated
from ikm_site.languages import SOURCE
from ikm_site.myst_translation import page_catalogue, translation
from ikm_site.records import FORMS, Page, record_type, texts, translate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML without dates: an impossible one is our model's to name, with its field."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


logger = logging.getLogger(__name__)

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


def split(source: str) -> tuple[str, str]:
    """Front matter and body of a page; both keep their line numbers.

    Raises:
        ValueError: the front matter does not end.
    """
    if not source.startswith("---\n"):
        return "", source
    end = source.find("\n---\n", 3)
    if end < 0:
        raise ValueError("the front matter begins with --- but does not end with a line ---")
    head, body = source[4 : end + 1], source[end + 5 :]
    return head, "\n" * (head.count("\n") + 2) + body


def _line(head: str, place: Iterable[int | str]) -> int:
    """The line of the file at which this place of the front matter stands."""
    node: Any = yaml.compose(head, Loader=yaml.SafeLoader)
    line = 0
    for part in place:
        if isinstance(node, yaml.MappingNode):
            pairs = [(k, v) for k, v in node.value if k.value == part]
            if not pairs:
                break
            line, node = pairs[0][0].start_mark.line, pairs[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node = node.value[part]
            line = node.start_mark.line
        else:
            break
    return line + 2


def place(app: Sphinx, docname: str, field: str) -> tuple[str, int]:
    """Where a field such as `regions.0` stands, for messages: page and line of its file."""
    text = Path(app.env.doc2path(docname)).read_text("utf-8-sig").replace("\r\n", "\n")
    parts = [int(part) if part.isdigit() else part for part in field.split(".")]
    return docname, _line(split(text)[0], parts)


def read(docname: str, head: str) -> tuple[Page | None, list[tuple[int, str]]]:
    """The record of a page, or what is wrong with it as (line, message)."""
    model = record_type(docname)
    try:
        data = yaml.load(head, Loader=_Loader) if head else {}
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        what = " ".join(filter(None, [error.context, error.problem]))
        return None, [(line, f"the front matter is not valid YAML: {what}")]
    if not isinstance(data, dict):
        return None, [(1, "the front matter must consist of lines 'field: value'")]
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        return None, [
            (_line(head, item["loc"]), _explain(model, dict(item))) for item in error.errors()
        ]


def _explain(model: type[Page], item: dict[str, Any]) -> str:
    field = ".".join(str(part) for part in item["loc"]) or "front matter"
    kind, value = item["type"], item.get("input")
    if kind == "missing":
        return f"the field '{field}' is missing; {model.__name__} needs it"
    if kind == "extra_forbidden":
        allowed = ", ".join(sorted(model.model_fields))
        return f"there is no field '{field}'; {model.__name__} knows: {allowed}"
    message = item["msg"].removeprefix("Value error, ")
    if kind == "string_type":
        message = "must be text; put it in quotes"
    elif kind == "string_pattern_mismatch":
        message = FORMS[item["ctx"]["pattern"]]
    elif kind == "tuple_type":
        message = "must be a list: [first, second]"
    shown = "" if isinstance(value, dict) else f" (value: {value!r})"
    return f"field '{field}': {message}{shown}"


def _source_read(app: Sphinx, docname: str, source: list[str]) -> None:
    """Take the front matter out of the page and check it."""
    text = source[0].removeprefix("\ufeff").replace("\r\n", "\n")
    try:
        head, body = split(text)
    except ValueError as error:
        logger.error("%s", error, location=(docname, 1))
        return
    source[0] = body
    record, problems = read(docname, head)
    for line, message in problems:
        logger.error("%s", message, location=(docname, line))
    if record is None:
        return
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
        for place, text in german.items():
            if (msgstr := translation(catalogue, str(text))) is not None:
                words[place] = msgstr
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
        if title.get("translated") is False or page_catalogue(self.env, docname) is None:
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
    app.connect("source-read", _source_read)
    app.connect("build-finished", _write_plain)
    return {
        "version": "1",
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
