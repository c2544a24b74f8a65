#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""The packages in a fresh Debian: what an installation brings and what it does not do, both daemons as
their units start them behind Debian's own Postfix, an upgrade while mail flows, and a purge that leaves
nothing. DEBS and NEWER_DEBS name folders with the packages and with those of a later version."""
import collections
import contextlib
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))

from debian_root import DebianRoot  # noqa: E402
from support.mail import Client  # noqa: E402
from support.site import forged, genuine  # noqa: E402
from support.sink import Sink  # noqa: E402
from support.succession import NotifySocket, become_subreaper  # noqa: E402
from support.waiting import free_port, is_listening, wait_until  # noqa: E402

OURS = ["fromguard-common", "fromguard-gateway", "fromguard-directory"]

POLICY = """\
version: 1
mode: enforce
authentication: {require: never}
rules:
  - name: all
    then: {disposition: spoof, action: reject, code: 550 5.7.1, text: "{reason}"}
"""
ORGANIZATIONS = """\
organizations:
  - name: contoso
    domains: [contoso.com]
    directories:
      - {name: Staff, type: csv, path: staff.csv, sync: {every: 5m}}
    protect: {groups: [Executives]}
"""
STAFF = "Display_Name,Email,Groups\nAda Lovelace,ada@contoso.com,Executives\nBob Stone,bob@contoso.com,Staff\n"

# What systemd would do when a package asks for it; the rest of it cannot be had in a folder.
SYSTEMCTL = """\
#!/bin/sh
echo "$*" >>/run/systemctl.log
case $* in
  *try-reload-or-restart*fromguard-gateway.service*) kill -USR2 "$(cat /run/gateway.pid)" ;;
esac
"""


def packages(folder):
    """The three packages, without those of debugging symbols."""
    found = {path.name.split("_")[0]: path for path in pathlib.Path(folder).glob("*.deb")}
    return [found[name] for name in OURS]


def dependencies(paths):
    """What Debian's packages they need, to be there before."""
    names = set()
    for path in paths:
        told = subprocess.run(["dpkg-deb", "--field", path, "Depends"], check=True, capture_output=True, text=True)
        names |= {re.split(r"[ (|]", each.strip())[0] for each in told.stdout.split(",")}
    return sorted(names - set(OURS))


