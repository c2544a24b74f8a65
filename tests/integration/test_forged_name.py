# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""A forged name is caught in real mail: CSV, generation, gateway and a real Postfix or Sendmail."""
import email.header
import signal
import threading
import time
import unittest

from support.mail import compose, fields_of, result_of, without_trace
from support.site import REASON, SiteTestCase, forged, genuine, on_sendmail_too
from support.waiting import is_listening, wait_until


def rules(mode, then, when=""):
    """A policy with one rule."""
    condition = f"    when: {when}\n" if when else ""
    return f"version: 1\nmode: {mode}\nrules:\n  - name: executives\n{condition}    then: {then}\n"


REJECT = '{disposition: malicious, action: reject, code: 550 5.7.1, text: "{reason}"}'


@on_sendmail_too
class Monitor(SiteTestCase):
    """`mode: monitor` decides, logs, counts and stamps; it touches nothing else."""

    policy = rules("monitor", "{disposition: malicious, action: quarantine}")

    def test_forged_name_is_delivered_with_the_stamp(self):
        octets = self.site.pass_through(forged())
        self.assertEqual(fields_of(octets, "X-Fromguard-Reason"), [REASON])
        result = result_of(octets)
        self.assertRegex(result.pop("policy"), r"\A[0-9a-f]{8}\Z")
        self.assertEqual(result, {
            "finding": "protected_name", "match": "exact", "field": "from", "person": "Ada Lovelace",
            "address": "ada@freemail.example", "disposition": "malicious", "action": "quarantine",
            "rule": "executives", "generation": "1"})

    def test_the_finding_is_logged_and_counted(self):
        message = forged()
        before = self.site.gateway.metric("fromguard_findings_total", organization="contoso")
        self.site.pass_through(message)
        after = self.site.gateway.metric("fromguard_findings_total", organization="contoso")
        self.assertEqual(after, before + 1)
        reasons = [event["reason"] for event in self.site.gateway.log_events("detection")]
        self.assertIn(REASON, reasons)

    def test_each_disguise_is_found(self):
        disguises = {
            "=?utf-8?B?QWRhIExvdmVsYWNl?= <ada@freemail.example>": "exact",
            '"Lovelace, Ada" <ada@freemail.example>': "reordered",
            "=?utf-8?B?0JBkYSBMb3ZlbGFjZQ==?= <ada@freemail.example>": "lookalike",
        }
        for from_field, match in disguises.items():
            with self.subTest(from_field=from_field):
                octets = self.site.pass_through(compose(from_field))
                self.assertEqual(result_of(octets)["match"], match)
                self.assertEqual(fields_of(octets, "X-Fromguard-Reason"), [REASON])

    def test_a_name_beyond_ascii_is_encoded_in_the_header(self):
        octets = self.site.pass_through(compose("=?utf-8?q?Jos=C3=A9_=C3=81lvarez?= <j@freemail.example>"))
        (body,) = fields_of(octets, "X-Fromguard-Reason")
        self.assertTrue(body.isascii(), body)
        self.assertEqual(str(email.header.make_header(email.header.decode_header(body))),
                         "Protected Name Jos\u00e9 \u00c1lvarez should not appear as j@freemail.example")


@on_sendmail_too
class Untouched(SiteTestCase):
    """What must not change, under the strictest policy."""

    policy = "authentication: {require: never}\n" + rules("enforce", REJECT)

    def assert_untouched(self, message, *recipients, address="198.51.100.7"):
        octets = self.site.pass_through(message, *recipients, address=address)
        self.assertEqual(without_trace(octets), message.octets)

    def test_the_same_person_from_the_primary_address(self):
        self.assert_untouched(genuine())

    def test_the_same_person_from_a_secondary_email(self):
        self.assert_untouched(compose("Ada Lovelace <ada@home.example>"))

    def test_a_person_who_is_not_protected(self):
        self.assert_untouched(compose("Bob Stone <bob@freemail.example>"))

    def test_a_message_for_another_organization(self):
        self.assert_untouched(forged(), "ida@wingtip.example")

    def test_a_message_for_a_domain_of_no_organization(self):
        self.assert_untouched(forged(), "someone@nobodys.example")

    def test_a_message_from_a_trusted_network(self):
        self.assert_untouched(forged(), address="127.0.0.1")

    def test_inbound_fields_of_ours_are_removed(self):
        message = compose("Bob Stone <bob@freemail.example>", "X-Fromguard-Result: finding=none",
                          "X-Other: kept", "x-fromguard-reason: trust me", "X-Fromguard-Result: twice",
                          "X-Fromguard-Invented: by the sender")
        octets = self.site.pass_through(message)
        self.assertNotIn(b"fromguard", octets.lower())
        self.assertEqual(fields_of(octets, "X-Other"), ["kept"])

    def test_one_session_judges_each_message_by_itself(self):
        with self.site.client() as client:
            codes = [client.send(message, "reception@contoso.com").code
                     for message in (genuine(), forged(), genuine(), forged())]
        self.assertEqual(codes, [250, 550, 250, 550])


