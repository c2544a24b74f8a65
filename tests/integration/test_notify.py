#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Notifications and detections on their way to a webhook over HTTPS and to admins by mail, from the real daemons
through a real MTA: signed, in order, again until they are taken, over restarts."""
import datetime
import email
import email.policy
import json
import pathlib
import re
import time
import unittest
import urllib.request

import jsonschema
from support.receiver import Receiver
from support.site import ADA, SiteTestCase, forged
from support.waiting import free_port, wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ADMIN = "postmaster@nobodys.example"
SETTINGS = """\
detections: {kept}
metrics: 127.0.0.1:{metrics}
notify:
  webhooks:
    - name: soc
      url: {url}
      ca: {ca}
      secret: webhook.secret
      events: [notification, detection]
  mail:
    - name: admins
      smtp: 127.0.0.1:{smtp}
      from: fromguard@gw.example.net
      to: [{admin}]
      digest: daily
      at: "{at}"
"""


def schema():
    return json.loads((ROOT / "conf" / "webhook.schema.json").read_text())


def documented_verify():
    """The function that WEBHOOK.md shows."""
    text = (ROOT / "directory" / "notify" / "WEBHOOK.md").read_text()
    names = {}
    exec(re.search(r"```python\n(.*?)```", text, re.DOTALL)[1], names)
    return names["verify"]


class Notify(SiteTestCase):
    """Both daemons run; what is notified of is a CSV file that is bad at another line each time."""

    policy = "version: 1\nmode: enforce\nauthentication: {require: never}\nrules:\n" \
             "  - {name: all, then: {disposition: spoof, action: tag}}\n"
    starts_gateway = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.directory = cls.site.directory
        cls.receiver = Receiver(cls.site.folder)
        cls.addClassCleanup(cls.receiver.close)
        secret = cls.directory.folder / "webhook.secret"
        secret.write_text(SECRET + "\n")
        secret.chmod(0o600)
        cls.metrics_port = free_port()
        cls.due = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=2)
        kept = cls.site.folder / "detections"
        cls.directory.configuration.write_text(SETTINGS.format(
            kept=kept, metrics=cls.metrics_port, url=cls.receiver.url, ca=cls.receiver.certificate,
            smtp=cls.site.mta.port, admin=ADMIN, at=cls.due.strftime("%H:%M")) + cls.directory.configuration.read_text())
        cls.site.gateway.configure(f"detections: {kept}\n")
        cls.directory.publish()
        cls.site.gateway.start()
        cls.rows = 0
        cls.start_directory()
        cls.addClassCleanup(cls.directory.stop)

    @classmethod
    def start_directory(cls):
        cls.directory.spawn()
        cls.directory.wait_until(cls.directory.has_started, "the directory daemon to serve")

    def setUp(self):
        self.receiver.refuse_all(False)
        self.begin = len(self.receiver.received("notification"))

    def fail_once(self):
        """Makes a notification that there was not before."""
        type(self).rows += 1
        before = self.newest()
        good = [f"Somebody {i},s{i}@contoso.com,,Staff" for i in range(self.rows)]
        self.directory.write_csv("contoso.csv", ADA, *good, "No Address,nothing,,")
        self.directory.command("directories", "sync", "contoso/People", "--wait")
        return wait_until(lambda: (now := self.newest()) > before and now, "a notification")

    def newest(self):
        listed = self.directory.ask("notifications")["notifications"]
        return max([each["number"] for each in listed if each["what"] != "sink_failing"], default=0)

    def numbers(self, deliveries):
        return [each.json["data"]["number"] for each in deliveries]

    def taken(self):
        return [each for each in self.receiver.received("notification")[self.begin:] if each.status == 204]

    def sink_of(self, name):
        return next(each for each in self.directory.ask("notifications", "sinks")["sinks"] if each["name"] == name)

    def test_what_is_refused_twice_arrives_once_and_can_be_verified(self):
        self.receiver.refuse(503, 500)
        number = self.fail_once()
        wait_until(lambda: number in self.numbers(self.taken()), "the notification to be taken")
        attempts = [each for each in self.receiver.received("notification") if each.json["data"]["number"] == number]
        self.assertEqual([each.status for each in attempts], [503, 500, 204])
        self.assertEqual(len({each.id for each in attempts}), 1)
        verify = documented_verify()
        for each in attempts:
            self.assertTrue(verify(SECRET, each.headers, each.body))
            self.assertFalse(verify(SECRET, each.headers, each.body + b" "))
            self.assertFalse(verify("whsec_" + "A" * 32, each.headers, each.body))
            jsonschema.Draft7Validator(schema()).validate(each.json)
        told = attempts[0].json["data"]
        self.assertEqual((told["organization"], told["directory"], told["resolved"]), ("contoso", "People", False))

    def test_nothing_is_lost_or_reordered_over_a_restart(self):
        self.receiver.refuse_all(True)
        numbers = [self.fail_once(), self.fail_once()]
        wait_until(lambda: len(self.receiver.received("notification")) > self.begin, "an attempt")
        self.assertEqual(self.sink_of("soc")["waiting"], 2)
        self.directory.stop()
        refused = self.receiver.received("notification")[-1]
        self.receiver.refuse_all(False)
        self.start_directory()
        numbers.append(self.fail_once())
        wait_until(lambda: self.numbers(self.taken())[-1:] == numbers[-1:], "the last notification")
        self.assertEqual(self.numbers(self.taken()), list(range(numbers[0], numbers[-1] + 1)))
        self.assertEqual(self.taken()[0].id, refused.id)
        self.assertEqual(self.sink_of("soc")["skipped"], 0)

    def test_a_detection_arrives_as_the_gateway_wrote_it(self):
        message = forged()
        self.site.pass_through(message)
        token = message.token.decode()
        delivery = wait_until(lambda: [each for each in self.receiver.taken("detections") if token in str(each.json)],
                              "the detection")[0]
        jsonschema.Draft7Validator(schema()).validate(delivery.json)
        (record,) = [each for each in delivery.json["data"]["detections"] if each["message_id"] == token]
        shown = self.directory.ask("detections", "show", record["id"])
        self.assertIsNone(shown.pop("mark"))
        self.assertEqual(record, shown)

    def test_detections_of_a_burst_come_once_each_in_their_order(self):
        messages = [forged() for _ in range(30)]
        tokens = [message.token.decode() for message in messages]
        with self.site.client() as client:
            for message in messages:
                client.send(message, "reception@contoso.com")

        def arrived():
            taken = self.receiver.taken("detections")
            return [each["message_id"] for delivery in taken for each in delivery.json["data"]["detections"]
                    if each["message_id"] in tokens]

        wait_until(lambda: len(arrived()) >= len(tokens), "every detection")
        self.assertEqual(arrived(), tokens)

    def test_a_test_says_what_came_back(self):
        done = self.directory.command("notifications", "test")
        self.assertEqual(done.returncode, 0, done.stderr)
        jsonschema.Draft7Validator(schema()).validate(self.receiver.received("test")[-1].json)
        self.mails("[fromguard] A test")
        self.receiver.refuse(410)
        done = self.directory.command("notifications", "test", "soc")
        self.assertEqual(done.returncode, 69, done)
        self.assertIn(b"410", done.stdout)
        self.assertEqual(self.directory.command("notifications", "test", "nobody").returncode, 66)
        self.assertEqual(self.directory.command("notifications", "nonsense").returncode, 64)
        table = self.directory.command("notifications", "sinks").stdout.decode()
        self.assertIn("soc", table)
        self.assertNotIn("hidden", table)

    def mails(self, subject):
        """The mails to the admin whose subject begins so, once there is one."""
        found = wait_until(lambda: [each for each in self.site.sink.find(b"Auto-Submitted") if ADMIN in each.recipients and
                                    self.parsed(each)["Subject"].startswith(subject)], f"a mail {subject}", 200)
        self.assertEqual({each.sender for each in found}, {"fromguard@gw.example.net"})
        return [self.parsed(each) for each in found]

    @staticmethod
    def parsed(delivery):
        return email.message_from_bytes(delivery.octets, policy=email.policy.default)

    def test_notifications_arrive_by_mail(self):
        self.fail_once()
        mail = self.mails("[fromguard] ")[0]
        self.assertEqual(mail["Auto-Submitted"], "auto-generated")
        self.assertEqual(mail["To"], ADMIN)
        self.assertEqual(mail["From"].addresses[0].addr_spec, "fromguard@gw.example.net")
        self.assertRegex(mail["Message-ID"], r"<msg_[0-9a-f]{32}@gw\.example\.net>")
        self.assertIsNotNone(mail["Date"].datetime)
        self.assertEqual(mail.get_content_type(), "text/plain")
        self.assertEqual(mail.defects, [])

    def test_what_happens_within_a_minute_is_one_mail(self):
        begun = time.time()
        numbers = {self.fail_once() for _ in range(3)}
        wait_until(lambda: self.sink_of("admins")["waiting"] == 0, "everything to be mailed", 100)

        def together():
            """Mails of several notifications since then: a mail that the server has taken is not yet delivered."""
            mails = [self.parsed(each) for each in self.site.sink.find(b"Auto-Submitted")]
            return [each for each in mails if each["Date"].datetime.timestamp() >= begun - 1 and
                    "notifications" in each["Subject"]]

        wait_until(lambda: any(each.get_content().count("contoso/People") >= len(numbers) - 1 for each in together()),
                   "one mail of what had to wait")

    def test_the_digest_comes_when_it_is_due(self):
        yesterday = (self.due - datetime.timedelta(days=1)).strftime("%Y-%m-%d")
        mail = self.mails(f"[fromguard] {yesterday}: nothing found")[0]
        self.assertIn("Detections: nothing found.", mail.get_content())
        self.assertIn("contoso/People", mail.get_content())

    def test_deliveries_are_counted(self):
        self.fail_once()
        wait_until(lambda: self.metric('fromguard_notify_deliveries_total{kind="webhook",result="ok",sink="soc"}') > 0,
                   "the delivery in the metrics")
        wait_until(lambda: self.metric('fromguard_notify_waiting{kind="webhook",sink="soc"}') == 0, "nothing to wait")

    def metric(self, sample):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics_port}/metrics", timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        return next((float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(sample + " ")), -1)


if __name__ == "__main__":
    unittest.main()
