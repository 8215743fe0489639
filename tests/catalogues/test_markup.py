# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Prose is read without the parser, and exactly as the parser reads it."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ikm_site.catalogues import addresses, markup


@given(
    st.text(st.sampled_from("aZÄß1_ .,:;!?()/-+%–§„“”‚‘’*[]`<&#|~$@\\\n\u00a0{}'\"="), max_size=40)
)
@example("A plain sentence, with 5 % – and more (so to say).")
@example("a_b")
@example("a: b")
@example("Term\n: b")
@example("a ")
@example("see http://example.org")
@example("a – b -- c --- d")
@example("https://example.org")
def test_prose_is_read_as_the_parser_reads_it(text: str) -> None:
    fast = markup.parse(text)
    prose = markup._PROSE
    markup._PROSE = re.compile(r"(?!)")
    try:
        assert fast == markup.parse(text)
    finally:
        markup._PROSE = prose


@pytest.mark.parametrize(
    "text",
    ["http://a.example", "//host.example", "mailto:a", "a@b.example", "a (at) b.example",
     "a [at] b.example", "www.example.org", "192.0.2.1", "javascript:alert"],
)  # fmt: skip
def test_nothing_that_may_be_an_address_is_passed_over(text: str) -> None:
    plain = addresses.unmask(f"See {text}, please")
    patterns = (addresses._URL, addresses._MAIL, addresses._HOST, addresses._IP)
    if any(pattern.search(plain) for pattern in patterns):
        assert addresses._PERHAPS.search(plain)
        assert addresses.addresses(f"See {text}, please")
