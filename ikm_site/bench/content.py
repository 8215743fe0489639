# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Pages like ours: news and statements with complete English catalogues.

The same seed gives the same pages.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages import Catalog

from ikm_site import redirects
from ikm_site.catalogues import files

#: What the site is built with, beside its pages.
FRAME = ("_static", "_templates", "conf.py", "data", "ikm_site")

_STEMS = (
    ("Wasserstoff", "hydrogen"), ("Verkehrs", "transport"), ("Klima", "climate"),
    ("Innovations", "innovation"), ("Flächen", "land-use"), ("Hafen", "port"),
    ("Fachkräfte", "skills"), ("Wohnungsbau", "housing"), ("Daten", "data"), ("Kultur", "culture"),
    ("Wissens", "knowledge"), ("Struktur", "structural"), ("Energie", "energy"),
    ("Kohäsions", "cohesion"), ("Grenz", "border"), ("Gesundheits", "health"),
    ("Raumordnungs", "planning"), ("Messe", "trade-fair"), ("Hochschul", "university"),
    ("Logistik", "logistics"), ("Mobilitäts", "mobility"), ("Stadtumland", "urban-rural"),
    ("Gewässer", "water"), ("Tourismus", "tourism"), ("Digital", "digital"),
)  # fmt: skip
_HEADS = (
    ("strategie", "strategy"), ("politik", "policy"), ("vorhaben", "project"),
    ("förderung", "funding"), ("planung", "plan"), ("konferenz", "conference"),
    ("bericht", "report"), ("netzwerk", "network"), ("programm", "programme"),
    ("entwicklung", "development"), ("beirat", "council"), ("vergleich", "comparison"),
    ("partnerschaft", "partnership"), ("leitbild", "guideline"), ("gutachten", "survey"),
    ("zusammenarbeit", "cooperation"), ("werkstatt", "workshop"), ("wettbewerb", "competition"),
)  # fmt: skip
_FRAMES = (
    ("Die Mitglieder beraten über {0} und {1} in {2}.",
     "The members discuss the {0} and the {1} in {2}."),
    ("Mit dem Thema {0} verbinden die Regionen auch Fragen zu {1}.",
     "The regions link the subject of the {0} with questions about the {1}."),
    ("Für das Jahr {year} war in {2} mehr Geld für {0} vorgesehen als zuvor.",
     "For the year {year}, more money was set aside for the {0} in {2} than before."),
    ("Städte und Gemeinden sollen früh an {0} beteiligt werden.",
     "Towns and municipalities shall take part in the {0} at an early stage."),
    ("Der Arbeitskreis stellt dazu Beispiele aus {2} vor, darunter {0} und {1}.",
     "The working group presents examples from {2}, among them the {0} and the {1}."),
    ("Was aus {0} folgt, ist öffentlich noch nicht bekannt.",
     "What will follow from the {0} is not publicly known yet."),
    ("Bund und Länder haben {0} seit {year} mehrfach geändert.",
     "The federal and state governments have changed the {0} several times since {year}."),
    ("Ein gemeinsames Papier zu {0} liegt seit dem Herbst {year} vor.",
     "A joint paper on the {0} has been available since autumn {year}."),
)  # fmt: skip
_PLACES = (
    ("Hamburg", "Hamburg"), ("Nürnberg", "Nuremberg"), ("München", "Munich"),
    ("Hannover", "Hanover"), ("Leipzig", "Leipzig"), ("Stuttgart", "Stuttgart"),
    ("Bremerhaven", "Bremerhaven"), ("Köln", "Cologne"), ("Mannheim", "Mannheim"),
    ("Brüssel", "Brussels"), ("Bonn", "Bonn"), ("Berlin", "Berlin"),
)  # fmt: skip
_NEWS_KINDS = ("meeting", "event", "publication", "statement", "membership", "policy")
_STATEMENT_KINDS = ("position-paper", "statement", "contribution", "demands", "strategy")

#: A text in German and English.
Pair = tuple[str, str]


