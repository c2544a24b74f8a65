#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""A person's "was this right?" on its whole way: a finding on real mail, marked, exported, and judged again by the
evaluation under a policy that heeds it and one that does not."""
import json
import pathlib
import subprocess
import unittest

from support.mail import compose
from support.site import SiteTestCase, forged
from support.waiting import wait_until

MARKS = pathlib.Path(__file__).resolve().parents[1] / "evaluation" / "marks"
POLICY = """\
version: 1
mode: enforce
authentication: {require: never}
rules:
  - {name: all, then: {disposition: spoof, action: tag}}
"""
EXCEPTION = """\
exceptions:
  - {name: "her other address", person: ada@contoso.com, from: [ada.l@other.example], authenticated: false, owner: Ada, reason: "it is her"}
"""


class Marks(SiteTestCase):
    policy = POLICY
    starts_gateway = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        kept = cls.site.folder / "detections"
        cls.directory = cls.site.directory
        cls.directory.configuration.write_text(f"detections: {kept}\n{cls.directory.configuration.read_text()}")
        cls.site.gateway.configure(f"detections: {kept}\n")
        cls.directory.publish()
        cls.site.gateway.start()
        cls.directory.spawn()
        cls.addClassCleanup(cls.directory.stop)
        cls.directory.wait_until(cls.directory.has_started, "the directory daemon to serve")

    def detection_of(self, message):
        self.site.pass_through(message)
        token = message.token.decode()
        found = wait_until(lambda: self.directory.ask("detections", "list", "--text", token)["detections"], token)
        return found[0]["id"]

    def evaluate(self, rows):
        done = subprocess.run([MARKS, "--config", self.site.gateway.configuration, "--json", "-"], input=rows,
                              capture_output=True, check=False)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return done.returncode, json.loads(done.stdout)

    def mark(self, *arguments):
        done = self.directory.command("detections", "mark", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_the_whole_way(self):
        right = self.detection_of(forged())
        wrong = self.detection_of(compose("Ada Lovelace <ada.l@other.example>"))
        other = self.detection_of(compose("=?utf-8?q?Ada_Lovelace?= <ada@x.example>", "Reply-To: ada@y.example"))
        self.mark(right, "right")
        self.mark(wrong, "wrong", "--note", "her other address")
        self.mark(other, "right")
        self.assertEqual(self.directory.ask("detections", "show", wrong)["mark"]["note"], "her other address")
        self.assertIn(b"wrong by", self.directory.command("detections", "show", wrong).stdout)
        marks = self.directory.ask("detections", "marks", "--verdict", "wrong")["detections"]
        self.assertEqual([each["id"] for each in marks], [wrong])
        self.assertIn(b"her other address", self.directory.command("detections", "marks").stdout)
        exported = self.directory.command("detections", "marks", "--export")
        self.assertEqual(exported.returncode, 0, exported.stderr)
        self.assertEqual(len(exported.stdout.splitlines()), 3)

        status, figures = self.evaluate(exported.stdout)
        self.assertEqual((status, figures["cut"]), (0, 0), figures)
        self.assertEqual((figures["right"]["rows"], figures["right"]["as_expected"]), (2, 2), figures)
        self.assertEqual([each["id"] for each in figures["wrong"]["not"]], [wrong])

        self.site.put_policy_in_force(POLICY + EXCEPTION)
        status, figures = self.evaluate(exported.stdout)
        self.assertEqual((status, figures["wrong"]["as_expected"]), (0, 1), figures)
        self.site.put_policy_in_force("version: 1\nmode: enforce\nauthentication: {require: never}\nrules:\n"
                                      "  - {name: none, then: {disposition: none, action: accept}}\n")
        status, figures = self.evaluate(exported.stdout)
        self.assertEqual((status, len(figures["right"]["not"])), (1, 2), figures)

        self.assertEqual(self.directory.command("detections", "unmark", other).returncode, 0)
        self.assertEqual(len(self.directory.ask("detections", "marks")["detections"]), 2)
        self.assertEqual(self.directory.command("detections", "mark", "0" * 26, "right").returncode, 66)
        self.assertEqual(self.directory.command("detections", "mark", right, "perhaps").returncode, 65)
        actions = [each["action"] for each in self.directory.ask("audit")["audit"]]
        self.assertEqual(actions[:4], ["detection.unmark", "detection.mark", "detection.mark", "detection.mark"])


if __name__ == "__main__":
    unittest.main()
