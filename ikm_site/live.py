# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Show one language in the browser and follow each change (`make live`).

One process keeps Sphinx's environment. After a change it reads what has changed, at once; a
page is written when the browser asks for it, so that every page is always right, whatever of
the others it shows, and the time does not grow with their number.
"""

from __future__ import annotations

import gettext
import logging
import os
import pickle
import sys
import threading
import traceback
from collections.abc import Iterable
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import sphinx.locale
from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.errors import SphinxError
from sphinx.util.build_phase import BuildPhase
from sphinx.util.parallel import SerialTasks
from watchfiles import BaseFilter, Change, watch

from ikm_site.catalogues import files
from ikm_site.catalogues.check import check
from ikm_site.languages import Language, language

#: Where the script and the news of changes are; no page has such a name.
_RELOAD, _EVENTS = "/_live/reload.js", "/_live/events"
_SCRIPT = f'new EventSource("{_EVENTS}").onmessage = () => location.reload();\n'


class Filter(BaseFilter):
    """What makes a page: not what is built, nor what belongs to the tools."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self.root = root

    def __call__(self, _change: Change, path: str) -> bool:
        """Whether a change is of interest."""
        name = Path(path)
        try:
            first = name.relative_to(self.root).parts[0]
        except (ValueError, IndexError):
            return False
        return (
            first not in {"_build", "node_modules", "tests"}
            and not any(part.startswith((".", "__")) for part in name.relative_to(self.root).parts)
            and not name.name.endswith(("~", ".mo", ".tmp"))
        )


def needs_restart(path: Path, root: Path) -> bool:
    """Whether a file is read once, when Sphinx begins: programs, data, common words."""
    name = path.relative_to(root)
    return (
        name.suffix == ".py"
        or name.parts[0] == "data"
        or (name.suffix == ".po" and name.stem in files.COMMON_DOMAINS and len(name.parts) == 4)
        or name.suffix == ".csv"
    )


class Preview:
    """The site in one language, always as its sources are now."""

    def __init__(self, root: Path, out: Path, chosen: Language) -> None:
        """Read the sources.

        Args:
            root: the project's folder.
            out: where pages and doctrees go; kept for the next start.
            chosen: the language to show.

        Raises:
            SphinxError: the configuration or the data are wrong.
        """
        self.root, self.language = root, chosen
        self.out = out / chosen.code
        self.lock = threading.RLock()
        self.changed = threading.Condition()
        #: Counts the changes; what was written at an earlier count is stale.
        self.count = 1
        self.written: dict[str, int] = {}
        self.complete = 0
        self._generated: tuple[int, dict[str, tuple[dict[str, Any], str]]] = 0, {}
        for problem in files.compile_all(chosen.code, root / files.LOCALES):
            print(f"live: {problem}", file=sys.stderr)
        self.app = Sphinx(
            srcdir=root,
            confdir=root,
            outdir=self.out,
            doctreedir=out / f".doctrees-{chosen.code}",
            buildername="html",
            confoverrides={"language": chosen.code},
            status=None,
        )
        builder: Any = self.app.builder
        self.builder = builder
        # A template may change between two pages.
        builder.templates.environment.auto_reload = True
        self._copy_assets = builder.copy_assets
        builder.finish_tasks = SerialTasks()
        self.read()
        self.save()
        builder.prepare_writing(set())
        self._copy_assets()
        builder.copy_assets = lambda: None

    def generated(self) -> dict[str, tuple[dict[str, Any], str]]:
        """Pages without a source of their own, such as lists by year: context and template."""
        with self.lock:
            if self._generated[0] != self.count:
                pages = {
                    name: (context, template)
                    for found in self.app.events.emit("html-collect-pages")
                    for name, context, template in found
                }
                self._generated = self.count, pages
            return self._generated[1]

    def has(self, docname: str) -> bool:
        """Whether there is such a page."""
        # While it reads, Sphinx forgets all pages and looks for them anew.
        with self.lock:
            return docname in self.app.env.found_docs or docname in self.generated()

    def read(self) -> None:
        """Read the pages that have changed."""
        self.builder.phase = BuildPhase.READING
        self.builder.read()
        # What was read before must not be written again.
        self.app.env._pickled_doctree_cache.clear()
        self.app.env.check_consistency()

    def save(self) -> None:
        """Keep what has been read for the next start."""
        with (self.app.doctreedir / ENV_PICKLE_FILENAME).open("wb") as file:
            pickle.dump(self.app.env, file, pickle.HIGHEST_PROTOCOL)

    def update(self, paths: Iterable[Path]) -> None:
        """Follow changes of files; a mistake in one of them is shown and changes nothing."""
        with self.lock:
            try:
                for path in sorted(paths):
                    if path.suffix == ".po":
                        self._translate(path)
                if any("_static" in path.parts for path in paths):
                    self._copy_assets()
                self.read()
            except SphinxError as error:
                print(f"live: {error}", file=sys.stderr, flush=True)
                return
        with self.changed:
            self.count += 1
            self.changed.notify_all()

    def _translate(self, path: Path) -> None:
        """Compile a catalogue anew; a broken one leaves the translation as it was."""
        compiled = path.with_suffix(".mo")
        if not path.is_file():
            compiled.unlink(missing_ok=True)
        else:
            findings = check(path, form=False)
            for finding in findings:
                print(f"live: {finding}", file=sys.stderr, flush=True)
            problem = files.compile_one(path, self.language.code)
            if problem is not None:
                print(f"live: {problem}", file=sys.stderr, flush=True)
        # Python and Sphinx read a catalogue once in the life of a process.
        gettext._translations.clear()  # type: ignore[attr-defined]
        folder = files.folder(self.language.code, self.root / files.LOCALES)
        if path.is_relative_to(folder):
            domain = path.relative_to(folder).with_suffix("").as_posix()
            sphinx.locale.translators.pop(("general", domain), None)

    def page(self, docname: str) -> bytes:
        """The HTML of a page as its sources are now.

        Raises:
            SphinxError: a template is wrong.
            OSError: the page cannot be read.
        """
        with self.lock:
            if self.written.get(docname) != self.count:
                if docname in self.app.env.found_docs:
                    self.builder.write([docname], [], "specific")
                else:
                    context, template = self.generated()[docname]
                    self.app.events.emit("write-started", self.builder)
                    self.builder.prepare_writing(set())
                    self.builder.handle_page(docname, dict(context), template)
                self.written[docname] = self.count
            return Path(self.builder.get_output_path(docname)).read_bytes()

    def wait(self, seen: int, seconds: float) -> int:
        """Wait so many seconds for a change after the one that was seen; the newest one."""
        with self.changed:
            self.changed.wait_for(lambda: self.count != seen, timeout=seconds)
            return self.count

    def build_all(self) -> None:
        """Write everything: the search index, feeds and what else depends on all pages."""
        with self.lock:
            if self.complete == self.count:
                return
            # The search must not find pages that are no longer there.
            for file in self.out.rglob("*.html"):
                if not self.has(file.relative_to(self.out).with_suffix("").as_posix()):
                    file.unlink()
            self.app.build(force_all=True)
            self.complete = self.count
            self.written = dict.fromkeys((*self.app.env.found_docs, *self.generated()), self.count)


