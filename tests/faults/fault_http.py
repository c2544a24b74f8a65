#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""F8: HTTP as an attacker speaks it, to the API of the directory daemon and to the metrics of both daemons."""
import contextlib
import http.client
import os
import pathlib
import random
import re
import resource
import socket
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from figures import Figures, arguments, log  # noqa: E402 pylint: disable=wrong-import-position
from served_gateway import MIB, ServedGateway, forget_peak, mebibytes, resident_of  # noqa: E402 pylint: disable=wrong-import-position
from support.waiting import free_port  # noqa: E402 pylint: disable=wrong-import-position

MOST_GROWTH = 32 * MIB
MOST_MS = 100.0
HEADER_SECONDS = 10.0
CROWD = 1000
HEAD = b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\n"
SECOND = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
# Each is a request that two readers may end in two places, with another one behind it.
SMUGGLED = {
    "CL and TE": HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SECOND,
    "TE and CL": HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 60\r\n\r\n0\r\n\r\n" + SECOND,
    "two CL": HEAD + b"Content-Length: 0\r\nContent-Length: 44\r\n\r\n" + SECOND,
    "CL of a list": HEAD + b"Content-Length: 0, 44\r\n\r\n" + SECOND,
    "CL with a sign": HEAD + b"Content-Length: +0\r\n\r\n" + SECOND,
    "TE with a space before its colon": HEAD + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + SECOND,
    "TE of another coding": HEAD + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + SECOND,
    "two TE": HEAD + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n" + SECOND,
    "a chunk size beyond 64 bits": HEAD + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff0\r\nx\r\n0\r\n\r\n" + SECOND,
    "a lone LF": HEAD[:-2] + b"\nTransfer-Encoding: chunked\n\n0\r\n\r\n" + SECOND,
}
OTHERS = {
    "the preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0",
    "an upgrade to h2c": b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 500,
    "a milter's negotiation": b"\0\0\0\rO\0\0\0\6\0\0\1\xff\0\x1f\xff\xff",
    "HTTP/0.9": b"GET /\r\n",
    "no Host": b"GET /healthz HTTP/1.1\r\n\r\n",
}


class Target:
    """A server that is attacked, and its page that tells that it is there."""

    def __init__(self, name, pid, port, page, expected=200):
        self.name, self.pid, self.port, self.page = name, pid, port, page
        self._expected = expected

    def connect(self, patience=5.0):
        return socket.create_connection(("127.0.0.1", self.port), timeout=patience)

    def answers_in_ms(self):
        """How long its page takes now; infinite if it does not come."""
        begin = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", self.page)
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return float("inf")
        finally:
            connection.close()
        return (time.monotonic() - begin) * 1000 if status == self._expected else float("inf")


def exchange(target, octets, patience=5.0):
    """All that is answered to these octets, until the server closes or says no more."""
    said = b""
    with contextlib.suppress(OSError), target.connect(patience) as stream:
        stream.sendall(octets)
        stream.shutdown(socket.SHUT_WR)
        while octets := stream.recv(65536):
            said += octets
    return said


def stream_until_refused(target, head, piece, most):
    """Sends the head, then the piece over and over; octets sent until the server hung up, and what it said."""
    sent, said = 0, b""
    with contextlib.suppress(OSError), target.connect() as stream:
        stream.sendall(head)
        while sent < most and not said:
            stream.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                said += stream.recv(65536)
            stream.settimeout(5)
            sent += stream.send(piece)
    return sent, said


def in_memory(target, work):
    """What the work returns, and by how much the process has grown meanwhile."""
    forget_peak(target.pid)
    before = resident_of(target.pid)
    done = work()
    return done, resident_of(target.pid, "VmHWM") - before


def slow_loris(figures, target, witnesses, seconds):
    """A thousand connections that never come to the end of their header."""
    def attack():
        crowd, slowest = [], dict.fromkeys([each.name for each in witnesses], 0.0)
        end = time.monotonic() + seconds
        try:
            while time.monotonic() < end:
                for _ in range(CROWD - len(crowd)):
                    with contextlib.suppress(OSError):
                        crowd.append(target.connect(1))
                        crowd[-1].sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ")
                crowd = [each for each in crowd if trickle(each)]
                for witness in witnesses:
                    slowest[witness.name] = max(slowest[witness.name], witness.answers_in_ms())
                time.sleep(0.2)
        finally:
            for each in crowd:
                each.close()
        return slowest

    slowest, growth = in_memory(target, attack)
    text = ", ".join(f"{name} in {ms:.0f} ms" for name, ms in slowest.items())
    figures.hold(f"{target.name}: slow loris, {CROWD} connections for {seconds} s", f"slowest answers: {text}; +{mebibytes(growth)}",
                 f"each < {MOST_MS:.0f} ms, < {mebibytes(MOST_GROWTH)}", growth < MOST_GROWTH,
                 in_time=max(slowest.values()) < MOST_MS)


def trickle(stream):
    try:
        stream.send(b"x")
        return True
    except OSError:
        stream.close()
        return False


