# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Bounded waits on a condition, and free ports."""
import fcntl
import os
import pathlib
import random
import socket
import tempfile
import time

# Ports are below those the kernel hands out to outgoing connections. One that a test was given is its own
# until it ends: it may listen there later than another test asks.
PORTS = range(20000, 32000)
RESERVATIONS = pathlib.Path(tempfile.gettempdir()) / "fromguard-test-ports"


def wait_until(condition, what, timeout=30.0):
    """Returns the first true value of `condition()`; TimeoutError says `what` did not come."""
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() >= deadline:
            raise TimeoutError(f"waited {timeout:g} s for: {what}")
        time.sleep(0.01)


def free_port():
    """A loopback port nobody listens on and no other test of this machine is given while this one runs."""
    for port in random.sample(PORTS, 1000):
        if _reserve(port) and _can_bind(port):
            return port
    raise RuntimeError(f"no free port from {PORTS.start} to {PORTS.stop - 1} on 127.0.0.1")


def _reserve(port):
    """Whether nobody had the port, this process among them. Never given back: the lock ends with the
    process, however it ends."""
    RESERVATIONS.mkdir(exist_ok=True)
    lock = os.open(RESERVATIONS / str(port), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return False
    return True


def _can_bind(port):
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def is_listening(port):
    """Whether something accepts connections on this loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
