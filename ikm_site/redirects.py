# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The addresses of former pages and where they lead now: `data/redirects.yaml`.

`make html` writes a small page for each address that works on any server and without script.
Only a server's configuration can read the language switch `?lang=en` and the catch-alls.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PrivateAttr

from ikm_site.languages import LANGUAGES, SOURCE, language
from ikm_site.problems import Problem, ProblemsError, parse_yaml, read_text, validate
from ikm_site.records import matching

FILE = Path("data/redirects.yaml")

#: First folders that belong to the site of today: no redirect may cover them.
TAKEN = ("_static", "_images", "_downloads", "data", *(e.path.rstrip("/") for e in LANGUAGES[1:]))


def _free(path: str) -> str:
    first = path.split("/")[1]
    if path == "/*" or first in TAKEN:
        raise ValueError(
            f"/{first}/ gehört zur heutigen Website; nennen Sie die alte Adresse ohne /en/"
        )
    return path


class Redirect(BaseModel):
    """One old address.

    Attributes:
        source: its path, `/ueber-ikm/`, or all paths below one, `/mitglieder/*`. Each language
            has it below its own path: `/en/ueber-ikm/`.
        to: the page of today as `/about/` or `/legal/contact.html`, with or without a label,
            `#…`. Each language leads to its own.
        lang: the language of a page of the former site whose address does not name it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Annotated[
        str,
        Field(alias="from"),
        matching(
            r"/([A-Za-z0-9_-][A-Za-z0-9._-]*/)*(\*|[A-Za-z0-9_-]+\.html)?",
            "muss ein Pfad sein, der auf / oder .html oder /* endet, ohne Rechnernamen und „?…“",
        ),
        AfterValidator(_free),
    ]
    to: Annotated[
        str,
        matching(
            r"/([a-z0-9-]+/)*([a-z0-9-]+\.html)?(#[a-z0-9-]+)?",
            "muss eine heutige deutsche Seite sein, etwa /about/ oder /legal/contact.html",
        ),
    ]
    lang: Literal[*(entry.code for entry in LANGUAGES)] | None = None  # type: ignore[valid-type]
    _line: int = PrivateAttr(0)

    @property
    def catch_all(self) -> bool:
        """Whether this stands for all paths below one."""
        return self.source.endswith("*")

    @property
    def file(self) -> str | None:
        """The file that a server without rules serves at the old path, if it can."""
        return None if self.catch_all or self.source == self.to else _file(self.source)

    @property
    def page(self) -> str:
        """The file of the new page, relative to the site of a language."""
        return _file(self.to)

    def href(self, code: str) -> str:
        """The new page relative to the root; with `index.html`, so that a folder opens it too."""
        mark, label = self.to.partition("#")[1:]
        return language(code).path + self.page + mark + label


def _file(path: str) -> str:
    plain = path.partition("#")[0].removeprefix("/")
    return plain + "index.html" if plain == "" or plain.endswith("/") else plain


def load(root: Path) -> tuple[Redirect, ...]:
    """The redirects of the project in the order of the file.

    Raises:
        ProblemsError: the file is missing or wrong, or an address stands twice.
    """
    name = FILE.as_posix()
    source = parse_yaml(read_text(root / FILE, name), name)
    found: tuple[Redirect, ...] = ()
    if source.data:
        found = validate(tuple[Redirect, ...], source, name)
    lines: dict[str, int] = {}
    for number, redirect in enumerate(found):
        redirect._line = source.line([number])
        first = lines.setdefault(redirect.source, redirect._line)
        if first != redirect._line:
            wrong = f"{redirect.source} steht schon in Zeile {first}"
            advice = "lassen Sie eine davon stehen"
            raise ProblemsError([Problem(name, redirect._line, wrong, advice)])
    return found


def here(redirects: Iterable[Redirect], code: str) -> Iterator[tuple[str, Redirect, str]]:
    """The redirect pages of a language's build: file, redirect, language of the new page."""
    for entry in redirects:
        if entry.file is not None and (entry.lang is None or code == SOURCE.code):
            yield entry.file, entry, entry.lang or code


def problems(redirects: Iterable[Redirect], pages: Collection[str]) -> Iterator[Problem]:
    """What is wrong with the list beside the pages of the site, given by their files."""
    for entry in redirects:
        if entry.page not in pages:
            wrong = f"{entry.to}: eine solche Seite gibt es nicht"
            yield Problem(FILE.as_posix(), entry._line, wrong, "nennen Sie eine Seite von heute")
        if entry.file in pages:
            wrong = f"{entry.source} ist die Adresse einer Seite von heute"
            yield Problem(FILE.as_posix(), entry._line, wrong, "löschen Sie diese Zeile")
