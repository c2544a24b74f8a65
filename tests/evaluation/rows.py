# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""What is judged: header blocks, with what is told beside them."""
import base64
import dataclasses
import quopri
import random
import re

ENCODED_WORD = re.compile(r"=\?utf-8\?([bq])\?([^?\s]*)\?=", re.IGNORECASE)
LOOK_LIKE_NOTHING = "\u115f\u1160\u3164\uffa0\u2800\u034f\ufe0f"


def decoded_word(match):
    try:
        if match[1] in "bB":
            return base64.b64decode(match[2], validate=True).decode()
        return quopri.decodestring(match[2].encode(), header=True).decode()
    except (ValueError, UnicodeDecodeError):
        return match[0]


def escaped(character):
    return character.encode("unicode_escape").decode()


class Chance:
    """Random choices that are the same in every Python: only random() is promised to be."""

    def __init__(self, seed):
        self._random = random.Random(seed)

    def share(self):
        return self._random.random()

    def number(self, end):
        """A whole number from 0, less than `end`."""
        return int(self._random.random() * end)

    def pick(self, members):
        return members[self.number(len(members))]

    def sample(self, members, count):
        """So many of them, in their order; all if there are no more."""
        if count >= len(members):
            return list(members)
        drawn = sorted(range(len(members)), key=lambda _: self._random.random())[:count]
        return [members[i] for i in sorted(drawn)]


@dataclasses.dataclass
class Row:
    """One message: its header block, what is shown in it (for people), and what is told beside it."""

    header: bytes
    told: dict = dataclasses.field(default_factory=dict)  # auth, rcpt, mail_from, client_ip of `explain --jsonl`
    identity: str = ""

    def request(self, number):
        return {"id": number, "header_b64": base64.b64encode(self.header).decode(), **self.told}

    @property
    def visible(self):
        """The header for a terminal: one line, encoded words decoded where they are right, and not too long."""
        text = re.sub(r"\?=\s+=\?", "?==?", self.header.decode("utf-8", "replace").strip("\r\n"))
        text = ENCODED_WORD.sub(decoded_word, text)
        text = "".join(c if c.isprintable() and c not in LOOK_LIKE_NOTHING else escaped(c) for c in text)
        return text if len(text) <= 240 else f"{text[:200]} ... {text[-30:]}"


def field(value, name=b"From"):
    """A header field of an octet string or of a text in UTF-8."""
    octets = value if isinstance(value, bytes) else value.encode("utf-8", "surrogateescape")
    return name + b": " + octets + b"\r\n"
