"""Alterations of honest translations that must never reach a page, with those of `attacks.yaml`.

Each family takes an honest pair and yields altered translations.
"""

import re
from collections.abc import Callable, Iterator

from tests.conftest import table

#: Altered translations of (original, honest translation).
Family = Callable[[str, str], Iterator[str]]


def _whole(forms: list[str]) -> Family:
    """These, each with the text in its place."""
    return lambda _source, text: (form.replace("TEXT", text) for form in forms)


def _inserted(payloads: list[str]) -> Family:
    """These at the beginning, in the middle and at the end."""

    def family(_source: str, text: str) -> Iterator[str]:
        middle = text.find(" ", len(text) // 2)
        for payload in payloads:
            yield f"{payload} {text}"
            yield f"{text} {payload}"
            if middle > 0:
                yield f"{text[:middle]} {payload}{text[middle:]}"

    return family


def _replaced(pattern: str, *forms: str) -> Family:
    """The first place that fits, in other forms; `\\1` stands for its first group."""

    def family(_source: str, text: str) -> Iterator[str]:
        if match := re.search(pattern, text):
            yield from (text.replace(match[0], match.expand(form)) for form in forms)

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


_TABLE = table("catalogues/attacks.yaml")

FAMILIES: dict[str, Family] = {
    **{name: _inserted(payloads) for name, payloads in _TABLE["inserted"].items()},
    **{name: _whole(forms) for name, forms in _TABLE["whole"].items()},
    "links": _links,
    "roles": _replaced(
        r"\{\w+\}`([^`]*)`", r"{raw}`\1`", r"{download}`\1`", r"`\1`", r"\1", r"\g<0> \g<0>"
    ),
    "targets": _replaced(r"\{(ref|doc)\}`[^`]*`", r"{\1}`Text <elsewhere>`", r"{\1}`elsewhere`"),
    "code": _replaced(r"(?<!\})`([^`]+)`", "`rm -rf /`", r"\1", r"`\1 `x", r"**\1**"),
    "digits": digits,
    "characters": _characters,
    "long": _whole(
        ["TEXT" * 50, "TEXT" + " word" * 2000, "[" * 5000, "`" * 501 + "TEXT", "> " * 400 + "TEXT"]
    ),
}


def attacks(pairs: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Pairs of an original and an altered translation, of each family on a pair that it can alter."""
    for number, family in enumerate(FAMILIES.values()):
        for position in range(len(pairs)):
            source, text = pairs[(position * 37 + number * 11) % len(pairs)]
            if altered := [new for new in dict.fromkeys(family(source, text)) if new != text]:
                yield from ((source, new) for new in altered)
                break
