# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""fromguard's two programs, each with its configuration in a temporary folder."""
import base64
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import urllib.error
import urllib.request

from support.waiting import free_port, is_listening, wait_until


def program(name):
    """The program to test; FROMGUARD_BIN names the folder it is in."""
    folder = os.environ.get("FROMGUARD_BIN")
    if not folder:
        raise RuntimeError("set FROMGUARD_BIN to the folder of the programs, e.g. build/release/bin")
    path = pathlib.Path(folder) / name
    if not path.exists():
        raise RuntimeError(f"{path} is not built; run: cmake --build --preset release")
    return str(path)


def is_sanitized():
    """Whether the programs are built for a sanitizer, with which they need several times the memory."""
    cache = pathlib.Path(os.environ["FROMGUARD_BIN"]).parent / "CMakeCache.txt"
    return cache.exists() and re.search(r"^FROMGUARD_SANITIZE:\w+=.", cache.read_text(), re.MULTILINE) is not None


def run_program(name, *arguments, stdin=b"", timeout=120):
    """Runs the program to its end; the result's streams are bytes."""
    return subprocess.run([program(name), *map(str, arguments)], input=stdin, check=False,
                          capture_output=True, timeout=timeout)


class Daemon:
    """A program that serves until it is stopped; its standard error goes to a file."""

    def __init__(self, name, configuration, log):
        self._name = name
        self._configuration = configuration
        self._log = pathlib.Path(log)
        self._process = None
        self._log_begin = 0
        self.environment = {}  # beside the test's own

    @property
    def running(self):
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self):
        return self._process.pid

    def spawn(self):
        """Starts the program without waiting for anything."""
        with open(self._log, "ab") as log:
            self._log_begin = log.tell()
            self._process = subprocess.Popen(
                [program(self._name), "run", "--config", str(self._configuration)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**os.environ, **self.environment})

    def wait_until(self, condition, what, timeout=30.0):
        """Waits for the condition; fails at once if the program ends."""
        wait_until(lambda: self._must_run() and condition(), what, timeout)

    def signal(self, number):
        self._process.send_signal(number)

    def wait(self, timeout=60):
        """Waits for the end and returns the exit status."""
        return self._process.wait(timeout)

    def stop(self):
        """SIGTERM, and the exit status. Nothing if it does not run."""
        if not self.running:
            return None
        self.signal(signal.SIGTERM)
        try:
            return self.wait()
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def kill(self):
        """SIGKILL, as the kernel does it when memory is short."""
        self._process.kill()
        self._process.wait()

    def log(self):
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def has_started(self):
        """Whether the process that runs has said so; others before it may have written to the log."""
        written = self._log.read_bytes()[self._log_begin:] if self._log.exists() else b""
        return b"started version=" in written or b'"event":"started"' in written

    def log_events(self, name):
        """The JSON log lines of this event. A last line without an end is still being written."""
        lines = (line for line in self.log().rpartition("\n")[0].splitlines() if line.startswith("{"))
        return [event for event in map(json.loads, lines) if event.get("event") == name]

    def _must_run(self):
        if not self.running:
            raise RuntimeError(f"{self._name} ended with {self._process.poll()}:\n{self.log()}")
        return True


GATEWAY_YAML = """\
listen: inet:{milter_port}@127.0.0.1
snapshot: {snapshots}
policy: {policy}
metrics: 127.0.0.1:{metrics_port}
trusted_networks: [127.0.0.1/32, "::1/128"]
log: {{level: debug, format: json}}
{extra}"""


class Gateway(Daemon):
    """fromguard-gateway on a free loopback port."""

    def __init__(self, folder, snapshots, milter_port=None):
        folder = pathlib.Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self.configuration = folder / "gateway.yaml"
        self.policy = folder / "policy.yaml"
        super().__init__("fromguard-gateway", self.configuration, folder / "gateway.log")
        self.milter_port = milter_port or free_port()
        self.metrics_port = free_port()
        self._snapshots = snapshots
        self.configure()

    def configure(self, extra=""):
        """Writes gateway.yaml with these further lines."""
        self.configuration.write_text(GATEWAY_YAML.format(
            milter_port=self.milter_port, snapshots=self._snapshots, policy=self.policy,
            metrics_port=self.metrics_port, extra=extra))

    def write_policy(self, text):
        """Puts policy.yaml in place by rename, as an editor does."""
        draft = self.policy.with_suffix(".new")
        draft.write_text(text)
        draft.rename(self.policy)

    def start(self, page="/readyz"):
        self.spawn()
        self.wait_for_health(page)
        self.wait_until(lambda: is_listening(self.milter_port), "the gateway to listen for the MTA")

    def wait_for_health(self, page="/readyz"):
        """Waits until the page answers 200."""
        self.wait_until(lambda: self.get(page)[0] == 200, f"the gateway to answer 200 on {page}")

    def get(self, page):
        """Status and text of a page of the metrics server; status 0 if nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics_port}{page}", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read().decode()
        except OSError:
            return 0, ""

    def metric(self, name, **labels):
        """The sum of the samples of this name that bear these labels; 0 if there is none."""
        total = 0.0
        for line in self.get("/metrics")[1].splitlines():
            sample = re.fullmatch(r"(\w+)(?:\{(.*)\})? (\S+)", line)
            if sample and sample[1] == name:
                found = dict(re.findall(r'(\w+)="((?:\\.|[^"\\])*)"', sample[2] or ""))
                if labels.items() <= found.items():
                    total += float(sample[3])
        return total

    def explain(self, *arguments, stdin=b"", timeout=120):
        return run_program("fromguard-gateway", "explain", "--config", self.configuration, *arguments,
                           stdin=stdin, timeout=timeout)

    def findings_in(self, headers, senders=()):
        """What `explain` finds in each of these headers, as octets, sent to somebody of contoso.com: a word or None. `senders` are
        their envelopes', if they are known."""
        requests = [json.dumps({"id": number, "header_b64": base64.b64encode(header).decode(), "rcpt": ["reception@contoso.com"]}
                               | ({"mail_from": sender} if senders else {}))
                    for number, (header, sender) in enumerate(zip(headers, senders or headers))]
        done = self.explain("--jsonl", stdin="".join(request + "\n" for request in requests).encode())
        answers = [json.loads(line)["finding"] for line in done.stdout.splitlines()]
        if len(answers) != len(requests):
            raise RuntimeError(f"explain answered {len(answers)} of {len(requests)} lines: {done.stderr}")
        return answers

    def replay(self, *arguments):
        return run_program("fromguard-gateway", "replay", "--config", self.configuration, *arguments)


