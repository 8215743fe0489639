"""The front matter of the pages as typed records: the one definition of every field.

CONTRIBUTING.md explains the fields to the office, in German; a test compares both.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationInfo,
    field_validator,
)

from ikm_site.dates import PartialDate
from ikm_site.languages import SOURCE
from ikm_site.message_catalogues import Catalogue

SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"

# -- Types of fields -----------------------------------------------------------------------------


class Translatable(str):
    """Plain words of one line that gettext translates, as it does the text of the page.

    `lang` is their language, where it is another one than that of the build; `source` is the
    original.
    """

    lang: str | None
    source: str

    def __new__(cls, text: str, lang: str | None = None, source: str = "") -> Self:
        """Make text of words, their language and their original."""
        words = super().__new__(cls, text)
        words.lang, words.source = lang, source or text
        return words


def _translatable(value: str, info: ValidationInfo) -> Translatable:
    """The words in the language of the build, if a catalogue is given to the validation."""
    text = " ".join(value.split())
    if not text:
        raise ValueError("darf nicht leer sein; lassen Sie das Feld weg")
    if re.search(r'"|<[A-Za-z/!]|\*\*|`|\]\(', text):
        raise ValueError("nur Worte: kein Markdown und HTML, „…“ statt gerader Anführungszeichen")
    catalogue: Catalogue | None = info.context
    if catalogue is None:
        return Translatable(text)
    words = catalogue.text(text)
    return Translatable(words or text, SOURCE.code if words is None else None, text)


def matching(pattern: str, words: str) -> AfterValidator:
    """Text that must match a pattern; `words` tell the office what it must look like."""

    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(words)
        return value

    return AfterValidator(check)


Text = Annotated[str, AfterValidator(_translatable)]
#: For search engines, lists and previews.
Description = Annotated[str, Field(min_length=30, max_length=200), AfterValidator(_translatable)]
Date = Annotated[PartialDate, PlainValidator(PartialDate.parse)]
Slug = Annotated[str, matching(SLUG, "muss ein Dateiname ohne .md sein: a-z, 0-9, -")]
# No character that could end an HTML attribute.
Url = Annotated[
    str,
    matching(
        r"https?://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:\d+)?(/[^\s\"'<>\\^`{|}]*)?",
        "muss eine Adresse sein, die mit https:// oder http:// beginnt",
    ),
]
Pdf = Annotated[str, matching(rf"files/{SLUG}\.pdf", "muss files/NAME.pdf sein: a-z, 0-9, -")]
Picture = Annotated[
    str,
    matching(
        rf"{SLUG}\.(jpe?g|png|webp)",
        "muss eine Bilddatei neben der Seite sein, klein geschrieben: tagung.jpg",
    ),
]
Postcode = Annotated[str, matching(r"\d{5}", "muss aus fünf Ziffern bestehen: 04109")]
Phone = Annotated[str, matching(r"\+\d[\d -]+\d", "muss beginnen wie +49 40 12345-0")]
Email = Annotated[
    str,
    matching(
        r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[a-z]+",
        "muss eine E-Mail-Adresse sein, etwa info@example.org",
    ),
]

# -- Records -------------------------------------------------------------------------------------


class Record(BaseModel):
    """What every record has in common: no unknown field, no change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Reference(Record):
    """Where the facts of a page come from; `read` is the year in which someone looked."""

    text: Text
    url: Url | None = None
    date: Date | None = None
    read: Annotated[int, Field(ge=1990, le=2100)] | None = None


class Photo(Record):
    """A photo beside the page; without its rights there is none."""

    file: Picture
    alt: Text
    caption: Text
    source: str
    rights: str


class Page(Record):
    """The front matter of every page."""

    description: Description
    sources: tuple[Reference, ...] = ()
    updated: Date | None = None
    #: Text with which readers look for the page and which do not stand on it.
    search: tuple[Text, ...] = ()
    photos: tuple[Photo, ...] = ()
    orphan: bool = False
    # For the office, only in previews: what it must clear up, and on what a statement rests.
    open: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


