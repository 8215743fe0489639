# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Measure builds of generated pages in two languages beside plain Sphinx and Furo (`make bench`).

Both build the same news items and statements with complete English catalogues, both languages
side by side. Compare only figures of one run: machines differ, and so do their other duties.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
FRAME = ("conf.py", "data", "ikm_site", "theme", "tools")
WORDS = (
    ("Wasserstoff", "hydrogen"), ("Verkehr", "transport"), ("Klima", "climate"),
    ("Hafen", "port"), ("Wohnungsbau", "housing"), ("Kultur", "culture"), ("Energie", "energy"),
    ("Logistik", "logistics"), ("Tourismus", "tourism"), ("Gesundheit", "health"),
)  # fmt: skip
SENTENCES = (
    ("Die Mitglieder beraten über {0} und {1}.", "The members discuss {0} and {1}."),
    ("Mit {0} verbinden die Regionen auch {1}.", "The regions link {0} with {1}."),
    ("Städte sollen früh an {0} und {1} beteiligt werden.", "Towns take part in {0} and {1}."),
    ("Ein Papier zu {0} und {1} liegt seit {2} vor.", "A paper on {0} and {1} exists since {2}."),
)
PLAIN_CONF = """
extensions = ["myst_parser"]
language = "de"
locale_dirs = ["locales"]
gettext_compact = False
html_theme = "furo"
myst_enable_extensions = ["colon_fence", "deflist"]
"""


@dataclass
class Page:
    """A page being written: its German lines, and the translation of each message."""

    random: random.Random
    head: list[str]
    lines: list[str] = field(default_factory=list)
    messages: dict[str, str] = field(default_factory=dict)

    def note(self, german: str, english: str) -> str:
        """Keep the translation of a message, and return the message."""
        self.messages[german] = english
        return german

    def sentence(self) -> tuple[str, str]:
        """A sentence in both languages."""
        german, english = self.random.choice(SENTENCES)
        (a, x), (b, y) = self.random.sample(WORDS, 2)
        year = self.random.randint(1997, 2026)
        return german.format(a, b, year), english.format(x, y, year)

    def heading(self, level: int, german: str, english: str) -> None:
        """A heading."""
        self.lines += ["#" * level + " " + self.note(german, english), ""]

    def paragraph(self, sentences: int, link: str = "") -> None:
        """A paragraph, with a link to another page."""
        pairs = [self.sentence() for _ in range(sentences)]
        if link:
            pairs.append((f"Mehr in [{link}](/{link}.md).", f"More in [{link}](/{link}.md)."))
        self.note(" ".join(p[0] for p in pairs), " ".join(p[1] for p in pairs))
        self.lines += [*(pair[0] for pair in pairs), ""]

    def items(self, count: int) -> None:
        """A list, with emphasis."""
        for _ in range(count):
            german, english = self.sentence()
            self.lines.append("- " + self.note(f"**Punkt** {german}", f"**Point** {english}"))
        self.lines.append("")

    def table(self, rows: int) -> None:
        """A table of three columns."""
        self.lines += ["| Vorhaben | Ort | Jahr |", "| --- | --- | --- |"]
        for german, english in (("Vorhaben", "Project"), ("Ort", "Place"), ("Jahr", "Year")):
            self.note(german, english)
        for _ in range(rows):
            cells = [self.note(*self.random.choice(WORDS)) for _ in range(3)]
            self.lines.append("| " + " | ".join(cells) + " |")
        self.lines.append("")


def name(number: int) -> str:
    """The page with this number: of three, one is a statement."""
    if number % 3 == 2:
        return f"statements/papier-{number:05}"
    return f"news/{1997 + number % 30}/meldung-{number:05}"


def generated(count: int) -> Iterator[tuple[str, Page]]:
    """News items and statements, spread over thirty years. The same number gives the same."""
    for number in range(count):
        page = Page(random.Random(number), [])
        kind = "statement" if number % 3 == 2 else "meeting"
        page.head = [
            f"description: {page.note(*page.sentence())}",
            f"date: {1997 + number % 30}-{1 + number // 30 % 12:02}-11", f"kind: {kind}",
            "sources:", f"  - text: {page.note('Webseite', 'Web page')}",
            "    url: https://www.bbsr.bund.de/", "    read: 2026",
        ]  # fmt: skip
        page.heading(1, f"Meldung {number} der Regionen", f"Item {number} of the regions")
        page.paragraph(3)
        page.paragraph(3, name((number * 7 + 1) % count))
        page.items(5)
        page.heading(2, "Wie es weitergeht", "What happens next")
        page.paragraph(4)
        if kind == "statement":
            page.heading(2, "Was bekannt ist", "What is known")
            page.table(6)
            page.heading(2, "Einordnung", "Context")
            page.paragraph(4)
        yield name(number), page


