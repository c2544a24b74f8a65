#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""F5: the clock of both daemons jumps by a day and by ten years, ahead and back, while mail flows. libfaketime
makes it jump for their processes alone: the wall clock, not the monotonic one, and not the times of files."""
import pathlib
import sys
import time

from figures import Figures, arguments, log
from lies import NAME, Sync, organization, people_of
from mail_flow import MilterSession
from oracle import Message, State, Timeline
from premises import Premises, wait_until

from support.microsoft import Microsoft

LIBRARY = pathlib.Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")
FIRST = "first@freemail.example"  # whose detection must stay
UNTIL_REMOVAL = 3000  # detections after which the gateway looks for old ones to remove
DAY, YEAR = 86_400, 365 * 86_400
JUMPS = {"+1 day": DAY, "-1 day": -DAY, "+10 years": 10 * YEAR, "-10 years": -10 * YEAR}
MOST_AGE = 600  # seconds that a generation can have become old in the suite


class Clock:
    """The wall clock of the daemons that have `environment`."""

    def __init__(self, path):
        if not LIBRARY.exists():
            raise RuntimeError("libfaketime is missing; run: packaging/install-dependencies --test")
        self._path = path
        self.offset = 0
        self.jump_to(0)
        self.environment = {"LD_PRELOAD": str(LIBRARY), "FAKETIME_TIMESTAMP_FILE": str(path),
                            "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1"}

    def jump_to(self, offset):
        """Goes on from so many seconds beside the true time."""
        self.offset = offset
        draft = self._path.with_suffix(".new")
        draft.write_text(f"{offset:+d}\n")
        draft.rename(self._path)


class Jumps:
    """Both daemons under the clock, with a tenant to sync."""

    def __init__(self, premises, microsoft, clock):
        self._premises, self._microsoft, self._clock = premises, microsoft, clock
        self._fresh = State(people_of(microsoft))
        self._kept = premises.folder / "detections"
        self.wrong = []

    def start(self):
        """Starts both, and leaves a detection to be kept."""
        premises = self._premises
        premises.regulars = self._fresh.people
        premises.directory.configure(organization(self._microsoft))
        text = premises.directory.configuration.read_text()
        premises.directory.configuration.write_text(f"detections: {self._kept}\n{text}")
        premises.gateway.configure(f"detections: {self._kept}\n")
        premises.directory.environment = premises.gateway.environment = self._clock.environment
        premises.directory.spawn()
        premises.directory.wait_until(lambda: premises.current() > 0, "the first sync", 60)
        premises.gateway.start()
        premises.timeline = Timeline(self._fresh)

    def detect(self, address, times=1):
        """Sends forgeries, to be found and kept."""
        person = next(each for each in self._fresh.people if each.is_protected)
        with MilterSession(self._premises.gateway.milter_port) as session:
            for _ in range(times):
                session.send(Message(person.name, address, "plain", f"r@{person.domain}"))

    def is_listed(self, address):
        """Whether a detection of this address is kept."""
        found = self._premises.directory.ask("detections", "list", "--text", address)["detections"]
        return any(each["address"] == address for each in found)

    def check(self, name, is_right):
        """Notes what is not right after this jump."""
        if not is_right:
            log(f"{self._clock.offset:+d} s: {name}")
            self.wrong.append(f"{name} at {self._clock.offset:+d} s")

    def jump(self, offset, syncs=True):
        """The clock jumps, and all that is to go on does."""
        premises = self._premises
        self.check("a session that waited is cut off", self._outlives(offset))
        if syncs:
            self.check("the tenant is not synced", self._sync())
        age = premises.gateway.metric("fromguard_snapshot_age_seconds")
        self.check(f"the generation is {age:.0f} s old", 0 <= age < MOST_AGE)
        address = f"after{offset}@freemail.example"
        self.detect(address, UNTIL_REMOVAL if offset > YEAR else 1)
        try:
            wait_until(lambda: self.is_listed(address), "the detection to be kept", 20)
        except TimeoutError:
            self.check("a detection is not kept", False)
        self.check("detections are gone", self.is_listed(FIRST))
        self.check("a daemon has ended", premises.gateway.running and premises.directory.running)

    def _outlives(self, offset):
        """Whether a session that waits while the clock jumps, and others go on, is answered after it."""
        premises = self._premises
        person = next(each for each in self._fresh.people if each.is_protected)

        def wait_for_others():
            lines = premises.ledger.lines
            wait_until(lambda: premises.ledger.lines > lines + 50, "mail of others")

        def wait():
            wait_for_others()
            self._clock.jump_to(offset)
            wait_for_others()

        try:
            with MilterSession(premises.gateway.milter_port) as session:
                session.send(Message(person.name, "waits@freemail.example", "plain", f"r@{person.domain}"), wait)
        except OSError as failure:
            log(f"{offset:+d} s: {failure}")
            return False
        return True

    def _sync(self):
        """Whether a sync that needs a new access token succeeds, and not all tokens are asked for anew each time."""
        self._microsoft.control("expire_tokens", delta=False, access=True)
        time.sleep(1.1)  # tokens tell whole seconds: one of this second would be refused too
        before = self._logins()
        statuses = []
        for _ in range(3):
            sync = Sync(self._premises.directory, NAME)
            statuses.append(sync.wait(30))
            told = sync.end()
            if statuses[-1] != 0:
                log(told.strip()[:300])
        asked = self._logins() - before
        self.check(f"{asked} access tokens were asked for", asked <= 2)
        return statuses[-1] == 0

    def _logins(self):
        return sum(count for endpoint, count in self._microsoft.counters()["requests"].items()
                   if endpoint.startswith("login POST"))


def restart_after_the_future(jumps, premises, clock):
    """A sync ten years ahead, then the right time and a restart: whether the next sync is not in ten years."""
    clock.jump_to(10 * YEAR)
    sync = Sync(premises.directory, NAME)
    jumps.check("no sync in the future", sync.wait(30) == 0)
    sync.end()
    clock.jump_to(0)
    premises.directory.stop()
    premises.directory.spawn()
    premises.directory.wait_until(premises.directory.has_started, "the daemon to serve")
    (told,) = premises.directory.ask("directories", "list")["directories"]
    seconds = told["next_sync"] - time.time()
    jumps.check(f"the next sync is in {seconds:.0f} s", seconds < 2 * 3600)
    return seconds


def main():
    options = arguments(__doc__)
    figures = Figures("F5")
    with Premises() as premises, Microsoft(premises.folder / "microsoft", 60, 16) as microsoft:
        clock = Clock(premises.folder / "clock")
        jumps = Jumps(premises, microsoft, clock)
        jumps.start()
        jumps.detect(FIRST)
        wait_until(lambda: jumps.is_listed(FIRST), "the first detection")
        rounds = 1 if options.short else 10
        with premises.flow(streams=2, pause=0.005):
            for _ in range(rounds):
                for offset in JUMPS.values():
                    jumps.jump(offset, syncs=not options.short or abs(offset) > YEAR)
                    jumps.jump(0, syncs=not options.short)
            seconds = restart_after_the_future(jumps, premises, clock)
        figures.hold(f"the clock jumps by {', '.join(JUMPS)} and back, {rounds} times",
                     f"{len(jumps.wrong)} wrong {'; '.join(jumps.wrong[:3])}".strip(), "0 wrong", not jumps.wrong)
        figures.hold("a restart after a sync in the future", f"the next sync in {seconds:.0f} s", "within its hour",
                     seconds < 2 * 3600)
        premises.directory.stop()
        premises.hold_ledger(figures)
    return figures.exit_status()


if __name__ == "__main__":
    sys.exit(main())
