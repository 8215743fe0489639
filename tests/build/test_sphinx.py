"""The project as any Sphinx user builds it: usual commands, first and second runs."""

import ast
import re
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.conftest import PDF, ROOT, catalogue, page, run, sphinx, start, write


def news_item(project: Path, title: str) -> Path:
    """Write a news item; gives its file."""
    fields = "date: 2026-01-02\nkind: meeting\n"
    page(project, "news/2026/tagung", f"# {title}\n\nEin Satz der Meldung.\n", fields)
    return project / "news/2026/tagung.md"


@pytest.fixture
def news(small: Path) -> Path:
    """The small project with a news item and a page that shows the publisher."""
    page(small, "news/index", "# Aktuelles\n\n```{news-archive}\n```\n")
    news_item(small, "Tagung")
    write(small, {"statements/files/papier.pdf": PDF})
    fields = "kind: statement\ntitle_lang: en\ndocument: files/papier.pdf\n"
    page(small, "statements/papier", "# Paper\n", fields)
    page(small, "legal/index", "# Rechtliches\n\n```{organisation-contact}\n```\n")
    page(small, "monitoring/index", "# Monitoring\n\n```{toctree}\n:glob:\n*\n```\n")
    start(small, ["about/one", "about/two", "news/index", "legal/index", "monitoring/index"])
    return small


def test_first_and_second_runs_are_right(news: Path) -> None:
    out = news / "out"
    build = ("-b", "html", "-D", "language=en", ".", "out")
    catalogue(news, "about/one", {"Eins": "One", "Der erste Satz.": "The first sentence."})
    assert not list(news.rglob("*.mo"))
    sphinx(news, *build)

    def shown(name: str) -> str:
        return (out / f"{name}.html").read_text("utf-8")

    def written() -> dict[Path, int]:
        return {file: file.stat().st_mtime_ns for file in out.glob("about/*.html")}

    assert "The first sentence." in shown("about/one")
    assert ">Skip to content<" in shown("about/one")
    assert "Tagung" in shown("news/index")
    assert "<h1>Paper</h1>" in shown("statements/papier")
    # What is not translated is German, and says so.
    assert re.search('<h1[^>]* lang="de"', shown("about/two"))
    style = next((out / "_static").glob("site.*.css")).name

    # Nothing has changed: no page is written again.
    before = written()
    sphinx(news, *build)
    assert written() == before

    # A record, a catalogue, a new one, a file of data, the style sheet: pages that show it follow.
    item = news_item(news, "Sitzung")
    catalogue(news, "about/one", {"Eins": "One", "Der erste Satz.": "Sentence number one."})
    catalogue(news, "about/two", {"Zwei": "Two", "Der zweite Satz.": "The second sentence."})
    data = news / "data/organisation.yaml"
    renamed = re.sub("(?m)^name: .*$", "name: Neuer Name", data.read_text("utf-8"))
    data.write_text(renamed, encoding="utf-8")
    with (news / "statements/files/papier.pdf").open("ab") as paper:
        paper.write(b"%" * 5000)
    with (news / "theme/ikm/static/site.css").open("a") as sheet:
        sheet.write("main { color: red; }\n")
    sphinx(news, *build)
    assert "Sitzung" in shown("news/index")
    assert "Tagung<" not in shown("news/index")
    assert "Sitzung" in shown("news/2026/index")
    assert "Sentence number one." in shown("about/one")
    assert "The second sentence." in shown("about/two")
    assert "Neuer Name" in shown("legal/index")
    assert "(German, 5\u00a0kB)" in shown("statements/papier")
    assert style not in shown("about/two")
    assert "Sitzung" in (out / "news/atom.xml").read_text("utf-8")

    # A page that is gone is gone from the lists.
    before = written()
    item.unlink()
    sphinx(news, *build)
    assert "Sitzung" not in shown("news/index")
    # Pages without lists stay as they are.
    assert written() == before


