# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""The promises about speed and cost, each with its bar and its aim, and what a run says of them."""
import dataclasses
import statistics

from report import LATENCIES, added, ratios, spread

HIGHER, LOWER = 1, -1
# What others may use of the processors for a clock to be believed.
NOISY = 0.10


@dataclasses.dataclass(frozen=True)
class Row:
    """A promise. `better` says which way; what is `kept` is a ratio or a count and is compared with the baseline.

    What `wants_all` is a time for which it would need the whole machine: missing it means nothing while others use it.
    What `is_clocked` hangs on the machine; in the short form, which runs anywhere, nothing is lost by it.
    """

    key: str
    text: str
    bar: float
    aim: float
    better: int
    form: str
    kept: bool = False
    wants_all: bool = False
    is_clocked: bool = False


ROWS = [
    Row("messages", "messages a second, to the null milter", 0.90, 0.97, HIGHER, ".3f", True, is_clocked=True),
    Row("scale", "the same, {largest:,} people to {smallest:,}", 0.95, 0.99, HIGHER, ".3f", True, is_clocked=True),
    Row("cpu", "processor time a message, to the null milter", 1.25, 1.05, LOWER, ".3f", True, is_clocked=True),
    Row("added_p99", "added latency p99, {connections} connections, us", 100, 30, LOWER, ".0f"),
    Row("resident", "memory of the gateway, {memory_people:,} people, MiB", 400, 150, LOWER, ".0f"),
    Row("look_ups", "key look-ups an ordinary message, mean", 8, 3, LOWER, ".2f", True),
    Row("publish_seconds", "publish {publish_people:,} people, s", 300, 60, LOWER, ".1f", wants_all=True),
    Row("publish_memory", "publish {publish_people:,} people, MiB", 1024, 300, LOWER, ".0f"),
    Row("swap", "a swap under load: slowest message, added, ms", 50, 5, LOWER, ".1f"),
    Row("explain", "explain --jsonl, {explain_people:,} people, lines/s", 100_000, 500_000, HIGHER, ",.0f", wants_all=True),
    Row("explain_alone", "the same, had it had two processors alone", 100_000, 500_000, HIGHER, ",.0f"),
    Row("rspamd_default", "messages a second, to rspamd (default)", 10, 20, HIGHER, ".1f"),
    Row("spamassassin", "messages a second, to SpamAssassin", 100, 300, HIGHER, ".0f"),
    Row("opendmarc", "messages a second, to OpenDMARC", 1, 2, HIGHER, ".2f"),
]

# Without a bar of their own. None of them depends on neighbours, and so a loss in them is a loss.
COUNTS = [
    Row("instructions", "instructions a message, to the null milter", None, None, LOWER, ".3f", True),
    Row("judge_instructions", "instructions of `explain` a line, to a message of the null milter", None, None, LOWER, ".3f", True),
    Row("publish_instructions", "instructions to publish a person, to a message of the null milter", None, None, LOWER, ".3f", True),
]


def one(value):
    """A figure that was taken once, or that is the same each time."""
    return {"median": value, "lower": value, "upper": value}


def blur(again, same):
    """How far the milter that does nothing is from itself, where it should be the same: what cannot be told apart here."""
    return max(abs(again["lower"] - same), abs(again["upper"] - same))


def others(rounds, kind):
    return statistics.median(each[kind]["others_share"] for measured in rounds for each in measured.values())


def figures(parts):
    """The figures of all rows that the measured parts give, by key."""
    found = {}
    for part, read in (("mail", of_mail), ("swap", of_swap), ("explain", of_explain), ("rivals", of_rivals),
                       ("instructions", of_instructions)):
        if parts.get(part):
            found |= read(parts[part])
    return found


