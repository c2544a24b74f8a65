# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""An e-mail address where the name is shown, and names that stand in the local part only."""
from attacks import OPT_IN, OUT_OF_REACH, register, sent, written
from people import DOMAIN, ORGANIZATION
from rows import field
from wire import attacker, mailbox, phrase

# With the address of the person in it: {a} address, {n} name, {l} local part, {d} domain.
PATTERNS = {
    "alone": "{a}", "in_angles": "<{a}>", "name_and_angles": "{n} <{a}>", "name_and_parentheses": "{n} ({a})",
    "name_and_square_brackets": "{n} [{a}]", "name_behind": "{a} {n}", "name_hyphen": "{n} - {a}",
    "quotes_inside": "'{a}'",
    "role": "CEO {a}", "role_behind": "{a} (CEO)", "mailto": "mailto:{a}", "mailto_brackets": "{n} [mailto:{a}]",
    "via": "{a} via DocuSign",
    "on_behalf_of": "{a} on behalf of Finance", "at_word": "{l} at {d}", "at_in_brackets": "{l}[at]{d}",
    "at_in_parentheses": "{l}(at){d}",
    "at_and_dot_words": "{l} at contoso dot com", "dot_in_brackets": "{l}@contoso[.]com", "full_width_at": "{l}＠{d}",
    "small_at": "{l}﹫{d}",
    "spaces_around_at": "{l} @ {d}", "space_behind_at": "{l}@ {d}", "capitals": "{A}",
    "zero_width_in_it": "{l}\u200b@{d}", "soft_hyphen_in_it": "{l}@con\u00adtoso.com",
    "full_width": "{w}", "mathematical_dot": "{l}@contoso․com", "ideographic_dot": "{l}@contoso。com",
    "full_width_dot": "{l}@contoso．com",
    "padded": "{a}" + " " * 80 + ".", "trailing_dot": "{a}.", "trailing_semicolon": "{a};",
    "trailing_comma_role": "{a}, CEO", "plus_tag": "{l}+home@{d}",
    "two_names": "{n} {n} {a}", "external": "[EXTERNAL] {a}", "calendar": "{a} (Google Calendar)",
    "google_docs": "{a} (via Google Docs)",
    "pipe": "{a} | Contoso", "colon": "From: {a}", "reply_to": "Reply to {a}", "tab_behind": "{a}\t-",
    "lookalike_letters": "{c}", "brackets_doubled": "<<{a}>>",
    "line_end": "{a}\n", "braces": "{{{a}}}", "underline_at": "{l}_at_{d}", "sent_by": "sent by {a}",
    "url": "https://{d}/{l}", "in_guillemets": "«{a}»",
}
CYRILLIC = str.maketrans("aceopxy", "асеорху")


def fill(pattern, person):
    local = person.address.split("@")[0]
    return pattern.format(a=person.address, n=person.name, l=local, d=DOMAIN, A=person.address.upper(),
                          w="".join(chr(ord(c) + 0xFEE0) for c in person.address),
                          c=person.address.translate(CYRILLIC))


for name, pattern in PATTERNS.items():
    register(f"address_{name}", "written", lambda person, _chance, pattern=pattern: fill(pattern, person))


@written()
def address_second_of_the_person(person, _chance):
    return person.also[0] if person.also else None


@written()
def address_of_the_domain_unknown(_person, chance):
    return f"{chance.pick(['ceo', 'finance.office', 'no-reply', 'it.support', 'payroll', 'k.nowak'])}@{DOMAIN}"


@written()
def address_of_the_domain_with_role(_person, chance):
    return f"{chance.pick(['CEO', 'Support', 'IT Help Desk'])} <{chance.pick(['ceo', 'support', 'helpdesk'])}@{DOMAIN}>"


@sent()
def address_in_comment(_text, person, chance):
    return field(f"{attacker(chance)} ({person.address})")


@sent()
def address_as_name_and_comment(_text, person, chance):
    return field(f'"{person.address}" <{attacker(chance)}> ({person.address})')


@sent()
def address_as_group(_text, person, chance):
    return field(f'"{person.address}": {attacker(chance)};')


@sent()
def address_unquoted_before_angles(_text, person, chance):
    return field(f"{person.address} <{attacker(chance)}>")


@sent()
def address_in_angles_unquoted_before_angles(_text, person, chance):
    return field(f"{phrase(person.name)} <{person.address}> <{attacker(chance)}>")


