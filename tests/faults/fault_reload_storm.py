#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""F13: a storm of new policies, half of them invalid, and of new generations, while mail flows. Each message is
stamped with the one policy and the one generation that have judged it, and gets what these two say."""
import dataclasses
import random
import signal
import sys

from figures import Figures, arguments, log
from mail_flow import MilterSession
from oracle import Message, State, expected, policy_digest
from premises import LogTail, Premises, wait_until

VALID = """\
version: 1
mode: enforce
stamp: all
authentication: {{require: never}}
rules:
  - name: rule-{number}
    then: {{disposition: spoof, action: tag, headers: {{X-Policy: rule-{number}}}}}
"""
INVALID = ("{text}  - name: rule-{number}\n", "{text}rulez: []\n", "version: 1\nmode: enforced\n", "", "rules: [\0",
           "{text}{text}", "version: 1\nrules: {{a: &a [*a]}}\n")


class Storm:
    """Writes policies and generations, and tells the timeline what is possible."""

    def __init__(self, premises, chance):
        self._premises, self._chance = premises, chance
        self._number = 0
        self._tail = LogTail(premises.folder / "gateway" / "gateway.log")
        self.written = self.invalid = self.generations = 0

    def policy_text(self):
        """Another valid policy, and its rule's name."""
        self._number += 1
        return VALID.format(number=self._number), f"rule-{self._number}"

    def _write(self, text):
        self._premises.gateway.write_policy(text)
        self.written += 1
        for number in self._chance.choices((signal.SIGUSR1, signal.SIGHUP), k=self._chance.randrange(3)):
            self._premises.gateway.signal(number)

    def write_invalid(self):
        """A policy that can never be in force."""
        self.invalid += 1
        text, _ = self.policy_text()
        self._write(self._chance.choice(INVALID).format(text=text, number=self._number))

    def write_valid(self):
        """A policy that may be in force from now on, beside those that may; returns its digest."""
        text, rule = self.policy_text()
        digest = policy_digest(text)
        for state in self._premises.timeline.possible():
            self._premises.timeline.may_become(dataclasses.replace(state, policy=digest, rule=rule))
        self._write(text)
        return digest

    def burst(self):
        """Some policies one after the other, every second one invalid; the last is valid, and is waited for."""
        for _ in range(self._chance.randrange(1, 6)):
            self.write_invalid()
            if self._chance.random() < 0.8:
                self.write_valid()
        self.settle(self.write_valid())

    def settle(self, digest):
        """Waits until the gateway says that this policy is in force; no other is then."""
        seen = set()

        def is_in_force():
            seen.update(event["policy"] for event in self._tail.events() if event["event"] == "policy_reloaded")
            return digest in seen

        wait_until(is_in_force, f"policy {digest} in force")
        self._premises.timeline.no_longer(lambda state: state.policy != digest)

    def publish(self):
        """Another generation, waited for; no other is in force then."""
        premises = self._premises
        self.generations += 1
        people = premises.with_newcomers(self.generations).people
        generation = premises.current() + 1
        premises.write_people(State(people))
        for state in premises.timeline.possible():
            premises.timeline.may_become(dataclasses.replace(state, people=people, generation=generation))
        premises.directory.publish()
        premises.wait_for_current()
        premises.timeline.no_longer(lambda state: state.generation != generation)

    def across(self, message):
        """A message during which policy and generation change: whether those of its MAIL have judged it."""
        (before,) = self._premises.timeline.possible()

        def change():
            self.publish()
            self.settle(self.write_valid())

        with MilterSession(self._premises.gateway.milter_port) as session:
            outcome, _ = session.send(message, change)
        if outcome != expected(before, message):
            log(f"{message}: {outcome}, not {expected(before, message)}")
        return outcome == expected(before, message)


def main():
    options = arguments(__doc__)
    figures, seed = Figures("F13"), random.randrange(2**32)
    log(f"seed {seed}")
    with Premises(policy=VALID.format(number=0)) as premises:
        premises.start()
        storm = Storm(premises, random.Random(seed))
        first = State(premises.regulars, None, 1, policy_digest(VALID.format(number=0)), "rule-0")
        premises.timeline.may_become(first)
        premises.timeline.is_now(first)
        forged = Message(premises.regulars[0].name, "x@freemail.example", "plain",
                         f"r@{premises.regulars[0].domain}")
        across = []
        with premises.flow(streams=3, pause=0.002):
            for number in range(30 if options.short else 1500):
                storm.burst()
                if number % 10 == 9:
                    storm.publish()
                    across.append(storm.across(forged))
        refused = premises.gateway.metric("fromguard_reload_failures_total", what="policy")
        figures.hold("a storm of policies, half of them invalid", f"{storm.written} written, {storm.invalid} invalid, "
                     f"{refused:.0f} refusals told; {storm.generations} generations", "refusals told", refused > 0)
        figures.hold("messages across a change", f"{across.count(False)} of {len(across)} not under policy and "
                     "generation of their MAIL", "0", all(across))
        premises.hold_ledger(figures)
    return figures.exit_status()


if __name__ == "__main__":
    sys.exit(main())
