# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""The command lines of both programs, as a person at a terminal meets them."""
import base64
import json
import pathlib
import subprocess
import unittest

from support.daemons import program, run_program
from support.mail import STRANGER
from support.offline import OfflineTestCase
from support.site import ORGANIZATIONS, REASON, write_people

REJECTING = """\
version: 1
mode: enforce
rules:
  - name: executives
    when: {organizations: [contoso]}
    then: {disposition: malicious, action: reject, code: 550 5.7.1, text: "{reason}"}
"""

FORGED = b"From: Ada Lovelace <ada@freemail.example>\r\nTo: reception@contoso.com\r\n\r\nCall me.\r\n"
GENUINE = FORGED.replace(b"ada@freemail.example", b"ada@contoso.com")


class Usage(unittest.TestCase):
    """Help, version, and wrong usage: exit status 64 and the way to the help."""

    def assert_answers(self, program, *arguments, status=0):
        done = run_program(program, *arguments)
        self.assertEqual(done.returncode, status, done)
        return done

    def test_help_names_the_commands(self):
        for program, commands in (("fromguard-gateway", (b"run", b"check", b"explain", b"replay")),
                                  ("fromguard-directory", (b"run", b"check"))):
            with self.subTest(program=program):
                text = self.assert_answers(program, "--help").stdout
                for command in commands:
                    self.assertIn(command, text)
                self.assertIn(b"--config", self.assert_answers(program, "run", "--help").stdout)

    def test_version_names_program_and_version(self):
        for program in ("fromguard-gateway", "fromguard-directory"):
            with self.subTest(program=program):
                text = self.assert_answers(program, "--version").stdout.decode()
                self.assertRegex(text, rf"\A{program} \d+\.\d+\.\d+")

    def test_completion_offers_what_may_follow(self):
        for line, expected in (("", {"people", "directories", "run", "--help"}), ("people pro", {"protect"}),
                               ("people search --", {"--config", "--json", "--limit", "--directory", "--help"})):
            with self.subTest(line=line):
                words = ["fromguard-directory", *line.split(" ")]
                asked = ('source <("$0" completion); COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
                         '_fromguard_directory; echo "${COMPREPLY[@]}"')
                done = subprocess.run(["bash", "-c", asked, program("fromguard-directory"), *words],
                                      capture_output=True, text=True, check=True)
                self.assertLessEqual(expected, set(done.stdout.split()))

    def test_wrong_usage_ends_with_64(self):
        for program in ("fromguard-gateway", "fromguard-directory"):
            for arguments in ((), ("dance",), ("run",), ("run", "--config"), ("run", "--confg", "x"),
                              ("check", "--config", "a.yaml", "surplus")):
                with self.subTest(program=program, arguments=arguments):
                    done = self.assert_answers(program, *arguments, status=64)
                    self.assertEqual(done.stdout, b"")
                    self.assertTrue(done.stderr.strip())


class Check(OfflineTestCase):
    """`check` says that all is well, in few words, and ends with 0."""

    policy = REJECTING

    def test_good_configurations(self):
        for program, configuration in (("fromguard-gateway", self.gateway.configuration),
                                       ("fromguard-directory", self.directory.configuration)):
            with self.subTest(program=program):
                done = run_program(program, "check", "--config", configuration)
                self.assertEqual(done.returncode, 0, done)
                self.assertNotIn(b"error", done.stderr.lower())

    def test_missing_configuration_is_named(self):
        for program in ("fromguard-gateway", "fromguard-directory"):
            with self.subTest(program=program):
                done = run_program(program, "check", "--config", "/nonexistent/x.yaml")
                self.assertIn(done.returncode, (66, 78))
                self.assertIn(b"/nonexistent/x.yaml", done.stderr)


class Explain(OfflineTestCase):
    """`explain` judges one message without an MTA, with the same words as the header."""

    policy = REJECTING

    def explain(self, *arguments, stdin=FORGED, status=0):
        done = self.gateway.explain("--client-ip", STRANGER, *arguments, stdin=stdin)
        self.assertEqual(done.returncode, status, done)
        return done.stdout.decode()

    def test_text_tells_the_reason_and_the_action(self):
        text = self.explain("--rcpt", "reception@contoso.com", "-")
        for words in (REASON, "exact", "reject", "executives"):
            self.assertIn(words, text)

    def test_text_of_a_genuine_message_tells_that_nothing_was_found(self):
        text = self.explain("--rcpt", "reception@contoso.com", "-", stdin=GENUINE)
        self.assertNotIn("should not appear", text)
        self.assertTrue(text.strip())

    def test_json_holds_the_verdict_alone(self):
        verdict = json.loads(self.explain("--json", "--rcpt", "reception@contoso.com", "-"))
        expected = {"finding": "protected_name", "match": "exact", "field": "from", "reason": REASON,
                    "person": "Ada Lovelace", "address": "ada@freemail.example", "generation": 1,
                    "disposition": "malicious", "action": "reject", "rule": "executives"}
        self.assertLessEqual(expected.items(), verdict.items(), verdict)

    def test_the_message_may_be_a_file(self):
        path = pathlib.Path(self.folder, "message.eml")
        path.write_bytes(FORGED)
        verdict = json.loads(self.explain("--json", path, stdin=b""))
        self.assertEqual(verdict["reason"], REASON)

    def test_the_recipient_decides_who_is_asked(self):
        verdict = json.loads(self.explain("--json", "--rcpt", "ida@wingtip.example", "-"))
        self.assertIsNone(verdict["finding"])

    def test_a_missing_message_ends_with_66(self):
        self.explain("/nonexistent/message.eml", status=66)


