# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The real servers with the configurations of a release: every page, every redirect, attacks."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
from pathlib import Path

import brotli
import pytest

from ikm_site.languages import LANGUAGES
from ikm_site.publish import headers
from ikm_site.redirects import load, resolve
from tests.conftest import ROOT, needs
from tests.publish.conftest import Answer, Server

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("servers")]


@pytest.fixture(scope="module")
def files(release: Path) -> list[str]:
    """The addresses of all files that readers may ask for."""
    entries = json.loads((release / "manifest.json").read_text("utf-8"))
    paths = [entry["path"] for entry in entries]
    return [
        p for p in paths if not p.startswith((".", "_h", "_r")) and p[-3:] not in (".br", ".gz")
    ]


def assert_headers(answer: Answer, policy: str) -> None:
    for name, value in headers.HEADERS.items():
        assert answer.headers.get(name.lower()) == value, name
    assert answer.headers.get("content-security-policy") == policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers.get("server", "").lower() in ("", "nginx", "apache", "caddy")


def policy_of(release: Path, path: str) -> str:
    policies = headers.policies(release / "site")
    for policy, pages in policies.others.items():
        if path in pages:
            return policy
    return policies.default


def test_every_file(server: Server, release: Path, files: list[str]) -> None:
    policies = headers.policies(release / "site")
    special = {page: policy for policy, pages in policies.others.items() for page in pages}
    old = {entry.file for entry in load(ROOT)}
    for path in files:
        if path in old:
            continue
        answer = server.ask(f"/{path}")
        assert answer.status == 200, path
        assert answer.body == (release / "site" / path).read_bytes(), path
        ending = path.rpartition(".")[2]
        kind = headers.TYPES.get(ending)
        if kind:
            wanted = kind + ("; charset=utf-8" if ending in headers.TEXTS else "")
            assert answer.headers["content-type"].lower() == wanted, path
        assert_headers(answer, special.get(f"/{path}", policies.default))


def test_each_page_has_the_servers_policy_in_its_head(release: Path) -> None:
    policies = headers.policies(release / "site")
    assert "script-src" not in policies.default
    assert {page for pages in policies.others.values() for page in pages} == {
        f"/{entry.path}search.html" for entry in LANGUAGES
    }


def test_compressed(server: Server, release: Path, files: list[str]) -> None:
    site = release / "site"
    for path in files:
        for coding, ending, unpack in (
            ("br", ".br", brotli.decompress), ("gzip", ".gz", gzip.decompress),
        ):  # fmt: skip
            answer = server.ask(f"/{path}", Accept_Encoding=coding)
            if answer.status == 301:
                continue
            small = site / (path + ending)
            if not small.exists() or (server.name == "nginx" and coding == "br"):
                assert "content-encoding" not in answer.headers, path
                assert answer.body == (site / path).read_bytes(), path
                continue
            assert answer.headers.get("content-encoding") == coding, path
            assert "accept-encoding" in answer.headers.get("vary", "").lower(), path
            assert answer.body == small.read_bytes(), path
            assert unpack(answer.body) == (site / path).read_bytes(), path
            kind = headers.TYPES[path.rpartition(".")[2]]
            assert answer.headers["content-type"].lower() == f"{kind}; charset=utf-8", path


@pytest.mark.parametrize("entry", LANGUAGES, ids=lambda entry: entry.code)
def test_folders_and_revalidation(server: Server, release: Path, entry: object) -> None:
    path = f"/{entry.path}"  # type: ignore[attr-defined]
    first = server.ask(path, Accept_Encoding="gzip, deflate, br")
    assert first.status == 200
    assert first.headers.get("content-encoding") == ("gzip" if server.name == "nginx" else "br")
    assert first.headers["content-type"].lower() == "text/html; charset=utf-8"
    assert first.headers["cache-control"] == "no-cache"
    assert_headers(first, policy_of(release, path + "index.html"))
    again = server.ask(
        path, Accept_Encoding="gzip, deflate, br", If_None_Match=first.headers["etag"]
    )
    assert (again.status, again.body) == (304, b"")
    head = server.ask(path, "HEAD")
    assert (head.status, head.body) == (200, b"")


def test_folder_without_slash(server: Server) -> None:
    answer = server.ask("/en")
    assert answer.status in (301, 308)
    assert answer.headers["location"].endswith("/en/")


