"""Templates that are all our own: how Jinja writes them, and blocks, which pages hold.

A writer puts an empty directive into a page; the template `theme/ikm/blocks/<name>.html`
writes it when the page is written, when all records are known. The words stand in the
template, where gettext finds them. What a template can ask for are the functions that
extensions give to all templates.

https://www.sphinx-doc.org/en/master/development/html_themes/templating.html
"""

import operator
import re
from collections.abc import Callable, Iterable
from functools import cache, partial
from pathlib import Path
from typing import Any, ClassVar
from zlib import crc32

from docutils import nodes
from docutils.parsers.rst import directives
from jinja2 import Environment, FileSystemBytecodeCache, select_autoescape
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.jinja2glue import BuiltinTemplateLoader
from sphinx.theming import Theme
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from ikm_site.domain import records
from ikm_site.languages import LANGUAGES, SOURCE, language
from ikm_site.message_catalogues import INTERFACE, read

#: Second parts of the compounds in titles, and the length from which a word may be broken there.
_PARTS = re.compile(
    "(?<=[a-zäöüß]{4})(?=(?:regionen|konferenz|entwicklung|minister|verhältniss|stellungnahm|papier|"
    "produkt|wirtschaft|schöpfung|haushalt|gewerb|einkommen|quote|dichte|tätig|losen|alter|"
    "übernacht|gästen|ordnung|bericht|politik|tagung|beteilig|vernetz|transformation|sprache)"
    "[a-zäöüß]*)"
)
_LONG = re.compile(r"\w{17,}")


def soft(text: str) -> str:
    """The text with soft hyphens in long German compounds: not every browser finds the joints."""
    return _LONG.sub(lambda word: _PARTS.sub("\u00ad", word[0]), text)


def lang(words: str) -> str:
    """The attribute of words in another language than that of the page; some are German in any."""
    code = getattr(words, "lang", None)
    return Markup(' lang="{}"').format(code) if code else ""


class Templates(BuiltinTemplateLoader):
    """Sphinx's loader without the sandbox, which is for templates of strangers.

    Our templates escape what they are given: titles, descriptions and sources are plain text,
    also where a translation of them says `<script>` or `"`.
    """

    def init(
        self, builder: Builder, theme: Theme | None = None, dirs: list[str] | None = None
    ) -> None:
        """Make the environment; files are read once, as a build does not change them."""
        super().init(builder, theme, dirs)
        sphinx: Any = self.environment.globals["gettext"]
        catalogue = read(builder.env, builder.config.language, INTERFACE)
        # What does harm stays German: a compiled catalogue may have it, too.
        words = {text: catalogue.text(text) or text for text in catalogue.words}
        current = language(builder.config.language)
        pictures = Path(builder.confdir) / "theme/ikm/static/preview"
        # What this module says of escaping is part of compiled templates.
        compiled = f"{crc32(Path(__file__).read_bytes()):08x}-%s.jinja"
        self.environment = Environment(  # type: ignore[assignment]
            loader=self,
            extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
            autoescape=select_autoescape(("html", "xml", "svg")),
            auto_reload=False,
            bytecode_cache=FileSystemBytecodeCache(str(builder.doctreedir), compiled),
        )
        # The words of our catalogue without those that do harm, then Sphinx's own.
        self.environment.globals["gettext"] = lambda text: words.get(text) or sphinx(text)
        self.environment.globals |= {
            "_": self.environment.globals["gettext"],
            "lang": lang,
            "languages": LANGUAGES,
            "language": current.code,
            "site_language": current,
            # The attribute of words that are German in any language; on German pages it is empty.
            "german": "" if current is SOURCE else Markup(' lang="de"'),
            # The way from the home page of the language to that of the site.
            "site_root": "../" * current.path.count("/"),
            "site_url": builder.config.site_url,
            "author": builder.config.author,
            "preview_pictures": {
                file.name.partition(".")[0]: f"{entry.path}_static/preview/{file.name}"
                for entry in (SOURCE, current)
                for file in pictures.glob(f"*.{entry.code}.png")
            },
        }
        # Soft hyphens are for German; dates are in the page's language.
        self.environment.filters |= {
            "soft": soft if current is SOURCE else str,
            "day": cache(lambda date, until=None: date.text(current.locale, until)),
        }
        self.environment.tests["contains"] = operator.contains
        # `tojson` writes structured data: letters stay letters, properties in their order.
        self.environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}


def add_functions(app: Sphinx, **functions: Callable[..., Any]) -> None:
    """Let all templates call these functions, which are given the application first."""

    def provide(app: Sphinx) -> None:
        if app.builder.format == "html":
            known = app.builder.templates.environment.globals
            known.update({name: partial(function, app) for name, function in functions.items()})

    app.connect("builder-inited", provide)


def after_pages(
    app: Sphinx, file: str, files: Callable[[Sphinx], Iterable[tuple[str, bytes]]]
) -> None:
    """Write files beside the finished pages: path and content of each.

    `make live` shows pages: if `file` is one of these files, it writes them again only when
    `data/` has changed. Of a folder it writes them always.
    """

    def finish(app: Sphinx, exception: Exception | None) -> None:
        if exception or app.builder.format != "html":
            return
        written, data = Path(app.outdir, file), Path(app.srcdir, "data")
        if "live" in app.config.html_context and written.is_file():
            since = written.stat().st_mtime
            if not any(entry.stat().st_mtime > since for entry in data.rglob("*")):
                return
        for path, content in files(app):
            target = Path(app.outdir, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)

    # Behind everything that writes pages (500).
    app.connect("build-finished", finish, priority=900)


class block(nodes.General, nodes.Element):  # noqa: N801
    """The place of a block; `name` and perhaps `argument` and `options` say what goes there."""


class TemplateDirective(SphinxDirective):
    """Puts the block of the same name into the page."""

    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {"limit": directives.positive_int}

    def run(self) -> list[nodes.Node]:
        """Return the place of the block."""
        argument = self.arguments[0].strip() if self.arguments else ""
        return [block(name=self.name, argument=argument, options=self.options)]


def _visit(self: HTML5Translator, node: block) -> None:
    app, docname = self.builder.app, self.builder.current_docname
    context: dict[str, Any] = {
        "docname": docname,
        "argument": node.get("argument", ""),
        "options": node.get("options", {}),
        "record": records(app.env).get(docname),
        "content_root": "../" * app.builder.get_target_uri(docname).count("/"),
        "pathto": partial(app.builder.get_relative_uri, docname),
    }
    html = app.builder.templates.render(f"blocks/{node['name']}.html", context).strip()
    self.body.append(f"{html}\n" if html else "")
    raise nodes.SkipNode


def _skip(_self: object, _node: nodes.Node) -> None:
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Register blocks with Sphinx."""
    app.add_node(block, html=(_visit, None), text=(_skip, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
