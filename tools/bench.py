"""Measure builds of many pages in two languages beside plain Sphinx and Furo (`make bench`).

Both build the same copies of two pages of this site with their English catalogues, both languages
side by side. Compare only figures of one run: machines differ, and so do their other duties.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: The pages whose text is copied: a short one for news, a long one for statements.
SHORT, LONG = "news/2023/transformation-bruessel", "about/metropolitan-regions"
CATALOGUES = "locales/en/LC_MESSAGES"
#: What is no part of the frame.
OTHERS = shutil.ignore_patterns(".*", "_build", "node_modules", "tests", "*.md", "*.pdf")
PLAIN_CONF = """
extensions = ["myst_parser"]
language = "de"
locale_dirs = ["locales"]
gettext_compact = False
html_theme = "furo"
"""
HEAD = "---\ndescription: Eine Seite, die nur zum Messen da ist.\n{}---\n"


def save(file: Path, text: str) -> None:
    """Write a file and its folder."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def write_frame(target: Path, plain: bool) -> None:
    """Write what is around the pages; plain Sphinx has them in toctrees, as is usual."""
    toctree = "{toctree}\n:hidden:\n"
    blocks = {
        "index": f"{toctree}news/index\nstatements/index\nregions/index\nlegal/index",
        "news/index": f"{toctree}:glob:\n\n*/*" if plain else "{news-archive}",
        "statements/index": f"{toctree}:glob:\n\n*" if plain else "{statement-list}",
        "regions/index": toctree,
        "legal/index": toctree,
    }
    for docname, block in blocks.items():
        save(target / f"{docname}.md", f"{HEAD.format('')}\n# Seite {docname}\n\n```{block}\n```\n")
    if plain:
        save(target / "conf.py", PLAIN_CONF)
    else:
        shutil.copytree(ROOT, target, dirs_exist_ok=True, ignore=OTHERS)
        save(target / "data/redirects.yaml", "[]")


def write_project(target: Path, count: int, plain: bool) -> None:
    """Write a project; of three pages one is a statement, news are spread over thirty years."""
    write_frame(target, plain)
    for number in range(count):
        year = 1997 + number % 30
        kind, model, name = "meeting", SHORT, f"news/{year}/meldung-{number:05}"
        if number % 3 == 2:
            kind, model, name = "statement", LONG, f"statements/papier-{number:05}"
        _, _, text = (ROOT / f"{model}.md").read_text("utf-8").split("---\n", 2)
        save(target / f"{name}.md", HEAD.format(f"date: {year}-05-11\nkind: {kind}\n") + text)
        catalogue = (ROOT / CATALOGUES / f"{model}.po").read_text("utf-8")
        save(target / CATALOGUES / f"{name}.po", catalogue)


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
                write_project(Path(folder), count, plain=commands is plain)
                seen.append(measure(Path(folder), commands))
            seconds, cpu, memory = seen[-1]
            print(f"{count:6} {what:12} {seconds:8.1f} {cpu:8.1f} {memory:6.0f}", flush=True)
        if len(seen) == 2:
            seconds, cpu, _ = (theirs / ours for ours, theirs in zip(*seen, strict=True))
            print(f"{count:6} {'ratio':12} {seconds:8.1f} {cpu:8.1f}", flush=True)


if __name__ == "__main__":
    main()
