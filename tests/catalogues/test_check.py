"""What `make check` names, what it leaves alone, and that its documents are right."""

import re
import sys

import polib
import pytest

from ikm_site.languages import SOURCE
from ikm_site.message_check import harm
from tests.catalogues.attacks import digits
from tests.catalogues.conftest import REFUSED, Project
from tests.catalogues.corpus import honest, variants
from tests.conftest import ROOT, run
from tools import check_po
from tools.message_numbers import differences

GUIDE = (ROOT / "TRANSLATING.md").read_text("utf-8")


def style(msgid: str, msgstr: str) -> list[str]:
    found = check_po.style(polib.POEntry(msgid=msgid, msgstr=msgstr), "en")
    return [f"{rule}: {problem}" for is_hint, rule, problem in found if not is_hint]


def test_the_catalogues_of_the_site_are_right() -> None:
    files = sorted(str(file.relative_to(ROOT)) for file in (ROOT / "locales").rglob("*.po"))
    result = run([sys.executable, "-X", "utf8", "-m", "tools.check_po", *files])
    assert result.returncode == 0, result.stdout + result.stderr
    result = run([sys.executable, "-X", "utf8", "-m", "tools.check_po", "locales/nowhere.po"])
    assert result.returncode == 1
    assert "locales/nowhere.po:1: there is no such catalogue" in result.stdout


def test_honest_translations_need_at_most_a_second_look_at_digits() -> None:
    asked = {pair: found for pair in honest() + variants() if (found := style(*pair))}
    assert not [found for found in asked.values() if not found[0].startswith("numbers")]
    # Sentences of which each has a few variants.
    assert len({german for german, _ in asked}) < 15


def test_what_is_named_for_its_style() -> None:
    for case in REFUSED["style"]:
        assert case["said"] in " ".join(style(case["original"], case["translation"])), case


@pytest.mark.parametrize(("german", "english"), [
    ("Um 20 Uhr", "At 8 p.m."), ("13–16 Uhr", "1 to 4 p.m."), ("1 000 000", "1 million"),
    ("1,2 Mrd. Euro", "€1,200 million"), ("31.12.2023", "31 December 2023"),
    ("elf Regionen", "11 regions"), ("90 Prozent", "nine tenths"), ("53 %", "about half"),
    ("10 bis 15 Prozent", "10–15 %"), ("11 Regionen", "11 European regions"),
    ("In den 90er Jahren", "In the 1990s"), ("2018/19", "2018–2019"), ("KOM(2018) 375", "COM(2018) 375"),
    ("2010–2015", "2010-2015"), ("Minus 3 Grad", "−3 degrees"),
])  # fmt: skip
def test_what_is_left_alone(german: str, english: str) -> None:
    assert not style(german, english)


def test_digits_that_change_are_named() -> None:
    altered = [(old, new) for old, text in honest() for new in digits(old, text)]
    missed = [pair for pair in altered if not any("numbers" in found for found in style(*pair))]
    # Such as 1:10 and 10:10, 26,0000 and 26 000: the same numbers, doubled or set otherwise.
    assert len(altered) > 800
    assert len(missed) < 12
    hint = (True, "“90 prozent” of the original is missing")
    assert list(differences("90 Prozent", "nine tenths", SOURCE.code, "en")) == [hint]


def test_a_comment_overrules_style_but_not_safety(small: Project) -> None:
    po = small.po("about/two")
    text = po.read_text("utf-8")
    first, second = 'msgid "Zwei"\nmsgstr "Two"', 'msgid "Der zweite Satz."\nmsgstr "The second'
    assert first in text
    po.write_text(
        text.replace(first, f"# noqa: numbers the title counts\n{first[:-1]} 22\"")
        .replace(second, f"# noqa: links it is better so\n{second} <b>33</b>"), "utf-8")  # fmt: skip
    found = small.check("locales/en/LC_MESSAGES/about/two.po")
    assert [line.partition(": ")[0] for line in found] == [
        "locales/en/LC_MESSAGES/about/two.po:22"
    ] * 3
    assert "“# noqa: links” overrules nothing; write one of numbers, quotes" in found[0]
    assert "the original has no html inline “<b>”; take it out" in found[1]
    assert small.build().count("about/two.po:22: WARNING: ") == 2
    assert '<p lang="de">Der zweite Satz.' in small.html("about/two")
    assert "Two 22" in small.html("about/two")


def test_the_examples_of_the_guide_are_true() -> None:
    original, seen = "", 0
    for kind, text in re.findall(r"^ {4}(original|wrong|right): +(.*)$", GUIDE, re.MULTILINE):
        if kind == "original":
            original = text
        else:
            found = [*harm(original, text), *style(original, text)]
            assert bool(found) == (kind == "wrong"), (text, found)
            seen += 1
    assert seen >= 10
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"make ([a-z-]+)", GUIDE)) - {"html"} <= targets
    assert all(f"`{rule}`" in GUIDE for rule in check_po.STYLE_RULES)
    assert len(GUIDE.splitlines()) <= 125
    searched = re.findall(r'grep -rl "([^"]+)"', GUIDE)
    assert searched
    assert searched[0] in (ROOT / "locales/en/LC_MESSAGES/about/history.po").read_text("utf-8")
