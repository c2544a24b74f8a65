# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""The programs: people are published by fromguard-directory, rows are judged by fromguard-gateway."""
import csv
import json
import subprocess

DEFAULTS = "version: 1\nmode: enforce\n"
WITH_OPT_INS = DEFAULTS + ("rules:\n"
                           "  - name: hints\n"
                           "    when: {matches: [nickname, typo, local_part]}\n"
                           "    then: {disposition: suspicious, action: tag}\n")
TRUSTED_CLIENT = "192.0.2.25"
COLUMNS = ["Display_Name", "Email", "Secondary_Emails", "Groups", "Given_Name", "Surname"]


class Failure(Exception):
    """A program does not do its work; the text says which, and what it printed."""


def quote(text):
    """A text in YAML."""
    return json.dumps(text, ensure_ascii=False)


class Site:
    """One organization in a folder of its own, published."""

    def __init__(self, folder, programs, name, domains):
        self.folder = folder
        self.folder.mkdir(parents=True)
        self.programs = programs
        self.name = name
        self.domains = domains
        self._people = []
        self._roles = []

    def add(self, name, addresses, given="", surname=""):
        self._people.append([name, addresses[0], ";".join(addresses[1:]), "Protected", given, surname])

    def add_role_mailbox(self, name, addresses):
        self._people.append([name, addresses[0], ";".join(addresses[1:]), "", "", ""])
        self._roles.append(name)

    def publish(self):
        with (self.folder / "people.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([COLUMNS, *self._people])
        protect = ["groups: [Protected]"] if any(person[3] for person in self._people) else []
        if self._roles:
            protect.append(f"role_mailboxes: [{', '.join(quote(role) for role in self._roles)}]")
        config = self.folder / "directory.yaml"
        config.write_text(
            f"state: {self.folder}/state\n"
            f"snapshots: {self.folder}/snapshots\n"
            "organizations:\n"
            f"  - name: {quote(self.name)}\n"
            f"    domains: [{', '.join(self.domains)}]\n"
            "    directories:\n"
            f"      - {{name: people, type: csv, path: {self.folder}/people.csv}}\n"
            f"    protect: {{{', '.join(protect)}}}\n",
            encoding="utf-8")
        self._run("fromguard-directory", "run", "--once", "--config", config)
        (self.folder / "gateway.yaml").write_text(
            "listen: inet:8897@127.0.0.1\n"
            f"snapshot: {self.folder}/snapshots\n"
            f"policy: {self.folder}/policy.yaml\n"
            f"trusted_networks: [{TRUSTED_CLIENT}/32]\n"
            "log: {level: warning}\n", encoding="utf-8")

    def judge(self, rows, policy=DEFAULTS):
        """The gateway's answer to each row, in their order."""
        (self.folder / "policy.yaml").write_text(policy, encoding="utf-8")
        requests = "".join(json.dumps(row.request(number)) + "\n" for number, row in enumerate(rows))
        output = self._run("fromguard-gateway", "explain", "--jsonl", "--config", self.folder / "gateway.yaml",
                           text=requests)
        answers = [json.loads(line) for line in output.splitlines()]
        if [answer.get("id") for answer in answers] != list(range(len(rows))):
            raise Failure("fromguard-gateway did not answer every row")
        for row, answer in zip(rows, answers):
            if "error" in answer:
                raise Failure(f"fromguard-gateway refuses {row.identity}: {answer['error']}")
        return answers

    def _run(self, program, *arguments, text=""):
        done = subprocess.run([self.programs / program, *[str(a) for a in arguments]], input=text.encode(),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if done.returncode != 0:
            raise Failure(f"{program} {arguments[0]} ends with {done.returncode}:\n{done.stderr.decode()[-3000:]}")
        return done.stdout.decode()
