# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""What the office reads when a page or a file of facts is wrong: place, value, remedy, in German.

Each build has many mistakes of one kind at once: all of them are named, and nothing else is.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ikm_site.organisation import load
from ikm_site.problems import ProblemsError
from tests.conftest import ROOT, page, run
from tools.report import report

DESCRIPTION = "description: Eine Meldung, die es nur für diesen Versuch gibt, und nirgends sonst.\n"
EVENT = "date: 2026\nkind: event\n"

#: Front matter: file, what stands in it beside a description, the message.
FIELDS = [
    ("about/f1", "teaser: a: b\n", "3: ein Doppelpunkt im Wert"),
    ("about/f2", "descripton: x\n", "meinen Sie „description“?"),
    ("about/f3", "updated: 2026-02-30\n", "diesen Tag gibt es im Kalender nicht"),
    ("about/f4", "updated: 9999-12-31\n", "zwischen 1900 und 2050"),
    ("about/f5", "updated: 2026\nupdated: 2025\n", "4: dieses Feld steht zweimal"),
    ("about/f6", "sources: &a [*a]\n", "Anker und Typen"),
    ("about/f7", "sources:\n\t- text: x\n", "ein Tabulator"),
    ("about/f8", "search: zu kurz\n", "3: Feld „search“"),
    ("about/klammer", "open: [x\n", "nicht zu lesen: open: [x; jede Zeile"),
    ("news/2026/f1", "date: 2026-01-02\nkind: meting\n", "kennt diesen Wert nicht"),
    ("news/2026/f2", "kind: meeting\n", "das Feld „date“ fehlt"),
    ("news/2026/f3", EVENT + "place: 'a\u200bb'\n", "U+200B"),
    (
        "news/2026/f4",
        EVENT + "sources:\n  - text: X\n    url: 'https://a.de/\"x'\n",
        "7: Feld „sources 1 url“: muss eine Adresse sein",
    ),
    (
        "news/2026/f5",
        EVENT + "photos:\n  - {file: a.jpg, alt: Eins}\n",
        "das Feld „photos 1 caption“ fehlt",
    ),
    ("news/2024/f1", "date: 2024-11-19\nend: 2024-11-18\nkind: meeting\n", "4: Feld „end“: liegt"),
    (
        "news/2024/f2",
        "date: 2024\nkind: meeting\nnumber: 0\n",
        "5: Feld „number“: muss mindest",
    ),
    ("regions/f1", "short: A\ncode: 30\nstates: [Hessen]\n", "4: Feld „code“: muss aus drei"),
    (
        "regions/f2",
        "short: A\ncode: '030'\nstates: [Hessen]\ncontact: {name: B, postcode: '4109'}\n",
        "6: Feld „contact postcode“: muss aus fünf",
    ),
]

