#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""F14: mail at load while, at random, people and policies change, Microsoft and the name server lie, the directory
daemon is killed and the gateway gets signals. At the end every verdict is held against the oracle's ledger. `--minutes`
says how long; a day is the release's."""
import collections
import dataclasses
import random
import signal
import statistics
import sys
import threading
import time

from figures import Figures, arguments, log
from lies import LIES, NAME, TENANT_DOMAIN, Sync, end_lies, organization, people_of
from lying_dns import LyingDns
from served_gateway import descriptors_of, resident_of
from oracle import State, Timeline, policy_digest, slope
from premises import NEWCOMERS, ORGANIZATIONS, REJECTING, LogTail, Premises, wait_until

from support.microsoft import Microsoft

MEBIBYTE = 1024 * 1024
BLOCK_CACHE = 64 * MEBIBYTE  # of the gateway, for all generations together
BLOCKS_IN_MEMORY = 5  # about so many octets for each of a file, which is packed; with a cache of 1 MiB memory does not grow
LONG_ENOUGH = 60 * 60  # seconds from which on a slope means something
MOST_GROWTH = 4 * MEBIBYTE  # of the second half of a run that is shorter
DIRECTORIES = ("contoso/People", "fabrikam/People", NAME)
POLICY = REJECTING.replace("{require: never}", "{require: published}")
SETTINGS = "degraded: {authentication_unavailable: tempfail}\n"
PUBLISHED = ("contoso.com", TENANT_DOMAIN)  # and neither fabrikam.com nor any home
HOMES = 20  # so many domains that many are asked for at any time: an answer is remembered for 10 s
LIES_OF_NAMES = ("silent", "servfail", "refused", "garbage", "truncated")
REMEMBERED = 2 + 1  # seconds for which a failure is, and that a question takes at the most
GRACE = 2  # for a machine that does other things as well


class Chaos:
    """What happens to the daemons, and what it makes possible."""

    def __init__(self, premises, microsoft, dns, chance):
        self._premises, self._microsoft, self._dns, self._chance = premises, microsoft, dns, chance
        self._to_do, self._names_known_at = [], None
        self._tail = None  # of the gateway's log, once it runs
        self._csv, self._tenant, self._codes = premises.regulars, people_of(microsoft), 1
        self.done = collections.Counter()

    @property
    def people(self):
        """All that there are now."""
        return (*self._csv, *self._tenant)

    def start(self):
        """Publishes, starts both daemons, and begins the timeline."""
        premises = self._premises
        premises.directory.configure(ORGANIZATIONS + organization(self._microsoft))
        premises.directory.publish()
        self._start_directory()
        premises.gateway.start()
        self._tail = LogTail(premises.folder / "gateway" / "gateway.log")
        premises.timeline = Timeline(State(self.people, published=frozenset(PUBLISHED)))

    def anything(self):
        """One of all there is, each in its turn of a random order."""
        if self._names_known_at and time.monotonic() > self._names_known_at:
            self._names_known_at = None
            self._premises.timeline.no_longer(lambda state: state.are_names_unknown)
        if not self._to_do:
            self._to_do = [self.publish, self.publish, self.lie, self.lie_of_names, self.kill_directory, self.new_policy,
                           self.bad_policy, self.signals]
            self._chance.shuffle(self._to_do)
        action = self._to_do.pop()
        self.done[action.__name__] += 1
        action()

    def publish(self):
        """Somebody comes, somebody goes."""
        self._change_csv()
        self._settle()

    def lie(self):
        """The tenant changes, and Microsoft does not say so."""
        self._microsoft.change(random_changes=3)
        self._tenant = people_of(self._microsoft)
        self._people_may_change()
        self._chance.choice(LIES).begin(self._microsoft)
        sync = Sync(self._premises.directory)
        sync.wait(self._chance.uniform(0, 1))
        end_lies(self._microsoft)
        sync.end()
        self._settle()

    def lie_of_names(self):
        """Whoever must be asked for is not known, for a while; who is a stranger's, is."""
        for state in self._premises.timeline.possible():
            self._premises.timeline.may_become(dataclasses.replace(state, are_names_unknown=True))
        self._dns.lie_of_all = self._chance.choice(LIES_OF_NAMES)
        time.sleep(self._chance.uniform(0, 1))  # the fault's length
        self._dns.lie_of_all = None
        self._names_known_at = time.monotonic() + REMEMBERED + GRACE

    def kill_directory(self):
        """SIGKILL at some instant of sync and publish."""
        self._change_csv()
        syncs = [Sync(self._premises.directory, name) for name in DIRECTORIES]
        time.sleep(self._chance.uniform(0, 0.4))  # the fault's instant
        self._premises.directory.kill()
        for sync in syncs:
            sync.end()
        self._start_directory()
        self._settle()

    def new_policy(self):
        """Another code for refusals."""
        self._codes += 1
        code = f"550 5.7.{self._codes % 100 + 1}"
        for state in self._premises.timeline.possible():
            self._premises.timeline.may_become(dataclasses.replace(state, code=code))
        policy = POLICY.replace("550 5.7.1", code)
        self._premises.gateway.write_policy(policy)
        # Signals of before may have the last one read once more.
        wait_until(lambda: policy_digest(policy) in self._reloaded(), f"the policy with {code} to come in force")
        self._premises.timeline.no_longer(lambda state: state.code != code)

    def bad_policy(self):
        """One that is refused; the last good one is put back, for SIGUSR1 to read."""
        gateway = self._premises.gateway
        good = gateway.policy.read_text()
        self._tail.events()
        gateway.write_policy("rulez: []\n")
        if self._tail.wait_for("policy_refused")[0] is None:
            raise TimeoutError("a bad policy was not refused")
        gateway.write_policy(good)
        self._tail.wait_for("policy_reloaded")

    def _reloaded(self):
        """Digests of the policies that came in force since the last call."""
        return [event["policy"] for event in self._tail.events() if event.get("event") == "policy_reloaded"]

    def signals(self):
        """Those that ask to read anew, some that are ignored, and a pause."""
        gateway = self._premises.gateway
        for _ in range(20):
            gateway.signal(self._chance.choice((signal.SIGUSR1, signal.SIGHUP)))
        gateway.signal(signal.SIGSTOP)
        time.sleep(self._chance.uniform(0, 0.2))  # the fault's length
        gateway.signal(signal.SIGCONT)

    def _change_csv(self):
        regulars = self._premises.regulars
        newcomer = self._chance.choice([each for each in NEWCOMERS if each not in self._csv])
        self._csv = (*regulars, newcomer)
        self._premises.write_people(State(self._csv))
        self._people_may_change()

    def _people_may_change(self):
        """Each directory is published as it was or as it is."""
        for state in self._premises.timeline.possible():
            before = [[each for each in state.people if (each in self._csv_ever) == is_csv] for is_csv in (True, False)]
            for csv in (before[0], self._csv):
                for tenant in (before[1], self._tenant):
                    self._premises.timeline.may_become(dataclasses.replace(state, people=(*csv, *tenant)))

    @property
    def _csv_ever(self):
        return {*self._premises.regulars, *NEWCOMERS}

    def _start_directory(self):
        directory = self._premises.directory
        directory.spawn()
        directory.wait_until(directory.has_started, "the directory daemon to serve")

    def _settle(self):
        """Syncs until all succeeds; the truth is in force then, and nothing else."""
        for name in DIRECTORIES:
            wait_until(lambda name=name: self._sync(name) == 0, f"a sync of {name} to succeed", 60)
        self._premises.wait_for_current()
        self._premises.timeline.no_longer(lambda state: state.people != self.people)

    def _sync(self, name):
        sync = Sync(self._premises.directory, name)
        status = sync.wait(60)
        told = sync.end()
        if status != 0:
            log(f"{name}: {status} {told.strip()[:200]}")
        return status


