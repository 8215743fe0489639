# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Catalogues survive the tools of the trade: same meaning, and no noise in the diff.

Each tool saves a catalogue in its own way. `make tidy-po` must then give back the same bytes,
or, where something was translated, the same bytes but for that translation.
"""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import polib
import pytest
from babel.messages.pofile import normalize, read_po, write_po
from translate.storage.factory import getobject
from translate.storage.pypo import pofile

from ikm_site.catalogues import files
from ikm_site.catalogues.check import check, main
from tests.catalogues.corpus import honest
from tests.conftest import needs

OPEN = "Dieser Satz ist noch offen."


@pytest.fixture
def po(tmp_path: Path) -> Path:
    """A catalogue with everything that ours can have, in its normal form."""
    path = tmp_path / "locales/en/LC_MESSAGES/about/page.po"
    path.parent.mkdir(parents=True)
    entries = [
        # REUSE-IgnoreStart
        "# English\n# Ada Lovelace, 2026\n# SPDX-License-Identifier: CC-BY-4.0\n"
        # REUSE-IgnoreEnd
        'msgid ""\nmsgstr ""\n"Language: en\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n',
        "# noqa: number a very long reason that goes on and on and on until it does not fit into "
        'a line any more\n#. description: plain text, no Markdown\nmsgid "Im Jahr 1995"\n'
        'msgstr "In that year"\n',
        '#, fuzzy\n#| msgid "Ein alter „Satz“, der so lang ist, dass jedes Programm ihn in mehrere '
        'Zeilen teilen möchte, wenn es darf."\nmsgid "Ein neuer Satz."\nmsgstr "An old sentence."\n',
        f'msgid "{OPEN}"\nmsgstr ""\n',
    ]
    seen: set[str] = set()
    for source, translation in honest():
        if source not in seen:
            seen.add(source)
            entries.append(
                f"msgid {normalize(source, width=0)}\nmsgstr {normalize(translation, width=0)}\n"
            )
    path.write_text("\n".join(entries), encoding="utf-8")
    assert main(["--tidy", str(path)]) == 0
    return path


def gettext(program: str, *arguments: str) -> Callable[[Path], None]:
    def save(path: Path) -> None:
        command = [needs(program, "gettext"), *arguments]
        if program == "msgmerge":
            command += ["--quiet", str(path)]
        subprocess.run([*command, "-o", str(path), str(path)], check=True, capture_output=True)

    return save


def polib_save(path: Path) -> None:
    po = polib.pofile(str(path), wrapwidth=78)
    po.metadata["X-Generator"] = "polib"
    po.save()


def poedit_save(path: Path) -> None:
    """As Poedit 3 saves: wrapped at 79, its own header fields, sorted differently."""
    po = polib.pofile(str(path), wrapwidth=79)
    po.metadata = {
        "Project-Id-Version": "IKM",
        "POT-Creation-Date": "",
        "PO-Revision-Date": "2026-11-23 17:00+0100",
        "Last-Translator": "Ada Lovelace <ada@example.org>",
        **po.metadata,
        "X-Generator": "Poedit 3.5",
        "X-Poedit-Basepath": "../../..",
        "X-Poedit-SearchPath-0": ".",
    }
    path.write_text(str(po) + "\n", encoding="utf-8", newline="\r\n")


def babel_save(path: Path) -> None:
    catalogue = read_po(io.BytesIO(path.read_bytes()), locale="en")
    # Babel loses the former German text, which is why the project has its own writer.
    with path.open("wb") as file:
        write_po(file, catalogue, width=76)


def weblate_save(path: Path) -> None:
    """Weblate reads and writes with the translate-toolkit."""
    store = getobject(str(path))
    assert isinstance(store, pofile)
    store.updateheader(
        add=True,
        x_generator="Weblate 2026.10",
        PO_Revision_Date="2026-11-23 17:00+0000",
        Last_Translator="Ada <ada@example.org>",
        Language_Team="English <https://weblate.example/projects/ikm/>",
    )
    store.save()


TOOLS = {
    "msgcat": gettext("msgcat"),
    "msgcat-no-wrap": gettext("msgcat", "--no-wrap"),
    "msgattrib": gettext("msgattrib", "--no-obsolete"),
    "msgmerge-previous": gettext("msgmerge", "--previous", "--no-fuzzy-matching"),
    "polib": polib_save,
    "poedit": poedit_save,
    "weblate": weblate_save,
}


@pytest.mark.parametrize("tool", TOOLS)
def test_a_tool_leaves_no_noise(po: Path, tool: str) -> None:
    before = po.read_bytes()
    TOOLS[tool](po)
    main(["--tidy", str(po)])
    assert po.read_bytes() == before


def test_our_form_is_that_of_gettext(po: Path) -> None:
    before = po.read_bytes()
    gettext("msgcat", "--no-wrap")(po)
    assert po.read_bytes() == before


def test_babel_keeps_the_meaning(po: Path) -> None:
    def meaning() -> list[tuple[object, object, bool]]:
        return [(m.id, m.string, m.fuzzy) for m in files.messages(files.read(po, "en"))]

    before = meaning()
    babel_save(po)
    main(["--tidy", str(po)])
    assert meaning() == before


@pytest.mark.parametrize("tool", ["polib", "poedit", "weblate"])
def test_the_diff_is_only_what_was_translated(po: Path, tool: str) -> None:
    """A translator's hour: one message translated, one guess mended, saved by a program."""
    before = po.read_text("utf-8").splitlines()
    catalogue = polib.pofile(str(po), wrapwidth=79)
    catalogue.find(OPEN).msgstr = "This sentence is still open."
    guess = catalogue.find("Ein neuer Satz.")
    guess.msgstr, guess.flags, guess.previous_msgid = "A new sentence.", [], None
    catalogue.save()
    TOOLS[tool](po)
    main(["--tidy", str(po)])
    after = po.read_text("utf-8").splitlines()
    assert [line for line in after if line not in before] == [
        'msgstr "A new sentence."',
        'msgstr "This sentence is still open."',
    ]
    gone = [line for line in before if line not in after]
    assert [line for line in gone if not line.startswith("#")] == ['msgstr "An old sentence."']
    assert all(line.startswith(("#, fuzzy", "#| ")) for line in gone if line.startswith("#"))
    assert not [f for f in check(po) if not f.hint]


def test_msgfmt_accepts_our_catalogues() -> None:
    root = Path(__file__).resolve().parents[2]
    for path in sorted((root / "locales").rglob("*.po")):
        result = subprocess.run(
            [needs("msgfmt", "gettext"), "--check", "-o", "/dev/null", path],
            check=False, capture_output=True, text=True,
        )  # fmt: skip
        assert result.returncode == 0, result.stderr


def test_pofilter_finds_no_serious_fault(po: Path, tmp_path: Path) -> None:
    """Those of pofilter's tests that know nothing of Markdown would only disturb."""
    program = Path(sys.executable).with_name("pofilter")
    out = tmp_path / "filtered"
    tests = ["escapes", "newlines", "tabs", "printf", "pythonbraceformat", "nplurals"]
    arguments = [f"--test={name}" for name in tests]
    result = subprocess.run(
        [program, "--language=en", *arguments, po.parent, out],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert not list(out.rglob("*.po")), [p.read_text() for p in out.rglob("*.po")]
