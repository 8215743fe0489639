# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Speed-ups of the build: the same bytes in a fraction of the time and memory.

Each names the upstream code that it replaces and the hash of that code's source. When
upstream changes, the speed-up switches itself off and says so; the build goes on as slowly as
without it. `-D ikm_speed=0` switches all of them off; `tests/test_speed.py` compares the bytes.

- `parsing`: what MyST and docutils make anew for each page and message;
- `messages`: what Sphinx does twice for each translated message;
- `trees`: going through the trees of pages;
- `building`: what Sphinx does around each page, and how much memory it keeps;
- `fresh`: what can be spared where nothing is kept from one build to the next.
"""

from __future__ import annotations

import gc
import logging as std_logging
from typing import TYPE_CHECKING

from sphinx.util import logging

from ikm_site.speed import building, fresh, messages, parsing, trees
from ikm_site.speed.upstream import install

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.util.typing import ExtensionMetadata

REPLACEMENTS = (
    *parsing.REPLACEMENTS,
    *messages.REPLACEMENTS,
    *trees.REPLACEMENTS,
    *building.REPLACEMENTS,
)


def _begin(app: Sphinx, config: Config) -> None:
    """Replace what is to be faster."""
    if not config.ikm_speed:
        return
    # The garbage collector finds nearly nothing in a build and looks through everything.
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    if not app.verbosity:
        # Without -v nobody sees the thousands of debug messages that Sphinx makes.
        std_logging.getLogger(logging.NAMESPACE).setLevel(std_logging.INFO)
    install(REPLACEMENTS)
    messages.keep_plurals()
    if config.ikm_fresh:
        install(fresh.replacements())
        gc.disable()  # see `fresh.clean`


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the speed-ups with Sphinx."""
    app.add_config_value("ikm_speed", True, "", (bool,))
    # `-D ikm_fresh=1`: nothing is there from an earlier build, nothing is kept for a later one.
    app.add_config_value("ikm_fresh", False, "", (bool,))
    app.connect("config-inited", _begin)
    app.connect("builder-inited", building.prepare)
    app.connect("doctree-read", fresh.clean)
    app.connect("html-page-context", fresh.clean)
    app.connect("env-purge-doc", building.let_go)
    app.connect("html-page-context", building.let_go_of_pickles)
    app.add_transform(messages.OneDocument)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
