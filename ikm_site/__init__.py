# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The Sphinx extensions and commands of the IKM site, one module per concern."""
