# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The regions in figures: reading, checking, adding up and drawing what stands in ``data/``.

:func:`ikm_site.indicators.reader.read_figures` reads the package into
:class:`ikm_site.indicators.model.Figures`; everything else works on that.
"""
