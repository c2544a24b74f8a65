#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""F12: descriptors, processes, memory or allocations run out: temporary failures only, and all is well when they are back."""
import collections
import contextlib
import os
import pathlib
import resource
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from figures import Figures, arguments, log  # noqa: E402 pylint: disable=wrong-import-position
from milter_peer import Peer, forged, innocent, message  # noqa: E402 pylint: disable=wrong-import-position
from served_gateway import ServedGateway, cpu_seconds_of  # noqa: E402 pylint: disable=wrong-import-position
from starved import NOBODY, FailingMalloc, Limit, size_of  # noqa: E402 pylint: disable=wrong-import-position
from support.daemons import program  # noqa: E402 pylint: disable=wrong-import-position

MOST_CPU_SHARE = 0.20
MOST_SECONDS_BACK = 1.0
FEW_DESCRIPTORS = 64
MIB = 1 << 20


def outcome(answer, is_forged):
    """What a message got; anything but its verdict or a temporary failure is wrong."""
    if answer.is_temporary:
        return "451"
    if answer.is_refusal == is_forged:
        return "judged"
    return "wrong"


def storm(served, how_many, patience=2.0):
    """Forged and innocent mail in turns, each in a session of its own; what it got."""
    counts = collections.Counter()
    for number in range(how_many):
        shape = forged() if number % 2 else innocent()
        try:
            counts[outcome(served.judge(shape, patience), bool(number % 2))] += 1
        except OSError:
            counts["hung up"] += 1  # an MTA answers 451
    return counts


def seconds_until_back(served):
    """How long it takes from now until mail is judged rightly."""
    begin = time.monotonic()
    while time.monotonic() < begin + 30:
        with contextlib.suppress(OSError):
            if served.judges_rightly():
                return time.monotonic() - begin
        time.sleep(0.01)
    return float("inf")


class Share:
    """The part of a processor that a process takes within the block."""

    def __init__(self, pid):
        self._pid = pid
        self.of_cpu = 0.0

    def __enter__(self):
        self._begin, self._cpu = time.monotonic(), cpu_seconds_of(self._pid)
        return self

    def __exit__(self, *_):
        if os.path.exists(f"/proc/{self._pid}"):
            self.of_cpu = (cpu_seconds_of(self._pid) - self._cpu) / (time.monotonic() - self._begin)


def said(counts):
    return ", ".join(f"{number} {what}" for what, number in sorted(counts.items()))


def descriptors(figures, served, short):
    """Sessions without an end take all descriptors but those that are kept."""
    pid, peers = served.pid, []
    with Limit(pid, resource.RLIMIT_NOFILE, FEW_DESCRIPTORS):
        for _ in range(200):
            with contextlib.suppress(OSError):
                peers.append(Peer(served.port, 2))
        with Share(pid) as share:
            counts = storm(served, 20)
            time.sleep(2 if short else 30)
            page, _ = served.gateway.get("/readyz")
            refused = served.gateway.metric("fromguard_limits_total", what="descriptors")
        for peer in peers:
            peer.close()
    back = seconds_until_back(served)
    figures.hold(f"gateway with {FEW_DESCRIPTORS} descriptors", f"{said(counts)}; {refused:.0f} counted as refused, /readyz {page}; "
                 f"{share.of_cpu:.1%} CPU; back after {back:.2f} s", f"none wrong, counted, < {MOST_CPU_SHARE:.0%} CPU, back < {MOST_SECONDS_BACK:.0f} s",
                 not counts["wrong"] and refused > 0 and page == 200 and served.pid == pid and served.gateway.running,
                 in_time=share.of_cpu < MOST_CPU_SHARE and back < MOST_SECONDS_BACK)


def memory(figures, served, short):
    """No address space beyond what is there."""
    pid, huge = served.pid, message(b"Ada Lovelace <ada@freemail.example>", *[(b"X-%d" % n, b"y" * 60_000) for n in range(100)])
    with Limit(pid, resource.RLIMIT_AS, size_of(pid)):
        with Share(pid) as share:
            peers = [opened for opened in (begun(served, huge) for _ in range(8 if short else 100)) if opened]
            counts = storm(served, 6 if short else 60, patience=0.5)
            for peer in peers:
                peer.close()
            idle = cpu_seconds_of(pid)
            time.sleep(2)
            idle = (cpu_seconds_of(pid) - idle) / 2
    back = seconds_until_back(served)
    figures.hold("gateway without more memory (RLIMIT_AS)", f"{said(counts)}; {share.of_cpu:.1%} CPU at work, {idle:.1%} at rest; back after {back:.2f} s",
                 f"none wrong, < {MOST_CPU_SHARE:.0%} CPU at rest, back < {MOST_SECONDS_BACK:.0f} s",
                 not counts["wrong"] and served.pid == pid, in_time=idle < MOST_CPU_SHARE and back < MOST_SECONDS_BACK)


def begun(served, shape):
    """A session in the middle of a large message, or nothing if none is taken."""
    try:
        peer = Peer(served.port, 0.5)
        peer.begin(shape)
        peer.send(shape.envelope_and_header()[:-10])
        return peer
    except OSError:
        return None


