# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Measure the build beside plain Sphinx and Furo (`make bench`).

Pages like ours are written into a scratch folder and built there with the site's own
configuration and, from the same files, with nothing but Sphinx, MyST and Furo. Then a phone's
browser reads them.
"""
