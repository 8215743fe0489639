# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The gate: what must be in order before readers get to see a release."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sphinx.errors import ExtensionError

from ikm_site import organisation
from ikm_site.catalogues import files
from ikm_site.catalogues.status import progress
from ikm_site.catalogues.update import ExtractionError, extract
from ikm_site.languages import TRANSLATIONS
from ikm_site.publish import links, weight


@dataclass
class Findings:
    """What the gate found, each as `file: what: remedy`.

    Attributes:
        problems: what publishing is refused for.
        notes: what whoever publishes should know.
    """

    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def _uncommitted(root: Path) -> Iterator[str]:
    try:
        result = subprocess.run(
            ["git", "-c", "core.quotePath=false", "status", "--porcelain"],
            cwd=root, capture_output=True, text=True, check=False,
        )  # fmt: skip
    except OSError:
        yield "git is missing; on Debian: apt install git"
        return
    if result.returncode:
        yield "this folder is no git repository; publish from a clone of it"
    for line in result.stdout.splitlines():
        yield f"{line[3:]}: is not committed; commit it, or put it away with git stash --all"


def _organisation(root: Path) -> Iterator[str]:
    try:
        for name in organisation.missing(organisation.load(root)):
            yield f"{organisation.FILE}: field '{name}' is empty; fill it in"
    except ExtensionError as error:
        yield str(error)


def _catalogues(findings: Findings, *, strict: bool) -> None:
    """Catalogues against the German text of now: broken, fuzzy, missing."""
    try:
        templates = extract()
        wanted = {
            domain: [str(message.id) for message in files.messages(template)]
            for domain, template in templates.items()
        }
        for language in TRANSLATIONS:
            for row in progress(language, wanted):
                file = files.path(language.code, row.domain)
                findings.problems += [
                    f"{file}:{line}: is fuzzy, a guess: {text[:60]!r}; "
                    "correct the msgstr and delete the word fuzzy"
                    for line, text in row.fuzzy
                ]
                if row.missing:
                    note = (
                        f"{file}: {len(row.missing)} of {row.total} texts have no translation; "
                        "readers see them in German, marked as such"
                    )
                    (findings.problems if strict else findings.notes).append(note)
    except (ExtractionError, files.CatalogueError) as error:
        findings.problems.append(str(error))


def before(root: Path, *, strict: bool) -> Findings:
    """What can be said before the site is built.

    Args:
        root: the project, which is also the working directory.
        strict: whether a missing translation is a problem.
    """
    findings = Findings()
    findings.problems += _uncommitted(root)
    findings.problems += _organisation(root)
    _catalogues(findings, strict=strict)
    return findings


def after(root: Path, site: Path, site_url: str) -> Findings:
    """What can be said of the site of a release."""
    findings = Findings([f"{line}; mend the link" for line in links.dead(site, site_url)])
    if (root / weight.FILE).is_file():
        findings.problems += [
            f"{line}; make the page lighter" for line in weight.over(site, root / weight.FILE)
        ]
    # What was changed while the site was being built may be in it or not.
    findings.problems += _uncommitted(root)
    return findings
