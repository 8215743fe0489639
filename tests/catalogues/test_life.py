# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""What happens to translations when pages are moved, deleted and rewritten, or a language comes."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo

from ikm_site.catalogues import files
from ikm_site.catalogues.move import MoveError, move, plan, redirected, relink
from tests.conftest import build, page, run


def update(project: Path) -> str:
    result = run([sys.executable, "-X", "utf8", "-m", "ikm_site.catalogues.update"], project)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def translations(project: Path, domain: str, code: str = "en") -> dict[str, str]:
    path = files.path(code, domain, project / "locales")
    return {str(m.id): str(m.string) for m in files.messages(files.read(path, code))}


def translate(project: Path, domain: str, words: dict[str, str], code: str = "en") -> None:
    path = files.path(code, domain, project / "locales")
    catalogue = files.read(path, code)
    for message in catalogue:
        if message.id in words:
            message.string = words[str(message.id)]
    files.write(path, catalogue)


def test_moving_deleting_and_rewriting(small: Path) -> None:
    update(small)
    translate(small, "about/one", {"Eins": "One", "Der erste Satz.": "The first sentence.",
                                   "Siehe [Zwei](/about/two.md).": "See [Two](/about/two.md)."})  # fmt: skip
    translate(small, "about/two", {"Zwei": "Two", "Der zweite Satz.": "The second sentence."})
    assert "up to date" in update(small)

    # A page gets another name: its translations and the links to it go along.
    result = run(
        [sys.executable, "-m", "ikm_site.catalogues.move", "about/two.md", "about/second.md"], small
    )
    assert result.returncode == 0, result.stderr
    assert not (small / "about/two.md").exists()
    assert "\nabout/second\n" in (small / "index.md").read_text("utf-8")
    assert "up to date" in update(small)
    assert translations(small, "about/second")["Zwei"] == "Two"
    assert (
        translations(small, "about/one")["Siehe [Zwei](/about/second.md)."]
        == "See [Two](/about/second.md)."
    )

    # A sentence goes to another page and brings its translation along.
    page(small, "about/one", "# Eins\n\nSiehe [Zwei](/about/second.md).\n")
    page(small, "about/second", "# Zwei\n\nDer zweite Satz.\n\nDer erste Satz.\n")
    update(small)
    assert translations(small, "about/second")["Der erste Satz."] == "The first sentence."
    assert "Der erste Satz." not in translations(small, "about/one")

    # A page that is deleted takes its catalogue with it.
    page(small, "about/one", "# Eins\n")
    (small / "about/second.md").unlink()
    page(small, "index", "# Start\n\n```{toctree}\n:hidden:\nabout/one\n```\n")
    files.path("en", "about/second", small / "locales").with_suffix(".mo").write_bytes(b"")
    assert "its page is gone" in update(small)
    assert not list((small / "locales/en/LC_MESSAGES/about").glob("second*"))


def test_the_former_text_stays_until_its_translation_is_put_right(small: Path) -> None:
    update(small)
    translate(small, "about/one", {"Der erste Satz.": "The first sentence."})
    page(small, "about/one", "# Eins\n\nDer allererste Satz.\n")
    update(small)
    catalogue = files.path("en", "about/one", small / "locales")
    assert '#| msgid "Der erste Satz."' in catalogue.read_text("utf-8")
    assert "up to date" in update(small)
    assert '#| msgid "Der erste Satz."' in catalogue.read_text("utf-8")


