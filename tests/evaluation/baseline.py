# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""What the evaluation has shown before, so that a change for the worse is seen."""
import json
import pathlib
import zlib

OPTIONAL = {"own", "none", "namesake"}
FILE = pathlib.Path(__file__).resolve().parent / "baseline.json"


def compact(numbers):
    """1, 2, 3, 7 -> "1-3 7"."""
    parts = []
    for number in sorted(numbers):
        if parts and parts[-1][1] == number - 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return " ".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)


def expand(text):
    numbers = set()
    for part in text.split():
        first, _, last = part.partition("-")
        numbers.update(range(int(first), int(last or first) + 1))
    return numbers


def digest(rows):
    """Tells whether rows are the same ones as before."""
    return zlib.crc32("".join(f"{row.identity}\n" for row in rows).encode() + b"".join(row.header for row in rows))


def of_table(table):
    """What is kept of a table: by section and line, the numbers of rows and those that are wrong."""
    return {section: {line.name: {"rows": len(line.rows), "digest": digest(line.rows), "wrong": compact(line.wrong),
                                  "wrong_with_opt_ins": compact(line.wrong_with_opt_ins)}
                      for line in lines} for section, lines in table.items()}


def write(table):
    """A line a technique, so that a change of the file can be read."""
    sections = []
    before = read()
    for section, lines in of_table(table).items():
        # What was not judged this time, such as real names that are not here, stays known.
        lines = {**{name: line for name, line in before.get(section, {}).items() if name in OPTIONAL}, **lines}
        body = ",\n".join(f"  {json.dumps(name)}: {json.dumps(line)}" for name, line in lines.items())
        sections.append(f" {json.dumps(section)}: {{\n{body}\n }}")
    FILE.write_text("{\n" + ",\n".join(sections) + "\n}\n", encoding="utf-8")


def read():
    return json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}


def worse_than(table, before):
    """Texts about each line that has more wrong rows than before."""
    texts = []
    for section, lines in table.items():
        for line in lines:
            kept = before.get(section, {}).get(line.name)
            if kept is None:
                texts.append(f"{section}, {line.name}: not in the baseline: renew it with --write-baseline")
                continue
            if kept["digest"] != digest(line.rows):
                texts.append(f"{section}, {line.name}: not the rows of the baseline: renew it with --write-baseline")
                continue
            for what, now, then in [("", line.wrong, expand(kept["wrong"])),
                                    (" with the opt-ins", line.wrong_with_opt_ins, expand(kept["wrong_with_opt_ins"]))]:
                # Of techniques the number counts; each row of the others has been judged by people.
                if len(now) > len(then) or (section != "attacks" and set(now) - then):
                    new = [line.rows[i] for i in sorted(set(now) - then)]
                    rows = "".join(f"\n    {row.identity}: {row.visible}" for row in new[:10])
                    texts.append(f"{section}, {line.name}: {len(now)} wrong{what}, {len(then)} in the baseline{rows}")
    return texts
