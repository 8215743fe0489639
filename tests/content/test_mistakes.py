"""What the office reads when a file is wrong: place, value, remedy, in German."""

import io
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from ikm_site.problems import ProblemsError, parse_yaml
from tests.conftest import PDF, ROOT, bad_build, page, run, table, write
from tools.report import report

#: The files of each group: what stands in them, and what is said of it.
MISTAKES: dict[str, dict[str, Any]] = table("content/mistakes.yaml")


def png(width: int, height: int) -> bytes:
    """A picture."""
    file = io.BytesIO()
    Image.new("1", (width, height)).save(file, "PNG")
    return file.getvalue()


#: What the pages offer to download, or show.
OFFERED = {
    "statements/files/good.pdf": PDF,
    "statements/files/page.pdf": b"\n<!DOCTYPE html><html><title>Anmeldung</title></html>",
    "statements/files/empty.pdf": b"",
    "statements/files/secret.pdf": PDF + b"trailer <</Encrypt 2 0 R>>",
    "statements/files/action.pdf": PDF + b"<</OpenAction <</S /Launch>>>>",
    "statements/files/packed.pdf": PDF + b"stream\n" + zlib.compress(b"<</S /JavaScript>>"),
    "about/page.png": b"<html>",
    "about/drawing.svg": b"<svg/>",
    "about/text.docx": b"PK",
    "about/klein.png": png(100, 100),
    "about/streifen.png": png(480, 20000),
    "about/kaputt.png": png(480, 480)[:8] + b"\0\0\0\2IHDR12" + zlib.crc32(b"IHDR12").to_bytes(4),
    "about/falsch.webp": b"RIFF....WEBP",
    "../outside.pdf": PDF,
}


def spoil(project: Path, name: str, mistake: dict[str, Any]) -> None:
    """Write a file with a mistake."""
    file = project / name
    file.parent.mkdir(parents=True, exist_ok=True)
    if "gone" in mistake:
        file.unlink()
    elif "link" in mistake:
        file.symlink_to(mistake["link"])
    elif "raw" in mistake:
        file.write_text(mistake["raw"], mistake.get("encoding", "utf-8"))
    else:
        text = f"# Versuch\n\n{mistake.get('text', 'Worte.')}"
        page(project, name.removesuffix(".md"), text, mistake.get("front", ""))


@pytest.mark.parametrize("group", MISTAKES)
def test_every_mistake_is_named_with_its_file(small: Path, group: str) -> None:
    """Once for both languages, and nothing else is said."""
    if group == "pages":
        write(small, OFFERED)
    for name, mistake in MISTAKES[group].items():
        spoil(small, name, mistake)
    said = bad_build(small)
    lines = [line for line in said.splitlines() if line]
    assert len(lines) == len({*lines})
    for name, mistake in MISTAKES[group].items():
        own = [line for line in lines if line.startswith(f"{name}:")]
        messages = [mistake["said"]] if isinstance(mistake["said"], str) else mistake["said"]
        wrong = [each for each in messages if any(each in line for line in own) != bool(each)]
        assert wrong == [], f"{name}: {said}"
    known = (*(f"{name}:" for name in MISTAKES[group]), "Die Website wurde NICHT", "Beheben Sie")
    assert [line for line in lines if not line.startswith(known)] == []


def test_pages_and_data_know_the_same_regions(small: Path) -> None:
    page(small, "regions/altmark", "# Altmark\n")
    said = bad_build(small)
    assert "regions/altmark.md: diese Region gibt es in data/regions.csv nicht" in said
    assert "data/regions.csv: der Region hamburg fehlt regions/hamburg.md" in said


@pytest.mark.parametrize("name", ["about/f4", "about/t22"])
def test_sphinx_writes_mistakes_into_its_file(small: Path, name: str) -> None:
    """Those of front matter, which end a build before it reads, and those of pages."""
    mistakes = MISTAKES["front matter"] | MISTAKES["pages"]
    for wrong in {name, "about/t22"}:
        spoil(small, f"{wrong}.md", mistakes[f"{wrong}.md"])
    command = [sys.executable, "-X", "utf8", "-m", "sphinx", "-q", "-w", "said.txt", ".", "out"]
    result = run(command, small)
    said = (small / "said.txt").read_text("utf-8").splitlines()
    assert result.returncode == 1
    assert said
    assert all(line.startswith(f"ERROR: {name}.md:") for line in said)


def test_no_key_stands_twice_in_the_data_of_tests() -> None:
    """Only the last of two would be tried."""
    for file in (ROOT / "tests").rglob("*.yaml"):
        parse_yaml(file.read_text("utf-8"), file.name)


def test_the_report_names_a_mistake(small: Path) -> None:
    page(small, "about/f1", "# X\n", "open: kein Punkt einer Liste\n")
    with pytest.raises(ProblemsError, match=r"about/f1\.md:3: Feld „open“"):
        list(report(small))
