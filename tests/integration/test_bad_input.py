# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Bad input: each a clear error or a counted limit, never a crash; the last good state stays."""
import json
import os
import pathlib
import shutil
import socket
import unittest

from support.daemons import run_program
from support.mail import fields_of
from support.offline import OfflineTestCase
from support.site import REASON, SiteTestCase, forged, genuine
from support.waiting import wait_until

REJECTING = "version: 1\nmode: enforce\nrules:\n  - name: all\n    then: {action: reject}\n"


def truncate_all(folder):
    """Cuts every file below `folder` to half its length."""
    for path in pathlib.Path(folder).rglob("*"):
        if path.is_file():
            os.truncate(path, path.stat().st_size // 2)


def make_foreign(folder):
    """Puts files of another program in the place of every file below `folder`."""
    for path in pathlib.Path(folder).rglob("*"):
        if path.is_file():
            path.write_text('{"schema": 1, "made_by": "another program"}\n')


class BadSnapshotAtStart(SiteTestCase):
    """Started without a generation it can believe, the gateway does what `degraded` says."""

    policy = REJECTING
    starts_gateway = False

    def tearDown(self):
        self.site.gateway.stop()
        shutil.rmtree(self.site.directory.snapshots, ignore_errors=True)
        shutil.rmtree(self.site.directory.folder / "state", ignore_errors=True)

    def replace_generations(self):
        """A good generation comes: with the bad ones removed, the directory publishes anew."""
        shutil.rmtree(self.site.directory.snapshots, ignore_errors=True)
        shutil.rmtree(self.site.directory.folder / "state", ignore_errors=True)
        self.site.directory.publish()

    def assert_tempfails_then_recovers(self):
        gateway = self.site.gateway
        gateway.write_policy(REJECTING)
        gateway.start("/healthz")
        self.assertEqual(self.site.send(genuine()).code, 451)
        self.assertGreaterEqual(gateway.metric("fromguard_degraded_total"), 1)
        self.assertNotEqual(gateway.get("/readyz")[0], 200)
        self.replace_generations()
        gateway.wait_for_health("/readyz")
        self.site.pass_through(genuine())
        self.assertEqual(self.site.send(forged()).code, 550)

    def test_missing_folder(self):
        self.assert_tempfails_then_recovers()

    def test_empty_folder(self):
        self.site.directory.snapshots.mkdir()
        self.assert_tempfails_then_recovers()

    def test_truncated_generation(self):
        self.site.directory.publish()
        truncate_all(self.site.directory.snapshots)
        self.assert_tempfails_then_recovers()

    def test_foreign_generation(self):
        self.site.directory.publish()
        make_foreign(self.site.directory.snapshots)
        self.assert_tempfails_then_recovers()

    def test_monitor_delivers_with_a_header_that_says_why(self):
        self.site.gateway.write_policy("version: 1\nmode: monitor\n")
        self.site.gateway.start("/healthz")
        octets = self.site.pass_through(forged())
        self.assertIn("no_snapshot", " ".join(fields_of(octets, "X-Fromguard-Result")))


class BadSnapshotWhileRunning(SiteTestCase):
    """A generation that cannot be believed never replaces a good one."""

    policy = REJECTING

    def failures(self):
        return self.site.gateway.metric("fromguard_reload_failures_total", what="snapshot")

    def test_damaged_new_generation_leaves_the_last_good_in_force(self):
        current = self.site.directory.snapshots / "current"
        good = os.readlink(current)
        bad = self.site.directory.snapshots / "generation-99"
        shutil.copytree(current.resolve(), bad)
        truncate_all(bad)
        before = self.failures()
        (self.site.directory.snapshots / "next").symlink_to(bad.name)
        (self.site.directory.snapshots / "next").rename(current)
        wait_until(lambda: self.failures() > before, "the gateway to refuse the damaged generation")
        self.assertTrue(self.site.gateway.log_events("snapshot_refused"))
        self.assertEqual(self.site.send(forged()).code, 550)
        self.site.pass_through(genuine())
        (self.site.directory.snapshots / "next").symlink_to(good)
        (self.site.directory.snapshots / "next").rename(current)

    def test_folder_removed_while_open(self):
        shutil.rmtree(self.site.directory.snapshots)
        self.assertEqual(self.site.send(forged()).code, 550)
        self.site.pass_through(genuine())


class BadCsv(OfflineTestCase):
    """A CSV file with bad rows is refused by line, and the last good version stays in force."""

    def setUp(self):
        self.good = (self.directory.folder / "contoso.csv").read_bytes()
        self.addCleanup((self.directory.folder / "contoso.csv").write_bytes, self.good)

    def refuse(self, octets):
        """Publishes with this file and returns what was said; generation 1 must stay as it is."""
        (self.directory.folder / "contoso.csv").write_bytes(octets)
        done = self.directory.run_once()
        self.assertNotEqual(done.returncode, 0, done)
        self.assertLess(done.returncode, 128, done)
        verdict = self.gateway.explain("--json", "-", stdin=b"From: Ada Lovelace <x@y.example>\r\n\r\n")
        self.assertEqual(json.loads(verdict.stdout)["generation"], 1)
        self.assertEqual(json.loads(verdict.stdout)["finding"], "protected_name")
        return done.stderr.decode(errors="replace")

    def test_rows_are_named_by_line(self):
        header = b"Display Name,Email,Secondary_Emails,Groups\r\n"
        good = b"Ada Lovelace,ada@contoso.com,,Executives\r\n"
        for bad in (b"No Address,,,\r\n", b"Bad,not an address,,\r\n", b"Bad,b@contoso.com,no address,\r\n",
                    b"Too,many@contoso.com,,,,surplus\r\n", b"\"Open,quote@contoso.com,,\r\n",
                    b"Bad \xff,c@contoso.com,,\r\n"):
            with self.subTest(row=bad):
                said = self.refuse(header + good + bad)
                self.assertRegex(said, r"contoso\.csv:3\b")

    def test_a_file_without_its_columns(self):
        self.assertIn("Email", self.refuse(b"Name;Mail\r\nAda;ada@contoso.com\r\n"))

    def test_an_empty_file(self):
        self.assertIn("contoso.csv", self.refuse(b""))

    def test_a_missing_file(self):
        (self.directory.folder / "contoso.csv").unlink()
        done = self.directory.run_once()
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(b"contoso.csv", done.stderr)


class BadConfiguration(OfflineTestCase):
    """Configuration errors: status 78, each with FILE:LINE:COLUMN and the nearest key."""

    policy = REJECTING

    def refuse(self, name, configuration, *words, command="check"):
        done = run_program(name, command, "--config", configuration, timeout=30)
        said = done.stderr.decode(errors="replace") + done.stdout.decode(errors="replace")
        self.assertEqual(done.returncode, 78, said)
        for word in words:
            self.assertIn(word, said)
        return said

    def with_text(self, path, text):
        path = pathlib.Path(path)
        self.addCleanup(path.write_bytes, path.read_bytes())
        path.write_text(text)

    def test_unknown_key_in_gateway_yaml(self):
        path = self.gateway.configuration
        self.with_text(path, path.read_text().replace("metrics:", "metrix:"))
        for command in ("check", "run"):
            said = self.refuse("fromguard-gateway", path, "metrix", "metrics", command=command)
            self.assertRegex(said, rf"{path}:4:1: ")

    def test_unknown_key_in_directory_yaml(self):
        path = self.directory.configuration
        lines = path.read_text().splitlines()
        wrong = next(number for number, line in enumerate(lines, 1) if "protect:" in line)
        self.with_text(path, path.read_text().replace("protect:", "protct:", 1))
        for command in ("check", "run"):
            said = self.refuse("fromguard-directory", path, "protct", "protect", command=command)
            self.assertRegex(said, rf"{path}:{wrong}:5: ")

    def test_unknown_key_in_policy_yaml(self):
        self.with_text(self.gateway.policy, REJECTING.replace("rules:", "rulez:"))
        for command in ("check", "run"):
            said = self.refuse("fromguard-gateway", self.gateway.configuration, "rulez", "rules",
                               command=command)
            self.assertRegex(said, rf"{self.gateway.policy}:3:1: ")

    def test_all_errors_are_told_at_once(self):
        self.with_text(self.gateway.policy, "version: 1\nmode: enforced\nstamp: finding\nlist: {}\n")
        said = self.refuse("fromguard-gateway", self.gateway.configuration, "'enforce'", "'findings'")
        for line in (2, 3, 4):
            self.assertRegex(said, rf"{self.gateway.policy}:{line}:\d+: ")

    def test_policy_that_cannot_be_read(self):
        self.gateway.policy.unlink()
        self.addCleanup(self.gateway.write_policy, self.policy)
        self.refuse("fromguard-gateway", self.gateway.configuration, str(self.gateway.policy), command="run")
        self.gateway.policy.mkdir()
        self.addCleanup(self.gateway.policy.rmdir)
        self.refuse("fromguard-gateway", self.gateway.configuration, str(self.gateway.policy))

    def test_files_that_are_no_yaml(self):
        for text in ("\0\1\2", "a: [", "{" * 100_000, "&a [*a]", "!!python/object:os.system {}",
                     "version: 1\nversion: 1\n"):
            with self.subTest(text=text[:20]):
                self.with_text(self.gateway.policy, text)
                self.refuse("fromguard-gateway", self.gateway.configuration, str(self.gateway.policy))


class AddressInUse(OfflineTestCase):
    """An address somebody else has: status 69, the address and what to do."""

    def assert_refuses(self, address):
        done = run_program("fromguard-gateway", "run", "--config", self.gateway.configuration, timeout=60)
        self.assertEqual(done.returncode, 69, done)
        self.assertIn(address.encode(), done.stderr)

    def test_port_of_the_milter(self):
        with socket.create_server(("127.0.0.1", self.gateway.milter_port)):
            self.assert_refuses(str(self.gateway.milter_port))

    def test_port_of_the_metrics(self):
        with socket.create_server(("127.0.0.1", self.gateway.metrics_port)):
            self.assert_refuses(str(self.gateway.metrics_port))

    def test_unix_socket(self):
        path = self.folder / "gateway.sock"
        text = self.gateway.configuration.read_text()
        self.addCleanup(self.gateway.configuration.write_text, text)
        self.gateway.configuration.write_text(
            text.replace(f"inet:{self.gateway.milter_port}@127.0.0.1", f"unix:{path}"))
        with socket.socket(socket.AF_UNIX) as other:
            other.bind(str(path))
            other.listen()
            self.assert_refuses(str(path))
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(str(path))


class BadMessages(OfflineTestCase):
    """Messages built to hurt: `explain` ends with a verdict or a named limit."""

    policy = REJECTING

    def judge(self, header):
        done = self.gateway.explain("--json", "-", stdin=header + b"\r\n\r\n")
        self.assertEqual(done.returncode, 0, done.stderr[-2000:])
        return json.loads(done.stdout)

    def test_from_field_of_ten_mebibytes(self):
        for filler in (b"A", b"(", b"\"", b"=?utf-8?B?", b"<", b",", b"a@b.example, ", b"\xff", b"\\"):
            with self.subTest(filler=filler):
                text = filler * (10 * 1024 * 1024 // len(filler))
                self.judge(b"From: " + text + b" <ada@freemail.example>")

    def test_a_hundred_thousand_fields(self):
        fields = b"".join(b"X-Field-%d: value\r\n" % number for number in range(100_000))
        verdict = self.judge(fields + b"From: Ada Lovelace <ada@freemail.example>")
        self.assertIn(verdict["finding"], ("protected_name", "malformed_from", "ambiguous_from"))

    def test_a_hundred_thousand_from_fields(self):
        field = b"From: Ada Lovelace <ada@freemail.example>"
        verdict = self.judge(b"\r\n".join([field] * 100_000))
        self.assertIsNotNone(verdict["finding"])


class BadMail(SiteTestCase):
    """The same through a real Postfix, which truncates what is too long for it."""

    policy = REJECTING

    def test_long_and_many_fields(self):
        client_text = genuine()
        for extra in (b"X-Long: " + b"a " * 500_000 + b"\r\n",
                      b"".join(b"X-%d: y\r\n" % number for number in range(100_000))):
            with self.subTest(octets=len(extra)):
                message = type(client_text)(extra + client_text.octets, client_text.token)
                self.assertIn(self.site.send(message).code, (250, 451, 550))
                self.assertTrue(self.site.gateway.running)
        self.assertEqual(self.site.send(forged()).code, 550)

    def test_reason_of_the_default_text(self):
        self.assertIn(REASON, self.site.send(forged()).text)


if __name__ == "__main__":
    unittest.main(verbosity=2)
