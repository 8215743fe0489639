# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Prose is read without the parser, and exactly as the parser reads it."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ikm_site.catalogues import addresses, markup

#: Pieces of which nearly all texts consist, and what comes near to them.
_PIECES = (
    "**a**", "**a b**", "**", "*", "_", "[a](/b.md)", "[a b](https://c.example/d)", "[a](b)", "[",
    "](/b.md)", "](https://c.example)", "[„a“](/b/c/)", "[a](//b.md)", "[a](/b_c.md)", "![a](/b)",
    "[a][b]", "[a](/b 'c')", "a", "Ä", "1", " ", ".", ", ", "(", ")", ": ", "!", "-", "–", "„", "“",
    "/", "%", "\\", "`", "\n",
)  # fmt: skip


@given(
    st.text(st.sampled_from("aZÄß1_ .,:;!?()/-+%–§„“”‚‘’*[]`<&#|~$@\\\n\u00a0{}'\"="), max_size=40)
    | st.lists(st.sampled_from(_PIECES), max_size=12).map("".join)
)
@settings(max_examples=400)
@example("A plain sentence, with 5 % – and more (so to say).")
@example("a_b")
@example("a: b")
@example("Term\n: b")
@example("a ")
@example("see http://example.org")
@example("a – b -- c --- d")
@example("https://example.org")
@example("**a** and [b](/c.md), [d](https://e.example/) and **f g**.")
@example("a **b**")
@example("**a**b")
@example("**a** **b**")
@example("a[b](/c.md)d")
@example("[a](/b.md)(c)")
@example("a *b c* d **e** ***f*** *g*h *i* *j*.")
@example("a `b` (`c d`), `e`f `g` `h`.")
@example("a `b *c` d* e")
@example("a **b `c` d** *e `f` g*.")
@example("a [b `c` d](/e.md) f")
@example("*a **b** c* d **e *f* g** h")
@example("Use `a")
@example("2026")
@example("2026.")
def test_prose_is_read_as_the_parser_reads_it(text: str) -> None:
    fast = markup.parse(text)
    prose = markup._PROSE
    markup._PROSE = re.compile(r"(?!)")
    try:
        assert fast == markup.parse(text)
    finally:
        markup._PROSE = prose


def test_usual_emphasis_and_links_need_no_parser() -> None:
    for text in (
        "**Klima**: mehr dazu",
        "Die [Studie](https://a.example/b.pdf) und [c](/d/e.md).",
        "Die Datei `conf.py`, *nicht* `data`.",
    ):
        assert markup._simple(text) is not None


@pytest.mark.parametrize(
    "text",
    ["http://a.example", "//host.example", "mailto:a", "a@b.example", "a (at) b.example",
     "a [at] b.example", "www.example.org", "192.0.2.1", "javascript:alert"],
)  # fmt: skip
def test_nothing_that_may_be_an_address_is_passed_over(text: str) -> None:
    plain = addresses.unmask(f"See {text}, please")
    for sign, pattern in addresses._KINDS:
        if pattern.search(plain):
            assert sign.search(plain)
            assert addresses.addresses(f"See {text}, please")
