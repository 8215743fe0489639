"""What `make update-po` does to translations when pages change, move, go, or a language comes."""

import shutil
from pathlib import Path

from tests.catalogues.conftest import Project
from tests.conftest import ROOT, start


def snapshot(project: Project) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in sorted((project.root / "locales").rglob("*.po"))}


def test_a_sentence_changes_moves_and_goes(small: Project) -> None:
    stray = small.po("about/one (1)")
    shutil.copy2(small.po(), stray)
    for name in (".#one.po", ".one.po.swp", "one.po~", "#one.po#"):
        small.po().with_name(name).write_text("an editor’s", encoding="utf-8")
    start(small.root, ["about/one", "about/three"], "Der zweite Satz.\n")
    small.page("about/one", "# Eins", "Der allererste Satz.", "Siehe [Start](/index.md).")
    small.page("about/three", "# Drei")
    (small.root / "about/two.md").unlink()
    said = small.update()

    # A changed sentence is a guess, with the former one beside it.
    assert (
        '#, fuzzy\n#| msgid "Der erste Satz."\nmsgid "Der allererste Satz."\nmsgstr "The first'
        in (small.po().read_text("utf-8"))
    )
    # One that has moved brings its translation along, one that is gone is counted.
    assert small.words("index")["Der zweite Satz."] == "The second sentence."
    assert "translations of texts that are gone were dropped" in said
    assert "#~" not in small.po("about/three").read_text("utf-8")
    # A page's catalogue goes with it if git has it; others are named and stay.
    assert "about/two.po: removed, its page is gone" in said
    assert not small.po("about/two").exists()
    assert "about/one (1).po: belongs to no page" in said
    assert stray.exists()

    before = snapshot(small)
    assert "about/one (1).po: belongs to no page" in small.update()
    assert snapshot(small) == before
    found = small.check()
    assert len(found) == 2
    assert "one.po:21: “Der allererste Satz.” is fuzzy" in found[0]
    assert "about/one (1).po:1: belongs to no page" in found[1]
    # Readers see the German sentence, marked, and the note; nothing stops the build.
    assert small.build() == ""
    assert 'lang="de">Der allererste Satz.' in small.html()
    assert "translation-note" in small.html()
    assert "translation-note" not in small.html("index")


def test_no_finished_translation_is_lost(small: Project) -> None:
    """Doubled, obsolete and foreign forms of entries, as programs and merges leave them."""
    one, two = (small.po(f"about/{name}") for name in ("one", "two"))
    text = one.read_text("utf-8")
    entry = 'msgid "Eins"\nmsgstr "One"\n'
    one.write_text(
        text.replace(entry, f'#, fuzzy\nmsgid "Eins"\nmsgstr "Once"\n\n{entry}')
        .replace('msgid "Der erste Satz."\nmsgstr "The first sentence."\n',
                 'msgid "Der erste Satz."\nmsgstr ""\n')
        + '\n#, fuzzy\n#~| msgid "Ein alter Satz."\n#~ msgid "Ein neuer Satz."\n#~ msgstr "New."\n'
        + '\n#~ msgid "Der erste Satz."\n#~ msgstr "The first sentence."\n',
        encoding="utf-8",
    )  # fmt: skip
    two.write_text("\ufeff" + two.read_text("utf-8").replace("\n", "\r\n"), "utf-8", newline="")
    assert "All are up to date." not in small.update()
    assert one.read_text("utf-8") == text
    assert b"\r" not in two.read_bytes()


def test_a_broken_catalogue_is_named_and_nothing_is_written(small: Project) -> None:
    text = small.po("about/two").read_text("utf-8")
    broken = {
        "index": (text.replace('"Two"', '"Two').encode(), "index.po:19: "),
        "about/one": (text.replace("msgstr", "mgstr", 2).encode(), "one.po:5: "),
        "about/two": (text.replace("Two", "Zwö").encode("latin-1"), "two.po:2: is not UTF-8"),
        "about/three": (text.encode("utf-16"), "three.po:1: is not UTF-8"),
        "about/six": (text.replace("msgstr ", "msgstr[0 ", 1).encode(), "six.po:5: 'msgstr[0 "),
        "data": (f'{text}\nmsgid "Zwei"\nmsgstr "2"\n'.encode(), "data.po:24: line 18 translates"),
    }
    for name, (content, _place) in broken.items():
        small.po(name).write_bytes(content)
    wanted = snapshot(small)
    found = "\n".join(small.check(*(f"locales/en/LC_MESSAGES/{name}.po" for name in broken)))
    assert all(place in found for _content, place in broken.values()), found
    result = small.tool("update_po")
    assert result.returncode == 1
    assert "one.po:5: " in result.stderr
    assert "Traceback" not in result.stderr
    assert snapshot(small) == wanted


def test_a_third_language(small: Project) -> None:
    """One entry in the table: what is missing is German, and says so."""
    (small.root / "ikm_site").unlink()
    shutil.copytree(ROOT / "ikm_site", small.root / "ikm_site")
    table = small.root / "ikm_site/languages.py"
    entry = """\
    Language("fr", "Français", "fr/", Locale("fr", "FR"), "Régions métropolitaines (IKM)"),
)

SOURCE"""
    text = table.read_text("utf-8")
    assert text.count(")\n\nSOURCE") == 1
    table.write_text(text.replace(")\n\nSOURCE", entry), "utf-8")
    # Its terms have no French yet.
    shutil.copy(ROOT / "locales/glossary.csv", small.root / "locales")
    small.update()
    small.translate("about/one", "fr", Eins="Un", Der="La première phrase.")
    assert small.build("fr") == ""
    html = small.html("about/one", "fr")
    assert "La première phrase." in html
    assert 'lang="de">Siehe ' in html
    assert "translation-note" in html
