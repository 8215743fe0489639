# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Measure the build beside plain Sphinx and Furo (`make bench`).

Pages like ours, news and statements with complete English catalogues, are written into a
scratch folder and built there with the site's own configuration and, from the same files, with
nothing but Sphinx, MyST and Furo. The same seed gives the same pages.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from babel.messages import Catalog

from ikm_site import redirects
from ikm_site.catalogues import files

#: What the site is built with, beside its pages.
FRAME = ("_static", "_templates", "conf.py", "data", "ikm_site")

#: Plain Sphinx + Furo is not run beyond this: with 3,000 pages it does not end in time.
PLAIN_LIMIT = 300

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


@dataclass(frozen=True)
class Run:
    """What a command took: seconds of wall and processor time, bytes of memory at the peak."""

    seconds: float
    cpu: float
    memory: int


def _memory(process: int) -> int:
    """Bytes that a process and all below it use; what they share counts once (PSS)."""
    folder = Path(f"/proc/{process}")
    total = 0
    try:
        for line in (folder / "smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1]) * 1024
        for thread in (folder / "task").iterdir():
            for child in (thread / "children").read_text("ascii").split():
                total += _memory(int(child))
    except OSError:
        pass  # it has just ended
    return total


def measure(command: Sequence[str], cwd: Path) -> Run:
    """Run a command to its end.

    Raises:
        SystemExit: it failed; its last lines are shown.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    peak, done = 0, threading.Event()
    started = time.monotonic()
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        process = subprocess.Popen(
            command, cwd=cwd, stdout=output, stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(cwd)},
        )  # fmt: skip

        def watch() -> None:
            nonlocal peak
            while not done.wait(0.3):
                peak = max(peak, _memory(process.pid))

        watcher = threading.Thread(target=watch)
        if Path("/proc/self/smaps_rollup").exists():
            watcher.start()
        code = process.wait()
        seconds = time.monotonic() - started
        done.set()
        if watcher.ident:
            watcher.join()
        if code:
            output.seek(0)
            sys.exit(f"{' '.join(command)} failed:\n{output.read()[-4000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(round(seconds, 2), round(cpu, 2), peak)


def _size(folder: Path) -> dict[str, int]:
    """Bytes of a result, with those of a page and of the search index in it."""
    every = [file for file in folder.rglob("*") if file.is_file()]
    return {
        "files": len(every),
        "bytes": sum(file.stat().st_size for file in every),
        "html": sum(file.stat().st_size for file in every if file.suffix == ".html"),
        "search": sum(
            file.stat().st_size
            for file in every
            if file.name.startswith("searchindex") or "search" in file.parts[len(folder.parts) : -1]
        ),
    }


def _edit_page(project: Path) -> None:
    page = next(iter(sorted((project / "news").rglob("meldung-*.md"))))
    text = page.read_text("utf-8")
    # A text that the catalogue knows, so that the strict build stays content.
    page.write_text(f"{text}\n## {text.rpartition('## ')[2]}", encoding="utf-8")


def _edit_catalogue(project: Path) -> None:
    folder = files.folder("en", project / files.LOCALES)
    file = next(iter(sorted((folder / "news").rglob("meldung-*.po"))))
    text = file.read_text("utf-8").replace("What happens next", "What will happen next")
    file.write_text(text, encoding="utf-8")


_SITE = [sys.executable, "-X", "utf8", "-m", "ikm_site.build"]
_PLAIN = [
    "sh", "-ec",
    'for code in de en; do "$0" -m sphinx -q -b html -D language=$code -d _build/doctrees/$code'
    " . _build/html/$code; done",
    sys.executable,
]  # fmt: skip


def run(count: int, scratch: Path, root: Path, plain: bool) -> dict[str, Any]:
    """Build `count` pages clean, after one edited page and after one edited catalogue."""
    project = scratch / f"{'plain' if plain else 'site'}-{count}"
    generate(project, count, root, plain)
    command = _PLAIN if plain else _SITE
    steps: tuple[tuple[str, Callable[[Path], None] | None], ...] = (
        ("clean", None),
        ("page", _edit_page),
        ("catalogue", _edit_catalogue),
    )
    result: dict[str, Any] = {"pages": count}
    for name, edit in steps:
        if edit is not None:
            if not count:
                continue
            edit(project)
        result[name] = asdict(measure(command, project))
        print(f"  {name:9} {result[name]['seconds']:7.1f} s", file=sys.stderr, flush=True)
    result["output"] = _size(project / "_build" / "html")
    shutil.rmtree(project)
    return result


def run_own(scratch: Path, root: Path) -> dict[str, Any]:
    """Build the site itself: from nothing but its sources, and once more with what was kept."""
    project = scratch / "own"
    shutil.copytree(
        root, project,
        ignore=shutil.ignore_patterns(".*", "_build", "node_modules", "tests", "*.mo"),
    )  # fmt: skip
    result: dict[str, Any] = {}
    for name in ("clean", "warm"):
        result[name] = asdict(measure(_SITE, project))
        print(f"  {name:9} {result[name]['seconds']:7.1f} s", file=sys.stderr, flush=True)
    result["output"] = _size(project / "_build" / "html")
    result["pages"] = len(list((project / "_build" / "html").rglob("*.html")))
    shutil.rmtree(project)
    return result


def _exponent(results: dict[str, dict[str, Any]], kind: str) -> float | None:
    """How the time of a clean build grows with the pages: 1 is in proportion."""
    try:
        small, large = (results[f"{kind}-{count}"] for count in (300, 3000))
    except KeyError:
        return None
    return round(math.log10(large["clean"]["seconds"] / small["clean"]["seconds"]), 3)


def machine() -> dict[str, Any]:
    """Where and with what this was measured."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [line for line in info.read_text("utf-8").splitlines() if "model name" in line]
        model = names[0].partition(":")[2].strip() if names else model
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "processor": model,
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "python": platform.python_version(),
        "packages": {name: version(name) for name in ("sphinx", "myst-parser", "furo", "docutils")},
    }


