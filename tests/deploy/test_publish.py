"""`make publish`, `make rollback`, `make releases`: readers see a whole site, whatever happens."""

import os
import random
import re
import shutil
import signal
import time
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PATIENCE, ROOT, needs, run, wait_until, write
from tests.deploy.conftest import HEAD, Office, fill_in_facts, make_site

NAME = re.compile(r"ikm-\d{4}-\d{4}-\d\d-\d\d")


def test_publish_list_roll_back(office: Office) -> None:
    first, second = office.publish("eins", "zwei")
    assert NAME.fullmatch(first) and NAME.fullmatch(second)
    assert office.run("releases").splitlines() == [f"  {first}", f"→ {second}"]
    # What did not change is linked, not copied.
    same = [office.target / "releases" / name / "data/population.csv" for name in (first, second)]
    assert same[0].samefile(same[1])
    assert first in office.run("rollback")
    assert "eins" in office.page()
    for wanted in (second, first, "2", "0001"):
        office.run("rollback", RELEASE=wanted)
        assert (second if "2" in wanted[:8] else first) == office.live
    for wanted in ("", "7", "ikm", "../../etc", "1; touch x", first):
        said = office.run("rollback", RELEASE=wanted, fails=True)
        assert f"→ {first}" in said and "unverändert" in said
    assert not (office.target / "x").exists()


def test_rollback_after_rollback_never_leads_to_what_was_withdrawn(office: Office) -> None:
    first, second, bad = office.publish("eins", "zwei", "schlecht")
    office.run("rollback")
    (good,) = office.publish("gut")
    assert good.split("-")[1] > bad.split("-")[1], "a number is never used twice"
    assert office.releases == [first, second, good]
    for before in (second, first):
        office.run("rollback")
        assert office.live == before


def test_what_the_gate_refuses_is_not_published(office: Office) -> None:
    shutil.copy(ROOT / "tools/gate.py", office.root / "tools")
    fill_in_facts(office.root)
    office.publish("eins")
    make_site(office.root / "site", "zwei", {"about/index.html": f"{HEAD}<script>x</script>"})
    assert office.run("publish", fails=True).splitlines() == [
        "about/index.html:6: enthält ein Skript; die Stelle entfernen",
        "NICHT veröffentlicht. Die Website online ist unverändert.",
    ]
    make_site(office.root / "site", "zwei")
    shutil.rmtree(office.root / "site/about")
    assert "/about/index.html" in office.run("publish", fails=True)
    office.run("publish", YES="1")
    assert "/mitglieder/*" in office.page(".redirects.map")


def test_old_releases_and_what_killed_runs_left_go_and_nothing_else(office: Office) -> None:
    foreign = ("20260101120000", "thesis", "ikm-1-thesis", "ikm-0001", ".ikm-thesis")
    left = (".ikm-0001-2026-11-29", ".ikm-0002-2026-11-29-preview", ".gone-ikm")
    for name in (*foreign, *left):
        make_site(office.target / "releases" / name, name)
    (office.target / ".current.new").symlink_to("releases/ikm-0001-2026-11-29")
    names = office.publish(*(f"Fassung {number}" for number in range(6)))
    assert office.releases == sorted([*foreign, *names[-5:]])
    for name in foreign:
        assert name in (office.target / "releases" / name / "index.html").read_text("utf-8")
    assert sorted(path.name for path in office.target.iterdir()) == [".lock", "current", "releases"]


@pytest.mark.parametrize("make", ["mkdir {}", "touch {}", "ln -s / {}"])
def test_a_foreign_current_is_left_alone(office: Office, make: str) -> None:
    current = office.target / "current"
    office.target.mkdir()
    run(make.format(current).split())
    before = current.lstat()
    assert "current“ gehört nicht zu dieser Website" in office.run("publish", fails=True)
    assert current.lstat() == before
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
    first, second, third = office.publish("eins", "zwei", "drei")
    (office.target / "releases" / second / "index.html").unlink()
    assert "beschädigt" in office.run("rollback", fails=True)
    office.run("rollback", RELEASE=first)
    shutil.rmtree(office.target / "releases" / first)
    assert "  " + third in office.run("releases")
    office.publish("vier")


def test_a_preview_does_not_take_the_place_of_the_real_site(office: Office) -> None:
    (preview,) = office.publish("Vorschau", PREVIEW="1")
    assert preview.endswith("-preview")
    office.publish("echt")
    assert "eigenes TARGET" in office.run("publish", PREVIEW="1", fails=True)
    assert "eigenes TARGET" in office.run("rollback", fails=True)
    (preview,) = office.publish("Vorschau", PREVIEW="1", YES="1")
    assert preview.endswith("-preview")


def test_a_page_that_is_still_open_finds_its_style_sheet(office: Office) -> None:
    sheets = list[str]()
    for version in ("eins", "zwei"):
        office.publish(version)
        sheets += re.findall(r"_static/[^\"]+", office.page())
    assert "/* eins */" in office.page(sheets[0])
    office.run("rollback")
    assert "/* zwei */" in office.page(sheets[1])
    # Only those of the release before: it does not grow without bound.
    office.publish("drei", "vier")
    assert len([*(office.target / "current/_static").iterdir()]) == 2


