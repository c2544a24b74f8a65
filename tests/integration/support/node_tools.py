# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""The browser driver, the checkers and the grammar of tests/console, which npm installs once."""
import fcntl
import pathlib
import subprocess

TOOLS = pathlib.Path(__file__).resolve().parents[3] / "tests" / "console"


def install_tools():
    """Installs them by lock file; nothing if they are there."""
    lock = TOOLS / "package-lock.json"
    stamp = TOOLS / "node_modules" / ".installed-lock.json"
    with open(lock, "rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_bytes() == lock.read_bytes():
            return
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"],
                       cwd=TOOLS, check=True, capture_output=True)
        stamp.write_bytes(lock.read_bytes())
