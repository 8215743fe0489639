# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""What the tests share: the built site, scratch copies of the project, programs."""

from __future__ import annotations

import fcntl
import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest

ROOT = Path(__file__).resolve().parent.parent


def missing(program: str, package: str) -> NoReturn:
    """Skip the test for want of a program, or fail it where CI=true."""
    message = f"{program} is missing; on Debian: apt install {package}"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


def needs(program: str, package: str) -> str:
    """The path of a program; without it the test is skipped, or fails where CI=true."""
    return shutil.which(program) or missing(program, package)


@contextmanager
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


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all test processes of this run share."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def site(shared: Path) -> Path:
    """The site as `make html` builds it, built once a run. Tests must not change it."""
    target = shared / "site" / "html"
    with locked(shared / "site.lock"):
        if not target.is_dir():
            result = build(target)
            assert result.returncode == 0, result.stdout + result.stderr
    return target


#: What a copy of the project needs to build.
SOURCES = (
    "404.md", "Makefile", "about", "conf.py", "data", "ikm_site", "index.md", "legal", "locales",
    "monitoring", "news", "partners", "pyproject.toml", "regions", "requirements.txt",
    "statements", "theme", "tools", "workgroups",
)  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project that a test may change and break."""
    copy = tmp_path / "project"
    copy.mkdir()
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(
                source, copy / name, ignore=shutil.ignore_patterns("*.mo", "__pycache__")
            )
        elif source.is_file():
            shutil.copy2(source, copy / name)
    return copy


def page(project: Path, name: str, text: str) -> None:
    """Write a page that is only for the test."""
    path = project / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    head = "---\ndescription: Eine Seite, die es nur für den Versuch gibt.\n---\n\n"
    path.write_text(head + text, encoding="utf-8")


#: What a project with other pages needs.
FRAME = ("Makefile", "conf.py", "data", "ikm_site", "theme", "tools")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A project with three pages of its own: it builds in a few seconds."""
    project = tmp_path / "small"
    project.mkdir()
    skipped = shutil.ignore_patterns("__pycache__")
    for name in FRAME:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, project / name, ignore=skipped)
        else:
            shutil.copy2(source, project / name)
    for catalogue in ROOT.glob("locales/*/LC_MESSAGES/*.po"):
        if catalogue.stem in ("data", "sphinx"):
            target = project / catalogue.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(catalogue, target)
    # The former addresses lead to pages that are not there now.
    (project / "data" / "redirects.yaml").write_text("# none\n", encoding="utf-8")
    page(project, "index", "# Start\n\n```{toctree}\n:hidden:\nabout/one\nabout/two\n```\n")
    page(project, "about/one", "# Eins\n\nDer erste Satz.\n\nSiehe [Zwei](/about/two.md).\n")
    page(project, "about/two", "# Zwei\n\nDer zweite Satz.\n")
    return project


@pytest.fixture
def broken(request: pytest.FixtureRequest) -> Callable[[], str]:
    """Build the spoilt copy of this test; it must fail, say why, and leave the last result alone."""
    name = "small" if "small" in request.fixturenames else "project"
    project: Path = request.getfixturevalue(name)

    def check() -> str:
        target = project / "_build" / "html"
        target.mkdir(parents=True, exist_ok=True)
        (target / "index.html").write_text("the last good result", encoding="utf-8")
        result = build(target, project)
        output = result.stdout + result.stderr
        assert result.returncode == 1, output
        assert (target / "index.html").read_text("utf-8") == "the last good result"
        assert "unverändert" in output.splitlines()[-1]
        assert "Traceback" not in output, output
        return result.stderr

    return check


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: Any) -> None:
        """Say nothing: the tests look at what the browser sees."""


class _Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_arguments: Any) -> None:
        """A browser that leaves a page ends its connections; that is no error."""


@pytest.fixture(scope="session")
def server(site: Path) -> Iterator[str]:
    """The built site, served at the address that is returned (without a slash at the end)."""
    yield from serve(site)


def serve(folder: Path) -> Generator[str]:
    """Serve a folder on loopback until the caller is done."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with _Server(("127.0.0.1", 0), handler) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()