#: Pages that contradict others.
TOGETHER = [
    (
        "news/2024/papier",
        "date: 2024\nkind: event\nstatements: [papier-2020]\n",
        "5: Feld „statements“: eine Seite statements/papier-2020.md gibt es nicht; "
        "meinen Sie „papier-2021“?",
    ),
    ("news/2024/region", "date: 2024\nkind: event\nregions: [ulm]\n", "es gibt: keine"),
    (
        "news/2024/jahr",
        "date: 2023-11-19\nkind: event\n",
        "3: Feld „date“: 2023-11-19 passt nicht zu diesem Ordner; legen Sie die Datei nach "
        "news/2023/",
    ),
    ("news/2024/Größe", "date: 2024\nkind: event\n", "1: der Name der Datei wird zur Adresse"),
    (
        "news/2024/index",
        "date: 2024\nkind: event\n",
        "1: dieselbe Adresse hat schon die Liste, die von selbst entsteht",
    ),
    ("statements/papier-2021", "kind: statement\n", ""),
    (
        "statements/ohne",
        "kind: statement\ndocument: files/ohne.pdf\n",
        "4: Feld „document“: es gibt keine Datei statements/files/ohne.pdf",
    ),
    (
        "about/foto",
        "photos:\n- {file: weg.jpg, alt: A, caption: B, source: C, rights: D}\n",
        "3: Feld „photos“: weg.jpg: die Datei fehlt",
    ),
    (
        "statements/papier-2021/index",
        "kind: statement\n",
        "1: dieselbe Adresse hat schon statements/papier-2021.md",
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
    ("## Zwei\n\nEine Überschrift ist keine [Marke](#zwei).", "eine Marke #zwei gibt es nicht"),
    ("Siehe [dort](about/one.md).", "Verweis auf about/one.md"),
    ("Siehe [dort](javascript:alert(1)).", ""),
    ("```{include} /etc/passwd\n```", "{include} gibt es auf dieser Website nicht"),
    ("```{literalinclude} /etc/passwd\n```", "{literalinclude} gibt es auf dieser Website nicht"),
    ("```{raw} html\n:file: /etc/passwd\n```", "{raw} gibt es auf dieser Website nicht"),
    ("```{csv-table}\n:file: /etc/passwd\n```", "{csv-table} gibt es auf dieser Website nicht"),
    ("{download}`x </../../etc/passwd>`", "lässt sich nicht zum Herunterladen anbieten"),
    ("```{region-organisations}\n```", "kein Feld „organisations“"),
    ("```{region-contact}\n```", "kein Feld „contact“"),
    ("```\nein Text ohne Übersetzung\n```", "lässt sich hier nicht übersetzen"),
    ("```{region-series} gpd\n```", "gibt es in data/ nicht"),
    ("```{photo} weg.jpg\n```", "steht nicht im Feld „photos“"),
]


def write(file: Path, fields: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"---\n{DESCRIPTION}{fields}---\n# Versuch\n\nWorte.\n", encoding="utf-8")


def compare(said: str, expected: list[tuple[str, str]]) -> None:
    """Each file is named with its message, once for both languages, and nothing else is said."""
    lines = [line for line in said.splitlines() if line]
    assert len(lines) == len({*lines})
    for name, message in expected:
        own = [line for line in lines if line.startswith(f"{name}:")]
        assert any(message in line for line in own) if message else not own, f"{name}: {said}"
    known = (*(f"{name}:" for name, _ in expected), "Die Website wurde NICHT", "Beheben Sie")
    assert [line for line in lines if not line.startswith(known)] == []


def test_every_mistake_in_front_matter_is_named(small: Path, broken: Callable[[], str]) -> None:
    for name, fields, _ in FIELDS:
        write(small / f"{name}.md", fields)
    (small / "about/open.md").write_text(f"---\n{DESCRIPTION}# X\n", encoding="utf-8")
    (small / "about/short.md").write_text("---\ndescription: zu kurz\n---\n# X\n")
    (small / "about/latin.md").write_bytes(f"---\n{DESCRIPTION}---\n# Grün\n".encode("latin-1"))
    (small / "about/link.md").symlink_to("/etc/hostname")
    compare(
        broken(),
        [
            *((f"{name}.md", message) for name, _, message in FIELDS),
            ("about/open.md", "beginnen mit ---, enden aber nicht"),
            ("about/short.md", "ist zu kurz: mindestens 30 Zeichen"),
            ("about/latin.md", "2: ist nicht als UTF-8"),
            ("about/link.md", "ist nur ein Verweis"),
        ],
    )


def test_every_broken_rule_is_named(small: Path, broken: Callable[[], str]) -> None:
    for number, (text, _) in enumerate(TEXTS):
        page(small, f"about/t{number:02}", f"# Titel {number}\n\n{text}\n")
    page(small, "about/t97", "# Kreis\n\n```{toctree}\n:hidden:\nt98\n```\n")
    page(small, "about/t98", "# Kreis\n\n```{toctree}\n:hidden:\nt97\n```\n")
    page(small, "about/t99", "Kein Titel.\n")
    compare(
        broken(),
        [
            *((f"about/t{number:02}.md", message) for number, (_, message) in enumerate(TEXTS)),
            ("about/t97.md", "1: {toctree} führt im Kreis: about/t9"),
            ("about/t99.md", "1: die Seite hat keine Überschrift"),
        ],
    )


@pytest.mark.parametrize("name", ["f4", "t00"])
def test_sphinx_writes_mistakes_into_its_file(small: Path, name: str) -> None:
    write(small / "about/f4.md", FIELDS[3][1] if name == "f4" else "")
    page(small, "about/t00", f"# Titel\n\n{TEXTS[0][0]}\n")
    command = [sys.executable, "-X", "utf8", "-m", "sphinx", "-q", "-w", "said.txt", ".", "out"]
    result = run(command, small)
    said = (small / "said.txt").read_text("utf-8").splitlines()
    assert result.returncode == 1
    assert said
    assert all(line.startswith(f"ERROR: about/{name}.md:") for line in said)


def test_what_contradicts_other_pages_is_named(small: Path, broken: Callable[[], str]) -> None:
    for name, fields, _ in TOGETHER:
        write(small / f"{name}.md", fields)
    compare(broken(), [(f"{name}.md", message) for name, _, message in TOGETHER])


def test_the_report_names_a_mistake(small: Path) -> None:
    write(small / "about/f1.md", "open: kein Punkt einer Liste\n")
    with pytest.raises(ProblemsError, match=r"about/f1\.md:3: Feld „open“"):
        list(report(small))


def test_a_glossary_without_german_is_named(small: Path, broken: Callable[[], str]) -> None:
    (small / "locales/glossary.csv").write_text("deutsch,en\nKreis,district\n", encoding="utf-8")
    assert "locales/glossary.csv:1: die Spalte „de“ fehlt" in broken()


def test_redirects_are_checked(small: Path, broken: Callable[[], str]) -> None:
    (small / "data/redirects.yaml").write_text(
        "- {from: /alt.html, to: /about/on.html}\n- {from: /about/one.html, to: /}\n"
        "- {from: /x/, to: /}\n- {from: /x/, to: /about/one.html}\n",
        encoding="utf-8",
    )
    said = broken()
    assert "redirects.yaml:4: /x/ steht schon in Zeile 3" in said
    assert "redirects.yaml:1: /about/on.html: eine solche Seite gibt es nicht" in said
    assert "redirects.yaml:2: /about/one.html ist die Adresse einer Seite von heute" in said


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
