#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""F2: every file of a generation is truncated, has a bit flipped, is deleted, is swapped with that of another
generation, before a running gateway is shown it and while it serves it; mail flows all the while."""
import random
import shutil
import sys

from figures import Figures, arguments, log
from oracle import DEFERRED, percentile
from premises import LogTail, Premises, wait_until

SMALL = 4096  # octets of a file of which the long form takes every one
POINTS = {True: 12, False: 200}  # of larger files, or of any in the short form
MOST_SECONDS = 1.0


def octets_to_damage(size, short, chance):
    """The places in a file of this size at which it is damaged, the first and the last among them."""
    if size <= SMALL and not short:
        return range(size)
    wanted = min(POINTS[short], size)
    return sorted({0, size - 1, *(chance.randrange(size) for _ in range(wanted))}) if size else []


def flipped(octets, at, chance):
    """The same octets with one bit of another value."""
    return octets[:at] + bytes([octets[at] ^ (1 << chance.randrange(8))]) + octets[at + 1:]


def damages(good, other, short, chance):
    """Each damage as its kind, the file's name and what is in its place; None is no file."""
    for path in sorted(good.iterdir()):
        octets = path.read_bytes()
        yield "delete", path.name, None
        for at in octets_to_damage(len(octets), short, chance):
            yield "truncate", path.name, octets[:at]
            yield "flip", path.name, flipped(octets, at, chance)
        for foreign in sorted(other.iterdir()):
            if foreign.read_bytes() != octets and (foreign.name == path.name or not short):
                yield "swap", path.name, foreign.read_bytes()
    yield "add", "000099.sst", b""


class Alarms:
    """How soon damage was told of, and what was not."""

    def __init__(self):
        self.seconds = []
        self.accepted = []

    def note(self, event, seconds, what):
        """One damage; `event` is the refusal, if there was one."""
        if event is None:
            self.accepted.append(what)
            log(f"not refused: {what}")
        else:
            self.seconds.append(seconds)
            if seconds > MOST_SECONDS / 2:
                log(f"after {seconds:.3f} s: {what}: {event}")

    def hold(self, figures, fault):
        most = max(self.seconds, default=0)
        total = len(self.seconds) + len(self.accepted)
        figures.hold(fault, f"{len(self.accepted)} accepted of {total}", "0 accepted", not self.accepted and total > 0)
        figures.hold(f"alarm: {fault}", f"median {percentile(self.seconds, 0.5):.3f} s, most {most:.3f} s",
                     f"{MOST_SECONDS:g} s", most > 0, in_time=most <= MOST_SECONDS)


def put_in_force(snapshots, name):
    """Makes `current` name another folder, as the publisher does."""
    link = snapshots / ".current-test"
    link.symlink_to(name)
    link.rename(snapshots / "current")


def show_damaged(premises, tail, short, chance):
    """New generations, each damaged in one way, are put in force by a publisher that has lost its mind."""
    alarms, snapshots = Alarms(), premises.directory.snapshots
    good, other = snapshots / "generation-2", snapshots / "generation-1"
    for number, (kind, name, octets) in enumerate(damages(good, other, short, chance), 1000):
        bad = snapshots / f"generation-{number}"
        shutil.copytree(good, bad)
        (bad / name).unlink(missing_ok=True)
        if octets is not None:
            (bad / name).write_bytes(octets)
        tail.events()
        put_in_force(snapshots, bad.name)
        alarms.note(*tail.wait_for("snapshot_refused", 3), f"{kind} {name} of {bad.name}, {octets and len(octets)}")
        put_in_force(snapshots, "generation-1")
        shutil.rmtree(bad)
    return alarms


def damage_the_served(premises, tail, short, chance):
    """The files of the generation that is served are damaged where they are, and repaired."""
    alarms = Alarms()
    served, other = (premises.directory.snapshots / f"generation-{number}" for number in (1, 2))
    all_of_them = list(damages(served, other, True, chance))
    for kind, name, octets in chance.sample(all_of_them, min(len(all_of_them), 12 if short else 300)):
        path = served / name
        whole = path.read_bytes() if path.exists() else None
        tail.events()
        if octets is None:
            path.unlink()
        else:
            path.write_bytes(octets)
        alarms.note(*tail.wait_for("snapshot_refused", 3), f"{kind} {name} of the served generation")
        if whole is None:
            path.unlink()
        else:
            path.write_bytes(whole)
        tail.wait_for("snapshot_opened", 3)
    return alarms


def main():
    options = arguments(__doc__)
    figures, seed = Figures("F2"), random.randrange(2**32)
    log(f"seed {seed}")
    chance = random.Random(seed)
    with Premises(people=4) as premises:
        premises.start()
        wanted = premises.with_newcomers(0)
        premises.write_people(wanted)
        premises.timeline.may_become(wanted)
        premises.directory.publish()
        premises.wait_for_current()
        put_in_force(premises.directory.snapshots, "generation-1")
        premises.wait_for_current()
        premises.timeline.is_now(premises.state)
        tail = LogTail(premises.folder / "gateway" / "gateway.log")
        with premises.flow(streams=2, pause=0.005):
            show_damaged(premises, tail, options.short, chance).hold(figures, "a damaged generation is put in force")
            damage_the_served(premises, tail, options.short, chance).hold(
                figures, "the served generation is damaged")
            premises.timeline.may_become(wanted)
            put_in_force(premises.directory.snapshots, "generation-2")
            premises.wait_for_current()
            premises.timeline.is_now(wanted)
            lines = premises.ledger.lines
            wait_until(lambda: premises.ledger.lines > lines + 100, "mail under the sound generation")
        premises.hold_ledger(figures, may_fail=(DEFERRED,))
        tail.close()
    return figures.exit_status()


if __name__ == "__main__":
    sys.exit(main())
