#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""docs/runbook.md carried out: each command and each file of it, forward and back, with a simulated tenant, a real
Postfix and a name server. What only the machine itself has (apt, systemd) is held to what is known of it."""
import dataclasses
import pathlib
import re
import shlex
import subprocess
import unittest

from support.daemons import Directory, Gateway, run_program
from support.dns import DnsServer, txt
from support.mail import compose, result_of
from support.office365 import Office365TestCase
from support.postfix import Postfix
from support.waiting import free_port, wait_until

RUNBOOK = pathlib.Path(__file__).resolve().parents[2] / "docs" / "runbook.md"
DOMAIN = "contoso.example"
PUBLIC = (f"{DOMAIN}. 1 MX 10 gw.example.net.", "gw.example.net. A 192.0.2.10", txt(DOMAIN, "v=spf1 ip4:192.0.2.10 -all"))
UNITS = {"fromguard-directory.service", "fromguard-gateway.service", "fromguard-gateway.socket"}
# What asks for a yes on a terminal, or waits for the public DNS to be forgotten.
WAITS = {"enable-inbound", "lock", "enable-outbound"}
WITH_YES = WAITS | {"apply", "unlock", "disable-outbound", "remove"}


@dataclasses.dataclass
class Block:
    """Fenced text of the runbook, in the step it stands in."""
    step: str
    language: str
    lines: list
    is_way_back: bool


def blocks():
    """All blocks in their order."""
    found, step, is_way_back, block = [], "", False, None
    for line in RUNBOOK.read_text(encoding="utf-8").splitlines():
        if block is not None:
            if line == "```":
                block = None
            else:
                block.lines.append(line)
        elif line.startswith("```"):
            block = Block(step, line[3:], [], is_way_back)
            found.append(block)
        elif line.startswith("## "):
            step, is_way_back = line[3:], False
        elif line.startswith("**Way back"):
            is_way_back = True
    return found


class PostfixOfTheRelay(Postfix):
    """As `apt install postfix` leaves it: nothing is relayed, no milter is asked. What is accepted stays in the queue."""

    def __init__(self, folder, milter_port):
        super().__init__(folder, milter_port, free_port(), [])
        self.configuration = self._configuration
        main_cf = self._configuration / "main.cf"
        text = re.sub(r"^(smtpd_milters|relay_domains|relay_transport) = .*\n", "", main_cf.read_text(), flags=re.M)
        main_cf.write_text(text + "defer_transports = smtp\nrelay_domains =\n")


class Runbook(Office365TestCase):
    def setUp(self):
        super().setUp()
        self.folder.chmod(0o755)
        self.microsoft.control("application", exchange_roles=["Exchange.ManageAsApp"])
        self.dns = self.enterContext(DnsServer(*PUBLIC))
        self.etc = self.folder / "fromguard"
        self.directory = Directory(self.etc, "")
        self.gateway = Gateway(self.etc, self.folder / "lib" / "snapshots")
        self.addCleanup(self.directory.stop)
        self.addCleanup(self.gateway.stop)
        self.postfix = PostfixOfTheRelay(self.folder / "mta", self.gateway.milter_port)
        self.addCleanup(self.postfix.stop)
        self.postfix.start()
        (self.folder / "mail").mkdir()
        (self.folder / "mail" / "stored.eml").write_bytes(compose("Ada <ada@freemail.example>").octets)
        # Somebody whom no group protects, and somebody of the executives.
        truth, executives = self.microsoft.truth(), self.microsoft.truth("Executives")
        at_home = f"@{DOMAIN}"
        self.person = next(addresses[0] for key, (_, addresses) in sorted(truth.items())
                           if key not in executives and addresses and addresses[0].endswith(at_home))
        self.executive = sorted(name for name, _ in executives.values() if name.isascii())[0]
        self.recipient = self.person

    def here(self, text):
        """The text with this test's places and people in the place of the runbook's."""
        for there, here in (("/etc/fromguard", self.etc), ("/var/lib/fromguard", self.folder / "lib"),
                            ("/run/fromguard", self.folder / "run"), ("/var/mail", self.folder / "mail"),
                            ("127.0.0.1:8480", f"127.0.0.1:{self.console}"), (f"ada@{DOMAIN}", self.person),
                            # Debian has lmdb in a package of its own.
                            ("lmdb:", "texthash:"), ("format: lmdb", "format: texthash")):
            text = text.replace(there, str(here))
        return text

    def write_file(self, block):
        """A file of the runbook, named in its first line, which its program takes."""
        name = block.lines[0].removeprefix("# ")
        text = self.here("\n".join(block.lines) + "\n")
        if name == "directory.yaml":
            text, count = re.subn(r" +tenant: .*\n +client_id: .*\n +credential: .*\n", self.microsoft.yaml(), text)
            self.assertEqual(count, 1)
            text += f"dns: {{servers: ['{self.dns.address}'], timeout: 2s}}\n"
            (self.folder / "run").mkdir(exist_ok=True)
            (self.folder / "lib" / "relay").mkdir(parents=True, exist_ok=True)
        (self.etc / name).write_text(text)

    def carry_out(self, line):
        words = shlex.split(self.here(line), comments=True)
        carry_out = {"fromguard-directory": self.run_directory, "fromguard-gateway": self.run_gateway,
                     "postconf": self.run_postconf, "systemctl": self.run_systemctl}.get(words[0])
        if carry_out is not None:
            carry_out(words)
        elif words[0] in ("openssl", "install", "cat", "rm", "mv"):
            subprocess.run(["sh", "-c", self.here(line)], cwd=self.etc, check=True, capture_output=True, timeout=60)
        elif words[0] == "apt":
            self.assertEqual(words[1], "install")
        else:
            self.assertIn(words[0], ("cd", "sendmail"), line)

    def must_end_well(self, name, words):
        done = run_program(name, *[self.etc / word if word.endswith(".yaml") else word for word in words])
        self.assertEqual(done.returncode, 0, f"{name} {words}: {done.stdout.decode()}{done.stderr.decode()}")
        return done.stdout.decode()

    def run_directory(self, words):
        words = words[1:]
        if words[0] == "connectors" and words[1] in WITH_YES:
            words.append("--yes")
        if words[0] == "connectors" and words[1] in WAITS:
            config = [self.etc / word if word.endswith(".yaml") else word for word in words]
            wait_until(lambda: run_program("fromguard-directory", *config).returncode == 0, " ".join(words))
            return
        self.must_end_well("fromguard-directory", words)

    def run_gateway(self, words):
        words = words[1:]
        if words[0] == "setup":
            words += ["--config", "gateway.yaml", "--postfix-config", self.postfix.configuration.as_posix()]
        self.must_end_well("fromguard-gateway", words)

    def run_postconf(self, words):
        subprocess.run(["postconf", "-c", self.postfix.configuration, *words[1:]], check=True, capture_output=True,
                       timeout=60)

    def run_systemctl(self, words):
        verb, units = words[1], [word for word in words[2:] if not word.startswith("-")]
        self.assertLessEqual(set(units), UNITS)
        self.assertIn(verb, ("enable", "disable"))
        for daemon, unit in ((self.directory, "fromguard-directory.service"), (self.gateway, "fromguard-gateway.service")):
            if unit in units and verb == "enable":
                daemon.spawn()
                daemon.wait_until(daemon.has_started, f"{unit} to start")
            elif unit in units:
                daemon.stop()

    def carry_out_block(self, block):
        with self.subTest(step=block.step, lines=block.lines):
            if block.language == "yaml":
                self.write_file(block)
            elif block.language == "sh":
                for line in block.lines:
                    self.carry_out(line)
            else:
                self.assertIn(block.language, ("", "ini"))

    def forged_reply(self):
        message = compose(f'"{self.executive}" <forger@freemail.example>')
        with self.postfix.client() as client:
            return client.send(message, self.recipient)

    def test_forward_and_back(self):
        self.console = free_port()
        all_blocks = blocks()
        self.assertGreater(len(all_blocks), 15)
        for block in all_blocks:
            if block.is_way_back:
                continue
            if block.step.startswith("7."):
                self.assertEqual(self.forged_reply().code, 250, "in monitor mode")
                stamp = result_of(self.postfix.message(self.postfix.queue()[0]["queue_id"]).encode())
                self.assertEqual((stamp["finding"], stamp["action"]), ("protected_name", "quarantine"))
            self.carry_out_block(block)
        wait_until(lambda: self.forged_reply().code == 550, "the policy that enforces")
        self.assertTrue(all(each["properties"].get("Enabled", True) for each in self.microsoft.exchange_objects()))
        for step in sorted({block.step for block in all_blocks if block.is_way_back}, reverse=True):
            for block in all_blocks:
                if block.is_way_back and block.step == step:
                    self.carry_out_block(block)
        self.assertEqual(self.microsoft.exchange_objects(), [])
        self.assertEqual(self.forged_reply().code, 554, "nothing is relayed any more")


class Words(unittest.TestCase):
    def test_commands_within_sentences_are_there(self):
        text = re.sub(r"^```.*?^```", "", RUNBOOK.read_text(encoding="utf-8"), flags=re.M | re.S)
        for code in re.findall(r"`([^`\n]+)`", text):
            words = code.split()
            name = "fromguard-gateway" if words[0] in ("fromguard-gateway", "setup") else "fromguard-directory"
            if words[0] in ("connectors", "detections", "domains", "directories", "setup", "snapshot", "status"):
                words.insert(0, name)
            if words[0] != name or len(words) < 2:
                continue
            with self.subTest(code=code):
                path = [word for word in words[1:] if re.fullmatch(r"[a-z-]+", word) and not word.startswith("-")]
                helped = run_program(name, *path, "--help")
                self.assertEqual(helped.returncode, 0, helped.stderr.decode())
                self.assertRegex(helped.stdout.decode(), rf"\nUsage: \S*{name} {' '.join(path)}\b")
                for option in (word for word in words if word.startswith("--")):
                    self.assertIn(option, helped.stdout.decode())


if __name__ == "__main__":
    unittest.main(verbosity=2)
