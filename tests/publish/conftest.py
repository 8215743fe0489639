# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""What the tests of publishing share: a release, real web servers on loopback."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from ikm_site.publish import release as releases
from tests.conftest import ROOT, locked, needs

BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")


def publish(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """One of the commands behind `make publish`."""
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "ikm_site.publish", *map(str, arguments)],
        cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="session")
def release(shared: Path, site: Path) -> Path:
    """The release of the built site; tests must not change it."""
    target = shared / "release"
    with locked(shared / "release.lock"):
        if not target.is_dir():
            releases.make(ROOT, site, target)
    return target


@dataclass
class Answer:
    """What a server said."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Server:
    """A web server on loopback."""

    name: str
    port: int
    logs: Path

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask for an address, which is sent as it stands."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(
                method, path, headers={key.replace("_", "-"): v for key, v in headers.items()}
            )
            answer = connection.getresponse()
            seen: dict[str, str] = {}
            for key, value in answer.getheaders():
                assert key.lower() not in seen or key.lower() == "vary", f"{key} twice"
                seen[key.lower()] = value
            return Answer(answer.status, seen, answer.read())
        finally:
            connection.close()

    def raw(self, request: bytes) -> bytes:
        """Send bytes as they are; gives what comes back until the server hangs up."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
            answer = b""
            # A server may hang up in the middle of an attack.
            with contextlib.suppress(OSError):
                connection.sendall(request)
                connection.shutdown(socket.SHUT_WR)
            with contextlib.suppress(ConnectionResetError):
                while part := connection.recv(65536):
                    answer += part
            return answer


@contextmanager
def open_folder() -> Iterator[Path]:
    """A new folder that other accounts can read, as which servers run; pytest's are closed."""
    with tempfile.TemporaryDirectory(prefix="ikm-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def running(
    name: str, command: list[str], port: int, logs: Path, **environment: str
) -> Iterator[Server]:
    """A server while the block runs."""
    logs.mkdir(exist_ok=True)
    output = (logs / "output").open("wb")
    # A server that is not root opens it once more, as /dev/stdout.
    (logs / "output").chmod(0o666)
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
        env={**os.environ, **environment},
    )  # fmt: skip
    try:
        for _ in range(200):
            if process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        assert process.poll() is None, (logs / "output").read_text("utf-8", "replace")
        yield Server(name, port, logs)
    finally:
        process.terminate()
        process.wait(20)
        output.close()


@contextmanager
def nginx(target: Path, *, brotli: bool = False) -> Iterator[Server]:
    """nginx with the configuration of the target's live release."""
    program = needs("nginx", "nginx")
    port = free_port()
    name = "nginx-brotli" if brotli else "nginx"
    text = (target / "current/server" / f"{name}.conf").read_text("utf-8")
    # Only what a second server on one machine needs to differ in.
    text = text.replace("listen 8080", f"listen 127.0.0.1:{port}")
    text = text.replace("include ", "include current/server/")
    text = text.replace("/dev/stdout", "run/access.log")
    (target / f"{name}-test.conf").write_text(text, encoding="utf-8")
    command = [program, "-p", f"{target}/", "-c", f"{name}-test.conf"]
    if os.geteuid() == 0:
        # The folders of tests are closed to nobody, as whom nginx would go on.
        command += ["-g", "user root;"]
    with running(name, command, port, target / "run") as server:
        yield server


@contextmanager
def apache(target: Path) -> Iterator[Server]:
    """Apache with its own defaults and the .htaccess of the target's live release."""
    program = needs("apache2", "apache2")
    port = free_port()
    run = target / "run"
    text = (ROOT / "deploy/apache.conf").read_text("utf-8")
    head, _, rest = text.partition("<VirtualHost *:80>")
    site = rest.partition("</VirtualHost>")[2].replace("*:443", f"127.0.0.1:{port}")
    plain = "\n".join(line for line in (head + site).splitlines() if "SSL" not in line)
    modules = ("mpm_event", "authz_core", "dir", "headers", "mime", "rewrite")
    loads = "".join(f"LoadModule {m}_module /usr/lib/apache2/modules/mod_{m}.so\n" for m in modules)
    (target / "apache-test.conf").write_text(
        f"ServerRoot {target}\nPidFile {run}/apache.pid\nErrorLog {run}/main.log\n"
        f"Listen 127.0.0.1:{port}\n"
        f"ServerName localhost\nDefine IKM_HOST localhost\nDefine IKM_ROOT {target}/current/site\n"
        f"Define APACHE_LOG_DIR {run}\n{loads}"
        + ("User nobody\nGroup nogroup\n" if os.geteuid() == 0 else "")
        + "TypesConfig /dev/null\n"
        + "<Directory />\nAllowOverride None\nRequire all denied\n</Directory>\n"
        + plain,
        encoding="utf-8",
    )
    command = [program, "-f", str(target / "apache-test.conf"), "-DFOREGROUND"]
    with running("apache", command, port, run) as server:
        yield server


@contextmanager
def caddy(target: Path) -> Iterator[Server]:
    """Caddy with the Caddyfile of the target's live release."""
    program = needs("caddy", "caddy")
    port = free_port()
    environment = {
        "IKM_ADDRESS": f"http://:{port}",
        "IKM_ROOT": f"{target}/current/site",
        "IKM_LOG": f"file {target}/run/access.log",
        "XDG_DATA_HOME": str(target / "run"), "XDG_CONFIG_HOME": str(target / "run"),
    }  # fmt: skip
    command = [
        program, "run", "--adapter", "caddyfile", "--config",
        str(target / "current/server/Caddyfile"),
    ]  # fmt: skip
    with running("caddy", command, port, target / "run", **environment) as server:
        yield server


def _nginx_brotli(target: Path) -> AbstractContextManager[Server]:
    if not BROTLI.exists():
        needs("nginx-brotli", "libnginx-mod-http-brotli-static")
    return nginx(target, brotli=True)


SERVERS: dict[str, Callable[[Path], AbstractContextManager[Server]]] = {
    "nginx": nginx, "nginx-brotli": _nginx_brotli, "apache": apache, "caddy": caddy,
}  # fmt: skip


@pytest.fixture(scope="module", params=sorted(SERVERS))
def server(request: pytest.FixtureRequest, release: Path) -> Iterator[Server]:
    """The release, published to a folder and answered for by a real server."""
    with open_folder() as target:
        result = publish("put", "--target", target, "--source", release)
        assert result.returncode == 0, result.stdout + result.stderr
        with SERVERS[request.param](target) as running_server:
            yield running_server