def test_fingerprinted_files_are_kept_for_ever(server: Server, files: list[str]) -> None:
    named = [path for path in files if re.search(headers.FINGERPRINTED, "/" + path)]
    for path in named:
        assert server.ask(f"/{path}").headers["cache-control"] == headers.FOR_EVER, path
    # … but not an answer that says that there is no such file.
    answer = server.ask("/_static/site.0123456789ab.css")
    assert answer.status == 404
    assert answer.headers["cache-control"] == headers.REVALIDATE


@pytest.mark.parametrize(
    "path", ["/fehlt", "/fehlt/", "/a/b/c.html", "/en/missing", "/en/a/b/", "/enx"]
)
def test_missing(server: Server, release: Path, path: str) -> None:
    answer = server.ask(path)
    assert answer.status == 404
    language = "en/" if path.startswith("/en/") else ""
    page = release / "site" / f"{language}404.html"
    assert answer.body == page.read_bytes()
    assert answer.headers["content-type"].lower() == "text/html; charset=utf-8"
    assert_headers(answer, policy_of(release, f"/{language}404.html"))


def test_every_redirect(server: Server) -> None:
    redirects = load(ROOT)
    asked = 0
    for entry in redirects:
        base = entry.source.replace("*", "irgendwo/unbekannt.html")
        for path in {base, base.rstrip("/") or "/"}:
            for query, lang in (
                ("", None), ("?lang=en", "en"), ("?lang=de", "de"), ("?lang=fr", None),
                ("?utm=1&lang=en", "en"), ("?x=lang=en", None), ("?xlang=en", None),
            ):  # fmt: skip
                wanted = resolve(redirects, path, lang)
                if wanted is None:
                    continue
                answer = server.ask(path + query)
                assert answer.status == 301, path + query
                assert answer.headers["location"].endswith(wanted), path + query
                place = answer.headers["location"].removesuffix(wanted)
                assert place in ("", "http://localhost", f"http://127.0.0.1:{server.port}"), path
                for name, value in headers.HEADERS.items():
                    assert answer.headers.get(name.lower()) == value, name
                asked += 1
    assert asked > 200


@pytest.mark.parametrize("query", ["", "?lang=de", "?lang=fr", "?lang="])
def test_home_stays(server: Server, query: str) -> None:
    assert server.ask(f"/{query}").status == 200


SECRET = b"root:"


@pytest.mark.parametrize(
    "path",
    [
        "/../../../../etc/passwd", "/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2f..%2fetc/passwd",
        "/%252e%252e/%252e%252e/etc/passwd", "/_static/../../../SHA256SUMS", "/..;/SHA256SUMS",
        "/_static/..%5c..%5c..%5cSHA256SUMS", "/%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd", "//etc/passwd",
        "/index.html%00.png", "/index.html%0d%0aX-Injected:%20yes", "/.htaccess", "/.git/config",
        "/_headers", "/_redirects", "/index.html.br", "/index.html.gz", "/.htpasswd", "/%2ehtaccess",
        "/en/.htaccess", "/index.html/../.htaccess", "/index.php?x=<script>alert(1)</script>",
        "/<script>alert(1)</script>", "/ueber-ikm/%0d%0aSet-Cookie:%20a=b", "/" + "a" * 6000,
        "/" + "a/" * 2000, "/%ff%fe", "/index.html~", "/mitglieder/%0d%0aSet-Cookie:a=b",
        "/en/%2e%2e/%2e%2e/SHA256SUMS", "/current", "/?lang=en%0d%0aSet-Cookie:a=b",
    ],
)  # fmt: skip
def test_hostile_paths(server: Server, release: Path, path: str) -> None:
    answer = server.raw(
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode("latin-1")
    )
    head, _, body = answer.partition(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    # Caddy says 500 where the file system refuses a name.
    assert status in (200, 301, 400, 403, 404, 414, *([500] if server.name == "caddy" else [])), (
        head
    )
    assert SECRET not in body and b"SHA256SUMS" not in body
    assert b"set-cookie" not in head.lower() and b"\nx-injected" not in head.lower()
    assert b"<script>alert(1)" not in body
    if status == 200:
        # Only by leading to a page of the site.
        home = (release / "site/index.html").read_bytes()
        assert body.endswith(home[-200:]), head
    if status == 301:
        location = next(x for x in head.split(b"\r\n") if x.lower().startswith(b"location:"))
        target = location.split(b":", 1)[1].strip()
        assert target.startswith((b"/", b"http://localhost")), location
        assert not target.startswith((b"//", b"/\\")), location


@pytest.mark.parametrize(
    "method",
    ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "CONNECT", "MKCOL", "FOO"],
)
def test_methods(server: Server, method: str) -> None:
    target = "localhost:80" if method == "CONNECT" else "/index.html"
    answer = server.raw(
        f"{method} {target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n"
        "X-Secret: echo\r\nConnection: close\r\n\r\n".encode()
    )
    assert int(answer.split(b" ", 2)[1]) in (400, 405, 501), answer[:200]
    assert b"X-Secret" not in answer


