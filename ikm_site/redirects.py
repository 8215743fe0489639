# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The addresses of the former sites and where they lead now: `data/redirects.yaml`.

`make html` writes a small page for each address that works on any server and without
script. The server configurations made from the same file answer before that page is
reached, and they alone can read the language switch `?lang=en` and the catch-alls.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator
from pydantic_core import ErrorDetails
from sphinx.errors import ExtensionError

from ikm_site.languages import LANGUAGES, SOURCE, language

FILE = Path("data/redirects.yaml")

_CODES = "|".join(entry.code for entry in LANGUAGES)


class Redirect(BaseModel):
    """One old address.

    Attributes:
        source: its path, `/ueber-ikm/`, or all paths below one, `/mitglieder/*`.
        to: the German page of today as `/about/` or `/legal/contact.html`, with or
            without a label, `#…`. Other languages have it at the same path below theirs.
        lang: the language of the old page, where its address does not name one.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, title="Umleitung")

    source: Annotated[
        str,
        Field(
            alias="from",
            pattern=r"^/([A-Za-z0-9_-][A-Za-z0-9._-]*/)*(\*|[A-Za-z0-9_-]+\.html)?$",
            description="Alter Pfad, zum Beispiel /ueber-ikm/, /mitglieder/hamburg.html oder "
            "/mitglieder/* für alle übrigen darunter",
        ),
    ]
    to: Annotated[
        str,
        Field(
            pattern=r"^/([a-z0-9-]+/)*([a-z0-9-]+\.html)?(#[a-z0-9-]+)?$",
            description="Neue deutsche Seite, zum Beispiel /about/ oder /legal/contact.html",
        ),
    ]
    lang: Annotated[
        str,
        Field(
            pattern=f"^({_CODES})$",
            description="Sprache der alten Seite, wenn ihre Adresse keine nennt",
        ),
    ] = SOURCE.code

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Redirect:
        if self.source == "/*":
            raise ValueError("'/*' would catch every address of the site")
        return self

    @property
    def catch_all(self) -> bool:
        """Whether this stands for all paths below one."""
        return self.source.endswith("*")

    @property
    def file(self) -> str | None:
        """The file that a server without rules serves at the old path, if it can."""
        if self.catch_all or self.source == self.to:
            return None
        path = self.source.removeprefix("/")
        return path + "index.html" if path == "" or path.endswith("/") else path

    @property
    def page(self) -> str:
        """The file of the new page, relative to the site of a language."""
        return _file(self.to)

    def href(self, code: str | None = None) -> str:
        """The new page relative to the root; with `index.html`, so that a folder opens it too."""
        mark, label = self.to.partition("#")[1:]
        return language(code or self.lang).path + self.page + mark + label

    def target(self, code: str | None = None) -> str:
        """The new path in a language: `/en/about/`."""
        return "/" + language(code or self.lang).path + self.to.removeprefix("/")


def _line(node: yaml.Node | None, place: Sequence[int | str]) -> int:
    if isinstance(node, yaml.SequenceNode) and place and isinstance(place[0], int):
        return int(node.value[place[0]].start_mark.line) + 1
    return 1


def _explain(item: ErrorDetails) -> str:
    field, message = item["loc"][-1] if item["loc"] else "file", item["msg"]
    if item["type"] == "string_pattern_mismatch":
        message = {
            "from": "must be a path that ends with / or .html, or with /*; no host, no '?…'",
            "to": "must be a page such as /about/ or /legal/contact.html",
            "lang": "must be one of " + ", ".join(entry.code for entry in LANGUAGES),
        }[str(field)]
    return f"field '{field}': {message} (value: {item['input']!r})"


def parse(text: str) -> tuple[Redirect, ...]:
    """Read the list.

    Raises:
        ExtensionError: it is wrong; the message names line, value and remedy.
    """
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        found = TypeAdapter(tuple[Redirect, ...]).validate_python(yaml.safe_load(text) or ())
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ExtensionError(f"{FILE}:{line}: is not valid YAML: {error.problem}") from None
    except ValidationError as error:
        raise ExtensionError(
            "\n".join(
                f"{FILE}:{_line(node, item['loc'])}: {_explain(item)}" for item in error.errors()
            )
        ) from None
    seen: dict[str, int] = {}
    for number, redirect in enumerate(found):
        line = _line(node, [number])
        if redirect.source in seen:
            first = seen[redirect.source]
            raise ExtensionError(
                f"{FILE}:{line}: {redirect.source} already stands in line {first}; keep one"
            )
        seen[redirect.source] = line
    return found


def load(root: Path) -> tuple[Redirect, ...]:
    """The redirects of the project in the order of the file.

    Raises:
        ExtensionError: the file is missing or wrong.
    """
    try:
        return parse((root / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ExtensionError(f"{FILE}: is missing; restore it from the repository") from None
    except UnicodeDecodeError as error:
        message = f"{FILE}: is not UTF-8 (byte {error.start}); save it as UTF-8"
        raise ExtensionError(message) from None


def files(redirects: Iterable[Redirect]) -> frozenset[str]:
    """The pages that lead from old addresses to new ones, below the site's root."""
    return frozenset(entry.file for entry in redirects if entry.file is not None)


def resolve(redirects: Iterable[Redirect], path: str, lang: str | None = None) -> str | None:
    """Where an old address leads; what the server configurations must do.

    A path is found with or without its last slash; the longest catch-all comes last.

    Args:
        redirects: the list.
        path: the path that was asked for, without query.
        lang: the language of the switch `?lang=en`, if there was one.
    """
    if lang not in {entry.code for entry in LANGUAGES}:
        lang = None
    known = {entry.source: entry for entry in redirects}
    found = known.get(path) or known.get(path + "/")
    if found is None:
        below = [e for e in known.values() if e.catch_all and path.startswith(e.source[:-1])]
        found = max(below, key=lambda entry: len(entry.source), default=None)
    if found is None or (found.source == found.to and lang in (None, SOURCE.code)):
        return None
    return found.target(lang)


def _file(target: str) -> str:
    path = target.partition("#")[0].removeprefix("/")
    return path + "index.html" if path == "" or path.endswith("/") else path


def problems(redirects: Iterable[Redirect], site: Path) -> list[str]:
    """What is wrong with the list, seen from the finished site (all languages, no redirects)."""
    found = []
    for entry in redirects:
        for other in LANGUAGES:
            target = entry.target(other.code)
            page = site / _file(target)
            label = target.partition("#")[2]
            if not page.is_file():
                found.append(f"{FILE}: {entry.source} leads to {target}, but there is no such page")
            elif label and not re.search(rf'\bid="{re.escape(label)}"', page.read_text("utf-8")):
                found.append(f"{FILE}: {entry.source}: the page {target} has no label #{label}")
        if entry.file is not None and (site / entry.file).exists():
            found.append(f"{FILE}: {entry.source} is the address of a page of today; remove it")
    return found