DIRECTORY_YAML = """\
state: {folder}/state
snapshots: {folder}/snapshots
dns: {{servers: ["{name_server}"], timeout: 2s}}
organizations:
{organizations}"""


# Admin commands that change nothing.
READING = {("audit",), ("notifications",), ("permissions",), ("status",), ("connectors", "list"), ("connectors", "plan"),
           ("detections", "list"), ("detections", "marks"), ("detections", "show"), ("directories", "list"),
           ("domains", "list"), ("groups", "search"), ("groups", "show"), ("messages", "list"), ("messages", "show"),
           ("people", "search"), ("people", "show"), ("posture", "findings"), ("posture", "status"),
           ("secondary-emails", "list"), ("tokens", "list"), ("accounts", "list")}


class Directory(Daemon):
    """fromguard-directory with CSV files; `organizations` is the YAML list of that name.
    It asks `name_server` about domains: nobody, unless a test names one before it configures."""

    name_server = "127.0.0.1:1"

    def __init__(self, folder, organizations):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.configuration = self.folder / "directory.yaml"
        super().__init__("fromguard-directory", self.configuration, self.folder / "directory.log")
        self.snapshots = self.folder / "snapshots"
        self.unread = set(READING)
        self.configure(organizations)

    def configure(self, organizations):
        """Writes directory.yaml; `{folder}` in the text stands for the daemon's folder."""
        self.configuration.write_text(DIRECTORY_YAML.format(
            folder=self.folder, name_server=self.name_server, organizations=organizations.replace("{folder}", str(self.folder))))

    def write_csv(self, name, *rows):
        """Puts a CSV file with the usual header in place by rename."""
        text = "\r\n".join(["Display Name,Email,Secondary_Emails,Groups", *rows, ""])
        draft = self.folder / f"{name}.new"
        draft.write_text(text, encoding="utf-8", newline="")
        draft.rename(self.folder / name)

    def run_once(self):
        """`run --once`; the result's streams are bytes."""
        return run_program("fromguard-directory", "run", "--config", self.configuration, "--once")

    def spawn_once(self, **streams):
        """`run --once` as a process; the caller waits for it."""
        return subprocess.Popen(
            [program("fromguard-directory"), "run", "--config", str(self.configuration), "--once"],
            stdin=subprocess.DEVNULL, **(streams or {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}))

    def run_once_measured(self):
        """`run --once`: exit status, what was told, and the most resident memory in octets."""
        with tempfile.TemporaryFile() as told:
            process = self.spawn_once(stdout=told, stderr=told)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            told.seek(0)
            return process.returncode, told.read().decode(errors="replace"), usage.ru_maxrss * 1024

    def command(self, *arguments, stdin=b""):
        """An admin command; the result's streams are bytes."""
        return run_program("fromguard-directory", *arguments, "--config", self.configuration, stdin=stdin)

    def ask(self, *arguments):
        """An admin command with --json that must succeed: what it answers. One that changes nothing must succeed as a
        person reads it too, once there is something to read."""
        answer = json.loads(self.must_succeed(*arguments, "--json").stdout)
        reading = next((words for words in (arguments[:1], arguments[:2]) if words in self.unread), None)
        if reading and [] not in (answer.values() if isinstance(answer, dict) else [answer]):
            self.unread.remove(reading)
            self.must_succeed(*arguments)
        return answer

    def must_succeed(self, *arguments):
        """An admin command that must succeed; the result's streams are bytes."""
        done = self.command(*arguments)
        if done.returncode != 0:
            raise RuntimeError(f"fromguard-directory {' '.join(map(str, arguments))} ended with "
                               f"{done.returncode}:\n{done.stderr.decode(errors='replace')}")
        return done

    def publish(self):
        """`run --once` that must succeed."""
        done = self.run_once()
        if done.returncode != 0:
            raise RuntimeError(f"fromguard-directory run --once ended with {done.returncode}:\n"
                               f"{done.stderr.decode(errors='replace')}")
