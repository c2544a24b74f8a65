# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""The relay's own guards: outbound mail must be a tenant's, and no mail goes round in circles."""
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from support.daemons import run_program
from support.mail import Message, compose, fields_of, result_of, without_trace
from support.postfix import CONF, PREPENDED
from support.site import SiteTestCase, forged, genuine, on_sendmail_too
from support.waiting import wait_until

CONTOSO = "aaaaaaaa-1111-1111-1111-111111111111"
FABRIKAM = "bbbbbbbb-2222-2222-2222-222222222222"
OLD, NEW, OTHER = "old-secret-of-contoso", "new-secret-of-contoso", "secret-of-fabrikam-alone"
TENANTS = f"""\
tenants:
  - {{organization: contoso, tenant: {CONTOSO}, header: X-Fromguard-Tenant, secrets: [{OLD}, {NEW}]}}
  - {{organization: fabrikam, tenant: {FABRIKAM}, header: X-Fabrikam, secrets: [{OTHER}]}}
"""
TENANT_ID = f"X-MS-Exchange-CrossTenant-Id: {CONTOSO}"
SECRET = f"X-Fromguard-Tenant: {NEW}"
ENFORCE = "version: 1\nmode: enforce\n"
MONITOR = "version: 1\nmode: monitor\n"
PARTNER = "partner@nobodys.example"


def outbound(*more_fields):
    """A message that shows Ada's name over another address, which is nobody's business on its way out."""
    return compose("Ada Lovelace <ada@freemail.example>", *more_fields, to=PARTNER)


class GuardedTestCase(SiteTestCase):
    """A site with `outbound` in gateway.yaml and tenants in its file."""

    policy = ENFORCE
    gateway_settings = "outbound: {daemon_name: outbound, tenants: tenants.yaml}\n"
    tenants = TENANTS

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.tenants:
            cls.write_tenants(cls.tenants)

    @classmethod
    def write_tenants(cls, text):
        """Puts the file in place by rename, readable by its owner alone."""
        draft = cls.site.gateway.configuration.with_name("tenants.new")
        draft.write_text(text)
        draft.chmod(0o600)
        draft.rename(draft.with_name("tenants.yaml"))

    def send_outbound(self, message, **envelope):
        with self.site.mta.outbound_client() as client:
            return client.send(message, PARTNER, **envelope)

    def wait_for_tenants(self, count):
        wait_until(lambda: self.site.gateway.log_events("outbound_tenants_read")[-1:] and
                   self.site.gateway.log_events("outbound_tenants_read")[-1]["tenants"] == count,
                   f"{count} tenants in force")

    def assert_passes(self, message, **envelope):
        """The message passes: its octets as delivered."""
        reply = self.send_outbound(message, **envelope)
        self.assertEqual(reply.code, 250, reply)
        return self.site.delivered(message)

    def assert_answered(self, message, code, text):
        reply = self.send_outbound(message)
        self.assertEqual(reply.code, code, reply)
        self.assertRegex(reply.text, text)
        self.assertNotRegex(reply.text, "secret-of|X-Fromguard")

    def assert_refused(self, message, why):
        self.assert_answered(message, 550, "5.7.1 this relay carries outbound mail of its own")
        refusal = self.site.gateway.log_events("outbound_refused")[-1]
        self.assertEqual((refusal["why"], refusal["action"]), (why, "reject"), refusal)
        self.assertEqual(refusal["message_id"], message.token.decode())


