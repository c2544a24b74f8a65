# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Each action of a policy, on both MTAs, by what the server behind the relay received or the queue holds."""
import base64
import email.header
import itertools
import signal
import threading
import unittest

from support.mail import compose, fields_of, result_of
from support.site import SiteTestCase, genuine, on_sendmail_too
from support.waiting import wait_until

ACTIONS = {
    "accept": "{action: accept}",
    "tag": '{action: tag, headers: {X-Spam-Flag: "YES"}, subject_prefix: "[Not verified]"}',
    "umlaut": '{action: tag, subject_prefix: "[Pr\u00fcfen]"}',
    "expose": "{action: expose}",
    "hold": "{action: quarantine}",
    "box": "{action: quarantine, to: spoof-quarantine@contoso.com}",
    "redirect": "{action: redirect, to: [security@contoso.com, desk@wingtip.example]}",
    "copy": "{action: copy, to: security@contoso.com}",
    "reject": '{action: reject, code: 554 5.7.9, text: "Not here: {reason}"}',
    "tempfail": "{action: tempfail}",
    "discard": "{action: discard, really: true}",
}
RULES = "".join(f'  - name: {name}\n    when: {{organizations: [contoso], from: ["*@{name}.example"]}}\n    then: {then}\n'
                for name, then in ACTIONS.items())
STRICTER = """\
  - name: of fabrikam
    when: {organizations: [fabrikam], from: ["*@tag.example"]}
    then: {action: redirect, to: security@fabrikam.com}
"""


def from_ada(action, name="Ada Lovelace", *more_fields):
    """A message that the rule of this action is for."""
    return compose(f"{name} <ada@{action}.example>", *more_fields)


def decoded(body):
    """A header's body with its encoded words decoded."""
    return str(email.header.make_header(email.header.decode_header(body)))


def field_names(octets):
    """The names of all fields of a message, in lower case."""
    header = octets.split(b"\r\n\r\n", 1)[0]
    lines = [line for line in header.split(b"\r\n") if not line.startswith((b" ", b"\t"))]
    return [line.split(b":", 1)[0].strip().lower().decode("latin-1") for line in lines]


class ActionTestCase(SiteTestCase):
    policy = f"version: 1\nmode: enforce\nrules:\n{RULES}{STRICTER}"

    def recipients(self, message, count):
        """Who got the message, once `count` recipients have."""
        def got():
            return sorted(r for delivery in self.site.sink.find(message.token) for r in delivery.recipients)
        wait_until(lambda: len(got()) >= count, f"{count} deliveries")
        return got()

    def assert_nobody_gets(self, message):
        """After a later message has come through, the earlier one would have too."""
        self.site.pass_through(genuine())
        self.assertEqual(self.site.sink.find(message.token), [])