def allocations(figures, short):
    """One allocation of 10,000 fails, then one of 500."""
    served = ServedGateway(starts=False)
    failing = FailingMalloc(served.folder)
    served.gateway.environment = failing.environment
    with served:
        served.gateway.start()
        pid, messages = served.pid, 600 if short else 20_000
        for rate in (10_000, 500):
            before = failing.failures
            failing.fail_one_in(rate)
            counts = storm(served, messages)
            failing.fail_one_in(0)
            back = seconds_until_back(served)
            lives = served.gateway.running and served.pid == pid
            degraded = served.gateway.metric("fromguard_degraded_total") if lives else 0
            figures.hold(f"1 of {rate:,} allocations of the gateway fails",
                         f"{failing.failures - before} failed; {said(counts)}; {degraded:.0f} counted as degraded; "
                         f"{'back after %.2f s' % back if lives else 'the process died'}",
                         f"none wrong, no death, back < {MOST_SECONDS_BACK:.0f} s",
                         lives and not counts["wrong"] and failing.failures > before,
                         in_time=back < MOST_SECONDS_BACK)


def processes(figures, short):
    """No thread and no helper more than there are. Root is not bound by this limit, so the gateway runs as nobody."""
    with ServedGateway(starts=False) as served:
        for folder, _, files in os.walk(served.folder):
            os.chown(folder, NOBODY, NOBODY)
            for file in files:
                os.chown(os.path.join(folder, file), NOBODY, NOBODY, follow_symlinks=False)
        served.gateway.spawn = lambda: spawn_as_nobody(served.gateway)
        served.gateway.start()
        pid = served.pid
        served.judges_rightly()
        with nobodys_processes(pid, 1):
            with Share(pid) as share:
                peers = [Peer(served.port, 2) for _ in range(30)]
                counts = storm(served, 100)
            with Share(pid) as idle:
                time.sleep(1 if short else 10)
            for peer in peers:
                peer.close()
        back = seconds_until_back(served)
        figures.hold("gateway without more threads (RLIMIT_NPROC)",
                     f"{said(counts)}; {share.of_cpu:.1%} CPU at work, {idle.of_cpu:.1%} at rest; back after {back:.2f} s",
                     f"none wrong, < {MOST_CPU_SHARE:.0%} CPU at rest, back < {MOST_SECONDS_BACK:.0f} s",
                     not counts["wrong"] and served.pid == pid, in_time=idle.of_cpu < MOST_CPU_SHARE and back < MOST_SECONDS_BACK)


@contextlib.contextmanager
def nobodys_processes(pid, most):
    """Limits the threads of nobody's process, as nobody: root itself needs a capability for that."""
    as_before = resource.getrlimit(resource.RLIMIT_NPROC)[1]  # which the process has from here
    for number in (most, "unlimited" if as_before == resource.RLIM_INFINITY else as_before):
        subprocess.run(["prlimit", f"--pid={pid}", f"--nproc={number}:"], check=True, user=NOBODY, group=NOBODY, extra_groups=[])
        if number == most:
            yield


def spawn_as_nobody(gateway):
    # pylint: disable=protected-access
    with open(gateway._log, "ab") as written:
        gateway._log_begin = written.tell()
        gateway._process = subprocess.Popen([program("fromguard-gateway"), "run", "--config", str(gateway.configuration)],
                                            stdin=subprocess.DEVNULL, stdout=written, stderr=written,
                                            user=NOBODY, group=NOBODY, extra_groups=[])


def directory(figures, served, short):
    """The directory daemon without descriptors: it says so, waits without burning a processor, and goes on."""
    daemon = served.directory
    daemon.spawn()
    daemon.wait_until(daemon.has_started, "the directory daemon to serve")
    try:
        daemon.ask("directories", "list")
        with Limit(daemon.pid, resource.RLIMIT_NOFILE, 8):  # fewer than it has open
            asking = subprocess.Popen([program("fromguard-directory"), "directories", "list", "--config", str(daemon.configuration)],
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            with Share(daemon.pid) as share:
                time.sleep(2 if short else 30)
        begin = time.monotonic()
        waited_for = asking.wait(60)
        back = time.monotonic() - begin
        daemon.ask("directories", "list")
    finally:
        daemon.stop()
    figures.hold("directory daemon without descriptors", f"a command that waited ends with {waited_for}; {share.of_cpu:.1%} CPU; back after {back:.2f} s",
                 f"< {MOST_CPU_SHARE:.0%} CPU, back < {MOST_SECONDS_BACK:.0f} s", waited_for == 0,
                 in_time=share.of_cpu < MOST_CPU_SHARE and back < MOST_SECONDS_BACK)


def main():
    options = arguments(__doc__)
    figures = Figures("F12")
    with ServedGateway() as served:
        for fault in (descriptors, memory, directory):
            log(fault.__name__)
            fault(figures, served, options.short)
    for fault in (allocations, processes):
        log(fault.__name__)
        fault(figures, options.short)
    return figures.exit_status()


if __name__ == "__main__":
    sys.exit(main())
