# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Is it really them: SPF, DKIM and DMARC of real mail, by a real name server and a real signer."""
import contextlib
import dataclasses
import os
import pathlib
import re
import signal
import sys
import threading
import time
import unittest

from support.dns import DnsServer, txt
from support.mail import STRANGER, compose, fields_of, result_of, without_trace
from support.signing import ed25519_key, rsa_key, signed
from support.site import SiteTestCase, on_sendmail_too
from support.waiting import free_port, wait_until

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "bench"))
from make_from_lines import KNOWN_PEOPLE, from_lines  # noqa: E402 pylint: disable=wrong-import-position
from make_people import people  # noqa: E402 pylint: disable=wrong-import-position

PROVIDER = "198.51.100.25"  # sends for the domains below, as their SPF says
PARTNER_RELAY = "203.0.113.9"
RSA = rsa_key()
ED25519 = ed25519_key()
NOBODYS = rsa_key()
PEOPLES_DOMAIN = "contoso.com"
RECORD = "v=DMARC1; p=reject"
POLICY = "version: 1\nmode: enforce\n"


def domain(name, spf=f"v=spf1 ip4:{PROVIDER} -all", dmarc=RECORD):
    """The records of a domain that signs by selectors `rsa` and `ed`. The gateway remembers answers, so
    each test that counts questions has a domain of its own."""
    lines = [txt(f"rsa._domainkey.{name}", RSA.record), txt(f"ed._domainkey.{name}", ED25519.record),
             f"{name}. A 192.0.2.1"]
    lines += [txt(name, spf)] if spf else []
    return lines + ([txt(f"_dmarc.{name}", dmarc)] if dmarc else [])


# Mary's own addresses are at these domains.
OWN = ["spf", "dkim", "forged", "forwarded", "results", "relay", "slow", "deaf", "killed", "drained", "body"]
UNPUBLISHED = ["open", "openforged", "always"]


def own(name):
    return f"{name}.example"


ZONE = [line for name in OWN for line in domain(own(name))]
ZONE += [line for name in UNPUBLISHED for line in domain(own(name), dmarc=None)]
ZONE += [line for name in ("docusign.net", "list.example", "partner.example", PEOPLES_DOMAIN) for line in domain(name)]
ZONE += domain("include.example", spf="v=spf1 exists:library.include.example -all")
ZONE += ["library.include.example. A 127.0.0.2"]
MARY = "Mary Somerville,mary@contoso.com,{},Executives".format(
    ";".join(f"mary@{own(name)}" for name in (*OWN, *UNPUBLISHED, "include")))


def from_mary(name, *more_fields):
    return compose(f"Mary Somerville <mary@{own(name)}>", *more_fields)


def failed(address):
    return f"Protected Name Mary Somerville failed authentication as {address}"


class AuthenticationTestCase(SiteTestCase):
    """A site whose gateway asks a name server of its own."""

    policy = POLICY
    more_people = (MARY,)
    more_settings = ""

    @classmethod
    def setUpClass(cls):
        cls.dns = cls.enterClassContext(DnsServer(*ZONE))
        cls.gateway_settings = f'dns: {{servers: ["{cls.dns.address}"]}}\n{cls.more_settings}'
        super().setUpClass()

    def send(self, message, sender="news@freemail.example", address=STRANGER):
        """The deciding reply to a message in a session of its own."""
        with self.site.client(address) as client:
            return client.send(message, "reception@contoso.com", sender=sender)

    def pass_through(self, message, sender="news@freemail.example", address=STRANGER):
        """The octets of a message that must be accepted, as delivered."""
        reply = self.send(message, sender, address)
        self.assertEqual(reply.code, 250, reply.text)
        return self.site.delivered(message)

    def assert_believed(self, message, results, **sending):
        """Delivered as it was, but for one field of ours with these results."""
        octets = self.pass_through(message, **sending)
        self.assertEqual(fields_of(octets, "X-Fromguard-Result"), [])
        self.assertEqual(self.results_of(octets), results)
        self.assertTrue(without_trace(octets).endswith(message.octets), octets)

    def assert_found(self, message, finding, reason, **sending):
        octets = self.pass_through(message, **sending)
        self.assertEqual(result_of(octets)["finding"], finding)
        self.assertEqual(fields_of(octets, "X-Fromguard-Reason"), [reason])
        return octets

    def results_of(self, octets):
        """The results that the gateway has written on top, without those of others."""
        own_fields = [body for body in fields_of(octets, "Authentication-Results")
                      if body.startswith("relay.example;")]
        self.assertEqual(len(own_fields), 1, own_fields)
        return re.sub(r"\s+", " ", own_fields[0]).removeprefix("relay.example; ")