def frame(count: int, plain: bool) -> Iterator[tuple[str, Page]]:
    """The pages around them; plain Sphinx has its pages in toctrees, as is usual."""
    blocks = {"news": "news-archive", "statements": "statement-list", "legal": ""}
    names = [name(number).partition("/") for number in range(count)] if plain else []
    indexes: dict[str, list[str]] = {
        folder: ["```{toctree}", ":hidden:", *(rest for top, _, rest in names if top == folder)]
        if plain else [f"```{{{block}}}"] if block else []
        for folder, block in blocks.items()
    }  # fmt: skip
    tops = [f"{folder}/index" for folder in blocks]
    pages = {f"{folder}/index": lines for folder, lines in indexes.items()}
    for docname, lines in (*pages.items(), ("index", ["```{toctree}", ":hidden:", *tops])):
        page = Page(random.Random(0), ["description: Eine Seite, die nur zum Messen da ist."])
        page.note("Eine Seite, die nur zum Messen da ist.", "A page that is only measured.")
        page.heading(1, f"Seite {docname}", f"Page {docname}")
        page.lines += [*lines, "```"] if lines else []
        yield docname, page


def write(target: Path, count: int, plain: bool) -> None:
    """Write a project into a new folder."""
    target.mkdir(parents=True)
    if plain:
        (target / "conf.py").write_text(PLAIN_CONF, encoding="utf-8")
    else:
        for entry in FRAME:
            source = ROOT / entry
            copy = shutil.copytree if source.is_dir() else shutil.copy2
            copy(source, target / entry)
        (target / "data/redirects.yaml").write_text("", encoding="utf-8")
        for source in ROOT.glob("locales/*/LC_MESSAGES/*.po"):
            if source.stem in ("sphinx", "data"):
                copied = target / source.relative_to(ROOT)
                copied.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, copied)
    for docname, page in (*frame(count, plain), *generated(count)):
        file = target / f"{docname}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(["---", *page.head, "---", "", *page.lines]), encoding="utf-8")
        catalogue = polib.POFile()
        catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Language": "en"}
        catalogue.extend(polib.POEntry(msgid=a, msgstr=b) for a, b in page.messages.items())
        file = target / "locales/en/LC_MESSAGES" / f"{docname}.po"
        file.parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(file))


def measure(project: Path, commands: list[list[str]]) -> tuple[float, float, float]:
    """Run commands at the same time: seconds, seconds of CPU, MB of the largest process."""
    started = time.monotonic()
    running = [
        subprocess.Popen([sys.executable, "-X", "utf8", *command], cwd=project,
                         stdout=subprocess.DEVNULL)
        for command in commands
    ]  # fmt: skip
    cpu = memory = 0.0
    for process in running:
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            raise SystemExit(f"{' '.join(commands[0])} failed in {project}")
        cpu += usage.ru_utime + usage.ru_stime
        memory = max(memory, usage.ru_maxrss / 1000)
    return time.monotonic() - started, cpu, memory


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(prog="make bench", description=main.__doc__)
    parser.add_argument("pages", type=int, nargs="*", default=[30, 300])
    parser.add_argument("--site-only", action="store_true", help="do not run plain Sphinx")
    arguments = parser.parse_args()
    options = ["-m", "sphinx", "-b", "html", "-E", "-q"]
    plain = [[*options, "-D", f"language={code}", ".", f"out/{code}"] for code in ("de", "en")]
    print(f"{'pages':>6} {'what':12} {'seconds':>8} {'CPU s':>8} {'MB':>6}")
    for count in arguments.pages:
        seen = {}
        for what, commands in (("this site", [["tools/build_site.py"]]), ("plain Sphinx", plain)):
            if arguments.site_only and commands is plain:
                continue
            with tempfile.TemporaryDirectory(prefix="bench-") as folder:
                write(Path(folder) / "site", count, plain=commands is plain)
                seen[what] = measure(Path(folder) / "site", commands)
            seconds, cpu, memory = seen[what]
            print(f"{count:6} {what:12} {seconds:8.1f} {cpu:8.1f} {memory:6.0f}", flush=True)
        if len(seen) == 2:
            wall, cpu = (seen["plain Sphinx"][i] / seen["this site"][i] for i in (0, 1))
            print(f"{count:6} {'ratio':12} {wall:8.1f} {cpu:8.1f}", flush=True)


if __name__ == "__main__":
    main()
