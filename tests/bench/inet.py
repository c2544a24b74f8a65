# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""What the options of a TCP socket do to a milter: TCP_NODELAY to messages whose header it changes, the backlog to clients
that all come at once.

libmilter writes each change of a header by itself. Without TCP_NODELAY the second write waits until the first is
acknowledged, which the MTA's side puts off for 40 ms. A connection for which there is no room in the backlog asks again
after a second.
"""
import argparse

import measure
import servers
from report import range_text, spread

ROUNDS = 5
SECONDS = 1.0
ONE_AFTER_THE_OTHER = 1
AT_ONCE = 256
SMALL_BACKLOG = 20  # libmilter's own


class OptionMilter(servers.NullMilter):
    """The milter that does nothing, with options of its own."""

    def __init__(self, name, programs, folder, options):
        self.options = options
        super().__init__(name, programs, folder, "inet")

    def start(self, *command):
        super().start(*command, *self.options)


class StampingGateway(servers.Gateway):
    policy = servers.Gateway.policy.replace("stamp: findings", "stamp: all")


def load_of(programs, from_file, connections, messages_per_connection):
    arguments = argparse.Namespace(connections=connections, messages_per_connection=messages_per_connection, recipients=1)
    return measure.Load(programs / "milter_load", from_file, arguments)


def rounds_of(load, running):
    """Messages a second, and the slowest, of each server in turn; and in how many rounds it left connections waiting."""
    seen = {server.name: [] for server in running}
    for _ in range(ROUNDS):
        for server in running:
            try:
                seen[server.name].append(load.run(server, SECONDS))
            except servers.Failure as failure:
                if "not every connection was taken in time" not in str(failure):
                    raise
    return [{"name": name, "left_waiting": ROUNDS - len(measured)} | (figures_of(measured) if measured else {})
            for name, measured in seen.items()]


def figures_of(measured):
    return {"messages_per_second": spread([each["messages_per_second"] for each in measured]),
            "slowest_ms": spread([each["latency_us"]["max"] / 1000 for each in measured])}


def measure_inet(programs, folder, snapshots, from_file):
    folder = folder / "inet"
    folder.mkdir()
    running = []
    try:
        running.append(OptionMilter("two fields added, without TCP_NODELAY", programs, folder, ["--stamp", "--nagle"]))
        running.append(OptionMilter("two fields added, with it", programs, folder, ["--stamp"]))
        running.append(StampingGateway("fromguard, stamp: all", programs, folder, "inet", snapshots))
        delayed = rounds_of(load_of(programs, from_file, ONE_AFTER_THE_OTHER, 0), running)
        bursts = [OptionMilter(f"nothing done, backlog {SMALL_BACKLOG}", programs, folder, ["--backlog", SMALL_BACKLOG]),
                  OptionMilter("nothing done, the system's backlog", programs, folder, [])]
        running += bursts
        at_once = rounds_of(load_of(programs, from_file, AT_ONCE, 1), [*bursts, running[2]])
    finally:
        for server in running:
            server.stop()
    return {"one": delayed, "burst": at_once}


def print_table(measured):
    for title, rows in ((f"{ONE_AFTER_THE_OTHER} connection on a TCP socket, header changed", measured["one"]),
                        (f"{AT_ONCE} connections at once on a TCP socket, one message each", measured["burst"])):
        print(f"{title:62}{'messages/s':>22}{'slowest, ms':>24}")
        for row in rows:
            waiting = f"  connections not taken within 5 s in {row['left_waiting']} of {ROUNDS} rounds"
            figures = "" if "slowest_ms" not in row else (f"{range_text(row['messages_per_second'], ',.0f'):>22}"
                                                          f"{range_text(row['slowest_ms'], ',.1f'):>24}")
            print(f"  {row['name']:60}{figures}{waiting if row['left_waiting'] else ''}")