def dmarc(result, name):
    published = " policy.published=reject" if result in ("pass", "fail") else ""
    return f"dmarc={result} header.from={name}{published}"


@on_sendmail_too
class Signatures(AuthenticationTestCase):
    """What DKIM proves, with all that an MTA does to fields on their way to a milter."""

    def sign(self, message, key=RSA, **how):
        return signed(message, "dkim.example", key, selector="rsa" if key.algorithm == RSA.algorithm else "ed",
                      **how)

    def assert_forged(self, message):
        self.assert_found(message, "spoofed_address", failed("mary@dkim.example"))

    def test_each_algorithm_and_canonicalization_proves_the_sender(self):
        for key, selector in ((RSA, "rsa"), (ED25519, "ed")):
            for canonicalize in ("simple/simple", "relaxed/relaxed", "simple/relaxed", "relaxed/simple"):
                with self.subTest(selector=selector, canonicalize=canonicalize):
                    message = self.sign(from_mary("dkim"), key, canonicalize=canonicalize)
                    self.assert_believed(message, f"dkim=pass header.d=dkim.example header.s={selector}; "
                                                  + dmarc("pass", "dkim.example"))

    def test_odd_white_space_survives_simple_canonicalization(self):
        plain = from_mary("dkim")
        octets = plain.octets.replace(b"Subject: Quarterly", b"Subject:  Quarterly\r\n\t and  folded")
        octets = octets.replace(b"To: reception", b"To:reception").replace(b"\n.a line", b"\n \r\n\r\n.a line")
        message = self.sign(dataclasses.replace(plain, octets=octets), canonicalize="simple/simple")
        self.assert_believed(message, "dkim=pass header.d=dkim.example header.s=rsa; "
                             + dmarc("pass", "dkim.example"))

    def test_one_good_signature_among_several_is_enough(self):
        message = signed(from_mary("dkim"), "dkim.example", NOBODYS, selector="rsa")
        message = signed(self.sign(message), "list.example", RSA, selector="rsa")
        octets = self.pass_through(message)
        self.assertEqual(fields_of(octets, "X-Fromguard-Result"), [])
        self.assertIn("dkim=pass header.d=dkim.example header.s=rsa", self.results_of(octets))

    def test_what_proves_nothing(self):
        good = from_mary("dkim")
        forgeries = {
            "no signature": good,
            "of another key": self.sign_as_nobody(good),
            "of another domain": signed(good, "list.example", RSA, selector="rsa"),
            "expired": self.sign(good, lifetime=3600),
            "of a part of the body": self.append(self.sign(good, length=True), b"Pay this bill.\r\n"),
            "another body": self.replace(self.sign(good), b"call me", b"pay me"),
            "another subject": self.replace(self.sign(good), b"Quarterly", b"Overdue"),
        }
        for what, forgery in forgeries.items():
            with self.subTest(what=what):
                token = f"<{what.replace(' ', '-')}@freemail.example>".encode()
                self.assert_forged(self.with_token(forgery, token))

    @staticmethod
    def sign_as_nobody(message):
        return signed(message, "dkim.example", NOBODYS, selector="rsa")

    @staticmethod
    def replace(message, before, after):
        return dataclasses.replace(message, octets=message.octets.replace(before, after))

    @staticmethod
    def append(message, octets):
        return dataclasses.replace(message, octets=message.octets + octets)

    @staticmethod
    def with_token(message, token):
        """The same under a mark by which it is found again; the field is not signed."""
        return dataclasses.replace(message, octets=b"X-Token: " + token + b"\r\n" + message.octets, token=token)


class OversizeHeader(AuthenticationTestCase):
    """More header than is kept, which Sendmail would refuse itself."""

    more_settings = "limits: {header_bytes: 64KiB}\n"

    def test_a_signature_over_it_proves_nothing(self):
        padding = [f"X-Padding-{i}: {'x' * 900}" for i in range(80)]
        message = signed(from_mary("dkim", *padding), "dkim.example", RSA, selector="rsa")
        octets = self.assert_found(message, "spoofed_address", failed("mary@dkim.example"))
        self.assertEqual(self.results_of(octets), dmarc("fail", "dkim.example"))
        self.assertEqual(self.site.gateway.metric("fromguard_limits_total", what="header_bytes"), 1)


