# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""A release: the built site with all that belongs to it, ready to be copied anywhere.

The same commit gives the same release, to the byte (the gzip copies with the same zlib)::

    site/           the document root: the site, compressed copies, .htaccess, _headers, …
    server/         configurations of nginx and Caddy
    release.json    digest, commit and its time, whether it is a preview
    manifest.json   every file of site/ with size and SHA-256
    sbom.cdx.json   what built it (CycloneDX)
    SHA256SUMS      of all these files, for sha256sum -c
"""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ikm_site.build import replace
from ikm_site.publish import compress, headers, manifest, sbom, servers
from ikm_site.publish.rules import rules
from ikm_site.redirects import load as load_redirects


def commit(root: Path) -> tuple[str, int]:
    """The last commit and its time in seconds since 1970; ("", 0) outside a repository."""
    try:
        result = subprocess.run(
            ["git", "log", "-1", "--format=%H %ct"], cwd=root, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
    except OSError:
        return "", 0
    name, _, seconds = result.stdout.strip().partition(" ")
    return (name, int(seconds)) if seconds else ("", 0)


def describe(root: Path, html: Path, *, preview: bool) -> dict[str, Any]:
    """What `release.json` says of a built site."""
    entries = manifest.of(html)
    name, seconds = commit(root)
    return {
        "digest": manifest.digest(entries),
        "commit": name,
        "committed": f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}",
        "pages": sum(entry.path.endswith(".html") for entry in entries),
        "preview": preview,
    }


def make(root: Path, html: Path, target: Path, *, preview: bool = False) -> dict[str, Any]:
    """Make the release of a built site; gives what `release.json` says.

    Args:
        root: the project.
        html: the site as `make html` built it.
        target: where the release goes; an earlier one there is replaced in one step.
        preview: whether the site is a preview.

    Raises:
        ManifestError: a file cannot be published.
        SbomError: the list of packages is not locked.
        ExtensionError: `data/redirects.yaml` is wrong.
    """
    manifest.check_names(html)
    info = describe(root, html, preview=preview)
    new = target.with_name(target.name + ".new")
    shutil.rmtree(new, ignore_errors=True)
    site = new / "site"
    shutil.copytree(html, site)
    servers.write(site, new / "server", rules(load_redirects(root)), headers.policies(html))
    compress.folder(site)
    (new / "manifest.json").write_text(manifest.dump(manifest.of(site)), encoding="utf-8")
    bill = sbom.sbom(
        root / "requirements.txt",
        name="ikm-site", version=info["digest"], timestamp=info["committed"],
    )  # fmt: skip
    (new / "sbom.cdx.json").write_text(bill, encoding="utf-8")
    (new / "release.json").write_text(json.dumps(info, indent=1) + "\n", encoding="utf-8")
    (new / "SHA256SUMS").write_text(manifest.sums(manifest.of(new)), encoding="utf-8")
    replace(new, target)
    # What was there before stands in the folder of the new one after the swap.
    shutil.rmtree(new, ignore_errors=True)
    return info
