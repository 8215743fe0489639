# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Who publishes the site: `data/organisation.yaml`, shown on the legal pages.

What is not known yet is an empty field. A page shows plainly that it must be filled in.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from sphinx.errors import ExtensionError

from ikm_site.domain import once_per_build
from ikm_site.template_directives import add_block, directive

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

FILE = Path("data/organisation.yaml")


class Organisation(BaseModel):
    """What the legal pages must say about the publisher; "" is not known yet."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    name: str
    short_name: str
    legal_form: str = ""
    carrier: str = ""
    represented_by: str = ""
    responsible_person: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    email: str = ""
    phone: str = ""
    hosting_provider: str = ""
    hosting_address: str = ""
    hosting_logs: str = ""
    supervisory_authority: str = ""
    supervisory_authority_url: str = ""
    enforcement_body: str = ""
    enforcement_body_url: str = ""


#: Fields that may stay empty for good; publishing is refused while any other one is empty.
OPTIONAL = frozenset({"carrier", "supervisory_authority_url", "enforcement_body_url"})


def load(root: Path) -> Organisation:
    """Read the file.

    Raises:
        ExtensionError: the file is missing or wrong; the message says where and how to mend it.
    """
    file = root / FILE
    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
        return Organisation.model_validate(data)
    except FileNotFoundError:
        raise ExtensionError(f"{FILE}: is missing; restore it from the repository") from None
    except UnicodeDecodeError as error:
        message = f"{FILE}: is not UTF-8 (byte {error.start}); save it as UTF-8"
        raise ExtensionError(message) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ExtensionError(f"{FILE}:{line}: is not valid YAML: {error.problem}") from None
    except ValidationError as error:
        lines = [
            f"{FILE}: field '{'.'.join(map(str, e['loc']))}': {e['msg']} (value: {e['input']!r})"
            for e in error.errors()
        ]
        raise ExtensionError("\n".join(lines)) from None


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
