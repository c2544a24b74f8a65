# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""The mail server behind the relay: accepts every message and keeps it."""
import socketserver
import threading
from dataclasses import dataclass

from support.waiting import wait_until


@dataclass(frozen=True)
class Delivery:
    """A message as the relay handed it over: dots unstuffed, line ends CRLF."""

    sender: str
    recipients: tuple
    octets: bytes


class _Session(socketserver.StreamRequestHandler):
    def handle(self):
        self._reply("220 sink.example ESMTP")
        sender, recipients = "", []
        for line in iter(self.rfile.readline, b""):
            command = line.decode("latin-1").strip()
            verb = command.upper()
            if verb.startswith(("EHLO", "HELO")):
                self._reply("250 sink.example")
            elif verb.startswith("MAIL FROM:"):
                sender, recipients = _path(command), []
                self._reply("250 2.1.0 Ok")
            elif verb.startswith("RCPT TO:"):
                recipients.append(_path(command))
                self._reply("250 2.1.5 Ok")
            elif verb == "DATA":
                self._reply("354 End data with <CR><LF>.<CR><LF>")
                self.server.keep(Delivery(sender, tuple(recipients), self._data()))
                self._reply("250 2.0.0 Kept")
            elif verb == "QUIT":
                self._reply("221 2.0.0 Bye")
                return
            else:
                self._reply("250 2.0.0 Ok")

    def _data(self):
        lines = []
        for line in iter(self.rfile.readline, b".\r\n"):
            if not line:
                raise ConnectionError("the relay went away within a message")
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def _reply(self, text):
        self.wfile.write(text.encode("ascii") + b"\r\n")


def _path(command):
    return command[command.index("<") + 1 : command.index(">")]


class Sink(socketserver.ThreadingTCPServer):
    """Listens on a free loopback port from construction to `close()`."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Session)
        self._lock = threading.Lock()
        self._deliveries = []
        self._thread = threading.Thread(target=self.serve_forever, daemon=True)
        self._thread.start()

    @property
    def port(self):
        return self.server_address[1]

    def close(self):
        self.shutdown()
        self.server_close()
        self._thread.join()

    def keep(self, delivery):
        with self._lock:
            self._deliveries.append(delivery)

    def find(self, token):
        """The deliveries that contain the octets `token`."""
        with self._lock:
            return [d for d in self._deliveries if token in d.octets]

    def wait_for(self, token, timeout=30.0):
        """The first delivery that contains `token`."""
        what = f"a message with {token.decode('latin-1')} at the server behind the relay"
        return wait_until(lambda: self.find(token), what, timeout)[0]
