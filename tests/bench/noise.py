# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""What else used the processors while something was measured."""
import os
import resource

TICKS = os.sysconf("SC_CLK_TCK")


class Noise:
    """The share of the processors that others used since it was made."""

    def __init__(self, running):
        self.running = running
        self.start = self.read()

    def read(self):
        with open("/proc/stat", encoding="ascii") as stat:
            fields = [int(field) for field in stat.readline().split()[1:9]]
        all_time = sum(fields) / TICKS
        idle = (fields[3] + fields[4]) / TICKS
        ours = sum(server.cpu_seconds() for server in self.running)
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
            usage = resource.getrusage(who)
            ours += usage.ru_utime + usage.ru_stime
        return all_time, all_time - idle, ours

    def share(self):
        all_time, busy, ours = (now - then for now, then in zip(self.read(), self.start))
        return max(0.0, (busy - ours) / all_time) if all_time > 0 else 0.0
