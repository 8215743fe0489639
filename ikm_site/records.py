# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The front matter of the pages as typed records: the one definition of every field.

Which record a page carries follows from its folder (`record_type`).
`Text` fields hold plain words: they go through gettext like the page's own text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    ValidationInfo,
    field_validator,
)
from pydantic_core import CoreSchema, core_schema

from ikm_site.dates import PartialDate

#: A web address without anything that could end an attribute.
URL = r"https?://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:\d+)?(/[^\s\"'<>\\^`{|}]*)?"


class Text(str):
    """Plain words of one line, translated by gettext."""

    __slots__ = ()

    @classmethod
    def validate(cls, value: object) -> Text:
        """Accept one line of plain text.

        Raises:
            ValueError: not text, empty, with HTML or straight quotes.
        """
        if not isinstance(value, str):
            raise ValueError("muss Text sein; setzen Sie den Wert in Anführungszeichen")
        text = " ".join(value.split())
        if not text:
            raise ValueError("darf nicht leer sein; lassen Sie das Feld weg")
        if text.count('"') or re.search(r"<[A-Za-z/!]", text):
            raise ValueError("nur Worte: kein HTML, und „…“ statt gerader Anführungszeichen")
        return cls(text)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, _source: Any, _handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Let pydantic models have fields of this type."""
        return core_schema.no_info_plain_validator_function(
            cls.validate, serialization=core_schema.to_string_ser_schema()
        )


def matching(pattern: str, words: str) -> AfterValidator:
    """Text that must match a pattern; `words` tell the office what it must look like."""
    form = re.compile(pattern)

    def check(value: str) -> str:
        if not form.fullmatch(value):
            raise ValueError(words)
        return value

    return AfterValidator(check)


Url = Annotated[
    str,
    matching(
        URL,
        "muss eine Adresse sein, die mit https:// oder http:// beginnt",
    ),
]
Slug = Annotated[
    str,
    matching(
        r"[a-z0-9]+(-[a-z0-9]+)*",
        "muss der Name einer Datei ohne .md sein: kleine Buchstaben, Ziffern, Bindestriche",
    ),
]
Pdf = Annotated[
    str,
    matching(
        r"files/[a-z0-9]+(-[a-z0-9]+)*\.pdf",
        "muss files/NAME.pdf sein, NAME aus kleinen Buchstaben, Ziffern, Bindestrichen",
    ),
]
Code = Annotated[
    str, matching(r"\d{3}", 'muss aus drei Ziffern in Anführungszeichen bestehen: "030"')
]
Postcode = Annotated[
    str, matching(r"\d{5}", 'muss aus fünf Ziffern in Anführungszeichen bestehen: "04109"')
]
Phone = Annotated[
    str,
    matching(
        r"\+\d[\d -]+\d",
        "muss mit der Landesvorwahl beginnen, etwa +49 40 12345-0",
    ),
]
Email = Annotated[
    str, matching(r"[^@\s]+@[^@\s]+\.[a-z]+", "muss eine Adresse wie info@example.org sein")
]
#: A sentence for editors, neither shown nor translated.
Note = Annotated[str, Field(min_length=1)]


class Record(BaseModel):
    """What every record has in common: no unknown field, no change after reading.

    The descriptions of the fields are German, for those who write pages.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(Record):
    """Where the facts of a page come from."""

    text: Text = Field(description="Wer und was: Herausgeber und Titel")
    url: Url | None = Field(None, description="Adresse der Quelle")
    date: PartialDate | None = Field(None, description="Datum der Quelle, so genau wie bekannt")
    read: Annotated[int, Field(ge=1990, le=2100)] | None = Field(
        None, description="Jahr, in dem die Quelle gelesen wurde"
    )


class Photo(Record):
    """A photo beside the page."""

    file: Annotated[
        str,
        matching(
            r"[a-z0-9]+(-[a-z0-9]+)*\.(jpe?g|png|webp|tiff?)",
            "muss der Name einer Bilddatei neben der Seite sein, klein geschrieben: tagung.jpg",
        ),
    ] = Field(description="Bilddatei neben der Seite: tagung.jpg")
    alt: Text = Field(description="Was auf dem Bild zu sehen ist, für alle, die es nicht sehen")
    caption: Text = Field(description="Bildunterschrift")
    source: str = Field(description="Wer das Bild gemacht hat", min_length=2, max_length=100)
    rights: str = Field(
        description="Lizenz oder Genehmigung: CC BY 4.0, Nutzung genehmigt am …",
        min_length=2, max_length=100,
    )  # fmt: skip


