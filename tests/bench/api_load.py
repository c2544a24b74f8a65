# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Many who watch and ask the REST API at once, in a process of their own: prints what they saw as JSON
when its standard input ends."""
import argparse
import asyncio
import itertools
import json
import sys
import time

TARGETS = ("status", "directories", "jobs", "notifications?limit=20", "people?limit=20", "groups?limit=20",
           "audit?limit=20", "session")


class Load:
    def __init__(self, options, token):
        self.options = options
        self.head = f"Host: 127.0.0.1:{options.port}\r\nAuthorization: Bearer {token}\r\n\r\n"
        self.latencies = []
        self.late = self.refused = self.events = self.ended_streams = 0
        self.streams = 0

    async def open(self, target):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.options.port)
        writer.write(f"GET /api/v1/{target} HTTP/1.1\r\n{self.head}".encode())
        return reader, writer

    async def watch(self):
        """One event stream, to its end."""
        reader, _ = await self.open("events")
        self.streams += 1
        while line := await reader.readline():
            self.events += line.startswith(b"event: ")
        self.ended_streams += 1

    async def ask(self, number):
        """One connection that asks at its share of the rate, each request due at a fixed time."""
        pause = self.options.connections / self.options.rate
        due = time.monotonic() + pause * number / self.options.connections
        reader, writer = await asyncio.open_connection("127.0.0.1", self.options.port)
        for target in itertools.cycle(TARGETS[number % len(TARGETS):] + TARGETS[:number % len(TARGETS)]):
            now = time.monotonic()
            await asyncio.sleep(max(0.0, due - now))
            self.late += now > due + pause
            writer.write(f"GET /api/v1/{target} HTTP/1.1\r\n{self.head}".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n")
                          if line.lower().startswith(b"content-length:"))
            await reader.readexactly(length)
            self.refused += not head.startswith(b"HTTP/1.1 200")
            self.latencies.append(time.monotonic() - due)
            due += pause

    async def run(self):
        tasks = [asyncio.create_task(self.watch()) for _ in range(self.options.streams)]
        while self.streams < self.options.streams:
            await asyncio.sleep(0.05)
        tasks += [asyncio.create_task(self.ask(number)) for number in range(self.options.connections)]
        print("ready", flush=True)
        begun = time.monotonic()
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
        seconds = time.monotonic() - begun
        broken = sum(task.done() and task.exception() is not None for task in tasks)
        for task in tasks:
            task.cancel()
        ordered = sorted(self.latencies) or [0.0]
        print(json.dumps({
            "seconds": seconds, "requests_per_second": len(self.latencies) / seconds, "refused": self.refused,
            "broken": broken, "late": self.late, "streams": self.streams - self.ended_streams, "events": self.events,
            "p50": ordered[len(ordered) // 2], "p99": ordered[len(ordered) * 99 // 100]}), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--streams", type=int, required=True)
    parser.add_argument("--rate", type=int, required=True)
    parser.add_argument("--connections", type=int, default=50)
    options = parser.parse_args()
    token = sys.stdin.readline().strip()
    asyncio.run(Load(options, token).run())


if __name__ == "__main__":
    main()
