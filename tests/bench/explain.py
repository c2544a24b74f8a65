# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Judging without a milter: what `fromguard-gateway explain --jsonl` says of many From fields, and how fast."""
import json
import os
import subprocess
import time

import servers

GATEWAY = "listen: inet:8897@127.0.0.1\nsnapshot: {snapshots}\npolicy: {folder}/policy.yaml\n"


def write_configuration(folder, snapshots):
    """A gateway.yaml with a policy that only monitors."""
    (folder / "policy.yaml").write_text("version: 1\nmode: monitor\n", encoding="ascii")
    config = folder / "explain.yaml"
    config.write_text(GATEWAY.format(folder=folder, snapshots=snapshots), encoding="utf-8")
    return config


def requests(from_lines):
    return [(json.dumps({"header": f"From: {line}"}) + "\n").encode() for line in from_lines]


def judge(programs, folder, snapshots, from_lines):
    """The answers, and what they took."""
    config = write_configuration(folder, snapshots)
    asked = folder / "requests.jsonl"
    asked.write_bytes(b"".join(requests(from_lines)))
    told = folder / "answers.jsonl"
    command = [programs / "fromguard-gateway", "explain", "--jsonl", "--config", config]
    started = time.monotonic()
    with asked.open("rb") as source, told.open("wb") as sink:
        process = subprocess.Popen([str(part) for part in command], stdin=source, stdout=sink, stderr=subprocess.DEVNULL)
        status, usage = servers.wait_for(process, started + servers.PUBLISH_SECONDS)
    seconds = time.monotonic() - started
    if status != 0:
        raise servers.Failure(f"explain ended with status {status}; run it by hand to see why: {command}")
    with told.open("rb") as source:
        answers = [json.loads(line) for line in source]
    cpu = usage.ru_utime + usage.ru_stime
    return answers, {"lines": len(answers), "seconds": seconds, "cpu_seconds": cpu,
                     "lines_per_second": len(answers) / seconds,
                     # From the processor time it took, on all threads: what two processors would do that nobody else used.
                     "lines_per_second_undisturbed": 2 * len(answers) / cpu,
                     "processors": os.cpu_count()}
