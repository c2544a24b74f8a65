# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Other milters on the same mail and the same machine: rivals/README.md says how each of them is set up."""
import os
import pathlib
import signal
import subprocess
import sys
import time

import measure
import report
import servers
from support.waiting import free_port

ROOT = pathlib.Path(__file__).resolve().parents[2] / "build" / "rivals"
SETTINGS = pathlib.Path(__file__).resolve().parent / "rivals"
PEOPLE = 1000
CONNECTIONS = 8
ROUNDS = 7
SECONDS = 2.0
TICKS = os.sysconf("SC_CLK_TCK")
RSPAMD_FOLDERS = {"SHAREDIR": "", "PLUGINSDIR": "plugins", "RULESDIR": "rules", "LUALIBDIR": "lualib", "WWWDIR": "www"}


def are_there():
    return (ROOT / "usr" / "sbin" / "opendmarc").exists()


def session_ticks(session):
    """What all processes of a session have used, and their children that ended."""
    ticks = 0
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session:
            ticks += sum(int(field) for field in fields[11:15])
    return ticks


class Rival(servers.Server):
    """A milter of several processes, in sessions of their own so that what they use can be told."""

    environment = {}

    def __init__(self, name, folder):
        super().__init__(name, folder, "unix")
        self.path = self.address.partition(":")[2]
        self.helpers = []

    def launch(self, *command):
        """A process in a session of its own, with the packages' own libraries."""
        with self.log.open("ab") as log:
            return subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                    start_new_session=True, cwd=self.folder, env={**os.environ, **self.environment})

    def start(self, *command):
        self.process = self.launch(*command)
        self.wait_ready(self.is_ready)

    def wait_ready(self, is_ready):
        deadline = time.monotonic() + servers.START_SECONDS
        while not is_ready():
            if self.process and self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise servers.Failure(f"{self.name} is not ready:\n{servers.tail(self.log)}")
            time.sleep(0.1)

    def is_ready(self):
        return servers.is_listening(self.address)

    def cpu_seconds(self):
        return sum(session_ticks(process.pid) for process in [self.process, *self.helpers] if process) / TICKS

    def resident(self):
        """Not told: processes share what they hold."""
        return 0.0

    def stop(self):
        for process in [self.process, *self.helpers]:
            if process is not None and process.poll() is None:
                # Its group, and so all of its children: it was started as the leader of one.
                os.killpg(process.pid, signal.SIGTERM)
                try:
                    process.wait(servers.STOP_SECONDS)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()


class OpenDmarc(Rival):
    def __init__(self, folder):
        super().__init__("opendmarc", folder)
        config = self.folder / "opendmarc.conf"
        config.write_text((SETTINGS / "opendmarc.conf").read_text(encoding="ascii")
                          + f"TestDNSData {SETTINGS}/opendmarc.dns\n", encoding="utf-8")
        self.start(ROOT / "usr/sbin/opendmarc", "-f", "-c", config, "-p", f"local:{self.path}")


class Rspamd(Rival):
    environment = {"LD_LIBRARY_PATH": str(ROOT / "usr/lib/rspamd")}

    def __init__(self, name, config, folder, dns):
        super().__init__(name, folder)
        host, port = dns.split(":")
        values = {key: ROOT / "usr/share/rspamd" / part for key, part in RSPAMD_FOLDERS.items()}
        values |= {"CONFDIR": ROOT / "etc/rspamd", "LOCAL_CONFDIR": SETTINGS / "rspamd-default", "DNS": f"{host}:{port}",
                   "SOCKET": self.path, "SCAN_PORT": free_port(), "CONTROL_PORT": free_port()}
        values |= {key: self.folder for key in ("RUNDIR", "DBDIR", "LOGDIR")}
        variables = [part for key, value in values.items() for part in ("--var", f"{key}={value}")]
        self.start(ROOT / "usr/bin/rspamd", "-f", "-i", "-c", config, *variables)


class SpamAssassin(Rival):
    def __init__(self, folder):
        super().__init__("spamassassin", folder)
        spamd_port = free_port()
        settings = SETTINGS / "spamassassin"
        self.helpers.append(self.launch(
            "/usr/bin/perl", "-T", f"-I{ROOT}/usr/share/perl5", ROOT / "usr/sbin/spamd", "--local", "--nouser-config", f"--configpath={settings}",
            f"--siteconfigpath={settings}", "--listen=127.0.0.1", f"--port={spamd_port}", "--max-children=5",
            "--min-children=5", f"--pidfile={self.folder}/spamd.pid", "--syslog=null"))
        self.wait_ready(lambda: servers.is_listening(f"inet:{spamd_port}@127.0.0.1"))
        self.start(ROOT / "usr/sbin/spamass-milter", "-p", self.path, "-m", "--", "-d", "127.0.0.1", "-p", spamd_port)


def start_all(programs, folder, dns):
    """Every milter, the one that does nothing first, ours next."""
    yield servers.NullMilter("null", programs, folder, "unix")
    snapshots, _ = servers.publish(PEOPLE, programs, folder)
    yield servers.Gateway("fromguard", programs, folder, "unix", snapshots)
    yield OpenDmarc(folder)
    yield Rspamd("rspamd_minimal", SETTINGS / "rspamd-minimal.conf", folder, dns)
    yield Rspamd("rspamd_default", ROOT / "etc/rspamd/rspamd.conf", folder, dns)
    yield SpamAssassin(folder)


def measure_round(load, running):
    found = {}
    for server in running:
        found[server.name] = {"saturated": load.run(server, SECONDS)}
    return found


def measure_all(load, running):
    for server in running:
        load.run(server, SECONDS)
    rounds = []
    for number in range(ROUNDS):
        shift = number % len(running)
        rounds.append(measure_round(load, running[shift:] + running[:shift]))
        print(f"rivals: round {number + 1} of {ROUNDS}", file=sys.stderr, flush=True)
    return rounds


def measure_rivals(programs, folder, from_file, dns, arguments):
    """Rounds of all of them, saturated by few connections: with many, the slowest ones would begin too few messages."""
    folder = folder / "rivals"
    folder.mkdir()
    settings = type(arguments)(**{**vars(arguments), "connections": CONNECTIONS})
    load = measure.Load(programs / "milter_load", from_file, settings)
    running = []
    try:
        for server in start_all(programs, folder, dns):
            running.append(server)
        rounds = measure_all(load, running)
    finally:
        for server in running:
            server.stop()
    names = [server.name for server in running]
    rows = [{"name": name} | {f"{kind}_ratio": report.ratios(rounds, name, "null", kind)
                              for kind in ("messages_per_second", "cpu_us")} for name in names]
    return {"ours": "fromguard", "connections": CONNECTIONS, "seconds": SECONDS, "rows": rows, "rounds": rounds}


def print_table(rivals):
    print(f"beside others, {rivals['connections']} connections, mail of which 1 in 100 is forged; null milter = 1")
    print(f"{'':18}{'messages/s':>26}{'processor time':>28}")
    for row in rivals["rows"]:
        print(f"{row['name']:18}{report.range_text(row['messages_per_second_ratio'], '.4f'):>26}"
              f"{report.range_text(row['cpu_us_ratio'], '.2f'):>28}")
