# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Bad records: each mistake is named with file, line, field, value and what is allowed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ikm_site.frontmatter import read
from tests.content.test_attachments import HTML, pdf

HEAD = "description: Eine Meldung nur für diesen Versuch, ohne Belang.\n"


@pytest.mark.parametrize(
    ("docname", "head", "line", "parts"),
    [
        ("news/2024/x", "date: 2024-02-30\nkind: meeting", 3, ["'date'", "no such day", "02-30"]),
        ("news/2024/x", "date: 30.2.2024\nkind: meeting", 3, ["'date'", "2018-06-27", "30.2.2024"]),
        ("news/2024/x", "date: 2024-11-19\nend: 2024-11-18\nkind: meeting", 4,
         ["'end'", "before 'date' (2024-11-19)"]),
        ("news/2024/x", "date: 2024-11\nend: 2024-11-18\nkind: meeting", 4, ["'end'", "full days"]),
        ("news/2024/x", "date: 2024\nkind: fair", 4, ["'kind'", "'meeting'", "'policy'", "fair"]),
        ("news/2024/x", "date: 2024", 2, ["'kind'", "missing", "News"]),
        ("news/2024/x", "date: 2024\nkind: event\nort: Ulm", 5, ["'ort'", "place", "regions"]),
        ("news/2024/x", "date: 2024\nkind: event\nregions: hamburg", 5, ["'regions'", "list"]),
        ("news/2024/x", "date: 2024\nkind: event\nregions: [Hamburg]", 5, ["regions.0", "Hamburg"]),
        ("news/2024/x", "date: 2024\nkind: event\nplace: <b>Ulm</b>", 5, ["'place'", "no HTML"]),
        ("news/2024/x", "date: 2024\nkind: event\nplace: 5", 5, ["'place'", "quotes"]),
        ("news/2024/x", "date: 2024\n kind: event", 4, ["not valid YAML"]),
        ("statements/x", "kind: statement\ndocument: files/Ä.pdf", 4, ["'document'", "Ä.pdf"]),
        ("statements/x", "kind: statement\nweb: javascript:alert(1)", 4, ["'web'", "https://"]),
        ("statements/x", "kind: statement\nsteps:\n  - {date: 2021, text: A}\n  - "
         "{date: 2020, text: B}", 4, ["'steps'", "not in order", "2020 stands after 2021"]),
        ("regions/x", "code: 030\nshort: X\nrecognised: 1995\nstates: [Bremen]", 3,
         ["'code'", "quotes"]),
    ],
)  # fmt: skip
def test_a_bad_field_is_named(docname: str, head: str, line: int, parts: list[str]) -> None:
    record, problems = read(docname, HEAD + head)
    assert record is None
    said = dict(problems)
    for part in parts:
        assert part in said[line]


def item(folder: Path, name: str, head: str) -> None:
    """Write a page that is in order but for its front matter or name."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"---\n{HEAD}{head}\n---\n\n# Versuch\n\nWorte.\n", encoding="utf-8")


def test_every_mistake_is_named_in_one_build(project: Path, broken: Callable[[], str]) -> None:
    news, statements = project / "news", project / "statements"
    item(news, "2024/no-day.md", "date: 2024-02-30\nkind: meeting")
    item(news, "2024/backwards.md", "date: 2024-11-19\nend: 2024-11-18\nkind: meeting")
    item(news, "2024/unknown-kind.md", "date: 2024-11-19\nkind: fair")
    item(news, "2024/no-region.md", "date: 2024-11-19\nkind: event\nregions: [hamburk]")
    item(news, "2024/other-year.md", "date: 2023-11-19\nkind: event")
    item(news, "2024/Umlaut-Ä.md", "date: 2024-11-19\nkind: event")
    item(news, "2024/index.md", "date: 2024-11-19\nkind: event")
    item(statements, "twice.md", "kind: statement")
    item(statements, "twice/index.md", "kind: statement")
    item(statements, "html.md", "kind: statement\ndocument: files/page.pdf")
    item(statements, "gone.md", "kind: statement\ndocument: files/gone.pdf")
    (statements / "files").mkdir(exist_ok=True)
    (statements / "files" / "page.pdf").write_bytes(HTML)
    pdf(statements / "files" / "nobody.pdf")
    said = broken()
    for part in (
        "no-day.md:3: ERROR: field 'date': there is no such day in the calendar",
        "backwards.md:4: ERROR: field 'end': lies before 'date' (2024-11-19)",
        "unknown-kind.md:4: ERROR: field 'kind': Input should be 'meeting', 'event'",
        "no-region.md:5: ERROR: field 'regions': there is no page regions/hamburk.md; "
        "do you mean hamburg?; there are: berlin-brandenburg, ",
        "other-year.md:3: ERROR: field 'date': 2023-11-19 does not belong into this folder; move",
        "Umlaut-Ä.md:1: ERROR: the name of this file becomes its address",
        "news/2024/index.md:1: ERROR: this page and the list that the site makes itself have",
        "statements/twice/index.md:1: ERROR: this page and statements/twice.md have the same",
        "html.md:4: ERROR: field 'document': statements/files/page.pdf is an HTML page",
        "gone.md:4: ERROR: field 'document': there is no file statements/files/gone.pdf",
        "statements/files/nobody.pdf: no statement offers this file",
    ):
        assert part in said, f"{part}\n\n{said}"
