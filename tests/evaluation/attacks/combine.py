# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Rows of the techniques, alone and two of them together."""
import attacks
from people import ROLE_MAILBOXES, protected_people
from rows import Chance, Row, field
from wire import attacker, mailbox


def make_row(technique, text, person, chance):
    """A row that shows `text` (or what the technique writes itself); None if it does not apply."""
    if technique.latin_only and not person.is_latin:
        return None
    if technique.kind == "sent":
        made = technique.make(text, person, chance)
    else:
        if technique.kind == "written":
            text = technique.make(person, chance)
        else:
            text = technique.make(text, person, chance)
        made = None if text is None else field(mailbox(text, attacker(chance), chance))
    return Row(made) if isinstance(made, bytes) else made


def rows_of(technique, count):
    """At most so many rows, each of another person."""
    chance = Chance(f"people of {technique.name}")
    rows = []
    for person in sorted(protected_people(), key=lambda _: chance.share()):
        row = make_row(technique, person.name, person, Chance(f"{technique.name} {person.number}"))
        if row is not None:
            row.identity = f"{technique.name}/{person.number}"
            rows.append(row)
        if len(rows) == count:
            break
    return rows


# What is done to the text first, then what is done to the result: family pairs that attackers use.
PAIRS = [("letters", "decoration"), ("scripts", "decoration"), ("invisible", "decoration"), ("shape", "decoration"),
         ("decoration", "letters"),
         ("decoration", "invisible"), ("decoration", "scripts"), ("scripts", "invisible"), ("scripts", "shape"),
         ("invisible", "shape"), ("letters", "shape"), ("shape", "letters"),
         ("shape", "scripts"), ("decoration", "decoration"), ("scripts", "letters"), ("decoration", "encoding"),
         ("scripts", "encoding"), ("invisible", "encoding"),
         ("shape", "encoding"), ("letters", "encoding"), ("decoration", "structure"), ("scripts", "structure"),
         ("invisible", "structure"), ("shape", "structure"),
         ("decoration", "fields"), ("scripts", "fields"), ("letters", "fields"), ("shape", "fields")]


def rows_of_pair(first_family, second_family, count):
    """Rows of two techniques, one after the other, drawn by chance."""
    chance = Chance(f"{first_family} and {second_family}")
    people = protected_people()
    usual = [t for t in attacks.techniques() if t.needs == ""]
    firsts = [t for t in usual if t.family == first_family and t.kind in ("shown", "written")]
    seconds = [t for t in usual if t.family == second_family and t.kind in ("shown", "sent")]
    rows = []
    for _ in range(20 * count):
        first, second, person = chance.pick(firsts), chance.pick(seconds), chance.pick(people)
        if not person.is_latin and (first.latin_only or second.latin_only):
            continue
        text = first.make(person, chance) if first.kind == "written" else first.make(person.name, person, chance)
        row = None if text is None else make_row(second, text, person, chance)
        if row is not None:
            row.identity = f"{first.name}+{second.name}/{person.number}"
            rows.append(row)
        if len(rows) == count:
            break
    return rows


def role_mailbox_rows():
    rows = []
    for name in ROLE_MAILBOXES:
        for text in [name, name.upper(), name.lower(), name.replace("e", "е").replace("o", "о")]:
            chance = Chance(text)
            rows.append(Row(field(mailbox(text, attacker(chance), chance)), identity=f"role_mailbox/{text}"))
    return rows
