# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""What the tests of publishing share: a small site, a place to publish from, real servers."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from typing import NamedTuple

import pytest

from ikm_site.navigation import POLICY
from tests.conftest import ROOT, free_port, needs

#: Fields of the organisation that are not filled in, and what to fill in for a test.
EMPTY = re.compile(r'^(\w+): ""$', re.MULTILINE)
FILLED = {"email": "buero@example.org", "phone": "+49 40 123456"}


#: How a page begins.
HEAD = (
    '<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n'
    f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
)


def make_site(folder: Path, version: str, files: dict[str, str] | None = None) -> Path:
    """A site of a few pages, whose style sheet has the digest of its content in its name."""
    shutil.rmtree(folder, ignore_errors=True)
    style = f"/* {version} */ body {{ color: black }}\n"
    name = f"site.{hashlib.sha256(style.encode()).hexdigest()[:8]}.css"
    pages = {"index.html": "", "about/index.html": "../", "en/index.html": "../", "404.html": "/"}
    for path, text in {
        f"_static/{name}": style,
        "data/population.csv": "Region;Einwohner\nMünchen;1\n",
        ".redirects.map": "/mitglieder/* /regions/;\n",
        **{
            path: f'{HEAD}<title>{version}</title><link rel="stylesheet" '
            f'href="{up}_static/{name}"><p>{version}</p>' + "<p>Wort</p>" * 500
            for path, up in pages.items()
        },
        **(files or {}),
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


@dataclass
class Office:
    """A place to publish from.

    Attributes:
        root: a copy of what publishing needs of the project.
        target: the folder to publish to.
    """

    root: Path
    target: Path

    def command(self, name: str, *, shell: str = ":", **environment: str) -> subprocess.Popen[str]:
        """Start one of the commands of `deploy/publish.sh`, after one of the shell."""
        settings = {"TARGET": str(self.target), "SITE": str(self.root / "site"), **environment}
        return subprocess.Popen(
            ["bash", "-c", f"{shell}; exec deploy/publish.sh {name}"],
            cwd=self.root, env={**os.environ, **settings}, text=True, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def run(self, name: str, *, fails: bool = False, shell: str = ":", **environment: str) -> str:
        """Run one of the commands; gives what it said."""
        process = self.command(name, shell=shell, **environment)
        said, _ = process.communicate(timeout=120)
        assert bool(process.returncode) is fails, said
        assert "Traceback" not in said
        return said

    def publish(self, version: str, **files: str) -> str:
        """Publish a version of the small site; gives the release's name."""
        make_site(self.root / "site", version, files)
        self.run("publish")
        return self.live

    @property
    def live(self) -> str:
        """The name of the release that readers see."""
        return (self.target / "current").readlink().name

    @property
    def releases(self) -> list[str]:
        """All that lies beside the releases, hidden files too."""
        return sorted(path.name for path in (self.target / "releases").iterdir())


#: Stands for the gate, which takes half a second and has tests of its own.
OPEN_GATE = "import pathlib, sys\nsys.stdin.read()\n"


def office_in(folder: Path, target: Path, *, gate: bool) -> Office:
    """A place to publish from, with nothing to object to; *gate*: with the real gate."""
    needs("rsync", "rsync")
    root = folder / "Büro und mehr"
    for name in ("deploy/publish.sh", "tools/gate.py", "data/organisation.yaml"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    for name in (".venv", "ikm_site"):
        (root / name).symlink_to(ROOT / name)
    facts = root / "data/organisation.yaml"
    text = EMPTY.sub(
        lambda m: f'{m[1]}: "{FILLED.get(m[1], "" if m[1].endswith("url") else "Muster")}"',
        facts.read_text("utf-8"),
    )
    facts.write_text(text, encoding="utf-8")
    if not gate:
        (root / "tools/gate.py").write_text(OPEN_GATE, encoding="utf-8")
    make_site(root / "site", "eins")
    return Office(root, target)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A place to publish from; other accounts can read the target."""
    with open_folder() as folder:
        yield office_in(tmp_path, folder / "ziel", gate=False)


@contextmanager
def open_folder() -> Iterator[Path]:
    """A new folder that other accounts can read, as which servers run; pytest's are closed."""
    with tempfile.TemporaryDirectory(prefix="ikm-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


class Answer(NamedTuple):
    """What a server said."""

    status: int
    headers: HTTPMessage
    body: bytes


@dataclass
class Server:
    """A web server on loopback."""

    name: str
    port: int
    log: Path
    site: Path = Path()

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask for an address, which is sent as it stands."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        with contextlib.closing(connection):
            sent = {key.replace("_", "-"): value for key, value in headers.items()}
            connection.request(method, path, headers=sent)
            answer = connection.getresponse()
            names = [name.lower() for name in answer.headers if name.lower() != "vary"]
            assert len(names) == len({*names}), "a header stands twice"
            return Answer(answer.status, answer.headers, answer.read())

    def raw(self, method: str, path: str) -> bytes:
        """Ask as no library would; gives what comes back until the server hangs up."""
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nX-Secret: x\r\nConnection: close\r\n\r\n"
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
            connection.sendall(head.encode("latin-1"))
            return b"".join(iter(lambda: connection.recv(65536), b""))


@contextmanager
def running(name: str, command: list[str], port: int, log: Path) -> Iterator[Server]:
    """A program that answers at a port of loopback, ended at the end of the context."""
    output = log.with_name("output")
    with output.open("wb") as handle:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=handle, stderr=handle)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            assert process.poll() is None, output.read_text("utf-8", "replace")
            time.sleep(0.05)
        yield Server(name, port, log)
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def nginx(target: Path, run: Path) -> Iterator[Server]:
    """nginx with `deploy/nginx.conf`; only folder, port and log are those of a test."""
    program, port = needs("nginx", "nginx-light"), free_port()
    text = (ROOT / "deploy/nginx.conf").read_text("utf-8")
    text = text.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("listen [::]:80;", "")
    text = text.replace("/srv/ikm", str(target)).replace("/var/log/nginx", str(run))
    temporary = "".join(
        f"{kind}_temp_path {run}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (run / "nginx.conf").write_text(
        f"daemon off;\npid {run}/pid;\nworker_processes 2;\nevents {{}}\nhttp {{\n{temporary}{text}}}\n",
        encoding="utf-8",
    )
    with running(
        "nginx", [program, "-e", "stderr", "-c", str(run / "nginx.conf")], port, run / "access.log"
    ) as server:
        yield server


@contextmanager
def apache(target: Path, run: Path) -> Iterator[Server]:
    """Apache with `deploy/apache.conf`; only folder, port and log are those of a test."""
    program, port = needs("apache2", "apache2"), free_port()
    text = (ROOT / "deploy/apache.conf").read_text("utf-8")
    text = text.replace("*:80", f"127.0.0.1:{port}").replace("/srv/ikm", str(target))
    modules = ["mpm_event", "authz_core", "deflate", "dir", "filter", "headers", "mime", "rewrite"]
    loads = "".join(f"LoadModule {m}_module /usr/lib/apache2/modules/mod_{m}.so\n" for m in modules)
    (run / "apache.conf").write_text(
        f"ServerRoot {run}\nPidFile {run}/pid\nErrorLog {run}/error.log\nListen 127.0.0.1:{port}\n"
        f"ServerName localhost\nDefine APACHE_LOG_DIR {run}\n{loads}TypesConfig /etc/mime.types\n"
        + ("User www-data\nGroup www-data\n" if os.geteuid() == 0 else "")
        + f"<Directory />\nAllowOverride None\nRequire all denied\n</Directory>\n{text}",
        encoding="utf-8",
    )
    with running(
        "apache",
        [program, "-f", str(run / "apache.conf"), "-DFOREGROUND"],
        port,
        run / "access.log",
    ) as server:
        yield server
