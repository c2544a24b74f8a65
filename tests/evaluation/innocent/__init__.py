# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Mail that nobody should be bothered about, beside the same protected people as the attacks."""
