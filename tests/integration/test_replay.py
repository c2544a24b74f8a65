# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""`replay` over a generated mailbox: what two policies would have done, message by message."""
import collections
import json
import unittest

from support.offline import OfflineTestCase
from support.site import REASON

IN_FORCE = """\
version: 1
mode: monitor
rules:
  - name: executives
    when: {groups: [Executives], from: ["*@freemail.example"]}
    then: {disposition: malicious, action: reject}
  - name: retired
    when: {from: gone}
    then: {disposition: spoof, action: quarantine}
exceptions:
  - {name: old system, anyone: true, from: tickets@old.example, owner: it@contoso.com, reason: agents write by it}
lists:
  gone: {entries: [gone.example]}
"""

CANDIDATE = """\
version: 1
mode: enforce
matches: {typo: on}
rules:
  - name: partner
    when: {from: partners}
    then: {disposition: none, action: accept}
  - name: executives
    when: {groups: [Executives], from: ["*@freemail.example"]}
    then: {disposition: malicious, action: quarantine}
lists:
  partners: {entries: [partner.example]}
"""

MESSAGES = 10_000

# Of every hundred messages: From, how many, and what the two policies do with it.
KINDS = (
    ("Ada Lovelace <ada@freemail.example>", 6, "reject", "quarantine"),
    ("Jos\u00e9 \u00c1lvarez <jose@partner.example>", 3, "tag", "accept"),
    ("Ada Lovelave <ada@elsewhere.example>", 1, None, "tag"),
    ("Ada Lovelace <ada@elsewhere.example>", 2, "tag", "tag"),
    ("Ada Lovelace <ada@contoso.com>", 30, None, None),
    ("Bob Stone <bob@freemail.example>", 58, None, None),
)
OF_A_HUNDRED = [kind for kind in KINDS for _ in range(kind[1])]
BODY = "Hello,\n\n>From now on we meet at ten.\nFrom here it is not far.\n\n From: Ada Lovelace <x@y.example>\n"


def message(number):
    """The message of this number, and what the two policies do with it."""
    from_field, _, in_force, candidate = OF_A_HUNDRED[number * 37 % 100]
    text = (f"Return-Path: <bounce@sender.example>\nDelivered-To: reception@contoso.com\n"
            f"From: {from_field}\nTo: ida@wingtip.example\nMessage-ID: <{number}@test.example>\n\n{BODY}\n")
    return (text if number % 3 else text.replace("\n", "\r\n")).encode(), in_force, candidate


def differences(messages):
    """How often the policies differ, by what they do."""
    counts = collections.Counter((before, after) for _, before, after in messages if before != after)
    return sorted((str(before), str(after), count) for (before, after), count in counts.items())


