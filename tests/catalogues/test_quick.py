# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""A catalogue in the project's form is read as Babel reads it."""

from __future__ import annotations

import gettext
import io
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ikm_site.catalogues import files, quick, reading
from tests.catalogues.attacks import attacks
from tests.catalogues.corpus import catalogue, honest, variants, write
from tests.conftest import ROOT

CATALOGUES = sorted((ROOT / files.LOCALES).rglob("*.po"))


def slowly(path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """What Babel reads, with its findings."""
    with monkeypatch.context() as patch:
        patch.setattr(quick, "read", lambda _text: None)
        return reading.read(path)


def same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert reading.read(path) == slowly(path, monkeypatch)


def test_the_catalogues_of_the_site_are_read_as_babel_reads_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read = [path for path in CATALOGUES if quick.read(path.read_text("utf-8")) is not None]
    assert len(read) > 0.9 * len(CATALOGUES)
    for path in read:
        same(path, monkeypatch)


def test_honest_and_hostile_catalogues_are_read_as_babel_reads_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs = [*honest(), *variants(), *((a.source, a.translation) for a in attacks(honest(), 1))]
    for number in range(0, len(pairs), 40):
        once = dict(pairs[number : number + 40])
        same(write(tmp_path, f"part-{number}", catalogue(once.items())), monkeypatch)


#: Lines of which catalogues consist, and lines that do not belong there.
_LINES = (
    'msgid "a"', 'msgstr "b"', 'msgid ""', 'msgstr ""', '"Language: en\\n"', '"c"', "", "#", "# d",
    "#. e", "#, fuzzy", "#, fuzzy, f", "#: g:1", "#| msgid \"h\"", '#~ msgid "i"', 'msgctxt "j"',
    'msgid_plural "k"', 'msgstr[0] "l"', 'msgid "m\\n\\"n\\"\\\\"', 'msgstr "\\q"', 'msgstr "o', " ",
    'msgstr "\u00a0p\u2028"', "#\u200b", 'msgid "r" ', "\ufeff",
)  # fmt: skip


@settings(max_examples=1000)
@given(st.lists(st.sampled_from(_LINES), max_size=12).map("\n".join))
@example('msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n')
@example('#, fuzzy\nmsgid "a"\nmsgstr "b"')
def test_whatever_stands_in_a_file_is_read_as_babel_reads_it(
    tmp_path_factory: pytest.TempPathFactory, body: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "x.po"
    for head in ("", 'msgid ""\nmsgstr ""\n"Language: en\\n"\n\n'):
        path.write_text(head + body, encoding="utf-8", newline="")
        with pytest.MonkeyPatch.context() as patch:
            same(path, patch)
        path.write_text(head + body + "\n", encoding="utf-8", newline="")
        with pytest.MonkeyPatch.context() as patch:
            same(path, patch)


def test_what_is_compiled_is_what_babel_compiles() -> None:
    for path in CATALOGUES:
        code = path.relative_to(ROOT / files.LOCALES).parts[0]
        fast, slow = io.BytesIO(), io.BytesIO()
        quickly = files._quickly(path, code)
        if quickly is None:
            continue
        write_mo(fast, quickly)  # type: ignore[arg-type]
        write_mo(slow, files.read(path, code))
        fast.seek(0)
        slow.seek(0)
        ours, theirs = gettext.GNUTranslations(fast), gettext.GNUTranslations(slow)
        header = {"": ""}
        assert vars(ours)["_catalog"] | header == vars(theirs)["_catalog"] | header, path
        for number in range(30):
            assert vars(ours)["plural"](number) == vars(theirs)["plural"](number)


def test_a_fuzzy_and_an_empty_message_are_not_compiled(tmp_path: Path) -> None:
    text = catalogue([("Guess", "Rate"), ("Nothing", ""), ("Sure", "Sicher")])
    path = write(tmp_path, "x", text.replace('msgid "Guess"', '#, fuzzy\nmsgid "Guess"'))
    assert files.compile_one(path, "en") is None
    with path.with_suffix(".mo").open("rb") as file:
        found = gettext.GNUTranslations(file)
    assert [found.gettext(word) for word in ("Guess", "Nothing", "Sure")] == [
        "Guess",
        "Nothing",
        "Sicher",
    ]
