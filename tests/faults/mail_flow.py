# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Mail for a gateway: an MTA's side of the milter protocol, and streams of messages into a ledger."""
import contextlib
import itertools
import pathlib
import smtplib
import struct
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))

from support.mail import compose  # noqa: E402  pylint: disable=wrong-import-position

from milter_peer import Peer, packet, texts  # noqa: E402  pylint: disable=wrong-import-position
from oracle import ACCEPTED, CUT, DEFERRED, DEGRADED, HELD, stamped  # noqa: E402  pylint: disable=wrong-import-position

# By which step a milter says that it does not want a command, and that it does not answer it.
DECLINED = {b"C": 0x1, b"H": 0x2, b"M": 0x4, b"R": 0x8, b"L": 0x20, b"N": 0x40, b"T": 0x200}
SILENT = {b"C": 0x1000, b"H": 0x2000, b"M": 0x4000, b"R": 0x8000, b"T": 0x10000, b"N": 0x40000, b"L": 0x80}
_numbers = itertools.count(1)


class MilterSession:
    """One connection of an MTA to the gateway, from a stranger. Each command waits for its answer, if it has one."""

    def __init__(self, port):
        self._peer = Peer(port, patience=60)
        self._steps = self._peer.negotiate()
        self._macros(b"C", j="relay.example")
        self._ask(b"C", b"mail.freemail.example\0004" + struct.pack("!H", 4711) + b"198.51.100.7\0")
        self._ask(b"H", b"mail.freemail.example\0")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self._write(b"Q", b"")
        self._peer.close()

    def send(self, message, after_mail=None):
        """Hands over a Message of the oracle; returns what it got, and no token. `after_mail` is called between
        MAIL and RCPT."""
        fields = (("From", message.from_field), ("To", message.recipient), ("Subject", "Quarterly figures"),
                  ("Date", "Mon, 05 Oct 2026 09:30:00 +0000"), ("Message-ID", f"<{next(_numbers)}@freemail.example>"))
        decided = self._begin(message.recipient, after_mail)
        for name, value in fields:
            decided = decided or self._ask(b"L", f"{name}\0 {value}\0".encode())
        decided = decided or self._ask(b"N", b"") or self._end_of_message()
        if decided[0] in (b"c", b"a"):
            return (decided[1] and tagged(decided[1])) or ACCEPTED, ""
        if decided[0] == b"q":
            return HELD, ""
        if decided[0] == b"t" or decided[1].startswith(b"4"):
            return DEFERRED, ""
        return decided[1].rstrip(b"\0").decode("latin-1"), ""

    def _begin(self, recipient, after_mail):
        self._macros(b"M", i=f"q{next(_numbers)}")
        decided = self._ask(b"M", b"<billing@freemail.example>\0")
        if after_mail:
            after_mail()
        return decided or self._ask(b"R", f"<{recipient}>\0".encode()) or self._ask(b"T", b"")

    def _end_of_message(self):
        self._write(b"E", b"")
        added, is_held = [], False
        while True:
            code, data = self._peer.read()
            if code == b"q":
                is_held = True
            elif code in (b"h", b"i"):
                added.append(data[4:] if code == b"i" else data)
            elif code in (b"c", b"a"):
                return (b"q", data) if is_held else (code, added)
            elif code in (b"r", b"t", b"y", b"d"):
                return code, data

    def _ask(self, command, data):
        """Sends a command if it is wanted; its answer if that decides the message."""
        if self._steps & DECLINED[command]:
            return None
        self._write(command, data)
        if self._steps & SILENT[command]:
            return None
        answer = self._peer.read()
        return answer if answer[0] in (b"a", b"r", b"t", b"y", b"d") else None

    def _macros(self, command, **values):
        self._write(b"D", command + texts(*(each.encode() for pair in values.items() for each in pair)))

    def _write(self, command, data):
        self._peer.send(packet(command, data))


def tagged(added):
    """The outcome of a message with these added fields, if there is a stamp among them. Rules of suites name
    themselves in X-Policy: one that was not the stamp's policy would be another outcome than any expected."""
    fields = dict(field.rstrip(b"\0").decode("latin-1").split("\0", 1) for field in added)
    if "X-Fromguard-Result" not in fields:
        return None
    if "degraded=" in fields["X-Fromguard-Result"]:
        return DEGRADED
    items = dict(item.strip().split("=", 1) for item in fields["X-Fromguard-Result"].split(";") if "=" in item)
    rule = items.get("rule", "")
    if rule != fields.get("X-Policy", "").strip():
        return f"rule {rule} under the header of {fields.get('X-Policy')}"
    return stamped(items.get("generation"), items.get("policy"), rule)


class RelaySession:
    """One SMTP session with a relay that asks the gateway."""

    def __init__(self, mta):
        self._client = mta.client()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self._client.__exit__(*unused)

    def send(self, message):
        """Hands over a Message of the oracle; returns what it got, and its token."""
        composed = compose(message.from_field, to=message.recipient)
        reply = self._client.send(composed, message.recipient)
        token = composed.token.decode()
        if reply.code == 250:
            return ACCEPTED, token
        return (DEFERRED, token) if reply.code < 500 else (f"{reply.code} {reply.text}", token)


class Flow:
    """Streams of messages, each a thread that opens a session, sends some, and begins anew, until `stop`."""

    MESSAGES_IN_A_SESSION = 20

    def __init__(self, make_session, workloads, ledger, pause=0.0):
        self._make_session = make_session
        self._ledger = ledger
        self._pause = pause
        self._stop = threading.Event()
        self._streams = [threading.Thread(target=self._run, args=(each,), daemon=True) for each in workloads]

    def __enter__(self):
        for stream in self._streams:
            stream.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for stream in self._streams:
            stream.join()

    def _run(self, workload):
        while not self._stop.is_set():
            message, began = workload.next(), time.monotonic()
            try:
                with self._make_session() as session:
                    for _ in range(self.MESSAGES_IN_A_SESSION):
                        outcome, token = session.send(message)
                        self._ledger.write(message, began, outcome, token)
                        # An MTA whose milter has gone puts off all that comes in the same session.
                        if outcome == DEFERRED or self._stop.wait(self._pause):
                            break
                        message, began = workload.next(), time.monotonic()
            except (OSError, smtplib.SMTPException, RuntimeError):
                self._ledger.write(message, began, CUT)
                self._stop.wait(0.02)
