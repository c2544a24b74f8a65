#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""F6: Microsoft lies, in every way there is, while people come and go and mail flows. Nothing but the truth
before the lie, or that after it, is ever in force; once the lies end, the truth is."""
import random
import sys
import time

from figures import Figures, arguments, log
from lies import LIES, Sync, end_lies, organization, people_of
from oracle import State, Timeline, Workload
from premises import Premises, wait_until

from support.microsoft import Microsoft

LYING_SECONDS = {True: 0.5, False: 2.0}
MOST_SECONDS_TO_RECOVER = 30


class Tenant:
    """The premises of a tenant: the daemon runs, and the oracle follows the truth."""

    def __init__(self, premises, microsoft, seed):
        self._premises, self._microsoft = premises, microsoft
        self._seed = seed
        self._state = State(people_of(microsoft))
        premises.regulars = self._state.people
        premises.timeline = Timeline(self._state)
        premises.directory.configure(organization(microsoft))
        premises.directory.spawn()
        premises.directory.wait_until(lambda: premises.current() > 0, "the first sync", 60)
        premises.gateway.start()
        premises.timeline.is_now(self._state)
        self.destructive, self.not_right, self.seconds = [], [], []

    def probes(self):
        """Messages as everybody, forged and genuine."""
        workload = Workload(self._state.people, self._seed)
        return [workload.next() for _ in range(120)]

    def undergo(self, lie, lying_seconds):
        """The directory changes, Microsoft lies about it, and then no more."""
        premises, microsoft, before, probes = self._premises, self._microsoft, self._state, self.probes()
        microsoft.change(random_changes=5)
        after = State(people_of(microsoft))
        premises.timeline.may_become(after)
        lie.begin(microsoft)
        sync = Sync(premises.directory)
        status = sync.wait(lying_seconds)
        if not any(premises.is_in_force(state, probes) for state in (before, after)):
            self.destructive.append(lie.name)
        end_lies(microsoft)
        told_truth = time.monotonic()
        told = sync.end()
        log(f"{lie.name}: {status} {told.strip()[:200]}")
        self._state = after
        if not self._become_right(probes):
            self.not_right.append(lie.name)
        self.seconds.append(time.monotonic() - told_truth)
        premises.timeline.is_now(after)

    def _become_right(self, probes):
        """Syncs until it succeeds; whether the truth is in force then."""
        premises, told = self._premises, []

        def succeeds():
            sync = Sync(premises.directory)
            status = sync.wait(MOST_SECONDS_TO_RECOVER)
            told.append(f"{status}: {sync.end().strip()[:300]}")
            return status == 0

        try:
            wait_until(succeeds, "a sync to succeed", MOST_SECONDS_TO_RECOVER)
        except TimeoutError:
            log(f"  at last {told[-1]}")
            return False
        premises.wait_for_current()
        return premises.is_in_force(self._state, probes)


def main():
    options = arguments(__doc__)
    figures, seed = Figures("F6"), random.randrange(2**32)
    log(f"seed {seed}")
    lies = [lie for lie in LIES if lie.is_in_short or not options.short] * (1 if options.short else 4)
    with Premises() as premises, Microsoft(premises.folder / "microsoft", 200, 30, seed % 1000) as microsoft:
        microsoft.control("delta", page_size=20)
        tenant = Tenant(premises, microsoft, seed)
        with premises.flow(streams=2, pause=0.01):
            for lie in lies:
                tenant.undergo(lie, LYING_SECONDS[options.short])
        figures.hold("Microsoft lies", f"{len(tenant.destructive)} of {len(lies)} lies were published "
                     f"{tenant.destructive or ''}".rstrip(), "0", not tenant.destructive)
        figures.hold("Microsoft tells the truth again", f"{len(tenant.not_right)} of {len(lies)} times not right "
                     f"in the end {tenant.not_right or ''}; most {max(tenant.seconds):.1f} s",
                     f"0, {MOST_SECONDS_TO_RECOVER} s",
                     not tenant.not_right, in_time=max(tenant.seconds) < MOST_SECONDS_TO_RECOVER)
        premises.directory.stop()
        premises.hold_ledger(figures)
    return figures.exit_status()


if __name__ == "__main__":
    sys.exit(main())
