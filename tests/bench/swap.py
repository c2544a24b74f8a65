# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""What a new generation does to the mail that flows: the slowest message of a second with a swap, beside one without."""
import os
import pathlib
import shutil
import threading
import time

import servers

SECONDS = 1.0
TAKEN_SECONDS = 30


class Swapper:
    """Points `current` at a copy of the generation in force and back, as publishing does: by renaming a link."""

    def __init__(self, snapshots):
        self.link = snapshots / "current"
        own = os.readlink(self.link)
        folder = (snapshots / own).resolve()
        copy = folder.with_name(f"{folder.name}-copy")
        shutil.copytree(folder, copy, copy_function=os.link)
        self.targets = [own, os.path.join(os.path.dirname(own), copy.name)]
        self.swaps = 0

        self.copy = copy

    def swap(self):
        self.swaps += 1
        self.point_at(self.targets[self.swaps % 2])

    def point_at(self, target):
        new = self.link.with_name("current.new")
        new.symlink_to(target)
        os.replace(new, self.link)

    def end(self):
        """Leaves everything as it was."""
        self.point_at(self.targets[0])
        shutil.rmtree(self.copy)

    def folder(self):
        """The generation that `current` points at."""
        return self.link.resolve()


def has_opened(gateway, folder):
    """Whether the gateway holds a file of this generation open."""
    descriptors = pathlib.Path(f"/proc/{gateway.process.pid}/fd")
    for descriptor in descriptors.iterdir():
        try:
            if folder in pathlib.Path(os.readlink(descriptor)).parents:
                return True
        except FileNotFoundError:
            continue
    return False


def measure_round(load, gateway, swapper, rate):
    calm = load.run(gateway, SECONDS, rate)
    timer = threading.Timer(SECONDS / 3, swapper.swap)
    timer.start()
    swapped = load.run(gateway, SECONDS, rate)
    timer.join()
    deadline = time.monotonic() + TAKEN_SECONDS
    while not has_opened(gateway, swapper.folder()) and time.monotonic() < deadline:
        time.sleep(0.1)
    if time.monotonic() >= deadline:
        raise servers.Failure("a generation was put into `current`, and the gateway did not take it in time")
    return {"calm": calm, "swapped": swapped}


def measure(load, gateway, snapshots, rate, rounds):
    """Latencies of rounds of two measurements each: as it is, and with a swap in its midst."""
    swapper = Swapper(snapshots)
    try:
        found = [measure_round(load, gateway, swapper, rate) for _ in range(rounds)]
    finally:
        swapper.end()
    return {"rate": rate, "swaps": rounds, "rounds": found}