class Installed(unittest.TestCase):
    """One root and one story: the tests are its chapters, in the order of their names."""

    @classmethod
    def setUpClass(cls):
        become_subreaper()
        cls.debs, cls.newer = packages(os.environ["DEBS"]), packages(os.environ["NEWER_DEBS"])
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="fromguard-root-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.folder.chmod(0o755)
        cls.root = DebianRoot(cls.folder / "root",
                              [*dependencies(cls.debs), "postfix", "procps", "python3", "python3-seccomp", "systemd"])
        cls.before = set(cls.root.find("*fromguard*"))
        cls.logs = {name: cls.folder / f"{name}.log" for name in ("gateway", "directory")}
        cls.running = {}
        cls.addClassCleanup(cls.stop_all)

    @classmethod
    def stop_all(cls):
        for pid in cls.running.values():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if (cls.folder / "root/var/spool/postfix/pid/master.pid").exists():
            cls.root.try_to_run("postfix", "stop")

    def path(self, name):
        return self.root.folder / name.lstrip("/")

    def write(self, name, text):
        self.path(name).write_text(text, encoding="utf-8")

    def install(self, debs):
        for deb in debs:
            shutil.copy(deb, self.path("/tmp"))
        self.root.run("dpkg", "--install", *(f"/tmp/{deb.name}" for deb in debs))

    def start(self, name):
        """Starts a daemon by its unit, and waits until it says that it is ready."""
        notify = NotifySocket(self.path(f"/run/{name}.notify"))
        self.addCleanup(notify.close)
        notify.path.chmod(0o777)
        process = self.root.start_unit(f"fromguard-{name}.service", self.logs[name],
                                       {"NOTIFY_SOCKET": f"/run/{name}.notify"})
        self.running[name] = process.pid
        type(self).processes = getattr(self, "processes", []) + [process]

        def is_ready():
            self.assertIsNone(process.poll(), self.logs[name].read_text(errors="replace"))
            return notify.has(process.pid, "READY=1")

        wait_until(is_ready, f"{name} to be ready")

    def test_1_an_installation_brings_files_and_starts_nothing(self):
        self.install(self.debs)
        modes = self.root.run("stat", "--format", "%a %U %G %n", *(
            f"/var/lib/fromguard{each}" for each in ("", "/directory", "/snapshots", "/detections")))
        self.assertEqual(modes.splitlines(), [
            "755 root root /var/lib/fromguard",
            "700 fromguard-directory fromguard /var/lib/fromguard/directory",
            "2750 fromguard-directory fromguard-gateway /var/lib/fromguard/snapshots",
            "2750 fromguard-gateway fromguard /var/lib/fromguard/detections"])
        told = self.root.run("dpkg-query", "--show", "--showformat=${Conffiles}\\n", *OURS)
        self.assertEqual(sorted(re.findall(r"(?m)^ (\S+)", told)),
                         [f"/etc/fromguard/{each}.yaml" for each in ("directory", "gateway", "policy")])
        self.assertEqual(self.root.find("*.wants"), [each for each in self.root.find("*.wants") if not list(
            self.path(each).glob("*fromguard*"))], "nothing is enabled")
        for port in (8897, 9811, 9812, 8480):
            self.assertFalse(is_listening(port), f"nothing listens at {port}")
        for name, status, said in (("gateway", 66, "start fromguard-directory"),
                                   ("directory", 78, "'organizations' must be a list")):
            done = self.root.try_to_run(f"fromguard-{name}", "check", "--config", f"/etc/fromguard/{name}.yaml")
            self.assertEqual(done.returncode, status, done)
            self.assertIn(said, done.stdout + done.stderr, "it says what is to be done first")

    def configure(self):
        self.milter_port, self.smtp_port, self.sink = free_port(), free_port(), Sink()
        type(self).milter_port, type(self).smtp_port, type(self).sink = self.milter_port, self.smtp_port, self.sink
        self.addClassCleanup(self.sink.close)
        gateway = self.path("/etc/fromguard/gateway.yaml").read_text(encoding="utf-8")
        self.assertIn("listen: inet:8897@127.0.0.1", gateway)
        gateway = gateway.replace("inet:8897@127.0.0.1", f"inet:{self.milter_port}@127.0.0.1")
        self.write("/etc/fromguard/gateway.yaml", gateway.replace("127.0.0.1:9811", f"127.0.0.1:{free_port()}"))
        self.write("/etc/fromguard/policy.yaml", POLICY)
        self.write("/etc/fromguard/staff.csv", STAFF)
        self.write("/etc/fromguard/directory.yaml",
                   "state: /var/lib/fromguard/directory\nsnapshots: /var/lib/fromguard/snapshots\n"
                   "detections: /var/lib/fromguard/detections\napi: {socket: /run/fromguard/directory.sock}\n"
                   + ORGANIZATIONS)

    def start_postfix(self):
        """Debian's Postfix, as installed: told of the domain, of the server behind it, and by `setup` of the
        gateway. It listens at a free port in place of 25."""
        self.root.run("sh", "-c", "test -e /etc/postfix/main.cf || cp /usr/share/postfix/main.cf.debian "
                      "/etc/postfix/main.cf; test -e /etc/postfix/master.cf || cp /usr/share/postfix/master.cf.dist "
                      "/etc/postfix/master.cf")
        self.root.run("postconf", "-e", "myhostname=relay.example", "mydestination=", "mynetworks=",
                      "inet_interfaces=loopback-only", "inet_protocols=ipv4", "relay_domains=contoso.com",
                      f"relay_transport=smtp:[127.0.0.1]:{self.sink.port}", "smtp_host_lookup=native",
                      "smtp_dns_support_level=disabled", "alias_maps=", "alias_database=",
                      "smtpd_authorized_xclient_hosts=127.0.0.1", "smtpd_peername_lookup=no",
                      "local_header_rewrite_clients=", "smtpd_relay_restrictions=reject_unauth_destination",
                      "maillog_file=/var/log/mail.log", "smtp_tls_security_level=none")
        self.root.run("postconf", "-MX", "smtp/inet")
        self.root.run("postconf", "-Me", f"{self.smtp_port}/inet={self.smtp_port} inet n - y - - smtpd")
        told = self.root.run("fromguard-gateway", "setup", "postfix", "--apply", "--config", "/etc/fromguard/gateway.yaml")
        self.assertIn("main.cf", told)
        self.root.run("postfix", "start")
        wait_until(lambda: is_listening(self.smtp_port), "Postfix to listen")

    def send(self, message):
        with Client(self.smtp_port) as client:
            return client.send(message, "reception@contoso.com")

    def test_2_both_daemons_work_as_their_units_start_them(self):
        self.configure()
        self.start("directory")
        wait_until(lambda: self.path("/var/lib/fromguard/snapshots/current").is_symlink(), "a generation")
        # It is ready only if its helper process is, confined within the unit.
        self.start("gateway")
        self.start_postfix()
        reply = self.send(forged())
        self.assertEqual((reply.code, reply.text[:5]), (550, "5.7.1"), reply)
        message = genuine()
        self.assertEqual(self.send(message).code, 250)
        self.sink.wait_for(message.token)
        # An administrator's command, and the gateway's record as the directory daemon reads it.
        command = ("fromguard-directory", "detections", "list", "--config", "/etc/fromguard/directory.yaml")
        wait_until(lambda: "Ada Lovelace" in self.root.run(*command), "the detection")
        self.root.run("useradd", "--groups", "fromguard", "admin")
        self.assertIn("Ada Lovelace", self.root.run("runuser", "-u", "admin", "--", *command))
        refused = self.root.try_to_run("runuser", "-u", "fromguard-gateway", "--", *command)
        self.assertIn("Permission denied", refused.stderr, "the gateway's user gives no admin commands")

    def test_3_an_upgrade_while_mail_flows(self):
        edited = self.path("/etc/fromguard/policy.yaml").read_text(encoding="utf-8")
        self.path("/run/systemd/system").mkdir(parents=True)
        self.addCleanup(shutil.rmtree, self.path("/run/systemd"))
        self.write("/usr/local/bin/systemctl", SYSTEMCTL)
        self.path("/usr/local/bin/systemctl").chmod(0o755)
        self.write("/run/gateway.pid", str(self.running["gateway"]))
        replies, stop = collections.Counter(), threading.Event()

        def send_until_stopped():
            while not stop.is_set():
                replies[self.send(genuine()).code] += 1
                replies[self.send(forged()).code] += 1

        clients = [threading.Thread(target=send_until_stopped) for _ in range(3)]
        for client in clients:
            client.start()
        try:
            self.install(self.newer)
            log = self.logs["gateway"]
            wait_until(lambda: "handed_over" in log.read_text(errors="replace"), "the new program to take over")
            sent = sum(replies.values())
            wait_until(lambda: sum(replies.values()) > sent + 20, "more mail")
        finally:
            stop.set()
            for client in clients:
                client.join()
        print(f"upgrade under load, replies: {dict(replies)}")
        self.assertEqual(set(replies), {250, 550})
        (successor,) = re.findall(r"handed_over to=(\d+)", self.logs["gateway"].read_text(errors="replace"))
        self.running["gateway"] = int(successor)
        self.assertEqual(self.path("/etc/fromguard/policy.yaml").read_text(encoding="utf-8"), edited)
        asked = self.path("/run/systemctl.log").read_text(encoding="utf-8")
        self.assertIn("try-restart fromguard-directory.service", asked)
        self.path("/usr/local/bin/systemctl").unlink()

    def test_4_a_removal_keeps_what_people_have_made_and_a_purge_nothing(self):
        self.root.run("fromguard-gateway", "setup", "postfix", "--remove", "--config", "/etc/fromguard/gateway.yaml")
        for name in ("gateway", "directory"):
            os.kill(self.running.pop(name), signal.SIGTERM)
        for process in self.processes:
            process.wait(60)
        self.root.run("postfix", "stop")
        self.root.run("dpkg", "--remove", "fromguard-gateway", "fromguard-directory")
        self.assertTrue(self.path("/etc/fromguard/policy.yaml").exists())
        self.assertTrue(self.path("/var/lib/fromguard/snapshots/current").is_symlink())
        self.path("/etc/fromguard/staff.csv").unlink()
        self.root.run("dpkg", "--purge", *OURS)
        left = set(self.root.find("*fromguard*")) - self.before
        # What was put there by this test, or keeps what was there before.
        left = {each for each in left if not each.startswith(("/tmp/", "/run/", "/etc/postfix/main.cf."))}
        self.assertEqual(left, set())
        for name in ("passwd", "group", "shadow"):
            self.assertNotIn("fromguard", self.path(f"/etc/{name}").read_text(encoding="utf-8"))


if __name__ == "__main__":
    unittest.main(verbosity=2, failfast=True)
