#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Prints N From field values as a relay in front of the people of make_people.py sees them, one a line.

Of every 100: 62 plain ASCII names of strangers (half of them in quotes), 10 companies and systems, 8 encoded words,
8 bare addresses, 6 `Surname, Given` in quotes, 5 protected people with their own address, and 1 forged: a protected
name with a foreign address. The people named are among the first 1,000, so they are protected in every larger
directory.
"""
import argparse
import base64
import random

from make_people import people
from names import GIVEN, STRANGERS

KNOWN_PEOPLE = 1000
DOMAINS = ["client.example", "mail.supplier.example", "freemail.example", "news.shop.example", "partner.example"]
SYSTEMS = ["Invoices", "Customer Care", "Ticket System", "Weekly News", "Order Desk", "Build Server", "Travel Desk"]
ACCENTS = str.maketrans({"a": "á", "e": "ë", "i": "í", "o": "ö", "u": "ü", "n": "ñ"})


class FromLines:
    """Makes one value of each kind from its own sequence of random numbers."""

    def __init__(self):
        self.rng = random.Random(4711)
        self.people = [(name, address) for name, address, _ in people(KNOWN_PEOPLE)]

    def pick(self, choices):
        return choices[int(self.rng.random() * len(choices))]

    def stranger(self):
        given, surname = self.pick(GIVEN), self.pick(STRANGERS)
        return given, surname, f"{given}.{surname}@{self.pick(DOMAINS)}".lower()

    def plain(self):
        given, surname, address = self.stranger()
        return f"{given} {surname} <{address}>"

    def quoted(self):
        given, surname, address = self.stranger()
        return f'"{given} {surname}" <{address}>'

    def surname_first(self):
        given, surname, address = self.stranger()
        return f'"{surname}, {given}" <{address}>'

    def system(self):
        return f"{self.pick(STRANGERS)} {self.pick(SYSTEMS)} <no-reply@{self.pick(DOMAINS)}>"

    def encoded(self):
        given, surname, address = self.stranger()
        name = f"{given} {surname}".translate(ACCENTS).encode()
        if self.rng.random() < 0.5:
            return f"=?UTF-8?B?{base64.b64encode(name).decode()}?= <{address}>"
        text = "".join(chr(c) if chr(c).isalnum() and c < 128 else "_" if c == 32 else f"={c:02X}" for c in name)
        return f"=?utf-8?q?{text}?= <{address}>"

    def bare(self):
        return self.stranger()[2]

    def own(self):
        name, address = self.pick(self.people)
        return f"{name} <{address}>"

    def forged(self):
        name, _ = self.pick(self.people)
        return f"{name} <office{int(self.rng.random() * 1e6)}@freemail.example>"


def from_lines(count, *, ordinary=False):
    """`ordinary`: those alone that are no finding whatever can be proven of them."""
    lines = FromLines()
    mix = [(31, lines.plain), (31, lines.quoted), (10, lines.system), (8, lines.encoded), (8, lines.bare),
           (6, lines.surname_first)] + ([] if ordinary else [(5, lines.own), (1, lines.forged)])
    hundred = [make for times, make in mix for _ in range(times)]
    for start in range(0, count, len(hundred)):
        order = sorted(hundred, key=lambda _: lines.rng.random())
        for make in order[: count - start]:
            yield make()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int, metavar="N")
    parser.add_argument("--ordinary", action="store_true", help="without the people's own and the forged")
    arguments = parser.parse_args()
    for line in from_lines(arguments.count, ordinary=arguments.ordinary):
        print(line)


if __name__ == "__main__":
    main()
