# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Files that pages offer: what is published, and what is refused with a word of help."""

import zlib
from pathlib import Path

from ikm_site.attachments import problem

PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\n"


#: Files with their content, and what is said of them; nothing of a good one.
FILES = {
    "good.pdf": (PDF, "None"),
    "page.pdf": (b"\n<!DOCTYPE html><html><title>Anmeldung</title></html>", "keine .pdf-Datei"),
    "empty.pdf": (b"", "keine .pdf-Datei"),
    "secret.pdf": (PDF + b"trailer <</Encrypt 2 0 R>>", "verschlüsselt"),
    "action.pdf": (PDF + b"<</OpenAction <</S /Launch>>>>", "Programme"),
    "packed.pdf": (PDF + b"stream\n" + zlib.compress(b"<</S /JavaScript>>"), "Programme"),
    "page.png": (b"<html>", "keine .png-Datei"),
    "drawing.svg": (b"<svg/>", "erlaubt sind nur"),
    "text.docx": (b"PK", "erlaubt sind nur"),
}


def test_what_may_be_offered(tmp_path: Path) -> None:
    for name, (content, words) in FILES.items():
        (tmp_path / name).write_bytes(content)
        assert words in str(problem(tmp_path, name)), name
    (tmp_path / "good.pdf").rename(tmp_path / "GOOD.pdf")
    assert "es gibt keine Datei" in str(problem(tmp_path, "good.pdf"))


def test_nothing_outside_the_project(tmp_path: Path) -> None:
    root = tmp_path / "project"
    root.mkdir()
    (tmp_path / "x.pdf").write_bytes(PDF)
    (root / "y.pdf").symlink_to(tmp_path / "x.pdf")
    for path in ("../x.pdf", "y.pdf"):
        assert "liegt nicht in diesem Ordner" in str(problem(root, path))
