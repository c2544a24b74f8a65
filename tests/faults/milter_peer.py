# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""The MTA's side of the milter protocol, written so that it can also be broken off or lied in at any octet.

The numbers are written here a second time on purpose: a test must not take them from the library it tests.
"""
import contextlib
import socket
import struct
from dataclasses import dataclass, field

VERSION = 6
ALL_ACTIONS = 0x1FF
ALL_STEPS = 0x1FFFFF
NO_BODY = 0x10
LARGEST_CHUNK = 65535

ACCEPT, CONTINUE, TEMPFAIL, REJECT, DISCARD, REPLY = b"a", b"c", b"t", b"r", b"d", b"y"
FINAL = {ACCEPT, TEMPFAIL, REJECT, DISCARD, REPLY}


def packet(code, data=b""):
    """One packet: its length, its command, and what follows."""
    return struct.pack("!I", len(data) + 1) + code + data


def texts(*values):
    """Each text with the NUL that ends it."""
    return b"".join(value + b"\0" for value in values)


NEGOTIATION = packet(b"O", struct.pack("!III", VERSION, ALL_ACTIONS, ALL_STEPS))


@dataclass
class Shape:
    """A message as an MTA has it; header bodies have their leading space."""

    fields: list
    body: bytes = b"Please call me back.\r\n"
    sender: bytes = b"<billing@freemail.example>"
    recipients: list = field(default_factory=lambda: [b"<reception@contoso.com>"])
    client: bytes = b"198.51.100.7"

    def session(self):
        """CONNECT and HELO, with their macros."""
        family = b"6" if b":" in self.client else b"4"
        return (packet(b"D", b"C" + texts(b"j", b"relay.example", b"{daemon_name}", b"smtpd"))
                + packet(b"C", texts(b"mail.freemail.example") + family + struct.pack("!H", 40000) + texts(self.client))
                + packet(b"H", texts(b"mail.freemail.example")))

    def envelope_and_header(self):
        """MAIL to the end of the header."""
        parts = [packet(b"M", texts(self.sender))]
        parts += [packet(b"R", texts(recipient)) for recipient in self.recipients]
        parts += [packet(b"L", texts(name, value)) for name, value in self.fields]
        parts += [packet(b"D", b"N" + texts(b"i", b"4F0000FAULT")), packet(b"N")]
        return b"".join(parts)

    def content(self):
        """The body's chunks, each of them answered."""
        return [packet(b"B", self.body[at : at + LARGEST_CHUNK]) for at in range(0, len(self.body), LARGEST_CHUNK)]

    def end(self):
        return packet(b"D", b"E" + texts(b"i", b"4F0000FAULT")) + packet(b"E")


def message(shown, *more_fields, **parts):
    """An ordinary message with this From."""
    fields = [(b"From", b" " + shown), (b"To", b" reception@contoso.com"), (b"Subject", b" Quarterly figures"),
              (b"Date", b" Mon, 05 Oct 2026 09:30:00 +0000"), (b"Message-ID", b" <1@freemail.example>")]
    return Shape(fields + list(more_fields), **parts)


def forged():
    """Shows a protected name over an address of somebody else."""
    return message(b"Ada Lovelace <ada@freemail.example>")


def innocent():
    return message(b"Charles Babbage <charles@freemail.example>")


class Closed(ConnectionError):
    """The gateway has closed the connection."""


@dataclass
class Answer:
    """What a message got: the code that ends it, the text of a reply, and the changes that came before."""

    code: bytes
    text: bytes = b""
    changes: list = field(default_factory=list)

    @property
    def is_refusal(self):
        return self.code in (REJECT, DISCARD) or self.code == REPLY and self.text.startswith(b"5")

    @property
    def is_temporary(self):
        return self.code == TEMPFAIL or self.code == REPLY and self.text.startswith(b"4")

    @property
    def has_finding(self):
        return any(code == b"i" and b"X-Fromguard-Result" in data for code, data in self.changes)


class Peer:
    """One connection to a milter on loopback."""

    def __init__(self, port, patience=30.0):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=patience)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._unread = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._socket.close()

    def reset(self):
        """Ends the connection as a dying machine does: no end of stream, a reset."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()

    def half_close(self):
        """Says that nothing more will come, and reads what is still said."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
            while self._socket.recv(65536):
                pass
        self._socket.close()

    def send(self, octets):
        self._socket.sendall(octets)

    def set_patience(self, seconds):
        self._socket.settimeout(seconds)

    def read(self):
        """The next packet: its code and what follows."""
        length = struct.unpack("!I", self._take(4))[0]
        octets = self._take(length)
        return octets[:1], octets[1:]

    def _take(self, size):
        while len(self._unread) < size:
            octets = self._socket.recv(65536)
            if not octets:
                raise Closed
            self._unread += octets
        taken, self._unread = self._unread[:size], self._unread[size:]
        return taken

    def negotiate(self):
        """Offers all there is; the steps that the milter declines."""
        self.send(NEGOTIATION)
        code, data = self.read()
        if code != b"O":
            raise AssertionError(f"the negotiation was answered with {code!r}")
        return struct.unpack("!III", data[:12])[2]

    def begin(self, shape):
        """Negotiation and the beginning of the SMTP session."""
        self.negotiate()
        self.send(shape.session())

    def deliver(self, shape):
        """One message, and its Answer. The session goes on."""
        self.send(shape.envelope_and_header())
        answer = self.read_answer()
        for chunk in shape.content() if answer.code == CONTINUE else ():
            self.send(chunk)
            answer = self.read_answer()
            if answer.code != CONTINUE:
                break
        if answer.code == CONTINUE:
            self.send(shape.end())
            answer = self.read_answer(is_end=True)
        self.send(packet(b"A"))
        return answer

    def read_answer(self, is_end=False):
        """What one step got; at the end of the message, with the changes."""
        changes = []
        while True:
            code, data = self.read()
            if code in FINAL or code == CONTINUE and not is_end:
                return Answer(code, data.rstrip(b"\0"), changes)
            if code != b"p":  # progress
                changes.append((code, data))


def judge(port, shape, patience=30.0):
    """One message in a session of its own."""
    with Peer(port, patience) as peer:
        peer.begin(shape)
        answer = peer.deliver(shape)
        peer.send(packet(b"Q"))
        return answer