class _Writer:
    """Writes one page and notes each of its messages with its translation."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)
        self.lines: list[str] = []
        self.messages: dict[str, str] = {}

    def note(self, pair: Pair) -> str:
        """The German text, whose translation is kept for the catalogue."""
        self.messages[pair[0]] = pair[1]
        return pair[0]

    def word(self) -> Pair:
        """A compound, of which German has no end."""
        stem, head = self.random.choice(_STEMS), self.random.choice(_HEADS)
        return stem[0] + head[0], f"{stem[1]} {head[1]}"

    def sentence(self) -> Pair:
        frame = self.random.choice(_FRAMES)
        words = [self.word(), self.word(), self.random.choice(_PLACES)]
        year = self.random.randint(1997, 2026)
        german, english = (
            frame[side].format(*(pair[side] for pair in words), year=year) for side in (0, 1)
        )
        return german, english

    def paragraph(self, sentences: int, tail: Pair | None = None) -> None:
        pairs = [self.sentence() for _ in range(sentences)]
        if tail is not None:
            pairs.append(tail)
        self.messages[" ".join(pair[0] for pair in pairs)] = " ".join(pair[1] for pair in pairs)
        # One sentence a line, as our writers do.
        self.lines += [*(pair[0] for pair in pairs), ""]

    def heading(self, level: int, pair: Pair) -> None:
        self.lines += ["#" * level + " " + self.note(pair), ""]

    def list(self, items: int) -> None:
        for _ in range(items):
            word, sentence = self.word(), self.sentence()
            pair = f"**{word[0]}**: {sentence[0]}", f"**{word[1]}**: {sentence[1]}"
            self.lines.append("- " + self.note(pair))
        self.lines.append("")

    def table(self, rows: int) -> None:
        head = (("Vorhaben", "Project"), ("Ort", "Place"), ("Stand", "Status"), ("Jahr", "Year"))
        self.lines.append("| " + " | ".join(self.note(pair) for pair in head) + " |")
        self.lines.append("| --- | --- | --- | --- |")
        for _ in range(rows):
            year = str(self.random.randint(1997, 2026))
            cells = (self.word(), self.random.choice(_PLACES), self.word(), (year, year))
            self.lines.append("| " + " | ".join(self.note(pair) for pair in cells) + " |")
        self.lines.append("")

    def page(self, head: Sequence[str]) -> str:
        return "\n".join(["---", *head, "---", *self.lines])


def _front(writer: _Writer, date: str) -> list[str]:
    description = writer.note(writer.sentence())
    lines = [f"description: {description}", f"date: {date}", "sources:"]
    for _ in range(2):
        word = writer.word()
        text = writer.note((f"BBSR: {word[0]} (Webseite)", f"BBSR: {word[1]} (web page)"))
        lines += [f'  - text: "{text}"', "    url: https://www.bbsr.bund.de/", "    read: 2026"]
    return lines


def _link(target: str) -> Pair:
    return (
        f"Mehr dazu steht in der [Meldung zu {target}](/{target}.md) und beim "
        "[BBSR](https://www.bbsr.bund.de/).",
        f"There is more about this in the [item on {target}](/{target}.md) and at the "
        "[BBSR](https://www.bbsr.bund.de/).",
    )


def _news(number: int, date: str, other: str) -> _Writer:
    writer = _Writer(f"news {number}")
    front = _front(writer, date)
    place = writer.note(writer.random.choice(_PLACES))
    front += [f"kind: {writer.random.choice(_NEWS_KINDS)}", f"place: {place}"]
    word, where = writer.word(), writer.random.choice(_PLACES)
    writer.heading(
        1, (f"{word[0]} in {where[0]} {number}", f"{word[1].title()} in {where[1]} {number}")
    )
    writer.paragraph(3)
    writer.paragraph(2, _link(other))
    writer.list(4)
    writer.heading(2, ("Wie es weitergeht", "What happens next"))
    writer.paragraph(3)
    writer.paragraph(2)
    writer.lines = writer.page(front).split("\n")
    return writer


def _statement(number: int, date: str, other: str) -> _Writer:
    writer = _Writer(f"statement {number}")
    front = _front(writer, date)
    addressee = writer.note(("Bund und Länder", "The federal and state governments"))
    front += [
        f"kind: {writer.random.choice(_STATEMENT_KINDS)}", f"addressee: {addressee}", "steps:",
    ]  # fmt: skip
    for year in (2010, 2015, 2020):
        front += [f"  - date: {year}", f"    text: {writer.note(writer.sentence())}"]
    word = writer.word()
    writer.heading(
        1, (f"Positionspapier {number}: {word[0]}", f"Position paper {number}: {word[1]}")
    )
    writer.paragraph(3)
    writer.heading(2, ("Anlass", "Occasion"))
    writer.paragraph(4)
    writer.paragraph(2, _link(other))
    writer.heading(2, ("Was öffentlich bekannt ist", "What is publicly known"))
    writer.list(6)
    writer.table(6)
    writer.heading(2, ("Einordnung", "Context"))
    writer.paragraph(3)
    writer.lines = writer.page(front).split("\n")
    return writer


def pages(count: int) -> Iterator[tuple[str, _Writer]]:
    """`count` pages: two news items for each statement, spread over thirty years."""

    def name(number: int) -> str:
        number %= count
        if number % 3 == 2:
            return f"statements/papier-{number:05}"
        return f"news/{1997 + number % 30}/meldung-{number:05}"

    for number in range(count):
        date = f"{1997 + number % 30}-{1 + number // 30 % 12:02}-{1 + number // 360 % 28:02}"
        other = name(number * 7 + 1)
        write = _statement if number % 3 == 2 else _news
        yield name(number), write(number, date, other)


def _index(title: Pair, description: Pair, body: Sequence[str] = ()) -> _Writer:
    writer = _Writer(title[0])
    writer.heading(1, title)
    writer.lines += body
    writer.lines = writer.page([f"description: {writer.note(description)}"]).split("\n")
    return writer


def _toctree(*entries: str) -> list[str]:
    return ["```{toctree}", ":hidden:", *entries, "```", ""]


def _around(count: int, plain: bool) -> Iterator[tuple[str, _Writer]]:
    """The pages that the frame needs; plain Sphinx has its pages in toctrees, as is usual."""
    description = (
        "Eine Seite, die nur zum Messen da ist und zu der sonst nichts zu sagen ist.",
        "A page that is only there to be measured and that has nothing else to say.",
    )
    names = sorted(name for name, _ in pages(count)) if plain else []
    lists = {
        "news": ["```{news-archive}", "```"],
        "statements": ["```{statement-list}", "```"],
    }
    for folder, title in (("news", ("Aktuelles", "News")), ("statements", ("Papiere", "Papers"))):
        own = [name.removeprefix(folder + "/") for name in names if name.startswith(folder)]
        yield (
            folder + "/index",
            _index(title, description, _toctree(*own) if plain else lists[folder]),
        )
    legal = ("Rechtliches", "Legal")
    yield "legal/index", _index(legal, description, _toctree("privacy"))
    yield "legal/privacy", _index(("Datenschutz", "Privacy"), description)
    if not plain:
        yield "404", _index(("Seite nicht gefunden", "Page not found"), description)
    title = ("Initiativkreis im Maßstab", "Initiative to scale")
    entries = ("news/index", "statements/index", "legal/index")
    yield "index", _index(title, description, _toctree(*entries))


PLAIN_CONF = """\
project = "IKM"
extensions = ["myst_parser"]
language = "de"
locale_dirs = ["locales"]
gettext_compact = False
html_theme = "furo"
myst_enable_extensions = ["colon_fence", "deflist"]
smartquotes = False
"""


def generate(target: Path, count: int, root: Path, plain: bool = False) -> None:
    """Write a project with `count` pages into a new folder.

    Args:
        target: the folder; it must not exist.
        count: how many news items and statements.
        root: the site's own folder, whose frame is copied.
        plain: configure nothing but Sphinx, MyST and Furo.
    """
    target.mkdir(parents=True)
    if plain:
        (target / "conf.py").write_text(PLAIN_CONF, encoding="utf-8")
    else:
        ignore = shutil.ignore_patterns("*.mo", "__pycache__")
        for name in FRAME:
            source = root / name
            if source.is_dir():
                shutil.copytree(source, target / name, ignore=ignore)
            else:
                shutil.copy2(source, target / name)
        # The old addresses lead to pages that are not here.
        (target / redirects.FILE).write_text("- {from: /, to: /}\n", encoding="utf-8")
        for source in sorted((root / files.LOCALES).glob("*/LC_MESSAGES/*.*")):
            if source.stem in files.COMMON_DOMAINS and source.suffix != ".mo":
                copy = target / source.relative_to(root)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, copy)
    for docname, writer in (*_around(count, plain), *pages(count)):
        page = target / f"{docname}.md"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text("\n".join(writer.lines), encoding="utf-8")
        catalogue = Catalog(locale="en", fuzzy=False)
        for german, english in writer.messages.items():
            catalogue.add(german, english)
        files.write(files.path("en", docname, target / files.LOCALES), catalogue)
