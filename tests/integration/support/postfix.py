# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""A private Postfix on loopback: own configuration, queue and log, nothing shared with the system's."""
import json
import os
import pathlib
import pwd
import shutil
import subprocess

from support.mail import STRANGER, Client, fields_of
from support.waiting import free_port, is_listening, wait_until

# local_header_rewrite_clients is empty because Postfix would otherwise rewrite, or invent, the From
# field of a loopback client before the milter sees it. mynetworks is empty so that 127.0.0.1 is a
# stranger. XCLIENT lets a test present any client address. A field is prepended to mail from PREPENDED.
PREPENDED = "prepended@freemail.example"
MAIN_CF = """\
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
shlib_directory = /usr/lib/postfix
mail_owner = postfix
setgid_group = postdrop
myhostname = relay.example
mydestination =
mynetworks =
inet_interfaces = loopback-only
inet_protocols = ipv4
local_recipient_maps =
local_transport = error:5.1.1 no local mail here
alias_maps =
alias_database =
local_header_rewrite_clients =
maillog_file = {folder}/log/mail.log
maillog_file_prefixes = {folder}
relay_domains = {relay_domains}
relay_transport = smtp:[127.0.0.1]:{sink_port}
default_transport = error:5.7.1 nothing is relayed elsewhere
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions =
smtpd_sender_restrictions = check_sender_access inline:{{{{{prepended} = PREPEND Received-SPF: none}}}}
smtpd_authorized_xclient_hosts = 127.0.0.1
smtpd_client_connection_count_limit = 0
smtpd_peername_lookup = no
smtp_dns_support_level = disabled
smtp_host_lookup = native
smtp_tls_security_level = none
smtpd_tls_security_level = none
smtpd_milters = inet:127.0.0.1:{milter_port}
non_smtpd_milters =
milter_default_action = {default_action}
milter_connect_timeout = 10s
milter_command_timeout = 30s
milter_content_timeout = 60s
message_size_limit = 52428800
minimal_backoff_time = 1s
queue_run_delay = 1s
"""

MASTER_CF = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup   unix  n - n 60  1 pickup
cleanup  unix  n - n -   0 cleanup
qmgr     unix  n - n 300 1 qmgr
rewrite  unix  - - n -   - trivial-rewrite
bounce   unix  - - n -   0 bounce
defer    unix  - - n -   0 bounce
trace    unix  - - n -   0 bounce
proxymap unix  - - n -   - proxymap
smtp     unix  - - n -   - smtp
showq    unix  n - n -   - showq
error    unix  - - n -   - error
retry    unix  - - n -   - error
discard  unix  - - n -   - discard
anvil    unix  - - n -   1 anvil
scache   unix  - - n -   1 scache
postlog  unix-dgram n - n - 1 postlogd
"""


CONF = pathlib.Path(__file__).resolve().parents[3] / "conf" / "postfix"


def require_postfix():
    """Raises with what to install where Postfix cannot run here."""
    if not shutil.which("postfix"):
        raise RuntimeError(
            "Postfix is missing; install it: apt-get install postfix procps "
            "(or packaging/install-dependencies --test)")
    if os.geteuid() != 0:
        raise RuntimeError("a private Postfix needs root to start; run the integration tests as root")


def outbound_service(port, milter_port, folder):
    """The service for outbound mail as it ships, at this port. Written to `folder`: the table it reads."""
    shutil.copy(CONF / "exchange_online.cidr", folder)
    service = (CONF / "outbound.master.cf").read_text(encoding="utf-8")
    for shipped, here in ((" inet n - y ", " inet n - n "), ("192.0.2.26:smtp", f"127.0.0.1:{port}"),
                          ("127.0.0.1:8897", f"127.0.0.1:{milter_port}"), ("/etc/postfix/fromguard", str(folder)),
                          # The tests have no certificate.
                          ("smtpd_tls_security_level=encrypt", "smtpd_tls_security_level=none")):
        if shipped not in service:
            raise RuntimeError(f"outbound.master.cf has no {shipped!r} any more")
        service = service.replace(shipped, here)
    return service


class Postfix:
    """One instance below `folder`, which user postfix must be able to traverse."""

    name = "postfix"

    def __init__(self, folder, milter_port, sink_port, relay_domains, default_action="tempfail"):
        require_postfix()
        self.port = free_port()
        self.outbound_port = free_port()
        self._folder = pathlib.Path(folder)
        self._configuration = self._folder / "etc"
        self._lay_out()
        (self._configuration / "main.cf").write_text(MAIN_CF.format(
            folder=self._folder, milter_port=milter_port, sink_port=sink_port,
            relay_domains=", ".join(relay_domains), prepended=PREPENDED, default_action=default_action))
        outbound = outbound_service(self.outbound_port, milter_port, self._configuration)
        (self._configuration / "master.cf").write_text(MASTER_CF.format(port=self.port) + outbound)

    def start(self):
        self._postfix("start")
        wait_until(lambda: is_listening(self.port), "Postfix to listen")

    def stop(self):
        self._postfix("stop")

    def reload(self):
        self._postfix("reload")

    def client(self, address=STRANGER):
        """An SMTP session that looks like one from `address`."""
        return Client(self.port, address)

    def outbound_client(self, address=STRANGER):
        """The same with the service for outbound mail, which is as it ships."""
        return Client(self.outbound_port, address)

    def queue(self):
        """What `postqueue -j` tells of each message in the queue."""
        output = self._run("postqueue", "-j")
        return [json.loads(line) for line in output.splitlines()]

    def held(self):
        """The queue ids in the hold queue, where a milter's quarantine puts a message."""
        return [entry["queue_id"] for entry in self.queue() if entry["queue_name"] == "hold"]

    def hold_reason(self, queue_id):
        """Why a message is held: its own field, since Postfix drops the reason a milter gives."""
        return fields_of(self.message(queue_id).encode(errors="replace"), "X-Fromguard-Reason")[0]

    def message(self, queue_id):
        """The text of a queued message."""
        return self._run("postcat", "-q", "-h", "-b", queue_id)

    def log(self):
        path = self._folder / "log" / "mail.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def _lay_out(self):
        for name in ("etc", "spool", "data", "log"):
            (self._folder / name).mkdir(parents=True)
        owner = pwd.getpwnam("postfix")
        os.chown(self._folder / "data", owner.pw_uid, owner.pw_gid)
        for parent in (self._folder, *self._folder.parents):
            if not parent.stat().st_mode & 0o001:
                raise RuntimeError(f"user postfix cannot traverse {parent}; set TMPDIR to a folder it can")

    def _postfix(self, command):
        # Postfix keeps the descriptors it inherits; a pipe would stay open until it stops.
        with open(self._folder / "log" / "postfix.out", "ab") as output:
            done = subprocess.run(["postfix", "-c", self._configuration, command], check=False,
                                  stdin=subprocess.DEVNULL, stdout=output, stderr=output, timeout=60)
        if done.returncode != 0:
            said = (self._folder / "log" / "postfix.out").read_text(errors="replace")
            raise RuntimeError(f"postfix {command} failed:\n{said}\n{self.log()}")

    def _run(self, program, *arguments):
        done = subprocess.run([program, "-c", self._configuration, *arguments], check=True,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              errors="replace", timeout=60)
        return done.stdout
