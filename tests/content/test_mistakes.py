# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""What the office reads when a page or a file of facts is wrong: place, value, remedy, in German.

Each build has many mistakes of one kind at once: all of them are named, and nothing else is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ikm_site.organisation import load
from ikm_site.problems import ProblemsError
from tests.conftest import ROOT, page

HEAD = "---\ndescription: Eine Meldung, die es nur für diesen Versuch gibt, und nirgends sonst.\n"

#: Front matter: file, its text, the message.
FIELDS = [
    ("about/f1", "---\ndescription: a: b\n---\n# X\n", "2: ein Doppelpunkt im Wert"),
    ("about/f2", HEAD + "descripton: x\n---\n# X\n", "meinen Sie „description“?"),
    ("about/f3", HEAD + "updated: 2026-02-30\n---\n# X\n", "diesen Tag gibt es im Kalender nicht"),
    ("about/f4", HEAD + "updated: 9999-12-31\n---\n# X\n", "zwischen 1900 und 2050"),
    ("about/f5", HEAD + "updated: 2026\nupdated: 2025\n---\n# X\n", "4: dieses Feld steht zweimal: updated: 2025"),
    ("about/f6", HEAD + "sources: &a [*a]\n---\n# X\n", "Anker und Typen"),
    ("about/f7", HEAD + "sources:\n\t- text: x\n---\n# X\n", "ein Tabulator"),
    ("about/f8", HEAD + "# X\n", "beginnen mit ---, enden aber nicht"),
    ("about/f9", "---\ndescription: zu kurz\n---\n# X\n", "erlaubt sind 30 bis 200"),
    (
        "news/2026/f1",
        HEAD + "date: 2026-01-02\nkind: meting\n---\n# X\n",
        "kennt diesen Wert nicht",
    ),
    ("news/2026/f2", HEAD + "kind: meeting\n---\n# X\n", "das Feld „date“ fehlt"),
    ("news/2026/f3", HEAD + "date: 2026\nkind: event\nplace: 'a\u200bb'\n---\n# X\n", "U+200B"),
    (
        "news/2026/f4",
        HEAD
        + "date: 2026\nkind: event\nsources:\n  - text: X\n    url: 'https://a.de/\"x'\n---\n# X\n",
        "7: Feld „sources 1 url“: muss eine Adresse sein",
    ),
    (
        "news/2026/f5",
        HEAD + "date: 2026\nkind: event\nphotos:\n  - {file: a.jpg, alt: Eins}\n---\n# X\n",
        "das Feld „photos 1 caption“ fehlt",
    ),
    (
        "news/2024/f1",
        HEAD + "date: 2024-11-19\nend: 2024-11-18\nkind: meeting\n---\n# X\n",
        "4: Feld „end“: liegt",
    ),
    (
        "news/2024/f2",
        HEAD + "date: 2024\nkind: meeting\nnumber: 0\n---\n# X\n",
        "5: Feld „number“: muss mindest",
    ),
]

#: Rules for the text: what stands below the front matter and one heading.
TEXTS = [
    ("Ein <b>fettes</b> Wort.", "HTML in der Seite: <b>"),
    ("<!-- intern -->", "ein Kommentar, der nicht veröffentlicht wird, beginnt mit %"),
    ('Das war "gut".', "gerade Anführungszeichen"),
    ("8. März 2026: das wird eine Liste.", "„8. März 2026"),
    ("- 1. Januar: auch das.", "„1. Januar"),
    ("Straße\\\nOrt", "ein erzwungener Zeilenumbruch"),
    ("Siehe [dort][x].\n\n[x]: /index.md", "getrennt vom Text beschrieben"),
    ("![](b.png)", "ein Bild ohne Angaben"),
    ("## Zwei\n\n#### Vier", "#### folgt auf ##"),
    ("# Noch eine", "eine zweite Überschrift mit #"),
    ("Siehe [dort](/about/on.md).", "meinen Sie /about/one.md?"),
    ("Siehe [dort](#nirgends).", "eine Marke #nirgends gibt es nicht"),
    ("Siehe [dort](about/one.md).", "Verweis auf about/one.md"),
    ("Siehe [dort](javascript:alert(1)).", ""),
    ("```{include} /etc/passwd\n```", "{include} gibt es auf dieser Website nicht"),
    ("```{literalinclude} /etc/passwd\n```", "{literalinclude} gibt es auf dieser Website nicht"),
    ("```{raw} html\n:file: /etc/passwd\n```", "{raw} gibt es auf dieser Website nicht"),
    ("```{csv-table}\n:file: /etc/passwd\n```", "{csv-table} gibt es auf dieser Website nicht"),
    ("{download}`x </../../etc/passwd>`", "lässt sich nicht zum Herunterladen anbieten"),
    ("```{region-organisations}\n```", "kein Feld „organisations“"),
    ("```{region-contact}\n```", "kein Feld „contact“"),
    ("```{region-series} gpd\n```", "gibt es in data/ nicht"),
    ("```\nein Text ohne Übersetzung\n```", "lässt sich hier nicht übersetzen"),
    ("```{photo} weg.jpg\n```", "steht nicht im Feld „photos“"),
]


