# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2

"""Alterations of honest translations that must never reach a page.

Each family takes an honest pair and yields altered translations. They come from what Sphinx,
MyST and browsers were seen to do, and from the usual catalogues of filter evasion.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Family = Callable[[str, str], Iterator[str]]


@dataclass(frozen=True)
class Attack:
    """One altered translation."""

    family: str
    source: str
    translation: str


def _in(text: str, payload: str) -> Iterator[str]:
    """The payload at the beginning, in the middle and at the end."""
    middle = text.find(" ", len(text) // 2)
    yield f"{payload} {text}"
    yield f"{text} {payload}"
    if middle > 0:
        yield f"{text[:middle]} {payload}{text[middle:]}"


def _payloads(*payloads: str) -> Family:
    def family(_source: str, text: str) -> Iterator[str]:
        for payload in payloads:
            yield from _in(text, payload)

    return family


def _whole(*forms: str) -> Family:
    def family(_source: str, text: str) -> Iterator[str]:
        for form in forms:
            yield form.replace("TEXT", text)

    return family


def _links(_source: str, text: str) -> Iterator[str]:
    match = re.search(r"\]\(([^)]*)\)", text)
    if match is None:
        return
    target = match[1]
    bare = target.rstrip("/")
    for new in (
        "https://evil.example/", "//evil.example", "javascript:alert(1)", "/regions/other.md",
        target + "?x=1", target + "#x", target + "/../..", "data:text/html,x", "JaVaScRiPt:alert(1)",
        "java%0ascript:alert(1)", "&#106;avascript:alert(1)", "https://evil.example@" + bare,
        bare.replace("a", "а"), bare.replace("o", "ο"), bare.replace(".", "。"), bare + ".evil.example",
        target.replace("https", "http") if "https" in target else "http:" + target, "", "#",
        "vbscript:x", "file:///etc/passwd", "\\\\evil.example", f'{target} "title"',
        f"<{target}> (title)", "https:evil.example", "ftp://evil.example", " ", f"{target}\u200b",
    ):  # fmt: skip
        if new != target:
            yield text.replace(match[0], f"]({new})", 1)
    yield text.replace(match[0], "]", 1)
    yield re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text, count=1)
    yield text.replace(match[0], f"]({target}) [more]({target})", 1)
    yield re.sub(r"\[[^\]]*\]\(", "[](", text, count=1)
    yield text.replace(match[0], f"][x]\n\n[x]: {target}", 1)
    yield text.replace("[", "![", 1)


def _roles(_source: str, text: str) -> Iterator[str]:
    match = re.search(r"\{(\w+)\}`([^`]*)`", text)
    if match is None:
        return
    yield text.replace(match[0], f"{{raw}}`{match[2]}`")
    yield text.replace(match[0], f"{{download}}`{match[2]}`")
    yield text.replace(match[0], f"`{match[2]}`")
    yield text.replace(match[0], match[2])
    yield text.replace(match[0], match[0] + " " + match[0])
    if match[1] in {"ref", "doc"}:
        yield text.replace(match[0], f"{{{match[1]}}}`Text <elsewhere>`")
        yield text.replace(match[0], f"{{{match[1]}}}`elsewhere`")


def _code(_source: str, text: str) -> Iterator[str]:
    match = re.search(r"(?<!\})`([^`]+)`", text)
    if match is None:
        return
    yield text.replace(match[0], "`rm -rf /`", 1)
    yield text.replace(match[0], match[1], 1)
    yield text.replace(match[0], f"`{match[1]} `x", 1)
    yield text.replace(match[0], f"**{match[1]}**", 1)


def _numbers(source: str, text: str) -> Iterator[str]:
    for match in list(re.finditer(r"(?<![\w-])\d+(?![\w-])", text))[:3]:
        value = match.group()
        digit = "7" if value[0] != "7" else "3"
        yield text[: match.start()] + digit + value[1:] + text[match.end() :]
        if not re.search(r"\d\.$", text[: match.start()]):  # 2.5 and 2.50 are the same
            yield text[: match.start()] + value + "0" + text[match.end() :]
    del source


def _format(source: str, text: str) -> Iterator[str]:
    """Numbers left in the German form."""
    for match in re.finditer(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+,\d+", source):
        english = match.group().translate(str.maketrans(".,", ",."))
        if english in text:
            yield text.replace(english, match.group(), 1)


def _invisible(_source: str, text: str) -> Iterator[str]:
    middle = max(1, len(text) // 2)
    for code in (
        0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x180E, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F,
        0x2028, 0x2029, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2060, 0x2061, 0x2066, 0x2067,
        0x2068, 0x2069, 0x206A, 0x2800, 0x3164, 0xFE0F, 0xFEFF, 0xFFA0, 0xFFF9, 0xFFFD, 0xE000,
        0xE0041, 0xE0100, 0x07, 0x08, 0x0B, 0x0C, 0x1B, 0x7F, 0x85, 0x9B, 0x00, 0x0D, 0x09, 0x2003,
        0x3000, 0x1680,
    ):  # fmt: skip
        yield text[:middle] + chr(code) + text[middle:]


def _lookalikes(source: str, text: str) -> Iterator[str]:
    table = {
        "a": "аɑα",
        "e": "еҽ",
        "o": "оοօ",
        "i": "іΙǃ",
        "s": "ѕſ",
        "c": "сϲ",
        "p": "р",
        "x": "х",
    }
    for letter, others in table.items():
        for other in others:
            if letter in text:
                yield text.replace(letter, other, 1)
    yield "".join(chr(ord(c) + 0xFEE0) if "a" <= c <= "z" else c for c in text)
    yield "".join(chr(0x1D41A + ord(c) - 97) if "a" <= c <= "z" else c for c in text)
    yield text + "\u0336\u0336"
    yield text.replace("e", "e\u0301", 1) if "e" in text else text + "e\u0301"
    del source


def _spaces(_source: str, text: str) -> Iterator[str]:
    yield " " + text
    yield text + " "
    yield text + "\n"
    yield "\n" + text
    yield text + "\u00a0"
    if " " in text:
        yield text.replace(" ", "  ", 1)
        yield text.replace(" ", "\n", 1)
        yield text.replace(" ", "\n\n", 1)
        yield text.replace(" ", "\t", 1)
        yield text.replace(" ", "  \n", 1)
        yield text.replace(" ", "\\\n", 1)


def _quotes(_source: str, text: str) -> Iterator[str]:
    words = text.split(" ")
    first = words[0]
    for form in ('"{}"', "„{}“", "“{}", "{}”", "»{}«", "”{}“", "«{}»", "‘{}", "“{}’", "“{}“"):
        yield " ".join([form.format(first), *words[1:]])


def _long(_source: str, text: str) -> Iterator[str]:
    yield text + " and so on" * 200
    yield text * 50
    yield text + " " + "a" * 80
    yield text + " word" * 2000
    yield "[" * 5000
    yield text + " " + "*" * 3000
    yield text + "(" * 20000
    yield "`" * 501 + text
    yield text + "<" * 300
    yield "> " * 400 + text


def _placeholders(source: str, text: str) -> Iterator[str]:
    for payload in ("%(name)s", "{name}", "{0}", "%s", "{0.__class__}", "${x}", "{{ config }}",
                    "{% raw %}", "{# x #}", "{name!r:>99}", "%(x)d"):  # fmt: skip
        yield from _in(text, payload)
    del source


FAMILIES: dict[str, Family] = {
    "html": _payloads(
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<b>x</b>", "<br>", "<br/>",
        "<svg/onload=alert(1)>", "<!-- x -->", "<?php x ?>", "<!DOCTYPE html>", "<![CDATA[x]]>",
        "<iframe src=//evil.example>", "<a href='https://evil.example'>x</a>", "</p>", "</main>",
        "<style>*{}</style>", "<ScRiPt>x</sCrIpT>", "<script", "< script >x</ script >", "<x-y>",
        "<form action=x>", "<meta http-equiv=refresh content=0>", "<base href=x>", "<details open>",
        "<math><mi>x</mi></math>", "<div style='position:fixed'>x</div>", "<img\nsrc=x>", "<p>",
        "<input autofocus onfocus=x>", "<object data=x>", "<embed src=x>", "<link rel=x>",
        "<%00script>", "＜script＞x＜/script＞", "﹤script﹥", "<scr\u200bipt>",
    ),
    "html-whole": _whole(
        "<div>TEXT</div>", "<p>TEXT</p>", "<!-- TEXT -->", "<script>TEXT</script>", "<pre>TEXT</pre>",
        "<b>TEXT</b>", "<h1>TEXT</h1>", "<?x TEXT ?>", "<svg>TEXT</svg>", "<span lang=de>TEXT</span>",
    ),
    "entity": _payloads(
        "&lt;script&gt;", "&#60;script&#62;", "&#x3c;b&#x3e;", "&nbsp;", "&shy;", "&amp;lt;b&amp;gt;",
        "&#106;avascript:alert(1)", "&#x202e;", "&ZeroWidthSpace;", "&colon;", "&Tab;", "&lt", "&#60",
        "&NewLine;", "&rlm;", "&zwj;", "&lpar;", "&quot;", "&bsol;", "&#0;", "&InvisibleTimes;",
    ),
    "scheme": _payloads(
        "javascript:alert(1)", "[x](javascript:alert(1))", "[x](JAVASCRIPT:alert)", "vbscript:msgbox",
        "[x](data:text/html;base64,PHM+)", "data:text/html,x", "[x](<javascript:alert(1)>)",
        "[x](java&#115;cript:alert(1))", "[x](javascript&colon;alert(1))", "[x](vbscript:x)",
        "<javascript:alert(1)>", "![x](javascript:x)", "[x](file:///etc/passwd)", "file:///etc/passwd",
        "[x](\\javascript:alert(1))", "[x](blob:x)", "[x](ｊavascript:x)", "[x]( javascript:x)",
        "java\u00adscript:alert(1)", "javascript : alert(1)", "[x](intent://x)", "[x](about:blank)",
    ),
    "new-link": _payloads(
        "[more](https://evil.example)", "[more](/regions/hamburg.md)", "[more](#label)", "<https://evil.example>",
        "<mail@evil.example>", "https://evil.example", "http://evil.example/x?y=1", "www.evil.example",
        "evil.example", "mail@evil.example", "evil.example/path", "//evil.example", "ftp://evil.example",
        "[x][y]", "[x]", "[x]: https://evil.example", "![x](https://evil.example/x.png)", "![x](x.png)",
        "[x](<https://evil.example> 'title')", "mailto:x@evil.example", "tel:+4912345", "192.0.2.1",
        "еvil.example", "evil。example", "evil\u200b.example", "ｅｖｉｌ.ｅｘａｍｐｌｅ", "xn--e1awd7f.example",
        "[x](inv:sphinx#x)", "[](path:x.md)", "<project:index.md>", "<inv:#x>", "[x](//evil.example)",
        "evil(at)evil.example", "https:\\\\evil.example", "[ikm](https://ikm.example@evil.example)",
    ),
    "role": _payloads(
        "{raw}`<b>`", "{ref}`x`", "{doc}`/index`", "{download}`conf.py`", "{math}`x`", "{unknown}`x`",
        "{abbr}`x (y)`", "{sub}`2`", "{eval}`1+1`", "{ref}`x <y>`", "{html}`x`", "{py:func}`x`",
        "{index}`x`", "{pep}`8`", "{rfc}`1`", "{command}`x`", "{file}`x`", "{kbd}`x`", "{guilabel}`x`",
    ),
    "code": _payloads("`x`", "``x``", "`<script>`", "```x```", "`", "``"),
    "footnote": _payloads("[^1x]", "[^note]", "[^1x]: text", "^[inline]"),
    "markup": _payloads(
        "**", "*", "_x", "__", "~~x~~", "$x$", "$$x$$", "{.class}", "{#id}", "{style=color:red}", "[x]{.y}",
        "|x|", "a | b", "\\*", "\\", "\\(x\\)", "{{ x }}", "{% x %}", "{=html}", "^x^", "==x==", "[ ]",
        "[x]", ":::", "+++", "---", "@@", "`{=html}", "\\<", "\\u0041",
    ),
    "block": _whole(
        "1. TEXT", "1) TEXT", "- TEXT", "* TEXT", "+ TEXT", "# TEXT", "## TEXT", "> TEXT", "    TEXT",
        "\tTEXT", "```TEXT", "~~~TEXT", ":::TEXT", ":::{note} TEXT", "```{raw} html TEXT", "% TEXT",
        "+++ TEXT", "---\nTEXT", "(label)=", "(label)=\nTEXT", "[x]: TEXT", "[^x]: TEXT", "---", "***",
        "___", "TEXT\n---", "TEXT\n===", "TEXT\n: x", "TEXT\n\nTEXT", "TEXT\n- x", "TEXT\n# x", "TEXT::",
        "TEXT ::", "TEXT\n\n```{raw} html\n<b>\n```", ":::{raw} html\n<b>\n:::", "| TEXT |\n|---|\n| x |",
        "TEXT\n:::{note}\nx\n:::", "---\ntitle: x\n---\nTEXT", "\n\n    TEXT", "TEXT # noqa", "TEXT #noqa",
        "TEXT\n\n[x]: https://evil.example", "TEXT\n<div>", "TEXT\n% x", "100000000. TEXT", "0. TEXT",
        "$$\nTEXT\n$$", "```{include} /etc/passwd\n```", "```{eval-rst}\n.. raw:: html\n```", "-\tTEXT",
        "```{toctree}\n/index\n```", "```{figure} https://evil.example/x.png\n```", "#\tTEXT", ">TEXT",
        "```{literalinclude} /etc/passwd\n```", "```{code-block} x\nTEXT\n```", "```", ":::", "&nbsp;", "\\",
        "—", "…", ".", "???", "- [ ] TEXT", "2024. TEXT", "<!--TEXT", "<!-- -->TEXT", "+++", "+++ {\"a\": 1}",
    ),
    "links": _links,
    "roles": _roles,
    "code-changed": _code,
    "numbers": _numbers,
    "number-format": _format,
    "invisible": _invisible,
    "lookalikes": _lookalikes,
    "spaces": _spaces,
    "quotes": _quotes,
    "long": _long,
    "placeholders": _placeholders,
    "number-added": _payloads("in 2019", "12,5", "1.234", "99%", "31 December 2031", "17:45"),
}  # fmt: skip


def attacks(pairs: list[tuple[str, str]], each: int = 6) -> Iterator[Attack]:
    """The attacks of all families on honest pairs: `each` pairs a family, spread over all."""
    for number, (name, family) in enumerate(sorted(FAMILIES.items())):
        chosen = 0
        for position in range(len(pairs)):
            source, text = pairs[(position * 37 + number * 11) % len(pairs)]
            altered = [new for new in dict.fromkeys(family(source, text)) if new != text]
            yield from (Attack(name, source, new) for new in altered)
            chosen += bool(altered)
            if chosen == each:
                break
