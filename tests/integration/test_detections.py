#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""A finding on its way from mail to an admin: the gateway's database, read by the directory daemon
while the gateway writes it, behind the API and the commands."""
import json
import select
import shutil
import signal
import stat
import subprocess
import unittest

from support.daemons import program
from support.mail import compose
from support.site import REASON, SiteTestCase, forged
from support.waiting import wait_until

POLICY = """\
version: 1
mode: enforce
authentication: {require: never}
rules:
  - name: fabrikam
    when: {organizations: [fabrikam]}
    then: {disposition: malicious, action: reject, code: 550 5.7.1}
  - name: the rest
    then: {disposition: spoof, action: tag}
"""

HOSTILE = "=?utf-8?q?Ada_Lovelace_=E2=80=AE=1B[31m=0A<script>?= <ada@freemail.example>"


class DetectionsTestCase(SiteTestCase):
    """Both daemons run; `kept` is the gateway's database."""

    policy = POLICY
    starts_gateway = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kept = cls.site.folder / "detections"
        text = cls.site.directory.configuration.read_text()
        cls.site.directory.configuration.write_text(f"detections: {cls.kept}\n{text}")
        cls.site.gateway.configure(f"detections: {cls.kept}\n")
        cls.site.directory.publish()

    @classmethod
    def start_directory(cls):
        cls.site.directory.spawn()
        cls.addClassCleanup(cls.site.directory.stop)
        cls.site.directory.wait_until(cls.site.directory.has_started, "the directory daemon to serve")

    def listed(self, *options):
        return self.site.directory.ask("detections", "list", *options)["detections"]

    def detections_of(self, message, count=1):
        """The records of a message, once the directory daemon knows so many."""
        token = message.token.decode()
        return wait_until(lambda: len(found := self.listed("--text", token)) == count and found,
                          f"{count} detections of {token}")

    def show(self, detection):
        done = self.site.directory.command("detections", "show", detection["id"])
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.decode()


