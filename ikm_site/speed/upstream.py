# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Replacing a function of an upstream project, as long as it is the one that we know."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from sphinx.util import logging

logger = logging.getLogger(__name__)


class Replacement(NamedTuple):
    """What is replaced by what.

    Attributes:
        place: the module or class that holds it.
        name: its name there.
        hashes: the hashes of its source in the versions of the lock files, Sphinx 9.0 to 9.2
            and docutils 0.22 to 0.23, see `fingerprint`.
        make: gives what replaces it from the original.
    """

    place: Any
    name: str
    hashes: frozenset[str]
    make: Callable[[Any], Any]


def fingerprint(function: Callable[..., Any]) -> str:
    """The hash of a function's source, by which a change of upstream is noticed."""
    return hashlib.sha256(inspect.getsource(function).encode()).hexdigest()[:16]


def layers(function: Any) -> Iterator[Any]:
    """A function and what it replaces, down to what upstream has."""
    while function is not None:
        yield function
        function = getattr(function, "ikm_original", None)


def install(replacements: Iterable[Replacement]) -> None:
    """Replace what is as we know it; say what is not, and leave it alone."""
    for place, name, hashes, make in replacements:
        current = getattr(place, name)
        found = list(layers(current))
        if any(getattr(layer, "ikm_make", None) is make for layer in found):
            continue
        if fingerprint(found[-1]) not in hashes:
            logger.info("speed: %s.%s has changed; built without", place.__name__, name)
            continue
        faster = make(current)
        faster.ikm_original, faster.ikm_make = current, make
        setattr(place, name, faster)
