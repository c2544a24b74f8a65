#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""F1: the directory daemon is killed at random instants while it publishes; mail flows all the while."""
import random
import subprocess
import sys

from figures import Figures, arguments, log
from premises import Premises, wait_until

LATEST_KILL = 0.15  # after the publisher has begun
WHOLE_RUN = 0.5  # about what a run takes, from its start


def publish_and_kill(premises, chance):
    """`run --once`, killed: three times of four after the publisher has begun, else at any instant. Whether it
    was still running then."""
    process = premises.directory.spawn_once()
    if chance.random() < 0.75:
        wait_until(lambda: process.poll() is not None or
                   any(name.startswith(".staging") for name in premises.leftovers()), "a generation to be begun")
        after = chance.uniform(0, LATEST_KILL)
    else:
        after = chance.uniform(0, WHOLE_RUN)
    try:
        process.wait(timeout=after)
        return False
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True


class Kills:
    """Publishes of ever other people, each killed."""

    def __init__(self, premises, seed):
        self._premises = premises
        self._chance = random.Random(seed)
        self._probes = premises.probes()
        self._in_force = premises.state
        self.killed = self.published = self.with_leftovers = self.unsound = 0

    def once(self, number):
        """One publish that is killed: what is in force then is the old state or the new one, whole."""
        premises, before = self._premises, self._premises.current()
        wanted = premises.with_newcomers(number)
        premises.write_people(wanted)
        premises.timeline.may_become(wanted)
        self.killed += publish_and_kill(premises, self._chance)
        self.with_leftovers += bool(premises.leftovers())
        if premises.current() != before:
            self.published += 1
            self._in_force = wanted
            premises.wait_for_current()
        premises.timeline.is_now(self._in_force)
        if not premises.is_in_force(self._in_force, self._probes):
            self.unsound += 1
            log(f"publish {number}: generation {premises.current()} is not what was in force")

    def finish(self):
        """A publish that nobody kills; whether nothing of the others is left."""
        premises = self._premises
        wanted = premises.with_newcomers(0 if self._in_force != premises.with_newcomers(0) else 1)
        premises.write_people(wanted)
        premises.timeline.may_become(wanted)
        premises.directory.publish()
        premises.wait_for_current()
        premises.timeline.is_now(wanted)
        return premises.leftovers(), premises.is_in_force(wanted, self._probes)


def main():
    options = arguments(__doc__)
    kills = 25 if options.short else 500
    figures = Figures("F1")
    seed = random.randrange(2**32)
    log(f"seed {seed}")
    with Premises(people=100) as premises:
        premises.start()
        each = Kills(premises, seed)
        with premises.flow(streams=2, pause=0.01):
            for number in range(kills):
                each.once(number)
            leftovers, is_right = each.finish()
        figures.hold("kill -9 of fromguard-directory while it publishes",
                     f"{each.unsound} unsound of {kills}: {each.killed} killed, {each.published} had published",
                     "0 unsound", each.unsound == 0 and each.killed > 0)
        figures.hold("the next start needs no hand", f"{len(leftovers)} leftovers after {each.with_leftovers} "
                     f"kills had left some; right: {is_right}", "0 leftovers, right", not leftovers and is_right)
        refused = premises.gateway.metric("fromguard_reload_failures_total")
        figures.hold("what the gateway met meanwhile", f"{refused:.0f} generations refused", "0", refused == 0)
        premises.hold_ledger(figures)
    return figures.exit_status()


if __name__ == "__main__":
    sys.exit(main())
