# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Every row of the ambiguity corpus as raw octets through a real MTA: refused, marked or passed as the row expects,
given what the MTA makes of it. What is delivered bears a verdict; "no From, so accept" never."""
import collections
import itertools
import pathlib
import re
import sys
import unittest

from support.dns import DnsServer, txt
from support.mail import Message, Reply, fields_of, result_of
from support.site import SiteTestCase, on_sendmail_too

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "evaluation"))
from data_rows import ELSEWHERE, MUST_BE_FOUND, octets_of, read_lines  # noqa: E402 pylint: disable=wrong-import-position

# The domain that mail for the two is relayed for is theirs too; nobody sends from it.
PEOPLE = """\
  - name: legit
    domains: [legit.example, contoso.com]
    directories:
      - {name: People, type: csv, path: "{folder}/legit.csv", sync: {every: 5m}}
    protect: {groups: [Executives]}
"""
RECORDS = [txt("_dmarc.legit.example", "v=DMARC1; p=reject"), txt("legit.example", "v=spf1 -all"),
           "legit.example. A 192.0.2.1"]
FINDINGS = ("protected_name", "ambiguous_from", "spoofed_address")
REFUSE = "  - name: {0}\n    when: {{findings: [{0}]}}\n    then: {{action: reject, code: 550 5.7.1, text: '{0}: {{reason}}'}}\n"
POLICY = "".join(["version: 1\nmode: enforce\nstamp: all\nauthentication: {require: REQUIRE}\nrules:\n",
                  *(REFUSE.format(finding) for finding in FINDINGS),
                  "  - name: malformed_from\n    when: {findings: [malformed_from]}\n    then: {action: tag}\n"])
BY_ADDRESS = POLICY.replace("REQUIRE", "never")
BY_AUTHENTICATION = POLICY.replace("REQUIRE", "published")

# Rows that the MTA does not take, by the begin of its reply.
NOT_TAKEN = {
    "postfix": {},
    "sendmail": {
        "fold-bare-cr": "421 4.5.0 Bare carriage return",
        "fold-lf-second-header": "421 4.5.0 Bare linefeed",
        **dict.fromkeys(("size-200k-padding", "size-many-mailboxes", "size-late-from", "size-second-from-late"),
                        "552 5.6.0 Headers too large"),
        **dict.fromkeys(("env-paren-domain", "env-quote", "env-nodomain", "env-long"), "553 5."),
    },
}
# Rows of which the MTA delivers something that can be read in one way only, and its author.
MADE_PLAIN = {
    "postfix": {
        "name-ctl": b"any@attack.example",  # The header ends before the odd name.
        "name-no-colon": b"admin@legit.example",  # The odd line is renamed to X-Mailbox-Line.
    },
    "sendmail": {
        "from-two-first-empty": b"admin@legit.example",  # The empty field is dropped.
        "name-no-colon": b"admin@legit.example",  # The odd line is dropped.
        "addr-nul-domain": b"admin@legit.example.attack.example",  # The NUL is dropped.
    },
}
# Rows of which the MTA hands over no From at all, though their octets have something like one.
WITHOUT_FROM = {"name-leading-space", "name-leading-tab", "name-trailing-space-only", "name-folded", "name-folded-resent-from"}
# Where there is no From, Sendmail writes one, and so may who comes behind the relay: with the Full-Name and the envelope's
# sender. Not of the corpus.
UNWRITTEN = [
    {"id": "full name", "raw_headers": "Full-Name: Boss\r\n", "expect": "protected_name"},
    {"id": "full name beside an empty From", "raw_headers": "From:\r\nFull-Name: =?utf-8?q?Boss?=\r\n", "expect": "protected_name"},
    {"id": "full name behind a stray line", "raw_headers": "From : <admin@legit.example>\r\nfull-name: Boss\r\n",
     "expect": "protected_name"},
    {"id": "full name before a blank", "raw_headers": "Subject: t\r\nFull-Name : Boss\r\n", "expect": "protected_name"},
    {"id": "full name before the fold", "raw_headers": "Full-Name:\r\n\tBoss\r\n", "expect": "protected_name"},
    {"id": "envelope", "raw_headers": "Subject: t\r\n", "envelope": "<admin@legit.example>", "expect": "spoofed_address"},
    {"id": "stranger", "raw_headers": "Subject: t\r\n", "expect": "malformed_from"},
    {"id": "full name beside a From", "raw_headers": "From: any@attack.example\r\nFull-Name: Boss\r\n", "expect": "none"},
    {"id": "bounce", "raw_headers": "Subject: t\r\n", "envelope": "<>", "expect": "malformed_from"},
]
# The row has another program's name for the field by which it tells its verdict.
OUR_FIELD = ("X-Impersonation-Verdict", "X-Fromguard-Result")


def message_of(row, number):
    token = f"row-{number}.of-the-corpus".encode()
    return Message(octets_of(row["raw_headers"].replace(*OUR_FIELD)) + b"\r\n" + token + b"\r\n", token)


def send(site, row, message):
    """In a session of its own: Postfix is slow for who was refused often, and Sendmail hangs up on some rows."""
    with site.client() as client:
        return client.send(message, "reception@contoso.com", sender=row.get("envelope", "<any@attack.example>")[1:-1])


class Outcome:
    """What became of a row."""

    def __init__(self, site, row, message, reply: Reply):
        self.row = row
        self.reply = f"{reply.code} {reply.text}"
        self.delivered = site.delivered(message) if reply.code == 250 else None
        refusal = re.match(rf"550 5\.7\.1 ({'|'.join(FINDINGS)}): ", self.reply)
        if refusal:
            self.finding = refusal[1]
        else:
            self.finding = result_of(self.delivered)["finding"] if self.delivered else "not taken"

    @property
    def from_lines(self):
        """What a reader who stops at the first empty line takes for From fields in the text as delivered."""
        header = self.delivered.partition(b"\r\n\r\n")[0]
        return [line for line in header.split(b"\r\n") if re.match(rb"\s*from\W", line, re.IGNORECASE)]


def expected_findings(row):
    """By the address alone."""
    if row["expect"] == "impersonation" or row["id"] in MUST_BE_FOUND:
        return {"protected_name", "ambiguous_from"}
    if row["expect"] == "ambiguous":
        return {"protected_name", "ambiguous_from", "malformed_from"}
    if row["expect"] in ("ok", "strip"):
        return {"none"}
    return {"protected_name", "ambiguous_from", "malformed_from", "none"}  # `flag`: see authentication


@on_sendmail_too
class Corpus(SiteTestCase):
    """Sent once, judged by the address alone; and once more what has no finding then, of a domain whose record asks for
    authentication."""

    policy = BY_ADDRESS
    starts_gateway = False

    @classmethod
    def setUpClass(cls):
        dns = cls.enterClassContext(DnsServer(*RECORDS))
        super().setUpClass()
        cls.mta = cls.site.mta.name
        cls.site.gateway.configure(f'dns: {{servers: ["{dns.address}"], timeout: 2s}}\n')
        cls.site.directory.configure(PEOPLE)
        cls.site.directory.write_csv("legit.csv", "Admin,admin@legit.example,,Executives", "Boss,boss@legit.example,,Executives")
        cls.site.directory.publish()
        cls.site.gateway.start()
        cls.numbers, cls.accepted = itertools.count(), []
        cls.outcomes = cls.send(read_lines("ambiguity.jsonl"))

    @classmethod
    def send(cls, rows):
        """The Outcomes of these rows, by their names."""
        messages = [(row, message_of(row, next(cls.numbers))) for row in rows]
        replies = [send(cls.site, row, message) for row, message in messages]
        outcomes = [Outcome(cls.site, row, message, reply) for (row, message), reply in zip(messages, replies)]
        cls.accepted += [outcome.delivered for outcome in outcomes if outcome.delivered]
        return {outcome.row["id"]: outcome for outcome in outcomes}

    def put_authentication_in_force(self):
        """For the rest of the test."""
        self.site.put_policy_in_force(BY_AUTHENTICATION)
        self.addCleanup(self.site.put_policy_in_force, BY_ADDRESS)

    def test_each_row_gets_what_it_expects(self):
        for name, outcome in self.outcomes.items():
            with self.subTest(row=name, reply=outcome.reply):
                if name in NOT_TAKEN[self.mta]:
                    self.assertTrue(outcome.reply.startswith(NOT_TAKEN[self.mta][name]))
                elif name in MADE_PLAIN[self.mta]:
                    self.assertEqual(outcome.from_lines, [b"From: <%s>" % MADE_PLAIN[self.mta][name]])
                else:
                    self.assertIn(outcome.finding, expected_findings(outcome.row))
        findings = collections.Counter(outcome.finding for outcome in self.outcomes.values())
        print(f"{len(self.outcomes)} rows through {self.mta}, by finding: {dict(findings)}", flush=True)

    def test_no_from_is_never_accepted_for_that(self):
        without = {name for name, outcome in self.outcomes.items() if outcome.delivered
                   and any(reason.endswith("no_field") for reason in fields_of(outcome.delivered, "X-Fromguard-Reason"))}
        self.assertEqual(without, WITHOUT_FROM)
        for name, outcome in self.outcomes.items():
            if outcome.delivered and not outcome.from_lines:
                self.assertIn(name, without)

    def test_what_is_delivered_has_been_judged(self):
        deliveries = [each.octets for each in self.site.sink.find(b"")]
        self.assertCountEqual(deliveries, self.accepted)
        for octets in deliveries:
            self.assertTrue(octets.startswith(b"X-Fromguard-Result: finding="), octets[:200])
            self.assertEqual(octets.count(b"X-Fromguard-Result:"), 1, octets[:2000])
            self.assertNotIn("degraded", result_of(octets))

    def test_what_is_shown_is_what_was_judged(self):
        """Judged anew as it was delivered, no message has a finding that it was not refused for."""
        delivered = [outcome for outcome in self.outcomes.values() if outcome.delivered]
        findings = self.site.gateway.findings_in([outcome.delivered for outcome in delivered])
        for outcome, finding in zip(delivered, findings):
            self.assertNotIn(finding, FINDINGS, outcome.row["id"])

    def test_authentication_decides_what_the_address_does_not(self):
        rows = [outcome.row for name, outcome in self.outcomes.items() if outcome.finding == "none"
                and name not in ELSEWHERE and (outcome.row["expect"] == "flag" or name in MADE_PLAIN[self.mta])]
        self.put_authentication_in_force()
        outcomes = self.send(rows)
        for name, outcome in outcomes.items():
            with self.subTest(row=name, reply=outcome.reply):
                is_theirs = MADE_PLAIN[self.mta].get(name, b"admin@legit.example") == b"admin@legit.example"
                self.assertEqual(outcome.finding, "spoofed_address" if is_theirs else "none")
        print(f"{len(outcomes)} more by authentication", flush=True)

    def test_an_author_that_others_write_in_is_judged(self):
        self.put_authentication_in_force()
        outcomes = self.send(UNWRITTEN)
        self.assertEqual({name: outcome.finding for name, outcome in outcomes.items()},
                         {row["id"]: row["expect"] for row in UNWRITTEN})
        for name, outcome in outcomes.items():
            if outcome.delivered:
                self.assertNotIn(b"Boss", b"".join(outcome.from_lines), name)


if __name__ == "__main__":
    unittest.main(verbosity=2)
