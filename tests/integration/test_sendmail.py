# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""The gateway behind a real Sendmail, in what Sendmail does in its own way."""
import unittest

from support.mail import compose, result_of, without_trace
from support.sendmail import Sendmail
from support.site import REASON, SiteTestCase, forged, genuine
from support.waiting import wait_until

POLICY = """\
version: 1
mode: enforce
authentication: {require: never}
rules:
  - name: hold
    when: {organizations: [contoso], from: ["*@held.example"]}
    then: {disposition: spoof, action: quarantine}
  - name: stamp
    when: {organizations: [contoso], from: ["*@tagged.example"]}
    then: {disposition: spoof, action: tag, headers: {X-Spam-Flag: "YES"}}
  - name: refuse
    then: {disposition: malicious, action: reject, code: 550 5.7.1, text: "Not here: {reason}"}
"""


class OnSendmail(SiteTestCase):
    """A relay with the gateway as its only milter."""

    make_mta = Sendmail
    policy = POLICY

    def setUp(self):
        if not self.site.gateway.running:
            self.site.gateway.start()

    def test_a_genuine_message_passes_unchanged(self):
        message = genuine()
        self.assertEqual(without_trace(self.site.pass_through(message)), message.octets)

    def test_odd_from_fields_reach_the_gateway_as_they_are(self):
        for from_field in ('"Lovelace, Ada" <ada@tagged.example>', "ada@tagged.example (Ada Lovelace)",
                           "=?utf-8?B?QWRhIExvdmVsYWNl?= <ada@tagged.example>"):
            with self.subTest(from_field=from_field):
                octets = self.site.pass_through(compose(from_field))
                self.assertEqual(result_of(octets)["finding"], "protected_name")

    def test_a_forged_name_is_refused_with_the_policys_text(self):
        message = forged()
        reply = self.site.send(message)
        self.assertEqual((reply.code, reply.text), (550, f"5.7.1 Not here: {REASON}"))
        self.assertEqual(self.site.sink.find(message.token), [])

    def test_mailq_shows_a_quarantined_message_and_why(self):
        message = compose("Ada Lovelace <ada@held.example>")
        self.assertEqual(self.site.send(message).code, 250)
        wait_until(self.site.mta.held, "the message in quarantine")
        (queue_id,) = self.site.mta.held()
        reason = self.site.mta.hold_reason(queue_id)
        self.assertEqual(reason, "Protected Name Ada Lovelace should not appear as ada@held.example")
        shown = 60  # octets of a reason
        self.assertRegex(self.site.mta.mailq("-qQ"), rf"{queue_id}\b.*\n +QUARANTINE: {reason[:shown]}\n")
        self.assertIn(message.token.decode(), self.site.mta.message(queue_id))
        self.assertNotIn(queue_id, self.site.mta.mailq())
        self.site.pass_through(genuine())
        self.assertEqual(self.site.sink.find(message.token), [])

    def test_while_the_gateway_is_down_mail_comes_later(self):
        self.site.gateway.kill()
        message = genuine()
        self.assertEqual(self.site.send(message).code, 451)
        self.site.gateway.start()
        self.site.pass_through(message)


if __name__ == "__main__":
    unittest.main(verbosity=2)
