# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Fields that can be read in more than one way, and where in a field a name may stand."""
from attacks import register, sent
from rows import field
from wire import attacker, mailbox, phrase, quoted


def ascii_only(text):
    return text.isascii() and text.isprintable() and not any(c in '",;:<>()[]@\\' for c in text)


def from_pattern(pattern, plain=False):
    """A From field: {p} the phrase, {t} the text as it is, {a} and {b} the attacker's, {g} the person's address."""
    def make(text, person, chance):
        if plain and not ascii_only(text):
            return None
        return field(pattern.format(p=phrase(text), t=text, q=quoted(text), a=attacker(chance), b=attacker(chance),
                                    g=person.address))
    return make


for name, pattern in {
        # Where the name stands.
        "name_in_comment_behind": "{a} ({p})", "name_in_comment_behind_angles": "<{a}> ({p})",
        "name_in_comment_before": "({p}) {a}",
        "name_in_comment_in_angles": "<{a} ({p})>", "name_in_group": "{p}: {a};",
        "name_in_group_of_angles": "{p}: <{a}>;",
        "name_in_group_with_other_name": "{p}: Office <{a}>;", "name_in_empty_group": "{p}:;",
        "name_in_second_member": "g: Office <{a}>, {p} <{b}>;",
        "name_and_comment": "{p} (Finance) <{a}>", "comment_before_name": "(Finance) {p} <{a}>",
        "name_behind_angles": "<{a}> {p}",
        "name_on_both_sides": "{p} <{a}> {p}", "name_behind_bare_address": "{a} {p}", "name_without_address": "{p}",
        "name_and_empty_angles": "{p} <>",
        "name_and_angles_with_space": "{p} < >", "name_and_no_domain": "{p} <office>", "name_and_at_only": "{p} <@>",
        "name_and_two_at": "{p} <{g}@{a}>",
        "name_and_spaces_in_address": "{p} < {a} >", "name_and_comment_in_address": "{p} <(x){a}(y)>",
        "name_and_quoted_local": '{p} <"x y"@freemail.example>',
        "name_and_address_literal": "{p} <office@[192.0.2.7]>", "name_and_route": "{p} <@relay.example:{a}>",
        "name_and_route_of_own_domain": "{p} <@contoso.com,@relay.example:{a}>",
        "name_and_percent_route": "{p} <user%contoso.com@freemail.example>",
        "name_and_bang_path": "{p} <contoso.com!user@freemail.example>",
        "angles_not_closed": "{p} <{a}", "angles_not_opened": "{p} {a}>", "angles_doubled": "{p} <<{a}>>",
        "angles_left_out": "{p} {a}", "angles_full_width": "{p} ＜{a}＞",
        "square_brackets_for_angles": "{p} [{a}]", "semicolon_behind_name": "{p}; <{a}>",
        "semicolon_at_end": "{p} <{a}>;", "comma_at_end": "{p} <{a}>,",
        "comma_at_begin": ",{p} <{a}>", "colon_at_begin": ": {p} <{a}>", "dot_at_end": "{p} <{a}>.",
        "quote_at_end": '{p} <{a}>"', "text_at_end": "{p} <{a}> office",
        "tab_before_angles": "{p}\t<{a}>", "no_space_before_angles": "{p}<{a}>",
        "folded_before_angles": "{p}\r\n\t<{a}>", "folded_within_angles": "{p} <\r\n {a}>",
        "folded_at_begin": "\r\n {p} <{a}>", "folded_empty_lines": "{p}\r\n \r\n <{a}>",
        "many_spaces_before": " " * 400 + "{p} <{a}>", "very_many_spaces_before": " " * 3000 + "{p} <{a}>",
        "many_folds_before": "\r\n " * 200 + "{p} <{a}>", "long_comment_before": "(" + "x" * 3000 + ") {p} <{a}>",
        "deep_comments_before": "(" * 20 + "x" + ")" * 20 + " {p} <{a}>",
        "very_deep_comments_before": "(" * 200 + "x" + ")" * 200 + " {p} <{a}>",
        "deep_comments_around": "(" * 10 + "{p}" + ")" * 10 + " <{a}>",
        "comment_not_closed": "{p} <{a}> (x", "comment_not_opened": "{p} x) <{a}>",
        "empty_comment_between": "{p} () <{a}>", "long_local_part": "{p} <" + "x" * 300 + "{a}>",
        # Several mailboxes and addresses.
        "two_mailboxes_name_first": "{p} <{a}>, Office <{b}>", "two_mailboxes_name_second": "Office <{a}>, {p} <{b}>",
        "own_address_then_foreign": "{p} <{g}>, Office <{a}>",
        "foreign_then_own_address": "Office <{a}>, {p} <{g}>", "own_address_then_foreign_bare": "{g}, {a}",
        "foreign_then_own_bare": "{a}, {g}", "semicolon_for_comma": "{p} <{g}>; <{a}>",
        "no_comma_between": "{p} <{g}> <{a}>", "angles_adjacent": "<{g}><{a}>",
        "angles_adjacent_foreign_first": "{p} <{a}><{g}>", "own_address_as_phrase": "{g} <{a}>",
        "own_address_in_angles_then_bare": "<{g}> {a}", "own_address_then_text": "<{a}> {g}",
        "own_in_comment": "{p} <{a}> ({g})", "own_in_comment_first": "({g}) {p} <{a}>",
        "own_in_comment_in_angles": "{p} <{a}({g})>", "own_address_name_swapped": "{p} <{a}>, {p} <{g}>",
        "own_in_group_foreign_outside": "g: {p} <{g}>;, {a}", "own_as_group_name": "{g}: {a};",
        "group_of_both": "g: {g}, {a};",
        "many_mailboxes_name_last": "".join(f"u{i}@freemail.example, " for i in range(30)) + "{p} <{a}>",
        "very_many_mailboxes_name_last": "".join(f"u{i}@freemail.example, " for i in range(200)) + "{p} <{a}>",
        "very_many_empty_members": "," * 500 + "{p} <{a}>", "own_address_with_nul": "<{g}\x00.{a}>",
        "own_address_with_space": "<{g} .freemail.example>", "own_address_with_backslash": "<{g}\\@{a}>",
        "own_address_quoted_then_foreign": '"{g}" <{a}>', "own_mailbox_quoted": '"{p} <{g}>" <{a}>',
        "own_mailbox_in_comment": "({p} <{g}>) <{a}>", "own_mailbox_escaped": "{p} \\<{g}\\> <{a}>",
}.items():
    register(f"from_{name}", "sent", from_pattern(pattern))