class Senders(AuthenticationTestCase):
    """Who is believed and who is not, under `require: published`."""

    policy = POLICY + """\
exceptions:
  - name: partner
    person: mary@contoso.com
    from: ["*@partner.example"]
    owner: it@contoso.com
    reason: writes in her name
"""

    def test_spf_alone_proves_the_sender(self):
        self.assert_believed(from_mary("spf"), "spf=pass smtp.mailfrom=mary@spf.example; " + dmarc("pass", "spf.example"),
                             sender="mary@spf.example", address=PROVIDER)

    def test_an_exact_address_is_forged(self):
        octets = self.assert_found(from_mary("forged"), "spoofed_address", failed("mary@forged.example"),
                                   sender="mary@forged.example")
        self.assertEqual(self.results_of(octets),
                         "spf=fail smtp.mailfrom=mary@forged.example; " + dmarc("fail", "forged.example"))

    def test_a_domain_without_a_record_is_believed_and_asked_nothing_more(self):
        self.assert_believed(from_mary("open"), dmarc("none", "open.example"), sender="mary@open.example")
        self.assertEqual(self.dns.questions("open.example"), [("_dmarc.open.example", "TXT")])

    def test_a_forwarder_does_not_break_the_proof(self):
        message = signed(from_mary("forwarded"), "forwarded.example", RSA, selector="rsa")
        self.assert_believed(message, "spf=fail smtp.mailfrom=mary@forwarded.example; "
                             "dkim=pass header.d=forwarded.example header.s=rsa; "
                             + dmarc("pass", "forwarded.example"), sender="mary@forwarded.example")

    def through_list(self, reply_to="mary@contoso.com"):
        return compose("'Mary Somerville' via Finance <finance@list.example>",
                       "List-Id: Finance <finance.list.example>", f"Reply-To: {reply_to}")

    def test_a_list_that_passes_her_mail_on_is_believed(self):
        message = signed(self.through_list(), "list.example", RSA, selector="rsa")
        octets = self.pass_through(message, address=PROVIDER, sender="bounces@list.example")
        self.assertEqual(fields_of(octets, "X-Fromguard-Result"), [])
        self.assertIn("dkim=pass header.d=list.example", self.results_of(octets))

    def test_a_list_that_does_not_sign_is_not(self):
        self.assert_found(self.through_list(), "protected_name", "Protected Name Mary Somerville should not "
                          "appear as finance@list.example", address=PROVIDER, sender="bounces@list.example")

    def test_a_list_that_replies_to_a_stranger_is_not(self):
        message = signed(self.through_list("mary@freemail.example"), "list.example", RSA, selector="rsa")
        self.assert_found(message, "protected_name", "Protected Name Mary Somerville should not appear as "
                          "finance@list.example", address=PROVIDER, sender="bounces@list.example")

    def test_a_service_that_writes_in_her_name_is_believed_if_it_is_the_service(self):
        self.assert_believed_if_genuine("Mary Somerville via Docusign", "dse@docusign.net", "bounce@docusign.net")

    def test_an_exception_holds_for_its_genuine_senders_alone(self):
        self.assert_believed_if_genuine("Mary Somerville", "desk@partner.example", "desk@partner.example")

    def assert_believed_if_genuine(self, name, address, sender):
        """No finding from where the sender's SPF says, and one from anywhere else."""
        octets = self.pass_through(compose(f"{name} <{address}>"), address=PROVIDER, sender=sender)
        self.assertEqual(fields_of(octets, "X-Fromguard-Result"), [])
        self.assert_found(compose(f"{name} <{address}>"), "protected_name",
                          f"Protected Name Mary Somerville should not appear as {address}", sender=sender)

    def test_mail_of_nobody_who_is_protected_asks_nothing(self):
        before = len(self.dns.questions())
        octets = self.pass_through(compose("Bob Stone <bob@forged.example>"), sender="bob@forged.example")
        self.assertEqual(fields_of(octets, "Authentication-Results"), [])
        self.assertEqual(len(self.dns.questions()), before)

    def test_a_message_without_a_finding_or_a_check_costs_no_body(self):
        text = b"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcd\r\n" * (4 * 1024 * 16)
        for message, finding, is_read in (
                (compose("Bob Stone <bob@freemail.example>"), None, False),
                (signed(compose("Bob Stone <bob@body.example>"), "body.example", RSA, selector="rsa"), None, False),
                (from_mary("body"), "spoofed_address", True)):
            with self.subTest(token=message.token):
                large = dataclasses.replace(message, octets=message.octets + text)
                self.assertEqual(self.octets_read_for(large, finding) > len(text), is_read)

    def octets_read_for(self, message, finding):
        """What the gateway's process reads, from sockets and files, while a message goes through it."""
        before = self.octets_read()
        octets = self.pass_through(message)
        if finding is not None:
            self.assertEqual(result_of(octets)["finding"], finding)
        return self.octets_read() - before

    def octets_read(self):
        counters = pathlib.Path(f"/proc/{self.site.gateway.pid}/io").read_text()
        return int(re.search(r"^rchar: (\d+)", counters, re.M)[1])


