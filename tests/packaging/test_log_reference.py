# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""docs/log.md against the sources: each event with its level and fields, by the daemon that logs it, and no other."""
import collections
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "log.md"

# What the page says of an event: the heading it stands under, its level, its fields and the text.
Row = collections.namedtuple("Row", "heading level fields text")
HEADINGS = {frozenset(("gateway", "directory")): "Events of both daemons", frozenset(("gateway",)): "Events of the gateway",
            frozenset(("directory",)): "Events of the directory"}


def rows():
    found, heading = {}, ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        heading = line.removeprefix("## ") if line.startswith("## ") else heading
        row = re.fullmatch(r"\| `(\w+)` \| (\w+) \| (.*?) ?\| (.+) \|", line)
        if row:
            assert row[1] not in found, f"{row[1]} is there twice"
            found[row[1]] = Row(heading, row[2], re.findall(r"`(\w+)`", row[3]), row[4])
    return found


def known_events():
    """Level and advice of each event by its enumerator, as policy/event.h and event.cpp have them in one order."""
    header = (ROOT / "policy" / "event.h").read_text(encoding="utf-8")
    source = (ROOT / "policy" / "event.cpp").read_text(encoding="utf-8")
    enumerators = re.findall(r"\bk(\w+),", re.search(r"enum class EventId \{(.*?)\};", header, re.DOTALL)[1])
    described = re.findall(r'\.name = "(\w+)",\s*\.level = LogLevel::k(\w+)', source)
    assert len(enumerators) == len(described)
    return {enumerator: (name, level.lower()) for enumerator, (name, level) in zip(enumerators, described)}


def call_at(text, begin):
    """The text of a call from its opening parenthesis to its closing one."""
    depth = 0
    for end in range(begin, len(text)):
        depth += {"(": 1, ")": -1}.get(text[end], 0)
        if depth == 0:
            return text[begin:end + 1]
    return text[begin:]


def fields_in(text):
    return set(re.findall(r'\.key = "(\w+)"', text))


def logged_events():
    """The daemons that log each event, by its enumerator, and its fields. An event that is handed to a function of the
    same file has the fields of the calls there that take the event from a variable."""
    daemons, fields = collections.defaultdict(set), collections.defaultdict(set)
    for path in sorted((*(ROOT / "gateway").rglob("*.cpp"), *(ROOT / "directory").rglob("*.cpp"))):
        text, rest = path.read_text(encoding="utf-8"), ""
        direct = set()
        for call in re.finditer(r"\blog_?(?:->|\.)write(?=\()", text):
            said = call_at(text, call.end())
            events = re.findall(r"EventId::k(\w+)", said)
            for event in events:
                fields[event] |= fields_in(said)
            direct |= set(events)
            rest += "" if len(events) > 1 or re.match(r"\(\s*(?:policy::)?EventId::", said) else said
        for event in re.findall(r"EventId::k(\w+)", text):
            daemons[event].add(path.relative_to(ROOT).parts[0])
            fields[event] |= set() if event in direct else fields_in(rest)
    return daemons, fields


class LogReference(unittest.TestCase):
    """Whoever finds a line in the log finds it in the page."""

    def test_every_event_is_there_and_no_other(self):
        self.assertEqual(set(rows()), {name for name, _ in known_events().values()})

    def test_every_event_is_logged_by_the_daemon_it_stands_under(self):
        daemons, events = logged_events()[0], known_events()
        for enumerator, (name, _) in events.items():
            with self.subTest(event=name):
                self.assertEqual(rows()[name].heading, HEADINGS[frozenset(daemons[enumerator])])

    def test_levels_are_the_right_ones(self):
        for name, level in known_events().values():
            with self.subTest(event=name):
                self.assertEqual(rows()[name].level, level)

    def test_fields_are_those_that_are_logged(self):
        fields = logged_events()[1]
        for enumerator, (name, _) in known_events().items():
            with self.subTest(event=name):
                self.assertEqual(set(rows()[name].fields), fields[enumerator])


if __name__ == "__main__":
    unittest.main(verbosity=2)
