# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Records that contradict others: each mistake is named with file, line, value and remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

HEAD = "description: Eine Meldung nur für diesen Versuch, ohne Belang.\n"

#: A page, its front matter, and what is said of it.
TOGETHER = [
    (
        "news/2024/papier",
        "date: 2024\nkind: event\nstatements: [papier-2020]",
        "5: Feld „statements“: eine Seite statements/papier-2020.md gibt es nicht; "
        "meinen Sie „papier-2021“?",
    ),
    ("news/2024/region", "date: 2024\nkind: event\nregions: [ulm]", "es gibt: keine"),
    (
        "news/2024/jahr",
        "date: 2023-11-19\nkind: event",
        "3: Feld „date“: 2023-11-19 passt nicht zu diesem Ordner; legen Sie die Datei nach "
        "news/2023/",
    ),
    ("news/2024/Größe", "date: 2024\nkind: event", "1: der Name der Datei wird zur Adresse"),
    (
        "news/2024/index",
        "date: 2024\nkind: event",
        "1: dieselbe Adresse hat schon die Liste, die von selbst entsteht",
    ),
    ("statements/papier-2021", "kind: statement", ""),
    (
        "statements/papier-2021/index",
        "kind: statement",
        "1: dieselbe Adresse hat schon statements/papier-2021.md",
    ),
]


def test_what_contradicts_other_pages_is_named_in_one_build(
    small: Path, broken: Callable[[], str]
) -> None:
    for name, head, _ in TOGETHER:
        file = small / f"{name}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"---\n{HEAD}{head}\n---\n\n# Versuch\n\nWorte.\n", encoding="utf-8")
    said = broken().splitlines()
    for name, _, message in TOGETHER:
        lines = [line for line in said if line.startswith(f"{name}.md:")]
        # Both languages find it, and it is said once.
        assert len(lines) == (1 if message else 0), said
        assert not message or message in lines[0]
