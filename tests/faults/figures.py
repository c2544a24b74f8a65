# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""What every fault suite has in common: its arguments, and its figures against their bars.

Times hang on the machine and on who else uses it. The short form, which CI runs, tells them and fails by what holds anywhere;
the long form fails by them too.
"""
import argparse
import json
import os
import pathlib
import sys

# Where `tests/run` puts what it builds.
os.environ.setdefault("FROMGUARD_BIN", str(pathlib.Path(__file__).resolve().parents[2] / "build/release/bin"))


def arguments(description, add=None):
    """The arguments of a suite, of which `.short` is one. `add` is called with the parser, for a suite's own."""
    parser = argparse.ArgumentParser(description=description)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--short", dest="short", action="store_true", default=True, help="a few seconds (the default)")
    form.add_argument("--long", dest="short", action="store_false", help="the figures of the fault matrix")
    if add:
        add(parser)
    options = parser.parse_args()
    Figures.times_count = not options.short
    return options


def log(text):
    """Tells people how far a suite is; the standard output is for figures alone."""
    print(text, file=sys.stderr, flush=True)


class Figures:
    """The figures of one row of the fault matrix, such as F1: one JSON line each on the standard output."""

    times_count = True

    def __init__(self, row):
        self._row = row
        self._held = []

    def hold(self, fault, figure, bar, passed, in_time=True):
        """Tells a figure and its bar, both as text; returns whether it passed. `in_time` is what only a time decides."""
        passed = bool(passed) and (bool(in_time) or not self.times_count)
        self._held.append(passed)
        print(json.dumps({"row": self._row, "fault": fault, "figure": str(figure), "bar": str(bar),
                          "passed": passed, "in_time": bool(in_time)}, ensure_ascii=False), flush=True)
        return passed

    def exit_status(self):
        """0 if there were figures and all passed."""
        return 0 if self._held and all(self._held) else 1
