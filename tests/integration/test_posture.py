#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Posture findings of a simulated tenant, by the commands and the metrics of the running daemon and a real name server."""
import csv
import io
import json
import unittest
import urllib.request

from support.dns import DnsServer, txt
from support.office365 import Office365TestCase, organization
from support.waiting import free_port

ROLES = ("User.Read.All", "Domain.Read.All", "GroupMember.Read.All", "UserAuthenticationMethod.Read.All",
         "MailboxSettings.Read", "Calendars.Read", "Application.Read.All", "Directory.Read.All")
ZONE = (txt("contoso.example", "v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/1 -all"),
        txt("_dmarc.contoso.example", "v=DMARC1; p=reject"),
        txt("fabrikam.example", "v=spf1 -all"), txt("_dmarc.fabrikam.example", "v=DMARC1; p=none"))
BATCH = "graph POST /v1.0/$batch"


class Posture(Office365TestCase):
    def start(self, *lines):
        """The daemon with this public DNS, once the tenant is read."""
        self.microsoft.grant(*ROLES)
        self.dns = self.enterContext(DnsServer(*lines))
        self.directory.name_server = self.dns.address
        self.port = free_port()
        text = organization(self.microsoft).replace("        sync:", "        features: [sync, posture]\n        sync:")
        self.directory.configure(text)
        self.directory.configuration.write_text(
            f'metrics: "127.0.0.1:{self.port}"\n' + self.directory.configuration.read_text())
        self.directory.spawn()
        self.addCleanup(self.directory.stop)
        self.directory.wait_until(self.is_read, "the first sync")

    def is_read(self):
        return self.directory.has_started() and all(
            each["last_success"] for each in self.directory.ask("directories", "list")["directories"])

    def scan(self):
        done = self.directory.command("posture", "scan", "--wait")
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.decode()

    def findings(self, *options):
        """(finding, subject) -> state."""
        return {(each["finding"], each["subject"]["label"]): each["state"]
                for each in self.directory.ask("posture", "findings", *options)}

    def test_findings_are_shown_filtered_and_exported(self):
        self.start(*ZONE)
        self.microsoft.set_mailbox(self.somebody(), message_rules=[
            {"id": "1", "displayName": "=cmd()", "isEnabled": True, "sequence": 1,
             "actions": {"redirectTo": [{"emailAddress": {"name": "Eve", "address": "eve@partner.example"}}]}}])
        self.assertIn("findings are open (1 high, ", self.scan())
        found = self.findings()
        self.assertEqual(found[("microsoft-domain-spf-record-allows-any-ip-address", "contoso.example")], "open")
        self.assertEqual(found[("dmarc-not-enforced", "fabrikam.example")], "open")
        self.assertEqual(found[("domain-not-verified", "pending.example")], "open")
        self.assertEqual(found[("active-message-rule-redirects-externally", self.somebody())], "open")
        self.assertNotIn(("dmarc-not-enforced", "contoso.example"), found)
        high = self.directory.ask("posture", "findings", "--severity", "high")
        self.assertEqual([(each["title"], each["category"]) for each in high],
                         [("Microsoft Domain SPF Record Allows Any IP Address", "Email administrator settings")])
        self.assertEqual(set(high[0]["subject"]), {"type", "id", "label"})
        rows = list(csv.DictReader(io.StringIO(self.directory.command("posture", "export").stdout.decode())))
        self.assertEqual(len(rows), len(found))
        rule = next(row for row in rows if row["finding"] == "active-message-rule-redirects-externally")
        self.assertEqual(rule["evidence"], "rule: =cmd(); to: eve@partner.example")
        self.assertIn("Domain Not Verified", self.directory.command("posture", "findings").stdout.decode())
        refused = self.directory.command("posture", "findings", "--severity", "worst")
        self.assertIn("severity is low, medium or high", refused.stderr.decode())

    def somebody(self):
        """The principal name of a user with a mailbox."""
        return sorted(each["userPrincipalName"] for each in self.microsoft.objects("users")
                      if each.get("userType") == "Member" and each["presence"] == "present" and each.get("mail"))[0]

    def looks(self):
        """How many questions about users came in batches."""
        return sum(times for endpoint, times in self.microsoft.counters()["requests"].items()
                   if endpoint.startswith("batched GET /v1.0/users/{}/"))

    def test_what_dns_does_not_tell_is_not_evaluated(self):
        self.start(*ZONE)
        self.dns.ignore("example")
        self.scan()
        states = {state for (finding, label), state in self.findings().items() if label == "contoso.example"}
        self.assertEqual(states, {"not_evaluated"})

    def test_metrics_count_findings_by_severity_and_state(self):
        self.start(*ZONE)
        self.scan()
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        measured = [line for line in lines if line.startswith("fromguard_posture_findings{")
                    and 'finding="microsoft-domain-spf-record-allows-any-ip-address"' in line
                    and 'state="open"' in line]
        self.assertEqual(len(measured), 1)
        self.assertIn('severity="high"', measured[0])
        self.assertTrue(measured[0].endswith(" 1"), measured)
        self.assertTrue(any(line.startswith("fromguard_directory_users{") for line in lines))

    def test_new_findings_of_weight_are_notifications(self):
        self.start(*ZONE)
        self.scan()
        told = [each for each in self.directory.ask("notifications")["notifications"]
                if each["what"] == "posture_finding"]
        self.assertIn("Microsoft Domain SPF Record Allows Any IP Address (contoso.example, high).",
                      {each["text"] for each in told})
        self.assertTrue(all(each["advice"] for each in told))

    def test_it_is_asked_in_batches_of_twenty_at_low_priority(self):
        self.start(*ZONE)
        self.microsoft.reset_counters()
        self.scan()
        scan = json.loads(self.directory.command("posture", "status", "--json").stdout)["scans"][0]
        self.assertEqual(scan["mailboxes_done"], scan["mailboxes"])
        counters = self.microsoft.counters()
        # Three questions for each mailbox, and one more for those of disabled accounts.
        self.assertGreaterEqual(20 * scan["batches"], 3 * scan["mailboxes"] - 20)
        self.assertLessEqual(counters["requests"][BATCH], scan["batches"] + 3)
        self.assertEqual(counters["requests"].get("not_low_priority", 0), 0)
        self.assertGreater(self.looks(), 0)

    def test_the_daemon_ends_in_order_in_the_middle_of_a_scan(self):
        self.start(*ZONE)
        self.microsoft.set_applications(service_principals=[
            {"id": "v", "appId": "a", "displayName": "Vendor", "servicePrincipalType": "Application",
             "appOwnerOrganizationId": "99999999-0000-4000-8000-000000000009"}])
        self.microsoft.reset_counters()
        # The second batch asks what the vendor's application may do.
        self.microsoft.control("faults", kind="slow", path="/v1.0/$batch", skip=1, pause_ms=20000)
        self.directory.command("posture", "scan")
        self.directory.wait_until(lambda: self.microsoft.requests(BATCH) >= 2, "the second batch")
        self.assertEqual(self.directory.stop(), 0)

    def test_a_scan_goes_on_after_the_daemon_was_killed(self):
        self.start(*ZONE)
        self.microsoft.reset_counters()
        self.scan()
        whole, looks = self.findings(), self.looks()
        batches = json.loads(self.directory.command("posture", "status", "--json").stdout)["scans"][0]["batches"]
        self.microsoft.reset_counters()
        # The tenth batch is answered late: there is time to kill the daemon while it waits.
        self.microsoft.control("faults", kind="slow", path="/v1.0/$batch", skip=6, pause_ms=20000)
        self.directory.command("posture", "scan")
        self.directory.wait_until(lambda: self.microsoft.requests(BATCH) >= 7, "the seventh batch")
        self.directory.kill()
        self.microsoft.clear_faults()
        self.directory.spawn()
        self.directory.wait_until(self.directory.has_started, "the daemon to serve again")
        self.scan()
        scan = json.loads(self.directory.command("posture", "status", "--json").stdout)["scans"][0]
        self.assertEqual((scan["number"], scan["batches"]), (2, batches))
        self.assertLessEqual(self.looks(), looks + 20)
        self.assertEqual(self.findings(), whole)


if __name__ == "__main__":
    unittest.main()
