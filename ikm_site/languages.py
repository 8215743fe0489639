"""The languages of the site: the one table that everything else reads.

A new language is one entry in `LANGUAGES` and a folder of catalogues,
`locales/<code>/LC_MESSAGES/`. `make html` reads it before it starts Sphinx.
"""

import unicodedata
from dataclasses import dataclass

from babel import Locale


@dataclass(frozen=True)
class Language:
    """One language of the site.

    Attributes:
        code: gettext and HTML language code, for example `en`.
        name: the language's own name, as its speakers read it.
        path: where the language lies below the site's root, `""` or `"en/"`.
        locale: Babel's locale for dates and numbers.
        title: the site's title in this language.
    """

    code: str
    name: str
    path: str
    locale: Locale
    title: str


#: The first one is the source language; it lies at the root of the site.
LANGUAGES: tuple[Language, ...] = (
    Language(
        code="de",
        name="Deutsch",
        path="",
        locale=Locale("de", "DE"),
        title="Initiativkreis Europäische Metropolregionen in Deutschland (IKM)",
    ),
    Language(
        code="en",
        name="English",
        path="en/",
        locale=Locale("en", "GB"),
        # The name stays German (locales/glossary.csv); templates mark it with its language.
        title="Initiativkreis Europäische Metropolregionen in Deutschland (IKM)",
    ),
)

SOURCE: Language = LANGUAGES[0]
TRANSLATIONS: tuple[Language, ...] = LANGUAGES[1:]


def language(code: str) -> Language:
    """The language with this code.

    Raises:
        SystemExit: the table has no such language.
    """
    for entry in LANGUAGES:
        if entry.code == code:
            return entry
    known = ", ".join(entry.code for entry in LANGUAGES)
    wrong = f"there is no language {code!r} in ikm_site/languages.py"
    raise SystemExit(f"sphinx-build: {wrong}; use one of: {known}")


def alphabetical(name: str) -> str:
    """The name as readers look for it in an alphabetical list: without accents and capitals."""
    parts = unicodedata.normalize("NFKD", name.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))
