# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Guards: what we replace or rely on in Furo and Sphinx is still what we have read.

When one fails after an update, read what changed upstream, follow it where it matters, and
set the new hash.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import furo
import pytest
import sphinx
from babel.messages.pofile import read_po
from jinja2 import Environment
from jinja2.ext import extract_from_ast

from tests.conftest import ROOT

FURO = Path(furo.__file__).parent
SPHINX = Path(sphinx.__file__).parent

#: Furo's templates: ours extend the first, and replace the others.
TEMPLATES = {
    "base.html": "c6b65a3fc4089f83",
    "page.html": "ad8bad98317b2e09",
    "search.html": "95755b01ed85cf27",
    "partials/_head_css_variables.html": "0a75ba610a57fa46",
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_furos_template_is_the_one_that_ours_was_written_for(name: str) -> None:
    content = (FURO / "theme" / "furo" / name).read_bytes()
    assert hashlib.sha256(content).hexdigest()[:16] == TEMPLATES[name], name


def test_our_variables_of_colour_and_type_are_furos() -> None:
    """A misspelt variable would be ignored without a word."""
    ours = set(
        re.findall(r"--(?:color|font-stack)[\w-]*", (ROOT / "_static/site.css").read_text("utf-8"))
    )
    css = (FURO / "theme/furo/static/styles/furo.css").read_text("utf-8")
    assert len(ours) > 10
    assert not {name for name in ours if name not in css}


def test_every_variable_is_defined() -> None:
    css = (ROOT / "_static/site.css").read_text("utf-8")
    defined = set(re.findall(r"(?m)(--[\w-]+):", css))
    assert set(re.findall(r"var\((--[\w-]+)", css)) <= defined


def _upstream_words() -> dict[str, str]:
    """The words of Furo's and Sphinx's HTML templates, with the file they are in."""
    environment = Environment(extensions=["jinja2.ext.i18n"])
    found = {}
    names = [FURO / "theme" / "furo" / name for name in ("base.html", "page.html", "search.html")]
    names += [
        SPHINX / "themes" / "basic" / name
        for name in (
            "layout.html",
            "search.html",
            "searchbox.html",
            "relations.html",
            "localtoc.html",
            "globaltoc.html",
        )
    ]
    for file in names:
        template = environment.parse(file.read_text("utf-8"))
        for _line, _function, words in extract_from_ast(template):
            if isinstance(words, str) and "Furo" not in words:
                found[words] = file.name
    writer = (SPHINX / "writers" / "html5.py").read_text("utf-8")
    found |= dict.fromkeys(re.findall(r"_\(\s*'(Link to [^']+)'", writer), "html5.py")
    labels = (SPHINX / "locale" / "__init__.py").read_text("utf-8")
    found |= dict.fromkeys(re.findall(r"'\w+': _\('([^']+)'\)", labels), "locale")
    return found


def test_every_interface_word_of_furo_and_sphinx_has_a_german_one() -> None:
    with (ROOT / "locales/de/LC_MESSAGES/sphinx.po").open("rb") as file:
        german = {message.id for message in read_po(file) if message.string and not message.fuzzy}
    assert len(_upstream_words()) > 40
    missing = {words: file for words, file in _upstream_words().items() if words not in german}
    assert not missing
