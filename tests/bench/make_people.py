#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Prints a CSV directory of N made-up people, always the same: fewer people are the first of more.

As in a real directory a few names are shared by many and most by few: given names and surnames are drawn with falling
frequency, a third of the people have a middle initial, one in twelve a double surname.
"""
import argparse
import random
import sys

from names import GIVEN, RARE_SURNAMES, SURNAMES

DOMAIN = "contoso.com"


def draw(rng, names):
    """A name, those at the front more often: the square of a uniform number leans to zero."""
    share = rng.random()
    return names[int(share * share * len(names))]


def people(count):
    """Yields name, address and groups of each person."""
    # Only random() is promised to give the same numbers in every Python.
    rng = random.Random(20261012)
    surnames = SURNAMES + RARE_SURNAMES
    taken = {}
    for number in range(count):
        given, surname = draw(rng, GIVEN), draw(rng, surnames)
        if rng.random() < 1 / 12:
            surname += "-" + draw(rng, surnames)
        initial = f" {GIVEN[int(rng.random() * len(GIVEN))][0]}." if rng.random() < 1 / 3 else ""
        local = f"{given}.{surname}".lower()
        taken[local] = taken.get(local, 0) + 1
        if taken[local] > 1:
            local += str(taken[local])
        groups = "Everyone;Executives" if number % 100 == 0 else "Everyone"
        yield f"{given}{initial} {surname}", f"{local}@{DOMAIN}", groups


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int, metavar="N")
    arguments = parser.parse_args()
    out = sys.stdout
    out.write("Display_Name,Email,Groups\n")
    out.writelines(f"{name},{address},{groups}\n" for name, address, groups in people(arguments.count))


if __name__ == "__main__":
    main()
