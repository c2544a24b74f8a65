# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""A private Sendmail on loopback: own configuration and queue, run from where it was unpacked, since
Debian's package cannot stand beside Postfix's."""
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess

from support.mail import STRANGER, Client
from support.waiting import free_port, is_listening, wait_until

ROOT = pathlib.Path(__file__).resolve().parents[3] / "build" / "sendmail"
PROGRAM = ROOT / "usr" / "libexec" / "sendmail" / "sendmail"
MACROS = ROOT / "usr" / "share" / "sendmail" / "cf"
SITE_MC = pathlib.Path(__file__).with_name("sendmail.mc")


def require_sendmail():
    """Raises with what to do where Sendmail cannot run here."""
    if not PROGRAM.exists() or not shutil.which("m4"):
        raise RuntimeError("Sendmail is missing; run: packaging/install-dependencies --test")
    if os.geteuid() != 0:
        raise RuntimeError("a private Sendmail needs root to start; run the integration tests as root")


# Before it reads its configuration, Sendmail looks for a qualified name of this host, in the DNS and for
# a minute if /etc/hosts has none. So it gets an /etc/hosts of its own, where mounts may be unshared.
WITH_OWN_HOSTS = ["unshare", "--mount", "sh", "-c", 'mount --bind "$1" /etc/hosts && shift && exec "$@"', "sh"]
LONGEST_START = 150.0


def can_unshare():
    return subprocess.run(["unshare", "--mount", "true"], check=False, capture_output=True).returncode == 0


class Sendmail:
    """One instance below `folder`, whose parents only their owners may write to, or which are sticky."""

    name = "sendmail"

    def __init__(self, folder, milter_port, sink_port, relay_domains):
        require_sendmail()
        self.port = free_port()
        self._outbound_port = free_port()
        self._folder = pathlib.Path(folder)
        (self._folder / "queue").mkdir(parents=True, mode=0o700)
        # Instead of nsswitch.conf: host names are those of this file, and there is no DNS.
        (self._folder / "service.switch").write_text("hosts files\n")
        (self._folder / "hosts").write_text(f"127.0.0.1 relay.example {socket.gethostname()} localhost\n")
        own_hosts = [*WITH_OWN_HOSTS, self._folder / "hosts"] if can_unshare() else []
        self._configuration = self._folder / "sendmail.cf"
        self._command = [*own_hosts, PROGRAM, "-C", self._configuration]
        self._process = None
        self._expand(FOLDER=self._folder, PORT=self.port, OUTBOUND_PORT=self._outbound_port, SINK_PORT=sink_port,
                     MILTER_PORT=milter_port, RELAYED=" ".join(relay_domains))

    def start(self):
        with open(self._folder / "sendmail.out", "ab") as output:
            self._process = subprocess.Popen(
                [*self._command, "-bD", "-q1s", "-X", self._folder / "dialogues"],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)
        wait_until(lambda: self._must_run() and is_listening(self.port), "Sendmail to listen",
                   LONGEST_START)

    def stop(self):
        """Ends the daemon and what it has started, which it does not wait for."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait(timeout=60)

    def client(self, address=STRANGER):
        """An SMTP session that looks like one from a stranger, or from 127.0.0.1 itself."""
        return Client(self.port, address, has_xclient=False)

    def outbound_client(self):
        """The same with the daemon for outbound mail."""
        return Client(self._outbound_port, has_xclient=False)

    def held(self):
        """The queue ids of quarantined messages: those with a control file `hf`."""
        return sorted(path.name[2:] for path in (self._folder / "queue").glob("hf*"))

    def hold_reason(self, queue_id):
        """Why a message is held: the reason the milter gave."""
        return re.search(r"^q(.*)$", self._control(queue_id), re.M)[1]

    def message(self, queue_id):
        """The text of a quarantined message."""
        fields = re.findall(r"^H\?[^?]*\?([^\n]*\n(?:[ \t][^\n]*\n)*)", self._control(queue_id), re.M)
        body = (self._folder / "queue" / f"df{queue_id}").read_text(errors="replace")
        return "".join(fields) + "\n" + body

    def log(self):
        """What it said, and its SMTP dialogues, of which there is no other log without syslog."""
        paths = [self._folder / name for name in ("sendmail.out", "dialogues")]
        return "".join(path.read_text(errors="replace") for path in paths if path.exists())

    def mailq(self, *options):
        """What `mailq` prints."""
        done = subprocess.run([*self._command, "-bp", *options], check=True,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              errors="replace", timeout=LONGEST_START)
        return done.stdout

    def _control(self, queue_id):
        return (self._folder / "queue" / f"hf{queue_id}").read_text(errors="replace")

    def _expand(self, **macros):
        definitions = [f"-D{name}={value}" for name, value in macros.items()]
        done = subprocess.run(
            ["m4", f"-D_CF_DIR_={MACROS}/", *definitions, MACROS / "m4" / "cf.m4", SITE_MC], check=True,
            stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
        self._configuration.write_bytes(done.stdout)

    def _must_run(self):
        if self._process.poll() is not None:
            raise RuntimeError(f"Sendmail ended with {self._process.poll()}:\n{self.log()}")
        return True
