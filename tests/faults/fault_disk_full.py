#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""F4: the disk is full at each step of publishing, of writing the directory's state, of keeping detections.
The disks are small tmpfs in a mount namespace of the suite's own; how much room is left is stepped, in octets
and in inodes, so that ENOSPC strikes at different places."""
import contextlib
import errno
import os
import subprocess
import sys

from figures import Figures, arguments, log
from mail_flow import MilterSession
from oracle import Message
from premises import Premises, wait_until

PAGE = 4096
SIZE = 32 * 1024 * 1024
MANY_INODES = 100_000
IN_NAMESPACE = "FROMGUARD_FAULTS_NAMESPACE"


def enter_namespace():
    """Goes on in a mount namespace of this process's own; what is mounted there ends with it."""
    if os.environ.get(IN_NAMESPACE) != "1":
        os.environ[IN_NAMESPACE] = "1"
        os.execvp("unshare", ["unshare", "--mount", sys.executable, *sys.argv])


class SmallDisk:
    """A tmpfs at this folder, which is made."""

    def __init__(self, folder):
        self._folder = folder
        self._ballast = folder / "ballast"
        folder.mkdir(parents=True, exist_ok=True)
        self._mount("size", str(SIZE), "mode=0755")

    def _mount(self, option, value, *more):
        subprocess.run(["mount", "-t", "tmpfs", "-o", ",".join([f"{option}={value}", *more]), "faults",
                        str(self._folder)], check=True)

    def leave(self, octets):
        """Fills the disk but for so much room. There is never more room meanwhile than before or after: it
        would be set aside for a log."""
        self._remount(f"nr_inodes={MANY_INODES}")
        while True:
            room = os.statvfs(self._folder)
            has = self._ballast.stat().st_size if self._ballast.exists() else 0
            wanted = has + room.f_bavail * room.f_bsize - octets
            if wanted == has:
                return
            with open(self._ballast, "ab") as file, contextlib.suppress(OSError):
                if wanted < has:
                    file.truncate(wanted)
                else:
                    os.posix_fallocate(file.fileno(), 0, wanted)

    def leave_inodes(self, count):
        """Lets so many more files, folders and links be made."""
        room = os.statvfs(self._folder)
        self._remount(f"nr_inodes={room.f_files - room.f_ffree + count}")

    def make_room(self):
        """Takes back both."""
        self._ballast.unlink(missing_ok=True)
        self._remount(f"nr_inodes={MANY_INODES}")

    def _remount(self, option):
        subprocess.run(["mount", "-o", f"remount,{option}", str(self._folder)], check=True)


def steps(short):
    """How much room is left in each step: a call of SmallDisk and its argument."""
    pages = (0, 1, 4, 12, 24) if short else range(0, 160)
    inodes = (0, 2, 8, 14) if short else range(0, 40)
    for number in range(max(len(pages), len(inodes))):
        if number < len(pages):
            yield "leave", pages[number] * PAGE
        if number < len(inodes):
            yield "leave_inodes", inodes[number]


def is_clean(done):
    """Whether a run that failed ended in order and named the reason."""
    told = done.stderr.decode(errors="replace")
    return 0 < done.returncode < 128 and (os.strerror(errno.ENOSPC) in told or "room" in told)


