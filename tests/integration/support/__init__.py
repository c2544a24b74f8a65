# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Real programs around the product: a private Postfix, the server behind it, the two daemons."""
