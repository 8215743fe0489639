# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Drawing with Vega-Lite: a specification in, short SVG without style, script and font out.

A drawing has no language: words and numbers are placeholders (:func:`slot`) that the page fills,
so one drawing serves all languages. It has no colours either: each colour of a specification is
the name of a class (:func:`paint`), which the stylesheet colours.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from markupsafe import escape

#: Raised when the drawing of the same specification changes, so that old ones are not used.
VERSION = 3

#: What a specification may be coloured with; the place in the tuple is coded as a colour.
CLASSES = (
    "bar",
    "bar-own",
    "germany",
    "own",
    "others",
    "grid",
    "label",
    "value",
    "tick",
    "germany-label",
    "own-label",
    "break",
    "base",
    "own-dot",
    "germany-dot",
    "others-dot",
)

_SLOT = re.compile(r"\{\{([^{}]+)\}\}")
_TRANSLATE = re.compile(r"translate\((-?[\d.e-]+),(-?[\d.e-]+)\)")
_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")


def paint(name: str) -> str:
    """Return the colour that stands for a class in a specification."""
    return f"#c1a5{CLASSES.index(name):02x}"


_CLASS_OF = {paint(name): name for name in CLASSES}


def slot(name: str) -> str:
    """Return the placeholder of a text that the page fills in.

    It is of characters that every font has: Vega measures each text, and looks for others in
    all fonts of the machine, which took nine tenths of the time of a chart.
    """
    return f"{{{{{name}}}}}"


def slots(text: str) -> list[str]:
    """Return the names of the placeholders in a text."""
    return _SLOT.findall(text)


def fill(drawing: str, words: Mapping[str, str]) -> str:
    """Replace every placeholder by its escaped text.

    Raises:
        KeyError: a placeholder has no text.
    """
    return _SLOT.sub(lambda match: str(escape(words[match[1]])), drawing)


def _tidy(text: str) -> str:
    """Round the numbers of a path or an attribute to a tenth."""

    def short(match: re.Match[str]) -> str:
        value = f"{float(match[0]):.1f}".removesuffix(".0")
        return "0" if value == "-0" else value

    return _NUMBER.sub(short, text)


def _walk(element: ElementTree.Element, x: float, y: float, out: list[str]) -> None:
    """Write the visible shapes below an element, with the translations around them added up."""
    if match := _TRANSLATE.fullmatch(element.get("transform", "")):
        x, y = x + float(match[1]), y + float(match[2])
    tag = element.tag.rpartition("}")[2]
    if tag in ("path", "line", "text"):
        colour = element.get("fill") or element.get("stroke") or ""
        if colour == "none":
            colour = element.get("stroke") or ""
        name = _CLASS_OF.get(colour)
        if name is None:
            return
        if tag == "text":
            anchor = element.get("text-anchor", "start")
            extra = "" if anchor == "start" else f' text-anchor="{anchor}"'
            text = escape("".join(element.itertext()))
            place = f'x="{_tidy(f"{x:.1f}")}" y="{_tidy(f"{y:.1f}")}"'
            out.append(f'<text class="{name}" {place}{extra}>{text}</text>')
            return
        if tag == "line":
            x2, y2 = float(element.get("x2", 0)), float(element.get("y2", 0))
            steps = f"M{_tidy(f'{x:.1f},{y:.1f}')}l{_tidy(f'{x2:.1f},{y2:.1f}')}"
            out.append(f'<path class="{name}" d="{steps}"/>')
            return
        path = _tidy(element.get("d", ""))
        if not path:
            return
        moved = (
            ""
            if (round(x, 1), round(y, 1)) == (0, 0)
            else (f' transform="translate({_tidy(f"{x:.1f}")} {_tidy(f"{y:.1f}")})"')
        )
        out.append(f'<path class="{name}" d="{path}"{moved}/>')
        return
    for child in element:
        _walk(child, x, y, out)


def _draw(spec: Mapping[str, Any]) -> str:
    """Return the shapes of a specification."""
    import vl_convert  # heavy, and not needed where every drawing is in the cache

    root = ElementTree.fromstring(vl_convert.vegalite_to_svg(dict(spec), vl_version="5.21"))
    shapes: list[str] = []
    for child in root:
        _walk(child, 0, 0, shapes)
    return "".join(shapes)


def draw(spec: Mapping[str, Any], cache: Path) -> str:
    """Return the shapes of a chart, from the cache where this specification was drawn before.

    Args:
        spec: a Vega-Lite specification with the colours of :func:`paint`.
        cache: a folder; it may be shared by builds that run at the same time.
    """
    text = json.dumps([VERSION, CLASSES, spec], sort_keys=True, ensure_ascii=False)
    file = cache / f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.txt"
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        pass
    shapes = _draw(spec)
    cache.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(f".{os.getpid()}")
    part.write_text(shapes, encoding="utf-8")
    part.replace(file)
    return shapes