class Explain(AuthenticationTestCase):
    """`explain` works authentication out as the daemon does, and says how."""

    def explain(self, message, *arguments):
        done = self.site.gateway.explain("--rcpt", "reception@contoso.com", *arguments, stdin=message.octets)
        self.assertEqual(done.returncode, 0, done)
        return re.sub(r"(?m)^([a-zA-Z -]+): +", r"\1: ", done.stdout.decode())

    def test_spf_settles_it(self):
        text = self.explain(from_mary("spf"), "--client-ip", PROVIDER, "--mail-from", "mary@spf.example")
        for line in (f"dns: _dmarc.spf.example TXT: {RECORD}\n", f"dns: spf.example TXT: v=spf1 ip4:{PROVIDER} -all\n",
                     "spf: pass: spf.example, of the envelope sender, lets", "dkim: not asked: SPF has settled it\n",
                     "dmarc: pass: ", "authentication: believed\n", "finding: none\n"):
            self.assertIn(line, text)

    def test_a_stored_signature_is_verified_over_the_stored_body(self):
        message = signed(from_mary("dkim"), "dkim.example", ED25519, selector="ed", canonicalize="simple/simple")
        stored = dataclasses.replace(message, octets=message.octets.replace(b"\r\n", b"\n"))
        text = self.explain(stored, "--client-ip", STRANGER, "--mail-from", "news@freemail.example")
        self.assertIn("spf: not asked: freemail.example, of the envelope sender, does not align", text)
        self.assertIn("dkim: pass: the signature of dkim.example by selector ed is right", text)
        self.assertIn("finding: none\n", text)

    def test_a_forgery_is_one_here_too(self):
        text = self.explain(from_mary("forged"), "--client-ip", STRANGER, "--helo", "forged.example")
        self.assertIn(f"spf: fail: forged.example, of HELO, forbids {STRANGER} to send\n", text)
        self.assertIn("dmarc: fail: neither", text)
        self.assertIn(f"reason: {failed('mary@forged.example')}\n", text)

    def test_without_a_client_nothing_is_asked_and_it_says_so(self):
        before = len(self.dns.questions())
        text = self.explain(from_mary("forged"))
        self.assertIn("authentication: not asked: it takes the client's address (--client-ip)", text)
        self.assertEqual(len(self.dns.questions()), before)

    def test_what_hangs_on_nothing_asks_nothing(self):
        before = len(self.dns.questions())
        text = self.explain(compose("Bob Stone <bob@forged.example>"), "--client-ip", STRANGER)
        self.assertNotIn("authentication", text)
        self.assertEqual(len(self.dns.questions()), before)

    def test_a_client_that_is_no_address_is_told(self):
        done = self.site.gateway.explain("--client-ip", "mail.example", stdin=from_mary("forged").octets)
        self.assertEqual(done.returncode, 65, done)
        self.assertIn(b"'mail.example'", done.stderr)


class Never(AuthenticationTestCase):
    """`require: never` asks no proof."""

    policy = POLICY + "authentication: {require: never}\n"

    def test_the_address_alone_decides(self):
        message = from_mary("forged")
        self.assertEqual(without_trace(self.pass_through(message)), message.octets)
        self.assertEqual(self.dns.questions(), [])


class Always(AuthenticationTestCase):
    """`require: always` asks a proof where no DMARC record is published, too."""

    policy = POLICY + "authentication: {require: always}\n"

    def test_a_proof_is_believed(self):
        self.assert_believed(from_mary("always"), "spf=pass smtp.mailfrom=mary@always.example; "
                             + dmarc("none", "always.example"), sender="mary@always.example", address=PROVIDER)

    def test_without_one_the_address_is_forged(self):
        self.assert_found(from_mary("openforged"), "spoofed_address", failed("mary@openforged.example"),
                          sender="mary@openforged.example")


