# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Read a catalogue that is written as the project writes it, in a tenth of Babel's time.

Nearly every catalogue is: each `msgid` and `msgstr` on a line of its own, in UTF-8, without
contexts, plurals, former texts and obsolete messages. Of such a file this reads exactly what
Babel reads (`tests/catalogues/test_quick.py`); any other one is left to Babel.
"""

from __future__ import annotations

import re
from typing import NamedTuple

#: No control characters, nor the line ends of Unicode: Babel would see other lines.
_CHARACTER = r"[^\x00-\x1f\x7f-\x9f\u2028\u2029"
_PLAIN = rf'{_CHARACTER}"\\]*'
_TEXT = rf'"({_PLAIN}(?:\\[\\"ntr]{_PLAIN})*)"'
_COMMENTS = rf"((?:#(?![:|~]){_CHARACTER}]*\n)*)"
_HEADER = re.compile(rf'{_COMMENTS}msgid ""\nmsgstr ""\n((?:{_TEXT}\n)+)(?:\n|\Z)')
_ENTRY = re.compile(rf"{_COMMENTS}msgid {_TEXT}\nmsgstr {_TEXT}\n(?:\n|\Z)")
_ESCAPE = re.compile(r"\\(.)")
_MEANING = {"n": "\n", "t": "\t", "r": "\r"}


class Message(NamedTuple):
    """A message as it stands in the file, with the names that Babel's messages have.

    Attributes:
        id: the text to be translated, `""` for the header.
        string: its translation.
        lineno: the line of its `msgid`.
        flags: `fuzzy` and others.
        auto_comments: what the extraction says about it.
        user_comments: what translators say.
    """

    id: str
    string: str
    lineno: int
    flags: tuple[str, ...]
    auto_comments: tuple[str, ...]
    user_comments: tuple[str, ...]
    context: None = None
    pluralizable: bool = False

    @property
    def fuzzy(self) -> bool:
        """Whether the translation is a guess."""
        return "fuzzy" in self.flags


def _visible(comments: str) -> bool:
    return comments.replace("\n", "").isprintable()


def _plain(text: str) -> str:
    return _ESCAPE.sub(lambda m: _MEANING.get(m[1], m[1]), text) if "\\" in text else text


def _message(comments: str, source: str, translation: str, line: int) -> Message:
    flags: list[str] = []
    auto: list[str] = []
    user: list[str] = []
    lines = comments.split("\n")[:-1]
    for comment in lines:
        if comment.startswith("#,"):
            flags += (flag.strip() for flag in comment[2:].split(","))
        elif comment.startswith("#."):
            auto += filter(None, [comment[2:].strip()])
        else:
            user.append(comment[1:].strip())
    return Message(source, translation, line + len(lines), tuple(flags), tuple(auto), tuple(user))


def read(text: str) -> list[Message] | None:
    """The messages of a catalogue in their order, the header first.

    Args:
        text: the whole file.

    Returns:
        The messages, or None if the file is written in another way.
    """
    match = _HEADER.match(text)
    if match is None or not _visible(match[1]):
        return None
    header = "".join(map(_plain, re.findall(_TEXT, match[2])))
    messages = [_message(match[1], "", header, 1)]
    place, line = match.end(), 1 + text.count("\n", 0, match.end())
    while place < len(text):
        match = _ENTRY.match(text, place)
        if match is None or not match[2] or not _visible(match[1]):
            return None
        messages.append(_message(match[1], _plain(match[2]), _plain(match[3]), line))
        line += text.count("\n", place, match.end())
        place = match.end()
    return messages
