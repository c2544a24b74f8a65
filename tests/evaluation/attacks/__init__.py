# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""What attackers do with a name. Each function with a decorator is one technique, told by its name.

`shown`: (text, person, chance) -> the text that is shown, or None where the trick does not apply to it.
`sent`:  (text, person, chance) -> header fields in octets (or a Row), for a text that is to be shown.
`written`: as `shown`, but about the person: it begins anew and does not change a text.
"""
import dataclasses
import importlib

FAMILIES = ["letters", "scripts", "invisible", "shape", "decoration", "addresses", "spelling", "encoding", "structure",
            "fields"]

# Matches that are off until a policy asks for them.
OPT_IN = "opt-in"
# Seen by people, but not to be told from other people by the header alone; the table shows it, nobody expects it.
OUT_OF_REACH = "out of reach"


@dataclasses.dataclass(frozen=True)
class Technique:
    """One way to forge. `kind` is shown, sent or written."""

    name: str
    family: str
    kind: str
    make: object
    needs: str = ""  # OPT_IN, OUT_OF_REACH or nothing
    latin_only: bool = False


REGISTERED = []


def _register(kind, needs, latin_only, name=None):
    def keep(make):
        family = make.__module__.rsplit(".", 1)[-1]
        REGISTERED.append(Technique(name or make.__name__, family, kind, make, needs, latin_only))
        return make
    return keep


def shown(needs="", latin_only=False):
    return _register("shown", needs, latin_only)


def sent(needs="", latin_only=False):
    return _register("sent", needs, latin_only)


def written(needs="", latin_only=False):
    return _register("written", needs, latin_only)


def register(name, kind, make, needs="", latin_only=False):
    """For techniques that a table makes."""
    _register(kind, needs, latin_only, name)(make)


def techniques():
    """All of them, family by family."""
    for family in FAMILIES:
        importlib.import_module(f"attacks.{family}")
    order = {family: number for number, family in enumerate(FAMILIES)}
    return sorted(REGISTERED, key=lambda technique: order[technique.family])