class Watch:
    """Memory and descriptors of the daemons, each second."""

    def __init__(self, premises):
        self._premises = premises
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.samples = []

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()

    def _run(self):
        pid = self._premises.gateway.pid
        while not self._stop.wait(0.25):
            self.samples.append((time.monotonic(), resident_of(pid), descriptors_of(pid), self._premises.current()))

    def _may_be_cached(self, since, until):
        """By how many octets the gateway's block cache, which keeps generations that have gone, may have grown between two."""
        size = sum(path.stat().st_size for path in (self._premises.directory.snapshots / "current").glob("*.sst"))
        before, after = (min(generation * size * BLOCKS_IN_MEMORY, BLOCK_CACHE) for generation in (since, until))
        return after - before

    def hold(self, figures, ran):
        """The second half of the run against its own middle."""
        late = self.samples[len(self.samples) // 2:]
        seconds, since, until = late[-1][0] - late[0][0], late[0][3], late[-1][3]
        growth = slope([(sample[0], sample[1]) for sample in late]) * seconds
        cached = self._may_be_cached(since, until)
        rate = (growth - cached) / seconds * 3600
        is_long = ran >= LONG_ENOUGH
        figures.hold("resident memory of the gateway",
                     f"{late[-1][1] / MEBIBYTE:.1f} MiB, {growth / MEBIBYTE:+.2f} MiB in the second half, in which "
                     f"{until - since} generations may have left {cached / MEBIBYTE:.2f} MiB in the block cache",
                     f"beyond that {'1 MiB/h' if is_long else f'{MOST_GROWTH // MEBIBYTE} MiB'}",
                     rate < MEBIBYTE if is_long else growth - cached < MOST_GROWTH)
        # Not the most: a second in which two generations are open has five more.
        before = statistics.median(sample[2] for sample in self.samples[:len(self.samples) // 2])
        after = statistics.median(sample[2] for sample in late)
        figures.hold("descriptors of the gateway", f"median {before:g} in the first half, {after:g} in the second",
                     "flat, within 4", after <= before + 4)


def main():
    options = arguments(__doc__, lambda parser: parser.add_argument("--minutes", type=float, help="how long"))
    seconds = 60 * (options.minutes or (0.2 if options.short else 20))
    figures, seed = Figures("F14"), random.randrange(2**32)
    log(f"seed {seed}")
    with (LyingDns(PUBLISHED) as dns,
          Premises(people=50, policy=POLICY, settings=SETTINGS, homes=HOMES, dns=dns.address) as premises,
          Microsoft(premises.folder / "microsoft", 200, 30, seed % 1000) as microsoft):
        microsoft.control("delta", page_size=20)
        chaos = Chaos(premises, microsoft, dns, random.Random(seed))
        chaos.start()
        premises.others = chaos.people
        began = time.monotonic()
        with Watch(premises) as watch, premises.flow(streams=4, pause=0.004):
            while time.monotonic() - began < seconds:
                chaos.anything()
        ran = time.monotonic() - began
        judgement = premises.hold_ledger(figures)
        done = ", ".join(f"{count} {name}" for name, count in sorted(chaos.done.items()))
        figures.hold("chaos", f"{ran / 60:.1f} min, {judgement.total / ran:.0f} messages/s; {done}",
                     "no message cut", judgement.counts["cut"] == 0)
        watch.hold(figures, ran)
        premises.directory.stop()
    return figures.exit_status()


if __name__ == "__main__":
    sys.exit(main())
