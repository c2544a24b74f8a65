#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""F3: the folder of generations is removed while the gateway serves one of them. It goes on answering right, it
tells so at once, after `degraded.stale_snapshot.after` it does what is configured, and it takes the next
generation by itself."""
import dataclasses
import shutil
import sys
import time

from figures import Figures, arguments
from oracle import DEFERRED, DEGRADED, HELD
from premises import LogTail, Premises, wait_until

# What `degraded.stale_snapshot.action` makes of a message without a finding.
ACTIONS = {"tag": DEGRADED, "tempfail": DEFERRED, "quarantine": HELD, "accept": DEGRADED}
STALE_AFTER = 2
MOST_SECONDS = 1.0


def remove_snapshots(premises):
    """Removes the folder; the seconds until the gateway has told of it, or None."""
    tail = LogTail(premises.folder / "gateway" / "gateway.log")
    shutil.rmtree(premises.directory.snapshots)
    events = {}

    def is_told():
        events.update((event["event"], event) for event in tail.events())
        return {"snapshot_missing", "snapshot_refused"} & set(events)

    began = time.monotonic()
    try:
        wait_until(is_told, "the gateway to tell", 10)
    except TimeoutError:
        return None
    finally:
        tail.close()
    return time.monotonic() - began


def go_on(figures, short):
    """Mail for as long as it takes, without the folder."""
    wanted = 2_000 if short else 50_000
    with Premises() as premises:
        premises.start()
        with premises.flow(streams=4):
            wait_until(lambda: premises.ledger.lines > 100, "mail before")
            seconds = remove_snapshots(premises)
            lines = premises.ledger.lines
            wait_until(lambda: premises.ledger.lines > lines + wanted, f"{wanted} messages", 600)
            publish_again(premises, premises.state)
            lines = premises.ledger.lines
            wait_until(lambda: premises.ledger.lines > lines + 100, "mail after")
        figures.hold("the folder of generations is removed", f"told after {seconds and round(seconds, 3)} s",
                     f"{MOST_SECONDS:g} s", seconds is not None, in_time=seconds is not None and seconds <= MOST_SECONDS)
        premises.hold_ledger(figures)


def publish_again(premises, before):
    """The directory makes the folder anew, with other people; they are in force then."""
    wanted = premises.with_newcomers(0)
    premises.write_people(wanted)
    premises.timeline.may_become(wanted)
    opened = len(premises.gateway.log_events("snapshot_opened"))
    premises.directory.publish()
    wait_until(lambda: len(premises.gateway.log_events("snapshot_opened")) > opened, "the new generation")
    premises.timeline.is_now(wanted)
    return before


def become_stale(figures, action):
    """Without the folder for longer than is allowed."""
    settings = f"degraded: {{stale_snapshot: {{after: {STALE_AFTER}s, action: {action}}}}}\n"
    with Premises(settings=settings) as premises:
        premises.start()
        confirmed = (premises.directory.snapshots / "current").lstat().st_mtime
        stale = dataclasses.replace(premises.state, unsure=ACTIONS[action])
        with premises.flow(streams=2, pause=0.002):
            premises.timeline.may_become(stale)
            remove_snapshots(premises)
            wait_until(lambda: premises.gateway.metric("fromguard_degraded_total", why="stale_snapshot") > 0,
                       "the generation to be stale")
            after = time.time() - confirmed
            premises.timeline.is_now(stale)
            lines = premises.ledger.lines
            wait_until(lambda: premises.ledger.lines > lines + 100, "mail of a stale gateway")
            publish_again(premises, stale)
            lines = premises.ledger.lines
            wait_until(lambda: premises.ledger.lines > lines + 50, "mail after", 20)
        figures.hold(f"stale, action {action}", f"after {after:.1f} s of {STALE_AFTER} s", "not before, then at once",
                     after >= STALE_AFTER, in_time=after < STALE_AFTER + 1)
        premises.hold_ledger(figures)


def main():
    options = arguments(__doc__)
    figures = Figures("F3")
    go_on(figures, options.short)
    for action in ["tag", "tempfail"] if options.short else ACTIONS:
        become_stale(figures, action)
    return figures.exit_status()


if __name__ == "__main__":
    sys.exit(main())