def test_every_mistake_in_front_matter_is_named(small: Path, broken: Callable[[], str]) -> None:
    for name, text, _ in FIELDS:
        file = small / f"{name}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (small / "about/latin.md").write_bytes((HEAD + "---\n# Grün\n").encode("latin-1"))
    (small / "about/link.md").symlink_to("/etc/hostname")
    said = broken().splitlines()
    for name, _, message in FIELDS:
        assert any(line.startswith(f"{name}.md:") and message in line for line in said), message
    assert any("about/latin.md:2: ist nicht als UTF-8" in line for line in said)
    assert any("about/link.md: ist nur ein Verweis" in line for line in said)
    _nothing_else(said)


def test_every_broken_rule_is_named(small: Path, broken: Callable[[], str]) -> None:
    for number, (text, _) in enumerate(TEXTS):
        page(small, f"about/t{number:02}", f"# Titel {number}\n\n{text}\n")
    page(small, "about/t99", "Kein Titel.\n")
    said = broken().splitlines()
    for number, (_, message) in enumerate(TEXTS):
        place = re.compile(rf"about/t{number:02}\.md:\d+: ")
        assert not message or any(place.match(line) and message in line for line in said), message
    assert "about/t99.md:1: die Seite hat keine Überschrift" in "\n".join(said)
    _nothing_else(said)


def _nothing_else(said: list[str]) -> None:
    """No line but mistakes of these files, and the closing advice."""
    for line in said:
        assert re.match(r"about/|news/|$|Die Website wurde NICHT|Beheben Sie", line), line


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('email: ""', "email: office(at)ikm.example", "Feld „email“: muss eine E-Mail-Adresse"),
        ('email: ""', 'email: "a@b.de?bcc=c@d.de"', "Feld „email“: muss eine E-Mail-Adresse"),
        ('_authority_url: ""', "_authority_url: www.x.example", "die mit https:// oder"),
        ('street: ""', "street: a: b", "ein Doppelpunkt im Wert"),
        ('street: ""', "strasse: x", "ein Feld „strasse“ gibt es hier nicht"),
    ],
)
def test_facts_about_the_publisher_are_checked(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    (tmp_path / "data").mkdir()
    text = (ROOT / "data/organisation.yaml").read_text("utf-8")
    assert old in text
    (tmp_path / "data/organisation.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ProblemsError, match=rf"data/organisation\.yaml:\d+: .*{message}"):
        load(tmp_path)


def test_redirects_are_checked(small: Path, broken: Callable[[], str]) -> None:
    file = small / "data/redirects.yaml"
    file.write_text(
        "- {from: /alt.html, to: /about/on.html}\n- {from: /about/one.html, to: /}\n"
        "- {from: /about/*, to: /}\n",
        encoding="utf-8",
    )
    said = broken()
    assert "redirects.yaml:1: /about/on.html: eine solche Seite gibt es nicht" in said
    for line in ("2: /about/one.html", "3: /about/*"):
        assert f"redirects.yaml:{line} ist die Adresse einer Seite von heute (about/one.md)" in said
