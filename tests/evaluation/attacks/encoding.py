# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Encoded words (RFC 2047) right and wrong, and octets as they are."""
import base64

from attacks import OUT_OF_REACH, register, sent
from people import without_marks
from rows import field
from wire import attacker, b_word, pieces, q_word, quoted


def with_address(octets_or_text, chance):
    octets = octets_or_text if isinstance(octets_or_text, bytes) else octets_or_text.encode()
    return field(octets + f" <{attacker(chance)}>".encode())


def utf8(text):
    return text.encode("utf-8", "surrogateescape")


@sent()
def b_one_word(text, _person, chance):
    return with_address(b_word(utf8(text)), chance)


@sent()
def q_one_word(text, _person, chance):
    return with_address(q_word(utf8(text)), chance)


@sent()
def q_everything_in_hexadecimal(text, _person, chance):
    return with_address("=?utf-8?q?" + "".join(f"={o:02x}" for o in utf8(text)) + "?=", chance)


@sent()
def q_spaces_as_they_are(text, _person, chance):
    return with_address(q_word(utf8(text)).replace("_", " "), chance) if " " in text else None


@sent()
def b_in_words_of_three_octets(text, _person, chance):
    """Characters are torn apart."""
    octets = utf8(text)
    return with_address(" ".join(b_word(octets[i:i + 3]) for i in range(0, len(octets), 3)), chance)


@sent()
def b_in_words_of_one_octet(text, _person, chance):
    return with_address(" ".join(b_word(bytes([octet])) for octet in utf8(text)), chance)


@sent()
def b_torn_within_a_quantum(text, _person, chance):
    whole = base64.b64encode(utf8(text)).decode().rstrip("=")
    cut = len(whole) // 2 + (1 if len(whole) // 2 % 4 == 0 else 0)
    return with_address(f"=?utf-8?B?{whole[:cut]}?= =?utf-8?B?{whole[cut:]}?=", chance)


@sent()
def q_torn_words(text, _person, chance):
    octets = utf8(text)
    cut = len(octets) // 2
    return with_address(f"{q_word(octets[:cut])}\r\n\t{q_word(octets[cut:])}", chance)


@sent()
def adjacent_words_without_space(text, _person, chance):
    return with_address("".join(q_word(piece) for piece in pieces(text, size=5)), chance)


@sent()
def b_and_q_mixed(text, _person, chance):
    parts = list(pieces(text, size=6))
    return with_address(" ".join(b_word(p) if i % 2 else q_word(p) for i, p in enumerate(parts)), chance)


@sent()
def word_then_plain(text, _person, chance):
    first, _, rest = text.partition(" ")
    return with_address(f"{q_word(utf8(first))} {rest}", chance) if rest and rest.isascii() else None


@sent()
def plain_then_word(text, _person, chance):
    first, _, rest = text.partition(" ")
    return with_address(f"{first} {b_word(utf8(rest))}", chance) if rest and first.isascii() else None


@sent()
def word_within_a_word(text, _person, chance):
    """Encoded letters in the middle of plain ones."""
    if not text.isascii() or len(text) < 6:
        return None
    return with_address(f"{text[:2]}{q_word(utf8(text[2:4]))}{text[4:]}", chance)


@sent()
def no_padding(text, _person, chance):
    return with_address(f"=?utf-8?B?{base64.b64encode(utf8(text)).decode().rstrip('=')}?=", chance)


@sent()
def too_much_padding(text, _person, chance):
    return with_address(f"=?utf-8?B?{base64.b64encode(utf8(text)).decode().rstrip('=')}====?=", chance)


@sent()
def stray_signs_in_base64(text, _person, chance):
    whole = base64.b64encode(utf8(text)).decode()
    return with_address(f"=?utf-8?B?{whole[:5]}\x7f!{whole[5:]}?=", chance)


@sent()
def spaces_in_base64(text, _person, chance):
    whole = base64.b64encode(utf8(text)).decode()
    return with_address(f"=?utf-8?B?{whole[:4]} {whole[4:]}?=", chance)


@sent()
def url_safe_base64(text, _person, chance):
    whole = base64.urlsafe_b64encode(utf8(text)).decode()
    return with_address(f"=?utf-8?B?{whole}?=", chance) if "-" in whole or "_" in whole else None


@sent()
def folded_within_the_word(text, _person, chance):
    whole = base64.b64encode(utf8(text)).decode()
    return with_address(f"=?utf-8?B?{whole[:8]}\r\n {whole[8:]}?=", chance)


