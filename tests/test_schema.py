# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""What editors are given is current and accepts what the build accepts."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from ikm_site.frontmatter import read, split
from ikm_site.schema import FOLDER, SNIPPETS, files
from tests.conftest import ROOT

#: YAML as editors read it: dates are text.
Loader = type("Loader", (yaml.SafeLoader,), {})
Loader.yaml_implicit_resolvers = {  # type: ignore[attr-defined]
    first: [(tag, form) for tag, form in forms if not tag.endswith(":timestamp")]
    for first, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@pytest.mark.parametrize("path", sorted(files()), ids=str)
def test_the_file_is_current(path: Path) -> None:
    assert (ROOT / path).read_text("utf-8") == files()[path], "run make schema"


def pages() -> list[Path]:
    """All pages with a record of their own kind."""
    return sorted(
        page.relative_to(ROOT)
        for folder in ("news", "partners", "regions", "statements", "workgroups")
        for page in (ROOT / folder).rglob("*.md")
        if page.name != "index.md"
    )


def test_every_page_passes_its_schema() -> None:
    assert pages()
    for page in pages():
        schema = json.loads((ROOT / FOLDER / f"{page.parts[0]}.json").read_text("utf-8"))
        head = yaml.load(split((ROOT / page).read_text("utf-8"))[0], Loader=Loader)
        jsonschema.Draft202012Validator(schema).validate(head)


def test_the_other_files_pass_theirs() -> None:
    for name in ("organisation", "redirects"):
        schema = json.loads((ROOT / FOLDER / f"{name}.json").read_text("utf-8"))
        content = yaml.safe_load((ROOT / "data" / f"{name}.yaml").read_text("utf-8"))
        jsonschema.Draft202012Validator(schema).validate(content)


@pytest.mark.parametrize(
    "head",
    [
        "date: 2024-11-18\nkind: fair",
        "date: 2024-1-1\nkind: meeting",
        "date: 2024-11-18\nkind: meeting\nort: Hamburg",
        "kind: meeting",
        "date: 2024-11-18\nkind: meeting\nregions: hamburg",
    ],
)
def test_the_schema_refuses_what_the_build_refuses(head: str) -> None:
    head = "description: Eine Meldung für den Versuch mit dem Schema.\n" + head
    schema = json.loads((ROOT / FOLDER / "news.json").read_text("utf-8"))
    assert not jsonschema.Draft202012Validator(schema).is_valid(yaml.load(head, Loader=Loader))
    assert read("news/2024/x", head)[0] is None


def test_snippets_offer_the_kinds_that_are_allowed() -> None:
    snippets = json.loads((ROOT / SNIPPETS).read_text("utf-8"))
    body = "\n".join(snippets["Meldung"]["body"])
    assert "kind: ${3|meeting,event,publication,statement,membership,policy|}" in body
