#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Messages that were delivered: found, pulled into a hidden folder, restored. Behind a real relay whose
gateway only watches, and in a simulated tenant."""
import collections
import unittest

from support.mail import compose
from support.microsoft import Microsoft
from support.office365 import organization
from support.site import RELAYED, Site
from support.waiting import wait_until

ROLES = ("User.Read.All", "GroupMember.Read.All", "Domain.Read.All")
SENDER = "ada.private@freemail.example"
GROUP = "everyone@contoso.example"
QUARANTINE = "fromguard quarantine"
BATCH = "/v1.0/$batch"


class MessagesTestCase(unittest.TestCase):
    """A tenant of 420 people, a group of 300 of them, half of it nested, and both daemons."""

    @classmethod
    def setUpClass(cls):
        cls.site = cls.enterClassContext(Site(relayed=[*RELAYED, "contoso.example"]))
        cls.directory = cls.site.directory
        cls.microsoft = Microsoft(cls.site.folder / "microsoft", people=420, groups=6).start()
        cls.addClassCleanup(cls.microsoft.stop)
        cls.microsoft.grant(*ROLES, "Mail.ReadWrite")
        cls.make_group()
        cls.protected, (address, *_) = min(cls.microsoft.truth("Executives").values())
        kept = cls.site.folder / "detections"
        text = organization(cls.microsoft, protect=f"people: [{address}]")
        cls.directory.configure(text.replace("        sync:", "        features: [sync, pull]\n        sync:"))
        cls.directory.configuration.write_text(f"detections: {kept}\n{cls.directory.configuration.read_text()}")
        cls.directory.spawn()
        cls.addClassCleanup(cls.directory.stop)
        cls.directory.wait_until(cls.is_read, "the first sync")
        cls.site.gateway.configure(f"detections: {kept}\n")
        cls.site.gateway.write_policy("version: 1\nmode: monitor\n")
        cls.site.gateway.start()

    @classmethod
    def make_group(cls):
        people = [each["userPrincipalName"] for each in cls.microsoft.objects("users")
                  if each.get("userType") == "Member" and each.get("mail")]
        cls.members, cls.others = people[:300], people[300:]
        properties = {"mail": GROUP, "mailEnabled": True, "proxyAddresses": ["SMTP:" + GROUP]}
        cls.microsoft.change({"op": "create", "kind": "group",
                              "properties": {"displayName": "Everyone", **properties}},
                             {"op": "create", "kind": "group", "properties": {"displayName": "Second half"}},
                             {"op": "add_member", "group": "Everyone", "member_group": "Second half"})
        cls.microsoft.change(*[{"op": "add_member", "group": "Second half" if i % 2 else "Everyone", "user": name}
                               for i, name in enumerate(cls.members)])

    @classmethod
    def is_read(cls):
        return cls.directory.has_started() and (cls.directory.snapshots / "current").exists() and all(
            each["last_success"] for each in cls.directory.ask("directories", "list")["directories"])

    def setUp(self):
        self.microsoft.clear_faults()
        self.microsoft.control("mail/settings", lists_hidden=False)

    def send_forged(self, *recipients):
        """A forged message on its way through the relay, which lets it pass: its Message-ID and detection."""
        message = compose(f"{self.protected} <{SENDER}>")
        self.site.pass_through(message, *recipients)
        token = message.token.decode()
        (detection,) = wait_until(lambda: self.directory.ask("detections", "list", "--text", token)["detections"],
                                  "the detection")
        self.assertEqual((detection["mode"], detection["message_id"]), ("monitor", token))
        return token, detection["id"]

    def deliver(self, message_id, *recipients, **more):
        return self.microsoft.deliver(message_id, *recipients, **{"sender": SENDER, "subject": "Invoice", **more})

    def places(self, message_id):
        """How many copies lie in which folder, by sender."""
        return collections.Counter((each["sender"], each["folder"]) for each in self.microsoft.mail(message_id))

    def run_command(self, *arguments, status=0):
        done = self.directory.command("messages", *arguments)
        self.assertEqual(done.returncode, status, done.stderr.decode())
        return (done.stdout + done.stderr).decode()

    def pull(self, *arguments):
        return self.directory.ask("messages", "pull", *arguments, "--wait")["pull"]

    def newest(self):
        return self.directory.ask("messages", "list", "--limit", "1")["pulls"][0]


class Show(MessagesTestCase):
    def test_a_forged_message_is_found_pulled_and_restored(self):
        five = self.others[:5]
        message_id, detection = self.send_forged(*five, GROUP)
        self.assertEqual(self.deliver(message_id, *five, GROUP), 305)
        self.deliver(message_id, five[0], folder="deleteditems", read=True)
        # Not what was detected: the same Message-ID on somebody else's message, and a copy that was sent.
        self.deliver(message_id, five[1], sender="ledger@partner.example", subject="Minutes")
        self.deliver(message_id, five[2], folder="sentitems")
        before = self.places(message_id)
        self.microsoft.reset_counters()
        found = self.directory.ask("messages", "find", "--detection", detection)
        self.assertEqual(found["search"]["counts"], {"found": 306, "left_alone": 2})
        self.assertEqual(found["search"]["mailboxes"], 305)
        self.assertEqual([(each["address"], each["members"]) for each in found["search"]["groups"]], [(GROUP, 300)])
        self.assertEqual(len(found["copies"]), 308)
        self.assertEqual(self.places(message_id), before)

        pulled = self.pull("--detection", detection)
        self.assertEqual((pulled["state"], pulled["counts"]), ("done", {"moved": 306, "left_alone": 2}))
        self.assertEqual(self.places(message_id), {(SENDER, QUARANTINE): 306, (SENDER, "Sent Items"): 1,
                                                   ("ledger@partner.example", "Inbox"): 1})
        self.assertTrue(all(each["is_hidden"] for each in self.microsoft.mail(message_id)
                            if each["folder"] == QUARANTINE))
        self.assertNotIn("plain_ids", self.microsoft.counters()["requests"])
        again = self.pull("--detection", detection)
        self.assertEqual(again["counts"], {"left_alone": 2})

        text = self.run_command("restore", str(pulled["number"]), "--wait")
        self.assertIn("306 are back", text)
        self.assertEqual(self.places(message_id), before)
        self.run_command("restore", str(pulled["number"]), "--wait")
        self.assertEqual(self.places(message_id), before)
        self.assertEqual({each["read"] for each in self.directory.ask("messages", "show", str(pulled["number"]))["copies"]
                          if each["folder"] == "Deleted Items"}, {True})
        listed = self.run_command("list", "--limit", "3").splitlines()
        self.assertRegex(listed[0], "^PULL +WHEN +WHO +STATE +MESSAGE-ID +COPIES")
        self.assertIn(message_id, listed[1])
        actions = {each["action"] for each in self.directory.ask("audit")["audit"]
                   if each["subject"] == message_id}
        self.assertEqual(actions, {"message.find", "message.pull", "message.restore"})

    def interrupt(self, begin, batches):
        """Kills the daemon while the answer to a later batch is on its way; what it asked for is done."""
        self.microsoft.reset_counters()
        self.microsoft.control("faults", kind="slow", path=BATCH, skip=batches, pause_ms=60000)
        begin()
        self.directory.wait_until(
            lambda: self.microsoft.requests(f"graph POST {BATCH}") > batches, f"batch {batches + 1}")
        self.directory.kill()
        self.microsoft.clear_faults()
        self.directory.spawn()
        self.directory.wait_until(self.directory.has_started, "the daemon to serve again")
        return wait_until(lambda: (newest := self.newest())["ended"] and newest, "the end of it", timeout=60)

    def test_what_was_interrupted_goes_on_by_itself(self):
        for batches, lists_hidden in ((63, False), (5, True), (61, True), (62, False)):
            with self.subTest(batches=batches):
                # Sixty batches look into the mailboxes; then each twenty copies take one for the folders, or
                # three where they are made, and one for the moves.
                self.microsoft.control("mail/settings", lists_hidden=lists_hidden)
                message_id = f"<{batches}@freemail.example>"
                self.assertEqual(self.deliver(message_id, GROUP), 300)
                ended = self.interrupt(lambda: self.run_command("pull", "--message-id", message_id, "--rcpt", GROUP),
                                       batches)
                self.assertEqual((ended["state"], ended["counts"]), ("done", {"moved": 300}), ended["failure"])
                self.assertEqual([each["moves"] for each in self.microsoft.mail(message_id)], [1] * 300)
                ended = self.interrupt(lambda: self.run_command("restore", str(self.newest()["number"])),
                                       batches % 20)
                self.assertEqual((ended["state"], ended["counts"]), ("restored", {"restored": 300}), ended["failure"])
                self.assertEqual([(each["moves"], each["folder"]) for each in self.microsoft.mail(message_id)],
                                 [(2, "Inbox")] * 300)


class Limits(MessagesTestCase):
    def test_different_messages_of_one_id_are_not_pulled_until_one_is_named(self):
        message_id = "<collision@contoso.example>"
        one, two = self.others[10:12]
        self.deliver(message_id, one, two)
        self.deliver(message_id, two, sender="ledger@partner.example", subject="Minutes")
        before = self.places(message_id)
        arguments = ("pull", "--message-id", message_id, "--rcpt", one, "--rcpt", two, "--wait")
        refused = self.run_command(*arguments, status=69)
        self.assertIn("different messages have this Message-ID", refused)
        self.assertEqual(self.places(message_id), before)
        self.assertEqual(self.newest()["state"], "refused")
        self.run_command(*arguments, "--sender", SENDER)
        self.assertEqual(self.places(message_id), {(SENDER, QUARANTINE): 2, ("ledger@partner.example", "Inbox"): 1})

    def test_who_cannot_be_reached_is_said(self):
        message_id = "<strangers@freemail.example>"
        guest = next(each for each in self.microsoft.objects("users") if each.get("userType") == "Guest")
        self.deliver(message_id, self.others[0])
        pulled = self.pull("--message-id", message_id.strip("<>"), "--rcpt", self.others[0], "--rcpt",
                           "nobody@contoso.example", "--rcpt", guest["mail"])
        self.assertEqual(pulled["counts"], {"moved": 1, "no_mailbox": 1})
        self.assertEqual(pulled["unknown"], ["nobody@contoso.example"])
        text = self.run_command("find", "--message-id", message_id, "--rcpt", "nobody@contoso.example", status=66)
        self.assertIn("nobody of these recipients is in contoso/Office 365", text)

    def test_without_the_permission_it_says_which_is_missing(self):
        self.microsoft.grant(*ROLES)
        self.addCleanup(self.microsoft.grant, *ROLES, "Mail.ReadWrite")
        text = self.run_command("pull", "--message-id", "<1@x.example>", "--rcpt", self.others[0], "--wait", status=69)
        self.assertIn("grant the application Mail.ReadWrite", text)
        self.assertEqual(self.newest()["state"], "failed")
        told = self.directory.ask("notifications")["notifications"]
        self.assertIn("message_pull_failed", {each["what"] for each in told})

    def test_recoverable_items_take_copies_and_give_them_back(self):
        message_id = "<recoverable@freemail.example>"
        self.deliver(message_id, self.others[20])
        pulled = self.pull("--message-id", message_id, "--rcpt", self.others[20], "--to", "recoverable_items")
        self.assertEqual(self.places(message_id), {(SENDER, "Deletions"): 1})
        self.run_command("restore", str(pulled["number"]), "--wait")
        self.assertEqual(self.places(message_id), {(SENDER, "Inbox"): 1})


if __name__ == "__main__":
    unittest.main()