for name, pattern in {
        # The text as it is.
        "comma_not_quoted": "{t}, Office <{a}>", "role_comma_not_quoted": "{t}, CEO <{a}>",
        "quote_not_closed": '"{t} <{a}>', "quote_not_opened": '{t}" <{a}>',
        "quote_in_the_middle": '{t} "x" <{a}>', "backslash_before_quote": '"{t}\\" <{a}>',
        "dots_not_quoted": "{t}. <{a}>", "brackets_not_quoted": "[{t}] <{a}>", "colon_not_quoted": "CEO: {t} <{a}>",
        "at_not_quoted": "{t} @ Contoso <{a}>", "comment_not_quoted": "{t} (CEO) <{a}>", "nul_behind": "{t}\x00 <{a}>",
        "controls_before": "\x01\x02{t} <{a}>", "bare_carriage_return": "{t}\r<{a}>",
        "escape_sequence": "{t}\x1b[0m <{a}>", "vertical_tab": "{t}\x0b<{a}>", "percent_twenty": "{t}%20 <{a}>",
        "long_tail_in_quotes": '"{t}' + " " * 900 + 'x" <{a}>',
        "long_head_in_quotes": '"' + " " * 400 + '{t}" <{a}>', "quoted_twice": '""{t}"" <{a}>',
        "quote_then_name": '""{t} <{a}>', "apostrophe_quote": "'\"{t}\"' <{a}>",
        "backslash_at_end": '"{t}\\\\" <{a}>',
}.items():
    register(f"from_{name}", "sent", from_pattern(pattern, plain=True))


@sent()
def from_comma_between_names_not_quoted(_text, person, chance):
    if not person.is_latin or not person.name.isascii():
        return None
    return field(f"{person.surname}, {person.given} <{attacker(chance)}>")


