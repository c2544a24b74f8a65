#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""F10: an MTA that is cut off after any octet of the protocol, and one that talks nonsense."""
import pathlib
import random
import struct
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from figures import Figures, arguments, log  # noqa: E402 pylint: disable=wrong-import-position
from milter_peer import (CONTINUE, FINAL, NEGOTIATION, Peer, Shape, forged, innocent,  # noqa: E402
                         message, packet, texts)  # pylint: disable=wrong-import-position
from served_gateway import MIB, ServedGateway, mebibytes  # noqa: E402 pylint: disable=wrong-import-position

TAGGING = "version: 1\nmode: enforce\nauthentication: {require: never}\n"
WAYS = ("close", "reset", "half_close")
THREADS = 4
MOST_GROWTH = 4 * MIB
ADA = b"Ada Lovelace <ada@freemail.example>"


def shapes():
    """Twenty messages whose dialogues differ: what is asked, answered and changed."""
    many = [b"<reception@contoso.com>", b"<desk@fabrikam.com>", b"<x@wingtip.example>", b"<x@nobodys.example>"]
    stamped = (b"X-Fromguard-Result", b" finding=none")
    yield from (forged(), innocent())
    yield message(ADA, recipients=many)
    yield message(ADA, recipients=[b"<x@nobodys.example>"])
    yield message(ADA, body=b"")
    yield message(ADA, body=b"x" * 1500)
    yield message(ADA, stamped, stamped, stamped)
    yield message(ADA, sender=b"<>")
    yield message(ADA, client=b"2001:db8::7")
    yield message(ADA, client=b"127.0.0.1")
    yield message(b"=?utf-8?B?QWRhIExvdmVsYWNl?= <ada@freemail.example>")
    yield message(b"=?utf-8?Q?Ada_Lovelace?= (=?utf-8?B?QWRh?=) <ada@freemail.example>")
    yield message(b"Ada Lovelace <ada@contoso.com>")
    yield message(b"Ada\n Lovelace\n <ada@freemail.example>")
    yield message(b"a@b.example, Ada Lovelace <ada@freemail.example>")
    yield message(b"")
    yield Shape([])
    yield Shape([(b"From", b" " + ADA)] * 3)
    yield message(ADA, (b"Reply-To", b" ada@elsewhere.example"), (b"List-Id", b" <list.example>"))
    yield message(ADA, (b"DKIM-Signature", b" v=1; a=rsa-sha256; d=freemail.example; s=s; h=from; bh=AA==; b=AA=="))


def script(shape):
    """The dialogue as pieces, each with whether it is waited for an answer behind it."""
    yield NEGOTIATION, "packet"
    yield shape.session() + shape.envelope_and_header(), "step"
    for chunk in shape.content():
        yield chunk, "step"
    yield shape.end(), "end"
    yield packet(b"A") + packet(b"Q"), "nothing"


def length(shape):
    return sum(len(octets) for octets, _ in script(shape))


def play(port, shape, cut, way):
    """Plays the dialogue up to octet `cut`, and leaves in one of the ways."""
    peer = Peer(port)
    left = cut
    for octets, awaited in script(shape):
        peer.send(octets[:left])
        left -= len(octets)
        if left < 0 or awaited == "packet" and not peer.read():
            break
        if awaited in ("step", "end") and peer.read_answer(awaited == "end").code != CONTINUE:
            break  # judged: what would follow is not sent by any MTA
    getattr(peer, way)()


def in_threads(work, jobs):
    """Does all jobs by a few threads; the first failure is raised."""
    jobs = iter(jobs)
    failures = []
    lock = threading.Lock()

    def run():
        while not failures:
            with lock:
                job = next(jobs, None)
            if job is None:
                return
            try:
                work(*job)
            except Exception as error:  # pylint: disable=broad-exception-caught
                failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