class Publishing:
    """Publishes of ever other people, each with less room than it may need."""

    def __init__(self, premises, disk):
        self._premises, self._disk = premises, disk
        self._probes = premises.probes()
        self._in_force = premises.state
        self._number = 0
        self.failed = self.succeeded = 0
        self.wrong = []

    def _publish(self):
        """One publish of other people: whether it said that it succeeded, and whether all else is right."""
        premises, before = self._premises, self._premises.current()
        self._number += 1
        wanted = premises.with_newcomers(self._number)
        premises.write_people(wanted)
        premises.timeline.may_become(wanted)
        done = premises.directory.run_once()
        if premises.current() != before:
            self._in_force = wanted
            premises.wait_for_current()
        premises.timeline.is_now(self._in_force)
        is_right = premises.is_in_force(self._in_force, self._probes)
        return done, is_right and (done.returncode != 0 or self._in_force == wanted)

    def step(self, call, argument):
        """One publish with so much room, and one with all there is."""
        getattr(self._disk, call)(argument)
        done, is_right = self._publish()
        self.failed += done.returncode != 0
        self.succeeded += done.returncode == 0
        if not is_right or not (done.returncode == 0 or is_clean(done)):
            self.wrong.append((call, argument))
            log(f"{call} {argument}: {done.returncode}, right: {is_right}\n{done.stderr.decode(errors='replace')}")
        self._disk.make_room()

    def recover(self):
        """With room again: whether publishing works at once, and nothing is left of what failed."""
        done, is_right = self._publish()
        if done.returncode != 0:
            log(f"with room again: {done.stderr.decode(errors='replace')}")
        return done.returncode == 0 and is_right and not self._premises.leftovers()

    def run(self, figures, what, short):
        lost = []
        for number, (call, argument) in enumerate(steps(short)):
            self.step(call, argument)
            if number % 5 == 4 and not self.recover():
                lost.append((call, argument))
        if not self.recover():
            lost.append("the end")
        figures.hold(f"{what} full", f"{len(self.wrong)} wrong of {self.failed} failures and "
                     f"{self.succeeded} that had room", "0 wrong", not self.wrong and self.failed > 0)
        figures.hold(f"{what} has room again", f"{len(lost)} times not right at once", "0", not lost)


def publishing(figures, short, name):
    """Publishes with the folder `name` of the directory on a small disk."""
    with Premises() as premises:
        disk = SmallDisk(premises.directory.folder / name)
        premises.on_exit(subprocess.run, ["umount", str(premises.directory.folder / name)])
        premises.start()
        with premises.flow(streams=1, pause=0.02):
            Publishing(premises, disk).run(figures, f"publish: the disk of `{name}`", short)
        premises.hold_ledger(figures)


def publish_snapshots(figures, short):
    publishing(figures, short, "snapshots")


def publish_state(figures, short):
    publishing(figures, short, "state")


class StateWrites:
    """A daemon whose state is on a full disk is given changes to keep: secondary emails of one person. It is
    started with little room, or RocksDB would have room for its log set aside."""

    def __init__(self, premises, disk):
        self._premises, self._disk = premises, disk
        self._person = premises.regulars[0]
        self._next = 0
        self.kept, self.unclean = [], []
        self.refused = self.not_started = self.recovered = 0

    def _start(self, room):
        """Whether the daemon starts with so much room; where it does not, it must say why."""
        directory = self._premises.directory
        self._disk.leave(room)
        directory.spawn()
        wait_until(lambda: not directory.running or directory.has_started(), "the daemon to serve or to end")
        if not directory.running:
            self.not_started += 1
            if directory.wait() not in range(1, 128):
                self.unclean.append(f"ended with {directory.wait()}")
        return directory.running

    def _add(self):
        """Adds an address; the result of the command."""
        self._next += 1
        address = f"more{self._next}@elsewhere.example"
        done = self._premises.directory.command("secondary-emails", "add", self._person.addresses[0], address)
        if done.returncode == 0:
            self.kept.append(address)
        return done

    def step(self, room_to_start, room):
        """One disk that gets full, and has room again."""
        if self._start(room_to_start):
            self._disk.leave(room)
            done = next((done for done in (self._add() for _ in range(60)) if done.returncode != 0), None)
            if done is not None:
                self.refused += 1
                told = done.stderr.decode(errors="replace")
                if done.returncode >= 128 or not any(word in told for word in ("room", "space")):
                    self.unclean.append(told)
            self._disk.make_room()
            self.recovered += bool(wait_until(lambda: self._add().returncode == 0, "a change to be kept", 30))
            self._premises.directory.stop()
        self._disk.make_room()

    def hold(self, figures):
        """Whether all that was said to be kept is there after a restart, and in force."""
        self._premises.directory.publish()
        probes = [Message(self._person.name, address, "plain", f"r@{self._person.domain}") for address in self.kept]
        lost = sum(self._premises.explained(probes))
        for text in self.unclean:
            log(text)
        figures.hold("state: the disk is full while a change is to be kept",
                     f"{self.refused} refused, {self.not_started} starts refused, {len(self.unclean)} without saying "
                     f"why; {lost} lost of {len(self.kept)} kept", "some refused, each clearly, 0 lost",
                     self.refused and not self.unclean and not lost)
        figures.hold("state: there is room again", f"{self.recovered} times kept on without a restart",
                     "each time", self.recovered >= self.refused)


