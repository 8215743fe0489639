# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The command behind `make bench`."""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ikm_site.bench import __doc__ as description
from ikm_site.bench import reader
from ikm_site.bench.command import measure, size
from ikm_site.bench.content import generate, pages
from ikm_site.catalogues import files

#: Plain Sphinx + Furo is not run beyond this: with 3,000 pages it does not end in time.
PLAIN_LIMIT = 300


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


#: What readers look for: a place, compounds, two words, a misspelt one, half of a compound.
_QUERIES = (
    "Nürnberg", "Wasserstoffstrategie", "Klimapolitik Leipzig", "Positionspapier 8",
    "Verkehrspolitk", "Konferenz",
)  # fmt: skip
_OWN_QUERIES = ("Hamburg", "Raumordnung", "Leipzig Charta", "Jakob Richter", "Stuttgard")

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
            edit(project)
        result[name] = asdict(measure(command, project))
        print(f"  {name:9} {result[name]['seconds']:7.1f} s", file=sys.stderr, flush=True)
    built = project / "_build" / "html"
    result["output"] = size(built)
    result["reader"] = reader.read(
        built / "de" if plain else built,
        next(f"{name}.html" for name, _ in pages(count) if name.startswith("statements/")),
        () if plain else _QUERIES,
    )
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
    built = project / "_build" / "html"
    result["output"] = size(built)
    result["pages"] = len(list(built.rglob("*.html")))
    result["reader"] = reader.read(built, "about/history.html", _OWN_QUERIES)
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


def _reader_line(name: str, result: dict[str, Any] | None) -> str:
    if result is None:
        return f"{name:11} not measured: chromium is missing; on Debian: apt install chromium"
    page = result["page"]
    searches = ", ".join(
        f"latency {latency}: {min(found.values())} to {max(found.values())}"
        for latency, found in result.get("search", {}).items()
    )
    return (
        f"{name:11} {page['bytes'] / 1e3:7.1f} {page['requests']:8} {page['lcp']:7} "
        f"{page['tbt']:7}    {searches}"
    )


def main() -> int:
    """Run `make bench`."""
    parser = argparse.ArgumentParser(
        prog="make bench", description=(description or "").partition("\n")[0]
    )
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
    print("\na phone     page kB requests  LCP ms  TBT ms    first result of a search, ms")
    for name, result in results.items():
        print(_reader_line(name, result["reader"]))
    print(f"\ntimes as fast as plain: {report['ratio']}; growth 300 → 3,000: {report['exponent']}")
    print(f"written to {options.json}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