@on_sendmail_too
class Actions(ActionTestCase):
    """What each action does to a message."""

    def test_accept_adds_the_stamp_alone(self):
        octets = self.site.pass_through(from_ada("accept"))
        self.assertEqual(result_of(octets)["action"], "accept")
        self.assertEqual(fields_of(octets, "Subject"), ["Quarterly figures"])
        self.assertEqual(fields_of(octets, "X-Spam-Flag"), [])

    def test_tag_adds_headers_and_prefixes_the_subject_which_is_kept(self):
        octets = self.site.pass_through(from_ada("tag"))
        self.assertEqual(fields_of(octets, "X-Spam-Flag"), ["YES"])
        self.assertEqual(fields_of(octets, "Subject"), ["[Not verified] Quarterly figures"])
        self.assertEqual(fields_of(octets, "X-Original-Subject"), ["Quarterly figures"])

    def test_a_prefix_beyond_ascii_is_encoded_and_reads_right(self):
        octets = self.site.pass_through(from_ada("umlaut"))
        (subject,) = fields_of(octets, "Subject")
        self.assertTrue(subject.isascii(), subject)
        self.assertEqual(" ".join(decoded(subject).split()), "[Pr\u00fcfen] Quarterly figures")

    def test_every_subject_is_prefixed(self):
        octets = self.site.pass_through(from_ada("tag", "Ada Lovelace", "Subject: another one"))
        self.assertEqual(fields_of(octets, "Subject"),
                         ["[Not verified] Quarterly figures", "[Not verified] another one"])

    def test_expose_shows_the_address_in_the_name_and_keeps_the_old_field(self):
        octets = self.site.pass_through(from_ada("expose"))
        self.assertEqual(fields_of(octets, "From"), ['"Ada Lovelace (ada@expose.example)" <ada@expose.example>'])
        self.assertEqual(fields_of(octets, "X-Original-From"), ["Ada Lovelace <ada@expose.example>"])

    def test_expose_leaves_one_from_of_several(self):
        octets = self.site.pass_through(from_ada("expose", "Ada Lovelace", "From: Bob <bob@expose.example>"))
        (exposed,) = fields_of(octets, "From")
        self.assertIn("(ada@expose.example)", exposed)
        self.assertIn("(bob@expose.example)", exposed)
        self.assertEqual(sorted(fields_of(octets, "X-Original-From")),
                         ["Ada Lovelace <ada@expose.example>", "Bob <bob@expose.example>"])

    def test_quarantine_holds_the_message_in_the_queue_with_the_reason(self):
        message = from_ada("hold")
        held_before = set(self.site.mta.held())
        self.assertEqual(self.site.send(message).code, 250)
        wait_until(lambda: set(self.site.mta.held()) - held_before, "the message in the queue")
        (queue_id,) = set(self.site.mta.held()) - held_before
        self.assertIn(message.token.decode(), self.site.mta.message(queue_id))
        self.assertEqual(self.site.mta.hold_reason(queue_id),
                         "Protected Name Ada Lovelace should not appear as ada@hold.example")
        self.assert_nobody_gets(message)

    def test_quarantine_to_a_mailbox_keeps_the_recipients_in_a_header(self):
        message = from_ada("box")
        self.assertEqual(self.site.send(message, "reception@contoso.com", "bob@contoso.com").code, 250)
        self.assertEqual(self.recipients(message, 1), ["spoof-quarantine@contoso.com"])
        octets = self.site.delivered(message)
        self.assertEqual(fields_of(octets, "X-Fromguard-Recipients"), ["reception@contoso.com, bob@contoso.com"])
        self.assertEqual(result_of(octets)["action"], "quarantine")

    def test_redirect_replaces_the_recipients(self):
        message = from_ada("redirect")
        self.assertEqual(self.site.send(message, "reception@contoso.com", "bob@contoso.com").code, 250)
        self.assertEqual(self.recipients(message, 2), ["desk@wingtip.example", "security@contoso.com"])
        self.assertEqual(fields_of(self.site.delivered(message), "X-Fromguard-Recipients"),
                         ["reception@contoso.com, bob@contoso.com"])

    def test_copy_adds_a_recipient(self):
        message = from_ada("copy")
        self.assertEqual(self.site.send(message, "reception@contoso.com").code, 250)
        self.assertEqual(self.recipients(message, 2), ["reception@contoso.com", "security@contoso.com"])

    def test_reject_refuses_with_the_rules_code_and_text(self):
        message = from_ada("reject")
        reply = self.site.send(message)
        self.assertEqual((reply.code, reply.text),
                         (554, "5.7.9 Not here: Protected Name Ada Lovelace should not appear as ada@reject.example"))
        self.assert_nobody_gets(message)

    def test_tempfail_asks_to_come_again(self):
        message = from_ada("tempfail")
        reply = self.site.send(message)
        self.assertEqual((reply.code, reply.text[:5]), (451, "4.7.1"))
        self.assert_nobody_gets(message)

    def test_discard_says_yes_and_delivers_nothing(self):
        message = from_ada("discard")
        self.assertEqual(self.site.send(message).code, 250)
        self.assert_nobody_gets(message)
        actions = [event["action"] for event in self.site.gateway.log_events("detection")]
        self.assertIn("discard", actions)

    def test_of_two_organizations_the_stricter_decides_for_all_recipients(self):
        message = from_ada("tag")
        self.assertEqual(self.site.send(message, "reception@contoso.com", "grace@fabrikam.com").code, 250)
        self.assertEqual(self.recipients(message, 1), ["security@fabrikam.com"])
        octets = self.site.delivered(message)
        self.assertEqual(result_of(octets)["rule"], "of fabrikam")
        self.assertEqual(fields_of(octets, "X-Spam-Flag"), [])
        decided = {event["organization"]: event["decides"]
                   for event in self.site.gateway.log_events("detection")[-2:]}
        self.assertEqual(decided, {"contoso": False, "fabrikam": True})


def q_word(text):
    return "=?utf-8?q?" + "".join(f"={octet:02X}" for octet in text.encode()) + "?="


def b_word(octets):
    return f"=?utf-8?b?{base64.b64encode(octets).decode()}?="


# Ada's name with what must not get out of it.
HOSTILE = {
    "CR LF in an encoded word": q_word("Ada Lovelace\r\nX-Injected: yes\r\n\r\nbody"),
    "LF in an encoded word": q_word("Ada Lovelace\nX-Injected: yes"),
    "CR in an encoded word": q_word("Ada Lovelace\rX-Injected: yes"),
    "NUL in an encoded word": q_word("Ada Lovelace\0X-Injected: yes"),
    "octets that are no UTF-8": b_word(b"Ada Lovelace \xff\xfe"),
    "raw octets beyond ASCII": "Ada Lovelace \xff\xfe",
    "right-to-left override": q_word("Ada \u202eLovelace\u202c \u2066\u2069"),
    "quotes and a comma": '"Ada Lovelace \\" <x@y.example>, \\""',
    "a percent sign and braces": '"Ada Lovelace %s %n {reason} {person}"',
    "a very long name": "\r\n ".join(["Ada Lovelace", *itertools.repeat("x" * 60, 60)]),
    "over 998 octets in one word": "Ada Lovelace (" + "y" * 900 + ") ",
}


