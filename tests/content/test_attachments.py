# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""PDF files: what is offered, and what is refused with a word of help."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfWriter

from ikm_site.attachments import DocumentError, read


def pdf(file: Path, pages: int = 3, password: str | None = None) -> None:
    """Write a PDF of empty pages."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    if password is not None:
        writer.encrypt(password, algorithm="RC4-128")
    file.parent.mkdir(parents=True, exist_ok=True)
    writer.write(file)


def test_a_good_file(tmp_path: Path) -> None:
    pdf(tmp_path / "files" / "x.pdf")
    document = read(tmp_path, "files/x.pdf")
    assert document.pages == 3
    assert document.size == (tmp_path / "files" / "x.pdf").stat().st_size


HTML = b"\n<!DOCTYPE html><html><title>Anmeldung</title></html>"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (HTML, "is an HTML page, not a PDF"),
        (b"\xef\xbb\xbf<HTML><body>404", "is an HTML page, not a PDF"),
        (b"PK\x03\x04 a word processor's file", "is not a PDF"),
        (b"", "is not a PDF"),
        (b"%PDF-1.7\nand then nothing", "damaged"),
    ],
)
def test_what_is_no_pdf_is_called_what_it_is(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "x.pdf").write_bytes(content)
    with pytest.raises(DocumentError, match=words):
        read(tmp_path, "x.pdf")


def test_half_a_pdf_is_damaged(tmp_path: Path) -> None:
    pdf(tmp_path / "x.pdf", pages=30)
    data = (tmp_path / "x.pdf").read_bytes()
    (tmp_path / "x.pdf").write_bytes(data[:200])
    with pytest.raises(DocumentError, match=r"damaged|without pages"):
        read(tmp_path, "x.pdf")


def test_a_locked_pdf_is_refused(tmp_path: Path) -> None:
    pdf(tmp_path / "x.pdf", password="geheim")
    with pytest.raises(DocumentError, match="password"):
        read(tmp_path, "x.pdf")


def test_a_missing_file_and_one_without_pages(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"there is no file y\.pdf"):
        read(tmp_path, "y.pdf")
    pdf(tmp_path / "x.pdf", pages=0)
    with pytest.raises(DocumentError, match="without pages"):
        read(tmp_path, "x.pdf")
