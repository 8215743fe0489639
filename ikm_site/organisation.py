# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Who publishes the site: `data/organisation.yaml`, shown on the legal pages.

What is not known yet is an empty field. A page shows plainly that it must be filled in.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict

from ikm_site.domain import once_per_build
from ikm_site.problems import load_yaml, stops_the_build
from ikm_site.records import URL, matching
from ikm_site.template_directives import add_block, directive

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

FILE = Path("data/organisation.yaml")


Line = Annotated[str, matching(r'[^<>"\n]*', 'muss Text in einer Zeile sein, ohne < > und "')]
Email = Annotated[
    str,
    matching(
        r"([A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+)?",
        "muss eine E-Mail-Adresse sein, etwa info@ikm.example",
    ),
]
Web = Annotated[str, matching(rf"({URL})?", "muss mit https:// oder http:// beginnen")]
Phone = Annotated[
    str, matching(r"(\+\d[\d ]{5,20})?", "muss mit der Vorwahl des Landes beginnen: +49 40 123456")
]


class Organisation(BaseModel):
    """What the legal pages must say about the publisher; "" is not known yet."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    name: Line
    short_name: Line
    legal_form: Line = ""
    carrier: Line = ""
    represented_by: Line = ""
    responsible_person: Line = ""
    street: Line = ""
    postcode: Line = ""
    city: Line = ""
    email: Email = ""
    phone: Phone = ""
    hosting_provider: Line = ""
    hosting_address: Line = ""
    hosting_logs: Line = ""
    supervisory_authority: Line = ""
    supervisory_authority_url: Web = ""
    enforcement_body: Line = ""
    enforcement_body_url: Web = ""


#: Fields that may stay empty for good; publishing is refused while any other one is empty.
OPTIONAL = frozenset({"carrier", "supervisory_authority_url", "enforcement_body_url"})


def load(root: Path) -> Organisation:
    """Read the file.

    Raises:
        ProblemsError: the file is missing or wrong.
    """
    found: Organisation = load_yaml(root / FILE, FILE.as_posix(), Organisation)
    return found


def missing(organisation: Organisation) -> list[str]:
    """The fields that must be filled in before publishing."""
    return [
        field
        for field in Organisation.model_fields
        if field not in OPTIONAL and not getattr(organisation, field)
    ]


def _compute(app: Sphinx, _page: str, _argument: str, _options: object) -> dict[str, Any]:
    return {"organisation": organisation(app)}


@once_per_build
def organisation(app: Sphinx) -> Organisation:
    """The publisher of this build."""
    return load(Path(app.srcdir))


@stops_the_build
def _load(app: Sphinx, _env: BuildEnvironment, _docnames: list[str]) -> None:
    """Name what is wrong with the file before the pages are read."""
    organisation(app)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives of the legal pages with Sphinx."""
    for name in ("contact", "imprint", "hosting", "accessibility"):
        app.add_directive(f"organisation-{name}", directive(f"organisation-{name}"))
        add_block(app, f"organisation-{name}", _compute)
    app.connect("env-before-read-docs", _load)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
