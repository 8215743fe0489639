"""Sphinx's HTML builders, without what this site does not need."""

import hashlib
import html
import re
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sphinx.application import Sphinx
from sphinx.builders.dirhtml import DirectoryHTMLBuilder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.config import Config
from sphinx.util.fileutil import copy_asset

from ikm_site.domain import title
from ikm_site.languages import language
from ikm_site.navigation import NOT_FOUND
from ikm_site.problems import Problem, ProblemsError

STYLE = "site.css"
#: Comments and spaces of a style sheet that no browser needs.
NEEDLESS = re.compile(r"\s*/\*.*?\*/\s*|;?\s*(?=})|\s+(?={)|(?<=[{};,:>])\s+", re.DOTALL)


class SiteBuilder(StandaloneHTMLBuilder):
    """One file a page, at the page's path: what readers get."""

    # Pages depend on .po files (`ikm_site.myst_translation`), not on compiled ones.
    use_message_catalog = False
    # The search has an index of its own (`ikm_site.search`).
    search = False

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        """The address of a page from another one; from the page for missing ones, its path."""
        if from_ == NOT_FOUND:
            return f"{urlsplit(self.config.html_baseurl).path}{self.get_target_uri(to, typ)}"
        return super().get_relative_uri(from_, to, typ)

    def get_doc_context(self, docname: str, body: str, metatags: str) -> dict[str, Any]:
        """What the frame needs of a page; it has its own navigation (`ikm_site.navigation`)."""
        return {
            "title": html.escape(title(self.env, docname)),
            "meta": self.env.metadata.get(docname),
            "body": body,
            "metatags": metatags,
            "sourcename": "",
            "toc": "",
        }

    def copy_theme_static_files(self, context: dict[str, Any]) -> None:  # noqa: ARG002
        """Copy the theme's own files; no page loads those of the themes that it inherits from.

        The style sheet carries the hash of its content in its name, so that browsers may keep
        it for good; not in `make live`, where pages need not be written again for it.
        """
        source = Path(self.theme.get_theme_dirs()[0]) / "static"
        own = f".{self.config.language}.png"

        def excluded(path: str) -> bool:
            other = "preview/" in path and not path.endswith(own)
            return other or Path(path).name == STYLE

        copy_asset(source, self._static_dir, excluded=excluded, force=True)
        content = NEEDLESS.sub("", (source / STYLE).read_text(encoding="utf-8")).encode()
        name = f"site.{hashlib.sha256(content).hexdigest()[:8]}.css"
        if "live" in self.config.html_context:
            name = STYLE
        (self._static_dir / name).write_bytes(content)
        self.templates.environment.globals["stylesheet"] = f"_static/{name}"

    def create_pygments_style_file(self) -> None:
        """Write no colours of code: there is none."""

    def copy_translation_js(self) -> None:
        """Copy no words for Sphinx's scripts."""


class SiteDirectoryBuilder(SiteBuilder, DirectoryHTMLBuilder):
    """One folder a page."""

    name = "dirhtml"


#: What these extensions have been made for; others would write half a site.
BUILDERS = ("html", "dirhtml", "text", "gettext", "dummy", "xml", "pseudoxml")


def _configure(_app: Sphinx, config: Config) -> None:
    """Set what depends on the language: Sphinx cannot translate these values."""
    current = language(config.language)
    config.html_title = current.title
    config.html_baseurl = config.site_url + current.path


def _check_builder(app: Sphinx) -> None:
    name = app.builder.name
    if name not in BUILDERS:
        advice = "make linkcheck" if name == "linkcheck" else f"one of: {', '.join(BUILDERS)}"
        wrong = f"the builder {name} cannot build this site"
        raise ProblemsError([Problem("sphinx-build", 0, wrong, f"use {advice}")])


def _remove_unused(app: Sphinx, exception: Exception | None) -> None:
    """Remove the colours of code that Furo writes, and Sphinx's folder for sources, if empty."""
    if exception is None and app.builder.format == "html":
        (Path(app.outdir) / "_static/pygments.css").unlink(missing_ok=True)
        with suppress(OSError):
            (Path(app.outdir) / "_sources").rmdir()


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the builders with Sphinx, in the place of its own."""
    app.add_config_value("site_url", "", "html", (str,))
    app.connect("config-inited", _configure)
    app.add_builder(SiteBuilder, override=True)
    app.add_builder(SiteDirectoryBuilder, override=True)
    app.connect("builder-inited", _check_builder, priority=0)
    # After Furo (500).
    app.connect("build-finished", _remove_unused, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
