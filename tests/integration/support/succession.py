# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""A gateway and the successors it hands over to, as systemd looks after them."""
import contextlib
import ctypes
import os
import signal
import socket
import struct

from support.waiting import wait_until

PR_SET_CHILD_SUBREAPER = 36


def become_subreaper():
    """From here this process is the parent of those whose parents have ended, as PID 1 is."""
    if ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise RuntimeError("prctl refused to make this process a subreaper")


class Succession:
    """Knows which process of a running Gateway serves. Who has ended is waited for here, as by PID 1."""

    def __init__(self, gateway):
        become_subreaper()
        self._gateway = gateway
        self.serving = gateway.pid
        self.all = [gateway.pid]

    def ask(self):
        """Asks the process that serves to hand over."""
        os.kill(self.serving, signal.SIGUSR2)

    def hand_over(self):
        """Has the process that serves hand over, and waits for its successor."""
        events = self._gateway.log_events
        started, handed_over = len(events("started")), len(events("handed_over"))
        self.ask()
        wait_until(lambda: len(events("started")) > started and len(events("handed_over")) > handed_over,
                   "the successor to serve")
        self.serving = self._gateway.log_events("handed_over")[-1]["to"]
        self.all.append(self.serving)

    def has_ended(self, pid):
        """Whether this process has ended."""
        if pid == self._gateway.pid:
            return not self._gateway.running
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
        return not os.path.exists(f"/proc/{pid}")

    def wait_for_end(self, pid):
        wait_until(lambda: self.has_ended(pid), f"the end of process {pid}")

    def stop(self):
        """SIGTERM for the one that serves, and the end of all."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.serving, signal.SIGTERM)
        for pid in reversed(self.all):
            self.wait_for_end(pid)


class NotifySocket:
    """The end of systemd for sd_notify(3): `told` is a list of process id and text."""

    def __init__(self, path):
        self.path = path
        self.told = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self._socket.bind(str(path))
        self._socket.setblocking(False)

    def close(self):
        self._socket.close()

    def has(self, pid, text):
        """Whether this process has said a line that starts so."""
        with contextlib.suppress(BlockingIOError):
            while True:
                octets, [(_, _, credentials)], _, _ = self._socket.recvmsg(4096, socket.CMSG_SPACE(12))
                self.told.append((struct.unpack("3i", credentials)[0], octets.decode()))
        return any(who == pid and any(line.startswith(text) for line in what.splitlines())
                   for who, what in self.told)
