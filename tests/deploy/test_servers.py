"""The real nginx and Apache with the configurations of `deploy/`: what readers and attackers get."""

import contextlib
import gzip
import json
import re
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from itertools import product
from pathlib import Path
from string import Template
from typing import NamedTuple

import pytest

from ikm_site.navigation import POLICY, SEARCH_POLICY
from ikm_site.redirects import MAP
from tests.conftest import PATIENCE, ROOT, cases, from_npm, needs, reserved_port, run, wait_until
from tests.deploy.conftest import make_site, new_office

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("servers")]

TYPES = dict(cases("deploy/types.tsv"))
PAGES = ("search.html", "en/search.html", "en/404.html")
OURS = "http://deutsche-metropolregionen.org"
#: What readers get with every answer.
HEADERS = {
    "strict-transport-security": "max-age=63072000",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
}
#: How long what may be kept, by its address; everything else is asked for again.
KEPT = {
    r"/_static/site\.[0-9a-f]{8}\.css": "public, max-age=31536000, immutable",
    r"/_static/font\.woff2": "public, max-age=604800",
}


class Answer(NamedTuple):
    """What a server said."""

    status: int
    headers: HTTPMessage
    body: bytes


@dataclass
class Server:
    """A web server on loopback that shows a folder, and writes its logs to another one."""

    port: int
    site: Path
    logs: Path

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask for an address, which is sent as it stands; the headers are right in any answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with contextlib.closing(connection):
            sent = {key.replace("_", "-"): value for key, value in headers.items()}
            connection.request(method, path, headers=sent)
            answer = connection.getresponse()
            found = Answer(answer.status, answer.headers, answer.read())
        names = [name.lower() for name in found.headers if name.lower() != "vary"]
        assert len(names) == len({*names}), "a header stands twice"
        assert found.headers["server"].lower() in ("nginx", "apache"), "no version"
        if found.status in (200, 301, 404) and not headers.get("Host", "").startswith("www."):
            assert_headers(path, found)
        return found


def assert_headers(path: str, answer: Answer) -> None:
    found = {name.lower(): value for name, value in answer.headers.items()}
    assert found | HEADERS == found
    assert "set-cookie" not in found
    policy = SEARCH_POLICY if re.match(r"/(en/)?search\.html", path) else POLICY
    assert found["content-security-policy"] == policy + "; frame-ancestors 'none'"
    assert "camera=()" in found["permissions-policy"]
    ages = [age for form, age in KEPT.items() if re.fullmatch(form, path) and answer.status == 200]
    assert found["cache-control"] == (ages or ["no-cache"])[0], path
    shared = re.match(r"/(en/)?(data/|news/(atom\.xml|meetings\.ics))", path) is not None
    assert found["cross-origin-resource-policy"] == ("cross-origin" if shared else "same-origin")
    assert found.get("access-control-allow-origin") == ("*" if shared else None)


def command(name: str, port: int, target: Path, logs: Path) -> list[str]:
    """How to start nginx or Apache; only folders and the port are not those of `deploy/`."""
    ours = (ROOT / f"deploy/{name}.conf").read_text("utf-8")
    modules = " ".join(re.findall(r"a2enmod (.*?);", ours)).split()
    for old, new in {
        "/srv/ikm": str(target),
        "/var/log/nginx": str(logs),
        "listen [::]:80;": "",
        "listen 80;": f"listen 127.0.0.1:{port};",
        "*:80": f"127.0.0.1:{port}",
    }.items():
        ours = ours.replace(old, new)
    loads = "\n".join(f"Include mods-available/{module}.load" for module in modules)
    around = Path(__file__).with_name(f"around.{name}.conf").read_text("utf-8")
    text = Template(around).substitute(run=logs, port=port, modules=loads, ours=ours)
    logs.mkdir()
    (logs / "all.conf").write_text(text, encoding="utf-8")
    if name == "nginx":
        return [needs("nginx", "nginx-light"), "-e", "stderr", "-c", f"{logs}/all.conf"]
    return [needs("apache2", "apache2"), "-f", f"{logs}/all.conf", "-DFOREGROUND"]


@contextlib.contextmanager
def running(arguments: list[str], port: int, output: Path) -> Iterator[None]:
    """A server that answers at a port, ended at the end of the context."""
    with output.open("wb") as said:
        process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=said, stderr=said)

    def answers() -> bool:
        assert process.poll() is None, output.read_text("utf-8", "replace")
        with socket.socket() as asked:
            return asked.connect_ex(("127.0.0.1", port)) == 0

    try:
        wait_until(answers)
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


@pytest.fixture(scope="module", params=["nginx", "apache"])
def server(request: pytest.FixtureRequest, site: Path) -> Iterator[Server]:
    """A small site with the old addresses of ours, published and shown by a real server."""
    with new_office() as office, reserved_port() as port:
        files = {path: f"Wörter in {path}\n" * 100 for path in (*TYPES, *PAGES)}
        files |= dict.fromkeys(("_static/font.woff2", "hidden/.secret"), "x")
        files[MAP] = (site / MAP).read_text("ascii")
        make_site(office.root / "site", "eins", files)
        office.run("publish")
        logs = office.target.with_name("logs")
        with running(command(request.param, port, office.target, logs), port, logs / "output"):
            yield Server(port, office.target / "current", logs)


