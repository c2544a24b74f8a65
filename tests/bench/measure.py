# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Rounds of measurements: every server in turn, saturated and at a fixed rate, and what else used the processors."""
import json
import os
import subprocess
import sys

from noise import Noise
from servers import Failure, tail

SPARE_SECONDS = 60


class Load:
    """Runs the load generator against one milter after the other."""

    def __init__(self, program, from_file, arguments):
        self.rate = getattr(arguments, "rate", 0)
        self.command = [program, "--from", from_file, "--connections", arguments.connections,
                        "--messages-per-connection", arguments.messages_per_connection,
                        "--recipients", arguments.recipients]

    def run(self, server, seconds, rate=0.0):
        """What the load generator printed, and the processor time of the milter for each message in microseconds."""
        command = [str(part) for part in [*self.command, "--seconds", seconds, "--rate", rate, server.address]]
        noise = Noise([server])
        before = server.cpu_seconds()
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + SPARE_SECONDS, check=False)
        except subprocess.TimeoutExpired as expired:
            raise Failure(f"{server.name}: the load generator hangs: {' '.join(command)}") from expired
        used = server.cpu_seconds() - before
        if done.returncode != 0:
            raise Failure(f"{server.name}: {done.stdout}{done.stderr}{tail(server.log)}")
        result = json.loads(done.stdout)
        result["cpu_us"] = used / max(1, result["messages"]) * 1e6
        result["others_share"] = noise.share()
        return result


def measure_rounds(load, running, arguments):
    """A dictionary of each server's figures for every round, and the share of the processors others used."""
    for server in running:
        warm = load.run(server, min(1.0, arguments.seconds))
        if server is running[0] and load.rate == 0:
            load.rate = round(warm["messages_per_second"] / 4)
    noise = Noise(running)
    rounds = []
    for number in range(arguments.rounds):
        # Another one begins each time, so that none is always the one after the same neighbour's end.
        shift = number % len(running)
        figures = {}
        for server in running[shift:] + running[:shift]:
            saturated = load.run(server, arguments.seconds)
            figures[server.name] = {"saturated": saturated, "paced": load.run(server, arguments.seconds, load.rate)}
        rounds.append(figures)
        print(f"round {number + 1} of {arguments.rounds}", file=sys.stderr, flush=True)
    return rounds, {"others_share": noise.share(), "processors": os.cpu_count(), "load_average": os.getloadavg()[0]}
