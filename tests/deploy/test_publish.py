# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""`make publish`, `make rollback`, `make releases`: readers see a whole site, whatever happens."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import free_port, needs, run
from tests.deploy.conftest import HEAD, Office, make_site, nginx, office_in, running

NAME = re.compile(r"ikm-\d{4}-\d{4}-\d\d-\d\d(-preview)?")
PREVIEW = {"index.html": '<meta name="robots" content="noindex"><p>Vorschau</p>'}


def content(office: Office, path: str = "index.html") -> str:
    return (office.target / "current" / path).read_text("utf-8")


def test_publish_list_roll_back(office: Office) -> None:
    first = office.publish("eins")
    second = office.publish("zwei")
    assert NAME.fullmatch(first) and NAME.fullmatch(second)
    assert "zwei" in content(office)
    assert office.run("releases").splitlines() == [f"  {first}", f"→ {second}"]
    # What did not change is linked, not copied.
    same = [office.target / "releases" / name / "data/population.csv" for name in (first, second)]
    assert same[0].samefile(same[1])
    assert first in office.run("rollback")
    assert "eins" in content(office)
    assert f"→ {first}" in office.run("rollback", fails=True)
    assert "eins" in content(office)
    for wanted in (second, first, "2", "0001"):
        office.run("rollback", RELEASE=wanted)
        assert (second if "2" in wanted[:8] else first) == office.live
    for wanted in ("7", "ikm", "../../etc", "1; touch x", first):
        said = office.run("rollback", RELEASE=wanted, fails=True)
        assert f"→ {first}" in said and "unverändert" in said
    assert not (office.target / "x").exists()


def test_what_the_gate_refuses_is_not_published(tmp_path: Path) -> None:
    office = office_in(tmp_path, tmp_path / "ziel", gate=True)
    live = office.publish("eins")
    make_site(office.root / "site", "zwei", {"about/index.html": f"{HEAD}<script>x</script>"})
    said = office.run("publish", fails=True).splitlines()
    assert said == [
        "about/index.html:6: enthält ein Skript; die Stelle entfernen",
        "NICHT veröffentlicht. Die Website online ist unverändert.",
    ]
    assert (office.live, office.releases) == (live, [live])
    make_site(office.root / "site", "zwei")
    shutil.rmtree(office.root / "site/about")
    assert "/about/index.html" in office.run("publish", fails=True)
    office.run("publish", YES="1")
    assert "/mitglieder/*" in content(office, ".redirects.map")


def test_rollback_after_rollback_never_leads_to_what_was_withdrawn(office: Office) -> None:
    first, second = office.publish("eins"), office.publish("zwei")
    bad = office.publish("schlecht")
    office.run("rollback")
    assert office.live == second
    good = office.publish("gut")
    assert office.releases == [first, second, good]
    office.run("rollback")
    assert office.live == second
    office.run("rollback")
    assert office.live == first
    assert good.split("-")[1] > bad.split("-")[1], "a number is never used twice"


def test_the_last_five_stay_and_nothing_foreign_is_touched(office: Office) -> None:
    foreign = ("20260101120000", "thesis", "ikm-1-thesis", "ikm-0001", ".ikm-thesis")
    for name in foreign:
        (office.target / "releases" / name).mkdir(parents=True)
        (office.target / "releases" / name / "precious").write_text("precious", encoding="utf-8")
    names = [office.publish(f"Fassung {number}") for number in range(6)]
    assert office.releases == sorted([*foreign, *names[-5:]])
    for name in foreign:
        assert (office.target / "releases" / name / "precious").read_text("utf-8") == "precious"


def test_what_killed_runs_left_is_removed(office: Office) -> None:
    for name in (".ikm-0001-2026-11-29", ".ikm-0002-2026-11-29-preview", ".gone-ikm"):
        make_site(office.target / "releases" / name, name)
    (office.target / ".current.new").symlink_to("releases/ikm-0001-2026-11-29")
    assert office.publish("eins") in office.releases
    assert len(office.releases) == 1
    assert sorted(path.name for path in office.target.iterdir()) == [".lock", "current", "releases"]


@pytest.mark.parametrize(
    "make",
    [Path.mkdir, Path.touch, lambda path: path.symlink_to(path.parent)],
    ids=["folder", "file", "link"],
)
def test_a_foreign_current_is_left_alone(office: Office, make: Callable[[Path], None]) -> None:
    office.target.mkdir()
    current = office.target / "current"
    make(current)
    before = current.lstat().st_ino
    assert "current“ gehört nicht zu dieser Website" in office.run("publish", fails=True)
    assert current.lstat().st_ino == before
    assert office.releases == []


