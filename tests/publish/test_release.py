# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""A release: the same bytes everywhere, complete, and fit for the container."""

from __future__ import annotations

import gzip
import importlib.resources
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import brotli
import jsonschema
import pytest
import referencing.jsonschema
import yaml
from ikm_site.build import commit_time

from ikm_site.publish import headers, manifest
from ikm_site.publish import release as releases
from ikm_site.publish.sbom import SbomError, components
from tests.conftest import ROOT, build, needs
from tests.publish.conftest import BROTLI, free_port, open_folder, publish, running


def test_same_bytes_elsewhere(site: Path, project: Path, tmp_path: Path) -> None:
    """Another path, time zone, locale, user's home, mask of rights and number of processes."""
    target = tmp_path / "anderer Ort" / "ausgabe"
    old = os.umask(0o077)
    try:
        result = build(
            target, project,
            SOURCE_DATE_EPOCH=commit_time(ROOT) or "0", TZ="Pacific/Kiritimati", LC_ALL="C",
            LANG="tr_TR.UTF-8", HOME=str(tmp_path), PYTHONHASHSEED="4711", SPHINXOPTS="-j1",
        )  # fmt: skip
    finally:
        os.umask(old)
    assert result.returncode == 0, result.stdout + result.stderr
    first, second = manifest.of(site), manifest.of(target)
    assert {entry.path for entry in first} == {entry.path for entry in second}
    assert [a.path for a, b in zip(first, second, strict=True) if a != b] == []
    assert f"Digest of the site: {manifest.digest(first)}\n" in result.stdout


def test_same_release_twice(release: Path, site: Path, tmp_path: Path) -> None:
    releases.make(ROOT, site, tmp_path / "again")
    assert manifest.of(tmp_path / "again") == manifest.of(release)


def test_complete(release: Path, site: Path) -> None:
    entries = {
        entry["path"]: entry for entry in json.loads((release / "manifest.json").read_text())
    }
    assert {entry.path for entry in manifest.of(site)} < set(entries)
    for path, entry in entries.items():
        assert (release / "site" / path).stat().st_size == entry["size"]
    check = subprocess.run(
        ["sha256sum", "--quiet", "--strict", "-c", "SHA256SUMS"], cwd=release, check=False
    )
    assert check.returncode == 0
    info = json.loads((release / "release.json").read_text("utf-8"))
    assert info["digest"] == manifest.digest(manifest.of(site))
    assert info["preview"] is False


def test_compressed_copies(release: Path) -> None:
    site = release / "site"
    for page in site.rglob("*.html"):
        if page.stat().st_size >= 1000:
            data = page.read_bytes()
            assert brotli.decompress(page.with_name(page.name + ".br").read_bytes()) == data
            packed = page.with_name(page.name + ".gz").read_bytes()
            assert gzip.decompress(packed) == data
            assert packed[4:8] == b"\0\0\0\0", "gzip has written down the time"


def test_bill_of_materials(release: Path) -> None:
    """Valid CycloneDX that names exactly what the lock file locks."""
    bill = json.loads((release / "sbom.cdx.json").read_text("utf-8"))
    schemas = importlib.resources.files("cyclonedx.schema") / "_res"
    schema = json.loads((schemas / "bom-1.6.SNAPSHOT.schema.json").read_text("utf-8"))
    parts = referencing.Registry().with_resources(
        (
            f"http://cyclonedx.org/schema/{name}",
            referencing.jsonschema.DRAFT7.create_resource(
                json.loads((schemas / name).read_text("utf-8"))
            ),
        )
        for name in ("spdx.SNAPSHOT.schema.json", "jsf-0.82.SNAPSHOT.schema.json")
    )
    jsonschema.Draft7Validator(schema, registry=parts).validate(bill)
    locked = set(
        re.findall(r"^([a-z0-9._-]+)==(\S+)", (ROOT / "requirements.txt").read_text("utf-8"), re.M)
    )
    assert {(part["name"], part["version"]) for part in bill["components"]} == locked
    assert {"sphinx", "furo", "myst-parser"} <= {name for name, _ in locked}
    for part in bill["components"]:
        assert part["hashes"], part["name"]


@pytest.mark.parametrize(
    ("text", "why"),
    [("sphinx>=9\n", "requirements.txt:1: is not locked"), ("sphinx==9.0.4\n", "has no hash"),
     ("git+https://example.org/x\n", "is not locked")],
)  # fmt: skip
def test_bill_of_materials_needs_a_lock(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "requirements.txt").write_text(text, encoding="utf-8")
    with pytest.raises(SbomError, match=why):
        components(tmp_path / "requirements.txt")


def test_headers_file_for_static_hosts(release: Path) -> None:
    text = (release / "site/_headers").read_text("utf-8")
    for name, value in headers.HEADERS.items():
        assert f"  {name}: {value}\n" in text
    # Such hosts add the rules up, so the one policy must let the search run.
    assert text.count("Content-Security-Policy") == 1 and "script-src 'self'" in text


