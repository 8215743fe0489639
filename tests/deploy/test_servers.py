# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The real nginx and Apache with the configurations of `deploy/`: what readers and attackers get."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ikm_site.navigation import POLICY, SEARCH_POLICY
from ikm_site.redirects import MAP, load, server_rules
from tests.conftest import ROOT, needs
from tests.deploy.conftest import (
    Answer,
    Server,
    apache,
    make_site,
    nginx,
    office_in,
    open_folder,
)

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("servers")]

TYPES = {
    "about/a.html": "text/html; charset=utf-8",
    "data/population.csv": "text/csv; charset=utf-8",
    "data/population.json": "application/json; charset=utf-8",
    "en/data/population.csv": "text/csv; charset=utf-8",
    "news/atom.xml": "application/xml; charset=utf-8",
    "en/news/atom.xml": "application/xml; charset=utf-8",
    "news/meetings.ics": "text/calendar; charset=utf-8",
    "robots.txt": "text/plain; charset=utf-8",
    "_static/search.js": "text/javascript; charset=utf-8",
    "_images/a.svg": "image/svg+xml; charset=utf-8",
    "_images/a.png": "image/png",
    "_images/a.webp": "image/webp",
    "_images/a.avif": "image/avif",
    "data/ikm-monitoring.zip": "application/zip",
    "statements/files/a.pdf": "application/pdf",
}
PAGES = ("search.html", "en/search.html", "en/404.html")
#: Every kind of old address.
REDIRECTS = """\
- {from: /, to: /}
- {from: /ueber-ikm/, to: /about/}
- {from: /ueber-ikm/*, to: /about/}
- {from: /category/news/, to: /news/, lang: en}
- {from: /category/*, to: /news/}
- {from: /mitglieder/hamburg/, to: /regions/hamburg.html}
- {from: /mitglieder/hamburg.html, to: /regions/hamburg.html}
- {from: /mitglieder/*, to: /regions/}
- {from: /metropolregion/ruhr/, to: "/regions/rhein-ruhr.html#ruhr"}
"""
#: What everyone must get with every answer.
HEADERS = {
    "strict-transport-security": "max-age=63072000",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
}