class Handler(SimpleHTTPRequestHandler):
    """Serves a preview; pages tell the browser to load them again after a change."""

    preview: Preview

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, directory=str(self.preview.out), **options)

    def do_GET(self) -> None:
        """Answer a request."""
        path = unquote(urlsplit(self.path).path)
        if path == _EVENTS:
            self._events()
        elif path == _RELOAD:
            self._send(_SCRIPT.encode(), "text/javascript")
        elif path.endswith(("/", ".html")):
            self._page(path)
        else:
            self._file(path)

    def _page(self, path: str) -> None:
        docname = path.strip("/").removesuffix(".html") or "index"
        if path.endswith("/") and path != "/":
            docname += "/index"
        status = HTTPStatus.OK
        if not self.preview.has(docname):
            docname, status = "404", HTTPStatus.NOT_FOUND
        try:
            html = self.preview.page(docname).decode("utf-8")
        except Exception:
            # Whatever a template does, the writer sees it and the next change mends it.
            text = traceback.format_exc()
            print(text, file=sys.stderr, flush=True)
            html = "<!doctype html><title>live</title><pre>"
            html += text.replace("&", "&amp;").replace("<", "&lt;") + "</pre></body>"
            status = HTTPStatus.INTERNAL_SERVER_ERROR
        if "script-src" not in html:
            html = html.replace("default-src 'none';", "default-src 'none'; script-src 'self';")
        html = html.replace("</body>", f'<script src="{_RELOAD}"></script></body>')
        self._send(html.encode(), "text/html; charset=utf-8", status)

    def _file(self, path: str) -> None:
        file = self.preview.out / path.lstrip("/")
        folder = path.split("/")[1]
        if not file.is_file() or folder not in {"_static", "_images", "_downloads"}:
            try:
                self.preview.build_all()
            except Exception:
                self.log_error("%s", traceback.format_exc())
        super().do_GET()

    def _send(self, body: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self) -> None:
        """Keep nothing: everything may change."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def _events(self) -> None:
        """Tell the browser about changes until it leaves."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        seen = self.preview.count
        try:
            while True:
                newest = self.preview.wait(seen, seconds=10)
                news = b"data: changed\n\n" if newest != seen else b": still here\n\n"
                self.wfile.write(news)
                self.wfile.flush()
                seen = newest
        except OSError:
            return

    def log_message(self, template: str, *arguments: Any) -> None:
        """Say nothing of what went well."""


def serve(preview: Preview, port: int) -> ThreadingHTTPServer:
    """Begin to serve a preview on this machine, in a thread of its own.

    Raises:
        OSError: the port is taken.
    """
    handler = type("BoundHandler", (Handler,), {"preview": preview})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main() -> int:
    """Run `make live`."""
    code, port = sys.argv[1], sys.argv[2]
    root = Path.cwd().resolve()
    # A package of Furo's shows the messages of all programs, which would hide ours.
    logging.getLogger("watchfiles").setLevel(logging.WARNING)
    try:
        preview = Preview(root, root / "_build" / "live", language(code))
        server = serve(preview, int(port))
    except (ValueError, OSError, SphinxError) as error:
        print(f"live: {error}", file=sys.stderr)
        return 1
    print(f"http://127.0.0.1:{server.server_port}/  (end with Ctrl-C)", flush=True)
    try:
        # Editors write a file in several steps; 50 ms without another one is the end of them.
        for changes in watch(root, watch_filter=Filter(root), step=50, debounce=400):
            paths = {Path(path) for _, path in changes}
            if any(needs_restart(path, root) for path in paths):
                print("live: begin again, for a program or the data has changed", flush=True)
                preview.save()
                server.server_close()
                os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
            preview.update(paths)
    except KeyboardInterrupt:
        pass
    preview.save()
    return 0


if __name__ == "__main__":
    sys.exit(main())
