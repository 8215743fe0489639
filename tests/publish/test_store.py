# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Releases at a target: publish, roll back, and everything that can go wrong meanwhile."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from ikm_site.publish import headers, manifest, servers
from ikm_site.publish.shell import Shell, Target, TargetError
from ikm_site.publish.store import KEEP
from tests.conftest import ROOT, needs
from tests.publish.conftest import free_port, nginx, publish, running

PAGES = 60


def make(folder: Path, word: str, pages: int = PAGES) -> Path:
    """A small release whose every file says which release it belongs to."""
    site = folder / "site"
    (site / "en").mkdir(parents=True)
    (site / "same.txt").write_text("the same in all releases\n" * 50, encoding="utf-8")
    for number in range(pages):
        # Not to be compressed, so that a line can break in the middle of it.
        lines = (hashlib.sha256(f"{word} {number} {n}".encode()).hexdigest() for n in range(100))
        text = f"<!doctype html><title>{word}</title>\n" + "\n".join(lines)
        (site / f"p{number}.html").write_text(text, encoding="utf-8")
    for name in ("index.html", "404.html", "en/404.html"):
        (site / name).write_text(f"<!doctype html><title>{word}</title>{word}\n", encoding="utf-8")
    digest = manifest.digest(manifest.of(site))
    servers.write(site, folder / "server", (), headers.policies(site))
    info = {"digest": digest, "commit": word, "pages": pages, "preview": False}
    (folder / "release.json").write_text(json.dumps(info), encoding="utf-8")
    (folder / "manifest.json").write_text(manifest.dump(manifest.of(site)), encoding="utf-8")
    (folder / "SHA256SUMS").write_text(manifest.sums(manifest.of(folder)), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Releases to publish, by name."""
    base = tmp_path_factory.mktemp("sources")
    return {word: make(base / word, word) for word in ("eins", "zwei", "drei")}


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "srv" / "ikm site"


def put(source: Path, target: object, *more: str) -> subprocess.CompletedProcess[str]:
    return publish("put", "--source", source, "--target", str(target), *more)


def ok(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def names(target: Path) -> list[str]:
    return sorted(entry.name for entry in (target / "releases").iterdir())


def word(target: Path) -> str:
    """Which release readers see, if it is whole."""
    site = target / "current" / "site"
    words = {
        re.findall("<title>(.*?)<", page.read_text("utf-8"))[0] for page in site.glob("*.html")
    }
    assert len(words) == 1, words
    check = subprocess.run(
        ["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=target / "current", check=False
    )
    assert check.returncode == 0
    return str(words.pop())


# -- publish, roll back, list ----------------------------------------------------------------


def test_publish_and_roll_back(sources: dict[str, Path], target: Path) -> None:
    said = ok(put(sources["eins"], target))
    assert f"{PAGES + 4} new" in said and "0 removed" in said
    assert word(target) == "eins"
    said = ok(put(sources["zwei"], target))
    assert f"{PAGES + 3} changed" in said
    assert word(target) == "zwei"
    ok(put(sources["drei"], target))
    listed = ok(publish("releases", "--target", target)).splitlines()
    assert [line[0] for line in listed] == [" ", " ", "→"]
    assert all(re.search(r"000\d-[0-9a-f]{12}  commit \w+, 60 pages  ", line) for line in listed)
    # Back, and back again; there is nothing before the first.
    assert "readers now see" in ok(publish("rollback", "--target", target))
    assert word(target) == "zwei"
    ok(publish("rollback", "--target", target))
    assert word(target) == "eins"
    refused = publish("rollback", "--target", target)
    assert refused.returncode == 1 and "no release before" in refused.stderr
    assert word(target) == "eins"
    # Forward by name or number.
    ok(publish("rollback", "--target", target, "--release", "3"))
    assert word(target) == "drei"
    refused = publish("rollback", "--target", target, "--release", "0009")
    assert refused.returncode == 1 and "0001-" in refused.stderr
    assert word(target) == "drei"


def test_what_did_not_change_is_linked(sources: dict[str, Path], target: Path) -> None:
    ok(put(sources["eins"], target))
    first = (target / "current/site/same.txt").stat()
    changed = (target / "current/site/p1.html").stat()
    ok(put(sources["zwei"], target))
    assert (target / "current/site/same.txt").stat().st_ino == first.st_ino
    assert (target / "current/site/p1.html").stat().st_ino != changed.st_ino
    # Publishing never writes into a file that an earlier release shares.
    assert not (sources["zwei"] / "site/same.txt").samefile(target / "current/site/same.txt")


def test_same_release_again_changes_nothing(sources: dict[str, Path], target: Path) -> None:
    ok(put(sources["eins"], target))
    before = names(target)
    assert "live already" in ok(put(sources["eins"], target))
    assert names(target) == before


def test_five_stay(sources: dict[str, Path], target: Path) -> None:
    for number in range(KEEP + 3):
        ok(put(sources[("eins", "zwei")[number % 2]], target))
    assert [name[:4] for name in names(target)] == ["0004", "0005", "0006", "0007", "0008"]
    # Rolled back to the oldest, that one stays whatever is published.
    ok(publish("rollback", "--target", target, "--release", "4"))
    ok(put(sources["drei"], target))
    assert [name[:4] for name in names(target)] == ["0004", "0006", "0007", "0008", "0009"]
    assert word(target) == "drei"
    ok(publish("rollback", "--target", target))
    assert word(target) == "zwei"


def test_removed_addresses_need_a_redirect_or_a_yes(
    sources: dict[str, Path], target: Path, tmp_path: Path
) -> None:
    ok(put(sources["eins"], target))
    shorter = make(tmp_path / "shorter", "kurz", PAGES - 2)
    refused = put(shorter, target)
    assert refused.returncode == 2
    assert "/p58.html" in refused.stderr and "/p59.html" in refused.stderr
    assert "redirects.yaml" in refused.stderr
    assert word(target) == "eins"
    ok(put(shorter, target, "--yes"))
    assert word(target) == "kurz"


def test_style_sheet_of_the_page_before_stays_for_one_release(
    sources: dict[str, Path], target: Path, tmp_path: Path
) -> None:
    """Who has just got the old page finds its style sheet behind the switch, too."""

    def styled(word: str, digest: str) -> Path:
        source = tmp_path / word
        shutil.copytree(sources["eins"], source)
        (source / "site/_static").mkdir()
        (source / f"site/_static/site.{digest}.css").write_text(f"/* {word} */", encoding="utf-8")
        (source / f"site/_static/site.{digest}.css.br").write_bytes(b"packed")
        (source / "site/_static/plain.css").write_text(f"/* {word} */", encoding="utf-8")
        info = {"digest": digest * 8, "commit": word, "pages": 1, "preview": False}
        (source / "release.json").write_text(json.dumps(info), encoding="utf-8")
        (source / "manifest.json").write_text(manifest.dump(manifest.of(source / "site")))
        (source / "SHA256SUMS").unlink()
        (source / "SHA256SUMS").write_text(manifest.sums(manifest.of(source)), encoding="utf-8")
        return source

    for word, digest, there in (
        ("rot", "aaaaaaaa", {"aaaaaaaa"}),
        ("gruen", "bbbbbbbb", {"aaaaaaaa", "bbbbbbbb"}),
        ("blau", "cccccccc", {"bbbbbbbb", "cccccccc"}),
    ):
        ok(put(styled(word, digest), target))
        static = target / "current/site/_static"
        assert {file.name for file in static.iterdir()} == {
            "plain.css",
            *(f"site.{d}.css{ending}" for d in there for ending in ("", ".br")),
        }
        assert word in (static / f"site.{digest}.css").read_text("utf-8")
        check = subprocess.run(
            ["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=target / "current", check=False
        )
        assert check.returncode == 0
    # A spoilt one is not taken along, and does not stop the next publish.
    (target / "current/site/_static/site.cccccccc.css").write_text("spoilt", encoding="utf-8")
    ok(put(styled("gelb", "dddddddd"), target))
    names_now = {file.name for file in (target / "current/site/_static").iterdir()}
    assert "site.dddddddd.css" in names_now and "site.cccccccc.css" not in names_now


def test_an_old_address_may_go_when_it_leads_on(target: Path, tmp_path: Path) -> None:
    old = make(tmp_path / "old", "alt", 1)
    (old / "site/ueber-ikm").mkdir()
    (old / "site/ueber-ikm/index.html").write_text("<title>alt</title>", encoding="utf-8")
    (old / "manifest.json").write_text(manifest.dump(manifest.of(old / "site")), encoding="utf-8")
    (old / "SHA256SUMS").unlink()
    (old / "SHA256SUMS").write_text(manifest.sums(manifest.of(old)), encoding="utf-8")
    ok(put(old, target))
    assert "1 removed" in ok(put(make(tmp_path / "new", "neu", 1), target))


@pytest.mark.parametrize(
    ("text", "why"),
    [("", "names no place"), ("/", "root folder"), ("host:/", "root folder"),
     ("-oProxyCommand=x:/srv", "names no place"), ("-x:/srv", "cannot begin"), ("host:~/site", "without ~"),
     ("a\nb", "names no place")],
)  # fmt: skip
def test_bad_targets(text: str, why: str) -> None:
    with pytest.raises(TargetError, match=why):
        Target.parse(text)


@pytest.mark.parametrize("command", ["rollback", "releases"])
def test_nothing_published_yet(command: str, tmp_path: Path) -> None:
    result = publish(command, "--target", tmp_path / "nowhere")
    assert result.returncode == 1
    assert "Traceback" not in result.stderr and "nowhere" in result.stderr
    assert not (tmp_path / "nowhere").exists()


def test_current_that_is_no_link(sources: dict[str, Path], target: Path) -> None:
    (target / "current").mkdir(parents=True)
    (target / "current" / "precious").write_text("x", encoding="utf-8")
    refused = put(sources["eins"], target)
    assert refused.returncode == 1 and "is no link" in refused.stderr
    assert (target / "current" / "precious").exists()


# -- damage ----------------------------------------------------------------------------------


@pytest.mark.parametrize("damage", ["changed", "missing", "extra", "sums", "link"])
def test_damaged_release_is_never_shown(
    sources: dict[str, Path], target: Path, damage: str
) -> None:
    ok(put(sources["eins"], target))
    ok(put(sources["zwei"], target))
    old = target / "releases" / names(target)[0]
    file = old / "site/p7.html"
    if damage == "changed":
        file.write_text("spoilt", encoding="utf-8")
    elif damage == "missing":
        file.unlink()
    elif damage == "extra":
        (old / "site/evil.html").write_text("evil", encoding="utf-8")
    elif damage == "sums":
        (old / "SHA256SUMS").unlink()
    else:
        (old / "site/passwd").symlink_to("/etc/passwd")
    refused = publish("rollback", "--target", target)
    assert refused.returncode == 1 and "damaged" in refused.stderr
    if damage in ("changed", "missing"):
        assert "p7.html" in refused.stderr
    assert word(target) == "zwei"
    ok(put(sources["drei"], target))
    assert word(target) == "drei"


def test_damage_in_the_live_release_is_repaired(sources: dict[str, Path], target: Path) -> None:
    ok(put(sources["eins"], target))
    # The file is the same in the next release, which must not link to the spoilt one.
    file = target / "current/site/same.txt"
    stat = file.stat()
    file.write_text("X" * stat.st_size, encoding="utf-8")
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    ok(put(sources["eins"], target))
    assert word(target) == "eins"
    (target / "current/manifest.json").write_text("{", encoding="utf-8")
    assert "damaged" in ok(put(sources["zwei"], target))
    assert word(target) == "zwei"


def test_spoilt_copy_is_noticed(sources: dict[str, Path], target: Path, tmp_path: Path) -> None:
    ok(put(sources["eins"], target))
    spoilt = tmp_path / "spoilt"
    shutil.copytree(sources["zwei"], spoilt)
    (spoilt / "site/p3.html").write_text("spoilt on the way", encoding="utf-8")
    refused = put(spoilt, target)
    assert refused.returncode == 1 and "p3.html" in refused.stderr
    assert word(target) == "eins"
    assert len(names(target)) == 1


def test_clock_goes_back(sources: dict[str, Path], target: Path) -> None:
    """Numbers order the releases; times are only shown."""
    for name in ("eins", "zwei"):
        ok(put(sources[name], target))
    for path in [target, *target.rglob("*")]:
        if not path.is_symlink():
            os.utime(path, (4e9, 4e9))
    (target / "current/PUBLISHED").write_text("somebody 2096-01-01 00:00 UTC\n", encoding="utf-8")
    ok(put(sources["drei"], target))
    assert word(target) == "drei"
    ok(publish("rollback", "--target", target))
    assert word(target) == "zwei"


# -- two at once, stopped, no room -----------------------------------------------------------


def test_second_publisher_is_told(sources: dict[str, Path], target: Path) -> None:
    ok(put(sources["eins"], target))
    place = Target.parse(str(target))
    with Shell(place, create=False, who="anna@buero 2026-11-23 10:00 UTC"):
        refused = put(sources["zwei"], target, "--wait", "0")
        assert refused.returncode == 1
        assert "somebody else is publishing" in refused.stderr and "anna@buero" in refused.stderr
        assert word(target) == "eins"
    ok(put(sources["zwei"], target, "--wait", "0"))


def test_second_publisher_waits(sources: dict[str, Path], target: Path) -> None:
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "ikm_site.publish", "put", "--source", str(sources[name]),
             "--target", str(target), "--wait", "60"],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for name in ("eins", "zwei")
    ]  # fmt: skip
    for process in both:
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said
    assert word(target) in ("eins", "zwei")
    assert len(names(target)) == 2


class Reader(threading.Thread):
    """Asks all the time; remembers whatever no release would have answered."""

    def __init__(self, port: int, sources: dict[str, Path]) -> None:
        super().__init__(daemon=True)
        self.port, self.stopped = port, threading.Event()
        self.asked, self.wrong = 0, list[str]()
        self.switches, self._seen = 0, ""
        paths = [f"p{number}.html" for number in range(0, PAGES, 7)]
        self.known = {
            path: {(source / "site" / path).read_bytes(): word for word, source in sources.items()}
            for path in paths
        }

    def run(self) -> None:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        while not self.stopped.is_set():
            for path, bodies in self.known.items():
                try:
                    connection.request("GET", f"/{path}")
                    answer = connection.getresponse()
                    body = answer.read()
                except (OSError, HTTPException) as error:
                    self.wrong.append(f"{path}: {error!r}")
                    connection.close()
                    continue
                self.asked += 1
                if answer.status != 200 or body not in bodies:
                    self.wrong.append(f"{path}: {answer.status}, {len(body)} bytes")
                elif bodies[body] != self._seen:
                    self._seen = bodies[body]
                    self.switches += 1


def killed(source: Path, target: str, after: float, *more: str) -> bool:
    """Publish and kill everything that belongs to it after a while; tells if it had ended."""
    process = subprocess.Popen(
        [sys.executable, "-X", "utf8", "-m", "ikm_site.publish", "put", "--source", str(source),
         "--target", target, *more],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        process.wait(after)
        return True
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return False


@pytest.mark.server
@pytest.mark.parametrize("group", [True, False], ids=["all", "publisher-only"])
def test_killed_at_any_moment(
    sources: dict[str, Path],
    target: Path,
    record_property: Callable[[str, object], None],
    group: bool,
) -> None:
    """kill -9 again and again: no reader notices, and the next publish puts all in order.

    KILLS=200 in the environment for a longer run.
    """
    kills = int(os.environ.get("KILLS", "40")) // 2
    two = {name: sources[name] for name in ("eins", "zwei")}
    ok(put(two["eins"], target))
    began = time.monotonic()
    ok(put(two["zwei"], target))
    full = time.monotonic() - began
    chance = random.Random(7 + group)
    with nginx(target) as server:
        reader = Reader(server.port, two)
        reader.start()
        stopped = published = 0
        # Some must come through, or the kills all came too early to mean anything.
        while stopped < kills or not published:
            source = two[("eins", "zwei")[(stopped + published) % 2]]
            # Mostly while it works at the target, sometimes while Python starts.
            after = full * chance.uniform(0.3, 1.2)
            if group:
                done = killed(source, str(target), after)
            else:
                # Its shell at the target lives on until it notices.
                process = subprocess.Popen(
                    [sys.executable, "-X", "utf8", "-m", "ikm_site.publish", "put",
                     "--source", str(source), "--target", str(target)],
                    cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                )  # fmt: skip
                try:
                    process.wait(after)
                    done = True
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
                    done = False
            stopped, published = stopped + (not done), published + done
            # A machine that does other things becomes slower and faster.
            full *= 0.9 if done else 1.05
            assert word(target) in two
        ok(put(sources["eins"], target))
        ok(put(sources["zwei"], target))
        reader.stopped.set()
        reader.join(30)
    record_property("kills", stopped)
    record_property("asked", reader.asked)
    print(
        f"{stopped} kills, {published} published, {reader.asked} answers, {len(reader.wrong)} bad"
    )
    assert reader.asked > 10 * kills
    # Two in a row may be of the same site; the last two are not.
    assert reader.switches
    assert reader.wrong == []
    left = names(target)
    assert all(re.fullmatch(r"\d{4}-[0-9a-f]{12}", name) for name in left) and len(left) <= KEEP
    assert not (target / "current.new").exists()
    for name in left:
        subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"],
                       cwd=target / "releases" / name, check=True)  # fmt: skip


def test_killed_between_its_steps(sources: dict[str, Path], target: Path) -> None:
    """What a publisher can leave behind at its worst moments is put in order by the next."""
    ok(put(sources["eins"], target))
    first = names(target)[0]
    releases = target / "releases"
    shutil.copytree(releases / first, releases / ".new-0002-abcdefabcdef")
    shutil.copytree(releases / first, releases / ".old-0000-abcdefabcdef")
    # Whole, but never shown: the switch did not come.
    shutil.copytree(releases / first, releases / "0002-abcdefabcdef")
    (releases / "0002-abcdefabcdef/PUBLISHED").unlink()
    (target / "current.new").symlink_to("releases/0002-abcdefabcdef")
    # Shown, but not noted yet.
    (releases / first / "PUBLISHED").unlink()
    ok(put(sources["zwei"], target))
    assert names(target) == [first, *[n for n in names(target) if n.startswith("0002-")]]
    assert word(target) == "zwei"
    ok(publish("rollback", "--target", target))
    assert word(target) == "eins"


def test_no_room_for_a_file(sources: dict[str, Path], target: Path, tmp_path: Path) -> None:
    ok(put(sources["eins"], target))
    large = make(tmp_path / "large", "gross", 3)
    (large / "site/large.txt").write_text("x" * 3_000_000, encoding="utf-8")
    (large / "SHA256SUMS").unlink()
    (large / "SHA256SUMS").write_text(manifest.sums(manifest.of(large)), encoding="utf-8")
    result = subprocess.run(
        [sys.executable, "-m", "ikm_site.publish", "put", "--source", str(large),
         "--target", str(target), "--yes"],
        cwd=ROOT, capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000)),
    )  # fmt: skip
    assert result.returncode == 1
    assert "large.txt" in result.stderr and "old site" in result.stderr
    assert "Traceback" not in result.stderr
    assert word(target) == "eins" and len(names(target)) == 1


def test_full_disk(sources: dict[str, Path], tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if mounted.returncode:
        pytest.skip("a small disk can only be mounted by root; test_no_room_for_a_file stands in")
    try:
        ok(put(sources["eins"], disk / "ikm"))
        room = os.statvfs(disk)
        (disk / "ballast").write_bytes(b"x" * (room.f_bavail * room.f_frsize - 200_000))
        refused = put(sources["zwei"], disk / "ikm")
        assert refused.returncode == 1, refused.stdout
        assert "No space left" in refused.stderr and "Traceback" not in refused.stderr
        assert word(disk / "ikm") == "eins" and len(names(disk / "ikm")) == 1
        (disk / "ballast").unlink()
        ok(put(sources["zwei"], disk / "ikm"))
        assert word(disk / "ikm") == "zwei"
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_no_permission(sources: dict[str, Path], tmp_path: Path) -> None:
    if os.geteuid() == 0:
        place = Path("/sys/ikm")
    else:
        place = tmp_path / "closed"
        place.mkdir(mode=0o555)
    refused = put(sources["eins"], place)
    assert refused.returncode == 1
    assert str(place) in refused.stderr and "Traceback" not in refused.stderr
    assert re.search("denied|not permitted|Read-only", refused.stderr)


# -- another machine: a real sshd and rsync on loopback --------------------------------------


@pytest.fixture(scope="module")
def ssh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The ssh command that reaches this machine through a sshd of the test's own."""
    needs("rsync", "rsync")
    program = needs("/usr/sbin/sshd", "openssh-server")
    base = tmp_path_factory.mktemp("ssh")
    for key in ("host", "user"):
        subprocess.run(
            [needs("ssh-keygen", "openssh-client"), "-q", "-t", "ed25519", "-N", "",
             "-f", str(base / key)],
            check=True,
        )  # fmt: skip
    shutil.copy(base / "user.pub", base / "authorized")
    port = free_port()
    (base / "config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {base}/host\nPidFile {base}/pid\n"
        f"AuthorizedKeysFile {base}/authorized\nStrictModes no\nUsePAM no\n"
        "PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin yes\n",
        encoding="utf-8",
    )
    if os.geteuid() == 0:
        # What Debian's service makes before it starts sshd.
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    host_key = (base / "host.pub").read_text("utf-8").split()[:2]
    (base / "known").write_text(f"[127.0.0.1]:{port} {' '.join(host_key)}\n", encoding="utf-8")
    with running("sshd", [program, "-D", "-e", "-f", str(base / "config")], port, base / "run"):
        yield (
            f"ssh -F none -p {port} -i {base}/user -o UserKnownHostsFile={base}/known "
            "-o IdentitiesOnly=yes -o BatchMode=yes"
        )


def test_remote(sources: dict[str, Path], tmp_path: Path, ssh: str) -> None:
    place = tmp_path / "srv" / "ikm site"
    there = f"127.0.0.1:{place}"
    assert f"{PAGES + 4} new" in ok(put(sources["eins"], there, "--ssh", ssh))
    assert word(place) == "eins"
    inode = (place / "current/site/same.txt").stat().st_ino
    ok(put(sources["zwei"], there, "--ssh", ssh))
    assert word(place) == "zwei"
    assert (place / "current/site/same.txt").stat().st_ino == inode
    assert (place / "current/site/p1.html").stat().st_mode & 0o777 == 0o644
    ok(publish("rollback", "--target", there, "--ssh", ssh))
    assert word(place) == "eins"
    assert "→ 0001-" in ok(publish("releases", "--target", there, "--ssh", ssh))
    # A damaged file is not linked on; the same size and time do not deceive.
    file = place / "current/site/same.txt"
    stat = file.stat()
    file.write_text("X" * stat.st_size, encoding="utf-8")
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    ok(put(sources["drei"], there, "--ssh", ssh))
    assert word(place) == "drei"


@pytest.mark.parametrize("after", [0, 2_000, 100_000])
def test_line_breaks_in_the_middle_of_rsync(
    sources: dict[str, Path], tmp_path: Path, ssh: str, after: int
) -> None:
    place = tmp_path / "ikm"
    there = f"127.0.0.1:{place}"
    ok(put(sources["eins"], there, "--ssh", ssh))
    cut = tmp_path / "cut"
    cut.write_text(
        "#!/bin/sh\n"
        # The connection of rsync ends behind so many bytes; the shell's holds.
        f'case "$*" in *rsync*--server*) dd bs=1 count={after} status=none | {ssh} "$@"; exit 255;; esac\n'
        f'exec {ssh} "$@"\n',
        encoding="utf-8",
    )
    cut.chmod(0o755)
    refused = put(sources["zwei"], there, "--ssh", str(cut))
    assert refused.returncode == 1
    assert "rsync failed" in refused.stderr and "same command again" in refused.stderr
    assert word(place) == "eins" and len(names(place)) == 1
    ok(put(sources["zwei"], there, "--ssh", ssh))
    assert word(place) == "zwei"


def test_line_breaks_before_the_switch(sources: dict[str, Path], tmp_path: Path, ssh: str) -> None:
    """Without its shell a publisher can do nothing more, and leaves no lock behind."""
    place = tmp_path / "ikm"
    there = f"127.0.0.1:{place}"
    ok(put(sources["eins"], there, "--ssh", ssh))
    cut = tmp_path / "cut"
    cut.write_text(
        "#!/bin/sh\n"
        f'case "$*" in *rsync*--server*) exec {ssh} "$@";; esac\n'
        f'dd bs=1 count=1500 status=none | {ssh} "$@"\n',
        encoding="utf-8",
    )
    cut.chmod(0o755)
    refused = put(sources["zwei"], there, "--ssh", str(cut))
    assert refused.returncode == 1 and "connection is lost" in refused.stderr
    assert word(place) == "eins"
    ok(put(sources["zwei"], there, "--ssh", ssh, "--wait", "5"))
    assert word(place) == "zwei"


def test_nobody_answers(sources: dict[str, Path]) -> None:
    needs("ssh", "openssh-client")
    ssh = f"ssh -F none -p {free_port()} -o BatchMode=yes -o ConnectTimeout=3"
    refused = put(sources["eins"], "127.0.0.1:/srv/ikm", "--ssh", ssh)
    assert refused.returncode == 1
    assert "refused" in refused.stderr and "Traceback" not in refused.stderr


def test_killed_at_the_other_end(sources: dict[str, Path], tmp_path: Path, ssh: str) -> None:
    place = tmp_path / "ikm"
    there = f"127.0.0.1:{place}"
    two = {name: sources[name] for name in ("eins", "zwei")}
    ok(put(two["eins"], there, "--ssh", ssh))
    began = time.monotonic()
    ok(put(two["zwei"], there, "--ssh", ssh))
    full = time.monotonic() - began
    chance = random.Random(11)
    for number in range(6):
        name = ("eins", "zwei")[number % 2]
        killed(two[name], there, full * chance.uniform(0.4, 1.0), "--ssh", ssh)
        assert word(place) in two
    ok(put(sources["drei"], there, "--ssh", ssh, "--wait", "30"))
    assert word(place) == "drei"
    assert all(re.fullmatch(r"\d{4}-[0-9a-f]{12}", name) for name in names(place))


def test_digest_with_the_systems_own_tools(sources: dict[str, Path]) -> None:
    folder = sources["eins"] / "site"
    line = "find . -type f -printf '%P\\0' | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum"
    with contextlib.chdir(folder):
        result = subprocess.run(line, shell=True, capture_output=True, text=True, check=True)
    assert result.stdout.split()[0] == manifest.digest(manifest.of(folder))


@pytest.mark.parametrize("name", ["Straße.html", "a b.html", "x\ny", "a'b", "$(id).txt"])
def test_names_that_tools_misread_are_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("", encoding="utf-8")
    with pytest.raises(manifest.ManifestError, match="names of files"):
        manifest.check_names(tmp_path)
