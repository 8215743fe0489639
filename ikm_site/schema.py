# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""What editors need to help with front matter: JSON Schemas and snippets (`make schema`).

Both come from the records, so that an editor offers what the build accepts.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from ikm_site.organisation import Organisation
from ikm_site.records import RECORDS, News, Page, Statement
from ikm_site.redirects import Redirect

FOLDER = Path("schemas")
SNIPPETS = Path(".vscode/ikm.code-snippets")

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def _render(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _schema(title: str, schema: dict[str, Any]) -> str:
    # pydantic names fields in English words; the descriptions say more.
    for part in [schema, *schema.get("$defs", {}).values()]:
        part.pop("title", None)
        # The docstrings of the classes are for programmers.
        part.pop("description", None)
        for field in part.get("properties", {}).values():
            field.pop("title", None)
    return _render({"$schema": _DRAFT, "title": title, **schema})


def _choice(place: int, record: type[Page], field: str) -> str:
    """A choice of an editor's snippet: the values that the field allows."""
    values = record.model_json_schema()["properties"][field]["enum"]
    return f"${{{place}|{','.join(values)}|}}"


def _snippets() -> dict[str, Any]:
    source = ["sources:", '  - text: "${8:Herausgeber: Titel}"', "    date: ${9:2026-01-31}", "---"]
    return {
        "Meldung": {
            "scope": "markdown",
            "prefix": "meldung",
            "description": "Kopf einer Meldung: news/<Jahr>/<kurzer-name>.md",
            "body": [
                "---",
                "description: ${1:Ein Satz von 60 bis 160 Zeichen.}",
                "date: ${2:2026-01-31}",
                f"kind: {_choice(3, News, 'kind')}",
                "place: ${4:Ort}",
                "regions: [${5}]",
                *source,
                "",
                "# ${6:Was geschehen ist}",
                "",
                "${7:Worum es ging, in zwei bis sechs Sätzen.}",
            ],
        },
        "Stellungnahme": {
            "scope": "markdown",
            "prefix": "stellungnahme",
            "description": "Kopf einer Stellungnahme: statements/<kurzer-name>.md",
            "body": [
                "---",
                "description: ${1:Ein Satz von 60 bis 160 Zeichen.}",
                "date: ${2:2026-01-31}",
                f"kind: {_choice(3, Statement, 'kind')}",
                "addressee: ${4:An wen sich das Papier richtet}",
                "addressed_to: [${5|europe,federation,states|}]",
                "document: files/${10:name}.pdf",
                *source,
                "",
                "# ${6:Genauer Titel}",
                "",
                "${7:Worum es geht.}",
            ],
        },
    }


def files() -> dict[Path, str]:
    """Every file for editors with its content."""
    titles = {
        "news": "Meldung",
        "partners": "Partner",
        "regions": "Region",
        "statements": "Stellungnahme",
        "workgroups": "Arbeitskreis",
    }
    found = {FOLDER / "page.json": _schema("Seite", Page.model_json_schema())}
    for folder, record in sorted(RECORDS.items()):
        found[FOLDER / f"{folder}.json"] = _schema(titles[folder], record.model_json_schema())
    found[FOLDER / "organisation.json"] = _schema("Anbieter", Organisation.model_json_schema())
    redirects = TypeAdapter(tuple[Redirect, ...]).json_schema()
    found[FOLDER / "redirects.json"] = _schema("Umleitungen", redirects)
    found[SNIPPETS] = _render(_snippets())
    return found


def main(root: Path = Path()) -> int:
    """Run `make schema`."""
    for path, text in files().items():
        file = root / path
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            print(f"{path}: written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
