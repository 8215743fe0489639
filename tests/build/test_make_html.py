"""`make html`: both languages whole, the same bytes, and clear words when something is wrong."""

import datetime
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from babel.dates import format_date

from ikm_site.languages import LANGUAGES
from tests.conftest import PATIENCE, ROOT, build, locked, page, run, wait_until, write
from tests.pages import all_pages, tree, words


def test_make_alone_lists_every_target_with_a_line() -> None:
    shown = run(["make"]).stdout
    text = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"(?m)^\.PHONY: (\S+)$", text):
        assert re.search(rf"(?m)^  {target} +\S", shown), f"{target} has no line of help"


def test_make_works_with_a_locale_that_the_machine_does_not_have() -> None:
    shown = run(["make", "--print-data-base", "--dry-run", "help"], LC_ALL="xx_XX.UTF-8").stdout
    assert "\nLC_ALL = C.UTF-8\n" in shown


def test_internal_links_lead_somewhere(site: Path) -> None:
    """`make linkcheck` without the network."""
    # make knows no names with spaces, which the path of the project may have.
    venv = os.path.relpath(sys.prefix, ROOT)
    options = [f"VENV={venv}", f"BUILDDIR={site.parent}", "LYCHEEOPTS=--offline"]
    result = run(["make", "linkcheck", "-o", "html", "-o", f"{venv}/test.stamp", *options])
    assert result.returncode == 0, result.stdout + result.stderr
    assert len(all_pages(site)) > 130


def started(project: Path, **options: Any) -> subprocess.Popen[str]:
    """`make html` as a process of its own."""
    # A test run in the background of a shell would hand on that Ctrl-C is ignored.
    command = ["env", "--default-signal=INT", sys.executable, "tools/build_site.py"]
    return subprocess.Popen(command, cwd=project, text=True, stdout=subprocess.PIPE, **options)


def test_the_same_bytes_elsewhere_and_nothing_left_over(small: Path, tmp_path: Path) -> None:
    """At a path with a space and an umlaut, in another time zone and language, by another user."""
    elsewhere = tmp_path / "ein Ordner für alle"
    shutil.copytree(small, elsewhere)
    target, other = small / "_build/html", elsewhere / "_build/html"
    write(other, {"gone.html": "old"})
    # What editors leave beside the files is passed over.
    (elsewhere / "about/.#one.md").symlink_to("user@host.123:456")
    write(elsewhere, {"about/one.md~": "alt", "about/.one.md.swp": b"\0\xff"})
    (elsewhere / "locales/en/LC_MESSAGES/.#data.po").symlink_to("user@host.123:456")
    (small / "_build").mkdir()
    with locked(small / "_build/.lock"):
        waiting = started(small)
        assert waiting.stdout
        assert "Ein anderer Bau läuft" in waiting.stdout.readline()
        time.sleep(0.5)
        assert not (small / "_build/new").exists()
    before = os.umask(0o077)
    try:
        result = build(other, elsewhere, TZ="Asia/Tokyo", LANG="de_DE.UTF-8", SOURCE_DATE_EPOCH="1")
    finally:
        os.umask(before)
    assert result.returncode == 0, result.stderr
    waiting.communicate()
    assert waiting.returncode == 0
    assert (target / "en/index.html").is_file()
    assert run(["diff", "-r", target, other]).stdout == ""
    # Nor does anything tell the day of both builds, but for data that are of this day.
    today = datetime.date.today()
    forms = product(("long", "medium"), ("de", "en_GB"))
    days = [format_date(today, form, code) for form, code in forms]
    told = run(["grep", "-rlF", *(f"-e{day}" for day in (*days, today)), target]).stdout.split()
    given = str(today) in (small / "data/datapackage.json").read_text("utf-8")
    assert [file for file in told if not given or "/data/" not in file] == []
    assert {entry.name for entry in other.parent.iterdir()} == {"html", "doctrees", ".lock"}


def test_a_preview_and_what_is_missing_in_it_say_so(small: Path) -> None:
    page(small, "about/one", "# Eins\n\n```{organisation-imprint}\n```\n")
    target = small / "_build/html"
    assert build(target, small, PREVIEW="1").returncode == 0
    for name in all_pages(target):
        root = tree(target, name)
        assert root.xpath("//head/meta[@name='robots']/@content") == ["noindex"], name
        assert len(root.xpath("//aside[@class='preview']")) == 1, name
    for path, said in (("", "Fehlt noch"), ("en/", "Still missing")):
        missing = tree(target, f"{path}about/one.html").xpath("//*[@class='missing']")
        assert said in {words(each)[: len(said)] for each in missing}


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_build_that_is_ended_leaves_nothing_behind(small: Path, sent: signal.Signals) -> None:
    # It would never end by itself.
    with (small / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write("def setup(app): app.connect('builder-inited', lambda _: time.sleep(600))\n")
        conf.write("import time\n")
    process = started(small, stderr=subprocess.PIPE, start_new_session=True)
    begun = [small / "_build/new" / entry.code for entry in LANGUAGES]
    wait_until(lambda: process.poll() is not None or all(map(Path.exists, begun)))
    process.send_signal(sent)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert said.strip() == "Abgebrochen. Es gibt noch kein Ergebnis."
    assert not (small / "_build/new").exists()
    with pytest.raises(ProcessLookupError):
        # None of its processes goes on.
        os.killpg(process.pid, 0)
