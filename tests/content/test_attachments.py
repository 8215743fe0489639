# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Files that pages offer: what is published, and what is refused with a word of help."""

import zlib
from pathlib import Path

import pytest

from ikm_site.attachments import problem

PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\n"


def test_a_good_file(tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(PDF)
    assert problem(tmp_path, "x.pdf") is None


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("x.pdf", b"\n<!DOCTYPE html><html><title>Anmeldung</title></html>", "keine .pdf-Datei"),
        ("x.pdf", b"", "keine .pdf-Datei"),
        ("x.pdf", PDF + b"trailer <</Encrypt 2 0 R>>", "verschlüsselt"),
        ("x.pdf", PDF + b"<</OpenAction <</S /Launch>>>>", "Programme"),
        ("x.pdf", PDF + b"stream\n" + zlib.compress(b"<</S /JavaScript>>"), "Programme"),
        ("x.png", b"<html>", "keine .png-Datei"),
        ("x.svg", b"<svg/>", "erlaubt sind nur"),
        ("x.docx", b"PK", "erlaubt sind nur"),
        ("X.pdf", PDF, "es gibt keine Datei"),
    ],
)
def test_what_is_refused(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert words in str(problem(tmp_path, name.lower()))


def test_nothing_outside_the_project(tmp_path: Path) -> None:
    root = tmp_path / "project"
    root.mkdir()
    (tmp_path / "x.pdf").write_bytes(PDF)
    (root / "y.pdf").symlink_to(tmp_path / "x.pdf")
    for path in ("../x.pdf", "y.pdf"):
        assert "liegt nicht in diesem Ordner" in str(problem(root, path))