@pytest.fixture(scope="module", params=[nginx, apache], ids=["nginx", "apache"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A small site, published and answered for by a real server."""
    with open_folder() as folder, tempfile.TemporaryDirectory() as root, open_folder() as run:
        office = office_in(Path(root), folder / "srv", gate=False)
        (office.root / "data/redirects.yaml").write_text(REDIRECTS, encoding="utf-8")
        rules = server_rules(load(office.root))
        files = {path: f"Wörter in {path}\n" * 100 for path in (*TYPES, *PAGES)}
        make_site(
            office.root / "site",
            "eins",
            {
                **files,
                "_static/font.woff2": "x",
                "hidden/.secret": "x",
                "a.exe": "x",
                MAP: "".join(f"{old} {page};\n" for old, page in rules.items()),
            },
        )
        office.run("publish")
        with request.param(office.target, run) as running:
            running.site = office.target / "current"
            yield running


def assert_headers(answer: Answer, policy: str = POLICY, *, shared: bool = False) -> None:
    for name, value in HEADERS.items():
        assert answer.headers.get(name) == value, name
    assert answer.headers["content-security-policy"] == policy + "; frame-ancestors 'none'"
    assert "camera=()" in answer.headers["permissions-policy"]
    assert answer.headers["cross-origin-resource-policy"] == (
        "cross-origin" if shared else "same-origin"
    )
    assert answer.headers.get("access-control-allow-origin") == ("*" if shared else None)
    assert answer.headers.get("server", "").lower() in ("nginx", "apache")


@pytest.mark.parametrize("path", [*TYPES, *PAGES])
def test_files(server: Server, path: str) -> None:
    answer = server.ask(f"/{path}")
    assert (answer.status, answer.body) == (200, (server.site / path).read_bytes())
    assert answer.headers["content-type"].lower() == TYPES.get(path, TYPES["about/a.html"])
    assert answer.headers["cache-control"] == "no-cache"
    shared = "data/" in path or path.endswith(("atom.xml", ".ics"))
    search = path.endswith("search.html")
    assert_headers(answer, SEARCH_POLICY if search else POLICY, shared=shared)
    assert server.ask("/a.exe").headers.get("content-type", "").startswith(("application/", ""))


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
    assert answer.headers["content-security-policy"] == plain.headers["content-security-policy"]
    again = server.ask(path, Accept_Encoding=accepts, If_None_Match=answer.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert server.ask(path, "HEAD").body == b""


def test_caching(server: Server) -> None:
    (style,) = (path.name for path in (server.site / "_static").glob("site.*.css"))
    for coding in ("identity", "gzip", "br"):

        def cache(path: str, coding: str = coding) -> str:
            return server.ask(path, Accept_Encoding=coding).headers["cache-control"]

        assert cache(f"/_static/{style}") == "public, max-age=31536000, immutable"
        assert cache("/_static/font.woff2") == "public, max-age=604800"
        assert cache("/_static/search.js?v=0a1b2c3d") == "public, max-age=604800"
        for path in ("/", "/search.html", "/data/population.csv", "/_static/search.js",
                     "/_static/search.js?v=x", "/_static/site.00000000.css", "/_static/x.js?v=0a1b2c3d",
                     "/?v=0a1b2c3d"):  # fmt: skip
            assert cache(path) == "no-cache", path


@pytest.mark.parametrize(
    "path", ["/fehlt", "/fehlt/", "/a/b/c.html", "/en/missing", "/en/a/b/", "/enx"]
)
def test_missing(server: Server, path: str) -> None:
    answer = server.ask(path)
    page = "en/404.html" if path.startswith("/en/") else "404.html"
    assert (answer.status, answer.body) == (404, (server.site / page).read_bytes())
    assert answer.headers["content-type"].lower() == "text/html; charset=utf-8"
    assert_headers(answer)


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/?lang=en", "/en/"), ("/ueber-ikm/", "/about/"), ("/ueber-ikm", "/about/"),
        ("/ueber-ikm/?lang=en", "/en/about/"), ("/ueber-ikm/?lang=de", "/about/"),
        ("/ueber-ikm/?utm=1&lang=en", "/en/about/"), ("/ueber-ikm/?x=lang=en", "/about/"),
        ("/ueber-ikm/?lang=fr-evil", "/about/"), ("/ueber-ikm/was/auch/immer.html", "/about/"),
        ("/category/news/", "/en/news/"), ("/category/news/?lang=de", "/news/"),
        ("/category/presse/", "/news/"),
        ("/mitglieder/hamburg.html", "/regions/hamburg.html"), ("/mitglieder/hamburg", "/regions/hamburg.html"),
        ("/mitglieder/hamburg/?lang=en", "/en/regions/hamburg.html"),
        ("/mitglieder/metropolregion-x/", "/regions/"), ("/mitglieder/metropolregion-x/?lang=en", "/en/regions/"),
        ("/en/mitglieder/hamburg/", "/en/regions/hamburg.html"), ("/en/mitglieder/x/", "/en/regions/"),
        ("/metropolregion/ruhr/", "/regions/rhein-ruhr.html#ruhr"),
        ("/metropolregion/ruhr/?lang=en", "/en/regions/rhein-ruhr.html#ruhr"),
    ],
)  # fmt: skip
def test_old_addresses(server: Server, path: str, page: str) -> None:
    answer = server.ask(path, Host="evil.example")
    assert answer.status == 301
    host = "" if server.name == "nginx" else "http://deutsche-metropolregionen.org"
    assert answer.headers["location"] == host + page
    assert_headers(answer)


def test_addresses_that_stay(server: Server) -> None:
    for path in ("/", "/?lang=de", "/?lang=fr", "/?lang=", "/about/", "/en/?lang=en"):
        assert server.ask(path).status == 200, path
    answer = server.ask("/en")
    assert answer.status == 301 and answer.headers["location"].endswith("/en/")
    answer = server.ask("/about/?x=1", Host="www.deutsche-metropolregionen.org")
    assert answer.status == 301
    assert answer.headers["location"].startswith("http://deutsche-metropolregionen.org/about/")


@pytest.mark.parametrize(
    "path",
    [
        "/../../../../etc/passwd", "/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "/_static/..%5c..%5cetc/passwd",
        "//etc/passwd", "/index.html%00.png", "/index.html%0d%0aX-Injected:%20yes", "/.redirects.map",
        "/%2eredirects.map", "/about/.%2e/.redirects.map", "/hidden/.secret", "/ueber-ikm//evil.example/",
        "/ueber-ikm/%0d%0aX-Injected:%20a=b", "/?lang=en%0d%0aX-Injected:a=b", "/mitglieder/%0aX-Injected:a=b",
        "/<script>alert(1)</script>", "/" + "a" * 6000, "/%ff%fe", "//evil.example/%2e%2e", "/\\evil.example/",
    ],
)  # fmt: skip
def test_hostile_paths(server: Server, path: str) -> None:
    head, _, body = server.raw("GET", path).partition(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    assert status in (301, 400, 403, 404, 414) or (status == 200 and b"<title>eins" in body), head
    assert b"root:" not in body and b" /about/;" not in body and b"<script>alert(1)" not in body
    assert b"\nx-injected" not in head.lower()
    if status == 301:
        location = re.search(rb"\r\nlocation: (\S+)", head, re.IGNORECASE)
        assert location
        target = location[1].removeprefix(b"http://deutsche-metropolregionen.org")
        assert re.fullmatch(rb"/(?:[^/\\].*)?", target), location


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "FOO"])
def test_methods(server: Server, method: str) -> None:
    answer = server.raw(method, "/index.html")
    assert int(answer.split(b" ", 2)[1]) in (400, 405, 501), answer[:200]
    assert b"X-Secret" not in answer


def test_logs_name_no_reader(server: Server) -> None:
    secret = {"Referer": "https://referrer.example/", "User_Agent": "Agent-X"}
    server.ask("/search.html?q=geheim", **secret)
    server.ask("/fehlt?q=geheim", **secret)
    server.ask("/%2e%2e/%2e%2e/geheim", **secret)
    text = server.log.read_text("utf-8")
    assert "/search.html" in text
    for file in server.log.parent.iterdir():
        if file.is_file() and not file.name.endswith(".conf"):
            said = file.read_text("utf-8", "replace").replace(f"127.0.0.1:{server.port}", "")
            for word in ("127.0.0.1", "geheim", "referrer", "Agent-X"):
                assert word not in said.replace("/geheim", ""), f"{file.name}: {word}"


_EVALUATE = """
const { CspEvaluator } = require("csp_evaluator/dist/evaluator.js");
const { CspParser } = require("csp_evaluator/dist/parser.js");
console.log(JSON.stringify(new CspEvaluator(new CspParser(process.argv[1]).csp).evaluate()));
"""


def test_the_policy_has_the_best_grade(server: Server) -> None:
    """Google's CSP Evaluator finds nothing; on the search page only that 'self' must be ours."""
    node = needs("node", "nodejs")
    if not (ROOT / "node_modules/csp_evaluator").is_dir():
        needs("npm", "npm")
    for path in ("/", "/search.html"):
        policy = server.ask(path).headers["content-security-policy"]
        result = subprocess.run(
            [node, "-e", _EVALUATE, policy], cwd=ROOT, capture_output=True, text=True, check=True
        )
        found = [(f["directive"], f["value"]) for f in json.loads(result.stdout)]
        assert found == ([("script-src", "'self'")] if path == "/search.html" else [])
