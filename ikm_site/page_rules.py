"""The rules for pages, checked where a page is read (CONTRIBUTING.md tells the office).

What breaks one of them is named with its line, and the build ends after all pages have been
read: nothing of it reaches a reader or a translator.
"""

import re
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from typing import Any

from docutils import nodes, parsers
from docutils.parsers.rst import directives
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from myst_parser.mdit_to_docutils.base import token_line
from myst_parser.parsers.mdit import create_md_parser
from myst_parser.parsers.sphinx_ import MystParser
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import split_explicit_title

from ikm_site import attachments
from ikm_site.domain import domain, note_problem
from ikm_site.languages import SOURCE
from ikm_site.message_catalogues import page_catalogue
from ikm_site.myst_translation import Renderer, translate
from ikm_site.problems import Problem, guess
from ikm_site.records import SLUG

#: Directives of Sphinx, MyST and docutils that a page may use beside those of this project.
DIRECTIVES = frozenset({"class", "note", "toctree"})
ROLES = frozenset({"abbr", "doc", "download", "ref", "sub", "sup"})
_MONTHS = "|".join(SOURCE.locale.months["format"]["wide"].values())
#: What may stand before the heading: labels and classes are about it.
_UNSEEN = (nodes.comment, nodes.pending, nodes.target)
_LOOK = "welche Bausteine es gibt, steht in CONTRIBUTING.md"


class StrictRenderer(Renderer):
    """Renders a page and notes what breaks a rule."""

    def refuse(self, token: SyntaxTreeNode, wrong: str, advice: str) -> None:
        """Note a problem at the line of a token."""
        note_problem(self.sphinx_env, token_line(token, 1), wrong, advice)

    def render_heading(self, token: SyntaxTreeNode) -> None:
        """One `#` a page, and first; below it no level is left out."""
        level = int(token.tag[1])
        before = self.document.get("ikm_level", 0)
        text = self.document.first_child_not_matching_class(_UNSEEN)
        if not token.children[0].content:
            self.refuse(token, "eine Überschrift ohne Worte", "ergänzen oder löschen Sie sie")
        elif not before and text is not None:
            self.refuse(token, "Text vor der Überschrift mit #", "stellen Sie ihn dahinter")
        elif level == 1 and before:
            self.refuse(token, "eine zweite Überschrift mit #", "nehmen Sie ##")
        elif level > before + 1:
            wrong = f"{'#' * level} folgt auf {'#' * before or 'den Anfang der Seite'}"
            self.refuse(token, wrong, f"nehmen Sie {'#' * (before + 1)}")
        self.document["ikm_level"] = level
        super().render_heading(token)

    def render_myst_target(self, token: SyntaxTreeNode) -> None:
        """Labels are part of addresses: each is linked to as it is written."""
        if not re.fullmatch(SLUG, token.content):
            wrong = f"die Marke ({token.content})= wird zu einem Teil der Adresse"
            self.refuse(token, wrong, "nehmen Sie nur Kleinbuchstaben a bis z, Ziffern, -")
        super().render_myst_target(token)

    def render_html_block(self, token: SyntaxTreeNode) -> None:
        """No HTML."""
        shown = token.content.strip().splitlines()[0][:60]
        advice = "schreiben Sie es ohne"
        if shown.startswith("<!--"):
            advice = "ein Kommentar, der nicht veröffentlicht wird, beginnt mit %"
        self.refuse(token, f"HTML in der Seite: {shown}", advice)

    render_html_inline = render_html_block

    def render_myst_line_comment(self, token: SyntaxTreeNode) -> None:
        """Notes of the office, behind %, are not published."""

    def render_hardbreak(self, token: SyntaxTreeNode) -> None:
        """No line break within a paragraph, which translators cannot keep."""
        advice = "löschen Sie \\ oder Leerzeichen am Zeilenende; nehmen Sie Absätze oder eine Liste"
        self.refuse(token, "ein erzwungener Zeilenumbruch", advice)

    def render_image(self, token: SyntaxTreeNode) -> None:
        """No picture without its rights."""
        advice = "nennen Sie es im Kopf unter photos, mit alt, caption, source und rights"
        self.refuse(token, f"ein Bild ohne Angaben: {token.attrs.get('src')}", advice)

    def render_text(self, token: SyntaxTreeNode) -> None:
        """Quotation marks of the language; those of a translation are for `make check`."""
        if '"' in token.content and self.sphinx_env.config.language == SOURCE.code:
            shown = token.content[max(0, token.content.index('"') - 15) :][:40]
            self.refuse(token, f"gerade Anführungszeichen: …{shown}…", "schreiben Sie „…“")
        super().render_text(token)

    def render_ordered_list(self, token: SyntaxTreeNode) -> None:
        """A date at the beginning of a line is no list."""
        for number, item in enumerate(token.children, int(token.attrs.get("start", 1))):
            first = item.children[0] if item.children else item
            text = first.children[0].content if first.children else ""
            if re.match(rf"({_MONTHS})\b|\d{{4}}\b", text):
                wrong = f"„{number}. {text[:30]}…“ am Zeilenanfang wird zum Punkt einer Liste"
                self.refuse(item, wrong, f"schreiben Sie {number}\\. oder stellen Sie den Satz um")
        super().render_ordered_list(token)

    def render_link(self, token: SyntaxTreeNode) -> None:
        """Links lead to pages from the root, to labels, or to the outside by their address."""
        href = str(token.attrs.get("href", ""))
        page, _, label = href.partition("#")
        if label and not page.startswith("http"):
            labels = domain(self.sphinx_env).data["labels"]
            labels.setdefault(self.sphinx_env.docname, []).append((token_line(token, 1), label))
        own, known = re.fullmatch(r"/(.*)\.md", page), self.sphinx_env.found_docs
        if own and own[1] not in known:
            advice = guess(own[1], known, "/{}.md", "prüfen Sie den Namen")
            self.refuse(token, f"eine Seite {page} gibt es nicht", advice)
        elif page and not own and not re.match(r"https?://|mailto:", page):
            advice = "schreiben Sie /ordner/seite.md, #marke oder https://…"
            self.refuse(token, f"Verweis auf {href}", advice)
        else:
            super().render_link(token)

    def render_directive(
        self, token: SyntaxTreeNode, name: str, arguments: str, **options: Any
    ) -> None:
        """Only what this project brings along, and a few more."""
        found, _ = directives.directive(name, self.language_module_rst, self.document)
        ours = found is not None and found.__module__.startswith("ikm_site.")
        if not ours and name.lower() not in DIRECTIVES:
            self.refuse(token, f"{{{name}}} gibt es auf dieser Website nicht", _LOOK)
        else:
            super().render_directive(token, name.lower(), arguments, **options)

    def render_restructuredtext(self, token: SyntaxTreeNode) -> None:
        """No other markup, at which these rules do not look."""
        self.refuse(token, "{eval-rst} gibt es auf dieser Website nicht", _LOOK)

    def render_myst_role(self, token: SyntaxTreeNode) -> None:
        """Only a few roles, and files of this project to download."""
        name, target = token.meta["name"], split_explicit_title(token.content)[2]
        if name not in ROLES:
            self.refuse(token, f"{{{name}}} gibt es auf dieser Website nicht", _LOOK)
            return
        if name == "download":
            path = self.sphinx_env.relfn2path(target)[0]
            if reason := attachments.refusal(self.sphinx_env.srcdir, path):
                self.refuse(token, f"{target} lässt sich nicht zum Herunterladen anbieten", reason)
                return
        super().render_myst_role(token)

    def render(self, *arguments: Any) -> nodes.document:
        """Render a page, then look at it as a whole."""
        document = super().render(*arguments)
        if not self.document.get("ikm_level"):
            advice = "beginnen Sie ihren Text mit # und ihrem Titel"
            note_problem(self.sphinx_env, 1, "die Seite hat keine Überschrift", advice)
        for name, reference in self.md_env.get("references", {}).items():
            wrong = f"ein Verweis wird getrennt vom Text beschrieben: [{name.lower()}]: …"
            advice = "schreiben Sie ihn an seine Stelle: [Text](/ordner/seite.md)"
            note_problem(self.sphinx_env, int(reference["map"][0]) + 1, wrong, advice)
        return document


