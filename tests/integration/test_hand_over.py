#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""A gateway that is replaced while mail flows: no connection is refused, no session is cut, and no
message passes unjudged. systemd's part is played by the test."""
import collections
import os
import signal
import socket
import subprocess
import threading
import unittest

from support.daemons import program
from support.site import REASON, SiteTestCase, forged, genuine
from support.succession import NotifySocket, Succession
from support.waiting import free_port, wait_until

REJECTING = """\
version: 1
mode: enforce
authentication: {require: never}
rules:
  - name: all
    then: {disposition: spoof, action: reject, code: 550 5.7.1, text: "{reason}"}
"""
TAGGING = REJECTING.replace("action: reject, code: 550 5.7.1, text: \"{reason}\"", "action: tag")
IN_A_ROW = 15
CLIENTS = 6


class HandOverTestCase(SiteTestCase):
    """The gateway runs, and `succession` knows who serves; it is ended with the test."""

    policy = REJECTING
    starts_gateway = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kept = cls.site.folder / "detections"
        cls.site.gateway.configure(f"detections: {cls.kept}\n")
        cls.site.directory.publish()

    def start(self):
        self.site.gateway.start()
        self.succession = Succession(self.site.gateway)
        self.addCleanup(self.succession.stop)

    def send_until(self, stop, replies):
        """Sends sessions of three messages, until told to stop."""
        while not stop.is_set():
            try:
                with self.site.client() as client:
                    for message in (genuine(), forged(), genuine()):
                        replies[client.send(message, "reception@contoso.com").code] += 1
            except OSError as error:
                replies[repr(error)] += 1


class UnderLoad(HandOverTestCase):
    def test_fifteen_in_a_row_break_no_session(self):
        self.start()
        stop = threading.Event()
        counts = [collections.Counter() for _ in range(CLIENTS)]
        clients = [threading.Thread(target=self.send_until, args=(stop, each)) for each in counts]
        for client in clients:
            client.start()
        try:
            for _ in range(IN_A_ROW):
                sent = sum(sum(each.values()) for each in counts)
                self.succession.hand_over()
                wait_until(lambda: sum(sum(each.values()) for each in counts) >= sent + 3 * CLIENTS, "more mail")
        finally:
            stop.set()
            for client in clients:
                client.join()
        total = sum(counts, collections.Counter())
        print(f"{IN_A_ROW} hand-overs, replies: {dict(total)}")
        self.assertEqual(set(total), {250, 550})
        self.assertEqual(total[250], 2 * total[550])
        self.assertEqual(self.site.gateway.log_events("detections_failed"), [])
        for pid in self.succession.all[:-1]:
            self.succession.wait_for_end(pid)


class Sessions(HandOverTestCase):
    policy = TAGGING

    def detections(self):
        """Reasons in the order of ids, read as an admin would."""
        listed = self.site.directory.ask("detections", "list")["detections"]
        return [each["message_id"] for each in sorted(listed, key=lambda each: each["id"])]

    def test_a_session_goes_on_where_it_began_and_its_findings_are_kept(self):
        text = self.site.directory.configuration.read_text()
        self.site.directory.configuration.write_text(f"detections: {self.kept}\n{text}")
        self.site.directory.spawn()
        self.addCleanup(self.site.directory.stop)
        self.site.directory.wait_until(self.site.directory.has_started, "the directory daemon to serve")
        self.start()
        first = self.succession.serving
        before, between, after = forged(), forged(), forged()
        with self.site.client() as client:
            self.assertEqual(client.send(before, "reception@contoso.com").code, 250)
            self.succession.hand_over()
            self.site.pass_through(between)
            self.assertEqual(client.send(after, "reception@contoso.com").code, 250)
            self.assertIn(REASON.encode(), self.site.delivered(after))
            self.assertFalse(self.succession.has_ended(first))
        self.succession.wait_for_end(first)
        expected = [each.token.decode() for each in (before, between, after)]
        wait_until(lambda: self.detections() == expected, "all detections in the order in which they came")

    def test_a_stop_waits_for_a_message_of_the_predecessor(self):
        self.start()
        first = self.succession.serving
        message = genuine()
        with self.site.client() as client:
            for line in ("MAIL FROM:<billing@freemail.example>", "RCPT TO:<reception@contoso.com>", "DATA"):
                client.command(line)
            self.succession.hand_over()
            os.kill(self.succession.serving, signal.SIGTERM)
            wait_until(lambda: len(self.site.gateway.log_events("stopping")) == 2, "both to come to their end")
            client.socket.sendall(message.octets + b".\r\n")
            self.assertEqual(client.read_reply().code, 250)
        self.succession.wait_for_end(first)
        self.succession.wait_for_end(self.succession.serving)