class Steady:
    """What a gateway takes now, and whether it takes as much after all that was done to it."""

    def __init__(self, served):
        served.wait_for_no_connections()
        self._served = served
        self._pid = served.pid
        self._descriptors = served.least_descriptors(seconds=0.2)
        self._resident = served.resident()

    def hold(self, figures, fault, how_much):
        """Tells the figures; the bars are that nothing has stayed."""
        served = self._served
        left = "0 sessions left"
        try:
            served.wait_for_no_connections()
        except TimeoutError:
            left = f"{served.connections()} sessions left"
        lives = served.gateway.running and served.pid == self._pid
        growth = served.resident() - self._resident
        descriptors = served.least_descriptors(self._descriptors) - self._descriptors
        rightly = lives and served.judges_rightly()
        figures.hold(fault, f"{how_much}, {left}, {descriptors:+} descriptors, {mebibytes(growth)} more memory, "
                     f"{'judges on' if rightly else 'does not judge'}",
                     f"0 sessions, +0 descriptors, < {mebibytes(MOST_GROWTH)}, no crash",
                     rightly and left[0] == "0" and descriptors <= 0 and growth < MOST_GROWTH)


def cuts(figures, served, short):
    """Each octet of each dialogue; the ways to leave take turns, or all of them are tried."""
    chosen = list(shapes())[:3] if short else list(shapes())
    for number, shape in enumerate(chosen):  # all that is allocated once, by all threads
        in_threads(play, ((served.port, shape, length(shape), WAYS[number % 3]) for _ in range(40)))
    steady = Steady(served)
    jobs = [(served.port, shape, cut, way) for shape in chosen for cut in range(length(shape))
            for place, way in enumerate(WAYS) if not short or cut % 3 == place]
    log(f"{len(jobs)} cuts")
    in_threads(play, jobs)
    steady.hold(figures, "MTA disconnects after each octet", f"{len(jobs)} cuts of {len(chosen)} dialogues")


def nonsense(random_numbers, rounds):
    """Octets that no MTA sends, most of them after a good negotiation."""
    begin = NEGOTIATION + innocent().session()
    whole = begin + forged().envelope_and_header() + b"".join(forged().content()) + forged().end()
    for size in (0, 1 << 31, (1 << 32) - 1, (1 << 31) - 1, 1 << 24, 65537, 65536):
        for where in (b"", NEGOTIATION, begin, whole):
            yield where + struct.pack("!I", size) + b"L" + b"x" * 100
    for code in range(256):
        for data in (b"", b"\0", b"no end", b"\0" * 64):
            yield begin + packet(bytes([code]), data)
    for numbers in ((0, 0, 0), (1, 1, 1), (2, 0x1FF, 0x7F), (99, 0, 0), (6, 0xFFFFFFFF, 0xFFFFFFFF), (6, 0, 0)):
        yield packet(b"O", struct.pack("!III", *numbers)) + whole[len(NEGOTIATION):]
        yield packet(b"O", struct.pack("!III", *numbers)[:7])
    order = [packet(b"E"), packet(b"N"), packet(b"A"), packet(b"M", texts(b"<>")), packet(b"R", texts(b"<a@b>")),
             packet(b"L", texts(b"From", b" " + ADA)), packet(b"B", b"x"), packet(b"K"), packet(b"H", texts(b"h")),
             NEGOTIATION, packet(b"C", texts(b"h") + b"U"), packet(b"T"), packet(b"U", texts(b"X")), packet(b"D", b"C"),
             packet(b"M", b""), packet(b"R", b""), packet(b"L", b""), packet(b"L", b"From"), packet(b"C", b"")]
    for _ in range(rounds):
        yield begin + b"".join(random_numbers.choices(order, k=12))
    names = [b"j", b"relay.example"] + [b"x%d" % number for number in range(41)]
    for number in range(rounds):  # the last one has no value, which libmilter 8.17 does not bear
        yield (NEGOTIATION + packet(b"D", b"C" + texts(*names[: 3 + 2 * (number % 20)]))
               + packet(b"C", texts(b"h") + b"U") + forged().envelope_and_header())
    for _ in range(rounds):
        octets = bytearray(whole)
        for at in random_numbers.sample(range(len(octets)), 3):
            octets[at] = random_numbers.randrange(256)
        yield bytes(octets)
    for _ in range(rounds):
        yield random_numbers.randbytes(random_numbers.randrange(1, 400))


