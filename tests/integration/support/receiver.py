# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Who takes the deliveries of a webhook, over HTTPS on loopback, and answers as it is told."""
import http.server
import json
import ssl
import subprocess
import threading
from dataclasses import dataclass


@dataclass(frozen=True)
class Received:
    """A delivery as it came, and what it was answered."""

    headers: dict  # names in lower case
    body: bytes
    status: int

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def id(self):
        return self.headers["webhook-id"]


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = self.server.receiver.take({name.lower(): value for name, value in self.headers.items()}, body)
        self.send_response(status)
        self.send_header("Content-Length", "0")
        if status == 503:
            self.send_header("Retry-After", "1")
        self.end_headers()

    def log_message(self, *_):
        """Says nothing: what came is kept."""


def make_certificate(folder):
    """A certificate for 127.0.0.1 that is its own authority, and its key: their paths."""
    certificate, key = folder / "receiver.pem", folder / "receiver-key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-subj", "/CN=receiver", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "30",
                    "-keyout", key, "-out", certificate], check=True, capture_output=True)
    return certificate, key


class Receiver:
    """Listens from construction to `close()`. `refusals` are the statuses of the next answers; then 204."""

    def __init__(self, folder):
        self.certificate, key = make_certificate(folder)
        self._lock = threading.Lock()
        self._received = []
        self._refusals = []
        self._refuses_all = False
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.receiver = self
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url(self):
        return f"https://127.0.0.1:{self._server.server_address[1]}/hook?token=hidden"

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def refuse(self, *statuses):
        with self._lock:
            self._refusals = list(statuses)

    def refuse_all(self, does):
        with self._lock:
            self._refuses_all = does

    def take(self, headers, body):
        with self._lock:
            status = self._refusals.pop(0) if self._refusals else 204
            status = 503 if self._refuses_all else status
            self._received.append(Received(headers, body, status))
            return status

    def received(self, kind):
        """All deliveries of this type, refused ones too, in their order."""
        with self._lock:
            return [each for each in self._received if each.json["type"] == kind]

    def taken(self, kind):
        return [each for each in self.received(kind) if each.status == 204]