class Findings(AuthenticationTestCase):
    """`findings: always` checks who sends a finding, which stands whoever it is."""

    policy = POLICY + "authentication: {require: never, findings: always}\n"

    def test_a_finding_tells_whether_its_sender_is_proved(self):
        reason = "Protected Name Mary Somerville should not appear as office@partner.example"
        message = compose("Mary Somerville <office@partner.example>")
        proved = self.assert_found(message, "protected_name", reason, sender="office@partner.example", address=PROVIDER)
        self.assertEqual(self.results_of(proved), "spf=pass smtp.mailfrom=office@partner.example; "
                         + dmarc("pass", "partner.example"))
        forged = self.assert_found(compose("Mary Somerville <office@partner.example>"), "protected_name", reason,
                                   sender="office@partner.example")
        self.assertIn(dmarc("fail", "partner.example"), self.results_of(forged))


def claim(server, name="results.example", result="pass"):
    return f"Authentication-Results: {server}; dmarc={result} header.from={name}"


class ResultsOfOthers(AuthenticationTestCase):
    """Whose Authentication-Results are believed, and whose are removed."""

    policy = POLICY + f"""\
authentication:
  trusted_authserv_ids: [mx.partner.example]
  trusted_relays: [{PARTNER_RELAY}/32]
"""
    more_settings = "authserv_id: Relay.example\n"

    def test_a_forged_field_of_ours_is_removed_and_proves_nothing(self):
        message = from_mary("results", claim("relay.example"), claim("RELAY.example"), claim("other.example"))
        octets = self.assert_found(message, "spoofed_address", failed("mary@results.example"))
        self.assertEqual(self.results_of(octets), dmarc("fail", "results.example"))
        self.assertEqual(len(fields_of(octets, "Authentication-Results")), 2)

    def test_it_is_removed_from_mail_that_needs_no_check(self):
        octets = self.pass_through(compose("Bob Stone <bob@results.example>", claim("relay.example"),
                                           claim("other.example")))
        self.assertEqual(fields_of(octets, "Authentication-Results"),
                         ["other.example; dmarc=pass header.from=results.example"])

    def test_a_trusted_relay_is_believed_and_nothing_is_asked(self):
        message = from_mary("relay", claim("mx.partner.example", "relay.example"))
        octets = self.pass_through(message, address=PARTNER_RELAY)
        self.assertEqual(without_trace(octets), message.octets)
        forgery = from_mary("relay", claim("mx.partner.example", "relay.example", "fail"))
        self.assert_found(forgery, "spoofed_address", failed("mary@relay.example"), address=PARTNER_RELAY)
        self.assertEqual(self.dns.questions("relay.example"), [])

    def test_what_a_stranger_says_of_itself_is_not(self):
        message = from_mary("results", claim("mx.partner.example"))
        self.assert_found(message, "spoofed_address", failed("mary@results.example"))


class Unavailable(SiteTestCase):
    """No name server answers."""

    policy = POLICY
    more_people = (MARY,)
    starts_gateway = False

    def test_each_answer_of_the_setting_is_given_and_counted(self):
        self.site.directory.publish()
        settings = f'dns: {{servers: ["127.0.0.1:{free_port()}"], timeout: 1s}}\n'
        for action, code in (("tag", 250), ("tempfail", 451)):
            with self.subTest(action=action):
                self.site.gateway.configure(f"{settings}degraded: {{authentication_unavailable: {action}}}\n")
                self.site.gateway.start()
                message = from_mary("forged")
                self.assertEqual(self.site.send(message).code, code)
                if action == "tag":
                    result = result_of(self.site.delivered(message))
                    self.assertEqual((result["degraded"], result["action"]), ("authentication_unavailable", "tag"))
                self.assertEqual(self.site.gateway.metric("fromguard_degraded_total",
                                                          why="authentication_unavailable"), 1)
                self.site.gateway.stop()


def children_of(pid):
    """The ids of the processes that a process has started, by whichever of its threads."""
    tasks = pathlib.Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


