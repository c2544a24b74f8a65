# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""An Office 365 directory of a simulated tenant, and what the gateway finds once it is published."""
import json
import pathlib
import shutil
import tempfile
import unittest

from support.daemons import Directory, Gateway
from support.microsoft import Microsoft


def organization(microsoft, sync="first: automatic, every: 1h", protect="groups: [Executives]", extra=""):
    """The YAML of one organization with one Office 365 directory."""
    return ("  - name: contoso\n"
            "    directories:\n"
            "      - name: Office 365\n"
            "        type: office365\n"
            f"{microsoft.yaml()}"
            f"        sync: {{{sync}}}\n"
            f"    protect: {{{protect}}}\n"
            f"{extra}")


class Office365TestCase(unittest.TestCase):
    """A tenant, a directory daemon that is not running yet, and a gateway to ask."""

    people, groups = 60, 16
    sync = "first: automatic, every: 1h"
    protect = "groups: [Executives]"

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="fromguard-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.microsoft = Microsoft(self.folder / "microsoft", self.people, self.groups).start()
        self.addCleanup(self.microsoft.stop)
        self.directory = Directory(self.folder / "directory", "")
        self.configure()
        self.gateway = Gateway(self.folder / "gateway", self.directory.snapshots)
        self.gateway.write_policy("version: 1\nmode: enforce\n")

    def configure(self, **changes):
        self.directory.configure(organization(
            self.microsoft, **{"sync": self.sync, "protect": self.protect, **changes}))

    def run_once(self):
        """`run --once`: the exit status and what was told."""
        done = self.directory.run_once()
        return done.returncode, done.stderr.decode(errors="replace")

    def findings(self, *senders):
        """What the gateway finds for each (name, address)."""
        lines = b"".join(json.dumps({"id": i, "header": f'From: "{name}" <{address}>',
                                     "rcpt": ["someone@contoso.example"]}).encode() + b"\n"
                         for i, (name, address) in enumerate(senders))
        done = self.gateway.explain("--jsonl", stdin=lines)
        return [json.loads(line)["finding"] for line in done.stdout.splitlines()]

    def assert_in_force(self, *groups):
        """What is published is what the tenant says of these groups, address by address."""
        truth = self.microsoft.truth(*groups)
        self.assertTrue(truth)
        own = [(name, address) for name, addresses in truth.values() for address in addresses]
        self.assertEqual([sender for sender, finding in zip(own, self.findings(*own)) if finding], [])
        forged = [(name, "x@freemail.example") for name, _ in truth.values()]
        self.assertEqual([sender for sender, finding in zip(forged, self.findings(*forged))
                          if finding != "protected_name"], [])
        protected = {name for name, _ in truth.values()}
        others = [(name, "x@freemail.example") for name, _ in self.microsoft.truth().values()
                  if name not in protected]
        self.assertEqual([sender for sender, finding in zip(others, self.findings(*others)) if finding], [])
