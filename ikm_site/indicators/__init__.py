"""The regions in figures: reading, checking, adding up and drawing what stands in ``data/``.

:func:`ikm_site.indicators.reader.read_figures` reads the package into
:class:`ikm_site.indicators.model.Figures`; everything else works on that.
"""
