# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Real names, where they are: they stand beside the repository and are no part of it."""
import json
import pathlib

from rows import Row, field

FOLDER = pathlib.Path(__file__).resolve().parents[4] / "shared" / "data" / "names"
LABELS = ["own", "none", "namesake"]


def are_there(folder):
    return (folder / "innocent.jsonl").exists()


def lines(file_name):
    with file_name.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def protected(folder):
    """Name and addresses of each protected person."""
    return [(line["name"], line["addresses"]) for line in lines(folder / "protected.jsonl")]


def rows_by_label(folder):
    found = {label: [] for label in LABELS}
    for number, line in enumerate(lines(folder / "innocent.jsonl")):
        row = Row(field(line["from"]))
        row.identity = f"line {number + 1}"
        found[line["label"]].append(row)
    return found
