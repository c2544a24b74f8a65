#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Connectors and rules of a simulated Exchange Online, by the commands of the running daemon and a real name server."""
import json
import stat
import subprocess
import unittest

from support.daemons import run_program
from support.dns import DnsServer, txt
from support.node_tools import TOOLS, install_tools
from support.office365 import Office365TestCase, organization
from support.yaml_files import read_yaml

DOMAIN = "contoso.example"
GATEWAY = """\
gateway_addresses: [192.0.2.10, 198.51.100.0/28]
gateway_hostname: gw.example.net
relay_export: {directory: relay}
"""
ELSEWHERE = (f"{DOMAIN}. 1 MX 10 mail.elsewhere.test.", "mail.elsewhere.test. A 203.0.113.1")
OURS = (f"{DOMAIN}. 1 MX 10 gw.example.net.",)
NAMES = {"fromguard Inbound Connector", "fromguard Outbound Connector", "Bypass Spam Filtering for fromguard"}


class Connectors(Office365TestCase):
    def setUp(self):
        super().setUp()
        self.microsoft.control("application", exchange_roles=["Exchange.ManageAsApp"])

    def start(self, *lines, exchange=""):
        """The daemon with this public DNS; the tenant is read and its domain enabled."""
        self.dns = self.enterContext(DnsServer(*lines))
        self.directory.name_server = self.dns.address
        text = organization(self.microsoft, sync="first: automatic, every: 1h", protect="groups: [Executives]",
                            extra=exchange)
        text = text.replace("        sync:", "        features: [sync, provision]\n        sync:")
        self.directory.configure(text)
        self.directory.configuration.write_text(GATEWAY + self.directory.configuration.read_text())
        self.directory.spawn()
        self.addCleanup(self.directory.stop)
        self.directory.wait_until(self.is_imported, "the import")
        self.directory.ask("domains", "enable", DOMAIN)

    def is_imported(self):
        return self.directory.has_started() and DOMAIN in {
            each["domain"] for each in self.directory.ask("domains", "list")["domains"]}

    def plan(self):
        return self.directory.ask("connectors", "plan")

    def actions(self):
        return {each["name"]: each["action"] for each in self.plan()["objects"]}

    def apply(self):
        return self.directory.ask("connectors", "apply", "--yes", "--wait")

    def ours(self, name):
        return next(each["properties"] for each in self.microsoft.exchange_objects()
                    if each["properties"]["Name"] == name)

    def refused(self, *command):
        """What a command that must be refused writes to standard error."""
        done = self.directory.command("connectors", *command)
        self.assertNotEqual(done.returncode, 0, done.stdout)
        return done.stderr.decode()

    def test_an_empty_tenant_is_planned_applied_and_proven(self):
        self.start(*ELSEWHERE)
        plan = self.plan()
        self.assertEqual({each["name"]: each["action"] for each in plan["objects"]}, dict.fromkeys(NAMES, "create"))
        self.assertEqual(self.plan()["id"], plan["id"])
        self.assertEqual(self.microsoft.exchange_objects(), [])
        self.assertEqual(self.directory.ask("connectors", "apply", "--plan", plan["id"], "--yes", "--wait")["state"],
                         "done")
        self.assertEqual(self.actions(), dict.fromkeys(NAMES, "leave"))
        self.assertTrue(self.plan()["fulfilled"])
        self.assertFalse(self.ours("fromguard Outbound Connector")["Enabled"])
        self.assertFalse(self.ours("fromguard Inbound Connector")["Enabled"])
        self.assertEqual(self.directory.command("connectors", "verify").returncode, 0)
        shown = self.directory.command("connectors", "plan").stdout.decode()
        self.assertIn("nothing to do", shown)
        self.assertIn("connectors.apply", {each["action"] for each in self.directory.ask("audit")["audit"]})

    def test_a_plan_that_no_longer_fits_is_refused(self):
        self.start(*ELSEWHERE)
        plan = self.plan()["id"]
        self.microsoft.seed_exchange("rule", Name="Bypass Spam Filtering for fromguard", SetSCL=-1)
        self.assertIn("has changed", self.refused("apply", "--plan", plan, "--yes", "--wait"))
        self.assertIn("rename or remove it", self.refused("apply", "--yes", "--wait"))
        self.assertEqual(self.actions()["Bypass Spam Filtering for fromguard"], "conflict")
        self.assertEqual(len(self.microsoft.exchange_objects()), 1)

    def test_without_a_yes_nothing_is_done(self):
        self.start(*ELSEWHERE)
        self.assertEqual(self.directory.command("connectors", "apply").returncode, 77)
        self.assertEqual(self.microsoft.exchange_objects(), [])

    def test_the_lock_waits_for_the_mx(self):
        self.start(*ELSEWHERE)
        self.assertIn("apply a plan", self.refused("lock", "--yes"))
        self.apply()
        self.assertIn(f"the MX of {DOMAIN} is mail.elsewhere.test", self.refused("lock", "--yes"))
        self.assertIn("the MX of", self.refused("enable-inbound", "--yes"))
        self.assertFalse(self.ours("fromguard Inbound Connector")["RestrictDomainsToIPAddresses"])
        self.directory.stop()
        self.start(*OURS)
        self.directory.wait_until(lambda: self.directory.command("connectors", "lock", "--yes").returncode == 0,
                                  "the former MX to be forgotten")
        inbound = self.ours("fromguard Inbound Connector")
        self.assertTrue(inbound["RestrictDomainsToIPAddresses"] and inbound["Enabled"])
        self.assertEqual(self.directory.command("connectors", "verify").returncode, 0)
        self.directory.ask("connectors", "unlock", "--yes")
        self.assertFalse(self.ours("fromguard Inbound Connector")["RestrictDomainsToIPAddresses"])

    def test_outbound_waits_for_spf(self):
        self.start(*ELSEWHERE, txt(DOMAIN, "v=spf1 ip4:192.0.2.10 -all"))
        self.apply()
        words = self.refused("enable-outbound", "--yes")
        self.assertIn("198.51.100.", words)
        self.assertNotIn("SPF of contoso.example does not pass for 192.0.2.10 ", words)
        self.assertFalse(self.ours("fromguard Outbound Connector")["Enabled"])
        self.directory.stop()
        self.start(*ELSEWHERE, txt(DOMAIN, "v=spf1 ip4:192.0.2.10 ip4:198.51.100.0/28 -all"))
        self.directory.ask("connectors", "enable-outbound", "--yes")
        self.assertTrue(self.ours("fromguard Outbound Connector")["Enabled"])
        rule = self.ours("Mark Outbound Mail for fromguard")
        tenants = self.directory.configuration.parent / "relay" / "outbound_tenants.yaml"
        self.assertEqual(stat.S_IMODE(tenants.stat().st_mode), 0o640)
        self.assertEqual(read_yaml(tenants.read_text())["tenants"], [
            {"organization": "contoso", "tenant": self.microsoft.tenant, "header": rule["SetHeaderName"],
             "secrets": [rule["SetHeaderValue"]]}])
        self.gateway.configure(f"outbound: {{daemon_name: outbound, tenants: {tenants}}}\n")
        checked = run_program("fromguard-gateway", "check", "--config", self.gateway.configuration)
        self.assertEqual((checked.returncode, checked.stderr.decode()), (0, ""))
        secret = rule["SetHeaderValue"]
        self.assertGreater(len(secret), 30)
        for command in (("plan",), ("script",), ("list",), ("verify",)):
            self.assertNotIn(secret.encode(), self.directory.command("connectors", *command, "--json").stdout)
        self.assertNotIn(secret, self.directory.log())

    def test_removal_restores_the_start(self):
        theirs = self.microsoft.seed_exchange("inbound", Name="Fax", ConnectorType="Partner", SenderDomains=["*"])
        self.start(*OURS, txt(DOMAIN, "v=spf1 ip4:192.0.2.10 ip4:198.51.100.0/28 -all"))
        self.apply()
        self.directory.wait_until(lambda: self.directory.command("connectors", "lock", "--yes").returncode == 0,
                                  "the former MX to be forgotten")
        self.directory.ask("connectors", "enable-outbound", "--yes")
        self.assertEqual(len(self.microsoft.exchange_objects()), 5)
        self.directory.ask("connectors", "remove", "--yes")
        self.assertEqual([(each["guid"], each["untouched"]) for each in self.microsoft.exchange_objects()],
                         [(theirs, True)])
        self.assertFalse(self.directory.ask("connectors", "list")["connectors"][0]["applied"])

    def test_a_drift_is_told_once_and_forgotten_when_mended(self):
        self.start(*ELSEWHERE)
        self.apply()
        connector = next(each for each in self.microsoft.exchange_objects() if each["kind"] == "outbound")
        self.microsoft.seed_exchange("outbound", Guid=connector["guid"], Name=connector["properties"]["Name"],
                                     Enabled=True)
        self.assertEqual(self.directory.command("connectors", "verify").returncode, 65)
        drift = [each for each in self.directory.ask("notifications")["notifications"]
                 if each["what"] == "connector_drift"]
        self.assertEqual(len(drift), 1)
        self.assertIn("'fromguard Outbound Connector' differs in Enabled", drift[0]["text"])
        self.apply()
        self.assertEqual(self.directory.command("connectors", "verify").returncode, 0)
        self.assertTrue(all(each["resolved"] for each in self.directory.ask("notifications")["notifications"]
                            if each["what"] == "connector_drift"))

    def test_an_effect_without_an_answer_is_not_repeated(self):
        self.start(*ELSEWHERE)
        for cmdlet in ("New-InboundConnector", "New-TransportRule", "New-OutboundConnector"):
            self.microsoft.control("faults", kind="applied_then_error", path="/adminapi", cmdlet=cmdlet, status=504)
        self.apply()
        names = [each["properties"]["Name"] for each in self.microsoft.exchange_objects()]
        self.assertEqual(sorted(names), sorted(NAMES))
        self.assertEqual(self.microsoft.cmdlets().count("New-InboundConnector"), 1)

    def test_a_missing_role_is_named(self):
        self.start(*ELSEWHERE)
        self.microsoft.set_exchange_roles(management_roles=["View-Only Configuration"])
        words = self.directory.command("connectors", "preflight")
        self.assertEqual(words.returncode, 77)
        self.assertIn(b"no role of the application allows New-InboundConnector", words.stdout)
        self.assertIn("Exchange Administrator", self.refused("apply", "--yes", "--wait"))
        self.microsoft.set_exchange_roles(management_roles=["View-Only Configuration", "Transport Rules",
                                                            "Remote and Accepted Domains"])
        self.assertEqual(self.directory.command("connectors", "preflight").returncode, 0)

    def test_the_script_is_powershell(self):
        self.start(*ELSEWHERE, txt(DOMAIN, "v=spf1 ip4:192.0.2.10 ip4:198.51.100.0/28 -all"))
        self.apply()
        self.directory.ask("connectors", "enable-outbound", "--yes")
        install_tools()
        script = self.directory.command("connectors", "script").stdout
        self.assertIn(b"param(", script)
        for text, status in ((script, 0), (script[:-3], 1)):
            parsed = subprocess.run(["node", TOOLS / "parse_powershell.mjs"], input=text, capture_output=True,
                                    check=False)
            self.assertEqual(parsed.returncode, status, parsed.stdout + parsed.stderr)

    def test_the_script_carries_the_objects_of_the_plan(self):
        self.start(*ELSEWHERE)
        script = self.directory.command("connectors", "script").stdout.decode()
        for each in self.plan()["objects"]:
            self.assertIn(f"'{each['name']}'", script)
            for name in each["properties"]:
                value = each["properties"][name]
                if value not in ("", [], None):
                    self.assertIn(f"{name} = ", script)
        self.assertEqual(json.loads(self.directory.command("connectors", "script", "--json").stdout)["script"], script)


if __name__ == "__main__":
    unittest.main()
