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
    field_validator,
    model_validator,
)
from pydantic_core import CoreSchema, core_schema

from ikm_site.dates import PartialDate

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_URL = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?(/[^\s\"<>\\^`{|}]*)?")


class Text(str):
    """Plain words of one line, translated by gettext."""

    __slots__ = ()

    @classmethod
    def validate(cls, value: object) -> Text:
        """Accept one line of plain text.

        Raises:
            ValueError: not text, empty, or with a line break or control character.
        """
        if not isinstance(value, str):
            raise ValueError("must be text; put it in quotes")
        text = " ".join(value.split())
        if not text:
            raise ValueError("must not be empty; leave the field out instead")
        if _CONTROL.search(text):
            raise ValueError("must not contain control characters")
        if text.count('"') or re.search(r"<[A-Za-z/!]", text):
            raise ValueError("must be plain text: no HTML, and „…“ instead of straight quotes")
        return cls(text)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, _source: Any, _handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Let pydantic models have fields of this type."""
        return core_schema.no_info_plain_validator_function(
            cls.validate, serialization=core_schema.to_string_ser_schema()
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: CoreSchema, _handler: Any) -> dict[str, Any]:
        return {"type": "string", "minLength": 1}


def _url(value: str) -> str:
    if not _URL.fullmatch(value):
        raise ValueError("must be an address that begins with https:// or http://")
    return value


Url = Annotated[str, AfterValidator(_url)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class Record(BaseModel):
    """What every record has in common: no unknown field, no change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(Record):
    """Where the facts of a page come from."""

    text: Text
    url: Url | None = None
    date: PartialDate | None = None
    read: Annotated[int, Field(ge=1990, le=2100)] | None = None


class Page(Record):
    """The front matter of every page."""

    description: Text
    sources: tuple[Source, ...] = ()
    updated: PartialDate | None = None
    orphan: bool = False

    @field_validator("description")
    @classmethod
    def _length(cls, value: Text) -> Text:
        if not 30 <= len(value) <= 200:
            raise ValueError(f"has {len(value)} characters; allowed are 30 to 200, best 60 to 160")
        return value

    @property
    def stand(self) -> PartialDate | None:
        """The day for which the page speaks, if it is known."""
        return self.updated


class Dated(Page):
    """A page that stands at a date."""

    date: PartialDate | None = None
    end: PartialDate | None = None
    regions: tuple[Slug, ...] = ()
    workgroups: tuple[Slug, ...] = ()

    @model_validator(mode="after")
    def _order(self) -> Dated:
        if self.end is not None:
            if self.date is None or not self.date.day or not self.end.day:
                raise ValueError("'end' needs 'date' and 'end' as full days, such as 2024-11-18")
            if self.end < self.date:
                raise ValueError(f"'end' ({self.end}) lies before 'date' ({self.date})")
        return self

    @property
    def stand(self) -> PartialDate | None:
        """The day of the last change, else the date of what the page tells."""
        return self.updated or self.end or self.date


class News(Dated):
    """A news item: `news/<year>/<slug>.md`."""

    date: PartialDate
    kind: Literal["meeting", "event", "publication", "statement", "membership", "policy"]
    place: Text | None = None
    statements: tuple[Slug, ...] = ()
    announced: bool = False


class Step(Record):
    """One step of the policy process that a statement belongs to."""

    date: PartialDate
    text: Text
    url: Url | None = None


class Statement(Dated):
    """A statement or position paper: `statements/<slug>.md`."""

    date_note: Text | None = None
    kind: Literal["position-paper", "statement", "contribution", "demands", "strategy"]
    listed: bool = False
    title_lang: Literal["de", "en"] = "de"
    english_title: Literal["official", "translated"] = "translated"
    addressee: Text | None = None
    process: Text | None = None
    steps: tuple[Step, ...] = ()
    document: Annotated[str, Field(pattern=r"^files/[a-z0-9-]+\.pdf$")] | None = None
    document_lang: Literal["de", "en"] = "de"
    web: Url | None = None

    @field_validator("steps")
    @classmethod
    def _sorted(cls, steps: tuple[Step, ...]) -> tuple[Step, ...]:
        for earlier, later in pairwise(steps):
            if later.date.first < earlier.date.first:
                raise ValueError(f"are not in order: {later.date} stands after {earlier.date}")
        return steps


class Organisation(Record):
    """A body that carries a region."""

    name: str
    legal_form: Text | None = None
    seat: Text | None = None
    founded: Annotated[int, Field(ge=1800, le=2100)] | None = None
    website: Url | None = None


class Region(Page):
    """A metropolitan region: `regions/<id>.md`."""

    short: Text
    code: Annotated[str, Field(pattern=r"^\d{3}$")]
    recognised: Annotated[int, Field(ge=1995, le=2100)]
    states: tuple[str, ...]
    core_cities: tuple[str, ...] = ()
    website: Url | None = None
    organisations: tuple[Organisation, ...] = ()
    parts: tuple[Slug, ...] = ()


class Workgroup(Page):
    """A working group: `workgroups/<id>.md`."""

    lead: Text | None = None


class Partner(Page):
    """A partner organisation: `partners/<id>.md`."""

    name: Text
    website: Url | None = None


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
