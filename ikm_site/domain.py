# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""What pages know of each other: the Sphinx domain `ikm`.

Sphinx stores the domain with its environment, forgets a page that is gone or read again, and
merges what parallel processes have read.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Set
from pathlib import Path
from typing import Any, ClassVar, TypeVar, cast

from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import ExtensionMetadata

from ikm_site import message_catalogues
from ikm_site.problems import Problem
from ikm_site.records import Page, Region

T = TypeVar("T")


class SiteDomain(Domain):
    """The records of all pages, and which pages depend on them.

    The data, each by page:

    - `records`: the front matter in the language of the build;
    - `untranslated`: the places in the front matter that are still German;
    - `problems`: what breaks a rule for pages (`ikm_site.page_rules`);
    - `labels`: links to labels, as line and label;
    - `blocks`: pages with blocks, which show records of other pages or data;
    - `seen`: hashes of what pages showed of each other in the last build; not by page.
    """

    name = "ikm"
    label = "IKM"
    data_version = 2
    by_page = ("records", "untranslated", "problems", "labels", "blocks")
    initial_data: ClassVar[dict[str, Any]] = {name: {} for name in (*by_page, "seen")}

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        #: Values that `once_per_build` has computed; not stored.
        self.computed: dict[object, Any] = {}

    def clear_doc(self, docname: str) -> None:
        """Forget a page that is gone or will be read again."""
        for name in self.by_page:
            self.data[name].pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over what another process has read."""
        for name in self.by_page:
            other = otherdata[name]
            self.data[name].update((page, other[page]) for page in docnames if page in other)

    def has_changed(self, name: str, value: object) -> bool:
        """Whether a value differs from that of the build before; the new one is kept."""
        found = hashlib.sha256(repr(value).encode()).hexdigest()
        before = self.data["seen"].get(name)
        self.data["seen"][name] = found
        return bool(found != before)


def domain(env: BuildEnvironment) -> SiteDomain:
    """The domain of this build."""
    return cast("SiteDomain", env.domains[SiteDomain.name])


def records(env: BuildEnvironment) -> dict[str, Page]:
    """The record of each page that has been read, in the language of the build."""
    return cast("dict[str, Page]", domain(env).data["records"])


def untranslated(env: BuildEnvironment) -> dict[str, set[str]]:
    """For each page the places in its front matter that are still German."""
    return cast("dict[str, set[str]]", domain(env).data["untranslated"])


def note_problem(env: BuildEnvironment, line: int, wrong: str, advice: str) -> None:
    """Note a mistake on the page that is read; `ikm_site.page_rules` names all of them."""
    found = Problem(str(env.doc2path(env.docname, base=False)), line, wrong, advice)
    domain(env).data["problems"].setdefault(env.docname, []).append(found)


def once_per_build(compute: Callable[[Sphinx], T]) -> Callable[[Sphinx], T]:
    """Let a function compute its value at its first call in a build, and never store it.

    What needs the records or titles of pages must be asked for after all pages have been read.
    """

    @functools.wraps(compute)
    def value(app: Sphinx) -> T:
        computed = domain(app.env).computed
        if compute not in computed:
            computed[compute] = compute(app)
        return cast("T", computed[compute])

    return value


def _read_again(
    _app: Sphinx, env: BuildEnvironment, _added: set[str], _changed: set[str], _removed: set[str]
) -> list[str]:
    """All pages, if these extensions have changed."""
    code = [file.read_bytes() for file in sorted(Path(__file__).parent.rglob("*.py"))]
    return sorted(env.found_docs) if domain(env).has_changed("code", code) else []


def _write_again(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Say which pages show something of other pages or of the data that has changed."""
    # The name of the style sheet, which all pages load, depends on its content.
    style = Path(app.confdir) / "theme/ikm/static/site.css"
    navigation: list[object] = [style.read_bytes()]
    shown: list[object] = []
    for page in sorted(env.found_docs):
        record = records(env).get(page)
        title = env.titles[page].astext() if page in env.titles else ""
        short = record.short if isinstance(record, Region) else ""
        navigation.append((page, title, short, env.toctree_includes.get(page)))
        shown.append((page, title, sorted(untranslated(env).get(page, ())), record))
    root = Path(app.srcdir)
    words = message_catalogues.path(root, app.config.language, message_catalogues.DATA)
    for file in sorted([*(root / "data").rglob("*.*"), *words.parent.glob(words.name)]):
        shown.append((file.relative_to(root).as_posix(), file.stat().st_mtime_ns))
    again: set[str] = set()
    if domain(env).has_changed("navigation", navigation):
        again |= env.found_docs
    if domain(env).has_changed("blocks", shown):
        again |= domain(env).data["blocks"].keys() & env.found_docs
    return sorted(again)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the domain with Sphinx."""
    app.add_domain(SiteDomain)
    app.connect("env-get-outdated", _read_again)
    app.connect("env-updated", _write_again)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