def babble(port, octets):
    """Says nonsense and listens until the gateway has said all that it has to say."""
    peer = Peer(port)
    try:
        peer.send(octets)
    except OSError:
        pass  # the gateway has hung up on it
    peer.half_close()


def garbage(figures, served, short):
    steady = Steady(served)
    jobs = [(served.port, octets) for octets in nonsense(random.Random(10), 300 if short else 20_000)]
    log(f"{len(jobs)} connections of nonsense")
    in_threads(babble, jobs)
    steady.hold(figures, "garbage, wrong order, lengths of 0 to 2^32", f"{len(jobs)} connections")


def flood(port, octets, times, reads):
    """One packet over and over, as fast as the gateway takes it."""
    peer = Peer(port, patience=1.0)
    try:
        peer.begin(innocent())
        peer.send(packet(b"M", texts(b"<a@b.example>")))
        for _ in range(times):
            peer.send(octets * 100)
        if reads:
            peer.send(packet(b"N"))
            while peer.read_answer().code not in FINAL:
                pass
    except OSError:
        pass  # nobody reads the answers, so the gateway stops taking questions
    peer.close()


def floods(figures, served, short):
    """Pipelined without an end, by peers that read and peers that do not."""
    times = 50 if short else 3000
    packets = [packet(b"A"), packet(b"R", texts(b"<reception@contoso.com>")), packet(b"L", texts(b"X", b" " + b"y" * 200)),
               packet(b"D", b"M" + texts(b"i", b"z" * 100)), packet(b"M", texts(b"<a@b>")), packet(b"N"), packet(b"B", b"b" * 99),
               packet(b"K") + packet(b"C", texts(b"h") + b"U"), packet(b"E")]
    # Over and over: what the first times have taken may stay, so long as the last one takes no more.
    for _ in range(1 if short else 3):
        in_threads(flood, ((served.port, octets, times, reads) for octets in packets for reads in (True, False)))
    steady = Steady(served)
    in_threads(flood, ((served.port, octets, times, reads) for octets in packets for reads in (True, False)))
    steady.hold(figures, "pipelined floods, read and unread", f"{2 * len(packets)} floods of up to {times * 100} packets")


def idle_crowd(figures, served, short):
    """Many who connect, begin, and go all at once."""
    how_many = 200 if short else 1000
    steady = Steady(served)
    for way in WAYS:
        peers = []
        for number in range(how_many):
            peer = Peer(served.port)
            peers.append(peer)
            if number % 2:
                peer.begin(forged())
                peer.send(forged().envelope_and_header()[: number % 300])
        for peer in peers:
            getattr(peer, "close" if way == "half_close" else way)()
    steady.hold(figures, "a crowd that leaves in the middle", f"{len(WAYS)} x {how_many} connections at once")


def main():
    options = arguments(__doc__)
    figures = Figures("F10")
    with ServedGateway(policy=TAGGING) as served:
        served.judge(forged())
        rejecting = served.judge(forged()).has_finding
        figures.hold("an uncut dialogue is judged", "finding" if rejecting else "no finding", "finding", rejecting)
    with ServedGateway() as served:
        cuts(figures, served, options.short)
        garbage(figures, served, options.short)
        floods(figures, served, options.short)
        idle_crowd(figures, served, options.short)
        status = served.gateway.stop()
        in_flight = served.gateway.log_events("stopping")[0]["messages_in_flight"]
        figures.hold("counted as in flight at the end", f"{in_flight} messages, exit status {status}", "0, 0",
                     in_flight == 0 and status == 0)
    return figures.exit_status()


if __name__ == "__main__":
    sys.exit(main())
