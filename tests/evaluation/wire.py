# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""How a shown text is written into a header field, in the ways that mail programs do it."""
import base64

ATOM_SIGNS = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~ ")
WORD_OCTETS = 42


def attacker(chance):
    """An address that tells nothing about anybody."""
    local = chance.pick(["office", "sales", "xk", "mailer", "b2b", "qwerty", "contact", "director", "desk", "no-reply"])
    domain = chance.pick(["freemail.example", "mailbox.example", "webpost.example", "cloudmail.example"])
    return f"{local}{chance.number(9000)}@{domain}"


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def pieces(text, charset="utf-8", size=WORD_OCTETS):
    """The octets of a text in pieces of whole characters."""
    piece = b""
    for character in text:
        octets = character.encode(charset, "replace")
        if piece and len(piece) + len(octets) > size:
            yield piece
            piece = b""
        piece += octets
    yield piece


def b_word(octets, charset="UTF-8"):
    return f"=?{charset}?B?{base64.b64encode(octets).decode()}?="


def q_word(octets, charset="utf-8"):
    safe = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    text = "".join(chr(o) if o in safe else "_" if o == 0x20 else f"={o:02X}" for o in octets)
    return f"=?{charset}?Q?{text}?="


def b_words(text):
    return "\r\n ".join(b_word(piece) for piece in pieces(text))


def q_words(text):
    return "\r\n ".join(q_word(piece) for piece in pieces(text, size=20))


def is_plain(text):
    return text.isascii() and text.isprintable()


def phrase(text, chance=None):
    """A phrase that shows the text; by chance in one of the ways that are usual."""
    if is_plain(text):
        if all(c in ATOM_SIGNS for c in text) and "  " not in text and text == text.strip() and not text.startswith("="):
            return text if chance is None or chance.share() < 0.6 else quoted(text)
        return quoted(text)
    share = 0.0 if chance is None else chance.share()
    if share > 0.85 and not any(c < " " or c == "\x7f" for c in text):
        return quoted(text)  # raw UTF-8, as senders with SMTPUTF8 write it and careless ones too
    return b_words(text) if share < 0.5 else q_words(text)


def mailbox(text, address, chance=None):
    return f"{phrase(text, chance)} <{address}>"