@on_sendmail_too
class Enforced(SiteTestCase):
    """Each action, chosen by who the message is for."""

    policy = f"""\
version: 1
mode: enforce
rules:
  - name: accounting
    when: {{recipients: ["*@contoso.com"], organizations: [contoso], from: ["*@tagged.example"]}}
    then: {{disposition: suspicious, action: tag, headers: {{X-Spam-Flag: "YES"}}}}
  - name: hold
    when: {{organizations: [contoso], from: ["*@held.example"]}}
    then: {{disposition: spoof, action: quarantine}}
  - name: later
    when: {{organizations: [contoso], from: ["*@later.example"]}}
    then: {{disposition: spoof, action: tempfail}}
  - name: executives
    when: {{organizations: [contoso], groups: [Executives], from: ["*@freemail.example"]}}
    then: {REJECT}
  - name: fabrikam
    when: {{organizations: [fabrikam]}}
    then: {REJECT}
"""

    def forge(self, domain):
        return compose(f"Ada Lovelace <ada@{domain}>")

    def test_tag_adds_the_rules_header(self):
        octets = self.site.pass_through(self.forge("tagged.example"))
        self.assertEqual(fields_of(octets, "X-Spam-Flag"), ["YES"])
        self.assertEqual(result_of(octets)["rule"], "accounting")

    def test_quarantine_holds_the_message_in_the_queue(self):
        message = self.forge("held.example")
        held_before = set(self.site.mta.held())
        self.assertEqual(self.site.send(message).code, 250)
        wait_until(lambda: set(self.site.mta.held()) - held_before, "the message in the hold queue")
        (queue_id,) = set(self.site.mta.held()) - held_before
        self.assertEqual(self.site.mta.hold_reason(queue_id), REASON.replace("freemail", "held"))
        text = self.site.mta.message(queue_id)
        self.assertIn(message.token.decode(), text)
        self.assertIn("X-Fromguard-Result", text)
        self.site.pass_through(genuine())
        self.assertEqual(self.site.sink.find(message.token), [])

    def test_reject_refuses_with_the_code_and_the_reason(self):
        message = self.forge("freemail.example")
        reply = self.site.send(message)
        self.assertEqual((reply.code, reply.text), (550, f"5.7.1 {REASON}"))
        self.assertEqual(self.site.sink.find(message.token), [])

    def test_the_reply_about_a_name_beyond_ascii_is_ascii(self):
        reply = self.site.send(compose("=?utf-8?q?Jos=C3=A9_=C3=81lvarez?= <j@freemail.example>"))
        self.assertEqual(reply.code, 550)
        self.assertTrue(reply.text.isascii(), reply.text)
        self.assertIn("should not appear as j@freemail.example", reply.text)

    def test_tempfail_asks_to_come_again(self):
        reply = self.site.send(self.forge("later.example"))
        self.assertEqual(reply.code, 451)
        self.assertTrue(reply.text.startswith("4."), reply.text)

    def test_of_two_organizations_the_stricter_wins(self):
        message = self.forge("tagged.example")
        reply = self.site.send(message, "reception@contoso.com", "grace@fabrikam.com")
        self.assertEqual((reply.code, reply.text[:5]), (550, "5.7.1"))
        self.assertEqual(self.site.sink.find(message.token), [])
        log = self.site.gateway.log_events("detection")[-1]
        self.assertEqual(log["organization"], "fabrikam")


