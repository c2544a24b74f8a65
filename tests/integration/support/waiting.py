# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Bounded waits on a condition, and free ports."""
import random
import socket
import time


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
    """A loopback port nobody listens on, below those the kernel hands out to outgoing connections."""
    for _ in range(1000):
        port = random.randrange(20000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port between 20000 and 32000 on 127.0.0.1")


def is_listening(port):
    """Whether something accepts connections on this loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
