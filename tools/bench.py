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

ROOT = Path(__file__).resolve().parent.parent
FRAME = (
    "conf.py", "data", "ikm_site", "theme", "tools", "locales/de/LC_MESSAGES/sphinx.po",
    "locales/en/LC_MESSAGES/sphinx.po", "locales/en/LC_MESSAGES/data.po",
)  # fmt: skip
PLAIN_CONF = """
extensions = ["myst_parser"]
language = "de"
locale_dirs = ["locales"]
gettext_compact = False
html_theme = "furo"
"""
#: A message in a page that is being written, in both languages: «German|English».
MESSAGE = re.compile(r"«(.*?)\|(.*?)»", re.DOTALL)
TOWNS = ("Berlin", "Bremen", "Dortmund", "Dresden", "Hamburg", "Leipzig", "Mannheim", "Stuttgart")
SENTENCES = (
    "Die Mitglieder beraten mit {0} und {1}.|The members talk with {0} and {1}.",
    "Mit **{0}** arbeiten auch Städte wie {1}.|Towns such as {1} work with **{0}**, too.",
    "Städte sollen früh in {0} und {1} beteiligt werden.|Towns take part early in {0} and {1}.",
    "Ein Papier aus {0} und {1} liegt seit {2} vor.|A paper of {0} and {1} exists since {2}.",
)
#: A page; `{3}` is a message of three random sentences.
ITEM = """---
description: {1}
date: {year}-{month:02}-11
kind: {kind}
---

# «Meldung {number} der Regionen|Item {number} of the regions»

{3}

{4}

«Mehr steht in [Meldung {other}](/{link}.md).|Item [{other}](/{link}.md) says more.»

- {1}
- {1}
- {1}
- {1}
- {1}

## «Wie es weitergeht|What happens next»

{4}

| «Vorhaben|Project» | «Jahr|Year» |
| --- | --- |
| {1} | «um {number}|about {number}» |
| {1} | «nach {number}|after {number}» |
| {1} | «vor {number}|before {number}» |

## «Einordnung|Context»

{4}
"""


def name(number: int) -> str:
    """The page with this number: of three, one is a statement."""
    if number % 3 == 2:
        return f"statements/papier-{number:05}"
    return f"news/{1997 + number % 30}/meldung-{number:05}"


def message(source: random.Random, sentences: int) -> str:
    """A message of random sentences."""
    found = [
        source.choice(SENTENCES).format(*source.sample(TOWNS, 2), source.randint(1997, 2026))
        for _ in range(sentences)
    ]
    german, english = zip(*(sentence.split("|") for sentence in found), strict=True)
    return f"«{' '.join(german)}|{' '.join(english)}»"


def item(number: int, count: int) -> str:
    """A news item or statement, spread over thirty years. The same number gives the same."""
    source, other = random.Random(number), (number * 7 + 1) % count
    text = re.sub(r"\{(\d)\}", lambda found: message(source, int(found[1])), ITEM)
    kind = "statement" if number % 3 == 2 else "meeting"
    return text.format(
        number=number, year=1997 + number % 30, month=1 + number // 30 % 12, kind=kind,
        other=other, link=name(other),
    )  # fmt: skip


def frame(plain: bool) -> dict[str, str]:
    """The pages around them; plain Sphinx has its pages in toctrees, as is usual."""
    toctree = "{toctree}\n:hidden:\n"
    blocks = {
        "index": f"{toctree}news/index\nstatements/index\nlegal/index",
        "news/index": f"{toctree}:glob:\n\n*/*" if plain else "{news-archive}",
        "statements/index": f"{toctree}:glob:\n\n*" if plain else "{statement-list}",
        "legal/index": toctree,
    }
    head = "---\ndescription: «Eine Seite, die nur zum Messen da ist.|A page to measure.»\n---\n"
    return {
        docname: f"{head}\n# «Seite {docname}|Page {docname}»\n\n```{block}\n```\n"
        for docname, block in blocks.items()
    }


def save(file: Path, text: str) -> None:
    """Write a file and its folder."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def write(target: Path, count: int, plain: bool) -> None:
    """Write a project into a new folder."""
    if plain:
        save(target / "conf.py", PLAIN_CONF)
    else:
        for entry in FRAME:
            copy = shutil.copytree if (ROOT / entry).is_dir() else shutil.copy2
            (target / entry).parent.mkdir(parents=True, exist_ok=True)
            copy(ROOT / entry, target / entry)
        save(target / "data/redirects.yaml", "")
    pages = frame(plain) | {name(number): item(number, count) for number in range(count)}
    for docname, text in pages.items():
        save(target / f"{docname}.md", MESSAGE.sub(r"\1", text))
        messages = {"": r"Content-Type: text/plain; charset=UTF-8\n", **dict(MESSAGE.findall(text))}
        entries = [f'msgid "{de}"\nmsgstr "{en}"\n' for de, en in messages.items()]
        save(target / f"locales/en/LC_MESSAGES/{docname}.po", "\n".join(entries))


def measure(project: Path, commands: list[list[str]]) -> tuple[float, float, float]:
    """Run commands at the same time: seconds, seconds of CPU, MB of the largest process."""
    started = time.monotonic()
    running = [
        subprocess.Popen([sys.executable, *command], cwd=project, stdout=subprocess.DEVNULL)
        for command in commands
    ]
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
    runs = {"this site": [["tools/build_site.py"]], "plain Sphinx": plain}
    if arguments.site_only:
        del runs["plain Sphinx"]
    print(f"{'pages':>6} {'what':12} {'seconds':>8} {'CPU s':>8} {'MB':>6}")
    for count in arguments.pages:
        seen = []
        for what, commands in runs.items():
            with tempfile.TemporaryDirectory(prefix="bench-") as folder:
                write(Path(folder), count, plain=commands is plain)
                seen.append(measure(Path(folder), commands))
            seconds, cpu, memory = seen[-1]
            print(f"{count:6} {what:12} {seconds:8.1f} {cpu:8.1f} {memory:6.0f}", flush=True)
        if len(seen) == 2:
            seconds, cpu, _ = (theirs / ours for ours, theirs in zip(*seen, strict=True))
            print(f"{count:6} {'ratio':12} {seconds:8.1f} {cpu:8.1f}", flush=True)


if __name__ == "__main__":
    main()