def test_parallel_and_one_folder_a_page(news: Path) -> None:
    sphinx(news, "-b", "html", ".", "serial")
    again = run([sys.executable, "-X", "utf8", "-m", "sphinx", "-N", ".", "serial"], news)
    assert "updating environment: 0 added, 0 changed, 0 removed" in again.stdout
    sphinx(news, "-b", "html", "-j", "2", ".", "parallel")
    for file in (news / "serial").rglob("*.html"):
        copy = news / "parallel" / file.relative_to(news / "serial")
        assert copy.read_bytes() == file.read_bytes()
    page(news, "about/two", "# Zwei\n\n```{figures-downloads}\n```\n")
    sphinx(news, "-b", "dirhtml", ".", "folders")
    html = (news / "folders/about/one/index.html").read_text("utf-8")
    assert re.search(r'Siehe <a [^>]*href="\.\./\.\./"', html)
    html = (news / "folders/about/two/index.html").read_text("utf-8")
    assert 'href="../../data/ikm-monitoring.zip"' in html
    assert (news / "folders/search/index.html").is_file()
    sphinx(news, "-b", "html", ".", "one", "about/one.md")
    assert (news / "one/about/one.html").is_file()
    sphinx(news, "-b", "text", ".", "text")
    assert "Der erste Satz." in (news / "text/about/one.txt").read_text("utf-8")


#: Builds as `sphinx-build` does, then names what of another project is ours: each attribute of its
#: modules and of the classes in them that is a function, class or object of `ikm_site`, or runs
#: code of it. What they keep in dictionaries and lists is registered, not replaced.
REPLACED = r"""
import re, sys
from sphinx.cmd.build import main
assert main(sys.argv[1:]) == 0
for name, module in sorted(sys.modules.items()):
    if name.partition(".")[0] not in ("ikm_site", "__main__"):
        for holder in (module, *(v for v in vars(module).values() if isinstance(v, type))):
            for key, value in vars(holder).items():
                # What is called by a method, a partial or cached property, a property.
                for inner in ("__func__", "func", "fget"):
                    value = getattr(value, inner, value)
                # A wrapper has the name of what it wraps, but its own code.
                file = getattr(getattr(value, "__code__", None), "co_filename", "")
                home = str(getattr(value, "__module__", ""))
                if home.startswith("ikm_site") or re.search(r"/ikm_site/[a-z_/]+\.py$", file):
                    print(name, getattr(holder, "__name__", ""), key)
"""


def test_no_function_of_another_project_is_replaced(news: Path) -> None:
    result = run([sys.executable, "-c", REPLACED, "-q", "-b", "html", ".", "out"], news)
    assert (result.returncode, result.stdout) == (0, ""), result.stderr


def test_modules_import_what_extensions_before_them_are() -> None:
    """Also within functions, and by modules that are no extensions: there is no circle."""
    (listed,) = re.findall(r"(?m)^extensions = (\[[^]]*\])", (ROOT / "conf.py").read_text("utf-8"))
    order = ast.literal_eval(listed)
    files = {
        ".".join(file.relative_to(ROOT).with_suffix("").parts): file
        for file in (ROOT / "ikm_site").rglob("*.py")
    }
    imported: dict[str, set[str]] = {name: set() for name in files}
    for name, file in files.items():
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                parts = {alias.name for alias in node.names}
                if isinstance(node, ast.ImportFrom):
                    parts = {str(node.module), *(f"{node.module}.{part}" for part in parts)}
                imported[name] |= parts & files.keys()
    latest = dict.fromkeys(files, -1)
    for name in TopologicalSorter(imported).static_order():
        before = max((latest[each] for each in imported[name]), default=-1)
        latest[name] = order.index(name) if name in order else before
        assert before < latest[name] or name not in order, name


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("-bepub", "the builder epub cannot build this site; use "),
        ("-blatex", "the builder latex cannot build this site; use "),
        ("-Dlanguage=fr", "no language 'fr' in ikm_site/languages.py; use one of: de, en"),
    ],
)
def test_what_cannot_be_built_is_said_in_a_sentence(small: Path, option: str, said: str) -> None:
    result = run([sys.executable, "-m", "sphinx", "-q", option, ".", "out"], small)
    assert result.returncode != 0
    (line,) = result.stderr.splitlines()
    assert said in line
