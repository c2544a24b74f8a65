#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""The admin commands against a running directory daemon with a simulated tenant: first sync, BEC list,
secondary emails, domains and relay tables, consent, permissions, notifications, audit."""
import json
import unittest
import urllib.error
import urllib.request

from support.office365 import Office365TestCase
from support.waiting import free_port

NAME = "contoso/Office 365"


class AdminTestCase(Office365TestCase):
    sync = "every: 1h"
    protect = "people: []"

    def setUp(self):
        super().setUp()
        self.start_daemon()

    def configure(self, **changes):
        super().configure(**changes)
        self.port = free_port()
        text = self.directory.configuration.read_text()
        head = (f"api: {{listen: 127.0.0.1:{self.port}, public_url: \"http://localhost:{self.port}\"}}\n"
                f"relay_export: {{directory: {self.folder}/relay, format: texthash}}\n")
        self.directory.configuration.write_text(head + text.replace("    protect: {people: []}\n", ""))

    def start_daemon(self):
        self.directory.spawn()
        self.addCleanup(self.directory.stop)
        self.directory.wait_until(self.directory.has_started, "the daemon to serve")

    def first_sync(self):
        done = self.directory.command("directories", "sync", NAME, "--wait")
        self.assertEqual(done.returncode, 0, done.stderr.decode())

    def refused(self, *arguments):
        """A command that must fail: exit status and what it told."""
        done = self.directory.command(*arguments)
        self.assertNotEqual(done.returncode, 0, done.stdout.decode())
        return done.returncode, done.stderr.decode()

    def is_forged(self, name, address="x@freemail.example"):
        return self.findings((name, address)) == ["protected_name"]

    def notified(self):
        return [note["what"] for note in self.directory.ask("notifications")["notifications"]]


class FirstSync(AdminTestCase):
    def test_it_is_started_by_a_person(self):
        self.assertEqual(self.microsoft.requests("graph GET /v1.0/users/delta"), 0)
        self.first_sync()
        self.assertIn("protected", self.notified())
        self.assertIn("Exchange Online protected.", self.directory.command("notifications").stdout.decode())
        listed = self.directory.ask("directories", "list")["directories"]
        self.assertEqual([directory["name"] for directory in listed], ["Office 365"])

    def test_a_failure_is_a_notification_with_what_to_do(self):
        self.microsoft.write_secret("wrong")
        _, told = self.refused("directories", "sync", NAME, "--wait")
        self.assertIn("7000215", told)
        self.assertIn("sync_credential", self.notified())


class BecList(AdminTestCase):
    def setUp(self):
        super().setUp()
        self.first_sync()
        truth = self.microsoft.truth("Executives")
        self.name, addresses = sorted(truth.values())[0]
        self.address = addresses[0]

    def must_protect(self, kind, who):
        done = self.directory.command(kind, "protect", who)
        self.assertEqual(done.returncode, 0, done.stderr.decode())

    def test_a_protected_group_protects_its_members_and_those_to_come(self):
        self.must_protect("groups", "Executives")
        self.directory.wait_until(lambda: self.is_forged(self.name), "the members to be protected")
        newcomer = self.microsoft.change(
            {"op": "create", "kind": "user", "properties": {
                "displayName": "Mary Somerville", "mail": "mary@contoso.example",
                "userPrincipalName": "mary@contoso.example"}},
            {"op": "add_member", "group": "Executive Assistants", "user": "mary@contoso.example"})
        self.assertTrue(newcomer)
        self.first_sync()
        self.assertTrue(self.is_forged("Mary Somerville"))
        self.assertFalse(self.is_forged("Mary Somerville", "mary@contoso.example"))
        self.assertEqual(self.directory.command("groups", "unprotect", "executives").returncode, 0)
        self.directory.wait_until(lambda: not self.is_forged(self.name), "the members to be unprotected")

    def test_a_protected_person_and_a_secondary_email(self):
        self.must_protect("people", self.address)
        self.directory.wait_until(lambda: self.is_forged(self.name), "the person to be protected")
        done = self.directory.command("secondary-emails", "add", self.address, "Private@Home.example")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.directory.wait_until(lambda: not self.is_forged(self.name, "private@home.example"),
                                  "the secondary email to be in force")
        shown = self.directory.command("people", "show", self.address).stdout.decode()
        self.assertIn("private@home.example", shown)
        actions = [entry["action"] for entry in self.directory.ask("audit")["audit"]]
        self.assertTrue(any("protect" in action for action in actions), actions)
        exported = self.directory.command("export").stdout.decode()
        self.assertIn(self.address, exported)
        self.assertIn("private@home.example", exported)

    def test_what_is_wrong_is_named(self):
        self.assertEqual(self.refused("people", "protect", "nobody@contoso.example")[0], 66)
        status, told = self.refused("secondary-emails", "add", self.address, "no address")
        self.assertEqual(status, 65, told)
        self.assertIn("no address", told)


class Domains(AdminTestCase):
    def setUp(self):
        super().setUp()
        self.first_sync()

    def table(self, name):
        path = self.folder / "relay" / name
        return path.read_text() if path.exists() else None

    def test_they_are_imported_disabled_and_exported_once_enabled(self):
        domains = {each["domain"]: each for each in self.directory.ask("domains", "list")["domains"]}
        self.assertIn("contoso.example", domains)
        self.assertNotIn("pending.example", domains)
        self.assertFalse(any(each["relay_enabled"] for each in domains.values()))
        self.assertIn(self.table("relay_domains"), (None, ""))
        self.assertEqual(self.refused("domains", "enable", "pending.example")[0], 66)
        done = self.directory.command("domains", "enable", "contoso.example")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.directory.wait_until(lambda: self.table("relay_domains") == "contoso.example OK\n", "the export")
        hop = domains["contoso.example"]["next_hop"]
        self.assertEqual(self.table("transport"), f"contoso.example smtp:[{hop}]:25\n")
        recipients = [address for address in self.microsoft.true_recipients()
                      if address.endswith("@contoso.example")]
        self.assertEqual(self.table("relay_recipients"), "".join(f"{each} OK\n" for each in recipients))
        self.microsoft.control("application", consented=False)
        self.microsoft.control("expire_tokens", delta=False, access=True)
        self.refused("directories", "sync", NAME, "--wait")
        self.assertEqual(self.table("relay_domains"), "contoso.example OK\n")


class Consent(AdminTestCase):
    def follow(self, url):
        """What the browser of an administrator sees at the end of the redirects."""
        try:
            with urllib.request.urlopen(url, timeout=30) as page:
                return page.status, page.read().decode()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read().decode()

    def test_an_administrator_consents_and_comes_back(self):
        self.microsoft.control("application", consented=False)
        url = self.directory.ask("directories", "authorize", NAME)["url"]
        status, page = self.follow(url)
        self.assertEqual(status, 200, page)
        self.assertIn("authorized", page)
        self.first_sync()

    def test_a_state_is_good_once_and_refusals_are_told(self):
        url = self.directory.ask("directories", "authorize", NAME)["url"]
        self.assertEqual(self.follow(url)[0], 200)
        self.assertNotEqual(self.follow(url)[0], 200)
        self.microsoft.control("consent", cancelled=True)
        url = self.directory.ask("directories", "authorize", NAME)["url"]
        self.assertNotEqual(self.follow(url)[0], 200)

    def is_granted(self, permission):
        (directory,) = self.directory.ask("permissions")["directories"]
        return {row["permission"]: row["granted"] for row in directory["permissions"]}[permission]

    def test_permissions_say_what_is_granted(self):
        self.assertTrue(self.is_granted("User.Read.All"))
        self.microsoft.control("application", roles=["GroupMember.Read.All", "Domain.Read.All"])
        self.assertFalse(self.is_granted("User.Read.All"))


class Daemon(AdminTestCase):
    def test_a_held_shrink_is_accepted_by_a_person(self):
        self.first_sync()
        everybody = list(self.microsoft.truth())
        gone = everybody[: len(everybody) // 2]
        self.microsoft.change(*({"op": "remove", "user": user} for user in gone))
        _, told = self.refused("directories", "sync", NAME, "--wait")
        self.assertIn("--accept-shrink", told)
        done = self.directory.command("directories", "sync", NAME, "--accept-shrink", "--wait")
        self.assertEqual(done.returncode, 0, done.stderr.decode())

    def test_a_shrink_that_is_undone_passes_by_itself(self):
        self.first_sync()
        everybody = list(self.microsoft.truth())
        gone = everybody[: len(everybody) // 2]
        self.microsoft.change(*({"op": "remove", "user": user} for user in gone))
        self.refused("directories", "sync", NAME, "--wait")
        self.microsoft.change(*({"op": "restore", "user": user} for user in gone))
        self.first_sync()
        self.assertEqual(self.directory.command("groups", "protect", "Executives").returncode, 0)
        name, _ = sorted(self.microsoft.truth("Executives").values())[0]
        self.directory.wait_until(lambda: self.is_forged(name), "the group to be protected")
        self.assert_in_force("Executives")

    def test_without_a_daemon_the_commands_say_so(self):
        self.directory.stop()
        status, told = self.refused("status")
        self.assertEqual(status, 69, told)
        self.assertIn("run", told)

    def test_an_added_directory_is_synced_and_removed_with_a_yes(self):
        self.first_sync()
        people = self.folder / "contractors.csv"
        people.write_text("Display_Name,Email,Groups\nCarl Poe,carl@x.example,Contractors\n")
        done = self.directory.command("directories", "add", "contoso/Contractors", "--type", "csv", "--path", people)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.directory.wait_until(
            lambda: self.directory.command("groups", "protect", "Contractors").returncode == 0, "the group")
        self.directory.wait_until(lambda: self.is_forged("Carl Poe"), "the contractor to be protected")
        self.assertEqual(self.refused("directories", "remove", "contoso/Contractors")[0], 77)
        done = self.directory.command("directories", "remove", "contoso/Contractors", "--yes")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.directory.wait_until(lambda: not self.is_forged("Carl Poe"), "the contractor to be gone")
        json.loads(self.directory.command("status", "--json").stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