@pytest.mark.server
def test_container(release: Path) -> None:
    """What the Containerfile starts, as nobody, with nothing to write to but run/."""
    needs("nginx", "nginx")
    text = (ROOT / "deploy/Containerfile").read_text("utf-8")
    assert re.search(r"^USER 65534:65534$", text, re.M)
    command = json.loads(re.findall(r"^ENTRYPOINT (.*)$", text, re.M)[0])
    if not BROTLI.exists():
        needs("nginx-brotli", "libnginx-mod-http-brotli-static")
    with open_folder() as base:
        shutil.copytree(release, base / "current")
        port = free_port()
        conf = base / "current/server/nginx-brotli.conf"
        conf.write_text(
            conf.read_text("utf-8").replace("listen 8080", f"listen 127.0.0.1:{port}"),
            encoding="utf-8",
        )
        (base / "run").mkdir()
        for path in [base, *base.rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        (base / "run").chmod(0o777)
        command = [part.replace("/srv/ikm", str(base)) for part in command]
        if os.geteuid() == 0:
            command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                       "--bounding-set=-all", "--no-new-privs", *command]  # fmt: skip
        with running("container", command, port, base / "run") as server:
            answer = server.ask("/", Accept_Encoding="br")
            assert (answer.status, answer.headers["content-encoding"]) == (200, "br")
            status = next(Path("/proc").glob(f"{_pid(base)}/status")).read_text("utf-8")
            assert "Uid:\t65534" in status or os.geteuid() != 0
        assert {path.name for path in base.iterdir()} == {"current", "run"}
        for path in [base, *base.rglob("*")]:
            if path.is_dir():
                path.chmod(0o755)


def _pid(base: Path) -> str:
    return (base / "run/nginx.pid").read_text("utf-8").strip()


@pytest.mark.server
@pytest.mark.parametrize("name", ["nginx", "apache"])
def test_https_examples(name: str, release: Path, tmp_path: Path) -> None:
    """The examples with HTTPS are read by the real servers without a complaint."""
    subprocess.run(
        [needs("openssl", "openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-keyout", str(tmp_path / "privkey.pem"), "-out", str(tmp_path / "fullchain.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    (tmp_path / "current").symlink_to(release)
    text = (ROOT / f"deploy/{name}.conf").read_text("utf-8")
    text = text.replace("/var/log/nginx/", f"{tmp_path}/").replace("/srv/ikm/", f"{tmp_path}/")
    text = re.sub(r"/etc/letsencrypt/live/[^/]+", str(tmp_path), text)
    http, https = free_port(), free_port()
    if name == "nginx":
        text = re.sub(r"^ *listen \[::\].*\n", "", text, flags=re.M)
        text = text.replace("listen 80;", f"listen 127.0.0.1:{http};")
        text = text.replace("listen 443", f"listen 127.0.0.1:{https}")
        load = f"load_module {BROTLI};\n" if BROTLI.exists() else ""
        text = text if load else text.replace("site-brotli.conf", "site.conf")
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = "".join(f"{kind}_temp_path {tmp_path}/{kind};\n" for kind in kinds)
        text = f"{load}events {{}}\npid {tmp_path}/pid;\nhttp {{\n{temporary}{text}\n}}\n"
        command = [needs("nginx", "nginx"), "-e", "stderr", "-p", f"{tmp_path}/", "-t", "-c"]
    else:
        modules = "mpm_event authz_core dir headers mime rewrite ssl socache_shmcb alias"
        loads = "".join(
            f"LoadModule {module}_module /usr/lib/apache2/modules/mod_{module}.so\n"
            for module in modules.split()
        )
        text = text.replace("*:80>", f"127.0.0.1:{http}>").replace("*:443>", f"127.0.0.1:{https}>")
        text = (
            f"ServerRoot {tmp_path}\nErrorLog {tmp_path}/main.log\nListen 127.0.0.1:{http}\n"
            f"Listen 127.0.0.1:{https}\nServerName localhost\nTypesConfig /dev/null\n{loads}"
            f"Define APACHE_LOG_DIR {tmp_path}\nDefine IKM_HOST localhost\n"
            f"Define IKM_ROOT {tmp_path}/current/site\n{text}"
        )
        command = [needs("apache2", "apache2"), "-t", "-f"]
    (tmp_path / "server.conf").write_text(text, encoding="utf-8")
    result = subprocess.run(
        [*command, str(tmp_path / "server.conf")], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert "warn" not in result.stderr.lower(), result.stderr


@pytest.mark.parametrize("file", [".gitlab-ci.yml", ".github/workflows/site.yml"])
def test_pipelines_call_make_with_least_rights(file: str) -> None:
    text = (ROOT / file).read_text("utf-8")
    pipeline = yaml.safe_load(text)
    for uses in re.findall(r"uses: (\S+)", text):
        assert re.fullmatch(r"actions/checkout@[0-9a-f]{40}", uses), uses
    assert ".ci/run" in text and "make publish TARGET=" in text
    if "github" in file:
        assert pipeline["permissions"] == {"contents": "read"}
        assert "pull_request_target" not in text
        # What comes from outside never stands in a script.
        for job in pipeline["jobs"].values():
            for step in job["steps"]:
                assert "${{" not in step.get("run", "")
    else:
        assert pipeline["publish"]["rules"][0]["when"] == "manual"


def test_publiccode() -> None:
    record = yaml.safe_load((ROOT / "publiccode.yml").read_text("utf-8"))
    for key in ("publiccodeYmlVersion", "name", "url", "platforms", "developmentStatus",
                "softwareType", "description", "legal", "maintenance", "localisation"):  # fmt: skip
        assert key in record
    for words in record["description"].values():
        assert len(words["shortDescription"]) <= 150
        assert 150 <= len(words["longDescription"]) <= 10_000
    assert record["legal"]["license"] == "EUPL-1.2"


def test_commands_of_the_readme_exist() -> None:
    """Every `make` command that the documents name is a target."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    for file in ("deploy/README.md", "CONTRIBUTING.md", "README.md"):
        for name in re.findall(r"(?:`|^)make ([a-z-]+)", (ROOT / file).read_text("utf-8"), re.M):
            assert name in targets, f"{file}: make {name}"


def test_publish_needs_a_target() -> None:
    result = publish("publish", "--target", "")
    assert result.returncode == 1 and "TARGET names no place" in result.stderr
