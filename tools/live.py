# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Show one language of the site on this machine and follow each change (`make live`).

Each change starts an ordinary incremental `sphinx-build`. Pages load themselves again when it is
done, and show what it found wrong. (The policy of the pages stops the script of sphinx-autobuild.)
"""

from __future__ import annotations

import argparse
import html
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
#: Folders in which nothing of the site is written.
IGNORED = {"_build", "node_modules", "tests", "tools", "docs", "deploy", "__pycache__"}
SCRIPT = b"""const seen = document.currentScript.dataset.seen;
setInterval(async () => {
  const answer = await fetch("/_live").catch(() => null);
  if (answer?.ok && (await answer.text()) !== seen) location.reload();
}, 300);
"""


@dataclass
class Builds:
    """The builds: how many there have been, and what the last one said."""

    command: list[str]
    count: int = 0
    said: str = ""

    def run(self) -> None:
        """Build once."""
        started = time.monotonic()
        result = subprocess.run(
            self.command, cwd=ROOT, stderr=subprocess.PIPE, text=True, check=False
        )
        said = result.stderr.replace(f"{ROOT}{os.sep}", "").strip()
        self.said = said or ("sphinx-build ist gescheitert" if result.returncode else "")
        self.count += 1
        state = f"{self.said}\nMit Fehlern gebaut" if self.said else "Gebaut"
        print(f"{state} ({time.monotonic() - started:.1f} s)", flush=True)

    def follow(self) -> None:
        """Build whenever a file changes."""
        before: dict[str, int] = {}
        while True:
            if (now := dict(files(ROOT))) != before:
                before = now
                self.run()
            time.sleep(0.2)


def files(folder: Path) -> Iterator[tuple[str, int]]:
    """The files of the site with their times, without hidden ones and what editors leave."""
    for entry in os.scandir(folder):
        if entry.name in IGNORED or entry.name.startswith((".", "#")):
            continue
        if entry.is_dir():
            yield from files(Path(entry.path))
        elif entry.is_file() and not entry.name.endswith(("~", ".mo", ".tmp")):
            yield entry.path, entry.stat().st_mtime_ns


class Handler(SimpleHTTPRequestHandler):
    """Serves the pages, each with the script that follows the builds."""

    builds: Builds

    def do_GET(self) -> None:
        """Answer under this machine's own names alone, so that no other site can ask."""
        path = urlsplit(self.path).path
        if urlsplit(f"//{self.headers['Host']}").hostname not in ("127.0.0.1", "localhost"):
            self.answer("text/plain", b"http://localhost\n", status=403)
        elif path == "/_live":
            self.answer("text/plain", str(self.builds.count).encode())
        elif path == "/_live.js":
            self.answer("text/javascript", SCRIPT)
        elif path.endswith(("/", ".html")):
            name = path + "index.html" if path.endswith("/") else path
            file = Path(self.translate_path(name))
            self.answer("text/html", self.page(file), status=200 if file.is_file() else 404)
        else:
            super().do_GET()

    def page(self, file: Path) -> bytes:
        """A page with the script, which its policy then allows, and with what is wrong."""
        file = file if file.is_file() else Path(self.directory) / "404.html"
        text = file.read_text("utf-8") if file.is_file() else "<!doctype html><body></body>"
        none = "default-src &#39;none&#39;"  # as the template escapes it
        text = text.replace(none, f"{none}; script-src &#39;self&#39;", 1)
        said = f"<pre role='alert'>{html.escape(self.builds.said)}</pre>" * bool(self.builds.said)
        script = f'<script src="/_live.js" data-seen="{self.builds.count}"></script>'
        return text.replace("<body>", f"<body>{said}{script}", 1).encode()

    def answer(self, kind: str, content: bytes, status: int = 200) -> None:
        """Send a whole answer."""
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing about requests."""


def main() -> None:
    """Run `make live`."""
    parser = argparse.ArgumentParser(prog="make live", description=__doc__)
    parser.add_argument("--language", default="de")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("sphinxopts", nargs="*")
    options = parser.parse_args()
    out = ROOT / "_build/live" / options.language
    command = [sys.executable, "-X", "utf8", "-m", "sphinx", "-b", "html", "-q", "--no-color",
               "-d", f"{out}.doctrees", "-D", f"language={options.language}",
               *options.sphinxopts, str(ROOT), str(out)]  # fmt: skip
    builds = Handler.builds = Builds(command)
    try:
        server = ThreadingHTTPServer(("127.0.0.1", options.port), partial(Handler, directory=out))
    except OSError as error:
        advice = f"nehmen Sie einen anderen: make live PORT={options.port + 1}"
        sys.exit(f"Port {options.port}: {error.strerror}; {advice}")
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{options.port}/ zeigt die Seiten; Strg+C beendet.", flush=True)
    try:
        builds.follow()
    except KeyboardInterrupt:
        print()


if __name__ == "__main__":
    main()
