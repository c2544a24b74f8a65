# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""What was judged, counted line by line, and printed."""
import collections
import dataclasses

HINTS = {"nickname", "typo", "local_part"}


@dataclasses.dataclass
class Line:
    """A technique or a corpus: its rows and which of them are wrong, by their places in `rows`."""

    name: str
    rows: list
    wrong: list
    wrong_with_opt_ins: list
    matches: collections.Counter
    notes: list = dataclasses.field(default_factory=list)  # of each row: what it was found by, and as whom
    group: str = ""
    needs: str = ""

    @property
    def right(self):
        return len(self.rows) - len(self.wrong)

    @property
    def right_with_opt_ins(self):
        return len(self.rows) - len(self.wrong_with_opt_ins)


def is_found(answer):
    return answer["finding"] is not None and answer["disposition"] != "none"


def has_hint(answer):
    return any(noted.get("match") in HINTS for noted in answer.get("noted", []))


def how(answer):
    """By what a row was found; hints that are off in lower brackets."""
    if is_found(answer):
        word = answer["match"] or answer["finding"]
        return word if answer["field"] in (None, "from") else f"{word} in {answer['field']}"
    if has_hint(answer):
        return "(" + next(noted["match"] for noted in answer["noted"] if noted.get("match") in HINTS) + ")"
    return None


def note(plain, opted):
    answer = plain if is_found(plain) else opted
    return f"[{how(answer)}: {answer['person']}] " if is_found(answer) else ""


def line_of(name, rows, plain, opted, should_be_found, **more):
    """The line of rows that all should be found, or that all should not."""
    found = [is_found(answer) for answer in plain]
    found_with_opt_ins = [is_found(answer) for answer in opted]
    matches = collections.Counter(word for word in map(how, plain) if word is not None)
    return Line(name, rows, [i for i, yes in enumerate(found) if yes != should_be_found],
                [i for i, yes in enumerate(found_with_opt_ins) if yes != should_be_found], matches,
                list(map(note, plain, opted)), **more)


def disagreements(rows, plain, opted):
    """Rows where what is noted with the defaults is not what a rule that names the hints finds."""
    return [row.identity for row, a, b in zip(rows, plain, opted) if not is_found(a) and has_hint(a) != is_found(b)]


def counted(matches):
    return ", ".join(f"{word} {count}" for word, count in matches.most_common(6))


def print_attacks(lines, everything):
    print(f"{'attack technique':46} {'needs':12} {'rows':>5} {'found':>6} {'opt-ins':>7}  how")
    by_family = collections.defaultdict(list)
    for line in lines:
        by_family[line.group].append(line)
    for family, members in by_family.items():
        usual = [line for line in members if line.needs == ""]
        full = [line for line in usual if not line.wrong]
        print(f"{family}: {len(members)} techniques, {len(full)} of {len(usual)} found in every row")
        for line in members:
            if everything or (line.wrong if line.needs == "" else line.wrong_with_opt_ins):
                print(f"  {line.name[:44]:44} {line.needs:12} {len(line.rows):5} {line.right:6} "
                      f"{line.right_with_opt_ins:7}  {counted(line.matches)}")
    for needs, text in [("", "without opt-ins"), ("opt-in", "that need opt-ins"),
                        ("out of reach", "that nobody expects to be found")]:
        those = [line for line in lines if line.needs == needs]
        rows, found, opted = (sum(values) for values in zip(*[(len(line.rows), line.right,
                                                               line.right_with_opt_ins) for line in those]))
        print(f"{len(those)} techniques {text}: {rows} rows, {found} found ({100 * found / rows:.2f} %), "
              f"with opt-ins {opted} ({100 * opted / rows:.2f} %)")


def print_innocent(lines):
    print(f"\n{'innocent corpus':46} {'':12} {'rows':>5} {'flagged':>7} {'opt-ins':>7}  by")
    for line in lines:
        print(f"  {line.name[:44]:44} {line.group:12} {len(line.rows):5} {len(line.wrong):7} "
              f"{len(line.wrong_with_opt_ins):7}  {counted(line.matches)}")


def print_data(lines, elsewhere):
    print(f"\n{'rows of tests/data':46} {'':12} {'rows':>5} {'right':>7}")
    for line in lines:
        wrong = "; ".join(line.rows[i].identity for i in line.wrong)
        notes = [counted(line.matches)] if line.matches else []
        notes += [f"wrong: {wrong}"] if wrong else []
        print(f"  {line.name:44} {'':12} {len(line.rows):5} {line.right:7}  {'; '.join(notes)}")
    for identity, why in elsewhere.items():
        print(f"  not judged here: {identity}: {why}")
