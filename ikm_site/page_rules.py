# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The rules for pages, checked where a page is read (CONTRIBUTING.md tells the office).

What breaks one of them is named with its line, and the build ends after all pages have been
read: nothing of it reaches a reader or a translator.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils.parsers.rst import directives
from markdown_it.tree import SyntaxTreeNode
from myst_parser.mdit_to_docutils.base import token_line
from sphinx.util.nodes import split_explicit_title

from ikm_site import attachments
from ikm_site.domain import domain, untranslated
from ikm_site.languages import SOURCE
from ikm_site.myst_translation import Renderer
from ikm_site.problems import Problem, ProblemsError, stops_the_build

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

#: Directives of Sphinx, MyST and docutils that a page may use beside those of this project.
DIRECTIVES = frozenset({"class", "note", "toctree"})
ROLES = frozenset({"abbr", "doc", "download", "ref", "sub", "sup"})
_MONTHS = "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"


class StrictRenderer(Renderer):
    """Renders a page and notes what breaks a rule."""

    def refuse(self, token: SyntaxTreeNode, wrong: str, advice: str) -> None:
        """Note a problem at the line of a token."""
        env: Any = self.document.settings.env
        name = env.doc2path(env.docname, base=False)
        found = Problem(str(name), self._line(token), wrong, advice)
        domain(env).data["problems"].setdefault(env.docname, []).append(found)

    @staticmethod
    def _line(token: SyntaxTreeNode) -> int:
        node: SyntaxTreeNode | None = token
        while node is not None and not node.is_root:
            if line := token_line(node, 0):
                return line
            node = node.parent
        return 1

    def render_heading(self, token: SyntaxTreeNode) -> None:
        """One `#` a page, and first; below it no level is left out."""
        level = int(token.tag[1])
        before = self.document.get("ikm_level", 0)
        if level == 1 and before:
            self.refuse(token, "eine zweite Überschrift mit #", "nehmen Sie ##")
        elif level > before + 1:
            wrong = f"{'#' * level} folgt auf {'#' * before or 'den Anfang der Seite'}"
            self.refuse(token, wrong, f"nehmen Sie {'#' * (before + 1)}")
        self.document["ikm_level"] = level
        env: Any = self.document.settings.env
        words = token.children[0].meta if token.children else {}
        if level == 1 and not words.get("translated") and env.docname in untranslated(env):
            untranslated(env)[env.docname].add("title")
        super().render_heading(token)

    def render_html_block(self, token: SyntaxTreeNode) -> None:
        """No HTML."""
        self._html(token)

    def render_html_inline(self, token: SyntaxTreeNode) -> None:
        """No HTML."""
        self._html(token)

    def _html(self, token: SyntaxTreeNode) -> None:
        shown = token.content.strip().splitlines()[0][:60]
        advice = "schreiben Sie es ohne"
        if shown.startswith("<!--"):
            advice = "ein Kommentar, der nicht veröffentlicht wird, beginnt mit %"
        self.refuse(token, f"HTML in der Seite: {shown}", advice)

    def render_hardbreak(self, token: SyntaxTreeNode) -> None:
        """No line break within a paragraph, which translators cannot keep."""
        advice = "löschen Sie \\ oder Leerzeichen am Zeilenende; nehmen Sie Absätze oder eine Liste"
        self.refuse(token, "ein erzwungener Zeilenumbruch", advice)

    def render_image(self, token: SyntaxTreeNode) -> None:
        """No picture without its rights."""
        advice = "nehmen Sie ```{photo} mit alt, caption, source und rights (CONTRIBUTING.md)"
        self.refuse(token, f"ein Bild ohne Angaben: {token.attrs.get('src')}", advice)

    def render_text(self, token: SyntaxTreeNode) -> None:
        """Quotation marks of the language; those of a translation are for `make check`."""
        env: Any = self.document.settings.env
        if '"' in token.content and env.config.language == SOURCE.code:
            shown = token.content[max(0, token.content.index('"') - 15) :][:40]
            self.refuse(token, f"gerade Anführungszeichen: …{shown}…", "schreiben Sie „…“")
        super().render_text(token)

    def render_ordered_list(self, token: SyntaxTreeNode) -> None:
        """A date at the beginning of a line is no list."""
        number = int(token.attrs.get("start", 1))
        for item in token.children:
            text = item.children[0].children[0].content if item.children[0].children else ""
            if re.match(rf"({_MONTHS})\b|\d{{4}}\b", text):
                wrong = f"„{number}. {text[:30]}…“ am Zeilenanfang wird zum Punkt einer Liste"
                self.refuse(item, wrong, f"schreiben Sie {number}\\. oder stellen Sie den Satz um")
            number += 1
        super().render_ordered_list(token)

    def render_link(self, token: SyntaxTreeNode) -> None:
        """Links lead to pages from the root, to labels, or to the outside by their address."""
        env: Any = self.document.settings.env
        href = str(token.attrs.get("href", ""))
        page, _, label = href.partition("#")
        if label and not page.startswith("http"):
            domain(env).data["labels"].setdefault(env.docname, []).append(
                (self._line(token), label)
            )
        if page.startswith("/") and page.endswith(".md"):
            if page[1:-3] not in env.found_docs:
                guess = get_close_matches(page[1:-3], env.found_docs, n=1)
                advice = f"meinen Sie /{guess[0]}.md?" if guess else "prüfen Sie den Namen"
                self.refuse(token, f"eine Seite {page} gibt es nicht", advice)
                return
        elif page and not re.match(r"https?://|mailto:", page):
            advice = "schreiben Sie /ordner/seite.md, #marke oder https://…"
            self.refuse(token, f"Verweis auf {href}", advice)
            return
        super().render_link(token)

    def render_directive(
        self,
        token: SyntaxTreeNode,
        name: str,
        arguments: str,
        *,
        additional_options: dict[str, str] | None = None,
    ) -> None:
        """Only what this project brings along, and a few more."""
        found, _ = directives.directive(name, self.language_module_rst, self.document)
        ours = found is not None and found.__module__.startswith("ikm_site.")
        if not ours and name not in DIRECTIVES:
            self.refuse(token, f"{{{name}}} gibt es auf dieser Website nicht", _LOOK)
            return
        super().render_directive(token, name, arguments, additional_options=additional_options)

    def render_myst_role(self, token: SyntaxTreeNode) -> None:
        """Only a few roles, and files of this project to download."""
        name = token.meta["name"]
        if name not in ROLES:
            self.refuse(token, f"{{{name}}} gibt es auf dieser Website nicht", _LOOK)
            return
        if name == "download":
            target = split_explicit_title(token.content)[2]
            env: Any = self.document.settings.env
            if reason := attachments.problem(Path(env.srcdir), env.relfn2path(target)[0]):
                self.refuse(token, f"{target} lässt sich nicht zum Herunterladen anbieten", reason)
                return
        super().render_myst_role(token)

    def finish(self) -> None:
        """Look at the page as a whole."""
        if not self.document.get("ikm_level"):
            self.refuse(
                SyntaxTreeNode(), "die Seite hat keine Überschrift",
                "beginnen Sie ihren Text mit # und ihrem Titel",
            )  # fmt: skip
        for name, reference in self.md_env.get("references", {}).items():
            line = int(reference["map"][0]) + 1
            env: Any = self.document.settings.env
            path = str(env.doc2path(env.docname, base=False))
            found = Problem(
                path, line, f"ein Verweis wird getrennt vom Text beschrieben: [{name.lower()}]: …",
                "schreiben Sie ihn an seine Stelle: [Text](/ordner/seite.md)",
            )  # fmt: skip
            domain(env).data["problems"].setdefault(env.docname, []).append(found)


_LOOK = "welche Bausteine es gibt, steht in CONTRIBUTING.md"


@stops_the_build
def _report(_app: Sphinx, env: BuildEnvironment) -> None:
    """End the build with what all pages have noted."""
    data = domain(env).data
    found = [problem for problems in data["problems"].values() for problem in problems]
    known = {*env.domains.standard_domain.anonlabels, *env.domains.standard_domain.labels}
    for docname, labels in data["labels"].items():
        name = str(env.doc2path(docname, base=False))
        for line, label in labels:
            if label not in known:
                guess = get_close_matches(label, known, n=1)
                advice = f"meinen Sie #{guess[0]}?" if guess else "setzen Sie davor (marke)="
                found.append(Problem(name, line, f"eine Marke #{label} gibt es nicht", advice))
    if found:
        raise ProblemsError(found)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the report with Sphinx; the parser takes the renderer."""
    app.connect("env-updated", _report, priority=100)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
