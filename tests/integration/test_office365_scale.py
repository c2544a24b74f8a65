#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""A large tenant: its truth is in force after a first sync, a delta and a resync, in bounded memory and
with requests in proportion to what has changed. FROMGUARD_PEOPLE sets the size."""
import os
import unittest

from support.daemons import is_sanitized
from support.office365 import Office365TestCase

PEOPLE = int(os.environ.get("FROMGUARD_PEOPLE", "100000"))
MOST_MEMORY = 256 * 1024 * 1024


class LargeTenant(Office365TestCase):
    people, groups = PEOPLE, 2000
    protect = 'groups: [Executives, "All of the North"]'

    def sync_once(self):
        """One `run --once` in force: requests by endpoint, and the most memory that it had."""
        self.microsoft.reset_counters()
        status, told, memory = self.directory.run_once_measured()
        self.assertEqual(status, 0, told)
        self.assert_in_force("Executives", "All of the North")
        requests = self.microsoft.counters()["requests"]
        print(f"{PEOPLE} people: {sum(requests.values())} requests, {memory / 2**20:.0f} MiB", flush=True)
        if not is_sanitized():
            self.assertLess(memory, MOST_MEMORY)
        return sum(requests.values())

    def test_first_sync_delta_and_resync(self):
        first = self.sync_once()
        self.microsoft.change(random_changes=100)
        self.assertLess(self.sync_once(), 40)
        self.microsoft.change(random_changes=100)
        self.microsoft.control("expire_tokens")
        self.assertLess(self.sync_once(), 2 * first)


if __name__ == "__main__":
    unittest.main(verbosity=2)
