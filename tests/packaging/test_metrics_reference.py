# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""docs/metrics.md against the daemons: the metrics that they serve, their types and labels."""
import collections
import pathlib
import re
import unittest
import urllib.request

from metrics_page import rows
from support.office365 import Office365TestCase, organization
from support.receiver import Receiver
from support.waiting import free_port

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = {"Of the gateway": "gateway/metrics.cpp", "Of the directory": "directory/metrics/metrics_text.cpp"}

# A family as it is served: its type, and the labels of all its samples.
Served = collections.namedtuple("Served", "type labels")


def source(heading):
    return (ROOT / SOURCES[heading]).read_text(encoding="utf-8")


def served(port):
    """The families of a daemon's /metrics."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    found = {name: Served(kind, set()) for name, kind in re.findall(r"^# TYPE (\w+) (\w+)$", text, re.MULTILINE)}
    for name, labels in re.findall(r"^(\w+)(?:\{(.*)\})? \S+$", text, re.MULTILINE):
        family = name if name in found else re.sub(r"_(bucket|sum|count)$", "", name)
        found[family].labels.update(set(re.findall(r'(\w+)="', labels)) - {"le"})
    return found


def labels_in_source():
    """The labels with which the gateway makes samples of each family, for those that it makes with any."""
    text = source("Of the gateway")
    names = dict(re.findall(r"CounterFamily& (\w+) =\s*counter\(\s*registry,\s*\"(\w+)\"", text))
    found = {name: set() for name in names.values()}
    for variable, labels in re.findall(r"\b(\w+)\s*\.Add\(\{(\{.*?\})\}\)", text, re.DOTALL):
        found[names[variable]] |= set(re.findall(r"\{\s*\"(\w+)\"", labels))
    return found


class MetricsReference(Office365TestCase):
    """The gateway has just started; the directory has read a tenant, scanned it and delivered what it found."""

    people, groups = 20, 8

    def start_directory(self):
        self.microsoft.grant("User.Read.All", "Domain.Read.All", "GroupMember.Read.All")
        receiver = Receiver(self.folder)
        self.addCleanup(receiver.close)
        secret = self.directory.folder / "webhook.secret"
        secret.write_text("whsec_" + "A" * 32 + "\n")
        secret.chmod(0o600)
        port = free_port()
        text = organization(self.microsoft).replace("        sync:", "        features: [sync, posture]\n        sync:")
        self.directory.configure(text)
        self.directory.configuration.write_text(
            f"metrics: 127.0.0.1:{port}\nnotify: {{webhooks: [{{name: soc, url: \"{receiver.url}\", "
            f"ca: \"{receiver.certificate}\", secret: webhook.secret}}]}}\n" + self.directory.configuration.read_text())
        self.directory.spawn()
        self.addCleanup(self.directory.stop)
        self.directory.wait_until(lambda: self.directory.has_started() and all(
            each["last_success"] for each in self.directory.ask("directories", "list")["directories"]), "the first sync")
        self.directory.command("posture", "scan", "--wait")
        return port

    def assert_described(self, heading, families):
        for name, family in families.items():
            with self.subTest(metric=name):
                self.assertIn(name, rows())
                self.assertIn(rows()[name].heading, (heading, "Of both"))
                self.assertEqual(rows()[name].type, family.type)

    def test_what_the_directory_serves_is_described(self):
        families = served(self.start_directory())
        self.assert_described("Of the directory", families)
        for name, row in rows().items():
            if row.heading in ("Of the directory", "Of both"):
                with self.subTest(metric=name):
                    self.assertIn(name, families)
                    self.assertEqual(row.labels, families[name].labels)

    def test_what_the_gateway_serves_is_described(self):
        self.gateway.start("/healthz")
        self.addCleanup(self.gateway.stop)
        families = served(self.gateway.metrics_port)
        self.assert_described("Of the gateway", families)
        for name, family in families.items():
            with self.subTest(metric=name):
                self.assertEqual(rows()[name].labels, family.labels)

    def test_names_are_those_of_the_sources(self):
        for heading in SOURCES:
            with self.subTest(file=SOURCES[heading]):
                named = set(re.findall(r'"((?:fromguard|process)_\w+)"', source(heading)))
                self.assertEqual(named, {name for name, row in rows().items() if row.heading in (heading, "Of both")})

    def test_labels_of_the_gateway_are_those_of_its_source(self):
        """Of most families there is no sample before the first message that is counted so."""
        for name, labels in labels_in_source().items():
            with self.subTest(metric=name):
                self.assertEqual(rows()[name].labels, labels)


if __name__ == "__main__":
    unittest.main(verbosity=2)