@on_sendmail_too
class Outbound(GuardedTestCase):
    """Only mail that proves its tenant leaves, and leaves without the proof."""

    def setUp(self):
        self.wait_for_tenants(2)

    def test_proved_mail_leaves_without_its_proof_and_with_all_else(self):
        kept = ["X-MS-Exchange-CrossTenant-AuthAs: Internal", "X-MS-Exchange-Inbox-Rules-Loop: a@contoso.com",
                "X-Fabrikams: stays"]
        message = outbound(kept[0], TENANT_ID, kept[1], SECRET, kept[2])
        expected = message.octets
        for field in (TENANT_ID, SECRET):
            expected = expected.replace(f"{field}\r\n".encode(), b"")
        self.assertEqual(without_trace(self.assert_passes(message)), expected)
        self.assertGreaterEqual(self.site.gateway.metric("fromguard_messages_total", verdict="outbound"), 1)

    def test_case_and_folds_do_not_matter_but_in_the_secret(self):
        for fields in ((TENANT_ID.lower(), SECRET.replace("X-Fromguard", "x-FROMGUARD")),
                       (TENANT_ID.replace(CONTOSO, CONTOSO.upper()), SECRET.replace(": ", ":\r\n\t")),
                       (TENANT_ID, SECRET.replace(NEW, OLD)),
                       (TENANT_ID.replace(CONTOSO, FABRIKAM), f"X-Fabrikam: {OTHER}")):
            with self.subTest(fields=fields):
                octets = self.assert_passes(outbound(*fields))
                for name in ("X-MS-Exchange-CrossTenant-Id", "X-Fromguard-Tenant", "X-Fabrikam"):
                    self.assertEqual(fields_of(octets, name), [])

    def test_everything_else_is_refused(self):
        other_tenant = TENANT_ID.replace(CONTOSO, FABRIKAM)
        for why, fields in (
                ("no_tenant", ()),
                ("no_tenant", (SECRET,)),
                ("no_secret", (TENANT_ID,)),
                ("repeated_tenant", (TENANT_ID, TENANT_ID, SECRET)),
                ("repeated_tenant", (TENANT_ID, other_tenant, SECRET)),
                ("repeated_secret", (TENANT_ID, SECRET, SECRET)),
                ("repeated_secret", (TENANT_ID, SECRET, f"X-Fabrikam: {OTHER}")),
                ("unknown_tenant", (TENANT_ID.replace("1", "9"), SECRET)),
                ("wrong_secret", (other_tenant, SECRET)),
                ("wrong_secret", (TENANT_ID, f"X-Fabrikam: {OTHER}")),
                ("wrong_secret", (TENANT_ID, f"X-Fromguard-Tenant: {OTHER}")),
                ("wrong_secret", (TENANT_ID, SECRET.upper())),
                ("wrong_secret", (TENANT_ID, SECRET + "x"))):
            with self.subTest(why=why, fields=fields):
                before = self.site.gateway.metric("fromguard_guard_objections_total", guard="tenant", why=why)
                self.assert_refused(outbound(*fields), why)
                self.assertEqual(self.site.gateway.metric("fromguard_guard_objections_total", guard="tenant",
                                                          why=why, action="reject"), before + 1)
        log = self.site.gateway.log()
        for secret in (OLD, NEW, OTHER):
            self.assertNotIn(secret, log)

    def test_several_messages_of_one_session_are_told_apart(self):
        with self.site.mta.outbound_client() as client:
            codes = [client.send(message, PARTNER).code
                     for message in (outbound(TENANT_ID, SECRET), outbound(), outbound(TENANT_ID, SECRET))]
        self.assertEqual(codes, [250, 550, 250])

    def test_inbound_mail_is_inspected_as_ever(self):
        octets = self.site.pass_through(forged(TENANT_ID, SECRET))
        self.assertEqual(result_of(octets)["finding"], "protected_name")


