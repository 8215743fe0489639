# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""What is wrong with a catalogue as a file, and the way out by `# noqa`."""

from __future__ import annotations

from pathlib import Path

import pytest

from ikm_site.catalogues.check import check, check_all, main
from tests.catalogues.corpus import catalogue, write

GOOD = catalogue([("Über uns", "About us"), ("Kontakt", "Contact")])


def found(path: Path) -> list[tuple[str, int]]:
    """Rule and line of each finding."""
    return [(f.problem.rule, f.line) for f in check(path) if f.problem.rule != "normal-form"]


def test_a_good_file_has_no_finding(tmp_path: Path) -> None:
    assert found(write(tmp_path, "good", GOOD)) == []


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("charset=utf-8", "charset=utf-7", "header"),
        ("charset=utf-8", "charset=latin-1", "header"),
        ("Language: en", "Language: fr", "header"),
        ('"Language: en\\n"\n', "", "header"),
        ("8bit", "base64", "header"),
        ("plural=(n != 1)", "plural=0", "header"),
        ("nplurals=2", "nplurals=3", "header"),
        ('msgid ""\nmsgstr ""\n', '#, fuzzy\nmsgid ""\nmsgstr ""\n', "header"),
        ('msgid "Kontakt"', 'msgctxt "x"\nmsgid "Kontakt"', "context"),
        ('msgid "Kontakt"', 'msgid "Über uns"', "duplicate"),
        ('msgid "Kontakt"', 'msgid "Kontakt', "syntax"),
        ('msgstr "Contact"', "msgstr Contact", "syntax"),
        ('msgstr "Contact"', 'nonsense "Contact"', "syntax"),
        ('msgstr "Contact"', "", "syntax"),
        ('msgstr "Contact"', 'msgstr "Con"tact"', "syntax"),
        ('msgid "Kontakt"', 'msgid "Kontakt"\nmsgid_plural "Kontakte"', "context"),
        ('msgstr "Contact"', 'msgstr "Contact"\n\n#~ msgid "x"\n#~ msgstr "y"', "obsolete"),
        ('msgid "Kontakt"', '# a \u202e b\nmsgid "Kontakt"', "characters"),
        ('msgid "Kontakt"', 'msgid "Kon<b>takt"', "html"),
        ('msgid "Kontakt"', 'msgid "[Kontakt](javascript:x)"', "scheme"),
    ],
)
def test_a_damaged_file_is_named(tmp_path: Path, old: str, new: str, rule: str) -> None:
    assert old in GOOD
    rules = [name for name, _ in found(write(tmp_path, "bad", GOOD.replace(old, new)))]
    assert rule in rules


@pytest.mark.parametrize("codec", ["utf-16", "latin-1", "utf-8-sig"])
def test_other_encodings_are_named(tmp_path: Path, codec: str) -> None:
    path = write(tmp_path, "bad", "")
    path.write_bytes(GOOD.encode(codec))
    assert ("encoding", 1) in found(path) or any(rule == "encoding" for rule, _ in found(path))


def test_the_line_is_the_one_to_edit(tmp_path: Path) -> None:
    path = write(tmp_path, "bad", GOOD.replace("Contact", "<b>Contact</b>"))
    line = path.read_text(encoding="utf-8").splitlines().index('msgstr "<b>Contact</b>"') + 1
    assert ("html", line) in found(path)


def noqa(tmp_path: Path, comment: str, pair: tuple[str, str]) -> list[str]:
    path = write(tmp_path, "noqa", catalogue([pair], comments=f"# {comment}\n"))
    return [rule for rule, _ in found(path)]


def test_a_reasoned_exception_is_accepted(tmp_path: Path) -> None:
    pair = ("Im Jahr 1995", "In that year")
    assert noqa(tmp_path, "noqa: number the year is in the heading", pair) == []


def test_an_exception_needs_a_reason(tmp_path: Path) -> None:
    pair = ("Im Jahr 1995", "In that year")
    assert set(noqa(tmp_path, "noqa: number", pair)) == {"noqa", "number"}


@pytest.mark.parametrize("comment", ["noqa", "noqa: all because I say so", "noqa: html it is bold"])
def test_safety_has_no_exceptions(tmp_path: Path, comment: str) -> None:
    assert {"noqa", "html"} <= set(noqa(tmp_path, comment, ("Text", "<b>Text</b>")))


def test_an_exception_covers_only_its_rule(tmp_path: Path) -> None:
    pair = ("Im Jahr 1995", "In that  year")
    assert noqa(tmp_path, "noqa: number the year is in the heading", pair) == ["space"]


