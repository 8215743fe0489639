# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The words of templates, Python, Sphinx and Furo (gettext domain `sphinx`).

Sphinx compiles and loads `locales/<code>/LC_MESSAGES/sphinx.po` itself when a build begins. This
extension compiles it a moment before, without what would harm a page or stop its template.
"""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import polib
from babel.messages.extract import extract
from babel.messages.plurals import get_plural
from sphinx.builders.gettext import MessageCatalogBuilder, MsgOrigin
from sphinx.util import logging

from ikm_site import message_catalogues
from ikm_site.message_catalogues import INTERFACE
from ikm_site.message_check import word_harm

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

logger = logging.getLogger(__name__)


def compile_words(root: Path, code: str) -> list[tuple[str, str]]:
    """Write `sphinx.mo` from what is finished and harmless in `sphinx.po`.

    Returns:
        What is not harmless, each with its place.
    """
    source = message_catalogues.path(root, code, INTERFACE)
    compiled = source.with_suffix(".mo")
    if not source.is_file():
        compiled.unlink(missing_ok=True)
        return []
    name = source.relative_to(root).as_posix()
    script = message_catalogues.script(code)
    words, catalogue, found = polib.POFile(), polib.POFile(), []
    try:
        catalogue = message_catalogues.load(source)
    except ValueError as error:
        line, _, problem = str(error).partition(": ")
        found.append((f"{name}:{line}", problem))
    plural = get_plural(code).plural_forms
    words.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": plural}
    for entry in catalogue:
        if not entry.translated() or entry in words:
            continue
        forms = [(entry.msgid, entry.msgstr)] if entry.msgstr else []
        forms += [(entry.msgid_plural, text) for text in entry.msgstr_plural.values()]
        problems = [problem for form in forms for problem in word_harm(*form, script)]
        found += [(f"{name}:{entry.linenum}", problem) for problem in problems]
        if not problems:
            words.append(entry)
    data = words.to_binary()
    if not compiled.is_file() or compiled.read_bytes() != data:
        new = compiled.with_suffix(f".{os.getpid()}.mo")
        new.write_bytes(data)
        new.replace(compiled)
    else:
        # Sphinx compiles it again if it is older than its source.
        os.utime(compiled)
    return found


def _extract(app: Sphinx) -> None:
    """Give gettext the words of our Python code, `_("…")`; Sphinx looks into templates only."""
    if isinstance(app.builder, MessageCatalogBuilder):
        for file in sorted((Path(app.srcdir) / "ikm_site").rglob("*.py")):
            name = file.relative_to(app.srcdir).as_posix()
            with file.open("rb") as code:
                for line, message, *_ in extract("python", code, keywords={"_": None}):
                    app.builder.catalogs[INTERFACE].add(str(message), MsgOrigin(name, line))


def _name(found: list[tuple[str, str]], _app: Sphinx) -> None:
    for place, problem in found:
        logger.warning("%s", problem, location=place, type="translation")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Compile the words before Sphinx loads them: it does so right after the extensions."""
    found = compile_words(Path(app.srcdir), app.config.language)
    app.connect("builder-inited", partial(_name, found))
    app.connect("builder-inited", _extract)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
