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
import re
import shutil
import subprocess
import sys
import tempfile
import time
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


#: A message in a page that is being written, in both languages: «German|English».
MESSAGE = re.compile(r"«(.*?)\|(.*?)»", re.DOTALL)
FRONT_MATTER = """---
description: {description}
date: {year}-{month:02}-11
kind: {kind}
sources:
  - text: «Webseite|Web page»
    url: https://www.bbsr.bund.de/
    read: 2026
---

"""
STATEMENT = """
## «Was bekannt ist|What is known»

| «Vorhaben|Project» | «Ort|Place» | «Jahr|Year» |
| --- | --- | --- |
{rows}

## «Einordnung|Context»

{text}
"""


def name(number: int) -> str:
    """The page with this number: of three, one is a statement."""
    if number % 3 == 2:
        return f"statements/papier-{number:05}"
    return f"news/{1997 + number % 30}/meldung-{number:05}"


def message(source: random.Random, sentences: int, link: str = "", before: str = "|") -> str:
    """A message of random sentences, with a link to another page."""
    pairs = []
    for _ in range(sentences):
        german, english = source.choice(SENTENCES)
        (a, x), (b, y) = source.sample(WORDS, 2)
        year = source.randint(1997, 2026)
        pairs.append((german.format(a, b, year), english.format(x, y, year)))
    if link:
        pairs.append((f"Mehr in [{link}](/{link}.md).", f"More in [{link}](/{link}.md)."))
    german, english = (
        start + " ".join(pair[side] for pair in pairs)
        for side, start in enumerate(before.split("|"))
    )
    return f"«{german}|{english}»"


def item(number: int, count: int) -> str:
    """A news item or statement, spread over thirty years. The same number gives the same."""
    source = random.Random(number)
    kind = "statement" if number % 3 == 2 else "meeting"
    text = FRONT_MATTER.format(
        description=message(source, 1), year=1997 + number % 30, month=1 + number // 30 % 12,
        kind=kind,
    )  # fmt: skip
    text += f"# «Meldung {number} der Regionen|Item {number} of the regions»\n\n"
    text += f"{message(source, 3)}\n\n{message(source, 3, name((number * 7 + 1) % count))}\n\n"
    text += "".join(f"- {message(source, 1, before='**Punkt** |**Point** ')}\n" for _ in range(5))
    text += f"\n## «Wie es weitergeht|What happens next»\n\n{message(source, 4)}\n"
    if kind == "statement":
        cells = ["«{}|{}»".format(*source.choice(WORDS)) for _ in range(18)]
        rows = "\n".join(f"| {' | '.join(cells[row : row + 3])} |" for row in range(0, 18, 3))
        text += STATEMENT.format(rows=rows, text=message(source, 4))
    return text


def frame(count: int, plain: bool) -> dict[str, str]:
    """The pages around them; plain Sphinx has its pages in toctrees, as is usual."""
    blocks = {"news": "news-archive", "statements": "statement-list", "legal": ""}
    inside = {"index": ["{toctree}", ":hidden:", *(f"{folder}/index" for folder in blocks)]}
    for folder, block in blocks.items():
        names = [name(number) for number in range(count) if name(number).startswith(f"{folder}/")]
        toctree = ["{toctree}", ":hidden:", *(entry.partition("/")[2] for entry in names)]
        inside[f"{folder}/index"] = toctree if plain else [f"{{{block}}}"] if block else []
    description = "«Eine Seite, die nur zum Messen da ist.|A page that is only measured.»"
    return {
        docname: f"---\ndescription: {description}\n---\n\n# «Seite {docname}|Page {docname}»\n"
        + ("\n".join(["", f"```{lines[0]}", *lines[1:], "```", ""]) if lines else "")
        for docname, lines in inside.items()
    }


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
    pages = frame(count, plain) | {name(number): item(number, count) for number in range(count)}
    for docname, text in pages.items():
        file = target / f"{docname}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(MESSAGE.sub(r"\1", text), encoding="utf-8")
        catalogue = polib.POFile()
        catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Language": "en"}
        messages = dict(MESSAGE.findall(text))
        catalogue.extend(polib.POEntry(msgid=de, msgstr=en) for de, en in messages.items())
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
