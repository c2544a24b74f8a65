#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Office 365 directories: what the simulated tenant holds is what is published, whatever it answers."""
import shutil
import unittest

from support.office365 import Office365TestCase, organization


class Sync(Office365TestCase):
    def test_the_first_sync_and_a_delta_put_the_tenants_truth_in_force(self):
        status, told = self.run_once()
        self.assertEqual(status, 0, told)
        self.assert_in_force("Executives")
        self.microsoft.reset_counters()
        self.microsoft.change(random_changes=20)
        status, told = self.run_once()
        self.assertEqual(status, 0, told)
        self.assert_in_force("Executives")
        self.assertLess(self.microsoft.requests("graph GET /v1.0/users/delta"), 4)

    def test_what_can_be_awkward_about_pages_changes_nothing(self):
        self.microsoft.control("delta", page_size=7, member_slice=3, duplicates=0.3, replays=0.3,
                               empty_pages=0.2)
        for _ in range(3):
            status, told = self.run_once()
            self.assertEqual(status, 0, told)
            self.assert_in_force("Executives")
            self.microsoft.change(random_changes=30)

    def test_expired_delta_links_lead_to_a_full_round(self):
        self.assertEqual(self.run_once()[0], 0)
        for answer in ("gone", "not_found"):
            self.microsoft.change(random_changes=20)
            self.microsoft.control("expire_tokens", answer=answer)
            status, told = self.run_once()
            self.assertEqual(status, 0, told)
            self.assertIn("full_resync", told)
            self.assert_in_force("Executives")

    def test_a_lost_state_database_does_not_unprotect_anybody(self):
        self.assertEqual(self.run_once()[0], 0)
        shutil.rmtree(self.directory.folder / "state" / "database")
        self.microsoft.control("application", consented=False)
        self.assertNotEqual(self.run_once()[0], 0)
        self.assert_in_force("Executives")