def test_only_one_at_a_time(office: Office) -> None:
    office.publish("eins")
    # A gate that waits stands for a copy that takes its time.
    busy = office.root / "busy"
    wait = "import pathlib, time\nbusy = pathlib.Path('busy')\nbusy.touch()\n"
    wait += "while busy.exists(): time.sleep(0.05)\n"
    write(office.root, {"tools/gate.py": wait})
    first = office.command("publish")
    wait_until(busy.exists)
    for command in ("publish", "rollback"):
        assert "gerade schon veröffentlicht" in office.run(command, fails=True)
    busy.unlink()
    said, _ = first.communicate(timeout=PATIENCE)
    assert first.returncode == 0, said


#: Targets that are none, and such as nobody can write to.
NO_TARGETS = ("", "-x", "/", "server:", "-oProxyCommand=touch x:/srv")
NOT_READY = ("/proc/ikm", "/dev/null/ikm", "nobody@127.0.0.1:/srv/ikm")


@pytest.mark.parametrize(
    ("target", "reason"),
    [*product(NO_TARGETS, ["Es fehlt das Ziel"]), *product(NOT_READY, ["nicht bereit"])],
)
def test_a_target_that_is_none(office: Office, target: str, reason: str) -> None:
    for command in ("publish", "rollback"):
        said = office.run(command, TARGET=target, SSH="ssh -o ProxyCommand=false", fails=True)
        assert reason in said
        assert len(said.splitlines()) <= 4


def test_a_full_disk(office: Office) -> None:
    office.publish("eins")
    make_site(office.root / "site", "zwei", {"data/big.csv": "x" * 200_000})
    said = office.run("publish", shell="ulimit -f 64", fails=True)
    assert "Nicht kopiert" in said and "unverändert" in said
    assert len(office.releases) == 1


def test_make_hands_its_variables_over_as_they_are(office: Office, tmp_path: Path) -> None:
    evil = f"/proc/$(touch {tmp_path}/a)/$(shell touch {tmp_path}/b)/\"`touch {tmp_path}/c`'; touch {tmp_path}/d"
    target = f"TARGET={office.target}"
    for given in ([f"TARGET={evil}"], [target, f"RELEASE={evil}"]):
        # On the command line of make, and in its environment.
        for command in (["make", "rollback", *given], ["env", *given, "make", "rollback"]):
            result = run(command)
            assert result.returncode == 2
            assert "unverändert" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_behind_ssh(office: Office, tmp_path: Path) -> None:
    """The server of ssh talks to its client through pipes, without a port."""
    program = shutil.which("sshd", path="/usr/sbin:/usr/bin") or needs("sshd", "openssh-server")
    for key in ("host", "user"):
        run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / key])
    server = (
        f"{program} -i -f none -oHostKey={tmp_path}/host -oAuthorizedKeysFile={tmp_path}/user.pub "
        "-oStrictModes=no -oPasswordAuthentication=no"
    )
    config = (
        f"ProxyCommand {server}\nIdentityFile {tmp_path}/user\nBatchMode yes\nLogLevel ERROR\n"
        "StrictHostKeyChecking no\nUserKnownHostsFile /dev/null\n"
    )
    write(tmp_path, {"config": config})
    Path("/run/sshd").mkdir(exist_ok=True)
    office.target = office.target.with_name("mit Leerzeichen, 'ä' und $x")
    ssh = f"ssh -F {tmp_path}/config"
    remote: dict[str, Any] = {"TARGET": f"server:{office.target}", "SSH": ssh}
    office.publish("eins", "zwei", **remote)
    first = office.run("releases", **remote).split()[0]
    assert first in office.run("rollback", **remote)
    assert "eins" in office.page()


def assert_whole(office: Office) -> None:
    """Read the start page and its style sheet, as a web server does."""
    version, sheet = re.findall(r'<title>(.*?)</title>.* href="/(.*?)".*</p>$', office.page())[0]
    assert f"/* {version} */" in office.page(sheet)


def test_killed_at_any_moment_readers_see_a_whole_site(office: Office) -> None:
    """`IKM_KILLS=60` for more moments than a test run has time for."""
    kills = int(os.environ.get("IKM_KILLS", "5"))
    chance = random.Random(kills)
    office.publish("Fassung 0")
    started = time.monotonic()
    office.publish("Fassung 1")
    takes = time.monotonic() - started
    # The first one has the time to end.
    for moment in (2 * takes, *(chance.uniform(0, takes) for _ in range(kills))):
        make_site(office.root / "site", f"Fassung {moment}")
        process = office.command("publish")
        end = time.monotonic() + moment
        while time.monotonic() < end:
            assert_whole(office)
        # A closed terminal ends all of them, a lack of memory only one: the others may go on.
        (os.killpg if chance.random() < 0.5 else os.kill)(process.pid, signal.SIGKILL)
        while time.monotonic() < end + takes:
            assert_whole(office)
        process.communicate()
    # What was left half done is gone after the next run, and the right number stays.
    assert office.publish("danach")[0] in office.releases
    assert len(office.releases) <= 5 and all(map(NAME.fullmatch, office.releases))
