"""The addresses of former pages and where they lead now: `data/redirects.yaml`.

A build writes a small page for each address that works on any server and without script
(`ikm_site.outputs`). Only a server's configuration can read the language switch `?lang=en` and
the catch-alls; it finds them in a map, which is written too.
"""

import fnmatch
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Annotated, Literal

from pydantic import Field
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from ikm_site.languages import LANGUAGES, TRANSLATIONS
from ikm_site.listings import listings
from ikm_site.problems import Problem, parse_yaml, read_text, read_yaml
from ikm_site.records import Record, matching

FILE = "data/redirects.yaml"
#: The map for the servers, in the folder of the built site.
MAP = ".redirects.map"

#: First folders that belong to the site of today: no redirect may cover them.
TAKEN = ("_static", "_images", "_downloads", "data", *(e.path.rstrip("/") for e in TRANSLATIONS))


class Redirect(Record):
    """One old address.

    Attributes:
        source: its path, `/ueber-ikm/`, or all paths below one, `/mitglieder/*`. Each language
            has it below its own path: `/en/ueber-ikm/`.
        to: the page of today as `/about/` or `/legal/contact.html`, with or without a label,
            `#…`. Each language leads to its own.
        lang: the language of a page of the former site whose address does not name it.
    """

    source: Annotated[
        str,
        Field(alias="from"),
        matching(
            r"/([A-Za-z0-9_-][A-Za-z0-9._-]*/)*([A-Za-z0-9_-]+\.html)?|/([A-Za-z0-9_-]+/)?\*",
            "muss ein Pfad sein, der auf / oder .html oder, hinter nur einem Ordner, auf /* endet, "
            "ohne Rechnernamen und „?…“",
        ),
        # A file of that name could not lie beside it.
        matching(
            r"(?!.*\.(html|ics|js|pdf|txt|xml)/).*",
            "hat einen Ordner mit dem Namen einer Datei, etwa x.html/",
        ),
        matching(
            rf"/(?!\*|({'|'.join(TAKEN)})/).*",
            "gehört zur heutigen Website; nennen Sie die alte Adresse ohne /en/",
        ),
    ]
    to: Annotated[
        str,
        matching(
            r"/([a-z0-9-]+/)*([a-z0-9-]+\.html)?(#[a-z0-9-]+)?",
            "muss eine heutige deutsche Seite sein, etwa /about/ oder /legal/contact.html",
        ),
    ]
    lang: Literal[*(entry.code for entry in LANGUAGES)] | None = None  # type: ignore[valid-type]

    @property
    def former(self) -> str | None:
        """The name of the former page, if a server without rules can serve one at its path."""
        is_page = not self.source.endswith("*") and self.source != self.to
        return _docname(self.source) if is_page else None

    @property
    def docname(self) -> str:
        """The page of today."""
        return _docname(self.to.partition("#")[0])


def _docname(path: str) -> str:
    name = path.removeprefix("/")
    return name.removesuffix(".html") if name.endswith(".html") else f"{name}index"


@cache
def load(app: Sphinx) -> tuple[Redirect, ...]:
    """The redirects of this build in the order of the file.

    Raises:
        ProblemsError: the file is missing or wrong.
    """
    return read_yaml(tuple[Redirect, ...], read_text(app.srcdir / FILE, FILE), FILE)


def check(app: Sphinx, env: BuildEnvironment) -> Iterator[Problem]:
    """Each old address must lead to a page of today, and none may be that of a page or double."""
    _, lines = parse_yaml(read_text(app.srcdir / FILE, FILE), FILE)
    pages = {*env.found_docs, *listings(app).years, "search"}
    known: dict[str, int] = {}
    for number, entry in enumerate(load(app)):
        if (first := known.setdefault(entry.former or entry.source, number)) != number:
            wrong = f"{entry.source} steht schon in Zeile {lines[first,]}"
            yield Problem(FILE, lines[number,], wrong, "lassen Sie eine davon stehen")
        if entry.docname not in pages:
            wrong = f"{entry.to}: eine solche Seite gibt es nicht"
            yield Problem(FILE, lines[number,], wrong, "nennen Sie eine Seite von heute")
        if hidden := fnmatch.filter(pages, entry.former or entry.source[1:]):
            wrong = f"{entry.source} ist die Adresse einer Seite von heute ({min(hidden)}.md)"
            yield Problem(FILE, lines[number,], wrong, "löschen Sie diese Zeile")


def server_rules(redirects: Iterable[Redirect]) -> dict[str, str]:
    """The old addresses and their pages of today, as the servers look them up.

    A key is the path without its last slash, or `/folder/*` for all paths below it; with
    `?lang=en` the code of the language stands before it (`en/ueber-ikm`).
    """
    rules: dict[str, str] = {}
    for entry in redirects:
        old = entry.source.rstrip("/")
        for language in LANGUAGES:
            target = f"/{language.path}{entry.to[1:]}"
            keys = [language.code + (old or "/")]
            if entry.lang in (None, language.code):
                keys.append(old if entry.lang else f"/{language.path}{old[1:]}".rstrip("/"))
            # The old home page is the home page of today: only its `?lang=en` leads away.
            rules |= {key: target for key in keys if target.rstrip("/") not in (key, old)}
    return rules
