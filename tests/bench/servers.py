# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""The programs a benchmark runs: each started on a free port or in a temporary folder, stopped by its process id."""
import os
import pathlib
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

from make_people import DOMAIN, people

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from support.waiting import free_port  # noqa: E402 pylint: disable=wrong-import-position

START_SECONDS = 120
STOP_SECONDS = 15
PUBLISH_SECONDS = 900


class Failure(Exception):
    """Something does not run; the text says what, and what it printed."""


def tail(log):
    """The end of what a program printed."""
    return log.read_text(encoding="utf-8", errors="replace")[-3000:]


class Server:
    """A running milter."""

    publish = None
    resident_mib = 0.0

    def __init__(self, name, folder, socket_kind):
        self.name = name
        self.folder = folder / name.replace(" ", "-").replace(",", "")
        self.folder.mkdir()
        self.address = f"unix:{self.folder}/sock" if socket_kind == "unix" else f"inet:{free_port()}@127.0.0.1"
        self.log = self.folder / "log"
        self.process = None

    def start(self, *command):
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
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
    def __init__(self, name, programs, folder, socket_kind):
        super().__init__(name, folder, socket_kind)
        self.start(programs / "null_milter", self.address)

    def is_ready(self):
        """It prints its address once it listens."""
        return self.address in tail(self.log)


class Gateway(Server):
    def __init__(self, name, programs, folder, socket_kind, snapshots):
        super().__init__(name, folder, socket_kind)
        self.metrics_port = free_port()
        (self.folder / "policy.yaml").write_text("version: 1\nmode: enforce\nstamp: findings\n", encoding="ascii")
        config = self.folder / "gateway.yaml"
        config.write_text(
            f"listen: {self.address}\n"
            f"snapshot: {snapshots}\n"
            f"policy: {self.folder}/policy.yaml\n"
            f"metrics: 127.0.0.1:{self.metrics_port}\n"
            "trusted_networks: []\n"
            "log: {level: warning}\n",
            encoding="utf-8",
        )
        self.start(programs / "fromguard-gateway", "run", "--config", config)

    def is_ready(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics_port}/readyz", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False


def publish(size, programs, folder):
    """Publishes a generation of so many protected people. Its folder, and what it cost."""
    home = folder / f"directory-{size}"
    home.mkdir()
    with (home / "people.csv").open("w", encoding="ascii") as csv:
        csv.write("Display_Name,Email,Groups\n")
        csv.writelines(f"{name},{address},{groups}\n" for name, address, groups in people(size))
    config = home / "directory.yaml"
    config.write_text(
        f"state: {home}/state\n"
        f"snapshots: {home}/snapshots\n"
        "organizations:\n"
        "  - name: contoso\n"
        f"    domains: [{DOMAIN}]\n"
        "    directories:\n"
        f"      - {{name: people, type: csv, path: {home}/people.csv}}\n"
        "    protect: {groups: [Everyone]}\n",
        encoding="utf-8",
    )
    begun = time.monotonic()
    log = home / "log"
    with log.open("wb") as output:
        process = subprocess.Popen([programs / "fromguard-directory", "run", "--once", "--config", config],
                                   stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        status, usage = wait_for(process, begun + PUBLISH_SECONDS)
    if status != 0:
        raise Failure(f"fromguard-directory did not publish {size:,} people (status {status}):\n{tail(log)}")
    return home / "snapshots", {
        "seconds": time.monotonic() - begun,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "resident_mib": usage.ru_maxrss / 1024,
    }


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
