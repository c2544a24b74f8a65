# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Ports are given to one test at a time, though several run beside each other."""
import pathlib
import subprocess
import sys
import unittest

from support.waiting import free_port

FOLDER = pathlib.Path(__file__).resolve().parent
MANY = 300  # chosen at random, two of so many would be the same
HOLD_UNTIL_READ = f"""
import sys
sys.path.insert(0, {str(FOLDER)!r})
from support.waiting import free_port
print(*(free_port() for _ in range({MANY})), flush=True)
sys.stdin.read()
"""


class FreePorts(unittest.TestCase):
    def test_one_that_is_given_is_not_given_again(self):
        with subprocess.Popen([sys.executable, "-c", HOLD_UNTIL_READ], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True) as other:
            others = [int(port) for port in other.stdout.readline().split()]
            own = [free_port() for _ in range(MANY)]
            other.stdin.close()
        self.assertEqual(len(set(own + others)), 2 * MANY)


if __name__ == "__main__":
    unittest.main(verbosity=2)
