#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""F11: signals in any number while mail flows: none is lost in order, and none passes unjudged."""
import collections
import pathlib
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from figures import Figures, arguments, log  # noqa: E402 pylint: disable=wrong-import-position
from milter_peer import Peer, forged, innocent, packet  # noqa: E402 pylint: disable=wrong-import-position
from served_gateway import ServedGateway  # noqa: E402 pylint: disable=wrong-import-position
from support.waiting import wait_until  # noqa: E402 pylint: disable=wrong-import-position

SESSIONS = 4
STATUS_IN_ORDER = 0


def outcome(answer, is_forged):
    if answer.is_temporary:
        return "451"
    return "judged" if answer.is_refusal == is_forged else "wrong"


class Mail:
    """Sessions of a few messages, one after the other, within the block; `counts` says what they got."""

    def __init__(self, served):
        self._served = served
        self._until = threading.Event()
        self._lock = threading.Lock()
        self.counts = collections.Counter()
        self._threads = [threading.Thread(target=self._flow) for _ in range(SESSIONS)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        wait_until(lambda: self.judged > 20, "mail to flow")
        return self

    def __exit__(self, *_):
        self._until.set()
        for thread in self._threads:
            thread.join()

    @property
    def judged(self):
        return self.counts["judged"]

    @property
    def said(self):
        return ", ".join(f"{number} {what}" for what, number in sorted(self.counts.items()))

    def _count(self, what):
        with self._lock:
            self.counts[what] += 1

    def _flow(self):
        while not self._until.is_set():
            try:
                with Peer(self._served.port, patience=90) as peer:
                    peer.begin(forged())
                    for number in range(6):
                        shape = forged() if number % 2 else innocent()
                        self._count(outcome(peer.deliver(shape), bool(number % 2)))
                    peer.send(packet(b"Q"))
            except OSError:
                self._count("broken off")
                time.sleep(0.02)  # nobody listens between two processes


def storm(figures, served, number, times):
    """One signal very often: nothing may come of it but what it is for."""
    pid = served.pid
    with Mail(served) as mail:
        before = mail.judged
        for _ in range(times):
            served.gateway.signal(number)
            time.sleep(0.001)
        wait_until(lambda: mail.judged > before + 20, "mail to flow on")
    lives = served.gateway.running and served.pid == pid
    figures.hold(f"{number.name} x {times}", f"{mail.said}; {'lives' if lives else 'ended'}", "all judged, none broken off, lives",
                 lives and set(mail.counts) == {"judged"})


def pause(figures, served, seconds):
    """Stopped, and told to go on: who waits gets an answer."""
    with Mail(served) as mail:
        served.gateway.signal(signal.SIGSTOP)
        time.sleep(0.1)
        before = mail.judged
        time.sleep(seconds)
        stood_still = mail.judged - before
        served.gateway.signal(signal.SIGCONT)
        begin = time.monotonic()
        wait_until(lambda: mail.judged > before + SESSIONS, "mail to flow on")
        back = time.monotonic() - begin
    figures.hold(f"SIGSTOP for {seconds} s, then SIGCONT", f"{mail.said}; {stood_still} meanwhile; back after {back:.2f} s",
                 "all judged, none broken off, back < 1 s", set(mail.counts) == {"judged"}, in_time=back < 1)


def begun(served):
    """A session that is in the middle of a message: its header has been judged, its body is due."""
    peer = Peer(served.port)
    peer.begin(forged())
    peer.send(forged().envelope_and_header())
    peer.read_answer()
    return peer


def end_begun(peer):
    """The rest of the message; what it got."""
    try:
        for chunk in forged().content():
            peer.send(chunk)
            peer.read_answer()
        peer.send(forged().end())
        return outcome(peer.read_answer(is_end=True), True)
    except OSError:
        return "broken off"
    finally:
        peer.close()


def drain(figures, served, rounds):
    """SIGTERM while messages are under way, a second one meanwhile, and a new start: each message gets its verdict."""
    counts, statuses = collections.Counter(), collections.Counter()
    for number in range(rounds):
        peers = [begun(served) for _ in range(8)]
        ended = len(served.gateway.log_events("stopping"))
        served.gateway.signal(signal.SIGTERM)
        wait_until(lambda seen=ended: len(served.gateway.log_events("stopping")) > seen, "the gateway to stop in order")
        if number % 2:
            served.gateway.signal(signal.SIGTERM)
            served.gateway.signal(signal.SIGHUP)
        counts.update(end_begun(peer) for peer in peers)
        statuses[served.gateway.wait(60)] += 1
        served.gateway.start()
    said = ", ".join(f"{many} {what}" for what, many in sorted(counts.items()))
    figures.hold(f"SIGTERM in the middle of 8 sessions, {rounds} times, every second one twice",
                 f"{said}; exit statuses {dict(statuses)}", "all judged; 0",
                 set(counts) == {"judged"} and set(statuses) == {STATUS_IN_ORDER})


def early(figures, served, rounds):
    """SIGTERM as soon as somebody listens: it is not lost while the gateway begins to serve."""
    ends = collections.Counter()
    for _ in range(rounds):
        served.gateway.signal(signal.SIGTERM)
        try:
            ends[f"ended with {served.gateway.wait(20)}"] += 1
        except subprocess.TimeoutExpired:
            ends["did not end within 20 s"] += 1
            served.gateway.kill()
        served.gateway.start()
    said = ", ".join(f"{many} {what}" for what, many in sorted(ends.items()))
    figures.hold(f"SIGTERM at once after the start, {rounds} times", said, f"all ended with {STATUS_IN_ORDER}",
                 set(ends) == {f"ended with {STATUS_IN_ORDER}"})


def restarts(figures, served, rounds):
    """SIGTERM and a new start while mail flows: what is cut is cut between messages, and nothing is judged wrongly."""
    with Mail(served) as mail:
        for _ in range(rounds):
            served.gateway.signal(signal.SIGTERM)
            served.gateway.wait(60)
            served.gateway.start()
            before = mail.judged
            wait_until(lambda seen=before: mail.judged > seen + 20, "mail to flow on")
    figures.hold(f"SIGTERM and start, {rounds} times, with mail flowing", mail.said, "none wrong", not mail.counts["wrong"])


def main():
    options = arguments(__doc__)
    figures = Figures("F11")
    with ServedGateway() as served:
        for number in (signal.SIGHUP, signal.SIGUSR1):
            log(number.name)
            storm(figures, served, number, 200 if options.short else 1000)
        log("pause")
        pause(figures, served, 2 if options.short else 30)
        log("drain")
        drain(figures, served, 2 if options.short else 20)
        early(figures, served, 5 if options.short else 100)
        restarts(figures, served, 1 if options.short else 10)
    return figures.exit_status()


if __name__ == "__main__":
    sys.exit(main())
