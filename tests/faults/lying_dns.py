# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""A name server on loopback, UDP and TCP, that lies: how, the first label of a domain says."""
import collections
import contextlib
import itertools
import random
import socket
import struct
import threading

from support.dns import question_of

A, CNAME, TXT = 1, 5, 16
FOUND, FORMERR, SERVFAIL, NXDOMAIN, NOTIMP, REFUSED = 0, 1, 2, 3, 4, 5
# The lies that a status alone tells.
STATUSES = {"formerr": FORMERR, "servfail": SERVFAIL, "notimp": NOTIMP, "refused": REFUSED}
FLOOD = 500
REJECTING_DMARC = b"v=DMARC1; p=reject"
TERMS = 10


def encoded(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label) + b"\0"


def txt_data(text):
    return b"".join(bytes([len(text[at : at + 255])]) + text[at : at + 255] for at in range(0, len(text), 255))


def record(kind, data, owner=b"\xc0\x0c"):
    return owner + struct.pack("!HHIH", kind, 1, 60, len(data)) + data


def answer(query, records=(), status=FOUND, truncated=False, number=None):
    """An answer to the query's question; `number` stands in for its id."""
    flags = 0x8180 | status | (0x0200 if truncated else 0)
    end = query.index(b"\0", 12) + 5
    begin = query[:2] if number is None else struct.pack("!H", number)
    return begin + struct.pack("!5H", flags, 1, len(records), 0, 0) + query[12:end] + b"".join(records)