class Page(Record):
    """The front matter of every page."""

    description: Text = Field(
        description="Ein Satz, der die Seite beschreibt: für Suche, Listen und Vorschauen, "
        "am besten 60 bis 160 Zeichen"
    )
    sources: tuple[Source, ...] = Field((), description="Woher die Angaben der Seite stammen")
    updated: PartialDate | None = Field(
        None, description="Tag der letzten inhaltlichen Änderung, zum Beispiel 2026-11-23"
    )
    search: tuple[Text, ...] = Field(
        (), description="Wörter, mit denen man die Seite sucht, obwohl sie nicht darauf stehen"
    )
    photos: tuple[Photo, ...] = Field((), description="Fotos der Seite")
    orphan: bool = Field(False, description="Die Seite steht in keinem Menü")
    open: tuple[Note, ...] = Field(
        (), description="Was die Geschäftsstelle noch klären muss; steht auf keiner Seite"
    )
    evidence: tuple[Note, ...] = Field(
        (), description="Wie sicher eine Angabe ist und worauf sie beruht; steht auf keiner Seite"
    )

    @field_validator("description")
    @classmethod
    def _length(cls, value: Text) -> Text:
        if not 30 <= len(value) <= 200:
            raise ValueError(
                f"hat {len(value)} Zeichen; erlaubt sind 30 bis 200, am besten 60 bis 160"
            )
        return value

    @property
    def stand(self) -> PartialDate | None:
        """The day for which the page speaks, if it is known."""
        return self.updated


class Dated(Page):
    """A page that stands at a date."""

    date: PartialDate | None = Field(
        None, description="Datum, so genau wie bekannt: 2024-11-18, 2024-11 oder 2024"
    )
    end: PartialDate | None = Field(
        None, description="Letzter Tag, nur zusammen mit einem vollen Datum"
    )
    regions: tuple[Slug, ...] = Field(
        (), description="Regionen, um die es geht: Dateinamen in regions/ ohne .md"
    )
    workgroups: tuple[Slug, ...] = Field(
        (), description="Arbeitskreise: Dateinamen in workgroups/ ohne .md"
    )

    @field_validator("end")
    @classmethod
    def _order(cls, end: PartialDate | None, info: ValidationInfo) -> PartialDate | None:
        # A bad `date` has its own message and is not among the data.
        if end is None or "date" not in info.data:
            return end
        date: PartialDate | None = info.data["date"]
        if date is None or not date.day or not end.day:
            raise ValueError("braucht „date“ und „end“ als volle Tage, etwa 2024-11-18")
        if end < date:
            raise ValueError(f"liegt vor „date“ ({date})")
        return end

    @property
    def stand(self) -> PartialDate | None:
        """The day of the last change, else the date of what the page tells."""
        return self.updated or self.end or self.date


class News(Dated):
    """A news item: `news/<year>/<slug>.md`."""

    date: PartialDate = Field(
        description="Datum, so genau wie bekannt: 2024-11-18, 2024-11 oder 2024; "
        "das Jahr ist auch der Ordner"
    )
    kind: Literal[
        "meeting", "event", "publication", "statement", "membership", "policy", "partner"
    ] = Field(
        description="Art: meeting Tagung, event Veranstaltung, publication Veröffentlichung, "
        "statement Stellungnahme, membership Mitglieder, policy Raumordnungspolitik, "
        "partner Nachricht eines Partners"
    )
    place: Text | None = Field(None, description="Ort")
    number: Annotated[int, Field(ge=1)] | None = Field(
        None, description="Nummer einer Tagung, nur wenn die Quelle sie nennt"
    )
    host: Text | None = Field(None, description="Gastgeberin einer Tagung")
    subjects: tuple[Text, ...] = Field((), description="Themen einer Tagung, in Stichworten")
    statements: tuple[Slug, ...] = Field(
        (), description="Stellungnahmen, um die es geht: Dateinamen in statements/ ohne .md"
    )
    announced: bool = Field(False, description="Es gibt nur die Ankündigung, keinen Bericht")


class Step(Record):
    """One step of the policy process that a statement belongs to."""

    date: PartialDate = Field(description="Datum, so genau wie bekannt")
    text: Text = Field(description="Was geschah, in einem Satz")
    url: Url | None = Field(None, description="Beleg")


