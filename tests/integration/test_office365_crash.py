#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""The directory daemon is killed at random instants of sync and publish: a running gateway never meets a
bad generation, and the next run ends in the right state. FROMGUARD_KILLS sets how often."""
import os
import random
import subprocess
import time
import unittest

from support.office365 import Office365TestCase

KILLS = int(os.environ.get("FROMGUARD_KILLS", "25"))
BETWEEN_CHECKS = 5


class Kills(Office365TestCase):
    people, groups = 3000, 100

    def setUp(self):
        super().setUp()
        self.microsoft.control("delta", page_size=100, member_slice=20)
        started = time.monotonic()
        status, told = self.run_once()
        self.assertEqual(status, 0, told)
        self.duration = time.monotonic() - started
        self.gateway.start()
        self.addCleanup(self.gateway.stop)

    def run_and_kill(self, after):
        process = self.directory.spawn_once()
        try:
            process.wait(timeout=after)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def test_kills_lose_nothing(self):
        seed = random.randrange(2**32)
        print(f"{KILLS} kills, seed {seed}", flush=True)
        chance = random.Random(seed)
        for kill in range(1, KILLS + 1):
            self.microsoft.change(random_changes=20)
            if chance.random() < 0.5:
                self.microsoft.control("expire_tokens")
            self.run_and_kill(chance.uniform(0, self.duration))
            self.assertEqual(self.gateway.get("/readyz")[0], 200)
            if kill % BETWEEN_CHECKS == 0:
                status, told = self.run_once()
                self.assertEqual(status, 0, told)
                self.assert_in_force("Executives")
        self.assertEqual(self.gateway.metric("fromguard_reload_failures_total"), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
