# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""What every fault suite has in common: its arguments, and its figures against their bars."""
import argparse
import json
import sys


def arguments(description, add=None):
    """The arguments of a suite, of which `.short` is one. `add` is called with the parser, for a suite's own."""
    parser = argparse.ArgumentParser(description=description)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--short", dest="short", action="store_true", default=True, help="a few seconds (the default)")
    form.add_argument("--long", dest="short", action="store_false", help="the figures of the fault matrix")
    if add:
        add(parser)
    return parser.parse_args()


def log(text):
    """Tells people how far a suite is; the standard output is for figures alone."""
    print(text, file=sys.stderr, flush=True)


class Figures:
    """The figures of one row of the fault matrix, such as F1: one JSON line each on the standard output."""

    def __init__(self, row):
        self._row = row
        self._held = []

    def hold(self, fault, figure, bar, passed):
        """Tells a figure and its bar, both as text; returns whether it passed."""
        self._held.append(bool(passed))
        print(json.dumps({"row": self._row, "fault": fault, "figure": str(figure), "bar": str(bar),
                          "passed": bool(passed)}, ensure_ascii=False), flush=True)
        return bool(passed)

    def exit_status(self):
        """0 if there were figures and all passed."""
        return 0 if self._held and all(self._held) else 1