class Dated(Page):
    """A page that stands at a date."""

    date: Date | None = None
    end: Date | None = None
    regions: tuple[Slug, ...] = ()
    workgroups: tuple[Slug, ...] = ()

    @field_validator("end")
    @classmethod
    def _order(cls, end: PartialDate | None, info: ValidationInfo) -> PartialDate | None:
        # A bad `date` has its own message and is not among the data.
        if end is None or "date" not in info.data:
            return end
        date: PartialDate | None = info.data["date"]
        if date is None or not date.exact or not end.exact:
            raise ValueError("braucht „date“ und „end“ als volle Tage, etwa 2024-11-18")
        if end < date:
            raise ValueError(f"liegt vor „date“ ({date})")
        return end


class News(Dated):
    """A news item: `news/<year>/<slug>.md`."""

    date: Date
    kind: Literal["meeting", "event", "publication", "statement", "membership", "policy", "partner"]
    place: Text | None = None
    # Of a meeting: its number, only where the source has it, its host and its subjects.
    number: Annotated[int, Field(ge=1)] | None = None
    host: Text | None = None
    subjects: tuple[Text, ...] = ()
    statements: tuple[Slug, ...] = ()
    #: There is only the announcement, no report.
    announced: bool = False


class Step(Record):
    """One step of the policy process that a statement belongs to."""

    date: Date
    text: Text
    url: Url | None = None


class Statement(Dated):
    """A statement or position paper: `statements/<slug>.md`."""

    kind: Literal["position-paper", "statement", "contribution", "demands", "strategy"]
    #: The language of the exact title.
    title_lang: Literal["de", "en"] = "de"
    addressee: Text | None = None
    addressed_to: tuple[Literal["europe", "federation", "states"], ...] = ()
    process: Text | None = None
    steps: tuple[Step, ...] = ()
    document: Pdf | None = None
    document_lang: Literal["de", "en"] = "de"
    #: Where the IKM has published it.
    web: Url | None = None


class Organisation(Record):
    """A body that carries a region."""

    name: str
    legal_form: Text | None = None
    seat: Text | None = None
    founded: Annotated[int, Field(ge=1800, le=2100)] | None = None
    website: Url | None = None


class Contact(Record):
    """The office of a region; only the general address, never that of a person."""

    name: str
    street: str | None = None
    postcode: Postcode | None = None
    city: str | None = None
    phone: Phone | None = None
    email: Email | None = None
    website: Url | None = None


class RegionPage(Page):
    """A metropolitan region or one of its parts: `regions/<id>.md`; its name stands in `data/`."""

    #: The year in which the conference of ministers recognised it; a part has none.
    recognised: Annotated[int, Field(ge=1995, le=2100)] | None = None
    core_cities: tuple[str, ...] = ()
    website: Url | None = None
    organisations: tuple[Organisation, ...] = ()
    contact: Contact | None = None


class Workgroup(Page):
    """A working group: `workgroups/<id>.md`."""

    lead: Text | None = None


class Partner(Page):
    """A partner organisation: `partners/<id>.md`."""

    name: Text
    website: Url | None = None


#: What the pages of a folder carry, other than its index.
RECORDS: Mapping[str, type[Page]] = {
    "news": News,
    "partners": Partner,
    "regions": RegionPage,
    "statements": Statement,
    "workgroups": Workgroup,
}


# -- Words of a record ---------------------------------------------------------------------------


def texts(value: Any, place: str = "") -> Iterator[tuple[str, Translatable]]:
    """The translatable words of a record, each with the way to its field: `.sources.0.text`."""
    if isinstance(value, Translatable):
        yield place, value
    elif isinstance(value, (BaseModel, tuple)):
        for name, part in value if isinstance(value, BaseModel) else enumerate(value):
            yield from texts(part, f"{place}.{name}")


def is_untranslated(record: Page) -> bool:
    """Whether some words of a record are in another language than the build."""
    return any(words.lang for _place, words in texts(record))