@pytest.mark.parametrize("umask", ["077", "000"])
def test_readers_can_read_whatever_the_umask(office: Office, umask: str) -> None:
    (office.root / "site/index.html").chmod(0o600)
    (office.root / "site/about").chmod(0o700)
    office.run("publish", shell=f"umask {umask}")
    for path in (office.target, *office.target.rglob("*")):
        if path.name != ".lock" and not path.is_symlink():
            assert path.stat().st_mode & 0o777 == (0o755 if path.is_dir() else 0o644), path


def test_damaged_releases_stop_nothing(office: Office) -> None:
    first, second, third = (office.publish(version) for version in ("eins", "zwei", "drei"))
    (office.target / "releases" / second / "index.html").unlink()
    assert "beschädigt" in office.run("rollback", fails=True)
    assert office.live == third
    office.run("rollback", RELEASE=first)
    shutil.rmtree(office.target / "releases" / first)
    assert "  " + third in office.run("releases")
    assert office.publish("vier") == office.live


def test_a_preview_does_not_take_the_place_of_the_real_site(office: Office) -> None:
    make_site(office.root / "site", "Vorschau", PREVIEW)
    office.run("publish", PREVIEW="1")
    preview = office.live
    assert preview.endswith("-preview")
    real = office.publish("echt")
    make_site(office.root / "site", "Vorschau", PREVIEW)
    assert "eigenes TARGET" in office.run("publish", PREVIEW="1", fails=True)
    assert "eigenes TARGET" in office.run("rollback", fails=True)
    assert office.releases == [preview, real] and office.live == real
    office.run("publish", PREVIEW="1", YES="1")
    assert office.live.endswith("-preview")


def test_a_page_that_is_still_open_finds_its_style_sheet(office: Office) -> None:
    office.publish("eins")
    (style,) = re.findall(r"_static/[^\"]+", content(office))
    text = content(office, style)
    office.publish("zwei")
    assert content(office, style) == text
    (newer,) = re.findall(r"_static/[^\"]+", content(office))
    office.run("rollback")
    assert (office.target / "current" / newer).is_file()
    # Only those of the release before: it does not grow without bound.
    office.publish("drei")
    office.publish("vier")
    names = [path.name for path in (office.target / "current/_static").iterdir()]
    assert len(names) == 2 and Path(style).name not in names


def test_only_one_at_a_time(office: Office, tmp_path: Path) -> None:
    office.publish("eins")
    began, end = tmp_path / "began", tmp_path / "end"
    # A gate that waits stands for a copy that takes its time.
    with (office.root / "tools/gate.py").open("a", encoding="utf-8") as gate:
        gate.write(
            f"import time\npathlib.Path({str(began)!r}).touch()\n"
            f"while not pathlib.Path({str(end)!r}).exists(): time.sleep(0.05)\n"
        )
    first = office.command("publish")
    while not began.exists():
        assert first.poll() is None
        time.sleep(0.05)
    for command in ("publish", "rollback"):
        assert "gerade schon veröffentlicht" in office.run(command, fails=True)
    end.touch()
    said, _ = first.communicate(timeout=60)
    assert first.returncode == 0, said


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("", "Es fehlt das Ziel"), ("-x", "Es fehlt das Ziel"), ("/", "Es fehlt das Ziel"),
        ("server:", "Es fehlt das Ziel"), ("-oProxyCommand=touch x:/srv", "Es fehlt das Ziel"),
        ("/proc/ikm", "nicht bereit"), ("/dev/null/ikm", "nicht bereit"),
        ("nobody@127.0.0.1:/srv/ikm", "nicht bereit"),
    ],
)  # fmt: skip
def test_a_target_that_is_none(office: Office, target: str, reason: str) -> None:
    said = office.run("publish", TARGET=target, SSH="ssh -o BatchMode=yes -p 9", fails=True)
    assert reason in said
    assert len(said.splitlines()) <= 4
    assert "nicht bereit" in office.run("rollback", TARGET=f"{office.target}/nichts", fails=True)


def test_a_full_disk(office: Office) -> None:
    live = office.publish("eins")
    make_site(office.root / "site", "zwei", {"data/big.csv": "x" * 200_000})
    said = office.run("publish", shell="ulimit -f 64", fails=True)
    assert "Nicht kopiert" in said and "unverändert" in said
    assert (office.live, office.releases) == (live, [live])


