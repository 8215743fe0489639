# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The HTML of every page: valid, without script and style of its own, under one policy."""

import json
import subprocess
from pathlib import Path

import lxml.etree
import pytest

from ikm_site.navigation import POLICY, SEARCH_POLICY
from tests.conftest import ROOT, needs
from tests.pages import all_pages, tree

#: The checker refuses addresses on loopback unless it is told. It runs too shortly for Java's
#: second compiler and parallel collectors to pay.
JAVA = (
    "-Xss8m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
    "-Dnu.validator.servlet.allow-forbidden-hosts=true",
)  # fmt: skip

DATA_BLOCK = "Inline script violates Content Security Policy (meta tag)"


def test_the_nu_checker_finds_nothing(site: Path, server: str) -> None:
    java = needs("java", "default-jre-headless")
    jar = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    if not jar.is_file():
        needs("npm", "npm")
        pytest.fail("the Nu checker is not installed; run make test")
    # Over HTTP, because the checker applies the policy, whose 'self' means nothing in a folder.
    addresses = [f"{server}/{name}" for name in all_pages(site)]
    command = [java, *JAVA, "-jar", str(jar), "--format", "json", *addresses]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    found = [
        f"{message['url'].removeprefix(server)}:{message.get('lastLine')}: {message['message']}"
        for message in json.loads(result.stderr)["messages"]
        # Its other information is advice about style, such as closing slashes.
        if message["type"] != "info" or message.get("subType") == "warning"
        # It takes data blocks for scripts; browsers do not (HTML, "prepare the script element").
        # The next test and every page's console in the browser tell of real ones.
        if not message["message"].startswith(DATA_BLOCK)
    ]
    assert not found, "\n".join(sorted(set(found)))


def test_no_page_has_scripts_styles_or_handlers_of_its_own(site: Path) -> None:
    found = []
    for name in all_pages(site):
        root = tree(site, name)
        searching = name.endswith("search.html")
        for element in root.iter(lxml.etree.Element):
            data = element.get("type") == "application/ld+json"
            if element.tag == "script" and not data and not (searching and element.get("src")):
                found.append(f"{name}: <script>")
            if element.tag == "style":
                found.append(f"{name}: <style>")
            found += [
                f'{name}: <{element.tag} {attribute}="{value}">'
                for attribute, value in element.attrib.items()
                if attribute.startswith("on")
                or attribute == "style"
                or value.strip().lower().startswith(("javascript:", "data:"))
            ]
    assert not found, "\n".join(found)


def test_every_page_carries_the_policy(site: Path) -> None:
    for name in all_pages(site):
        root = tree(site, name)
        policy = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert policy == [SEARCH_POLICY if name.endswith("search.html") else POLICY], name
    assert "unsafe" not in POLICY + SEARCH_POLICY
    assert POLICY.startswith("default-src 'none'")


def test_every_page_has_landmarks_and_one_heading(site: Path) -> None:
    for name in all_pages(site):
        root = tree(site, name)
        for path in ("//h1", "//main", "/html/body/header", "/html/body/footer"):
            assert len(root.xpath(path)) == 1, f"{name}: {path}"
        # The menu for small windows has no class, and is seen when that for wide ones is not.
        labels = root.xpath("//nav[@class]/@*[starts-with(name(), 'aria-label')]")
        assert len(labels) == len(root.xpath("//nav[@class]")) == len({*labels}), name
        levels = [int(heading.tag[1]) for heading in root.xpath("//h1|//h2|//h3|//h4|//h5")]
        for above, below in zip(levels, levels[1:], strict=False):
            assert below <= above + 1, f"{name}: h{below} follows h{above}"


def test_no_page_has_an_empty_list_or_table(site: Path) -> None:
    """What has no entry is not there: its lines would be, and readers of screens hear it."""
    empty = "|".join(f"//{name}[not(*)]" for name in ("dl", "ul", "ol", "nav", "table", "aside"))
    for name in all_pages(site):
        if name.endswith("search.html"):
            continue  # its results come later
        root = tree(site, name)
        found = [f"{name}:{node.sourceline}: {node.tag}" for node in root.xpath(empty)]
        assert not found, found


def test_terms_in_another_language_say_so(site: Path) -> None:
    german = (site / "about/glossary.html").read_text("utf-8")
    assert 'Auf Englisch: <span lang="en">functional area</span>.' in german
    english = (site / "en/about/glossary.html").read_text("utf-8")
    assert 'In German: <span lang="de">Verflechtungsraum</span>.' in english
    # Such terms are no sign of a missing translation.
    assert "translation-note" not in english
