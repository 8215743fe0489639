"""Programs of the trade may save a catalogue: it is read as it is, and comes back to our form."""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polib
from translate.storage.factory import getobject

from tests.catalogues.conftest import Project
from tests.conftest import needs, run, sphinx, start


def gettext(path: Path, program: str, *arguments: str) -> None:
    result = run([needs(program, "gettext"), *arguments, "-o", path, path])
    assert result.returncode == 0, result.stderr


def poedit(path: Path) -> None:
    """As Poedit 3 saves: wrapped at 79, with its own header fields, on Windows."""
    catalogue = polib.pofile(str(path), wrapwidth=79)
    catalogue.metadata |= {"PO-Revision-Date": "", "X-Generator": "Poedit 3.5",
                           "X-Poedit-Basepath": "../../.."}  # fmt: skip
    path.write_text(f"{catalogue}\n", "utf-8", newline="\r\n")


def weblate(path: Path) -> None:
    """Weblate reads and writes with the translate-toolkit."""
    store: Any = getobject(str(path))
    store.updateheader(add=True, x_generator="Weblate 2026.10",
                       PO_Revision_Date="2026-11-23 17:00+0000")  # fmt: skip
    store.save()


def crowdin(path: Path) -> None:
    catalogue = polib.pofile(str(path), wrapwidth=1000)
    catalogue.metadata |= {"X-Crowdin-Project": "ikm", "Language": "en_GB"}
    catalogue.header = ""
    catalogue.save()


PROGRAMS: dict[str, Callable[[Path], None]] = {
    "msgcat": lambda path: gettext(path, "msgcat"),
    "msgattrib": lambda path: gettext(path, "msgattrib", "--width=40"),
    "poedit": poedit,
    "weblate": weblate,
    "crowdin": crowdin,
}


def test_each_program_may_save(small: Project) -> None:
    """A page a program: it is read as it is, and `make update-po` makes it what it was."""
    blocks = ["# Seite", "Ein langer Satz über die Regionen, der " + "weiter und " * 12 + "geht.",
              "Noch offen.", "Wird geändert."]  # fmt: skip
    start(small.root, ["about/*"])
    for name in PROGRAMS:
        small.page(f"about/{name}", *blocks)
    small.update()
    guess = '#, fuzzy\n#| msgid "War anders."\nmsgid "Wird geändert."\nmsgstr "Was different."'
    before = {}
    for name, save in PROGRAMS.items():
        po = small.po(f"about/{name}")
        before[name] = (
            po.read_text("utf-8").replace('msgid "Wird geändert."\nmsgstr ""', guess)
            .replace('"Noch offen."\nmsgstr ""', '"Noch offen."\nmsgstr "Open."')
        )  # fmt: skip
        po.write_text(before[name], "utf-8")
        save(po)
    assert small.build() == ""
    assert all("Open." in small.html(f"about/{name}") for name in PROGRAMS)
    small.update()
    assert before == {name: small.po(f"about/{name}").read_text("utf-8") for name in PROGRAMS}


def test_sphinx_intl_and_msgmerge_by_hand(small: Project) -> None:
    """Their results are valid, and `make update-po` makes of them what it makes by itself."""
    small.page("about/one", "# Eins", "Der allererste Satz.", "Siehe [Start](/index.md).", "Neu.")
    sphinx(small.root, "-M", "gettext", ".", "_build")
    po, pot = small.po(), small.root / "_build/gettext/about/one.pot"
    before = po.read_text("utf-8")
    merge = [needs("msgmerge", "gettext"), "--previous", "-q", "-U", "--backup=none"]
    assert run([*merge, po, pot], small.root).returncode == 0
    small.update()
    merged = po.read_text("utf-8")
    assert '#| msgid "Der erste Satz."' in merged

    def intl(command: str, *arguments: str) -> str:
        options = ["-l", "en", "-d", "locales", *arguments]
        result = run([sys.executable, "-m", "sphinx_intl", command, *options], small.root)
        assert result.stderr == ""
        return result.stdout

    update = ("update", "-w", "0", "-p", "_build/gettext")
    small.po("about/two").unlink()
    said = intl(*update)
    assert "Not Changed: locales/en/LC_MESSAGES/about/one.po" in said
    assert re.findall("Create: (.*)", said) == ["locales/en/LC_MESSAGES/about/two.po"]
    assert po.read_text("utf-8") == merged
    assert "two.po: 0 translated, 0 fuzzy, 3 untranslated" in intl("stat")

    po.write_text(before, "utf-8")
    assert "Update: locales/en/LC_MESSAGES/about/one.po +2, -1" in intl(*update)
    assert len(small.check("locales/en/LC_MESSAGES/about/one.po")) == 2
    small.update()
    assert po.read_text("utf-8") == merged.replace('#| msgid "Der erste Satz."\n', "")