@sent()
def language_tag(text, _person, chance):
    return with_address(q_word(utf8(text), "utf-8*en"), chance)


@sent()
def unknown_charset(text, _person, chance):
    return with_address(b_word(utf8(text), chance.pick(["x-unknown", "foo", "utf8mb4", "unicode-1-1", "ANSI", "binary",
                                                        "8bit"])), chance)


@sent()
def empty_charset(text, _person, chance):
    return with_address(f"=??B?{base64.b64encode(utf8(text)).decode()}?=", chance)


@sent()
def wrong_charset_ascii(text, _person, chance):
    return with_address(b_word(utf8(text), "us-ascii"), chance)


@sent()
def wrong_charset_latin_1(text, _person, chance):
    """UTF-8 that is told to be Latin-1; plain letters stay the same."""
    return with_address(b_word(utf8(text), "iso-8859-1"), chance) if text.isascii() else None


@sent()
def wrong_charset_utf_8(text, _person, chance):
    """Latin-1 that is told to be UTF-8."""
    try:
        octets = text.encode("latin-1")
    except UnicodeEncodeError:
        return None
    return None if text.isascii() else with_address(b_word(octets, "utf-8"), chance)


def in_charset(charset, codec):
    def make(text, _person, chance):
        try:
            octets = text.encode(codec)
        except UnicodeEncodeError:
            return None
        return with_address(chance.pick([b_word, q_word])(octets, charset), chance)
    return make


for charset, codec in {
        "utf-7": "utf-7", "utf-16": "utf-16", "utf-16be": "utf-16-be", "utf-16le": "utf-16-le", "utf-32": "utf-32",
        "iso-8859-1": "latin-1",
        "iso-8859-2": "iso8859-2", "iso-8859-5": "iso8859-5", "iso-8859-9": "iso8859-9", "iso-8859-15": "iso8859-15",
        "windows-1250": "cp1250",
        "windows-1251": "cp1251", "windows-1252": "cp1252", "windows-1253": "cp1253", "windows-1254": "cp1254",
        "windows-1256": "cp1256",
        "windows-1257": "cp1257", "windows-1258": "cp1258", "koi8-r": "koi8-r", "koi8-u": "koi8-u",
        "iso-2022-jp": "iso2022_jp", "shift_jis": "shift_jis",
        "euc-jp": "euc_jp", "gb2312": "gb2312", "gb18030": "gb18030", "big5": "big5", "euc-kr": "euc_kr",
        "iso-2022-kr": "iso2022_kr",
        "tis-620": "tis_620", "cp437": "cp437", "macintosh": "mac_roman", "hz-gb-2312": "hz", "cp1252": "cp1252",
        "iso_8859-1": "latin-1",
        "utf8": "utf-8", "UTF8": "utf-8", "latin1": "latin-1", "ibm037": "cp037"}.items():
    register(f"charset_{charset}", "sent", in_charset(charset, codec))


@sent()
def utf_7_every_letter(text, _person, chance):
    encoded = base64.b64encode(text.encode("utf-16-be")).decode().rstrip("=")
    return with_address(f"=?utf-7?Q?+{encoded.replace('=', '=3D').replace('/', '=2F')}-?=", chance)


@sent()
def inside_quotes(text, _person, chance):
    return with_address(quoted(b_word(utf8(text))), chance)


@sent()
def inside_quotes_two_words(text, _person, chance):
    parts = list(pieces(text, size=8))
    return with_address(quoted(" ".join(b_word(part) for part in parts)), chance)


@sent()
def inside_apostrophes(text, _person, chance):
    return with_address(f"'{b_word(utf8(text))}'", chance)


@sent()
def inside_parentheses(text, _person, chance):
    return field(f"{attacker(chance)} ({b_word(utf8(text))})")


@sent()
def nested_once(text, _person, chance):
    return with_address(b_word(b_word(utf8(text)).encode()), chance)


@sent()
def quoted_pairs(text, _person, chance):
    return with_address('"' + "".join(f"\\{c}" for c in text) + '"', chance) if text.isascii() else None


@sent()
def encoded_quotes_inside(text, _person, chance):
    return with_address(q_word(utf8(f'"{text}"')), chance)


@sent()
def encoded_line_ends(text, _person, chance):
    return with_address(q_word(utf8(text) + b"\r\n"), chance)


@sent()
def encoded_nul_behind(text, _person, chance):
    return with_address(q_word(utf8(text) + b"\x00" + b"news"), chance)


