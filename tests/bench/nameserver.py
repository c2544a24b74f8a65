# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""The only name server that a measured program is told of: it knows the domain of the protected people, and nothing else."""
import socket
import sys
import pathlib

import servers
from make_people import DOMAIN

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from support.dns import NSD_CONF, PROGRAM  # noqa: E402 pylint: disable=wrong-import-position
from support.waiting import free_port  # noqa: E402 pylint: disable=wrong-import-position

ZONE = f"""$TTL 3600
. SOA ns. hostmaster. 1 3600 600 86400 3600
. NS ns.
ns. A 127.0.0.1
{DOMAIN}. MX 10 mx.{DOMAIN}.
mx.{DOMAIN}. A 192.0.2.25
"""
# Who asks for the name of the root's server, and what it is: a header, one question of type NS in class IN.
QUESTION = bytes.fromhex("4711010000010000000000000000020001")


class NameServer(servers.Server):
    """NSD with a root zone of its own."""

    def __init__(self, folder):
        if not PROGRAM.exists():
            raise servers.Failure("the name server NSD is missing; run: packaging/install-dependencies --test")
        super().__init__("nameserver", folder, "inet")
        self.port = free_port()
        self.address = f"127.0.0.1:{self.port}"
        (self.folder / "root.zone").write_text(ZONE, encoding="ascii")
        config = self.folder / "nsd.conf"
        config.write_text(NSD_CONF.format(port=self.port, folder=self.folder), encoding="utf-8")
        self.start(PROGRAM, "-d", "-c", config)

    def is_ready(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.settimeout(0.2)
            try:
                client.connect(("127.0.0.1", self.port))
                client.send(QUESTION)
                return len(client.recv(512)) > len(QUESTION)
            except OSError:
                return False
