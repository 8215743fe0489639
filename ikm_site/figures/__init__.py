# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The regions in figures: reading, checking, adding up and drawing what stands in ``data/``.

:func:`ikm_site.figures.reader.read_figures` reads the package into
:class:`ikm_site.figures.model.Figures`; everything else works on that.
"""