class Restarts(SiteTestCase):
    """The gateway's death and its orderly end, as Postfix sees them."""

    policy = rules("enforce", REJECT)

    def setUp(self):
        if not self.site.gateway.running:
            self.site.gateway.start()

    def test_killed_gateway_leaves_postfix_to_its_default_action(self):
        self.site.gateway.kill()
        message = genuine()
        self.assertEqual(self.site.send(message).code, 451)
        self.site.gateway.start()
        self.site.pass_through(message)
        self.assertEqual(self.site.send(forged()).code, 550)

    def test_sigterm_lets_a_message_in_flight_finish(self):
        message = forged()
        half = len(message.octets) // 2
        with self.site.client() as client:
            for line in ("MAIL FROM:<a@freemail.example>", "RCPT TO:<reception@contoso.com>", "DATA"):
                self.assertLess(client.command(line).code, 400)
            client.socket.sendall(message.octets[:half])
            self.site.gateway.signal(signal.SIGTERM)
            wait_until(lambda: not is_listening(self.site.gateway.milter_port),
                       "the gateway to accept no more connections")
            client.socket.sendall(message.octets[half:] + b".\r\n")
            reply = client.read_reply()
        self.assertEqual((reply.code, reply.text), (550, f"5.7.1 {REASON}"))
        self.assertEqual(self.site.gateway.wait(), 0)

    def test_sigterm_without_mail_ends_at_once_with_status_0(self):
        self.assertEqual(self.site.gateway.stop(), 0)


class NewGeneration(SiteTestCase):
    """A new generation is used within 2 s while mail flows, and no message is lost or refused."""

    policy = rules("enforce", "{action: tag}")

    def test_it_is_used_within_two_seconds(self):
        stop = threading.Event()
        sent, refused = [], []

        def flow():
            with self.site.client() as client:
                while not stop.is_set():
                    message = genuine()
                    reply = client.send(message, "reception@contoso.com")
                    (sent if reply.code == 250 else refused).append(message)

        streams = [threading.Thread(target=flow) for _ in range(2)]
        for stream in streams:
            stream.start()
        try:
            for number in range(2, 5):
                name = f"Newcomer Number{number}"
                self.site.write_people(f"{name},new{number}@contoso.com,,Executives")
                self.site.directory.publish()
                published = time.monotonic()
                wait_until(lambda: self.site.gateway.metric("fromguard_snapshot_generation") == number,
                           f"generation {number} in use", timeout=2)
                print(f"generation {number} in use after {time.monotonic() - published:.3f} s")
                octets = self.site.pass_through(compose(f"{name} <new@freemail.example>"))
                self.assertEqual(result_of(octets)["generation"], str(number))
        finally:
            stop.set()
            for stream in streams:
                stream.join()
        self.assertEqual(refused, [])
        self.assertGreater(len(sent), 0)
        for message in sent:
            self.site.delivered(message)
        self.assertEqual(self.site.gateway.metric("fromguard_degraded_total"), 0)


class PolicyReload(SiteTestCase):
    """A new policy is taken while running; a bad one leaves the last good one in force."""

    policy = rules("enforce", "{action: tag, headers: {X-Policy: first}}")

    def wait_for_policy(self, name):
        """Waits until a forged message bears the header of the policy `name`."""
        wait_until(lambda: fields_of(self.site.pass_through(forged()), "X-Policy") == [name],
                   f"policy {name} in force")

    def failures(self):
        return self.site.gateway.metric("fromguard_reload_failures_total", what="policy")

    def test_change_of_the_file_and_a_bad_file_and_sigusr1(self):
        gateway = self.site.gateway
        self.wait_for_policy("first")
        gateway.write_policy(rules("enforce", "{action: tag, headers: {X-Policy: second}}"))
        self.wait_for_policy("second")

        gateway.write_policy(rules("enforce", "{action: tga}"))
        wait_until(lambda: self.failures() >= 1, "fromguard_reload_failures_total to rise")
        refusal = str(gateway.log_events("policy_refused")[-1])
        self.assertRegex(refusal, rf"{gateway.policy}:5:\d+: ")
        self.wait_for_policy("second")

        before = self.failures()
        gateway.signal(signal.SIGUSR1)
        wait_until(lambda: self.failures() > before, "SIGUSR1 to read the policy again")
        self.wait_for_policy("second")

        gateway.write_policy(rules("enforce", "{action: tag, headers: {X-Policy: third}}"))
        self.wait_for_policy("third")
        self.assertEqual(gateway.metric("fromguard_degraded_total"), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