@pytest.mark.parametrize(
    ("path", "status", "file"),
    [
        *((path, 200, path) for path in (*TYPES, *PAGES)),
        *((path, 404, "404.html") for path in ("fehlt", "fehlt/", "a/b/c.html", "enx")),
        *((path, 404, "en/404.html") for path in ("en/missing", "en/a/b/")),
    ],
)
def test_files(server: Server, path: str, status: int, file: str) -> None:
    answer = server.ask(f"/{path}")
    assert (answer.status, answer.body) == (status, (server.site / file).read_bytes())
    kind = answer.headers.get("content-type", TYPES["a.unknown"])
    assert kind.lower() == TYPES.get(path, TYPES["about/a.html"])


@pytest.mark.parametrize("path", ["/", "/en/", "/search.html", "/data/population.csv"])
@pytest.mark.parametrize(
    ("accepts", "coding"),
    [("gzip, deflate, br, zstd", "gzip"), ("gzip;q=0.5", "gzip"), ("identity", None), ("br", None),
     ("gzip;q=0", None), ("gzip; q=0.000, identity", None), ("gzip;q=0,br;q=1", None)],
)  # fmt: skip
def test_compression(server: Server, path: str, accepts: str, coding: str | None) -> None:
    plain = server.ask(path)
    answer = server.ask(path, Accept_Encoding=accepts)
    assert answer.status == 200
    assert answer.headers.get("content-encoding") == coding
    assert "accept-encoding" in answer.headers["vary"].lower()
    assert (gzip.decompress(answer.body) if coding else answer.body) == plain.body
    again = server.ask(path, Accept_Encoding=accepts, If_None_Match=answer.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert server.ask(path, "HEAD").status == 200


def test_caching(server: Server) -> None:
    """What an answer must say of it, `ask` sees."""
    (style,) = (path.name for path in (server.site / "_static").glob("site.*.css"))
    found = (f"/_static/{style}", "/_static/font.woff2", "/_static/search.js",
             "/_static/search.js?v=0a1b2c3d")  # fmt: skip
    missing = ("/_static/site.00000000.css", "/_static/font.00000000.woff2")
    for path, coding in product((*found, *missing), ("identity", "gzip")):
        status = 200 if path in found else 404
        assert server.ask(path, Accept_Encoding=coding).status == status, path


def test_old_addresses(server: Server) -> None:
    for path, page in cases("deploy/old_addresses.tsv"):
        answer = server.ask(path, Host="evil.example")
        location = answer.headers.get("location", "")
        assert (answer.status, location.removeprefix(OURS)) == (301, page), path


def test_addresses_that_stay(server: Server) -> None:
    for path in ("/", "/?lang=de", "/?lang=fr", "/?lang=", "/about/", "/en/?lang=en"):
        assert server.ask(path).status == 200, path
    answer = server.ask("/about/?x=1", Host="www.deutsche-metropolregionen.org")
    assert (answer.status, answer.headers["location"]) == (301, f"{OURS}/about/?x=1")


@pytest.mark.parametrize(
    "path", ["/" + "a" * 6000, *(path for (path,) in cases("deploy/hostile_paths.tsv"))]
)
def test_hostile_paths(server: Server, path: str) -> None:
    status, headers, body = server.ask(path)
    assert status in (301, 400, 403, 404, 414) or (status == 200 and b"<title>eins" in body)
    assert b"root:" not in body and b" /about/;" not in body and b"<script>alert(1)" not in body
    assert "X-Injected" not in headers
    if status == 301:
        location = headers["location"].removeprefix(OURS)
        assert re.fullmatch(r"/(?:[^/\\].*)?", location)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "FOO"])
def test_methods(server: Server, method: str) -> None:
    answer = server.ask("/index.html", method, X_Secret="x")
    assert answer.status in (400, 405, 501)
    assert b"X-Secret" not in answer.body


def test_logs_name_no_reader(server: Server) -> None:
    secret = {"Referer": "https://referrer.example/", "User_Agent": "Agent-X"}
    last = "/about/index.html"
    for path in ("/search.html?q=geheim", "/fehlt?q=geheim", "/%2e%2e/%2e%2e/geheim", last):
        server.ask(path, **secret)
    logs = [file for file in server.logs.iterdir() if file.is_file() and file.suffix != ".conf"]

    def said() -> str:
        return "".join(file.read_text("utf-8") for file in logs)

    # A server answers before it writes.
    wait_until(lambda: last in said())
    known = said().replace("/geheim", "").replace(f"127.0.0.1:{server.port}", "")
    for word in ("127.0.0.1", "geheim", "referrer", "Agent-X"):
        assert word not in known


_EVALUATE = """
const { CspEvaluator } = require("csp_evaluator/dist/evaluator.js");
const { CspParser } = require("csp_evaluator/dist/parser.js");
const found = new CspEvaluator(new CspParser(process.argv[1]).csp).evaluate();
console.log(JSON.stringify(found.map(({ directive, value }) => [directive, value])));
"""


@pytest.mark.parametrize(
    ("policy", "found"), [(POLICY, []), (SEARCH_POLICY, [["script-src", "'self'"]])]
)
def test_the_policy_has_the_best_grade(policy: str, found: list[list[str]]) -> None:
    """Google's CSP Evaluator finds nothing; on the search page only that 'self' must be ours."""
    from_npm("csp_evaluator")
    result = run([needs("node", "nodejs"), "-e", _EVALUATE, policy])
    assert json.loads(result.stdout) == found