@on_sendmail_too
class Injection(ActionTestCase):
    """Nothing gets out of a name into a header, a reply or the log."""

    OURS = {"x-fromguard-result", "x-fromguard-reason", "x-spam-flag", "x-original-subject", "x-original-from",
            "x-fromguard-recipients"}

    def assert_only_known_fields(self, octets, message):
        known = set(field_names(message.octets)) | self.OURS | {"received"}
        self.assertLessEqual(set(field_names(octets)), known)
        self.assertNotIn(b"\nX-Injected", octets)
        self.assertNotIn(b"\0", octets)
        ours = [body for name in self.OURS for body in fields_of(octets, name)]
        self.assertTrue(all(body.isascii() for body in ours), ours)
        self.assertLessEqual(max(map(len, octets.split(b"\r\n"))), 998)

    def test_through_headers(self):
        for action in ("tag", "expose", "redirect"):
            for what, name in HOSTILE.items():
                with self.subTest(action=action, what=what):
                    message = from_ada(action, name)
                    octets = self.site.pass_through(message)
                    self.assert_only_known_fields(octets, message)
                    self.assertEqual(result_of(octets)["action"], action)

    def test_through_a_reply(self):
        for what, name in HOSTILE.items():
            with self.subTest(what=what):
                reply = self.site.send(from_ada("reject", name))
                self.assertEqual(reply.code, 554)
                self.assertTrue(reply.text.isascii() and reply.text.isprintable(), reply.text)
                self.assertTrue(reply.text.startswith("5.7.9 Not here: "), reply.text)

    def test_through_the_log(self):
        before = len(self.site.gateway.log_events("detection"))
        for name in HOSTILE.values():
            self.site.pass_through(from_ada("accept", name))
        events = self.site.gateway.log_events("detection")[before:]
        self.assertEqual(len(events), len(HOSTILE))
        for event in events:
            for value in event.values():
                self.assertNotRegex(str(value), r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")

    def test_through_a_subject(self):
        subject = "=?utf-8?q?Hello=0D=0AX-Injected:_yes?=\r\n =?utf-8?q?=00=E2=80=AE?="
        message = compose("Ada Lovelace <ada@tag.example>")
        octets = message.octets.replace(b"Subject: Quarterly figures", f"Subject: {subject}".encode())
        delivered = self.site.pass_through(type(message)(octets, message.token))
        self.assert_only_known_fields(delivered, message)
        (shown,) = fields_of(delivered, "Subject")
        self.assertTrue(shown.startswith("[Not verified] "), shown)


def policy_that_adds(value):
    return (f"version: 1\nmode: enforce\nrules:\n"
            f"  - {{name: r{value}, then: {{action: tag, headers: {{X-One: v{value}, X-Two: v{value}}}}}}}\n")


class ReloadUnderLoad(SiteTestCase):
    """SIGUSR1 a hundred times while messages flow, with good and bad policies in turn."""

    policy = policy_that_adds(0)

    def test_every_message_is_judged_by_one_policy_and_none_is_lost(self):
        stop = threading.Event()
        sent, refused = [], []

        def flow():
            with self.site.client() as client:
                while not stop.is_set():
                    message = from_ada("freemail")
                    reply = client.send(message, "reception@contoso.com")
                    (sent if reply.code == 250 else refused).append(message)

        streams = [threading.Thread(target=flow) for _ in range(2)]
        for stream in streams:
            stream.start()
        gateway = self.site.gateway
        try:
            for number in range(1, 101):
                flown = len(sent)
                refusals = gateway.metric("fromguard_reload_failures_total", what="policy")
                if number % 2:
                    gateway.write_policy(policy_that_adds(number))
                else:
                    gateway.write_policy("version: 1\nmode: enforce\nrules: [{name: x, then: {action: tga}}]\n")
                gateway.signal(signal.SIGUSR1)
                if number % 2:
                    wait_until(lambda n=number: f'rule="r{n}"' in gateway.get("/metrics")[1], "the new policy")
                else:
                    wait_until(lambda n=refusals: gateway.metric("fromguard_reload_failures_total", what="policy") > n,
                               "the bad policy to be refused")
                wait_until(lambda n=flown: len(sent) + len(refused) > n, "a message under it")
        finally:
            stop.set()
            for stream in streams:
                stream.join()
        self.assertEqual(refused, [])
        policies = set()
        for message in sent:
            octets = self.site.delivered(message)
            result = result_of(octets)
            value = "v" + result["rule"].removeprefix("r")
            self.assertEqual([fields_of(octets, "X-One"), fields_of(octets, "X-Two")], [[value], [value]])
            policies.add((result["policy"], value))
        self.assertEqual(len({policy for policy, _ in policies}), len(policies))
        self.assertEqual(gateway.metric("fromguard_degraded_total"), 0)
        self.assertEqual(result_of(self.site.pass_through(from_ada("freemail")))["rule"], "r99")
        print(f"{len(sent)} messages under {len(policies)} policies")


if __name__ == "__main__":
    unittest.main(verbosity=2)
