# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The words of templates, Sphinx and Furo (gettext domain `sphinx`).

Sphinx loads `locales/<code>/LC_MESSAGES/sphinx.mo` right after conf.py, before any extension. So
conf.py calls `compile_words`: what would harm a page or stop its template is left out.
"""

import os
from contextlib import suppress
from pathlib import Path

import polib
from sphinx.application import Sphinx

from ikm_site import message_catalogues
from ikm_site.languages import LANGUAGES
from ikm_site.message_catalogues import INTERFACE, CatalogueError
from ikm_site.message_check import harm


def compile_words(root: Path) -> None:
    """Write `sphinx.mo` of each language from what is finished and harmless in `sphinx.po`."""
    for code in (language.code for language in LANGUAGES):
        source = message_catalogues.path(root, code, INTERFACE)
        compiled = polib.POFile()
        compiled.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
        # One that cannot be read is named in its language's build only.
        with suppress(CatalogueError):
            compiled += [
                entry for entry in message_catalogues.load(source, root)
                if entry.msgstr and not any(harm(entry.msgid, entry.msgstr, code, frame=True))
            ]  # fmt: skip
        if source.parent.is_dir():
            # Another build may read the file meanwhile.
            new = source.with_suffix(f".{os.getpid()}.mo")
            compiled.save_as_mofile(str(new))
            new.replace(source.with_suffix(".mo"))


def _name(app: Sphinx) -> None:
    """Name the words that are left out."""
    if catalogue := message_catalogues.read(app.srcdir, app.config.language, INTERFACE):
        catalogue.texts()


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect with Sphinx."""
    app.connect("builder-inited", _name)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
