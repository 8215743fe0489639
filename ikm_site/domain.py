"""What pages know of each other: the Sphinx domain `ikm`.

Sphinx stores the domain with its environment, forgets a page that is gone or read again, and
merges what parallel processes have read.
"""

from collections.abc import Set
from itertools import chain
from pathlib import Path
from typing import Any, ClassVar, cast

from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment

from ikm_site import message_catalogues
from ikm_site.problems import Problem, end_build
from ikm_site.records import Dated, Page, Translatable, is_untranslated


class SiteDomain(Domain):
    """What is known of each page.

    - `records`: the front matter in the language of the build (`ikm_site.frontmatter`);
    - `titles`: the title in the language of the build, as plain text (`ikm_site.myst_translation`);
    - `problems`: what breaks a rule for pages (`ikm_site.page_rules`);
    - `labels`: links to labels, as line and label;
    - `lists`: whether it shows news or statements.

    `shown` is what pages showed of each other in the build before.
    """

    name = "ikm"
    data_version = 6
    #: Collected while a page is read; `records` is filled before.
    per_page = ("titles", "problems", "labels", "lists")
    initial_data: ClassVar[dict[str, Any]] = {name: {} for name in (*per_page, "records", "shown")}

    def clear_doc(self, docname: str) -> None:
        """Forget a page that is gone or will be read again."""
        is_gone = docname not in self.env.found_docs
        for name in (*self.per_page, "records") if is_gone else self.per_page:
            self.data[name].pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over what another process has read."""
        for name in self.per_page:
            other = otherdata[name]
            self.data[name].update((page, other[page]) for page in docnames if page in other)


def domain(env: BuildEnvironment) -> SiteDomain:
    """The domain of this build."""
    return cast("SiteDomain", env.domains[SiteDomain.name])


def records(env: BuildEnvironment) -> dict[str, Page]:
    """The record of each page that has been read, in the language of the build."""
    return cast("dict[str, Page]", domain(env).data["records"])


def title(env: BuildEnvironment, docname: str) -> Translatable:
    """The page's title in the language of the build, as plain text with its language."""
    return cast("Translatable", domain(env).data["titles"].get(docname) or Translatable(docname))


def note_problem(env: BuildEnvironment, line: int, wrong: str, advice: str) -> None:
    """Note a mistake on the page that is read; all of them are named after reading."""
    found = Problem(f"{env.docname}.md", line, wrong, advice)
    domain(env).data["problems"].setdefault(env.docname, []).append(found)


def _check(app: Sphinx, env: BuildEnvironment) -> None:
    """End the build with the mistakes that pages and the checks of other modules have noted."""
    noted = (*domain(env).data["problems"].values(), *app.emit("ikm-check", env))
    end_build(chain.from_iterable(noted))


def _times(root: Path, *patterns: str) -> list[tuple[str, int]]:
    """When files of the project were changed."""
    files = sorted(file for pattern in patterns for file in root.glob(pattern) if file.is_file())
    return [(str(file), file.stat().st_mtime_ns) for file in files]


def _write_again(_app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Pages that show what has changed elsewhere: news and statements stand only in lists."""
    data = domain(env).data
    shown = {}
    for page, record in records(env).items():
        name, below = title(env, page), env.toctree_includes.get(page)
        shown[page] = record, is_untranslated(record), name, name.lang, below
    before, data["shown"] = data["shown"], shown
    known = before | shown
    changed = [page for page in known if before.get(page) != shown.get(page)]
    if all(isinstance(known[page][0], Dated) for page in changed):
        return sorted(data["lists"]) if changed else []
    return sorted(env.found_docs)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the domain with Sphinx."""
    app.add_domain(SiteDomain)
    root, words = Path(app.confdir), f"locales/{app.config.language}/LC_MESSAGES/"
    shown = ["data/**/*", "locales/glossary.csv"]
    shown += [f"{words}{name}.po" for name in message_catalogues.FRAME]
    # In `make live` the style sheet has one name for good.
    shown += [] if "live" in app.config.html_context else ["theme/ikm/static/site.css"]
    # Sphinx reads or writes all pages again when these differ from the build before.
    app.add_config_value("read_with", _times(root, "ikm_site/**/*.py"), "env")
    app.add_config_value("written_with", _times(root, *shown), "html")
    app.add_event("ikm-check")
    # Before anything is made of what the pages say.
    app.connect("env-updated", _check, priority=100)
    app.connect("env-updated", _write_again)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