@sent()
def address_in_quoted_local_part(_text, person, chance):
    return field(f'"{person.address}"@{attacker(chance).split("@")[1]}')


@sent()
def address_with_name_in_quoted_local_part(_text, person, chance):
    return field(f'"{person.latin_name.encode("ascii", "ignore").decode()} <{person.address}>"@{attacker(chance).split("@")[1]}')


@sent(OUT_OF_REACH)
def address_as_local_part(_text, person, chance):
    """contoso.com as the end of the local part: ada=contoso.com@..."""
    return field(f"{person.address.replace('@', chance.pick(['=', '%', '-', '.at.']))}@{attacker(chance).split('@')[1]}")


# The local part spells the name: {f} first, {l} last, {i} initials; no name is shown, or a neutral one.
LOCAL_PARTS = {
    "first_dot_last": "{f}.{l}", "last_dot_first": "{l}.{f}", "joined": "{f}{l}", "joined_last_first": "{l}{f}",
    "underscore": "{f}_{l}", "hyphen": "{f}-{l}",
    "year": "{f}.{l}1975", "joined_digits": "{f}{l}84", "digits_between": "{f}.1.{l}", "digits_before": "1{f}.{l}",
    "plus_tag": "{f}.{l}+office",
    "with_organization": "{f}.{l}.contoso", "organization_before": "contoso.{f}.{l}", "with_role": "{f}.{l}.ceo",
    "role_before": "ceo.{f}.{l}",
    "with_com": "{f}.{l}.contoso.com", "with_office": "{f}.{l}.office", "with_private": "{f}.{l}.private",
    "with_mail": "{f}.{l}.mail", "capitals": "{F}.{L}",
    "middle_initial": "{f}.j.{l}", "doubled_dots_quoted": '"{f}..{l}"', "letter_stuck_on": "{f}.{l}x",
    "stuck_role": "{f}{l}ceo", "underscored_year": "{f}_{l}_1975",
}


def neutral(chance):
    return chance.pick(["", "", "CEO", "Managing Director", "Office", "Chief Executive Officer", "Finance",
                        "Sent from my iPhone", "Private"])


def local_part(pattern):
    def make(_text, person, chance):
        first, last = person.local_words
        if len(first) < 2 or len(last) < 2 or len(first + last) < 7:
            return None
        local = pattern.format(f=first, l=last, F=first.title(), L=last.title())
        shown = neutral(chance)
        address = f"{local}@{chance.pick(['freemail.example', 'mailbox.example', 'post.example'])}"
        return field(f'"{shown}" <{address}>' if shown else chance.pick([address, f"<{address}>"]))
    return make


for name, pattern in LOCAL_PARTS.items():
    register(f"local_part_{name}", "sent", local_part(pattern), OPT_IN)


@sent(OPT_IN)
def local_part_with_initial_form(_text, person, chance):
    first, last = person.local_words
    if len(first + last) < 7 or not person.is_latin or len(first) < 2:
        return None
    return field(mailbox(f"{person.given[0]}. {person.surname}", f"{first}.{last}@mailbox.example", chance))


@sent(OPT_IN)
def local_part_with_given_name_shown(_text, person, chance):
    first, last = person.local_words
    if len(first + last) < 7 or not person.is_latin or len(first) < 2:
        return None
    return field(mailbox(person.given, f"{first}.{last}{10 + chance.number(90)}@freemail.example", chance))


@sent(OPT_IN)
def local_part_equal_to_name_shown(_text, person, chance):
    first, last = person.local_words
    if len(first + last) < 7 or len(first) < 2:
        return None
    address = f"{first}.{last}@freemail.example"
    return field(f'"{address}" <{address}>' if chance.share() < 0.5 else f"{first}.{last} <{address}>")


@sent(OPT_IN)
def local_part_in_organization_lookalike_domain(_text, person, chance):
    first, last = person.local_words
    if len(first + last) < 7 or len(first) < 2:
        return None
    domain = chance.pick(["c0ntoso.com", "contoso-group.example", "contoso.com.mail.example", "mail-contoso.example",
                          "xn--cntoso-yua.com"])
    return field(f"{first}.{last}@{domain}")


@written()
def name_with_own_domain_lookalike_address(person, chance):
    return f"{person.name} ({person.address.replace('contoso', chance.pick(['c0ntoso', 'contos0', 'cont0so']))})"


@written()
def name_and_organization_address(person, _chance):
    return f"{person.name} {ORGANIZATION} <info@{DOMAIN}>"
