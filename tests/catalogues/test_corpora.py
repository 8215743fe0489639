# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Every attack is named with file and line; no honest translation is."""

from __future__ import annotations

from pathlib import Path

from ikm_site.catalogues.check import check
from ikm_site.catalogues.findings import RULES
from tests.catalogues.attacks import FAMILIES, attacks
from tests.catalogues.corpus import catalogue, honest, variants, write


def test_the_corpora_are_large_enough() -> None:
    assert len(honest()) >= 250
    assert len(honest()) + len(variants()) >= 400
    assert len(list(attacks(honest(), each=1))) >= 400


def test_no_honest_translation_is_reported(tmp_path: Path) -> None:
    # The same German sentence has several translations, so each file takes it only once.
    waiting = honest() + variants()
    number = 0
    while waiting:
        once = dict(reversed(waiting))
        waiting = [pair for pair in waiting if once[pair[0]] != pair[1]]
        path = write(tmp_path, f"honest-{number}", catalogue(once.items()))
        findings = [f for f in check(path) if f.problem.rule != "normal-form"]
        assert not findings, "\n".join(map(str, findings))
        number += 1


def test_every_attack_is_named_with_file_and_line(tmp_path: Path) -> None:
    missed = []
    path = tmp_path / "locales" / "en" / "LC_MESSAGES" / "attack.po"
    for attack in attacks(honest(), each=2):
        text = catalogue([("Vorher", "Before"), (attack.source, attack.translation)])
        write(tmp_path, "attack", text)
        head = text[: text.index("msgid", text.index("Before"))].count("\n") + 1
        findings = [f for f in check(path) if not f.hint and f.problem.rule != "normal-form"]
        if not any(f.path == path and f.line >= head for f in findings):
            missed.append(attack)
    assert not missed, missed[:10]


def test_each_family_of_attacks_occurs() -> None:
    assert {attack.family for attack in attacks(honest(), each=1)} == set(FAMILIES)


def test_findings_speak_of_known_rules_and_say_what_to_do(tmp_path: Path) -> None:
    for attack in list(attacks(honest(), each=1))[::7]:
        path = write(tmp_path, "one", catalogue([(attack.source, attack.translation)]))
        for finding in check(path):
            assert finding.problem.rule in RULES
            assert f"{path}:{finding.line}: " in str(finding)
            assert "what to do:" in str(finding)
            assert str(finding).isprintable() or "\n" in str(finding)