class Followed(DetectionsTestCase):
    """The directory daemon is there before the gateway has ever written."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.start_directory()

    def setUp(self):
        if not self.site.gateway.running:
            self.assertEqual(self.site.directory.ask("detections", "list")["detections"], [])
            self.site.gateway.start()

    def test_a_forged_message_is_a_record(self):
        message = forged()
        self.site.pass_through(message)
        (record,) = self.detections_of(message)
        expected = {"organization": "contoso", "finding": "protected_name", "match": "exact", "field": "from",
                    "person": "Ada Lovelace", "address": "ada@freemail.example", "reason": REASON,
                    "disposition": "spoof", "action": "tag", "rule": "the rest", "mode": "enforce",
                    "decides": True, "client": "198.51.100.7", "mail_from": "billing@freemail.example",
                    "recipients": ["reception@contoso.com"], "recipient_count": 1, "shown": ["Ada Lovelace"],
                    "from": "Ada Lovelace <ada@freemail.example>", "helo": "mail.freemail.example",
                    "message_id": message.token.decode(), "generation": 1, "noted": []}
        self.assertLessEqual(expected.items(), record.items(), record)
        logged = [event for event in self.site.gateway.log_events("detection") if event["id"] == record["id"]]
        self.assertEqual([event["queue_id"] for event in logged], [record["queue_id"]])
        self.assertEqual(self.site.directory.ask("detections", "show", record["id"]), record)
        self.assertIn(REASON, self.show(record))
        table = self.site.directory.command("detections", "list", "--person", "lovelace").stdout.decode()
        self.assertIn(record["id"], table)

    def test_of_each_organization_there_is_a_record_with_its_recipients(self):
        message = forged()
        self.assertEqual(self.site.send(message, "reception@contoso.com", "grace@fabrikam.com").code, 550)
        records = self.detections_of(message, 2)
        seen = {record["organization"]: (record["recipients"], record["decides"]) for record in records}
        self.assertEqual(seen, {"contoso": (["reception@contoso.com"], False),
                                "fabrikam": (["grace@fabrikam.com"], True)})
        self.assertEqual(len(self.listed("--text", message.token.decode(), "--organization", "fabrikam")), 1)

    def test_hostile_names_are_kept_as_they_are_and_shown_harmless(self):
        message = compose(HOSTILE)
        self.site.pass_through(message)
        (record,) = self.detections_of(message)
        self.assertIn("\u202e\x1b[31m\n<script>", record["shown"][0])
        text = self.show(record)
        self.assertIn("\\u{202E}\\u{1B}[31m\\u{A}<script>", text)
        self.assertNotIn("\x1b", text)
        self.assertNotIn("\u202e", text)

    def test_filters_narrow_and_wrong_ones_are_refused(self):
        message = forged()
        self.site.pass_through(message)
        (record,) = self.detections_of(message)
        token = ["--text", message.token.decode()]
        for options, count in ((["--since", "1h"], 1), (["--until", "1h"], 0), (["--since", "2020-01-01"], 1),
                               (["--action", "tag"], 1), (["--action", "reject"], 0), (["--rule", "the rest"], 1),
                               (["--address", "FREEMAIL"], 1), (["--before", record["id"]], 0)):
            with self.subTest(options=options):
                self.assertEqual(len(self.listed(*token, *options)), count)
        for options, status in ((["--since", "yesterday"], 64), (["--before", "1"], 65), (["--limit", "0"], 65)):
            with self.subTest(options=options):
                done = self.site.directory.command("detections", "list", *options)
                self.assertEqual(done.returncode, status, done)
        self.assertEqual(self.site.directory.command("detections", "show", "0" * 26).returncode, 66)

    def watch(self, *options):
        return subprocess.Popen([program("fromguard-directory"), "detections", "watch", "--config",
                                 str(self.site.directory.configuration), *options],
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)

    def watched(self, number, *options):
        """What `watch` says of a message, until a signal of this number ends it."""
        with self.watch(*options) as process:
            try:
                # It shows what comes after its first question: until then messages are sent.
                lines = []
                while not lines:
                    message = forged()
                    self.site.pass_through(message)
                    self.detections_of(message)
                    lines = self.lines_within_a_second(process)
            finally:
                process.send_signal(number)
                rest = process.communicate(timeout=30)[0]
            self.assertEqual(process.returncode, 0)
        return (lines[0] + rest).splitlines()

    @staticmethod
    def lines_within_a_second(process):
        ready, _, _ = select.select([process.stdout], [], [], 2)
        return [process.stdout.readline()] if ready else []

    def test_watch_shows_new_ones_until_it_is_ended(self):
        for line in self.watched(signal.SIGINT):
            self.assertIn(REASON, line)
        for line in self.watched(signal.SIGTERM, "--json", "--match", "exact"):
            self.assertEqual(json.loads(line)["reason"], REASON)

    def test_ids_go_on_ascending_across_a_restart(self):
        messages = []
        for _ in range(3):
            messages.append(forged())
            self.site.pass_through(messages[-1])
            self.detections_of(messages[-1])
            self.assertEqual(self.site.gateway.stop(), 0)
            self.site.gateway.start()
        ids = [self.detections_of(message)[0]["id"] for message in messages]
        self.assertEqual(ids, sorted(ids))
        order = [record["id"] for record in self.listed("--limit", "1000")]
        self.assertEqual(order, sorted(order, reverse=True))

    def test_the_group_may_read_the_files(self):
        self.site.pass_through(forged())
        self.assertEqual(stat.S_IMODE(self.kept.stat().st_mode), 0o750)
        for path in self.kept.glob("*"):
            if path.name != "LOCK":
                self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o640, path)


class Trouble(DetectionsTestCase):
    """Mail is judged whatever becomes of the database."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.start_directory()

    def judged(self):
        message = forged()
        self.assertIn(b"X-Fromguard-Result: finding=protected_name", self.site.pass_through(message))
        return message

    def test_a_folder_that_goes_and_comes(self):
        gateway = self.site.gateway
        # What is no folder can be opened by nobody, not even by root.
        self.kept.write_text("in the way")
        gateway.start()
        waiting = self.judged()
        wait_until(lambda: gateway.metric("fromguard_detections_failures_total") >= 1, "a failure to be counted")
        self.assertEqual(len(gateway.log_events("detections_failed")), 1)
        self.kept.unlink()
        self.detections_of(waiting)
        self.assertEqual(len(gateway.log_events("detections_resumed")), 1)

        shutil.rmtree(self.kept)
        self.detections_of(self.judged())

        shutil.rmtree(self.kept)
        self.kept.write_text("in the way")
        lost = self.judged()
        wait_until(lambda: len(gateway.log_events("detections_failed")) == 2, "a second outage")
        self.assertEqual(gateway.stop(), 0)
        self.kept.unlink()
        gateway.start()
        self.detections_of(self.judged())
        self.assertEqual(self.listed("--text", lost.token.decode()), [])
        self.assertEqual(gateway.metric("fromguard_detections_dropped_total"), 0)

    def test_nobody_reads_them_without_the_key(self):
        configuration = self.site.directory.configuration
        configuration.write_text(configuration.read_text().replace(f"detections: {self.kept}\n", ""))
        self.site.directory.stop()
        self.start_directory()
        for command in ("list", "watch"):
            done = self.site.directory.command("detections", command)
            self.assertEqual(done.returncode, 78)
            self.assertIn(b"directory.yaml", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