class LyingService(Office365TestCase):
    """Whatever Microsoft answers, what is in force stays until something right takes its place."""

    def setUp(self):
        super().setUp()
        status, told = self.run_once()
        self.assertEqual(status, 0, told)
        self.before = self.microsoft.truth("Executives")

    def assert_refused(self, *words):
        status, told = self.run_once()
        self.assertNotEqual(status, 0, told)
        for word in words:
            self.assertIn(word, told)
        own = [(name, address) for name, addresses in self.before.values() for address in addresses]
        self.assertEqual([finding for finding in self.findings(*own) if finding], [])
        forged = [(name, "x@freemail.example") for name, _ in self.before.values()]
        self.assertEqual(set(self.findings(*forged)), {"protected_name"})
        return told

    def assert_recovers(self):
        self.microsoft.clear_faults()
        status, told = self.run_once()
        self.assertEqual(status, 0, told)
        self.assert_in_force("Executives")

    def test_passing_faults_are_retried(self):
        for kind in ("status", "reset_before", "reset_in_body", "truncated_json", "html"):
            with self.subTest(kind):
                self.microsoft.change(random_changes=5)
                more = {"retry_after": "0.05"} if kind == "status" else {}
                self.microsoft.control("faults", kind=kind, path="/v1.0/", count=1, **more)
                self.assert_recovers_while_faulty()

    def assert_recovers_while_faulty(self):
        status, told = self.run_once()
        self.assertEqual(status, 0, told)
        self.assert_in_force("Executives")

    def test_throttling_is_waited_for(self):
        self.microsoft.change(random_changes=5)
        self.microsoft.control("throttle", every=2, retry_after="0.02")
        self.assert_recovers_while_faulty()

    def test_a_link_to_another_host_is_not_followed(self):
        self.microsoft.change(random_changes=5)
        self.microsoft.control("faults", kind="foreign_link", path="/v1.0/users/delta", count=100)
        self.assert_refused("link")
        self.assert_recovers()

    def test_a_redirect_is_not_followed(self):
        self.microsoft.control("faults", kind="redirect", path="/v1.0/users/delta", count=100)
        self.assert_refused("302")
        self.assert_recovers()

    def test_a_wrong_secret_is_named(self):
        self.microsoft.write_secret("wrong")
        self.assert_refused("7000215", "secret")
        self.microsoft.write_secret()
        self.assert_recovers()

    def test_an_expired_secret_is_named(self):
        self.microsoft.control("application", secret_expired=True)
        self.assert_refused("7000222", "secret")

    def test_a_secret_that_others_may_read_is_not_used(self):
        self.microsoft.write_secret().chmod(0o644)
        self.assert_refused("chmod")

    def test_revoked_consent_is_named(self):
        self.microsoft.control("application", consented=False)
        self.assert_refused("authorize")

    def test_a_missing_permission_is_named(self):
        self.microsoft.control("application", roles=["GroupMember.Read.All", "Domain.Read.All"])
        self.assert_refused("User.Read.All")

    def test_a_wrong_clock_is_named(self):
        certificate = self.folder / "application.pem"
        self.microsoft.make_certificate(certificate)
        self.directory.configure(organization(self.microsoft, sync=self.sync).replace(
            f"secret: {self.folder / 'microsoft' / 'secret'}", f"certificate: {certificate}"))
        self.assertEqual(self.run_once()[0], 0)
        self.microsoft.control("clock", offset=7200)
        self.assert_refused("clock")

    def test_an_unknown_tenant_is_named(self):
        self.directory.configure(organization(self.microsoft).replace(
            f"tenant: {self.microsoft.tenant}", "tenant: 99999999-9999-9999-9999-999999999999"))
        self.assert_refused("90002", "cloud")

    def test_a_directory_that_shrinks_is_held_until_a_person_accepts_it(self):
        self.microsoft.control("delta", shrink="omitted", shrink_rounds=1)
        self.microsoft.control("expire_tokens")
        self.assert_refused("--accept-shrink")

    def test_people_whom_a_full_round_left_out_come_back_by_themselves(self):
        self.microsoft.control("delta", shrink="omitted", shrink_rounds=1)
        self.microsoft.control("expire_tokens")
        self.assert_refused("--accept-shrink")
        self.microsoft.change(random_changes=5)
        self.assert_recovers()

    def test_a_shrink_is_accepted_as_it_was_held(self):
        self.microsoft.control("delta", shrink="omitted", shrink_rounds=1)
        self.microsoft.control("expire_tokens")
        self.assert_refused("--accept-shrink")
        self.directory.spawn()
        self.addCleanup(self.directory.stop)
        self.directory.wait_until(self.directory.has_started, "the daemon to serve")
        done = self.directory.command("directories", "sync", "contoso/Office 365", "--accept-shrink", "--wait")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        forged = [(name, "x@freemail.example") for name, _ in self.before.values()]
        self.assertIn(None, self.findings(*forged))

    def test_a_tenant_that_says_it_has_no_groups_is_held(self):
        self.microsoft.control("expire_tokens")
        self.microsoft.control("faults", kind="no_items", path="/v1.0/groups/delta", count=100)
        self.assert_refused("memberships", "--accept-shrink")
        self.assert_recovers()

    def test_mass_removals_in_a_delta_are_held_and_pass_once_they_are_undone(self):
        self.microsoft.control("delta", shrink="removed", shrink_rounds=1)
        self.assert_refused("--accept-shrink")


class SelectedTargets(Office365TestCase):
    sync = "targets: {groups: [Exec]}"

    def test_they_are_read_once(self):
        status, told = self.run_once()
        self.assertEqual(status, 0, told)
        self.assert_in_force("Executives")
        self.microsoft.reset_counters()
        self.assertEqual(self.run_once()[0], 0)
        self.assertEqual(self.microsoft.counters()["requests"], {})

    def test_a_principal_name_that_is_not_there_is_named(self):
        self.configure(sync="targets: {people: [nobody@contoso.example]}")
        status, told = self.run_once()
        self.assertEqual(status, 65, told)
        self.assertIn("nobody@contoso.example", told)


if __name__ == "__main__":
    unittest.main(verbosity=2)
