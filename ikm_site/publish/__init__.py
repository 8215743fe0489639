# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Publishing: the gate, the release, the target it is put on, the server configurations."""
