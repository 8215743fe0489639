"""`make html`: both languages whole, the same bytes, and clear words when something is wrong."""

import datetime
import os
import re
import shutil
import signal
import subprocess
import sys
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from babel.dates import format_date

from ikm_site.languages import LANGUAGES, Language
from tests.conftest import PATIENCE, ROOT, build, locked, page, run, sphinx, wait_until, write
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


def test_a_build_waits_for_another_and_leaves_nothing_over(small: Path) -> None:
    target = small / "_build/html"
    write(target, {"gone.html": "old"})
    with locked(small / "_build/.lock"):
        waiting = started(small)
        assert waiting.stdout
        assert "Ein anderer Bau läuft" in waiting.stdout.readline()
        # Without the lock the folder of the new build would be there at once.
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(1)
        assert not (small / "_build/new").exists()
    waiting.communicate()
    assert waiting.returncode == 0
    assert (target / "en/index.html").is_file()
    assert not (target / "gone.html").exists()
    assert {entry.name for entry in target.parent.iterdir()} == {"html", "doctrees", ".lock"}


def test_the_same_bytes_elsewhere(small: Path, tmp_path: Path, entry: Language) -> None:
    """At a path with a space and an umlaut, on another day, in another language, by another user.

    `sphinx-build` by itself: `make html` sets zone and locale. The zones never share a day.
    """
    elsewhere = tmp_path / "ein Ordner für alle"
    shutil.copytree(small, elsewhere)
    # What editors leave beside the files is passed over.
    (elsewhere / "about/.#one.md").symlink_to("user@host.123:456")
    write(elsewhere, {"about/one.md~": "alt", "about/.one.md.swp": b"\0\xff"})
    (elsewhere / "locales/en/LC_MESSAGES/.#data.po").symlink_to("user@host.123:456")
    options = ("-b", "html", "-D", f"language={entry.code}", "-d", "doctrees", ".", "out")
    sphinx(small, *options, TZ="<-12>+12", LC_ALL="C.UTF-8", PYTHONHASHSEED="1")
    other = {"LC_ALL": "C", "LANGUAGE": "de", "PYTHONHASHSEED": "2", "SOURCE_DATE_EPOCH": "1"}
    before = os.umask(0o077)
    try:
        sphinx(elsewhere, *options, TZ="<+14>-14", **other)
    finally:
        os.umask(before)
    target = small / "out"
    assert run(["diff", "-r", "-x", ".buildinfo", target, elsewhere / "out"]).stdout == ""
    # Nor does anything tell the day of UTC, but for data that are of this day.
    today = datetime.datetime.now(datetime.UTC).date()
    forms = product(("long", "medium"), ("de", "en_GB"))
    days = [format_date(today, form, code) for form, code in forms]
    told = run(["grep", "-rlF", *(f"-e{day}" for day in (*days, today)), target]).stdout.split()
    given = str(today) in (small / "data/datapackage.json").read_text("utf-8")
    assert [file for file in told if not given or "/data/" not in file] == []


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
