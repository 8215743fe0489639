# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2

"""Alterations of honest translations that must never reach a page.

Each family takes an honest pair and yields altered translations. They come from what Sphinx,
MyST and browsers were seen to do, and from the usual catalogues of filter evasion.
"""

import re
from collections.abc import Callable, Iterator

#: Altered translations of (original, honest translation).
Family = Callable[[str, str], Iterator[str]]


def _whole(*forms: str) -> Family:
    """These, each with the text in its place."""
    return lambda _source, text: (form.replace("TEXT", text) for form in forms)


def _payloads(*payloads: str) -> Family:
    """These at the beginning, in the middle and at the end."""

    def family(_source: str, text: str) -> Iterator[str]:
        middle = text.find(" ", len(text) // 2)
        for payload in payloads:
            yield f"{payload} {text}"
            yield f"{text} {payload}"
            if middle > 0:
                yield f"{text[:middle]} {payload}{text[middle:]}"

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
    for whole in ("]", f"]({target}) [more]({target})", f"][x]\n\n[x]: {target}"):
        yield text.replace(match[0], whole, 1)
    yield re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text, count=1)
    yield re.sub(r"\[[^\]]*\]\(", "[](", text, count=1)
    yield text.replace("[", "![", 1)


def _roles(_source: str, text: str) -> Iterator[str]:
    match = re.search(r"\{(\w+)\}`([^`]*)`", text)
    if match is not None:
        name, words = match.groups()
        forms = [
            f"{{raw}}`{words}`",
            f"{{download}}`{words}`",
            f"`{words}`",
            words,
            f"{match[0]} {match[0]}",
        ]
        if name in {"ref", "doc"}:
            forms += [f"{{{name}}}`Text <elsewhere>`", f"{{{name}}}`elsewhere`"]
        yield from (text.replace(match[0], form) for form in forms)


def _code(_source: str, text: str) -> Iterator[str]:
    match = re.search(r"(?<!\})`([^`]+)`", text)
    if match is not None:
        for form in ("`rm -rf /`", match[1], f"`{match[1]} `x", f"**{match[1]}**"):
            yield text.replace(match[0], form, 1)


def digits(source: str, text: str) -> Iterator[str]:
    """Numbers that are altered or left in the German form; 2.5 and 2.50 are the same."""
    for match in list(re.finditer(r"(?<![\w-])\d+(?![\w-])", text))[:3]:
        value, before, after = match[0], text[: match.start()], text[match.end() :]
        yield before + ("7" if value[0] != "7" else "3") + value[1:] + after
        if not re.search(r"\d[.:,]$", before):
            yield f"{before}{value}0{after}"
    for match in re.finditer(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+,\d+", source):
        english = match[0].translate(str.maketrans(".,", ",."))
        if english in text:
            yield text.replace(english, match[0], 1)


#: Characters that nobody sees, or that stand for others.
_HIDDEN = """00AD 034F 061C 115F 1160 180E 200B 200C 200D 200E 200F 2028 2029 202A 202B 202C 202D
202E 2060 2061 2066 2067 2068 2069 206A 2800 3164 FE0F FEFF FFA0 FFF9 FFFD E000 E0041 E0100 07 08
0B 0C 1B 7F 85 9B 00 0D 3000 1680"""
_ALIKE = {"a": "аɑα", "e": "еҽ", "o": "оοօ", "i": "іΙǃ", "s": "ѕſ", "c": "сϲ", "p": "р", "x": "х"}


def _characters(_source: str, text: str) -> Iterator[str]:
    middle = max(1, len(text) // 2)
    for code in _HIDDEN.split():
        yield text[:middle] + chr(int(code, 16)) + text[middle:]
    for letter, others in _ALIKE.items():
        yield from (text.replace(letter, other, 1) for other in others)
    for start in (0xFF41, 0x1D41A):
        yield "".join(chr(start + ord(c) - 97) if "a" <= c <= "z" else c for c in text)
    yield text + "\u0336\u0336"


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
    "markup": _payloads(
        "`x`", "``x``", "`<script>`", "```x```", "`", "``", "[^1x]", "[^note]", "[^1x]: text", "^[inline]",
        "**", "*", "_x", "__", "~~x~~", "$x$", "$$x$$", "{.class}", "{#id}", "{style=color:red}", "[x]{.y}",
        "|x|", "a | b", "\\*", "\\", "\\(x\\)", "{{ x }}", "{% x %}", "{=html}", "^x^", "==x==", "[ ]",
        "[x]", ":::", "+++", "---", "@@", "`{=html}", "\\<", "\\u0041", "%(name)s", "{0.__class__}", "${x}",
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
        "TEXT  \nx", "TEXT\\\nx", "TEXT\n", "TEXT\tx",
    ),
    "links": _links,
    "roles": _roles,
    "code": _code,
    "digits": digits,
    "characters": _characters,
    "long": _whole("TEXT" * 50, "TEXT" + " word" * 2000, "[" * 5000, "`" * 501 + "TEXT", "> " * 400 + "TEXT"),
}  # fmt: skip


def attacks(pairs: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Pairs of an original and an altered translation, of each family on a pair that it can alter."""
    for number, family in enumerate(FAMILIES.values()):
        for position in range(len(pairs)):
            source, text = pairs[(position * 37 + number * 11) % len(pairs)]
            if altered := [new for new in dict.fromkeys(family(source, text)) if new != text]:
                yield from ((source, new) for new in altered)
                break
