"""Who publishes the site: `data/organisation.yaml`, shown on the legal pages.

What is not known yet is an empty field. A page shows plainly that it must be filled in.
"""

from functools import cache
from pathlib import Path
from typing import Annotated

from sphinx.application import Sphinx

from ikm_site.problems import read_text, read_yaml
from ikm_site.records import Email, Phone, Record, Url, matching
from ikm_site.templates import TemplateDirective, add_functions

FILE = "data/organisation.yaml"

Line = Annotated[
    str, matching(r'(?=.*\S)[^<>"\n]*', 'muss Text in einer Zeile sein, ohne < > und "')
]


class Publisher(Record):
    """What the legal pages must say about the publisher; None is not known yet."""

    name: Line
    short_name: Line
    legal_form: Line | None = None
    carrier: Line | None = None
    represented_by: Line | None = None
    responsible_person: Line | None = None
    street: Line | None = None
    postcode: Line | None = None
    city: Line | None = None
    email: Email | None = None
    phone: Phone | None = None
    hosting_provider: Line | None = None
    hosting_address: Line | None = None
    hosting_logs: Line | None = None
    supervisory_authority: Line | None = None
    supervisory_authority_url: Url | None = None
    enforcement_body: Line | None = None
    enforcement_body_url: Url | None = None


#: Fields that may stay empty for good; publishing is refused while any other one is empty.
OPTIONAL = frozenset({"carrier", "supervisory_authority_url", "enforcement_body_url"})


def load(root: Path) -> Publisher:
    """Read the file.

    Raises:
        ProblemsError: the file is missing or wrong.
    """
    return read_yaml(Publisher, read_text(root / FILE, FILE), FILE)


def missing(publisher: Publisher) -> list[str]:
    """The fields that must be filled in before publishing."""
    return [name for name, value in publisher if not value and name not in OPTIONAL]


@cache
def publisher(app: Sphinx) -> Publisher:
    """The publisher of this build."""
    return load(Path(app.srcdir))


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directives of the legal pages with Sphinx."""
    for name in ("contact", "imprint", "hosting", "accessibility"):
        app.add_directive(f"organisation-{name}", TemplateDirective)
    add_functions(app, publisher=publisher)
    # What is wrong with the file is named before pages are read.
    app.connect("builder-inited", publisher)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
