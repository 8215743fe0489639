# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""What every server answers with: the one table of headers, types and cache rules."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from ikm_site.languages import LANGUAGES
from ikm_site.navigation import POLICY

#: Added to the policy in the page's own head, where browsers ignore this directive.
_FRAMES = "; frame-ancestors 'none'"

_FEATURES = (
    "accelerometer", "autoplay", "bluetooth", "browsing-topics", "camera", "display-capture",
    "encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope", "hid",
    "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment",
    "picture-in-picture", "publickey-credentials-get", "screen-wake-lock", "serial",
    "storage-access", "usb", "web-share", "window-management", "xr-spatial-tracking",
)  # fmt: skip

#: Sent with every answer, errors and redirects too. The policy and caching stand below.
HEADERS: dict[str, str] = {
    # Two years; without includeSubDomains, for other hosts of the domain are not ours to decide.
    "Strict-Transport-Security": "max-age=63072000",
    "X-Content-Type-Options": "nosniff",
    # The sites that we link to need not know that a reader came from here.
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _FEATURES),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
}

#: Media types by ending; anything else is offered as a download.
TYPES: dict[str, str] = {
    "atom": "application/atom+xml",
    "css": "text/css",
    "csv": "text/csv",
    "geojson": "application/geo+json",
    "html": "text/html",
    "ico": "image/x-icon",
    "ics": "text/calendar",
    "jpg": "image/jpeg",
    "js": "text/javascript",
    "json": "application/json",
    "md": "text/markdown",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "txt": "text/plain",
    "webmanifest": "application/manifest+json",
    "webp": "image/webp",
    "xml": "application/xml",
    "zip": "application/zip",
}

#: Types that are text in UTF-8 and are compressed beforehand. JSON knows no other encoding.
TEXTS = frozenset(
    {"atom", "css", "csv", "geojson", "html", "ics", "js", "json", "md", "svg", "txt",
     "webmanifest", "xml"}
)  # fmt: skip

#: Files whose name holds a digest of what they hold: `_static/site.3fa9c1d2.css`.
FINGERPRINTED = r"/_static/[^/]*[.][0-9a-f]{8,64}[.](?:css|js|svg|png|webp)$"

#: A fingerprinted file never changes; everything else is asked for again, mostly a 304.
FOR_EVER = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"

_META = re.compile(r'http-equiv="Content-Security-Policy"\s+content="([^"]*)"')


@dataclass(frozen=True)
class Policies:
    """The Content-Security-Policy of the pages.

    Attributes:
        default: the policy of nearly all addresses.
        others: other policies with the addresses (`/search.html`) that have them.
    """

    default: str
    others: dict[str, tuple[str, ...]]

    @property
    def widest(self) -> str:
        """For servers that know one policy for all: the pages' own heads narrow it down."""
        return max([self.default, *self.others], key=lambda policy: (len(policy), policy))


def policies(site: Path) -> Policies:
    """Read the pages' policies from their heads, so that server and page say the same."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for page in site.rglob("*.html"):
        with page.open(encoding="utf-8") as handle:
            match = _META.search(handle.read(4096))
        policy = match[1].replace("&#39;", "'") if match else POLICY
        found[policy + _FRAMES].append("/" + page.relative_to(site).as_posix())
    counts = Counter({policy: len(pages) for policy, pages in sorted(found.items())})
    default = counts.most_common(1)[0][0] if counts else POLICY + _FRAMES
    return Policies(
        default,
        {policy: tuple(sorted(found[policy])) for policy in sorted(found) if policy != default},
    )


def missing_pages() -> list[tuple[str, str]]:
    """The page for missing addresses by the start of the address, the deepest start first."""
    pages = [(f"/{entry.path}", f"/{entry.path}404.html") for entry in LANGUAGES]
    return sorted(pages, key=lambda pair: -len(pair[0]))
