# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""A gateway with published people and no MTA before it, and what its process takes."""
import contextlib
import os
import pathlib
import shutil
import signal
import sys
import tempfile
import time

from milter_peer import Peer, forged, innocent, judge
from support.daemons import Directory, Gateway
from support.site import ORGANIZATIONS, write_people
from support.waiting import free_port, wait_until

REJECTING = """\
version: 1
mode: enforce
authentication: {require: never}
rules:
  - name: all
    then: {action: reject}
"""
MIB = 1 << 20


class ServedGateway:
    """Started on entry with `policy` and further lines of gateway.yaml, and stopped on exit."""

    def __init__(self, policy=REJECTING, settings="", people=(), starts=True):
        self._policy = policy
        self._settings = settings
        self._people = people
        self._starts = starts
        self._stack = contextlib.ExitStack()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="fromguard-faults-"))
        self._stack.callback(shutil.rmtree, self.folder)
        self.directory = Directory(self.folder / "directory", ORGANIZATIONS)
        self.gateway = Gateway(self.folder / "gateway", self.directory.snapshots)

    def __enter__(self):
        with contextlib.ExitStack() as undo:
            undo.enter_context(self._stack)
            write_people(self.directory, *self._people)
            self.directory.publish()
            # Nobody answers questions to DNS, unless a suite names somebody who does.
            nobody = "" if "dns:" in self._settings else f'dns: {{servers: ["127.0.0.1:{free_port()}"], timeout: 1s}}\n'
            self.gateway.configure(nobody + self._settings)
            self._quieten()
            self.gateway.write_policy(self._policy)
            undo.callback(self._end)
            if self._starts:
                self.gateway.start()
            self._stack = undo.pop_all()
        return self

    def __exit__(self, kind, error, trace):
        if error is not None:
            print(self.gateway.log()[-6000:], file=sys.stderr)
        self._stack.close()

    def _quieten(self):
        """A debug log of each message would be most of what is measured."""
        text = self.gateway.configuration.read_text()
        self.gateway.configuration.write_text(text.replace("level: debug", "level: info"))

    def _end(self):
        if self.gateway.running:
            self.gateway.stop()

    @property
    def port(self):
        return self.gateway.milter_port

    @property
    def pid(self):
        return self.gateway.pid

    def judge(self, shape, patience=30.0):
        return judge(self.port, shape, patience)

    def judges_rightly(self):
        """Whether a forged message is refused and an innocent one passes, now."""
        return self.judge(forged()).is_refusal and self.judge(innocent()).code == b"a"

    def connections(self):
        """How many the gateway says that it has. It counts once a second, and when it is told to reload."""
        self.gateway.signal(signal.SIGUSR1)
        return int(self.gateway.metric("fromguard_connections"))

    def wait_for_no_connections(self, seconds=30.0):
        """Waits until the gateway says that nobody is connected; TimeoutError if somebody stays. A connection
        that is known to be open shows that what it says is of now."""
        with Peer(self.port) as marker:
            marker.negotiate()
            wait_until(lambda: self.connections() > 0, "the gateway to count its sessions", seconds)
        wait_until(lambda: self.connections() == 0, "no session to be left", seconds)

    def descriptors(self):
        return descriptors_of(self.pid)

    def least_descriptors(self, most=0, seconds=2.0):
        """The fewest descriptors seen while they are more than `most`: some are just being closed."""
        deadline = time.monotonic() + seconds
        least = self.descriptors()
        while least > most and time.monotonic() < deadline:
            time.sleep(0.01)
            least = min(least, self.descriptors())
        return least

    def threads(self):
        return len(os.listdir(f"/proc/{self.pid}/task"))

    def resident(self, what="VmRSS"):
        """Octets of memory now, or at most so far with VmHWM."""
        return resident_of(self.pid, what)

    def cpu_seconds(self):
        return cpu_seconds_of(self.pid)


def descriptors_of(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def resident_of(pid, what="VmRSS"):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(what + ":"):
            return int(line.split()[1]) * 1024
    return 0


def forget_peak(pid):
    """From here VmHWM is counted anew."""
    pathlib.Path(f"/proc/{pid}/clear_refs").write_text("5")


def cpu_seconds_of(pid):
    """User and system time of a process; /proc/PID/stat has it in ticks, too coarse for a message."""
    return time.clock_gettime((~pid << 3) | 2)


def mebibytes(octets):
    return f"{octets / MIB:.1f} MiB"
