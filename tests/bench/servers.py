# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""The programs a benchmark runs: each started on a free port or in a temporary folder, stopped by its process id."""
import itertools
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from make_people import DOMAIN, people
from noise import Noise

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from support.waiting import free_port  # noqa: E402 pylint: disable=wrong-import-position

START_SECONDS = 120
STOP_SECONDS = 15
PUBLISH_SECONDS = 3600


class Failure(Exception):
    """Something does not run; the text says what, and what it printed."""


def tail(log):
    """The end of what a program printed."""
    return log.read_text(encoding="utf-8", errors="replace")[-3000:]


class Server:
    """A running milter."""

    publish = None
    resident_mib = 0.0

    def __init__(self, name, folder, socket_kind, under=()):
        """`under` is the command that it runs under, such as valgrind's."""
        self.name = name
        self.under = under
        self.folder = folder / name.replace(" ", "-").replace(",", "")
        self.folder.mkdir()
        self.address = f"unix:{self.folder}/sock" if socket_kind == "unix" else f"inet:{free_port()}@127.0.0.1"
        self.log = self.folder / "log"
        self.process = None

    def start(self, *command):
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [str(part) for part in [*self.under, *command]], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + START_SECONDS
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                state = self.process.poll()
                self.stop()
                raise Failure(f"{self.name} is not ready (status {state}):\n{tail(self.log)}")
            time.sleep(0.05)

    def is_ready(self):
        raise NotImplementedError

    def cpu_seconds(self):
        """User and system time the process has used: its processor clock, as clock_getcpuclockid(3) makes its number.

        /proc/PID/stat holds the same in ticks of 10 ms, too coarse for a measurement of a second.
        """
        return time.clock_gettime((~self.process.pid << 3) | 2)

    def resident(self):
        """MiB in memory now."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0.0

    def stop(self):
        if self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class NullMilter(Server):
    def __init__(self, name, programs, folder, socket_kind, under=()):
        super().__init__(name, folder, socket_kind, under)
        self.start(programs / "null_milter", self.address)

    def is_ready(self):
        """It prints its address as a line once it listens."""
        return self.address in tail(self.log).splitlines()


class Gateway(Server):
    """`dns` of all of them is the one name server they are told of; without it those of the machine."""

    dns = ""
    policy = "version: 1\nmode: enforce\nstamp: findings\n"

    def __init__(self, name, programs, folder, socket_kind, snapshots, under=()):
        super().__init__(name, folder, socket_kind, under)
        self.metrics_port = free_port()
        (self.folder / "policy.yaml").write_text(self.policy, encoding="ascii")
        config = self.folder / "gateway.yaml"
        config.write_text(
            f"listen: {self.address}\n"
            f"snapshot: {snapshots}\n"
            f"policy: {self.folder}/policy.yaml\n"
            f"metrics: 127.0.0.1:{self.metrics_port}\n"
            "trusted_networks: []\n"
            "log: {level: warning}\n"
            + (f"dns: {{servers: ['{self.dns}']}}\n" if self.dns else ""),
            encoding="utf-8",
        )
        self.start(programs / "fromguard-gateway", "run", "--config", config)

    def is_ready(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics_port}/readyz", timeout=5) as answer:
                # Ready is said a moment before connections are taken.
                return answer.status == 200 and is_listening(self.address)
        except (urllib.error.URLError, OSError):
            return False


def is_listening(address):
    """Whether somebody takes connections at a milter's address."""
    kind, place = address.split(":", 1)
    with socket.socket(socket.AF_UNIX if kind == "unix" else socket.AF_INET) as client:
        return client.connect_ex(place if kind == "unix" else ("127.0.0.1", int(place.split("@")[0]))) == 0


def write_organization(home, number, own_people):
    """The people of one organization as CSV, and its part of the configuration. The first one is the one that gets mail."""
    name, domain = ("contoso", DOMAIN) if number == 0 else (f"contoso{number}", f"contoso{number}.com")
    with (home / f"{name}.csv").open("w", encoding="ascii") as csv:
        csv.write("Display_Name,Email,Groups\n")
        csv.writelines(f"{shown},{address.replace(DOMAIN, domain)},{groups}\n" for shown, address, groups in own_people)
    return (f"  - name: {name}\n"
            f"    domains: [{domain}]\n"
            "    directories:\n"
            f"      - {{name: people, type: csv, path: {home}/{name}.csv}}\n"
            "    protect: {groups: [Everyone]}\n")


def publish(size, programs, folder, organizations=1, under=()):
    """Publishes a generation of so many protected people, as many of each organization, unless one is there.

    Its folder, and what it cost.
    """
    home = folder / f"directory-{size}-{organizations}{'-counted' if under else ''}"
    kept = home / "cost.json"
    if kept.exists():
        return home / "snapshots", json.loads(kept.read_text(encoding="utf-8"))
    home.mkdir()
    everyone = people(size)
    parts = [write_organization(home, number, itertools.islice(everyone, size // organizations))
             for number in range(organizations)]
    config = home / "directory.yaml"
    config.write_text(f"state: {home}/state\nsnapshots: {home}/snapshots\norganizations:\n{''.join(parts)}",
                      encoding="utf-8")
    noise = Noise([])
    begun = time.monotonic()
    log = home / "log"
    command = [*under, programs / "fromguard-directory", "run", "--once", "--config", config]
    with log.open("wb") as output:
        process = subprocess.Popen([str(part) for part in command],
                                   stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        status, usage = wait_for(process, begun + PUBLISH_SECONDS)
    seconds = time.monotonic() - begun
    if status != 0:
        raise Failure(f"fromguard-directory did not publish {size:,} people (status {status}):\n{tail(log)}")
    cost = {
        "seconds": seconds,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "resident_mib": usage.ru_maxrss / 1024,
        "others_share": noise.share(),
    }
    kept.write_text(json.dumps(cost), encoding="utf-8")
    return home / "snapshots", cost


def wait_for(process, deadline):
    """Waits for a process to end and says what it used; past the deadline it is killed."""
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid != 0:
            process.returncode = os.waitstatus_to_exitcode(status)
            return process.returncode, usage
        if time.monotonic() > deadline:
            process.kill()
        time.sleep(0.02)
