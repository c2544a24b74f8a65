#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""F9: mail that is huge, deep or poisoned gets its verdict, in bounded time and memory; none passes unjudged."""
import collections
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from figures import Figures, arguments, log  # noqa: E402 pylint: disable=wrong-import-position
from hostile_relay import PoisonedRelay, found_anew  # noqa: E402 pylint: disable=wrong-import-position
from milter_peer import ACCEPT, Shape, message  # noqa: E402 pylint: disable=wrong-import-position
from poison import FORGED, Poisoner  # noqa: E402 pylint: disable=wrong-import-position
from served_gateway import MIB, REJECTING, ServedGateway, forget_peak, mebibytes  # noqa: E402 pylint: disable=wrong-import-position
from support.site import RELAYED  # noqa: E402 pylint: disable=wrong-import-position

MOST_CPU_SECONDS = 0.25
LARGEST = 10 * MIB
MOST_GROWTH = 4 * LARGEST
FIELD_SIZE = 60_000  # where Postfix cuts; libmilter takes no packet of 64 KiB
NUMBERS_OF = 9
STAMPING = REJECTING + "stamp: all\n"


def padding(octets):
    """Fields of so many octets in all."""
    return [(b"X-Padding-%d" % number, b" " + b"x" * FIELD_SIZE) for number in range(octets // FIELD_SIZE)]


def deep(octet, close):
    """Ada's name over a foreign address, with something nested 5,000 deep between the two."""
    return message(b"Ada Lovelace " + octet * 5000 + close * 5000 + b" <ada@freemail.example>")


def huge():
    """Forged messages, each huge in another way; each must be refused."""
    forged_field = (b"From", b" " + FORGED)
    yield "header of 10 MiB, From first", Shape([forged_field, *padding(LARGEST)])
    yield "header of 10 MiB, From last", Shape([*padding(LARGEST), forged_field])
    yield "100,000 header fields", Shape([(b"X-%d" % number, b" y") for number in range(100_000)] + [forged_field])
    yield "100,000 From fields", Shape([forged_field] * 100_000)
    yield "50,000 recipients", message(FORGED, recipients=[b"<r%d@contoso.com>" % number for number in range(50_000)])
    yield "50,000 recipients of 50,000 domains", message(
        FORGED, recipients=[b"<r@d%d.example>" % number for number in range(50_000)] + [b"<reception@contoso.com>"])
    yield "comments 5,000 deep", deep(b"(", b")")
    yield "comments 5,000 deep and open", deep(b"(", b"")
    yield "angles 5,000 deep", deep(b"<", b">")
    yield "5,000 quotes", deep(b"\"", b"")
    yield "5,000 groups", deep(b"a:", b";")
    yield "10,000 mailboxes", Shape([(b"From", b" a@b.example," * 4000 + FORGED)])
    yield "1,000 encoded words", Shape([(b"From", b" " + b"=?utf-8?Q?x?= " * 1000 + FORGED)])
    yield "a line of 59,000 octets", Shape([(b"From", b" " + b"x" * 59_000 + b", " + FORGED)])
    yield "combining marks", Shape([(b"From", b" Ada Lovelace" + b"\xcc\x81" * 20_000 + b" <ada@freemail.example>")])
    yield "body of no octet", message(FORGED, body=b"")
    yield "body of 10 MiB", message(FORGED, body=b"x" * LARGEST)
    yield "no field but From", Shape([forged_field], body=b"")


def measured(served, shape):
    """Its answer, the processor seconds that it took, and by how much it has made the process grow at most."""
    forget_peak(served.pid)
    resident, cpu = served.resident(), served.cpu_seconds()
    answer = served.judge(shape, patience=60)
    return answer, served.cpu_seconds() - cpu, served.resident("VmHWM") - resident


def large_mail(figures, served):
    served.judges_rightly()
    for what, shape in huge():
        answer, cpu, growth = measured(served, shape)
        # What only dilutes or breaks the name may be told as malformed; refused it must be.
        figures.hold(what, f"{'refused' if answer.is_refusal else answer.code.decode()}, {cpu * 1000:.0f} ms CPU, "
                     f"+{mebibytes(growth)}", f"refused, < {MOST_CPU_SECONDS * 1000:.0f} ms, < {mebibytes(MOST_GROWTH)}",
                     answer.is_refusal and growth < MOST_GROWTH, in_time=cpu < MOST_CPU_SECONDS)


class Outcomes:
    """What poisoned messages got."""

    def __init__(self, served):
        self._served = served
        self.counts = collections.Counter()
        self.unjudged = []
        self.cpu = []

    def send(self, shape, is_plain):
        begin = self._served.cpu_seconds()
        try:
            answer = self._served.judge(shape, patience=60)
            what = self._outcome(answer, is_plain)
        except OSError:
            what = "hung up"  # an MTA answers 451
        self.cpu.append(self._served.cpu_seconds() - begin if self._served.gateway.running else 0)
        self.counts[what] += 1
        if what == "unjudged":
            self.unjudged.append(shape)

    @staticmethod
    def _outcome(answer, is_plain):
        if answer.is_refusal:
            return "refused"
        if answer.is_temporary:
            return "451"
        is_stamped = any(b"X-Fromguard-Result" in data for _, data in answer.changes)
        is_judged = answer.code == ACCEPT and is_stamped and not is_plain
        return "judged and passed" if is_judged else "unjudged"


def poisoned_mail(figures, served, how_many):
    poisoner = Poisoner(random.Random(NUMBERS_OF))
    jobs = [poisoner.message() for _ in range(how_many)]
    log(f"{how_many} poisoned messages")
    for shape, is_plain in jobs[:200]:  # what is allocated once
        Outcomes(served).send(shape, is_plain)
    resident, pid = served.resident(), served.pid
    outcomes = Outcomes(served)
    for shape, is_plain in jobs:
        outcomes.send(shape, is_plain)
    lives = served.gateway.running and served.pid == pid
    growth = served.resident() - resident if lives else 0
    for shape in outcomes.unjudged[:3]:
        log(f"unjudged: {shape}")
    counts = ", ".join(f"{number} {what}" for what, number in sorted(outcomes.counts.items()))
    failures = int(served.gateway.metric("fromguard_degraded_total"))
    figures.hold(f"{how_many} messages built to crash a parser",
                 f"{counts}; {failures} degraded; +{mebibytes(growth)}; {'lives' if lives else 'the process died'}",
                 f"0 unjudged, 0 deaths, < {mebibytes(MOST_GROWTH)}",
                 lives and not outcomes.unjudged and growth < MOST_GROWTH and served.judges_rightly())
    return outcomes.cpu


def relayed_mail(figures, served, how_many):
    """The same mail as octets, through a real Postfix, which repairs some of it and refuses some."""
    poisoner = Poisoner(random.Random(NUMBERS_OF))
    shapes = [poisoner.message()[0] for _ in range(how_many)]
    log(f"{how_many} poisoned messages through Postfix")
    pid = served.pid
    served.folder.chmod(0o755)  # for Postfix, whose folder is in it
    with PoisonedRelay(served.gateway, served.folder, RELAYED) as relay:
        taken = relay.send_all(shapes)
    anew = found_anew(served.gateway, relay.watch.headers)
    for why, octets in [*relay.watch.wrong, *(("found anew", header) for header in anew)][:3]:
        log(f"{why}: {octets}")
    lives = served.gateway.running and served.pid == pid
    counts = ", ".join(f"{number} got {code}" for code, number in sorted(relay.counts.items()))
    figures.hold(f"{how_many} of them through Postfix",
                 f"{counts}; {len(relay.watch.numbers)} delivered, {len(relay.watch.wrong)} unjudged, "
                 f"{len(anew)} forged as delivered; {'lives' if lives else 'the process died'}", "0 unjudged, 0 forged, 0 deaths",
                 lives and not relay.watch.wrong and not anew and relay.watch.numbers == taken and served.judges_rightly())


def costs(figures, cpu):
    """What judging them has cost, one by one."""
    ordered = sorted(cpu)
    median, most = ordered[len(ordered) // 2], ordered[-1]
    over = sum(each >= MOST_CPU_SECONDS for each in cpu)
    figures.hold("processor time of each of them", f"median {median * 1000:.1f} ms, most {most * 1000:.0f} ms, {over} over the bar",
                 f"each < {MOST_CPU_SECONDS * 1000:.0f} ms", True, in_time=over == 0)


def names_without_end(figures, served):
    """As many different names as From, Sender and Reply-To may hold, each in letters that have many readings."""
    numbers = random.Random(NUMBERS_OF)
    words = ("\u0410\u0434\u0430", "L0ve1ace", "\uff21da", "l\u00f6v\u00e9lace", "\u0391\u0434a", "1ll0", "\u674e", "rn")
    names = [" ".join(numbers.choices(words, k=9)).encode() for _ in range(3000)]
    shown = b",".join(b' "%s (%s)" <a@b.example>' % pair for pair in zip(names, reversed(names)))[:FIELD_SIZE]
    answer, cpu, growth = measured(served, Shape([(name, shown) for name in (b"From", b"Sender", b"Reply-To")]))
    figures.hold("names without end in three fields", f"answer {answer.code.decode()}, {cpu * 1000:.0f} ms CPU, +{mebibytes(growth)}",
                 f"an answer, < {MOST_CPU_SECONDS * 1000:.0f} ms", True, in_time=cpu < MOST_CPU_SECONDS)


def main():
    options = arguments(__doc__)
    figures = Figures("F9")
    with ServedGateway(policy=STAMPING) as served:
        large_mail(figures, served)
        cpu = poisoned_mail(figures, served, 100 if options.short else 10_000)
        relayed_mail(figures, served, 300 if options.short else 10_000)
        if not options.short:
            costs(figures, cpu)
            names_without_end(figures, served)
    return figures.exit_status()


if __name__ == "__main__":
    sys.exit(main())
