# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""What TRANSLATING.md and the Weblate configuration say is true."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ikm_site.catalogues.check import catalogues
from ikm_site.catalogues.findings import RULES
from ikm_site.catalogues.rules import Pair, problems

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "TRANSLATING.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def examples() -> Iterator[tuple[str, str, str, str]]:
    """Names of the rules above an example, its original, `wrong` or `right`, and the text."""
    rules = original = ""
    for line in GUIDE.splitlines():
        if line.startswith("**"):
            rules = line.partition(":")[0]
        match = re.fullmatch(r" {4}(original|wrong|right): +(.*)", line)
        if match and match[1] == "original":
            original = match[2]
        elif match:
            yield rules, original, match[1], match[2]


@pytest.mark.parametrize(("rules", "original", "kind", "text"), list(examples()))
def test_examples_are_what_they_say(rules: str, original: str, kind: str, text: str) -> None:
    found = {problem.rule for problem in problems(Pair(original, text, "en", "de", False))}
    if kind == "right":
        assert found == set()
    else:
        assert found & set(re.findall(r"\*\*([\w-]+)\*\*", rules)), found


def test_every_rule_is_explained() -> None:
    assert {rule for rule in RULES if f"**{rule}**" not in GUIDE} == set()


def test_every_command_exists() -> None:
    for target in set(re.findall(r"^ {4}make ([\w-]+)", GUIDE, re.MULTILINE)):
        assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE), target


def test_both_languages_have_the_same_sections() -> None:
    german, english = GUIDE.split("\n## English\n")
    assert german.count("\n### ") == english.count("\n### ")


def test_weblate_finds_exactly_our_catalogues() -> None:
    folder = ROOT / "deploy" / "weblate"
    (first,) = json.loads((folder / "components.json").read_text("utf-8"))
    rest = json.loads((folder / "discovery.json").read_text("utf-8"))
    language = re.compile(rest["language_regex"])
    seen = set()
    for path in catalogues(ROOT / "locales"):
        name = path.relative_to(ROOT).as_posix()
        if path.parts[-3] == "de":
            assert not language.fullmatch("de")
            continue
        match = re.fullmatch(rest["match"], name)
        if path.match(first["filemask"]):
            assert match is None, name
        else:
            assert match, name
            assert language.fullmatch(match["language"])
            assert (match["language"], match["component"]) not in seen
            seen.add((match["language"], match["component"]))
    assert seen
