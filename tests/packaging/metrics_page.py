# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""docs/metrics.md as data."""
import collections
import functools
import pathlib
import re

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "metrics.md"

# The heading a metric stands under, its type, and the set of its labels.
Metric = collections.namedtuple("Metric", "heading type labels")


@functools.cache
def rows():
    """Each metric of the page by its name."""
    found, heading = {}, ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        heading = line.removeprefix("## ") if line.startswith("## ") else heading
        row = re.fullmatch(r"\| `(\w+)` \| (\w+) \| (.*?) ?\| (.+) \|", line)
        if row:
            assert row[1] not in found, f"{row[1]} is there twice"
            found[row[1]] = Metric(heading, row[2], set(re.findall(r"`(\w+)`", row[3])))
    return found