@pytest.mark.parametrize(
    "request_",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 2_000_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: a\r\n" * 20_000 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200,
        b"GET\r\n\r\n",
        b"\r\n" * 5000,
    ],
    ids=["huge", "many", "smuggling", "no-host", "tls", "short", "empty"],
)
def test_hostile_requests(server: Server, request_: bytes) -> None:
    answer = server.raw(request_)
    status = answer.split(b" ", 2)[1:2]
    assert status in ([], [b"200"], [b"400"], [b"408"], [b"413"], [b"414"], [b"431"], [b"501"])
    assert SECRET not in answer
    assert server.ask("/").status == 200


def test_host_is_not_repeated(server: Server) -> None:
    answer = server.ask("/ueber-ikm/", Host="evil.example")
    assert answer.status == 301
    assert answer.headers["location"] in ("/about/", "http://localhost/about/")


def test_logs_name_no_reader(server: Server) -> None:
    server.ask(
        "/search.html?q=geheimes-suchwort",
        Referer="https://referrer.example/",
        User_Agent="Agent-X",
    )
    server.ask("/fehlt", User_Agent="Agent-X")
    texts = {
        file.name: file.read_text("utf-8", "replace")
        for file in server.logs.iterdir()
        if file.is_file()
    }
    assert any("/search.html" in text for text in texts.values()), "nothing is logged"
    for name, text in texts.items():
        for word in (
            "127.0.0.1:",
            "127.0.0.1 ",
            "127.0.0.1,",
            '127.0.0.1"',
            "geheimes",
            "referrer",
            "Agent-X",
        ):
            own = text.replace(f"127.0.0.1:{server.port}", "")
            assert word not in own, f"{name}: {word}"


# -- grades ----------------------------------------------------------------------------------

_EVALUATE = """
const { CspEvaluator } = require("csp_evaluator/dist/evaluator.js");
const { CspParser } = require("csp_evaluator/dist/parser.js");
const policy = new CspParser(process.argv[1]).csp;
console.log(JSON.stringify(new CspEvaluator(policy).evaluate()));
"""


def test_policy_evaluator(release: Path) -> None:
    """Google's CSP Evaluator finds nothing; on the search page only that 'self' must be ours."""
    node = needs("node", "nodejs")
    if not (ROOT / "node_modules/csp_evaluator").is_dir():
        needs("npm", "npm")
    policies = headers.policies(release / "site")
    for policy in (policies.default, *policies.others):
        result = subprocess.run(
            [node, "-e", _EVALUATE, policy], cwd=ROOT, capture_output=True, text=True, check=True
        )
        found = [(f["directive"], f["value"]) for f in json.loads(result.stdout)]
        assert found == ([("script-src", "'self'")] if "script-src" in policy else [])


def observatory(answer: Answer) -> int:
    """The score of the HTTP Observatory's documented rules, as far as they do not need HTTPS."""
    got = answer.headers
    policy = {
        name: values
        for name, *values in (part.split() for part in got["content-security-policy"].split(";"))
    }
    score = 100
    unsafe = any("unsafe" in value for values in policy.values() for value in values)
    wide = any(value in ("*", "http:", "https:", "data:") for v in policy.values() for value in v)
    score += -25 if unsafe or wide else 10 if policy.get("default-src") == ["'none'"] else 5
    age = int(got.get("strict-transport-security", "max-age=0").split("max-age=")[1].split(";")[0])
    score -= 20 if age < 15_768_000 else 0
    score -= 5 if got.get("x-content-type-options") != "nosniff" else 0
    score += 5 if policy.get("frame-ancestors") == ["'none'"] else -20
    private = ("no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin")
    score += 5 if got.get("referrer-policy") in private else -5
    score += 10 if got.get("cross-origin-resource-policy") == "same-origin" else 0
    score -= 50 if "access-control-allow-origin" in got else 0
    score -= 40 if "set-cookie" in got else 0
    return score


@pytest.mark.parametrize("path", ["/", "/en/", "/search.html", "/fehlt", "/ueber-ikm/"])
def test_observatory_gives_the_best_grade(server: Server, path: str) -> None:
    """A+ begins at 100; 130 is all there is without a place in the browsers' HSTS list."""
    assert observatory(server.ask(path)) == 130
