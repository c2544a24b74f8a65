#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""F1: the gateway and its helper process are killed at random instants while mail flows through a real
Postfix. What is not judged is put off; nothing is let through; the next start needs no hand."""
import contextlib
import os
import pathlib
import random
import signal
import sys
import threading
import time

from figures import Figures, arguments, log
from mail_flow import RelaySession
from oracle import CUT, DEFERRED
from premises import DOMAINS, REJECTING, Premises, wait_until

from support.dns import DnsServer, txt
from support.mail import compose
from support.postfix import Postfix
from support.sink import Sink

PROVIDER = "198.51.100.25"  # may send for Ada's own domain
CHECKING = REJECTING.replace("require: never", "require: published")
ALL_RIGHT = 12  # messages in a row, after which all helpers are taken to be well
ADA = "Ada Lovelace,ada@contoso.com,ada@own.example,Executives"


class Relay:
    """A Postfix between the streams of mail and a server that keeps what it gets."""

    def __init__(self, premises):
        self.sink = Sink()
        premises.on_exit(self.sink.close)
        self.mta = Postfix(premises.folder / "mta", premises.gateway.milter_port, self.sink.port, DOMAINS)
        premises.on_exit(self.mta.stop)
        self.mta.start()

    def delivered(self):
        """The Message-IDs of all that was delivered."""
        wait_until(lambda: not self.mta.queue(), "the queue to be empty", timeout=60)
        octets = b"\n".join(each.octets for each in self.sink.find(b""))
        return {line.split(b":", 1)[1].strip().decode() for line in octets.splitlines()
                if line.lower().startswith(b"message-id:")}


def kill_gateway(premises, chance):
    """SIGKILL at a random instant, and a start by nobody's hand but systemd's."""
    time.sleep(chance.uniform(0, 0.3))  # the fault's instant, not a wait for anything
    premises.gateway.kill()
    premises.gateway.start()


def gateway_kills(figures, kills, seed):
    chance = random.Random(seed)
    with Premises() as premises:
        relay = Relay(premises)
        premises.start()
        with premises.flow(streams=4, make_session=lambda: RelaySession(relay.mta)):
            for _ in range(kills):
                kill_gateway(premises, chance)
            lines = premises.ledger.lines
            wait_until(lambda: premises.ledger.lines > lines + 40, "mail after the last kill")
        judgement = premises.hold_ledger(figures, may_fail=(DEFERRED, CUT))
        let_through = relay.delivered() & premises.ledger.must_be_refused(premises.timeline)
        figures.hold(f"kill -9 of fromguard-gateway, {kills} times, behind Postfix",
                     f"{len(let_through)} unjudged delivered of {judgement.total}, "
                     f"{judgement.counts[DEFERRED]} put off", "0 delivered", not let_through)


def helpers_of(pid):
    """The helper processes of a gateway, as they are now."""
    with contextlib.suppress(OSError):
        return [int(child) for task in pathlib.Path(f"/proc/{pid}/task").iterdir()
                for child in (task / "children").read_text().split()]
    return []


class Checked:
    """Mail as Ada's own address, by a server that may send for it or by a stranger, for the helper to check.
    Ledger: the address of the client, and what it got."""

    def __init__(self, relay):
        self._relay = relay
        self._stop = threading.Event()
        self.got = []

    def send_until_stopped(self, number):
        """Sends by turns as the real sender and as a forger."""
        while not self._stop.is_set():
            address = PROVIDER if number % 2 else "203.0.113.66"
            number += 1
            message = compose("Ada Lovelace <ada@own.example>")
            try:
                with self._relay.mta.client(address) as client:
                    reply = client.send(message, "reception@contoso.com", sender="ada@own.example")
                self.got.append((address, reply.code, message.token.decode()))
            except OSError as error:
                self.got.append((address, repr(error), message.token.decode()))

    def is_right_again(self):
        """Whether the last messages got what they should, and none was put off."""
        return all(code == (250 if address == PROVIDER else 550) for address, code, _ in self.got[-ALL_RIGHT:])

    @contextlib.contextmanager
    def flowing(self, streams):
        """Mail flows within the block."""
        threads = [threading.Thread(target=self.send_until_stopped, args=(number,)) for number in range(streams)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()


def kill_helpers(premises, chance, kills):
    """SIGKILL for a random helper, so many times; each time there is a new one."""
    killed = set()
    while len(killed) < kills:
        fresh = wait_until(lambda: [each for each in helpers_of(premises.gateway.pid) if each not in killed],
                           "a helper that was started anew")
        time.sleep(chance.uniform(0, 0.05))  # the fault's instant
        victim = chance.choice(fresh)
        with contextlib.suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
        killed.add(victim)


def helper_kills(figures, kills, seed):
    zone = [txt("own.example", f"v=spf1 ip4:{PROVIDER} -all"), txt("_dmarc.own.example", "v=DMARC1; p=reject"),
            "own.example. A 192.0.2.1"]
    with DnsServer(*zone) as dns, Premises(policy=CHECKING) as premises:
        premises.gateway.configure(f'dns: {{servers: ["{dns.address}"], timeout: 2s}}\n'
                                   "degraded: {authentication_unavailable: tempfail}\n")
        premises.directory.write_csv("contoso.csv", ADA)
        relay = Relay(premises)
        premises.start()
        mail = Checked(relay)
        with mail.flowing(streams=4):
            kill_helpers(premises, random.Random(seed), kills)
            sent = len(mail.got)
            with contextlib.suppress(TimeoutError):
                wait_until(lambda: len(mail.got) > sent + ALL_RIGHT and mail.is_right_again(), "right verdicts")
        delivered = relay.delivered()
        let_through = [each for each in mail.got if each[0] != PROVIDER and each[2] in delivered]
        refused = [each for each in mail.got if each[0] == PROVIDER and each[1] not in (250, 451)]
        put_off = sum(code == 451 for _, code, _ in mail.got)
        failed = len(premises.gateway.log_events("helper_failed"))
        figures.hold(f"kill -9 of the gateway's helper, {kills} times",
                     f"{len(let_through)} forged delivered, {len(refused)} genuine refused of {len(mail.got)}; "
                     f"{put_off} put off, {failed} checks lost", "0 delivered, 0 refused",
                     not let_through and not refused)
        figures.hold("the gateway's part in that", f"gateway running: {premises.gateway.running}, the last "
                     f"{ALL_RIGHT} verdicts right: {mail.is_right_again()}", "runs, right",
                     premises.gateway.running and mail.is_right_again())


def main():
    options = arguments(__doc__)
    figures = Figures("F1")
    seed = random.randrange(2**32)
    log(f"seed {seed}")
    gateway_kills(figures, 8 if options.short else 200, seed)
    helper_kills(figures, 10 if options.short else 300, seed)
    return figures.exit_status()


if __name__ == "__main__":
    sys.exit(main())