def test_make_hands_its_variables_over_as_they_are(office: Office, tmp_path: Path) -> None:
    evil = f"/proc/$(touch {tmp_path}/a)/$(shell touch {tmp_path}/b)/\"`touch {tmp_path}/c`'; touch {tmp_path}/d"
    for name, others in (("TARGET", {}), ("RELEASE", {"TARGET": str(office.target)})):
        for arguments, more in (([f"{name}={evil}"], {}), ([], {name: evil})):
            environment: dict[str, Any] = {**others, **more}
            result = run(["make", "rollback", *arguments], **environment)
            assert result.returncode == 2
            assert "unverändert" in result.stderr
    assert not {path.name for path in tmp_path.iterdir()} & set("abcd")


@pytest.fixture
def ssh(tmp_path: Path) -> Iterator[str]:
    """A server for ssh on loopback, and the command that reaches it."""
    program = shutil.which("sshd", path="/usr/sbin:/usr/bin") or needs("sshd", "openssh-server")
    port = free_port()
    for name in ("host", "user"):
        key = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f"{tmp_path}/{name}"]
        assert run(key).returncode == 0
    settings = f"""\
ListenAddress 127.0.0.1:{port}
HostKey {tmp_path}/host
AuthorizedKeysFile {tmp_path}/user.pub
PidFile none
StrictModes no
PasswordAuthentication no
"""
    (tmp_path / "config").write_text(settings, encoding="utf-8")
    Path("/run/sshd").mkdir(exist_ok=True)
    command = [program, "-D", "-f", str(tmp_path / "config")]
    with running("sshd", command, port, tmp_path / "log"):
        yield (
            f"ssh -p {port} -i {tmp_path}/user -o BatchMode=yes -o StrictHostKeyChecking=no "
            "-o UserKnownHostsFile=/dev/null -o LogLevel=ERROR"
        )


def test_behind_ssh(office: Office, ssh: str) -> None:
    folder = office.target.with_name("mit Leerzeichen, 'ä' und $x")
    remote: dict[str, Any] = {"TARGET": f"127.0.0.1:{folder}", "SSH": ssh}
    for version in ("eins", "zwei"):
        make_site(office.root / "site", version)
        office.run("publish", **remote)
        assert version in (folder / "current/index.html").read_text("utf-8")
    first = office.run("releases", **remote).split()[0]
    assert first in office.run("rollback", **remote)
    assert "eins" in (folder / "current/index.html").read_text("utf-8")


@pytest.mark.server
def test_killed_at_any_moment_readers_see_a_whole_site(office: Office, tmp_path: Path) -> None:
    """`IKM_KILLS=60` for more moments than a test run has time for."""
    kills = int(os.environ.get("IKM_KILLS", "5"))
    office.publish("Fassung 0")
    with nginx(office.target, tmp_path) as server:
        wrong, done = list[str](), threading.Event()

        def read() -> None:
            while not done.is_set():
                page = server.ask("/")
                text = page.body.decode()
                version = re.search(r"<title>(.*?)</title>", text)
                style = re.search(r'href="(_static/.*?)"', text)
                if page.status != 200 or not version or not style or not text.endswith("</p>"):
                    wrong.append(f"page: {page.status} {text[:80]}")
                    continue
                answer = server.ask(f"/{style[1]}")
                if answer.status != 200 or f"/* {version[1]} */" not in answer.body.decode():
                    wrong.append(f"style of {version[1]}: {answer.status} {answer.body[:80]!r}")

        readers = [threading.Thread(target=read) for _ in range(2)]
        for reader in readers:
            reader.start()
        chance = random.Random(kills)
        try:
            started = time.monotonic()
            office.publish("Fassung 1")
            takes = time.monotonic() - started
            for number in range(2, kills + 2):
                make_site(office.root / "site", f"Fassung {number}")
                process = office.command("publish")
                time.sleep(chance.uniform(0, takes))
                # A closed terminal ends all of them, a lack of memory only one.
                (os.killpg if chance.random() < 0.5 else os.kill)(process.pid, signal.SIGKILL)
                process.communicate()
        finally:
            done.set()
            for reader in readers:
                reader.join()
    assert wrong == []
    # What was left half done is gone after the next run, and the right number stays.
    last = office.publish("danach")
    assert "danach" in content(office)
    assert last in office.releases and len(office.releases) <= 5
    assert all(NAME.fullmatch(name) for name in office.releases)
