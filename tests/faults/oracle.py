# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""What each message of a generated workload must get, told without asking a program of ours.

A `State` is who is protected and which policy decides. A `Timeline` says which states were possible when: a
new generation is in force at some instant between its publication and the moment it is seen in force. The
`Ledger` is a file outside of the programs under test with one line for each message; `Ledger.judge` holds
every line against the states that were possible while the message was under way."""
import base64
import bisect
import collections
import dataclasses
import hashlib
import json
import random
import threading
import time

GIVEN = ("Adela", "Boris", "Celeste", "Dorian", "Esperanza", "Fabian", "Gloria", "Horace", "Isadora", "Jasper")
FAMILY = ("Akerman", "Bellweather", "Castellano", "Drummond", "Eastlake", "Ferreira", "Goldsmith", "Hathaway",
          "Ivanhoe", "Jankowski")
# Letters of Cyrillic that look like those of Latin.
LOOKALIKE = str.maketrans({"a": "\u0430", "e": "\u0435", "o": "\u043e", "c": "\u0441"})
ACCEPTED, DEFERRED, CUT, HELD, DEGRADED = "accepted", "deferred", "cut", "held", "degraded"


@dataclasses.dataclass(frozen=True)
class Person:
    """Somebody of the organization whose only domain is `domain`."""

    name: str
    addresses: tuple
    domain: str
    is_protected: bool = True


@dataclasses.dataclass(frozen=True)
class State:
    """Who is there, and what becomes of a finding: the reply's code, or None if it is tagged and delivered.
    Where there is a `generation`, every message bears it, the digest of the policy, and with a finding the rule.
    `unsure` is what a message without a finding gets of a gateway that is not sure of its people any more.
    `published` are the domains with a DMARC policy, which no message of the workload meets; while `are_names_unknown`
    nobody can tell which these are."""

    people: tuple
    code: str | None = "550 5.7.1"
    generation: int | None = None
    policy: str = ""
    rule: str = ""
    unsure: str | None = None
    published: frozenset = frozenset()
    are_names_unknown: bool = False


@dataclasses.dataclass(frozen=True)
class Message:
    """One of the workload: as which name and address it comes, how the name is written, to whom."""

    name: str
    address: str
    disguise: str
    recipient: str

    @property
    def from_field(self):
        """The body of From."""
        given, _, family = self.name.partition(" ")
        written = {"plain": self.name, "reordered": f'"{family}, {given}"',
                   "encoded": encoded(self.name), "lookalike": encoded(self.name.translate(LOOKALIKE))}
        return f"{written[self.disguise]} <{self.address}>"


def encoded(text):
    """The text as an encoded word."""
    return f"=?utf-8?B?{base64.b64encode(text.encode()).decode()}?="


def bearers_of(state, message):
    """The protected people of the recipient's organization who are shown as the sender."""
    domain = message.recipient.rpartition("@")[2]
    return [person for person in state.people
            if person.domain == domain and person.is_protected and person.name == message.name]


def is_from_a_bearer(state, message):
    """Whether a protected person is shown, with an address of theirs."""
    return any(message.address in person.addresses for person in bearers_of(state, message))


def finding_of(state, message):
    """The reason of the finding that the message must get, or None."""
    if not bearers_of(state, message):
        return None
    if not is_from_a_bearer(state, message):
        return f"Protected Name {message.name} should not appear as {message.address}"
    if message.address.rpartition("@")[2] in state.published:
        return f"Protected Name {message.name} failed authentication as {message.address}"
    return None


def expected(state, message):
    """What the message must get in this state, as `outcome` of what it got."""
    if state.are_names_unknown and is_from_a_bearer(state, message):
        return DEFERRED
    reason = finding_of(state, message)
    if state.generation is not None:
        return stamped(state.generation, state.policy, "" if reason is None else state.rule)
    if reason is None:
        is_asked = any(message.recipient.endswith(f"@{person.domain}") for person in state.people)
        return state.unsure if state.unsure and is_asked else ACCEPTED
    return f"{state.code} {reason}"


def stamped(generation, policy, rule):
    """The outcome of a message that was delivered with a stamp."""
    return f"tagged generation={generation} policy={policy} rule={rule}"


def policy_digest(text):
    """The digest by which a policy without other files is named."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def make_people(domain, count, seed=1, homes=1):
    """People of an organization, each with so many addresses elsewhere; every fifth is not protected."""
    names = [f"{given} {family}" for given in GIVEN for family in FAMILY]
    random.Random(f"{domain}{seed}").shuffle(names)
    return tuple(Person(name, (f"{name.replace(' ', '.').lower()}@{domain}", f"home{number}@{domain}.home.example",
                               *(f"home@p{number}h{home}.{domain}.home.example" for home in range(1, homes))),
                        domain, number % 5 != 4)
                 for number, name in enumerate(names[:count]))


def csv_rows(people):
    """Rows of the directory's CSV file; the protected ones are in the group Executives."""
    return [f"{person.name},{person.addresses[0]},{';'.join(person.addresses[1:])},"
            f"{'Executives' if person.is_protected else 'Staff'}" for person in people]