class Statement(Dated):
    """A statement or position paper: `statements/<slug>.md`."""

    kind: Literal["position-paper", "statement", "contribution", "demands", "strategy"] = Field(
        description="Art: position-paper Positionspapier, statement Stellungnahme, "
        "contribution Beitrag, demands Forderungen, strategy Strategiepapier"
    )
    title_lang: Literal["de", "en"] = Field("de", description="Sprache des genauen Titels")
    english_title: Literal["official", "translated"] = Field(
        "translated", description="Ist der englische Titel vom IKM (official) oder übersetzt?"
    )
    addressee: Text | None = Field(None, description="An wen sich das Papier richtet")
    addressed_to: tuple[Literal["europe", "federation", "states"], ...] = Field(
        (), description="Ebenen dazu: europe Europäische Union, federation Bund, states Länder"
    )
    process: Text | None = Field(None, description="Verfahren, zu dem das Papier gehört")
    steps: tuple[Step, ...] = Field((), description="Schritte des Verfahrens, der älteste zuerst")
    document: Pdf | None = Field(
        None, description="Das Papier als PDF in statements/files/: files/name.pdf"
    )
    document_lang: Literal["de", "en"] = Field("de", description="Sprache des PDF")
    web: Url | None = Field(None, description="Seite, auf der der IKM es veröffentlicht hat")

    @field_validator("steps")
    @classmethod
    def _sorted(cls, steps: tuple[Step, ...]) -> tuple[Step, ...]:
        for earlier, later in pairwise(steps):
            if later.date.first < earlier.date.first:
                raise ValueError(
                    f"stehen nicht in der Reihenfolge: {later.date} nach {earlier.date}"
                )
        return steps


class Organisation(Record):
    """A body that carries a region."""

    name: str = Field(description="Name")
    legal_form: Text | None = Field(None, description="Rechtsform")
    seat: Text | None = Field(None, description="Sitz")
    founded: Annotated[int, Field(ge=1800, le=2100)] | None = Field(
        None, description="Gründungsjahr"
    )
    website: Url | None = Field(None, description="Website")


class Contact(Record):
    """The office of a region; only the general address, never that of a person."""

    name: str = Field(description="Name der Stelle")
    street: str | None = Field(None, description="Straße und Hausnummer")
    postcode: Postcode | None = Field(
        None, description='Postleitzahl, in Anführungszeichen: "04109"'
    )
    city: str | None = Field(None, description="Ort")
    phone: Phone | None = Field(None, description="Telefon mit Landesvorwahl: +49 40 12345-0")
    email: Email | None = Field(None, description="E-Mail der Stelle, keine persönliche")
    website: Url | None = Field(None, description="Website")


class Region(Page):
    """A metropolitan region or one of its parts: `regions/<id>.md`."""

    short: Text = Field(description="Kurzer Name")
    code: Code = Field(description='Nummer beim BBSR, in Anführungszeichen: "030"')
    recognised: Annotated[int, Field(ge=1995, le=2100)] | None = Field(
        None,
        description="Jahr der Anerkennung durch die Ministerkonferenz für Raumordnung; "
        "ein Teilraum hat keines",
    )
    states: tuple[str, ...] = Field(description="Länder")
    core_cities: tuple[str, ...] = Field((), description="Große Städte")
    website: Url | None = Field(None, description="Website der Region")
    organisations: tuple[Organisation, ...] = Field((), description="Wer die Region trägt")
    contact: Contact | None = Field(None, description="Die Geschäftsstelle")


class Workgroup(Page):
    """A working group: `workgroups/<id>.md`."""

    lead: Text | None = Field(None, description="Leitung, nur wenn sie bekannt ist")


class Partner(Page):
    """A partner organisation: `partners/<id>.md`."""

    name: Text = Field(description="Voller Name")
    website: Url | None = Field(None, description="Website")


RECORDS: Mapping[str, type[Page]] = {
    "news": News,
    "partners": Partner,
    "regions": Region,
    "statements": Statement,
    "workgroups": Workgroup,
}


def record_type(docname: str) -> type[Page]:
    """The model for the front matter of a page, by its folder."""
    folder, _, rest = docname.partition("/")
    if not rest or rest == "index":
        return Page
    return RECORDS.get(folder, Page)


M = TypeVar("M", bound=BaseModel)


def texts(record: object, path: str = "") -> Iterator[tuple[str, Text]]:
    """All translatable words of a record with their place, such as `sources.0.text`."""
    if isinstance(record, Text):
        yield path, record
    elif isinstance(record, BaseModel):
        for name in type(record).model_fields:
            yield from texts(getattr(record, name), f"{path}.{name}" if path else name)
    elif isinstance(record, tuple):
        for number, item in enumerate(record):
            yield from texts(item, f"{path}.{number}")


def translate(record: M, words: Mapping[str, str]) -> M:
    """The record with the words at the given places replaced; the rest stays as it is."""

    def copy(value: Any, path: str) -> Any:
        if isinstance(value, Text):
            return Text(words.get(path, value))
        if isinstance(value, BaseModel):
            return value.model_copy(
                update={
                    name: copy(getattr(value, name), f"{path}.{name}" if path else name)
                    for name in type(value).model_fields
                }
            )
        if isinstance(value, tuple):
            return tuple(copy(item, f"{path}.{number}") for number, item in enumerate(value))
        return value

    result: M = copy(record, "")
    return result
