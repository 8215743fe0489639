# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The software bill of materials: CycloneDX 1.6 from the locked list of packages.

Written here, not by a tool: it depends on `requirements.txt` alone and so is the same on
every machine, whatever is installed there.
"""

from __future__ import annotations

import json
import re
import uuid
from pathlib import Path
from typing import Any

_PACKAGE = re.compile(r"([A-Za-z0-9._-]+)==([^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


class SbomError(Exception):
    """The list of packages is not locked as it should be."""


def components(requirements: Path) -> list[dict[str, Any]]:
    """The packages of a locked list with the hashes of their files, sorted.

    Raises:
        SbomError: a line is not locked to a version and hashes.
    """
    found: list[dict[str, Any]] = []
    for number, line in enumerate(requirements.read_text("utf-8").splitlines(), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if not line.startswith(" "):
            match = _PACKAGE.match(text)
            if match is None:
                raise SbomError(
                    f"{requirements.name}:{number}: is not locked: {text!r}; run make lock"
                )
            name, version = match[1].lower(), match[2]
            purl = f"pkg:pypi/{name}@{version}"
            found.append(
                {"type": "library", "bom-ref": purl, "name": name, "version": version,
                 "purl": purl, "hashes": []}
            )  # fmt: skip
        for value in _HASH.findall(text):
            found[-1]["hashes"].append({"alg": "SHA-256", "content": value})
    for component in found:
        if not component["hashes"]:
            raise SbomError(f"{requirements.name}: {component['name']} has no hash; run make lock")
    return sorted(found, key=lambda component: str(component["purl"]))


def sbom(requirements: Path, *, name: str, version: str, timestamp: str) -> str:
    """The bill of materials as JSON.

    Args:
        requirements: the locked list.
        name: what was built.
        version: its version; the digest of the site, say.
        timestamp: the time of the commit, as ISO 8601 in UTC.
    """
    parts = components(requirements)
    reference = f"{name}@{version}"
    text = json.dumps([reference, timestamp, parts], sort_keys=True)
    return (
        json.dumps(
            {
                "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
                "bomFormat": "CycloneDX",
                "specVersion": "1.6",
                "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, text)}",
                "version": 1,
                "metadata": {
                    "timestamp": timestamp,
                    "component": {
                        "type": "application",
                        "bom-ref": reference,
                        "name": name,
                        "version": version,
                        "licenses": [{"license": {"id": "EUPL-1.2"}}],
                    },
                },
                "components": parts,
                "dependencies": [
                    {"ref": reference, "dependsOn": [str(part["bom-ref"]) for part in parts]}
                ],
            },
            indent=1,
        )
        + "\n"
    )