class ExplainLines(OfflineTestCase):
    """`explain --jsonl`: one request a line in, one verdict a line out, in the same order."""

    policy = REJECTING

    def ask(self, *requests):
        lines = [r if isinstance(r, bytes) else json.dumps(r).encode() for r in requests]
        done = self.gateway.explain("--jsonl", stdin=b"\n".join([*lines, b""]))
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(len(answers), len(requests), done)
        return done.returncode, answers

    def test_the_encoded_word_of_a_protected_name(self):
        word = base64.b64encode(b"Ada Lovelace").decode()
        status, (answer,) = self.ask({"id": 1, "header": f"From: =?utf-8?B?{word}?= <x@y.example>"})
        self.assertEqual(status, 0)
        self.assertEqual((answer["id"], answer["finding"], answer["match"]), (1, "protected_name", "exact"))
        self.assertEqual(answer["reason"],
                         "Protected Name Ada Lovelace should not appear as x@y.example")

    def test_ids_of_any_kind_come_back_in_order(self):
        ids = [7, "seven", None, {"a": [1]}, 1.5, True]
        header = "From: Ada Lovelace <ada@contoso.com>\r\nReply-To: a@b.example"
        _, answers = self.ask(*({"id": i, "header": header, "rcpt": ["reception@contoso.com"]} for i in ids))
        self.assertEqual([a["id"] for a in answers], ids)
        self.assertEqual([a["finding"] for a in answers], [None] * len(ids))

    def test_header_b64_may_hold_any_octet(self):
        header = base64.b64encode(b"From: Ada Lovelace\xff\x00 <ada@freemail.example>").decode()
        status, (answer,) = self.ask({"id": 1, "header_b64": header})
        self.assertEqual((status, answer["id"]), (0, 1))

    def test_rcpt_chooses_the_organization(self):
        header = "From: Ada Lovelace <ada@freemail.example>"
        _, answers = self.ask({"id": 1, "header": header, "rcpt": ["ida@wingtip.example"]},
                              {"id": 2, "header": header, "rcpt": ["reception@contoso.com"]})
        self.assertEqual([a["finding"] for a in answers], [None, "protected_name"])

    def test_broken_lines_get_an_error_each_and_the_others_their_verdict(self):
        good = {"id": "good", "header": "From: Ada Lovelace <ada@freemail.example>"}
        broken = [b"{", b"[]", b"null", b"{\"id\": 2}", b"{\"id\": 3, \"header\": 5}",
                  b"{\"id\": 4, \"header_b64\": \"***\"}", b"\xff\xfe", b"{\"id\": 5}" + b"[" * 100_000]
        status, answers = self.ask(good, *broken, good)
        self.assertEqual(status, 65)
        self.assertEqual(answers[0], answers[-1])
        self.assertEqual(answers[0]["reason"], REASON)
        for answer in answers[1:-1]:
            self.assertTrue(answer["error"])

    def test_ten_thousand_lines_keep_their_order(self):
        requests = [{"id": i, "header": f"From: Ada Lovelace <ada{i}@freemail.example>"}
                    for i in range(10_000)]
        _, answers = self.ask(*requests)
        self.assertEqual([a["id"] for a in answers], list(range(10_000)))


class DirectoryDaemon(OfflineTestCase):
    """`fromguard-directory run` reads its files on schedule and publishes what has changed."""

    def setUp(self):
        text = ORGANIZATIONS.replace("every: 5m", "every: 1s")
        self.directory.configure(text)
        self.directory.spawn()
        self.addCleanup(self.directory.stop)

    def finding(self, name):
        header = f"From: {name} <x@freemail.example>\r\n\r\n".encode()
        return json.loads(self.gateway.explain("--json", "-", stdin=header).stdout)["finding"]

    def test_a_changed_file_is_published_and_a_bad_one_is_not(self):
        name = "Mary Somerville"
        write_people(self.directory, f"{name},mary@contoso.com,,Executives")
        self.directory.wait_until(lambda: self.finding(name), "the newcomer to be protected")
        self.directory.write_csv("contoso.csv", "No Address,,,")
        self.directory.wait_until(lambda: "contoso.csv:2" in self.directory.log(), "the bad row in the log")
        self.assertEqual(self.finding(name), "protected_name")
        write_people(self.directory)
        self.directory.wait_until(lambda: not self.finding(name), "the newcomer to be gone")
        self.assertEqual(self.directory.stop(), 0)

    def test_a_second_one_on_the_same_state_ends_with_75(self):
        self.directory.wait_until(self.directory.has_started, "the state to be in use")
        self.assertEqual(self.directory.run_once().returncode, 75)
        self.assertEqual(self.directory.stop(), 0)
        self.directory.publish()


if __name__ == "__main__":
    unittest.main(verbosity=2)