def of_mail(mail):
    rounds = mail["rounds"]
    gateways = [row for row in mail["servers"] if not row["name"].startswith("null")]
    if not gateways:
        return {}
    largest, smallest = gateways[-1], gateways[0]
    saturated, paced = others(rounds, "saturated"), others(rounds, "paced")
    speed_blur, cpu_blur = (blur(ratios(rounds, "null again", "null", kind), 1) for kind in ("messages_per_second", "cpu_us"))
    p99_blur = blur(added(rounds, "null again", "null", LATENCIES[1]), 0)
    found = {
        "messages": ratios(rounds, largest["name"], "null", "messages_per_second") | {"others": saturated, "blur": speed_blur},
        "cpu": ratios(rounds, largest["name"], "null", "cpu_us") | {"others": saturated, "blur": cpu_blur},
        "added_p99": added(rounds, largest["name"], "null", LATENCIES[1]) | {"others": paced, "blur": p99_blur},
        "resident": one(mail["memory"]["resident_mib"]),
        "publish_seconds": one(mail["memory"]["publish"]["seconds"]) | {"others": mail["memory"]["publish"]["others_share"]},
        "publish_memory": one(mail["memory"]["publish"]["resident_mib"]),
    }
    if largest is not smallest:
        found["scale"] = ratios(rounds, largest["name"], smallest["name"], "messages_per_second") | {
            "others": saturated, "blur": speed_blur}
    return found


def of_swap(swap):
    rounds = swap["rounds"]
    slowest = [(each["swapped"]["latency_us"]["max"] - each["calm"]["latency_us"]["max"]) / 1000 for each in rounds]
    calm = spread([each["calm"]["latency_us"]["max"] / 1000 for each in rounds])
    return {"swap": spread(slowest) | {"blur": (calm["upper"] - calm["lower"]) / 2} | {"others": others([{"gateway": each} for each in rounds], "swapped")}}


def of_explain(explain):
    rounds = explain["rounds"]
    noise = statistics.median(each["others_share"] for each in rounds)
    return {"explain": spread([each["lines_per_second"] for each in rounds]) | {"others": noise},
            "explain_alone": spread([each["lines_per_second_undisturbed"] for each in rounds]),
            "look_ups": one(explain["look_ups"]["mean"])}


def of_rivals(rivals):
    rounds, ours = rivals["rounds"], rivals["ours"]
    noise = others(rounds, "saturated")
    return {name: ratios(rounds, ours, name, "messages_per_second") | {"others": noise}
            for name in ("rspamd_default", "spamassassin", "opendmarc") if name in rounds[0]}


def of_instructions(counted):
    null = counted["null"]
    found = {"instructions": one(counted["gateway"] / null), "judge_instructions": one(counted["explain"] / null)}
    if counted["publish"]:
        found["publish_instructions"] = one(counted["publish"] / null)
    return found


def is_reached(row, value, goal):
    return (value - goal) * row.better >= 0


def verdict(row, seen):
    """What can be said of a promise: the middle half of the rounds, and the blur around it, must be on one side of it."""
    if row.bar is None:
        return ""
    width = seen.get("blur", 0)
    low, high = seen["lower"] - width, seen["upper"] + width
    worst, best = (low, high) if row.better == HIGHER else (high, low)
    if is_reached(row, worst, row.aim):
        return "aim"
    if is_reached(row, worst, row.bar):
        return "bar"
    if is_reached(row, best, row.bar) or row.wants_all and seen.get("others", 0) > NOISY:
        return "undecided"
    return "MISSED"


def goal_text(goal):
    return "" if goal is None else f"{goal:,}"


def seen_text(row, seen):
    text = f"{seen['median']:{row.form}}"
    if seen["lower"] != seen["upper"]:
        text += f" [{seen['lower']:{row.form}}..{seen['upper']:{row.form}}]"
    if "blur" in seen:
        text += f" +-{seen['blur']:{row.form}}"
    return text


def lines(found, names):
    """The table as lines of text; `names` fill in what the rows' texts leave open."""
    yield f"{'':58}{'bar':>8}{'aim':>9}  {'seen [middle half] +-blur':36}{'others':>7}  reached"
    for row in [*ROWS, *COUNTS]:
        seen = found.get(row.key)
        text = row.text.format(**names)
        goals = f"{text:58}{goal_text(row.bar):>8}{goal_text(row.aim):>9}  "
        if seen is None:
            yield goals + "not measured"
            continue
        noise = f"{seen['others']:.0%}" if "others" in seen else ""
        yield f"{goals}{seen_text(row, seen):36}{noise:>7}  {verdict(row, seen)}".rstrip()
