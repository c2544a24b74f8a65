#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""The directory daemon over HTTPS: its certificate is renewed while it runs, and a bad one changes nothing."""
import os
import pathlib
import shutil
import signal
import ssl
import subprocess
import tempfile
import unittest

from support.daemons import Directory
from support.waiting import free_port

ORGANIZATION = """\
  - name: contoso
    domains: [contoso.com]
    directories:
      - {name: Staff, type: csv, path: staff.csv, sync: {every: 1h}}
"""


class Https(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="fromguard-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.directory = Directory(self.folder, ORGANIZATION)
        self.directory.write_csv("staff.csv", "Ada Lovelace,ada@contoso.com,,")
        self.port = free_port()
        text = self.directory.configuration.read_text()
        self.directory.configuration.write_text(
            f"api: {{listen: '0.0.0.0:{self.port}', tls: {{certificate: chain.pem, key: key.pem}}}}\n{text}")

    def install(self, name):
        """Puts a new certificate of this name and its key in place, each by rename."""
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-subj", f"/CN={name}", "-days", "90", "-keyout", self.folder / "new-key.pem",
                        "-out", self.folder / "new-chain.pem"], check=True, capture_output=True)
        os.chmod(self.folder / "new-key.pem", 0o600)
        certificate = (self.folder / "new-chain.pem").read_text()
        for file in ("chain.pem", "key.pem"):
            (self.folder / f"new-{file}").rename(self.folder / file)
        return ssl.PEM_cert_to_DER_cert(certificate)

    def served(self):
        return ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate(("127.0.0.1", self.port)))

    def start(self):
        self.directory.spawn()
        self.addCleanup(self.directory.stop)
        self.directory.wait_until(self.directory.has_started, "the daemon to serve")

    def test_a_renewed_certificate_is_taken_and_a_bad_one_is_not(self):
        first = self.install("first")
        self.start()
        self.assertEqual(self.served(), first)
        self.assertIn("certificate_taken subject=\"CN=first\"", self.directory.log())
        second = self.install("second")
        self.directory.signal(signal.SIGUSR1)
        self.directory.wait_until(lambda: self.served() == second, "SIGUSR1 to renew the certificate")
        os.chmod(self.folder / "key.pem", 0o644)
        self.directory.signal(signal.SIGUSR1)
        self.directory.wait_until(lambda: "certificate_refused" in self.directory.log(), "the key to be refused")
        self.assertIn("chmod 0600", self.directory.log())
        self.assertEqual(self.served(), second)
        third = self.install("third")
        self.directory.wait_until(lambda: self.served() == third, "the files to be looked at")

    def test_it_does_not_start_without_a_good_certificate(self):
        self.install("first")
        (self.folder / "key.pem").unlink()
        self.directory.spawn()
        self.assertNotEqual(self.directory.wait(), 0)
        self.assertIn("key.pem", self.directory.log())


if __name__ == "__main__":
    unittest.main(verbosity=2)