def _line(name: str, result: dict[str, Any]) -> str:
    edits = [
        f"{result[key]['seconds']:7.1f}" if key in result else "      –"
        for key in ("page", "catalogue", "warm")
    ]
    clean, output = result["clean"], result["output"]
    return (
        f"{name:11} {clean['seconds']:7.1f} {' '.join(edits)} {clean['cpu']:7.1f} "
        f"{clean['memory'] / 1e6:7.0f} {output['bytes'] / 1e6:7.1f} {output['search'] / 1e6:7.2f}"
    )


def main() -> int:
    """Run `make bench`."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.splitlines()[0])
    parser.add_argument("pages", nargs="*", type=int, default=[30, 300, 3000])
    parser.add_argument("--no-plain", action="store_true", help="measure only the site")
    parser.add_argument("--json", type=Path, default=Path("_build/bench.json"))
    parser.add_argument("--generate", type=Path, help="only write the pages into this folder")
    parser.add_argument("--plain", action="store_true", help="with --generate: for plain Sphinx")
    options = parser.parse_args()
    root = Path.cwd()
    if options.generate:
        generate(options.generate, options.pages[0], root, options.plain)
        return 0
    results: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        print("the site itself", file=sys.stderr, flush=True)
        results["own"] = run_own(Path(folder), root)
        for count in options.pages:
            for kind in ("site", "plain"):
                if kind == "plain" and (options.no_plain or count > PLAIN_LIMIT):
                    continue
                print(f"{kind}, {count} pages, 2 languages", file=sys.stderr, flush=True)
                results[f"{kind}-{count}"] = run(count, Path(folder), root, kind == "plain")
    report = {
        "machine": machine(),
        "results": results,
        "exponent": _exponent(results, "site"),
        "ratio": {
            str(count): round(
                results[f"plain-{count}"]["clean"]["seconds"]
                / results[f"site-{count}"]["clean"]["seconds"],
                1,
            )
            for count in options.pages
            if f"plain-{count}" in results
        },
    }
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print("            clean s  page s   .po s  warm s   CPU s mem. MB out. MB search MB")
    for name, result in results.items():
        print(_line(name, result))
    print(f"times as fast as plain: {report['ratio']}; growth 300 → 3,000: {report['exponent']}")
    print(f"written to {options.json}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