class Workload:
    """Messages without end: forged in every disguise, and innocent in every way. `people` may be more than
    are there in any one state."""

    def __init__(self, people, seed):
        self._people = people
        self._domains = sorted({person.domain for person in people})
        self._chance = random.Random(seed)

    def next(self):
        """The next message."""
        chance = self._chance
        person = chance.choice(self._people)
        domain = person.domain if chance.random() < 0.8 else chance.choice(self._domains)
        address = f"{person.name.split()[0].lower()}{chance.randrange(1000)}@freemail.example"
        if chance.random() < 0.4:
            address = chance.choice(person.addresses)
        name = person.name if chance.random() < 0.9 else "Nobody Inparticular"
        disguise = chance.choice(("plain", "plain", "reordered", "encoded", "lookalike"))
        return Message(name, address, disguise, f"reception@{domain}")


class Timeline:
    """Which states were possible when. Times are those of `time.monotonic()`."""

    def __init__(self, state):
        self._lock = threading.Lock()
        self._spans = [[time.monotonic(), None, state]]

    def may_become(self, state):
        """From now on this state may be in force, beside the others that may."""
        with self._lock:
            if not any(end is None and each == state for _, end, each in self._spans):
                self._spans.append([time.monotonic(), None, state])

    def is_now(self, state):
        """From now on no state but this one is in force."""
        self.no_longer(lambda each: each != state)

    def no_longer(self, is_over):
        """From now on no state is in force of which `is_over` is true."""
        with self._lock:
            now = time.monotonic()
            for span in self._spans:
                if span[1] is None and is_over(span[2]):
                    span[1] = now

    def possible(self):
        """The states that are possible now."""
        with self._lock:
            return [state for _, end, state in self._spans if end is None]

    def follow(self, lines):
        """Goes through lines of a ledger by when they began: each with the states that were possible meanwhile."""
        with self._lock:
            coming = sorted(self._spans, key=lambda span: span[0], reverse=True)
        present = []
        for line in sorted(lines, key=lambda each: each[0]):
            began, ended = line[:2]
            while coming and coming[-1][0] <= ended:
                present.append(coming.pop())
            present = [span for span in present if span[1] is None or span[1] >= began]
            yield line, [state for start, _, state in present if start <= ended]


@dataclasses.dataclass
class Judgement:
    """What came of a ledger: how many lines had each kind of outcome, and those that are wrong."""

    counts: collections.Counter
    wrong: list

    @property
    def total(self):
        return sum(self.counts.values())

    def kinds(self):
        """The counts as text."""
        return ", ".join(f"{count} {kind}" for kind, count in sorted(self.counts.items()))


class Ledger:
    """One line of JSON a message in a file that no program under test knows."""

    def __init__(self, path):
        self._path = path
        self._lock = threading.Lock()
        self._file = open(path, "w", encoding="utf-8")  # pylint: disable=consider-using-with
        self.lines = 0

    def write(self, message, began, outcome, token=""):
        """Puts down what a message got that was sent at `began`; the time is now."""
        line = json.dumps([began, time.monotonic(), dataclasses.astuple(message), outcome, token])
        with self._lock:
            self._file.write(line + "\n")
            self.lines += 1

    def read(self):
        """All lines: when the message began and ended, the message, what it got, its token."""
        with self._lock:
            self._file.flush()
        with open(self._path, encoding="utf-8") as file:
            for line in file:
                began, ended, message, outcome, token = json.loads(line)
                yield began, ended, Message(*message), outcome, token

    def judge(self, timeline, may_fail=()):
        """Holds every line against the timeline; outcomes among `may_fail` are right for any message."""
        judgement = Judgement(collections.Counter(), [])
        for (_, _, message, outcome, _), states in timeline.follow(self.read()):
            kind = outcome.split()[0]
            judgement.counts[kind] += 1
            right = {expected(state, message) for state in states}
            if outcome not in right and outcome not in may_fail:
                judgement.wrong.append((message, outcome, sorted(right)))
        return judgement

    def must_be_refused(self, timeline):
        """Tokens of the messages that were to be delivered in no state that was possible."""
        return {token for (_, _, message, _, token), states in timeline.follow(self.read())
                if all(expected(state, message) != ACCEPTED for state in states)}


def slope(points):
    """The least-squares slope of (x, y) points; 0 if there are fewer than two."""
    if len(points) < 2:
        return 0.0
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0


def percentile(values, share):
    """The value that this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, bisect.bisect(range(len(ordered)), share * len(ordered)))] if ordered else 0
