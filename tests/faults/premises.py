# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Both daemons in a temporary folder, with the people of an oracle, for suites that make them fail."""
import contextlib
import json
import os
import pathlib
import shutil
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))

from support.daemons import Directory, Gateway  # noqa: E402  pylint: disable=wrong-import-position
from support.waiting import free_port, wait_until  # noqa: E402  pylint: disable=wrong-import-position

import oracle  # noqa: E402  pylint: disable=wrong-import-position
from mail_flow import Flow, MilterSession  # noqa: E402  pylint: disable=wrong-import-position

DOMAINS = ("contoso.com", "fabrikam.com")
ORGANIZATION = """\
  - name: {name}
    domains: [{name}.com]
    directories:
      - {{name: People, type: csv, path: "{{folder}}/{name}.csv", sync: {{every: 5m}}}}
    protect: {{groups: [Executives]}}
"""
ORGANIZATIONS = "".join(ORGANIZATION.format(name=domain.removesuffix(".com")) for domain in DOMAINS)
REJECTING = """\
version: 1
mode: enforce
authentication: {require: never}
rules:
  - name: all
    then: {disposition: spoof, action: reject, code: 550 5.7.1, text: "{reason}"}
"""
NEWCOMERS = tuple(oracle.Person(f"Newcomer Number{letter}", (f"new{letter.lower()}@contoso.com",), "contoso.com")
                  for letter in ("One", "Two", "Three", "Four"))


class Premises:
    """The daemons' folder, configuration and people; nothing is published and nothing runs at first.
    Each person has so many `homes`, addresses elsewhere. `dns` is the name server's address; without it nobody answers."""

    def __init__(self, people=20, policy=REJECTING, settings="", homes=1, dns=None):
        self._stack = contextlib.ExitStack()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="fromguard-"))
        self._stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.folder.chmod(0o755)
        self.regulars = tuple(person for domain in DOMAINS for person in oracle.make_people(domain, people, homes=homes))
        self.others = ()
        self.directory = Directory(self.folder / "directory", ORGANIZATIONS)
        self.gateway = Gateway(self.folder / "gateway", self.directory.snapshots)
        dns = dns or f"127.0.0.1:{free_port()}"
        self.gateway.configure(f'dns: {{servers: ["{dns}"], timeout: 1s}}\n{settings}')
        self.gateway.write_policy(policy)
        self.ledger = oracle.Ledger(self.folder / "ledger")
        self.state = oracle.State(self.regulars)
        self.timeline = oracle.Timeline(self.state)
        self.write_people(self.state)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.gateway.stop()
        self.directory.stop()
        self._stack.close()

    def on_exit(self, call, *arguments):
        """Has this called at the end."""
        self._stack.callback(call, *arguments)

    def start(self):
        """Publishes, and starts the gateway on it."""
        self.directory.publish()
        self.gateway.start()

    def with_newcomers(self, number):
        """The state with another newcomer for each number, so that neighbours differ."""
        return oracle.State((*self.regulars, NEWCOMERS[number % len(NEWCOMERS)]))

    def write_people(self, state):
        """The CSV files of this state."""
        for domain in DOMAINS:
            self.directory.write_csv(domain.replace(".com", ".csv"),
                                     *oracle.csv_rows([each for each in state.people if each.domain == domain]))

    @property
    def everybody(self):
        """All who may be there in some state."""
        return (*self.regulars, *self.others, *NEWCOMERS)

    def flow(self, streams, pause=0.0, make_session=None, seed=0):
        """Streams of mail to the gateway, straight by the milter protocol unless told otherwise."""
        workloads = [oracle.Workload(self.everybody, f"{seed}.{number}") for number in range(streams)]
        return Flow(make_session or (lambda: MilterSession(self.gateway.milter_port)), workloads, self.ledger, pause)

    def current(self):
        """The number of the generation that `current` names; 0 without one."""
        link = self.directory.snapshots / "current"
        return int(link.readlink().name.removeprefix("generation-")) if link.is_symlink() else 0

    def leftovers(self):
        """What a publisher that died has left: names in the snapshots folder that are of no generation."""
        return sorted(name for name in os.listdir(self.directory.snapshots)
                      if name.startswith((".staging", ".current-new")) or (
                          name.startswith("generation-") and
                          not (self.directory.snapshots / name / "fromguard-manifest").exists()))

    def wait_for_current(self):
        """Waits until the gateway judges by the generation that `current` names."""
        self.gateway.wait_until(lambda: self.gateway.metric("fromguard_snapshot_generation") == self.current(),
                                "the gateway to use the generation in force", timeout=10)

    def explained(self, messages):
        """What `explain` finds for each message in the generation that `current` names: reason or None.
        It opens and verifies the generation anew; nothing if that fails."""
        lines = b"".join(json.dumps({"id": number, "header": f"From: {message.from_field}",
                                     "rcpt": [message.recipient]}).encode() + b"\n"
                         for number, message in enumerate(messages))
        done = self.gateway.explain("--jsonl", stdin=lines)
        if done.returncode != 0:
            return None
        return [json.loads(line)["finding"] is not None for line in done.stdout.splitlines()]

    def is_in_force(self, state, messages):
        """Whether the generation on the disk, opened anew, answers as the oracle does for this state."""
        return self.explained(messages) == [oracle.finding_of(state, message) is not None for message in messages]

    def probes(self, count=60):
        """Messages to tell states apart: a sample, and each newcomer forged."""
        workload = oracle.Workload(self.everybody, "probes")
        forged = [oracle.Message(each.name, "x@freemail.example", "plain", "reception@contoso.com")
                  for each in NEWCOMERS]
        return [*forged, *(workload.next() for _ in range(count))]

    def hold_ledger(self, figures, may_fail=()):
        """Puts the ledger against the oracle as a figure."""
        judgement = self.ledger.judge(self.timeline, may_fail)
        for wrong in judgement.wrong[:5]:
            print("wrong:", *wrong, file=sys.stderr)
        figures.hold("every verdict against the oracle's", f"{len(judgement.wrong)} wrong of {judgement.total} "
                     f"({judgement.kinds()})", "0 wrong", not judgement.wrong and judgement.total > 0)
        return judgement


class LogTail:
    """What a daemon logs from now on."""

    def __init__(self, path):
        self._file = open(path, encoding="utf-8", errors="replace")  # pylint: disable=consider-using-with
        self._file.seek(0, os.SEEK_END)
        self._part = ""

    def close(self):
        self._file.close()

    def events(self):
        """The events that were logged since the last call."""
        self._part += self._file.read()
        *lines, self._part = self._part.split("\n")
        return [json.loads(line) for line in lines if line.startswith("{")]

    def wait_for(self, name, timeout=10.0):
        """Waits for this event and returns it with the seconds that it took; (None, seconds) without one."""
        began = time.monotonic()
        while time.monotonic() - began < timeout:
            found = [event for event in self.events() if event.get("event") == name]
            if found:
                return found[-1], time.monotonic() - began
            time.sleep(0.0005)
        return None, time.monotonic() - began


__all__ = ["DOMAINS", "NEWCOMERS", "ORGANIZATIONS", "REJECTING", "LogTail", "Premises", "wait_until"]