@sent()
def from_comma_between_encoded_names(_text, person, chance):
    return field(f"{phrase(person.surname)}, {phrase(person.given)} <{attacker(chance)}>")


@sent()
def from_nul_within_the_name(text, _person, chance):
    return field(f"{text[:2]}\x00{text[2:]} <{attacker(chance)}>") if ascii_only(text) else None


@sent()
def from_words_quoted_each(text, _person, chance):
    return field(" ".join(quoted(word) for word in text.split(" ")) + f" <{attacker(chance)}>") if ascii_only(text) else None


@sent()
def from_words_one_quoted(text, _person, chance):
    first, _, rest = text.partition(" ")
    return field(f'"{first}" {rest} <{attacker(chance)}>') if rest and ascii_only(text) else None


@sent()
def from_comment_between_words(text, _person, chance):
    return field(text.replace(" ", " (x) ", 1) + f" <{attacker(chance)}>") if " " in text and ascii_only(text) else None


@sent()
def from_name_half_in_comment(text, _person, chance):
    first, _, rest = text.partition(" ")
    return field(f"{first} ({rest}) <{attacker(chance)}>") if rest and ascii_only(text) else None


@sent()
def from_folded_within_the_name(text, _person, chance):
    return field(text.replace(" ", "\r\n\t") + f" <{attacker(chance)}>") if " " in text and ascii_only(text) else None


def two_fields(first, second):
    def make(text, person, chance):
        known = {"p": phrase(text), "a": attacker(chance), "b": attacker(chance), "g": person.address}
        return b"".join(
            field(value.format(**known), name.encode()) if name.strip() == name and "\r" not in name else
            f"{name}: {value.format(**known)}\r\n".encode() for name, value in (first, second))
    return make


FORGED, OWN, OTHER = "{p} <{a}>", "{p} <{g}>", "Office <{b}>"
for name, first, second in [
        ("forged_then_other", ("From", FORGED), ("From", OTHER)),
        ("other_then_forged", ("From", OTHER), ("From", FORGED)),
        ("own_then_other", ("From", OWN), ("From", OTHER)), ("other_then_own", ("From", OTHER), ("From", OWN)),
        ("own_then_forged", ("From", OWN), ("From", FORGED)),
        ("forged_then_empty", ("From", FORGED), ("From", "")), ("empty_then_forged", ("From", ""), ("From", FORGED)),
        ("spaced_then_other", ("From ", FORGED), ("From", OTHER)),
        ("other_then_spaced", ("From", OTHER), ("From ", FORGED)),
        ("tab_then_other", ("From\t", FORGED), ("From", OTHER)),
        ("folded_name", ("From\r\n ", FORGED), ("From", OTHER)),
        ("capitals", ("FROM", FORGED), ("Subject", "x")), ("small", ("from", FORGED), ("Subject", "x")),
        ("mixed_case", ("fRoM", FORGED), ("Subject", "x")),
        ("spaced_alone", ("From ", FORGED), ("Subject", "x")), ("tab_alone", ("From\t", FORGED), ("Subject", "x")),
        ("subject_first", ("Subject", "x"), ("From", FORGED)),
        ("far_behind", ("X-Padding", "x" * 9000), ("From", FORGED)),
        ("other_then_capitals", ("From", OTHER), ("FROM", FORGED))]:
    register(f"fields_{name}", "sent", two_fields(first, second))


@sent()
def fields_bare_line_feeds(text, _person, chance):
    return f"Subject: x\nFrom: {phrase(text)} <{attacker(chance)}>\nTo: a@contoso.com\n".encode()


@sent()
def fields_line_without_colon_before(text, _person, chance):
    return b"no field at all\r\n" + field(f"{phrase(text)} <{attacker(chance)}>")


@sent()
def fields_mbox_line_before(text, _person, chance):
    return b"From office@freemail.example Fri Nov 21 10:00:00 2025\r\n" + field(f"{phrase(text)} <{attacker(chance)}>")


@sent()
def fields_three_from(text, _person, chance):
    return b"".join(field(value) for value in [attacker(chance), attacker(chance), mailbox(text, attacker(chance))])


@sent()
def fields_no_space_behind_colon(text, _person, chance):
    return f"From:{phrase(text)}<{attacker(chance)}>\r\n".encode()