class LyingDns:
    """Below each LIE.example another lie is told, and below LIE1.example the same; while `lie_of_all` is set, that one of every
    name. Those of `published` have a DMARC policy; everything else does not exist. `address` is for `dns: {servers}`."""

    def __init__(self, published=()):
        self.lie_of_all = None
        self._published = {f"_dmarc.{domain}" for domain in published}
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._asked = collections.Counter()
        self._numbers = random.Random(7)
        self._counter = itertools.count()
        self._kept = []  # connections that are never answered
        while True:  # the same port for both
            self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self._udp.bind(("127.0.0.1", 0))
            try:
                self._tcp = socket.create_server(self._udp.getsockname(), backlog=64)
                break
            except OSError:
                self._udp.close()
        self.address = f"127.0.0.1:{self._udp.getsockname()[1]}"
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._serve_udp, self._serve_tcp)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._closing.set()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waker:
            waker.sendto(b"", self._udp.getsockname())
        with contextlib.suppress(OSError):
            socket.create_connection(self._tcp.getsockname()).close()
        for thread in self._threads:
            thread.join()
        for each in (self._udp, self._tcp, *self._kept):
            each.close()

    def questions(self, lie=""):
        """How many questions about a lie's domain have come, each time it was sent."""
        with self._lock:
            return sum(count for name, count in self._asked.items() if lie in name)

    def _note(self, query):
        name, _ = question_of(query)
        with self._lock:
            self._asked[name] += 1
        labels = name.split(".")
        return name, self.lie_of_all or labels[-2].rstrip("0123456789") if len(labels) > 1 else ""

    def _serve_udp(self):
        while True:
            query, client = self._udp.recvfrom(65535)
            if self._closing.is_set():
                return
            name, lie = self._note(query)
            for packet in self._told(query, name, lie):
                with contextlib.suppress(OSError):
                    self._udp.sendto(packet, client)

    def _told(self, query, name, lie):
        tell = getattr(self, "_" + lie, None)
        if tell:
            return tell(query, name)
        if lie not in STATUSES and name in self._published:
            return [answer(query, [record(TXT, txt_data(REJECTING_DMARC))])]
        return [answer(query, status=STATUSES.get(lie, NXDOMAIN))]

    def _serve_tcp(self):
        while True:
            stream, _ = self._tcp.accept()
            if self._closing.is_set():
                stream.close()
                return
            threading.Thread(target=self._answer_stream, args=(stream,), daemon=True).start()

    def _answer_stream(self, stream):
        with contextlib.suppress(OSError, struct.error, IndexError):
            stream.settimeout(5)
            size = struct.unpack("!H", stream.recv(2))[0]
            query = stream.recv(size)
            _, lie = self._note(query)
            if lie == "muted":
                self._kept.append(stream)
                return
            if lie == "huge":
                records = [record(TXT, txt_data(REJECTING_DMARC + b"; x=" + b"y" * 60_000))]
                octets = answer(query, records)
                stream.sendall(struct.pack("!H", len(octets)) + octets)
            if lie == "short":
                stream.sendall(struct.pack("!H", 60_000) + answer(query)[:20])
        stream.close()

    @staticmethod
    def _silent(*_):
        return ()

    @staticmethod
    def _flood(query, _):
        """It does not exist, and that very often."""
        return (answer(query, status=NXDOMAIN) for _ in range(FLOOD))

    @staticmethod
    def _circle(query, name):
        """An alias of itself, by way of another."""
        other = encoded("other." + name)
        yield answer(query, [record(CNAME, other), record(CNAME, encoded(name), owner=other)])

    def _chain(self, query, _):
        """An alias of a name that is an alias of another one, each a new one."""
        yield answer(query, [record(CNAME, encoded(f"n{next(self._counter)}.chain.example"))])

    @staticmethod
    def _truncated(query, _):
        """Says that TCP has the rest, where nobody answers."""
        yield answer(query, truncated=True)

    _huge = _muted = _short = _truncated

    def _garbage(self, query, _):
        for size in (0, 1, 12, 200):
            yield query[:2] + self._numbers.randbytes(size)
        yield answer(query, [b"\xc0\x0c\xc0"])
        yield answer(query)[:-5] + b"\xc0\x0c" * 3
        yield answer(query, [record(TXT, b"\xff" + b"x")])

    def _spoofed(self, query, name):
        """Many answers with other ids, or to other questions, that would let the forged message pass; then the truth."""
        lies = [record(TXT, txt_data(b"v=DMARC1; p=none")), record(TXT, txt_data(b"v=spf1 +all"))]
        for _ in range(FLOOD):
            number = self._numbers.randrange(65536)
            if number != struct.unpack("!H", query[:2])[0]:
                yield answer(query, lies, number=number)
        other = query[:12] + encoded("x" + name) + struct.pack("!HH", TXT, 1)
        yield answer(other, lies)
        is_policy = name.startswith("_dmarc.spoofed.")
        text = REJECTING_DMARC if is_policy else b"v=spf1 -all"
        yield answer(query, [record(TXT, txt_data(text))] if is_policy or name == "spoofed.example" else [])

    @staticmethod
    def _bomb(query, name):
        """Each SPF record includes ten others, each of which does the same."""
        if name.startswith("_dmarc."):
            text = REJECTING_DMARC
        else:
            parent = name if len(name) < 200 else "bomb.example"
            text = b"v=spf1 " + b" ".join(f"include:{each}.{parent}".encode() for each in range(TERMS)) + b" -all"
        yield answer(query, [record(TXT, txt_data(text))])

    @staticmethod
    def _wide(query, name):
        """Ten mx terms of ten exchanges each, no one of which has an address."""
        if question_of(query)[1] == "MX":
            exchanges = [record(15, struct.pack("!H", 10) + encoded(f"mx{each}.{name}")) for each in range(TERMS)]
            yield answer(query, exchanges)
        elif name.startswith("_dmarc."):
            yield answer(query, [record(TXT, txt_data(REJECTING_DMARC))])
        elif name == "wide.example":
            text = b"v=spf1 " + b" ".join(f"mx:{each}.wide.example".encode() for each in range(TERMS)) + b" -all"
            yield answer(query, [record(TXT, txt_data(text))])
        else:
            yield answer(query, [record(A, bytes([192, 0, 2, 1]))])
