# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Show one language in the browser and build it again after each change (`make live`)."""

from __future__ import annotations

import sys
from pathlib import Path

from sphinx_autobuild.__main__ import main as autobuild

from ikm_site.catalogues import files
from ikm_site.languages import language


def main() -> int:
    """Run `make live`."""
    code, port = sys.argv[1], sys.argv[2]
    try:
        chosen = language(code)
    except ValueError as error:
        print(f"live: {error}", file=sys.stderr)
        return 1
    for problem in files.compile_all(chosen.code):
        print(f"live: {problem}", file=sys.stderr)
    out = Path("_build/live").resolve()
    # fmt: off
    autobuild(
        [
            "-b", "html", "-D", f"language={chosen.code}", "-d", str(out / f".doctrees-{code}"),
            "--port", port, "--host", "127.0.0.1",
            # What a build writes must not start the next one.
            "--ignore", str(out.parent), "--re-ignore", r"\.mo$", "--re-ignore", r"/\.(git|venv)/",
            "--re-ignore", "/node_modules/", "--re-ignore", "/__pycache__/",
            "--watch", "ikm_site",
            ".", str(out / code),
        ]
    )
    # fmt: on
    return 0


if __name__ == "__main__":
    sys.exit(main())