@cache
def _markdown(env: BuildEnvironment) -> MarkdownIt:
    """The reader of Markdown, which is the same for all pages of a build."""
    markdown = create_md_parser(env.myst_config, StrictRenderer)  # type: ignore[attr-defined]
    markdown.core.ruler.after("block", "translate", translate)
    markdown.disable("wordcount")
    return markdown


class Parser(MystParser):
    """MyST that translates each page from its catalogue and applies these rules."""

    # Sphinx reads the options anew for each page; those of reStructuredText mean nothing here.
    settings_spec = parsers.Parser.settings_spec

    def parse(self, inputstring: str, document: nodes.document) -> None:
        """Parse a page; the front matter has been taken out before (`ikm_site.frontmatter`)."""
        env: Any = document.settings.env
        # No page can show another file of the machine that builds it, or write HTML.
        document.settings.file_insertion_enabled = False
        document.settings.raw_enabled = False
        parser = _markdown(env)
        parser.options["document"] = document
        parser.options["catalogue"] = catalogue = page_catalogue(env, env.docname)
        if catalogue and catalogue.file:
            # The page is read again when its catalogue changes or goes.
            env.note_dependency(env.srcdir / catalogue.file)
        parser.render(inputstring)


def _check(_app: Sphinx, env: BuildEnvironment) -> Iterator[Problem]:
    """Toctrees must not lead in a circle, and links must lead to labels."""
    try:
        TopologicalSorter(env.toctree_includes).prepare()
    except CycleError as error:
        pages = error.args[1]
        wrong = f"{{toctree}} führt im Kreis: {', '.join(pages)}"
        yield Problem(f"{min(pages)}.md", 1, wrong, "nehmen Sie eine dieser Seiten heraus")
    known = env.domains.standard_domain.anonlabels
    for docname, labels in domain(env).data["labels"].items():
        for line, label in labels:
            if label not in known:
                advice = guess(label, known, "#{}", "setzen Sie davor (marke)=")
                wrong = f"eine Marke #{label} gibt es nicht"
                yield Problem(f"{docname}.md", line, wrong, advice)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register parser and checks with Sphinx; the parser in the place of MyST's."""
    app.add_source_parser(Parser, override=True)
    app.connect("ikm-check", _check)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