def state_writes(figures, short):
    with Premises() as premises:
        disk = SmallDisk(premises.directory.folder / "state")
        premises.on_exit(subprocess.run, ["umount", str(premises.directory.folder / "state")])
        premises.start()
        writes = StateWrites(premises, disk)
        if short:
            writes.step(64 * PAGE, 0)
        else:
            for pages in range(0, 80):
                writes.step(pages * PAGE, 0)
            for pages in range(0, 6):
                writes.step(100 * PAGE, pages * PAGE)
        writes.hold(figures)


def detection_writes(figures, short):
    """The gateway's database of detections is on a full disk. The gateway is started with little room, or
    RocksDB would have room for its log set aside."""
    with Premises() as premises:
        kept = premises.folder / "detections"
        disk = SmallDisk(kept)
        premises.on_exit(subprocess.run, ["umount", str(kept)])
        premises.gateway.configure(f"detections: {kept}\n")
        configuration = premises.directory.configuration
        configuration.write_text(f"detections: {kept}\n{configuration.read_text()}")
        premises.directory.publish()
        gateway = premises.gateway
        rooms = (64,) if short else range(0, 100, 2)
        for room in rooms:
            disk.leave(room * PAGE)
            told, resumed = (len(gateway.log_events(f"detections_{name}")) for name in ("failed", "resumed"))
            gateway.start()
            with premises.flow(streams=2, pause=0.001):
                disk.leave(0)
                wait_until(lambda: len(gateway.log_events("detections_failed")) > told, "detections to fail", 60)
                disk.make_room()
                wait_until(lambda: len(gateway.log_events("detections_resumed")) > resumed, "detections to resume", 60)
            if room != rooms[-1]:
                gateway.stop()
        figures.hold("detections: the disk is full", f"told and resumed {len(rooms)} times of {len(rooms)}",
                     "each time", True)
        premises.hold_ledger(figures)
        reread_detections(figures, premises)


def reread_detections(figures, premises):
    """Whether what is kept after all that can be read, and what comes is kept."""
    directory, person = premises.directory, premises.regulars[0]
    directory.spawn()
    directory.wait_until(directory.has_started, "the daemon to serve")
    forged = Message(person.name, "last@freemail.example", "plain", f"r@{person.domain}")
    with MilterSession(premises.gateway.milter_port) as session:
        session.send(forged)

    def is_listed():
        listed = directory.ask("detections", "list", "--text", forged.address)["detections"]
        return any(each["address"] == forged.address for each in listed)

    wait_until(is_listed, "the last detection to be listed")
    figures.hold("detections: what came after it", "kept and listed", "kept and listed", True)


def main():
    options = arguments(__doc__, lambda parser: parser.add_argument("--part", help="one part alone, e.g. state_writes"))
    enter_namespace()
    figures = Figures("F4")
    for suite in (publish_snapshots, publish_state, state_writes, detection_writes):
        if options.part in (None, suite.__name__):
            suite(figures, options.short)
    return figures.exit_status()


if __name__ == "__main__":
    sys.exit(main())
