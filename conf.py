"""Configuration of the IKM site: https://www.sphinx-doc.org/en/master/usage/configuration.html.

What differs by language comes from `ikm_site.languages`, never from here.
"""

import atexit
import gc
import os
import sys
from pathlib import Path

# sphinx-build finds the package beside this file from any working directory.
sys.path.insert(0, str(Path(__file__).parent))

from ikm_site.message_check import MYST_EXTENSIONS, URL_SCHEMES

# A build makes many objects, few of them garbage: looking for it would take a tenth of its time.
gc.set_threshold(1_000_000)
atexit.register(gc.freeze)

# docutils has no settings here: it would look for them anew for each page.
os.environ["DOCUTILSCONFIG"] = ""

# -- Project ---------------------------------------------------------------------------------

project = "IKM"
author = "Initiativkreis Europäische Metropolregionen in Deutschland"
copyright = author  # without a year, which SOURCE_DATE_EPOCH would change

# Where readers find the site; canonical addresses and feeds begin with it.
site_url = "https://deutsche-metropolregionen.org/"

# `make publish PREVIEW=1`: every page says that it is a preview, and search engines pass it by.
html_context = {"is_preview": os.environ.get("PREVIEW", "") == "1"}

# -- General ---------------------------------------------------------------------------------

# None imports one that stands below it.
extensions = [
    "ikm_site.domain",
    "ikm_site.frontmatter",
    "ikm_site.templates",
    "ikm_site.attachments",
    "ikm_site.myst_translation",
    "ikm_site.page_rules",
    "ikm_site.glossary",
    "ikm_site.organisation",
    "ikm_site.listings",
    "ikm_site.indicators.extension",
    "ikm_site.navigation",
    "ikm_site.outputs",
    "ikm_site.search",
    "ikm_site.builder",
]

# A positive list: nothing becomes a page by accident.
include_patterns = [
    "*.md",
    "about/**",
    "legal/**",
    "monitoring/**",
    "news/**",
    "partners/**",
    "regions/**",
    "statements/**",
    "workgroups/**",
]
# The last four have hundreds of folders, in each of which Sphinx would look for pages.
exclude_patterns = ["[A-Z]*.md", ".git", ".venv", "_build", "node_modules"]
root_doc = "index"
# Where `sphinx-build -b gettext` finds the words of the frame.
templates_path = ["theme/ikm"]
template_bridge = "ikm_site.templates.Templates"
# No domain is primary, so that `{class}` is the directive of docutils.
primary_domain = None
nitpicky = True
smartquotes = False  # „…“ are typed, and tested for

# -- MyST: https://myst-parser.readthedocs.io/en/latest/configuration.html ---------------------

# Translations are checked with the same extensions and schemes.
myst_enable_extensions = MYST_EXTENSIONS
# Links lead to labels and pages, to nothing that other domains know.
myst_ref_domains = ["std"]
myst_url_schemes = URL_SCHEMES
# `ikm_site.page_rules` and `ikm_site.message_catalogues` say it themselves.
suppress_warnings = ["myst.header", "i18n.not_readable"]

# -- Languages: https://www.sphinx-doc.org/en/master/usage/advanced/intl.html -------------------

# The source language; `-D language=en` builds a translation.
language = "de"
locale_dirs = ["locales"]
# One catalogue a page, without line numbers, which change with every edit.
gettext_compact = False
gettext_location = False
# All is translated from the .po files themselves: see ikm_site/message_catalogues.py.
gettext_auto_build = False
gettext_additional_targets = ["image"]

# -- HTML: https://pradyunsg.me/furo/customisation/ -------------------------------------------

html_theme = "ikm"
html_theme_path = ["theme"]
# The frame has its own; a second copy of the sources is of no use to readers.
html_copy_source = False
html_use_index = False
html_domain_indices = False
html_permalinks = False