class MailMix(AuthenticationTestCase):
    """What the mail of the benchmark costs. Of the people's own mail, half comes through a forwarder that
    SPF does not know, with a signature; nothing else of it is known to matter."""

    more_people = tuple(f"{name},{address},,Executives" for name, address, _ in people(KNOWN_PEOPLE))

    def test_few_messages_cost_a_question_and_fewer_a_body(self):
        messages = 200
        asked = verified = forwarded = 0
        for line in from_lines(messages):
            message = compose(line)
            address = re.search(r"[^<\s]+@[^>\s]+", line)[0]
            is_forwarded = address.endswith("@" + PEOPLES_DOMAIN) and forwarded == 0
            if address.endswith("@" + PEOPLES_DOMAIN):
                forwarded = 1 - forwarded
            if is_forwarded:
                message = signed(message, PEOPLES_DOMAIN, RSA, selector="rsa")
            octets = self.pass_through(message, sender=address, address=STRANGER if is_forwarded else PROVIDER)
            results = " ".join(fields_of(octets, "Authentication-Results"))
            asked += "dmarc=" in results
            verified += "dkim=" in results
        print(f"of {messages} messages {asked / messages:.1%} ask DNS and {verified / messages:.1%} are kept for "
              f"DKIM; {len(self.dns.questions())} questions are sent", flush=True)
        self.assertEqual((asked, verified), (0.05 * messages, 0.025 * messages))
        self.assertEqual(len(self.dns.questions()), 3)  # DMARC, SPF, a key; then they are remembered


class Troubles(AuthenticationTestCase):
    """Slow name servers, helpers that die, and the end of the gateway in the middle of a check."""

    more_settings = "degraded: {authentication_unavailable: tempfail}\n"

    def setUp(self):
        if not self.site.gateway.running:
            self.site.gateway.start()

    @contextlib.contextmanager
    def sending(self, message, **how):
        """Sends while the block runs; the list gets the reply at its end."""
        replies = []
        thread = threading.Thread(target=lambda: replies.append(self.send(message, **how)))
        thread.start()
        try:
            yield replies
        finally:
            thread.join()

    def test_a_slow_server_delays_its_own_message_alone(self):
        self.dns.slow_down("slow.example", 3)
        with self.sending(from_mary("slow"), sender="mary@slow.example", address=PROVIDER) as replies:
            wait_until(lambda: self.dns.questions("slow.example"), "the first question")
            started = time.monotonic()
            for _ in range(10):
                self.assertEqual(self.site.send(compose("Bob Stone <bob@freemail.example>")).code, 250)
            octets = self.pass_through(from_mary("spf"), sender="mary@spf.example", address=PROVIDER)
            self.assertIn("dmarc=pass", self.results_of(octets))
            self.assertLess(time.monotonic() - started, 3)
            self.assertEqual(replies, [])
        self.assertEqual(replies[0].code, 250)

    def test_a_server_that_never_answers_delays_for_a_bounded_time(self):
        self.dns.ignore("deaf.example")
        started = time.monotonic()
        with contextlib.ExitStack() as all_sent:
            replies = [all_sent.enter_context(self.sending(from_mary("deaf"), sender="mary@deaf.example"))
                       for _ in range(8)]
            wait_until(lambda: self.dns.questions("deaf.example"), "the first question")
            self.assertEqual(self.site.send(compose("Bob Stone <bob@freemail.example>")).code, 250)
            self.assertLess(time.monotonic() - started, 5)
        self.assertEqual([each.code for (each,) in replies], [451] * 8)
        most = 8 + 5 + 2  # seconds: what comes before the body, the body, and the MTA's own
        self.assertLess(time.monotonic() - started, most)

    def test_a_helper_that_dies_is_never_a_pass(self):
        self.dns.ignore("library.include.example")
        with self.sending(from_mary("include"), sender="mary@include.example", address=PROVIDER) as replies:
            wait_until(lambda: self.dns.questions("library.include.example"), "the library to ask")
            (helper,) = wait_until(lambda: children_of(self.site.gateway.pid), "a helper")
            os.kill(helper, signal.SIGKILL)
            self.dns.heed("library.include.example")
        self.assertEqual(replies[0].code, 451)
        wait_until(lambda: self.site.gateway.log_events("helper_failed"), "the helper's end in the log")

        octets = self.pass_through(from_mary("killed"), sender="mary@killed.example", address=PROVIDER)
        self.assertIn("dmarc=pass", self.results_of(octets))

    def test_sigterm_lets_a_check_come_to_its_end(self):
        self.dns.slow_down("_dmarc.drained.example", 2)
        message = from_mary("drained")
        with self.sending(message, sender="mary@drained.example", address=PROVIDER) as replies:
            wait_until(lambda: self.dns.questions("drained.example"), "the first question")
            self.site.gateway.signal(signal.SIGTERM)
            self.assertEqual(self.site.gateway.wait(), 0)
        self.assertEqual(replies[0].code, 250)
        self.assertIn("dmarc=pass", self.results_of(self.site.delivered(message)))


if __name__ == "__main__":
    unittest.main(verbosity=2)