def too_much(figures, target):
    """Headers and bodies without an end."""
    cases = {"header of 10 MiB": (b"GET / HTTP/1.1\r\n", b"X-Long: " + b"x" * 8000 + b"\r\n", 10 * MIB),
             "header line of 10 MiB": (b"GET / HTTP/1.1\r\nX: ", b"x" * 8192, 10 * MIB),
             "target of 10 MiB": (b"GET /", b"x" * 8192, 10 * MIB),
             "body of 1 GiB": (HEAD + b"Content-Length: 1073741824\r\n\r\n", b"x" * 65536, 1 << 30),
             "chunks of 1 GiB": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b"x" * 65536 + b"\r\n", 1 << 30)}
    for what, (head, piece, most) in cases.items():
        (sent, said), growth = in_memory(target, lambda parts=(head, piece, most): stream_until_refused(target, *parts))
        status = said.split(b" ", 2)[1].decode() if said.startswith(b"HTTP/1.") else "closed"
        figures.hold(f"{target.name}: {what}", f"{status} after {mebibytes(sent)}, +{mebibytes(growth)}",
                     f"refused before its end, < {mebibytes(MOST_GROWTH)}", sent < most and not status.startswith("2") and growth < MOST_GROWTH)


def smuggling(figures, target):
    """A request inside another one is never answered, and what is no HTTP/1.1 gets no page."""
    answered = [what for what, octets in SMUGGLED.items() if len(re.findall(rb"HTTP/1\.1 \d\d\d ", exchange(target, octets))) > 1]
    figures.hold(f"{target.name}: {len(SMUGGLED)} kinds of smuggling", f"second request answered: {', '.join(answered) or 'none'}", "none", not answered)


def no_http(figures, target, how_many):
    """Other protocols, and noise."""
    numbers = random.Random(8)
    served = []
    for what, octets in OTHERS.items():
        said = exchange(target, octets, 1.0)
        if said.startswith(b"HTTP/1.1 101") or b" 200 " in said[:20] and what != "an upgrade to h2c":
            served.append(what)
    (_, growth) = in_memory(target, lambda: [exchange(target, numbers.randbytes(numbers.randrange(1, 3000)), 1.0) for _ in range(how_many)])
    figures.hold(f"{target.name}: {len(OTHERS)} other protocols, {how_many} x noise", f"served: {', '.join(served) or 'none'}; +{mebibytes(growth)}",
                 f"none, < {mebibytes(MOST_GROWTH)}", not served and growth < MOST_GROWTH)


def header_deadline(target):
    """Seconds until a connection that stays in its header is closed."""
    with target.connect(30) as stream:
        stream.sendall(b"GET / HTTP/1.1\r\nHost:")
        begin = time.monotonic()
        with contextlib.suppress(OSError):
            while stream.recv(4096):
                pass
        return time.monotonic() - begin


class Probe(threading.Thread):
    """Measures the header's deadline of a server while others are attacked."""

    def __init__(self, target):
        super().__init__()
        self.target, self.seconds = target, float("inf")
        self.start()

    def run(self):
        self.seconds = header_deadline(self.target)


def attack(figures, targets, short):
    for target in targets:
        log(target.name)
        too_much(figures, target)
        smuggling(figures, target)
        no_http(figures, target, 50 if short else 5000)
    probes = [Probe(target) for target in targets]
    for probe in probes:
        probe.join()
        figures.hold(f"{probe.target.name}: a header that never ends", f"closed after {probe.seconds:.1f} s",
                     f"{HEADER_SECONDS:.0f} s", True, in_time=probe.seconds < HEADER_SECONDS + 1)
    for target in targets:
        slow_loris(figures, target, targets, 1 if short else 20)
    for target in targets:
        back = target.answers_in_ms()
        figures.hold(f"{target.name}: afterwards", f"answers in {back:.0f} ms", f"< {MOST_MS:.0f} ms", True, in_time=back < MOST_MS)


def main():
    options = arguments(__doc__)
    figures = Figures("F8")
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with ServedGateway() as served:
        daemon, api, metrics = served.directory, free_port(), free_port()
        text = daemon.configuration.read_text()
        daemon.configuration.write_text(f'api: {{listen: 127.0.0.1:{api}, public_url: "http://localhost:{api}"}}\nmetrics: 127.0.0.1:{metrics}\n' + text)
        daemon.spawn()
        daemon.wait_until(daemon.has_started, "the directory daemon to serve")
        try:
            attack(figures, [Target("API", daemon.pid, api, "/api/v1/session", 401),
                             Target("metrics of the directory daemon", daemon.pid, metrics, "/metrics"),
                             Target("metrics of the gateway", served.pid, served.gateway.metrics_port, "/metrics")], options.short)
            lives = os.path.exists(f"/proc/{daemon.pid}") and daemon.running and served.gateway.running
            figures.hold("both daemons", "live" if lives and served.judges_rightly() else "do not serve", "live", lives)
        finally:
            daemon.stop()
    return figures.exit_status()


if __name__ == "__main__":
    sys.exit(main())
