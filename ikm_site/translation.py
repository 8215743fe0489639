"""Marks on text in another language than its page, and the note where a translation has gaps."""

from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from ikm_site import message_catalogues
from ikm_site.domain import domain, records
from ikm_site.languages import SOURCE
from ikm_site.records import Translatable, is_untranslated


class MarkLanguages(SphinxTransform):
    """Mark text in another language than its page (WCAG 3.1.2): the class becomes `lang`."""

    # Behind Sphinx's own transform (950) that reads the same flags.
    default_priority = 951

    def apply(self, **_kwargs: Any) -> None:
        """Mark text without translation (sphinx-doc/sphinx#13841) and titles of English papers."""
        if self.config.language != SOURCE.code:
            for node in self.document.findall(nodes.Element):
                if node.get("translated") is False and not isinstance(
                    node, (nodes.image, addnodes.toctree, nodes.meta, nodes.Invisible)
                ):
                    node["classes"].append(f"language-{SOURCE.code}")
                    self.env.metadata[self.env.docname]["untranslated"] = True
        for title in list(self.document.findall(nodes.title))[:1]:
            self._mark_title(title)

    def _mark_title(self, title: nodes.title) -> None:
        """Mark the title of a page, and keep it for other pages: that of a paper is its own."""
        exact = getattr(records(self.env).get(self.env.docname), "title_lang", SOURCE.code)
        shown = self.config.language if title.get("translated") else exact
        lang = None if shown == self.config.language else shown
        title["classes"] = [f"language-{lang}"] if lang else []
        domain(self.env).data["titles"][self.env.docname] = Translatable(title.astext(), lang)


def _context(
    app: Sphinx,
    pagename: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Tell the frame whether parts of a page are shown in the source language."""
    code = app.config.language
    if code == SOURCE.code or doctree is None:
        return
    words = message_catalogues.read(app.srcdir, code, message_catalogues.INTERFACE)
    context["incomplete"] = (
        "untranslated" in app.env.metadata[pagename]
        or is_untranslated(records(app.env)[pagename])
        or words is None
        or not words.complete
    )


def setup(app: Sphinx) -> dict[str, bool]:
    """Register marks and note with Sphinx."""
    app.add_transform(MarkLanguages)
    app.connect("html-page-context", _context)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
