#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""F7: a name server that lies or is silent costs its own message an answer in time, and no other session anything."""
import pathlib
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from figures import Figures, arguments, log  # noqa: E402 pylint: disable=wrong-import-position
from lying_dns import LyingDns  # noqa: E402 pylint: disable=wrong-import-position
from milter_peer import Peer, forged, innocent, message  # noqa: E402 pylint: disable=wrong-import-position
from served_gateway import ServedGateway  # noqa: E402 pylint: disable=wrong-import-position

POLICY = "version: 1\nmode: enforce\nrules:\n  - name: all\n    then: {action: reject}\n"
MOST_QUESTIONS = 111  # of SPF; DMARC's own come beside
MOST_DMARC_QUESTIONS = 3
MOST_SECONDS = 8.0
GRACE = 0.7  # for a machine that does other things as well
MOST_P99_MS = 50.0
SESSIONS = 4

BLOCKED = [f"silent{number}" for number in range(9)]  # no one is remembered of another

# What a message from Mary's own address at such a domain must get.
FAILURES = ("silent", "servfail", "refused", "formerr", "notimp", "truncated", "huge", "muted", "short", "garbage")
QUICK = ("servfail", "refused", "huge", "truncated", "garbage")
# Answers that say that there is nothing: as of any domain that publishes no policy, the sender is believed. Aliases
# that lead nowhere are no data, as RFC 7208's tests have it.
ABSENCES = ("flood", "circle", "chain")
MARY = "Mary Somerville,mary@contoso.com,{},Executives".format(
    ";".join(f"mary@{lie}.example" for lie in (*FAILURES, *BLOCKED, *ABSENCES, "spoofed", "bomb", "wide")))


def from_mary(lie):
    return message(f"Mary Somerville <mary@{lie}.example>".encode(), sender=f"<mary@{lie}.example>".encode())


def ask(served, dns, lie):
    """Answer, seconds and questions of one message."""
    before, begin = dns.questions(lie), time.monotonic()
    answer = served.judge(from_mary(lie), patience=60)
    return answer, time.monotonic() - begin, dns.questions(lie) - before


def outcome(answer):
    if answer.is_temporary:
        return "451"
    return "refused" if answer.is_refusal else "accepted"


def lies(figures, served, dns, short):
    for lie in QUICK if short else FAILURES:
        answer, seconds, asked = ask(served, dns, lie)
        figures.hold(f"DNS: {lie}", f"{outcome(answer)} after {seconds:.1f} s, {asked} questions",
                     f"451, <= {MOST_SECONDS:.0f} s, <= {MOST_QUESTIONS} questions",
                     answer.is_temporary and asked <= MOST_QUESTIONS, in_time=seconds <= MOST_SECONDS + GRACE)
    for lie in ABSENCES:
        answer, seconds, asked = ask(served, dns, lie)
        figures.hold(f"DNS: {lie}", f"{outcome(answer)} after {seconds:.1f} s, {asked} questions",
                     "accepted as of a domain that publishes nothing", outcome(answer) == "accepted", in_time=seconds < MOST_SECONDS)
    answer, seconds, asked = ask(served, dns, "spoofed")
    figures.hold("DNS: answers with wrong ids before the right one", f"{outcome(answer)} after {seconds:.1f} s, {asked} questions",
                 "refused: the truth is believed", answer.is_refusal, in_time=seconds < MOST_SECONDS)


def bombs(figures, served, dns):
    for lie, what in (("bomb", "SPF that includes ten that include ten"), ("wide", "SPF of 10 mx of 10 exchanges")):
        answer, seconds, asked = ask(served, dns, lie)
        most = MOST_QUESTIONS + MOST_DMARC_QUESTIONS
        figures.hold(f"DNS: {what}", f"{outcome(answer)} after {seconds:.1f} s, {asked} questions",
                     f"not accepted, <= {MOST_SECONDS:.0f} s, <= {MOST_QUESTIONS} questions for SPF, {MOST_DMARC_QUESTIONS} for DMARC",
                     outcome(answer) != "accepted" and asked <= most, in_time=seconds <= MOST_SECONDS + GRACE)


def latencies(port, until, found):
    """Messages that need no DNS on one session after the other, until told to stop: milliseconds of each."""
    shapes = (forged(), innocent())
    while not until.is_set():
        with Peer(port) as peer:
            peer.begin(shapes[0])
            for number in range(20):
                begin = time.monotonic()
                peer.deliver(shapes[number % 2])
                found.append((time.monotonic() - begin) * 1000)
                if until.wait(0.005):
                    return


def while_doing(served, work):
    """The latencies of other sessions, in ms, sorted, while `work` runs."""
    until, found = threading.Event(), []
    threads = [threading.Thread(target=latencies, args=(served.port, until, found)) for _ in range(SESSIONS)]
    for thread in threads:
        thread.start()
    try:
        work()
    finally:
        until.set()
        for thread in threads:
            thread.join()
    return sorted(found)


def p99(of):
    return of[len(of) * 99 // 100]


def blocked(figures, served, short):
    """Look-ups that nobody answers, and the sessions beside them."""
    quiet = while_doing(served, lambda: time.sleep(1 if short else 5))
    for lies_told in ((BLOCKED[:1],) if short else (BLOCKED[:1], BLOCKED[1:])):
        lookups, answers = len(lies_told), []

        def block(told=lies_told, into=answers):
            senders = [threading.Thread(target=lambda lie=lie: into.append(served.judge(from_mary(lie), 60))) for lie in told]
            for sender in senders:
                sender.start()
            for sender in senders:
                sender.join()

        begin = time.monotonic()
        found = while_doing(served, block)
        seconds = time.monotonic() - begin
        figures.hold(f"{lookups} look-up{'s' if lookups > 1 else ''} blocked for {seconds:.0f} s",
                     f"others' p99 {p99(found):.1f} ms, slowest {found[-1]:.0f} ms of {len(found)} (unblocked p99 {p99(quiet):.1f} ms, "
                     f"slowest {quiet[-1]:.0f} ms); theirs: {', '.join(sorted({outcome(each) for each in answers}))}",
                     f"p99 < {MOST_P99_MS:.0f} ms; 451", all(each.is_temporary for each in answers),
                     in_time=p99(found) < MOST_P99_MS)


def main():
    options = arguments(__doc__)
    figures = Figures("F7")
    with LyingDns() as dns:
        settings = f'dns: {{servers: ["{dns.address}"], timeout: 10s}}\ndegraded: {{authentication_unavailable: tempfail}}\n'
        with ServedGateway(policy=POLICY, settings=settings, people=(MARY,)) as served:
            pid = served.pid
            blocked(figures, served, options.short)
            log("lies")
            lies(figures, served, dns, options.short)
            bombs(figures, served, dns)
            lives = served.gateway.running and served.pid == pid and served.judges_rightly()
            figures.hold("after all lies", "judges on" if lives else "does not judge", "judges on", lives)
    return figures.exit_status()


if __name__ == "__main__":
    sys.exit(main())
