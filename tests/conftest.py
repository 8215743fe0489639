"""What the tests share: the built site, scratch copies of the project, programs."""

import contextlib
import csv
import fcntl
import functools
import http.server
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import polib
import pytest
import yaml

from ikm_site.languages import LANGUAGES, Language

ROOT = Path(__file__).resolve().parent.parent
#: A document of nothing.
PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\n"
#: Seconds that even a slow machine with much else to do needs for nothing: what takes longer hangs.
PATIENCE = 300


def needs(program: str, package: str) -> str:
    """The path of a program; without it the test is skipped, or fails where CI=true."""
    if found := shutil.which(program):
        return found
    message = f"{program} is missing; on Debian: apt install {package}"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


def from_npm(path: str) -> Path:
    """A file or folder of a package from npm."""
    found = ROOT / "node_modules" / path
    if not found.exists():
        needs("npm", "npm")
        pytest.fail(f"{path} is not installed; run make test")
    return found


@contextlib.contextmanager
def locked(file: Path) -> Iterator[None]:
    """Let one test process at a time in."""
    with file.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def run(
    arguments: Sequence[str | Path], cwd: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run one of the project's modules or another program; what it printed is kept."""
    return subprocess.run(
        [str(argument) for argument in arguments],
        cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def build(target: Path, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """`make html` into another folder."""
    command = [sys.executable, "-X", "utf8", "tools/build_site.py", "--target", str(target)]
    return run(command, cwd, **environment)


def good_build(target: Path, cwd: Path = ROOT, **environment: str) -> None:
    """`make html` into another folder, which must succeed."""
    result = build(target, cwd, **environment)
    assert result.returncode == 0, result.stdout + result.stderr


def sphinx(project: Path, *options: str, **environment: str) -> None:
    """Run `sphinx-build`, which must succeed without a warning."""
    command = [sys.executable, "-X", "utf8", "-m", "sphinx", *options, "-q"]
    result = run(command, project, **environment)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all test processes of this run share."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


def once(folder: Path, make: Callable[[Path], object]) -> Path:
    """Make a folder, or wait until another test process of this run has made it."""
    with locked(folder.with_name(f"{folder.name}.lock")):
        if not folder.is_dir():
            new = folder.with_name(f"{folder.name}.new")
            shutil.rmtree(new, ignore_errors=True)
            make(new)
            new.rename(folder)
    return folder


@pytest.fixture(scope="session")
def site(shared: Path) -> Path:
    """The site as `make html` builds it, built once a run. Tests must not change it."""
    (shared / "site").mkdir(exist_ok=True)
    return once(shared / "site" / "html", good_build)


@pytest.fixture(params=LANGUAGES, ids=lambda entry: entry.code)
def entry(request: pytest.FixtureRequest) -> Language:
    """Each language of the site."""
    found: Language = request.param
    return found


@pytest.fixture
def path(entry: Language) -> str:
    """The path of each language below the site."""
    return entry.path


#: What no copy of the project needs to build.
SKIPPED = shutil.ignore_patterns(
    ".*", "*.mo", "__pycache__", "_build", "deploy", "node_modules", "tests"
)


def copy(target: Path, names: Iterable[str] = (".",)) -> Path:
    """Copy the project, or these parts of it, into a new folder."""
    for name in names:
        source, copied = ROOT / name, target / name
        copied.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, copied, ignore=SKIPPED, dirs_exist_ok=True)
        else:
            shutil.copy2(source, copied)
    return target


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a table of the project."""
    with (ROOT / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cases(name: str) -> list[list[str]]:
    """The lines of a file of the tests, cut at tabs; those with # are comments."""
    lines = (ROOT / "tests" / name).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def table(name: str) -> Any:
    """What stands in a YAML file of the tests."""
    return yaml.safe_load((ROOT / "tests" / name).read_text("utf-8"))


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files below a folder."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content.encode() if isinstance(content, str) else content)


def page(project: Path, name: str, text: str, fields: str = "") -> None:
    """Write a page that is only for the test, with more *fields* in its front matter."""
    head = f"---\ndescription: Eine Seite, die es nur für den Versuch gibt.\n{fields}---\n\n"
    write(project, {f"{name}.md": head + text})


def catalogue(project: Path, name: str, words: Mapping[str, str]) -> None:
    """Write the English translations of a page."""
    found = polib.POFile(wrapwidth=0)
    found.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    found.extend(polib.POEntry(msgid=text, msgstr=words[text]) for text in words)
    write(project, {f"locales/en/LC_MESSAGES/{name}.po": str(found)})


#: What a project with other pages needs beside `ikm_site`.
FRAME = (
    "Makefile", "conf.py", "data", "theme", "tools",
    "locales/de/LC_MESSAGES/sphinx.po", "locales/en/LC_MESSAGES/sphinx.po",
    "locales/en/LC_MESSAGES/data.po",
)  # fmt: skip


def _few_data(data: Path) -> None:
    """Leave two tables of figures since 2022, and no old addresses: a build takes half the time."""
    package = json.loads((data / "datapackage.json").read_text("utf-8"))
    package["resources"] = [
        resource
        for resource in package["resources"]
        if resource["name"] in ("population", "area")
        or not {"indicator", "districts_of"} & resource.keys()
    ]
    (data / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    table = data / "by-district/population.csv"
    head, *rows = table.read_text("utf-8").splitlines(keepends=True)
    kept = [row for row in rows if row.split(",")[1] >= "2022"]
    table.write_text("".join([head, *kept]), encoding="utf-8")
    (data / "redirects.yaml").write_text("[]\n", encoding="utf-8")


def small_project(folder: Path) -> Path:
    """Write a project with three pages of its own: it builds in a few seconds."""
    project = copy(folder, FRAME)
    (project / "ikm_site").symlink_to(ROOT / "ikm_site")
    _few_data(project / "data")
    start(project)
    page(project, "about/one", "# Eins\n\nDer erste Satz.\n\nSiehe [Start](/index.md).\n")
    page(project, "about/two", "# Zwei\n\nDer zweite Satz.\n")
    return project


def start(project: Path, pages: Iterable[str] = ("about/one", "about/two"), text: str = "") -> None:
    """Write the start page, which lists these pages."""
    listed = "\n".join(pages)
    page(project, "index", f"# Start\n\n```{{toctree}}\n:hidden:\n:glob:\n{listed}\n```\n\n{text}")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A small project for one test, which may change it."""
    return small_project(tmp_path / "small")


def bad_build(project: Path) -> str:
    """`make html` of a spoilt project: it must fail, say why, and leave the last result alone."""
    target = project / "_build" / "html"
    write(target, {"index.html": "the last good result"})
    result = build(target, project)
    output = result.stdout + result.stderr
    assert result.returncode == 1, output
    assert (target / "index.html").read_text("utf-8") == "the last good result"
    # Doctrees are kept for the next build.
    left = {entry.name for entry in target.parent.iterdir()} - {"doctrees"}
    assert left == {"html", ".lock"}
    assert "unverändert" in output.splitlines()[-1]
    assert "Traceback" not in output, output
    return result.stderr


def wait_until(done: Callable[[], bool]) -> None:
    """Wait for a condition, however long it takes."""
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end, "nothing happens"
        time.sleep(0.05)


@contextlib.contextmanager
def reserved_port() -> Iterator[int]:
    """A port of loopback that the system gives to nobody else; a server of the test can listen."""
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: Any) -> None:
        """Say nothing: the tests look at what the browser sees."""


class _Server(http.server.ThreadingHTTPServer):
    request_queue_size = 100

    def handle_error(self, *_arguments: Any) -> None:
        """A browser that leaves a page ends its connections; that is no error."""


@pytest.fixture(scope="session")
def server(site: Path) -> Iterator[str]:
    """The built site, served at the address that is returned (without a slash at the end)."""
    with serve(site) as address:
        yield address


@contextlib.contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a folder on loopback."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with _Server(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{running.server_port}"
        finally:
            running.shutdown()