class OutboundService(GuardedTestCase):
    """The service of Postfix as conf/postfix has it."""

    def setUp(self):
        self.site.put_policy_in_force(ENFORCE)
        self.wait_for_tenants(2)

    def test_only_the_networks_of_the_table_get_in(self):
        with self.site.mta.outbound_client("203.0.113.9") as client:
            reply = client.send(outbound(TENANT_ID, SECRET), PARTNER)
        self.assertEqual(reply.code, 554, reply)

    def test_fields_that_postfix_prepends_change_nothing(self):
        octets = self.assert_passes(outbound(TENANT_ID, SECRET), sender=PREPENDED)
        self.assertEqual(fields_of(octets, "Received-SPF"), ["none"])
        for name in ("X-MS-Exchange-CrossTenant-Id", "X-Fromguard-Tenant"):
            self.assertEqual(fields_of(octets, name), [])

    def test_monitor_mode_is_no_proof(self):
        self.site.put_policy_in_force(MONITOR)
        self.assert_refused(outbound(), "no_tenant")
        self.assert_passes(outbound(TENANT_ID, SECRET))

    def test_check_validates_the_file(self):
        done = run_program("fromguard-gateway", "check", "--config", self.site.gateway.configuration)
        self.assertEqual((done.returncode, done.stderr), (0, b""), done)
        self.assertIn(b"outbound: mail of 2 tenants\n", done.stdout)
        self.site.gateway.configuration.with_name("tenants.yaml").chmod(0o644)
        done = run_program("fromguard-gateway", "check", "--config", self.site.gateway.configuration)
        self.assertEqual(done.returncode, 0, done)
        self.assertIn(b"warning: everybody on this host may read the secrets", done.stderr)
        wait_until(lambda: self.site.gateway.log_events("configuration_warning"), "the daemon to warn of it too")
        self.write_tenants(TENANTS)

    def test_the_settings_for_main_cf_are_known_to_postfix(self):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(CONF / "outbound.main.cf", pathlib.Path(folder) / "main.cf")
            shutil.copy(CONF / "outbound.master.cf", pathlib.Path(folder) / "master.cf")
            done = subprocess.run(["postconf", "-c", folder, "-n"], check=False, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("milter_default_action = tempfail", done.stdout)


class Tenants(GuardedTestCase):
    """The file of tenants comes late, changes and breaks while the gateway runs."""

    tenants = None

    def failures(self):
        return self.site.gateway.metric("fromguard_reload_failures_total", what="outbound_tenants")

    def test_the_file_is_missing_comes_changes_and_breaks(self):
        gateway = self.site.gateway
        proved = outbound(TENANT_ID, SECRET)
        self.assert_answered(proved, 451, r"4\.7\.1 .*no_outbound_tenants")
        self.assertGreaterEqual(gateway.metric("fromguard_degraded_total", why="no_outbound_tenants"), 1)
        self.assertEqual(self.failures(), 1)
        self.site.pass_through(genuine())

        self.write_tenants(TENANTS)
        self.wait_for_tenants(2)
        self.assert_passes(proved)

        self.write_tenants(TENANTS.replace(NEW, "newer-secret-of-contoso"))
        wait_until(lambda: self.send_outbound(outbound(TENANT_ID, SECRET)).code == 550, "the new secret in force")
        self.assert_passes(outbound(TENANT_ID, SECRET.replace(NEW, "newer-secret-of-contoso")))
        self.assert_passes(outbound(TENANT_ID, SECRET.replace(NEW, OLD)))

        self.write_tenants(TENANTS.replace(FABRIKAM, OTHER))
        wait_until(lambda: self.failures() == 2, "the bad file to be refused")
        refusal = gateway.log_events("outbound_tenants_refused")[-1]
        self.assertRegex(refusal["problem"], r"tenants\.yaml:3:\d+: 'tenant' must be the tenant's id")
        self.assert_passes(outbound(TENANT_ID, SECRET.replace(NEW, OLD)))
        self.assertNotIn(OTHER, gateway.log())


@on_sendmail_too
class RoutingLoops(SiteTestCase):
    """Mail that was here before for the same recipient, or too often, is refused."""

    policy = ENFORCE
    gateway_settings = "loop_guard: {relays: [mx2.contoso.com], passes: 3}\n"

    def setUp(self):
        self.site.put_policy_in_force(ENFORCE)

    def again(self, message):
        """The message as it comes back once it was delivered."""
        return Message(self.site.pass_through(message), message.token)

    def loops(self, action):
        return self.site.gateway.metric("fromguard_guard_objections_total", guard="loop", action=action)

    def test_a_message_that_comes_back_is_refused(self):
        before = self.loops("reject")
        returned = self.again(genuine())
        reply = self.site.send(returned)
        self.assertEqual(reply.code, 550, reply)
        self.assertRegex(reply.text, r"\A5\.4\.6 routing loop: .*Authoritative.*OnPremises connector")
        loop = self.site.gateway.log_events("routing_loop")[-1]
        self.assertEqual((loop["why"], loop["seen"], loop["message_id"]),
                         ("same_recipient", "by relay.example for reception@contoso.com", returned.token.decode()))
        self.assertEqual(self.loops("reject"), before + 1)

    def test_to_somebody_else_it_may_come_back_but_not_for_ever(self):
        message = genuine()
        for recipient in ("first@contoso.com", "second@contoso.com", "third@contoso.com"):
            octets = self.site.pass_through(message, recipient)
            message = Message(octets.replace(message.token, (token := genuine().token)), token)
        reply = self.site.send(message, "fourth@contoso.com")
        self.assertEqual((reply.code, reply.text[:19]), (550, "5.4.6 routing loop:"), reply)
        self.assertEqual(self.site.gateway.log_events("routing_loop")[-1]["why"], "too_many_passes")

    def test_other_hosts_and_quotes_of_fields_are_no_loop(self):
        self.site.pass_through(compose(
            "Grace Hopper <grace@navy.example>",
            "Received: from a.example by mail.navy.example (relay.example) for <reception@contoso.com>; date",
            "Received: from relay.example (by relay.example) by b.example for <reception@contoso.com>; date",
            "X-Received: by relay.example for <reception@contoso.com>; date"))

    def test_another_relay_of_ours_is_one(self):
        reply = self.site.send(compose("Grace Hopper <grace@navy.example>",
                                       "Received: by MX2.Contoso.com for <Reception@Contoso.com>; date"))
        self.assertEqual(reply.code, 550, reply)

    def test_trusted_mail_may_come_back(self):
        returned = self.again(genuine())
        self.assertEqual(self.site.send(returned, address="127.0.0.1").code, 250)

    def test_monitor_mode_only_tells(self):
        self.site.put_policy_in_force(MONITOR)
        before = self.loops("none")
        self.assertEqual(self.site.send(self.again(genuine())).code, 250)
        self.assertEqual(self.loops("none"), before + 1)
        self.assertEqual(self.site.gateway.log_events("routing_loop")[-1]["action"], "none")


class OwnReceived(SiteTestCase):
    """Postfix puts a field that it prepends above its own Received field."""

    policy = ENFORCE

    def test_the_field_of_this_very_pass_is_no_loop(self):
        with self.site.client() as client:
            message = genuine()
            self.assertEqual(client.send(message, "reception@contoso.com", sender=PREPENDED).code, 250)
        self.assertEqual(fields_of(self.site.delivered(message), "Received-SPF"), ["none"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
