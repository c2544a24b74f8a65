# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Poisoned messages through a real Postfix: each as octets, judged by what the server behind it gets."""
import collections
import concurrent.futures
import contextlib
import re
import threading

from poison import FORGED
from support.mail import Client
from support.postfix import Postfix
from support.sink import Sink
from support.waiting import wait_until

STREAMS = 4
TOKEN = re.compile(rb"\r\npoison-(\d+)\.\r\n\Z")
STAMP = b"X-Fromguard-Result: finding="
PLAIN_FORGERY = b"\r\nFrom: " + FORGED + b"\r\n"


def octets_of(shape, number):
    """The message as a client writes it: nothing is made better. Its last line tells its number."""
    lines = [name + b":" + value + b"\r\n" for name, value in shape.fields]
    return b"".join(lines) + b"\r\n" + shape.body + b"\r\npoison-%d.\r\n" % number


def what_is_wrong(octets):
    """Why this delivery should not be there: nothing, or a text."""
    header = octets.partition(b"\r\n\r\n")[0] + b"\r\n"
    if not octets.startswith(STAMP) or header.count(b"\r\nX-Fromguard-Result:"):
        return "without a verdict, or with another's"
    if b"degraded=" in header[: header.index(b"\r\nReceived:")]:
        return "not judged"
    return "a plain forgery" if PLAIN_FORGERY in header else ""


class Watch(Sink):
    """The server behind the relay. It keeps numbers, headers, and of messages only what should not have come."""

    def __init__(self):
        super().__init__()
        self._watched = threading.Lock()
        self.numbers = set()
        self.headers = []
        self.wrong = []

    def keep(self, delivery):
        token = TOKEN.search(delivery.octets)
        why = what_is_wrong(delivery.octets) if token else "of nobody"
        with self._watched:
            self.headers.append((delivery.sender, delivery.octets.partition(b"\r\n\r\n")[0]))
            if token:
                self.numbers.add(int(token[1]))
            if why:
                self.wrong.append((why, delivery.octets[:2000]))


def found_anew(gateway, headers):
    """Of these headers, each with its envelope's sender, those that the gateway finds something in, now that the MTA has made
    them what they are."""
    senders, octets = zip(*headers) if headers else ((), ())
    return [header for header, finding in zip(octets, gateway.findings_in(octets, senders)) if finding]


class PoisonedRelay:
    """A Postfix in front of a gateway, and who sends through it."""

    def __init__(self, gateway, folder, domains):
        self._stack = contextlib.ExitStack()
        self.watch = Watch()
        self._stack.callback(self.watch.close)
        self._mta = Postfix(folder / "mta", gateway.milter_port, self.watch.port, domains)
        self._stack.callback(self._mta.stop)
        self.counts = collections.Counter()

    def __enter__(self):
        with contextlib.ExitStack() as undo:
            undo.enter_context(self._stack)
            self._mta.start()
            self._stack = undo.pop_all()
        return self

    def __exit__(self, *_):
        self._stack.close()

    def send_all(self, shapes):
        """Sends all, and returns the numbers of those that were taken, once the queue is empty."""
        with concurrent.futures.ThreadPoolExecutor(STREAMS) as streams:
            codes = list(streams.map(self._send, range(len(shapes)), shapes))
        self.counts.update(codes)
        wait_until(lambda: not self._mta.queue(), "the queue to be empty", timeout=120)
        return {number for number, code in enumerate(codes) if code == 250}

    def _send(self, number, shape):
        """The code that a message gets, in a session of its own."""
        with self._mta.client() as client:
            if self._command(client, b"MAIL FROM:" + shape.sender) >= 400:
                self._command(client, b"MAIL FROM:<billing@freemail.example>")
            for recipient in shape.recipients:
                self._command(client, b"RCPT TO:" + recipient)
            self._command(client, b"DATA")
            client.socket.sendall(re.sub(rb"(?m)^\.", b"..", octets_of(shape, number)) + b".\r\n")
            return client.read_reply().code

    @staticmethod
    def _command(client: Client, line):
        client.socket.sendall(line + b"\r\n")
        return client.read_reply().code