class Configuration(HandOverTestCase):
    def failures(self):
        return len(self.site.gateway.log_events("hand_over_failed"))

    def test_a_successor_that_cannot_serve_changes_nothing(self):
        gateway = self.site.gateway
        self.start()
        self.addCleanup(gateway.configure, f"detections: {self.kept}\n")
        gateway.configure("no_such_key: 1\n")
        before = self.failures()
        self.succession.ask()
        wait_until(lambda: self.failures() > before, "the refusal in the log")
        self.assertIn("gateway.yaml:", gateway.log())
        self.assertEqual(self.site.send(forged()).code, 550)
        gateway.configure(f"detections: {self.kept}\ninspect_authenticated: true\n")
        self.succession.hand_over()
        self.assertEqual(self.site.send(forged()).code, 550)

    def test_a_successor_that_could_not_judge_does_not_take_over(self):
        self.start()
        current = self.site.directory.snapshots / "current"
        good = os.readlink(current)
        current.unlink()
        self.addCleanup(lambda: current.is_symlink() or current.symlink_to(good))
        before = self.failures()
        self.succession.ask()
        wait_until(lambda: self.failures() > before, "the refusal in the log")
        self.assertEqual(self.site.send(forged()).code, 550)

    def test_addresses_may_change(self):
        gateway = self.site.gateway
        self.start()
        old_port, gateway.metrics_port = gateway.metrics_port, free_port()
        gateway.configure(f"detections: {self.kept}\n")
        self.succession.hand_over()
        wait_until(lambda: gateway.get("/readyz")[0] == 200, "metrics at the new address")
        with self.assertRaises(OSError):
            socket.create_connection(("127.0.0.1", old_port), timeout=5).close()
        self.assertEqual(self.site.send(forged()).code, 550)


class UnderSystemd(HandOverTestCase):
    def test_what_the_service_manager_is_told(self):
        gateway = self.site.gateway
        manager = NotifySocket(self.site.folder / "notify")
        self.addCleanup(manager.close)
        gateway.environment = {"NOTIFY_SOCKET": str(manager.path), "WATCHDOG_USEC": "20000000"}
        self.addCleanup(gateway.environment.clear)
        self.start()
        first = self.succession.serving
        wait_until(lambda: manager.has(first, "READY=1"), "the gateway to be ready")
        self.assertTrue(manager.has(first, "STATUS=generation 1, 4 people; policy"))
        self.assertFalse(manager.has(first, "RELOADING=1"))
        self.succession.hand_over()
        second = self.succession.serving
        wait_until(lambda: manager.has(second, "READY=1"), "the successor to be ready")
        self.assertTrue(manager.has(first, "RELOADING=1"))
        self.assertTrue(manager.has(first, f"MAINPID={second}"))
        wait_until(lambda: manager.has(second, "WATCHDOG=1"), "the watchdog to be fed by the successor")
        self.succession.stop()
        self.assertTrue(manager.has(second, "STOPPING=1"))
        self.assertFalse(manager.has(first, "STOPPING=1"), "the service goes on")

    def start_with(self, listener, listens_on):
        """The gateway, with this socket as systemd hands it over."""
        gateway = self.site.gateway
        text = gateway.configuration.read_text()
        gateway.configuration.write_text(text.replace(f"inet:{gateway.milter_port}@127.0.0.1", listens_on))
        self.addCleanup(gateway.configuration.write_text, text)
        with open(self.site.folder / "activated.log", "wb") as log:
            process = subprocess.Popen(
                ["sh", "-c", "exec 3<&0; LISTEN_PID=$$ LISTEN_FDS=1 exec \"$0\" run --config \"$1\"",
                 program("fromguard-gateway"), str(gateway.configuration)],
                stdin=listener, stdout=log, stderr=log)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def test_a_socket_of_systemd_outlives_the_gateway(self):
        path = self.site.folder / "gateway.sock"
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
            listener.listen()
            for _ in range(2):
                process = self.start_with(listener, f"unix:{path}")
                wait_until(lambda: self.site.gateway.get("/readyz")[0] == 200, "the gateway to be ready")
                with socket.socket(socket.AF_UNIX) as client:
                    client.connect(str(path))
                process.terminate()
                self.assertEqual(process.wait(60), 0)
                self.assertTrue(path.exists())

    def test_a_socket_that_is_not_the_configured_one_is_refused(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            process = self.start_with(listener, f"inet:{free_port()}@127.0.0.1")
            self.assertEqual(process.wait(60), 78)
        self.assertIn("was handed over is not inet:", (self.site.folder / "activated.log").read_text())


if __name__ == "__main__":
    unittest.main(verbosity=2)
