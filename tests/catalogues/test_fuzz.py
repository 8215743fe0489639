# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""What passes the check is harmless: shown by rendering it as Sphinx does.

`make test` tries some hundred texts, `make fuzz` (IKM_FUZZ=1) many thousands.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from docutils import nodes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sphinx import addnodes
from sphinx.testing.util import SphinxTestApp
from sphinx.util.docutils import _parse_str_to_doctree

from ikm_site.catalogues.check import check
from ikm_site.catalogues.findings import SAFETY
from ikm_site.catalogues.markup import configuration
from ikm_site.catalogues.reading import read
from ikm_site.catalogues.rules import Pair, problems
from tests.catalogues.attacks import attacks
from tests.catalogues.corpus import catalogue, honest, write

FUZZ = settings(
    max_examples=30_000 if os.environ.get("IKM_FUZZ") else 300,
    deadline=None,
    derandomize=not os.environ.get("IKM_FUZZ"),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SphinxTestApp]:
    """Sphinx with MyST as the project configures it, ready to publish one message."""
    source = tmp_path_factory.mktemp("source")
    (source / "conf.py").write_text("extensions = ['myst_parser']\n")
    (source / "index.md").write_text("# Index\n")
    values = {f"myst_{name}": value for name, value in configuration().items()}
    made = SphinxTestApp(srcdir=source, confoverrides=values)
    made.build()
    yield made
    made.cleanup()


def document(app: SphinxTestApp, text: str) -> nodes.document:
    """The text as Sphinx reads it when it publishes a `msgstr`: as a page of its own."""
    app.env.prepare_settings("index")
    parser = app.registry.create_source_parser("markdown", config=app.config, env=app.env)
    return _parse_str_to_doctree(
        text,
        filename=Path(app.srcdir) / "index.md",
        default_settings=app.env.settings,
        env=app.env,
        parser=parser,
    )


def dangerous_parts(doctree: nodes.document) -> Counter[tuple[str, str]]:
    """Everything in a doctree that links, loads or is more than words."""
    found: Counter[tuple[str, str]] = Counter()
    harmless = (
        nodes.document, nodes.paragraph, nodes.Text, nodes.emphasis, nodes.strong, nodes.inline,
        nodes.superscript, nodes.subscript, nodes.abbreviation,
    )  # fmt: skip
    for node in doctree.findall():
        if isinstance(node, nodes.reference):
            found["reference", str(node.get("refuri") or node.get("refid") or "")] += 1
        elif isinstance(node, addnodes.pending_xref):
            found["xref", f"{node['reftype']} {node['reftarget']}"] += 1
        elif isinstance(node, nodes.literal):
            if not isinstance(node.parent, addnodes.pending_xref):
                found["literal", node.astext()] += 1
        elif not isinstance(node, harmless):
            uri = node.get("uri", "") if isinstance(node, nodes.Element) else ""
            found[type(node).__name__, str(uri)] += 1
    return found


def assert_harmless(app: SphinxTestApp, source: str, translation: str) -> None:
    """What the check lets pass is one paragraph with the parts of the original."""
    wrong = [p for p in problems(Pair(source, translation, "en", "de", False)) if p.rule in SAFETY]
    if wrong:
        return
    before, after = document(app, source), document(app, translation)
    assert isinstance(after[0], nodes.paragraph)
    # "51. Tagung" is a heading on its page and a list when it stands alone.
    alone = isinstance(before[0], nodes.paragraph)
    assert len(after.children) == 1 or (alone and len(before.children) > 1)
    assert dangerous_parts(after) == (dangerous_parts(before) if alone else Counter())
    assert not list(after.findall(nodes.raw))


PAIRS = honest()
#: Pieces of which hostile and harmless texts are made.
PIECES = st.sampled_from(
    sorted(
        {attack.translation for attack in attacks(honest(), each=1) if len(attack.translation) < 99}
        | set("<>[](){}`*_!#&;:\\|~^$%@=+-.\"'/ \n\t0aZ“”‘’„é\u200b\u202e")
        | {"](", "[x](", "https://", "evil.example", "javascript:", "<!--", "-->", "&#", "{ref}`",
           "$$", "::", "%(x)s", "[^1]", "~~~", "```", "](/regions/hamburg.md)", "<b", "/>"}
    )
)  # fmt: skip


@st.composite
def altered(draw: st.DrawFn) -> tuple[str, str]:
    """A pair whose translation was cut and stuffed with pieces."""
    source, text = draw(st.sampled_from(PAIRS))
    for _ in range(draw(st.integers(1, 4))):
        position = draw(st.integers(0, len(text)))
        cut = draw(st.integers(0, 3))
        text = (
            text[:position] + draw(st.one_of(PIECES, st.text(max_size=4))) + text[position + cut :]
        )
    return source, text


@FUZZ
@given(altered())
def test_altered_translations(app: SphinxTestApp, pair: tuple[str, str]) -> None:
    source, translation = pair
    if translation.strip() and translation.isprintable():
        assert_harmless(app, source, translation)


@FUZZ
@given(st.sampled_from(PAIRS), st.text(min_size=1, max_size=200))
def test_any_text(app: SphinxTestApp, pair: tuple[str, str], text: str) -> None:
    if text.strip():
        assert_harmless(app, pair[0], text)


@FUZZ
@given(st.sampled_from(PAIRS), st.lists(PIECES, min_size=1, max_size=8))
def test_texts_of_pieces(app: SphinxTestApp, pair: tuple[str, str], pieces: list[str]) -> None:
    if "".join(pieces).strip():
        assert_harmless(app, pair[0], "".join(pieces))


def test_honest_translations_are_shown(app: SphinxTestApp) -> None:
    for source, translation in honest():
        assert_harmless(app, source, translation)


@FUZZ
@given(st.lists(st.text(max_size=30), max_size=6))
def test_no_file_stops_the_check(tmp_path: Path, lines: list[str]) -> None:
    path = tmp_path / "any.po"
    path.write_text("\n".join(lines), encoding="utf-8", errors="replace", newline="")
    check(path)


@FUZZ
@given(st.binary(max_size=200))
def test_no_bytes_stop_the_check(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "any.po"
    path.write_bytes(catalogue(honest()[:2]).encode() + data)
    check(path)


@FUZZ
@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=60))
def test_what_is_read_is_what_was_written(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, "any", catalogue([("Quelle", text)]))
    file, _ = read(path)
    assert file is not None
    assert [entry.pairs for entry in file.entries] == [[("Quelle", text)]]
