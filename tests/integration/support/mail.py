# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Messages, and the client that hands them to the relay."""
import contextlib
import email
import email.policy
import itertools
import os
import re
import smtplib
from dataclasses import dataclass

STRANGER = "198.51.100.7"
ANOTHER_LOOPBACK = "127.0.0.2"  # which no test's gateway trusts
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Reply:
    """The relay's answer to a message: that of the first command it refused, or of the last."""

    code: int
    text: str


@dataclass(frozen=True)
class Message:
    """A message and the token that finds it again, its Message-ID."""

    octets: bytes
    token: bytes


def compose(from_field, *more_fields, to="reception@contoso.com"):
    """A message with this From field body and these further fields, each unique by its Message-ID."""
    token = f"<{os.getpid()}.{next(_numbers)}@freemail.example>"
    fields = [f"From: {from_field}", f"To: {to}", "Subject: Quarterly figures",
              "Date: Mon, 05 Oct 2026 09:30:00 +0000", f"Message-ID: {token}", *more_fields]
    text = "\r\n".join([*fields, "", "Please call me back.", ".a line with a dot", ""])
    return Message(text.encode("latin-1"), token.encode("ascii"))


class Client:
    """One SMTP session that looks to the relay like a connection from `address`. Without XCLIENT every
    stranger connects from ANOTHER_LOOPBACK."""

    def __init__(self, port, address=STRANGER, has_xclient=True):
        is_stranger = address != "127.0.0.1"
        source = (ANOTHER_LOOPBACK, 0) if is_stranger and not has_xclient else None
        self._smtp = smtplib.SMTP("127.0.0.1", port, timeout=60, source_address=source)
        self._smtp.ehlo("client.example")
        if is_stranger and has_xclient:
            code, text = self._smtp.docmd("XCLIENT", f"ADDR={address} NAME=mail.freemail.example")
            if code != 220:
                raise RuntimeError(f"XCLIENT refused: {code} {text.decode('latin-1')}")
            self._smtp.ehlo("mail.freemail.example")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(smtplib.SMTPException, OSError):
            self._smtp.quit()
        self._smtp.close()

    @property
    def socket(self):
        return self._smtp.sock

    def command(self, line):
        """Sends one command and returns its Reply."""
        code, text = self._smtp.docmd(line)
        return Reply(code, text.decode("latin-1"))

    def read_reply(self):
        """The Reply to what was written to `socket`."""
        code, text = self._smtp.getreply()
        return Reply(code, text.decode("latin-1"))

    def send(self, message, *recipients, sender="billing@freemail.example"):
        """Hands over one message and returns the Reply that decided it."""
        for line in (f"MAIL FROM:<{sender}>", *(f"RCPT TO:<{r}>" for r in recipients), "DATA"):
            reply = self.command(line)
            if reply.code >= 400:
                self._smtp.rset()
                return reply
        self.socket.sendall(re.sub(rb"(?m)^\.", b"..", message.octets) + b".\r\n")
        return self.read_reply()


def without_trace(octets):
    """The message without the Received fields on its top."""
    return re.sub(rb"\A(?:Received:[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*)+", b"", octets)


def fields_of(octets, name):
    """The bodies of all fields of this name, unfolded."""
    parsed = email.message_from_bytes(octets, policy=email.policy.compat32)
    return [re.sub(r"\r?\n[ \t]+", " ", str(body)) for body in parsed.get_all(name, [])]


def result_of(octets):
    """The X-Fromguard-Result of a message as a dictionary; its field must be there once."""
    bodies = fields_of(octets, "X-Fromguard-Result")
    if len(bodies) != 1:
        raise AssertionError(f"{len(bodies)} X-Fromguard-Result fields: {bodies}")
    pairs = re.findall(r'([a-z_]+)=("(?:\\.|[^"\\])*"|[^;]*)', bodies[0])
    return {key: value.strip().strip('"') for key, value in pairs}
