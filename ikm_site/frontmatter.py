"""Read, check and translate the front matter of the pages.

The front matter is taken out of the source before MyST sees it: it is checked against
its record, its words become messages of the page's catalogue, and the record in the
language of the build is kept in the domain for templates and lists.
"""

import re

from sphinx.application import Sphinx
from sphinx.builders.gettext import MessageCatalogBuilder, MsgOrigin
from sphinx.environment import BuildEnvironment

from ikm_site.domain import records
from ikm_site.message_catalogues import Catalogue, page_catalogue
from ikm_site.problems import Problem, ProblemsError, end_build, read_text, read_yaml
from ikm_site.records import RECORDS, Dated, Page, texts


def split(source: str, name: str) -> tuple[str, str]:
    """Front matter and body of a page; both keep their line numbers.

    Raises:
        ProblemsError: the front matter does not end.
    """
    before, *parts = re.split(r"(?m)^---[ \t]*\n", source, maxsplit=2)
    if before.strip() or not parts:
        return "", source
    if len(parts) == 1:
        wrong = "die Angaben am Anfang beginnen mit ---, enden aber nicht"
        raise ProblemsError([Problem(name, 1, wrong, "setzen Sie dahinter eine Zeile ---")])
    head, body = f"{before}\n{parts[0]}", parts[1]
    return head, "\n" * (head.count("\n") + 1) + body


def read_record(docname: str, source: str, catalogue: Catalogue | None = None) -> Page:
    """The record of a page; its folder tells which one that is.

    Words for which the catalogue has no translation say that they are still German.

    Raises:
        ProblemsError: the front matter is not valid.
    """
    name, (folder, _, rest) = f"{docname}.md", docname.partition("/")
    model = Page if rest in ("", "index") else RECORDS.get(folder, Page)
    return read_yaml(model, split(source, name)[0], name, catalogue)


def field_problem(
    env: BuildEnvironment, docname: str, field: str, wrong: str, advice: str = ""
) -> Problem:
    """A problem of a field of the front matter, with its line."""
    name = f"{docname}.md"
    lines = read_text(env.doc2path(docname), name).splitlines()
    line = next((at for at, text in enumerate(lines, 1) if text.startswith(f"{field}:")), 1)
    return Problem(name, line, f"Feld „{field}“: {wrong}", advice)


def _read(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Read the front matter of all pages before one of them is read.

    So one mistake does not lead to others elsewhere that only confuse.
    """
    problems: list[Problem] = []
    if (root := app.config.root_doc) not in env.found_docs:
        advice = f"holen Sie sie zurück: git checkout HEAD {root}.md"
        problems.append(Problem(f"{root}.md", 0, "die Startseite fehlt", advice))
    for docname in docnames:
        try:
            source = read_text(env.doc2path(docname), f"{docname}.md")
            records(env)[docname] = read_record(docname, source, page_catalogue(env, docname))
        except ProblemsError as error:
            problems += error.problems
    end_build(problems)


def _source_read(app: Sphinx, docname: str, source: list[str]) -> None:
    """Take the front matter out of the page. News and statements stand in lists, in no toctree."""
    source[0] = split(source[0], docname)[1]
    record = records(app.env)[docname]
    if record.orphan or isinstance(record, Dated):
        app.env.metadata[docname]["orphan"] = True


def _extract(app: Sphinx, env: BuildEnvironment) -> None:
    """Give gettext the words of the front matter, before those of the text."""
    if isinstance(app.builder, MessageCatalogBuilder):
        for docname, record in sorted(records(env).items()):
            for place, text in texts(record):
                # `theme/ikm/message.pot.jinja` shows translators the field.
                app.builder.catalogs[docname].add(text.source, MsgOrigin(place[1:], 1))


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the reading of front matter with Sphinx."""
    app.connect("env-before-read-docs", _read)
    app.connect("source-read", _source_read)
    app.connect("env-updated", _extract)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