def test_a_third_language(small: Path) -> None:
    """One entry in the table and a folder of catalogues: what is missing is German and says so."""
    table = small / "ikm_site" / "languages.py"
    entry = """    Language(
        code="fr",
        name="Français",
        path="fr/",
        locale="fr_FR",
        title="Régions métropolitaines européennes en Allemagne (IKM)",
    ),
)

SOURCE"""
    text = table.read_text("utf-8")
    assert text.count(")\n\nSOURCE") == 1
    table.write_text(text.replace(")\n\nSOURCE", entry), encoding="utf-8")
    page(small, "about/translation", "# Übersetzung\n\n```{translation-progress}\n```\n")
    index = "# Start\n\n```{toctree}\n:hidden:\nabout/one\nabout/two\nabout/translation\n```\n"
    page(small, "index", index)
    update(small)
    translate(small, "about/one", {"Eins": "Un", "Der erste Satz.": "La première phrase."}, "fr")
    translate(small, "about/two", {"Eine Seite, die es nur für den Versuch gibt.": "Une page qui n’existe que pour l’essai.",
                                   "Zwei": "Deux", "Der zweite Satz.": "La deuxième phrase."}, "fr")  # fmt: skip
    target = small / "_build" / "html"
    result = build(target, small)
    assert result.returncode == 0, result.stdout + result.stderr
    one = (target / "fr/about/one.html").read_text("utf-8")
    assert '<html lang="fr"' in one or 'lang="fr"' in one.partition(">")[0] + one[:400]
    assert "La première phrase." in one
    assert 'lang="de">Siehe ' in one
    assert "translation-note" in one
    assert 'href="translation.html"' in one
    two = (target / "fr/about/two.html").read_text("utf-8")
    assert "La deuxième phrase." in two
    assert "translation-note" not in two
    german = (target / "about/one.html").read_text("utf-8")
    assert "Français" in german
    assert "translation-note" not in german
    progress = (target / "fr/about/translation.html").read_text("utf-8")
    assert "Français" in progress


LINKS = """Siehe [Alt](/about/old.md), [da](/about/old.md#label) und [neu](/about/older.md).

```{toctree}
:hidden:

old
Titel <old>
/about/old
older
```
"""


def test_links_are_set_right() -> None:
    text = relink(LINKS, "about/index", "about/old", "about/new")
    assert "[Alt](/about/new.md), [da](/about/new.md#label) und [neu](/about/older.md)" in text
    assert "\nnew\nTitel <new>\n/about/new\nolder\n" in text
    text = relink(LINKS, "about/index", "about/old", "legal/new")
    assert "\n/legal/new\nTitel </legal/new>\n/legal/new\nolder\n" in text
    text = relink(LINKS, "legal/index", "about/old", "about/new")
    assert "\nold\nTitel <old>\n/about/new\nolder\n" in text


def test_old_addresses_lead_to_the_new_page() -> None:
    text = (
        "# Adressen\n- {from: /alt/, to: /about/old.html}\n"
        '- {from: /alt2/, to: "/about/old.html#x"}\n- {from: /about/new.html, to: /about/}\n'
    )
    assert redirected(text, "about/old", "about/new").splitlines() == [
        "# Adressen",
        "- {from: /alt/, to: /about/new.html}",
        '- {from: /alt2/, to: "/about/new.html#x"}',
        "- {from: /about/old.html, to: /about/new.html}",
        "- {from: /en/about/old.html, to: /about/new.html, lang: en}",
    ]


def test_what_cannot_be_moved_stays(tmp_path: Path) -> None:
    (tmp_path / "about").mkdir()
    (tmp_path / "about/old.md").write_text("# Alt\n")
    (tmp_path / "about/new.md").write_text("# Neu\n")
    for old, new in (
        ("about/none", "about/x"), ("about/old", "about/new"), ("regions/hamburg", "regions/hh"),
    ):  # fmt: skip
        with pytest.raises(MoveError):
            plan(tmp_path, old, new)
    assert move(tmp_path, "about/old", "about/older") == ["about/old.md → about/older.md"]


def test_a_saved_translation_writes_only_what_shows_it(small: Path) -> None:
    """What `make live LANGUAGE=en` does after each save: fast, because it does little."""
    update(small)
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-D", "language=en",
               "-d", "_build/doctrees", "--no-color", ".", "_build/live"]  # fmt: skip

    def written() -> list[str]:
        for path in (small / "locales/en").rglob("*.po"):
            compiled = path.with_suffix(".mo")
            if not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime:
                with compiled.open("wb") as target:
                    write_mo(target, files.read(path, "en"))
        result = run(command, small)
        assert result.returncode == 0, result.stderr
        found = re.findall(r"writing output\.\.\. \[\s*\d+%\] (\S+)", result.stdout)
        return [name for name in found if not name.endswith(".mo")]

    assert "about/two" in written()
    written()  # takes over what Furo changes in the configuration while it is loaded
    translate(small, "about/one", {"Der erste Satz.": "The first sentence."})
    assert "about/two" not in written()
    text = (small / "_build/live/about/one.html").read_text("utf-8")
    assert "The first sentence." in text
    # A title is shown on other pages, too.
    translate(small, "about/one", {"Eins": "One"})
    written()
    assert "One" in (small / "_build/live/about/one.html").read_text("utf-8")