def test_an_idle_exception_is_a_hint(tmp_path: Path) -> None:
    rules = noqa(tmp_path, "noqa: number no longer needed", ("Text", "Text"))
    assert rules == ["unused-noqa"]


def test_a_guess_is_a_hint_but_never_dangerous(tmp_path: Path) -> None:
    text = catalogue([("Im Jahr 1995", "In <b>1996</b>")], comments="#, fuzzy\n")
    rules = [rule for rule, _ in found(write(tmp_path, "fuzzy", text))]
    assert "fuzzy" in rules
    assert "html" in rules
    assert "number" not in rules


def test_interface_words_are_plain_text(tmp_path: Path) -> None:
    text = catalogue([("1. Seite von %(total)s", "1. Page of %(total)s")])
    assert found(write(tmp_path, "sphinx", text)) == []
    text = catalogue([("Seite von %(total)s", "Page of %(sum)s")])
    assert {rule for rule, _ in found(write(tmp_path, "sphinx", text))} == {"placeholder"}
    text = catalogue([("Seite", "<b>Page</b> [x](y)")])
    assert {"html", "markup"} <= {rule for rule, _ in found(write(tmp_path, "data", text))}


def test_german_interface_words_follow_german_rules(tmp_path: Path) -> None:
    text = catalogue([("Found “%s” on page 1,234", "„%s“ auf Seite 1.234 gefunden")], language="de")
    assert found(write(tmp_path, "sphinx", text, language="de")) == []
    text = catalogue([("Found", "“Gefunden”")], language="de")
    assert {r for r, _ in found(write(tmp_path, "sphinx", text, language="de"))} == {"quotes"}


def test_french_has_its_own_quotes(tmp_path: Path) -> None:
    pair = ("Die „Region“ hat 1.234,5 km².", "La « région » a 1 234,5 km².")
    text = catalogue([pair], language="fr")
    assert found(write(tmp_path, "page", text, language="fr")) == []


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = write(tmp_path, "good", GOOD)
    bad = write(tmp_path, "bad", GOOD.replace("Contact", ""))
    assert main([str(good)]) == 1
    assert "normal-form" in capsys.readouterr().out
    assert main(["--tidy", str(good), str(bad)]) == 0
    assert main([str(good), str(bad)]) == 0
    assert main(["--complete", str(bad)]) == 1
    assert "missing" in capsys.readouterr().out
    assert main([str(tmp_path / "none.po")]) == 2


def test_only_catalogues_lie_in_locales(tmp_path: Path) -> None:
    write(tmp_path, "good", GOOD)
    locales = tmp_path / "locales"
    (locales / "glossary.csv").write_text("german,english,note\n")
    (locales / "de" / "LC_MESSAGES").mkdir(parents=True)
    (locales / "de" / "LC_MESSAGES" / "sphinx.js").write_text("")
    assert check_all(locales, form=False) == []
    (locales / "en" / "LC_MESSAGES" / "sphinx.js").write_text("alert(1)")
    (locales / "en" / "LC_MESSAGES" / "evil.html").write_text("<script>")
    (locales / "en" / "LC_MESSAGES" / "link.po").symlink_to(locales / "glossary.csv")
    found = {(f.path.name, f.problem.rule) for f in check_all(locales, form=False)}
    assert {("sphinx.js", "file"), ("evil.html", "file"), ("link.po", "file")} <= found


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = write(tmp_path, "huge", GOOD + "# x\n" * 1_100_000)
    assert found(path) == [("file", 1)]


def test_a_text_that_the_page_does_not_have_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "about/page", GOOD)
    assert "obsolete" not in dict(found(path))
    page = tmp_path / "about" / "page.md"
    page.parent.mkdir()
    page.write_text("# Über uns\n")
    template = tmp_path / "_build" / "gettext" / "about" / "page.pot"
    template.parent.mkdir(parents=True)
    template.write_text('msgid "Über uns"\nmsgstr ""\n', encoding="utf-8")
    line = path.read_text("utf-8").splitlines().index('msgid "Kontakt"') + 1
    assert found(path) == [("obsolete", line)]


@pytest.mark.parametrize("text", ["fÃ¼r", "MÃ¼nchen â€“ Region", "Â§ 2"])
def test_misread_letters_are_named(tmp_path: Path, text: str) -> None:
    assert "characters" in dict(found(write(tmp_path, "bad", catalogue([("für § 2", text)]))))