class Replay(OfflineTestCase):
    """The same ten thousand messages as a mailbox, a Maildir and a tree of files."""

    policy = IN_FORCE

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.candidate = cls.folder / "candidate.yaml"
        cls.candidate.write_text(CANDIDATE)
        cls.messages = [message(number) for number in range(MESSAGES)]
        cls.mailbox = cls.folder / "inbox"
        with open(cls.mailbox, "wb") as mailbox:
            for octets, _, _ in cls.messages:
                mailbox.write(b"From bounce@sender.example Mon Oct  5 09:30:00 2026\n" + octets)

    def replay(self, *arguments, status=0):
        done = self.gateway.replay(*arguments)
        self.assertEqual(done.returncode, status, done)
        return done

    def lines(self, *arguments, status=0):
        """The differing messages and the summary."""
        done = self.replay("--json", *arguments, status=status)
        *messages, summary = map(json.loads, done.stdout.splitlines())
        self.assertEqual({line["type"] for line in messages} | {summary["type"]} - {"summary"},
                         {"difference"} if messages else set())
        return messages, summary

    def assert_counts(self, summary):
        self.assertEqual(summary["messages"], MESSAGES)
        self.assertEqual(sorted((str(d["in_force"]), str(d["candidate"]), d["messages"])
                                for d in summary["differences"]), differences(self.messages))
        self.assertEqual({r["rule"]: (r.get("in_force"), r.get("candidate")) for r in summary["rules"]}, {
            "executives": ({"action": "reject", "messages": 600}, {"action": "quarantine", "messages": 600}),
            "retired": ({"action": "quarantine", "messages": 0}, None),
            "partner": (None, {"action": "accept", "messages": 300}),
            None: ({"action": "tag", "messages": 500}, {"action": "tag", "messages": 300})})
        self.assertEqual(summary["in_force"]["never_matched"], {
            "rules": ["retired"], "exceptions": ["old system"], "lists": ["gone"]})
        self.assertEqual(summary["candidate"]["never_matched"], {"rules": [], "exceptions": [], "lists": []})
        self.assertEqual((summary["in_force"]["finding"], summary["in_force"]["no_finding"]), (1100, 8900))
        self.assertEqual((summary["candidate"]["finding"], summary["candidate"]["no_finding"]), (1200, 8800))
        self.assertEqual(summary["people"], [
            {"person": "Ada Lovelace", "organization": "contoso", "in_force": {"tag": 200, "reject": 600},
             "candidate": {"tag": 300, "quarantine": 600}},
            {"person": "Jos\u00e9 \u00c1lvarez", "organization": "contoso", "in_force": {"tag": 300},
             "candidate": {"accept": 300}}])

    def test_each_differing_message_of_a_mailbox_is_told_in_order(self):
        told, summary = self.lines("--policy", self.candidate, self.mailbox)
        self.assertEqual(
            [(m["message"], m["message_id"], m["in_force"]["action"], m["candidate"]["action"]) for m in told],
            [(n + 1, f"<{n}@test.example>", before, after)
             for n, (_, before, after) in enumerate(self.messages) if before != after])
        self.assert_counts(summary)
        first = next(m for m in told if m["in_force"]["action"] == "reject")
        self.assertEqual((first["path"], first["from"], first["mail_from"]),
                         (str(self.mailbox), "Ada Lovelace <ada@freemail.example>", "bounce@sender.example"))
        self.assertEqual((first["in_force"]["rule"], first["in_force"]["reason"]), ("executives", REASON))

    def test_a_maildir_gives_the_same(self):
        maildir = self.folder / "Maildir"
        folders = [maildir / name for name in ("cur", "new", ".Sent/cur", ".Sent/new", "tmp")]
        for folder in folders:
            folder.mkdir(parents=True)
        (maildir / "tmp" / "1.unfinished").write_bytes(self.messages[0][0])
        (maildir / "dovecot-uidlist").write_text("3 V1 N2\n")
        for number, (octets, _, _) in enumerate(self.messages):
            (folders[number % 4] / f"{number}.M1P2.host:2,S").write_bytes(octets)
        told, summary = self.lines("--policy", self.candidate, maildir)
        self.assertEqual(len(told), sum(d["messages"] for d in summary["differences"]))
        self.assert_counts(summary)

    def test_a_tree_of_files_gives_the_same_and_links_are_not_followed(self):
        tree = self.folder / "tree"
        for number, (octets, _, _) in enumerate(self.messages):
            folder = tree / str(number % 7) / str(number % 11)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{number}.eml").write_bytes(octets)
        (tree / "notes.txt").write_text("Notes\n\nFrom the first day on.\n")
        (tree / "again").symlink_to(tree)
        (tree / "inbox.mbox").symlink_to(self.mailbox)
        _, summary = self.lines("--policy", self.candidate, tree)
        self.assert_counts(summary)
        self.assertEqual((summary["passed_over"], summary["not_read"]), (3, 0))

    def test_the_table_tells_it_to_people(self):
        text = self.replay("--policy", self.candidate, self.mailbox).stdout.decode()
        for line in (r"messages: +10000", r"executives +reject -> quarantine +600 +600",
                     r"\(default\) +tag +500 +300", r'rule "retired" +in force', r"reject +quarantine +600",
                     r"no finding +tag +100", r"Ada Lovelace +contoso +tag 200, reject 600 +tag 300, quarantine 600"):
            self.assertRegex(text, line)
        self.assertIn(REASON, text)

    def test_without_a_candidate_the_policy_in_force_is_reported(self):
        text = self.replay(self.mailbox).stdout.decode()
        self.assertNotIn("candidate", text)
        self.assertRegex(text, r"executives +reject +600")
        told, summary = self.lines(self.mailbox)
        self.assertEqual(told, [])
        self.assertNotIn("candidate", summary)


class Trouble(OfflineTestCase):
    """What cannot be read is told and counted, and the rest is judged."""

    def test_absent_paths_end_with_66_before_anything_is_read(self):
        done = self.gateway.replay(self.folder, "/nonexistent/a", "/nonexistent/b")
        self.assertEqual((done.returncode, done.stdout), (66, b""))
        for path in (b"/nonexistent/a", b"/nonexistent/b"):
            self.assertIn(path, done.stderr)

    def test_a_wrong_candidate_ends_with_78_and_is_told_by_line_and_column(self):
        candidate = self.folder / "wrong.yaml"
        candidate.write_text("version: 1\nmode: enforced\n")
        done = self.gateway.replay("--policy", candidate, self.folder)
        self.assertEqual((done.returncode, done.stdout), (78, b""))
        self.assertRegex(done.stderr.decode(), rf"{candidate}:2:\d+: ")

    def test_what_is_no_mail_is_told_and_ends_with_65(self):
        folder = self.folder / "mixed"
        folder.mkdir()
        (folder / "a.eml").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
        (folder / "b.eml").write_bytes(b"From: Ada Lovelace <ada@freemail.example>\n\n")
        (folder / "c.eml").write_bytes(b"")
        done = self.gateway.replay("--json", folder)
        self.assertEqual(done.returncode, 65, done)
        summary = json.loads(done.stdout)
        self.assertEqual((summary["messages"], summary["in_force"]["finding"], summary["not_read"]), (1, 1, 2))
        for name in (b"a.eml: ", b"c.eml: "):
            self.assertIn(name, done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
