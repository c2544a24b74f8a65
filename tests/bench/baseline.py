# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""The figures that were kept, and whether this run has lost against them. Only ratios and counts are kept, no times."""
import json
import pathlib

from table import COUNTS, HIGHER, NOISY, ROWS

FILE = pathlib.Path(__file__).resolve().parent / "baseline.json"
TOLERANCE = 0.10
LOST = "LOST"
KEPT = [row for row in [*ROWS, *COUNTS] if row.kept]


def read(form):
    """What was kept of this form of the benchmark."""
    if not FILE.exists():
        return {}
    return json.loads(FILE.read_text(encoding="utf-8")).get(form, {})


def update(form, found):
    kept = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    kept[form] = {row.key: round(found[row.key]["median"], 4) for row in KEPT if row.key in found}
    FILE.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


def loss(row, before, now):
    """The share that was lost; below zero if it was won."""
    return 1 - now / before if row.better == HIGHER else now / before - 1


def judge(row, before, seen):
    """LOST only where the rounds agree on it, and where this machine can tell so much apart."""
    blur = seen.get("blur", 0)
    values = [loss(row, before, value) for value in (seen["lower"] - blur, seen["upper"] + blur)]
    is_noisy = max(values) - min(values) > 2 * TOLERANCE or seen.get("others", 0) > NOISY
    if loss(row, before, seen["median"]) <= TOLERANCE:
        return "as before, as far as the noise lets us see" if is_noisy else "as before"
    return "undecided: too noisy" if is_noisy or min(values) <= TOLERANCE else LOST


def compare(form, found):
    """Each row that was kept and is there again: the row, what it was, what it is, and what is to be said of it."""
    kept = read(form)
    return [(row, kept[row.key], found[row.key], said(form, row, kept[row.key], found[row.key]))
            for row in KEPT if row.key in kept and row.key in found]


def said(form, row, before, seen):
    """The judgement; that of a clock in the short form, which has few rounds on any machine, is for information."""
    word = judge(row, before, seen)
    return f"{word} by the clock: see the full form" if form == "short" and row.is_clocked and word == LOST else word


def lines(compared):
    if not compared:
        yield "no figures were kept of this form; --update-baseline keeps these"
        return
    yield f"{'against what was kept':58}{'was':>9}{'is':>9}{'lost':>8}"
    for row, before, seen, word in compared:
        names = {"largest": 0, "smallest": 0}
        text = row.text.format(**names) if row.key != "scale" else "messages a second, most people to fewest"
        yield f"{text:58}{before:9.3f}{seen['median']:9.3f}{loss(row, before, seen['median']):8.1%}  {word}"