@sent()
def encoded_nul_within(text, _person, chance):
    octets = utf8(text)
    return with_address(b_word(octets[:2] + b"\x00" + octets[2:]), chance) if text.isascii() else None


@sent()
def encoded_address_with_it(text, _person, chance):
    """The whole mailbox in one encoded word, a real address behind."""
    return with_address(b_word(utf8(f"{text} <office@contoso.com>")), chance)


@sent()
def mailsploit_local_part(text, _person, chance):
    return field(f"{b_word(utf8(text))}=?utf-8?Q?=00?=@{attacker(chance).split('@')[1]}")


@sent()
def mailsploit_local_part_with_line_end(text, _person, chance):
    return field(f"=?utf-8?Q?{''.join(f'={o:02X}' for o in utf8(text))}=0A=00?=@{attacker(chance).split('@')[1]}")


@sent()
def raw_utf_8(text, _person, chance):
    return with_address(utf8(text), chance) if not any(c in '",;:<>()[]@\\' for c in text) else None


@sent()
def raw_utf_8_quoted(text, _person, chance):
    return with_address(utf8(quoted(text)), chance)


@sent()
def raw_latin_1(text, _person, chance):
    try:
        octets = text.encode("latin-1")
    except UnicodeEncodeError:
        return None
    return with_address(b'"' + octets + b'"', chance) if not text.isascii() else None


@sent(OUT_OF_REACH)
def raw_windows_1251(text, person, chance):
    """Only somebody who knows the charset can read it; mail clients of that country do."""
    if person.is_latin:
        return None
    try:
        return with_address(b'"' + text.encode("cp1251") + b'"', chance)
    except UnicodeEncodeError:
        return None


@sent()
def overlong_utf_8(text, _person, chance):
    if not text.isascii():
        return None
    octets = bytes([0xC0 | ord(text[0]) >> 6, 0x80 | ord(text[0]) & 0x3F]) + utf8(text[1:])
    return with_address(q_word(octets), chance)


@sent()
def surrogate_pairs_in_utf_8(text, _person, chance):
    """CESU-8: letters beyond the basic plane as two surrogates."""
    plain = without_marks(text)
    if not plain.isascii():
        return None
    bold = "".join(chr(0x1D5D4 + ord(c) - 65) if "A" <= c <= "Z" else chr(0x1D5EE + ord(c) - 97) if "a" <= c <= "z" else c
                   for c in plain)
    octets = b"".join(bold_octets(c) for c in bold)
    return with_address(b_word(octets), chance)


def bold_octets(character):
    if ord(character) < 0x10000:
        return character.encode()
    units = character.encode("utf-16-be")
    return b"".join(chr(int.from_bytes(units[i:i + 2], "big")).encode("utf-8", "surrogatepass") for i in (0, 2))


@sent()
def broken_octet_within(text, _person, chance):
    octets = utf8(text)
    return with_address(q_word(octets[:3] + b"\xff" + octets[3:]), chance) if text.isascii() else None


@sent(OUT_OF_REACH)
def unfinished_word(text, _person, chance):
    """Shown as it is by most clients: nobody reads a name there."""
    return with_address(b_word(utf8(text))[:-2], chance)


@sent()
def lower_case_b(text, _person, chance):
    return with_address(b_word(utf8(text)).replace("?B?", "?b?"), chance)


@sent()
def uppercase_charset(text, _person, chance):
    return with_address(q_word(utf8(text), "UtF-8"), chance)


@sent()
def tabs_between_words(text, _person, chance):
    return with_address("\t".join(b_word(piece) for piece in pieces(text, size=6)), chance)


@sent()
def many_folds_between_words(text, _person, chance):
    return with_address("\r\n   \r\n\t".join(b_word(piece) for piece in pieces(text, size=6)), chance)


@sent()
def empty_words_between(text, _person, chance):
    return with_address(" =?utf-8?Q??= ".join(q_word(piece) for piece in pieces(text, size=6)), chance)


@sent()
def percent_encoded(text, _person, chance):
    """RFC 2231, where it has no place."""
    return with_address("utf-8''" + "".join(f"%{o:02X}" for o in utf8(text)), chance)


@sent()
def long_word(text, _person, chance):
    """More than the 75 octets that the RFC allows."""
    return with_address(b_word(utf8(text + " " * 100)), chance)


@sent()
def charsets_mixed(text, _person, chance):
    if not text.isascii() or " " not in text:
        return None
    first, _, rest = text.partition(" ")
    return with_address(f"{q_word(first.encode())} {b_word(b' ' + rest.encode(), 'iso-8859-1')}", chance)
