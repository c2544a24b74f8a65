# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""A private NSD on loopback that is the whole DNS, and before it a relay that counts what is asked and can
be made slow or deaf."""
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import tempfile
import threading

from support.waiting import free_port, wait_until

PROGRAM = pathlib.Path(__file__).resolve().parents[3] / "build" / "nsd" / "usr" / "sbin" / "nsd"

NSD_CONF = """\
server:
  ip-address: 127.0.0.1@{port}
  username: ""
  server-count: 1
  rrl-ratelimit: 0
  zonesdir: "{folder}"
  database: ""
  pidfile: "{folder}/nsd.pid"
  xfrdfile: "{folder}/xfrd.state"
  zonelistfile: "{folder}/zone.list"
  xfrdir: "{folder}"
  logfile: "{folder}/nsd.log"
remote-control:
  control-enable: no
zone:
  name: "."
  zonefile: "root.zone"
"""

TYPES = {1: "A", 5: "CNAME", 12: "PTR", 15: "MX", 16: "TXT", 28: "AAAA"}


def txt(name, text):
    """A TXT record as a line of a zone, cut into strings of 255 octets."""
    strings = " ".join(f'"{text[i:i + 255]}"' for i in range(0, len(text), 255))
    return f"{name}. TXT {strings}"


def question_of(packet):
    """Name in lower case and type of a query's question."""
    labels = []
    at = 12
    while packet[at]:
        labels.append(packet[at + 1 : at + 1 + packet[at]].decode("ascii").lower())
        at += 1 + packet[at]
    number = struct.unpack_from("!H", packet, at + 1)[0]
    return ".".join(labels), TYPES.get(number, str(number))


def is_below(name, domain):
    return name == domain or name.endswith("." + domain)


class DnsServer:
    """Serves these lines of a zone, and no other name exists. `address` is for `dns: {servers}`."""

    def __init__(self, *lines):
        if not PROGRAM.exists():
            raise RuntimeError("NSD is missing; run: packaging/install-dependencies --test")
        self._folder = pathlib.Path(tempfile.mkdtemp(prefix="fromguard-dns-"))
        self._lines = lines
        self._nsd_port = free_port()
        self._lock = threading.Lock()
        self._asked = []
        self._delays = {}
        self._deaf_to = set()
        self._closing = threading.Event()
        self._nsd = None
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._relay, daemon=True)

    def __enter__(self):
        zone = ["$TTL 60", ". SOA ns. hostmaster. 1 3600 600 86400 60", ". NS ns.", "ns. A 127.0.0.1",
                *self._lines, ""]
        (self._folder / "root.zone").write_text("\n".join(zone))
        (self._folder / "nsd.conf").write_text(NSD_CONF.format(port=self._nsd_port, folder=self._folder))
        with open(self._folder / "nsd.out", "wb") as output:
            self._nsd = subprocess.Popen([PROGRAM, "-d", "-c", self._folder / "nsd.conf"],
                                         stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        wait_until(self._answers, "NSD to answer")
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._closing.set()
        self._wake()
        self._thread.join()
        self._socket.close()
        self._nsd.terminate()
        self._nsd.wait(timeout=30)
        shutil.rmtree(self._folder)

    def questions(self, domain=""):
        """What has been asked at or below the domain so far: pairs of name and type."""
        with self._lock:
            return [each for each in self._asked if not domain or is_below(each[0], domain)]

    def slow_down(self, domain, seconds):
        """Questions at or below the domain are answered that late."""
        with self._lock:
            self._delays[domain] = seconds

    def ignore(self, domain):
        """Questions at or below the domain are never answered."""
        with self._lock:
            self._deaf_to.add(domain)

    def heed(self, domain):
        """Takes back `slow_down` and `ignore`."""
        with self._lock:
            self._delays.pop(domain, None)
            self._deaf_to.discard(domain)

    def _relay(self):
        while True:
            packet, client = self._socket.recvfrom(4096)
            if self._closing.is_set():
                return
            question = question_of(packet)
            with self._lock:
                self._asked.append(question)
                if any(is_below(question[0], domain) for domain in self._deaf_to):
                    continue
                delay = max((seconds for domain, seconds in self._delays.items()
                             if is_below(question[0], domain)), default=0)
            threading.Timer(delay, self._answer, (packet, client)).start()

    def _answer(self, packet, client):
        answer = self._ask_nsd(packet)
        if answer is not None and not self._closing.is_set():
            self._socket.sendto(answer, client)

    def _ask_nsd(self, packet):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as upstream:
            upstream.settimeout(5)
            upstream.connect(("127.0.0.1", self._nsd_port))
            try:
                upstream.send(packet)
                return upstream.recv(65535)
            except OSError:
                return None

    def _answers(self):
        if self._nsd.poll() is not None:
            raise RuntimeError(f"NSD ended with {self._nsd.poll()}:\n{self._said()}")
        query = struct.pack("!6H", os.getpid() & 0xFFFF, 0, 1, 0, 0, 0) + b"\2ns\0" + struct.pack("!2H", 1, 1)
        return self._ask_nsd(query)

    def _said(self):
        paths = [self._folder / name for name in ("nsd.out", "nsd.log")]
        return "".join(path.read_text(errors="replace") for path in paths if path.exists())

    def _wake(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waker:
            waker.sendto(b"", self._socket.getsockname())
