# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Other fields than From, and what authentication says: services and lists that are not what they tell."""
from attacks import register, sent
from people import DOMAIN
from rows import Row, field
from wire import attacker, mailbox

DMARC_PASS = {"dmarc": "pass"}
DMARC_FAIL = {"dmarc": "fail"}


def row(*fields, auth=None, **told):
    return Row(b"".join(fields), {**({"auth": auth} if auth is not None else {}), **told})


def unrelated(chance):
    return field(f"Support <{attacker(chance)}>")


@sent()
def reply_to_with_name(text, _person, chance):
    return row(unrelated(chance), field(mailbox(text, attacker(chance), chance), b"Reply-To"))


@sent()
def reply_to_with_name_second(text, _person, chance):
    return row(unrelated(chance), field(f"{attacker(chance)}, {mailbox(text, attacker(chance), chance)}", b"Reply-To"))


@sent()
def reply_to_with_name_and_own_from(text, person, chance):
    return row(field(mailbox(text, person.address, chance)),
               field(mailbox(text, attacker(chance), chance), b"Reply-To"),
               auth={"dmarc": "none"})


@sent()
def reply_to_before_from(text, _person, chance):
    return row(field(mailbox(text, attacker(chance), chance), b"Reply-To"), unrelated(chance))


@sent()
def reply_to_twice(text, _person, chance):
    return row(unrelated(chance), field(attacker(chance), b"Reply-To"),
               field(mailbox(text, attacker(chance), chance), b"Reply-To"))


@sent()
def reply_to_in_small_letters(text, _person, chance):
    return row(unrelated(chance), field(mailbox(text, attacker(chance), chance), b"reply-to"))


@sent()
def reply_to_address_in_name(_text, person, chance):
    return row(unrelated(chance), field(f'"{person.address}" <{attacker(chance)}>', b"Reply-To"))


@sent()
def sender_with_name(text, _person, chance):
    return row(unrelated(chance), field(mailbox(text, attacker(chance), chance), b"Sender"))


@sent()
def sender_with_name_and_bare_from(text, _person, chance):
    return row(field(attacker(chance)), field(mailbox(text, attacker(chance), chance), b"Sender"))


@sent()
def sender_in_capitals(text, _person, chance):
    return row(unrelated(chance), field(mailbox(text, attacker(chance), chance), b"SENDER"))


@sent()
def sender_address_in_name(_text, person, chance):
    return row(unrelated(chance), field(f'"{person.address}" <{attacker(chance)}>', b"Sender"))


SERVICES = {
    "docusign": ("{} via Docusign", "dse_na4@docusign.net", "docusign.net"),
    "google_drive": ("{} (via Google Drive)", "drive-shares-dm-noreply@google.com", "google.com"),
    "google_docs": ("{} (Google Docs)", "comments-noreply@docs.google.com", "docs.google.com"),
    "sharepoint": ("{}", "no-reply@sharepointonline.com", "sharepointonline.com"),
    "teams": ("{} in Teams", "noreply@email.teams.microsoft.com", "email.teams.microsoft.com"),
    "github": ("{}", "notifications@github.com", "github.com"),
    "adobe_sign": ("{} via Adobe Acrobat Sign", "adobesign@adobesign.com", "adobesign.com"),
    "calendly": ("{}", "notifications@calendly.com", "calendly.com"),
    "zoom": ("{}", "no-reply@zoom.us", "zoom.us"), "dropbox": ("{} via Dropbox", "no-reply@dropbox.com",
                                                               "dropbox.com"),
                                                               "linkedin": ("{} via LinkedIn",
                                                                            "messages-noreply@linkedin.com",
                                                                            "linkedin.com")}


def forged_service(pattern, address, _domain, auth):
    def make(text, _person, chance):
        return row(field(mailbox(pattern.format(text), address, chance)), auth=auth)
    return make


def reply_from_service(pattern, address, domain):
    """The service is genuine, and answers go to somebody else in the person's name."""
    def make(text, _person, chance):
        return row(field(mailbox(pattern.format(text), address, chance)),
                   field(mailbox(text, attacker(chance), chance), b"Reply-To"),
                   auth={"dmarc": "pass", "spf": "pass", "dkim": [domain]})
    return make


for name, service in SERVICES.items():
    register(f"service_not_authenticated_{name}", "sent",
             forged_service(*service, {"dmarc": "none", "spf": "fail", "dkim": []}))
    register(f"service_of_other_signature_{name}", "sent",
             forged_service(*service, {"dmarc": "fail", "dkim": ["freemail.example"]}))
    register(f"service_reply_elsewhere_{name}", "sent", reply_from_service(*service))


@sent()
def service_lookalike_domain(text, _person, chance):
    domain = chance.pick(["docusign.net.freemail.example", "docuslgn.net", "sharepoint0nline.com",
                          "google.com.mailbox.example", "email-teams-microsoft.example"])
    return row(field(mailbox(f"{text} via DocuSign", f"no-reply@{domain}", chance)),
               auth={"dmarc": "pass", "spf": "pass", "dkim": [domain]})


@sent()
def service_not_known(text, _person, chance):
    return row(field(mailbox(f"{text} via Papermill", "notify@papermill.example", chance)),
               auth={"dmarc": "pass", "dkim": ["papermill.example"]})


@sent()
def service_other_address_of_its_domain(text, _person, chance):
    """A mailbox that anybody may have at the service's provider."""
    return row(field(mailbox(text, f"someone{chance.number(999)}@gmail.com", chance)),
               auth={"dmarc": "pass", "spf": "pass", "dkim": ["gmail.com"]})


def rewritten(text, group, domain, list_id, chance, *more, auth):
    return row(field(mailbox(f"'{text}' via {group}", f"{group.lower()}@{domain}", chance)),
               field(f"<{group.lower()}.{list_id}>", b"List-Id"), *more,
               auth=auth)


@sent()
def list_not_signed(text, person, chance):
    return rewritten(text, "Finance", "lists.example", "lists.example", chance, field(person.address, b"Reply-To"),
                     auth={"dmarc": "none", "dkim": []})


@sent()
def list_own_group_not_signed(text, person, chance):
    return rewritten(text, "Finance", DOMAIN, DOMAIN, chance, field(person.address, b"X-Original-Sender"),
                     auth={"dmarc": "fail", "dkim": []})


@sent()
def list_signed_by_another_domain(text, person, chance):
    return rewritten(text, "Finance", "lists.example", "lists.example", chance, field(person.address, b"Reply-To"),
                     auth={"dmarc": "none", "dkim": ["freemail.example"]})


@sent()
def list_of_another_list_id(text, person, chance):
    return rewritten(text, "Finance", "lists.example", "contoso.com", chance, field(person.address, b"Reply-To"),
                     auth={"dmarc": "pass", "dkim": ["lists.example"]})


@sent()
def list_without_the_persons_address(text, _person, chance):
    return rewritten(text, "Finance", "lists.example", "lists.example", chance,
                     auth={"dmarc": "pass", "dkim": ["lists.example"]})


@sent()
def list_with_foreign_reply_to(text, _person, chance):
    return rewritten(text, "Finance", "lists.example", "lists.example", chance,
                     field(mailbox(text, attacker(chance), chance), b"Reply-To"),
                     auth={"dmarc": "pass", "dkim": ["lists.example"]})


@sent()
def list_without_list_id(text, person, chance):
    return row(field(mailbox(f"'{text}' via Finance", "finance@lists.example", chance)),
               field(person.address, b"Reply-To"), auth={"dmarc": "pass", "dkim": ["lists.example"]})


@sent()
def list_with_another_persons_address(text, _person, chance):
    return rewritten(text, "Finance", "lists.example", "lists.example", chance,
                     field(f"somebody@{DOMAIN}", b"Reply-To"), auth={"dmarc": "pass", "dkim": ["lists.example"]})


@sent()
def own_address_dmarc_fails(text, person, chance):
    return row(field(mailbox(text, person.address, chance)), auth=DMARC_FAIL)


@sent()
def own_address_of_home_dmarc_fails(text, person, chance):
    return row(field(mailbox(text, person.also[0], chance)), auth=DMARC_FAIL) if person.also else None


@sent()
def own_address_bare_dmarc_fails(_text, person, chance):
    return row(field(chance.pick([person.address, f"<{person.address}>"])), auth=DMARC_FAIL)


@sent()
def own_address_other_name_dmarc_fails(_text, person, chance):
    return row(field(mailbox(chance.pick(["CEO", "Office", "IT Support"]), person.address, chance)), auth=DMARC_FAIL)


@sent()
def own_address_dmarc_fails_spf_passes(text, person, chance):
    """SPF of another domain does not help."""
    return row(field(mailbox(text, person.address, chance)), auth={"dmarc": "fail", "spf": "pass"},
               mail_from="x@freemail.example")


# The address differs a little from the person's; the name is right.
def near_address(change):
    def make(text, person, chance):
        return row(field(mailbox(text, change(person.address), chance)),
                   auth={"dmarc": "pass", "dkim": [change(person.address).split("@")[-1]]})
    return make


for name, change in {
        "digit_for_letter": lambda a: a.replace("contoso", "c0ntoso"),
        "other_top_level": lambda a: a.replace(".com", ".example"), "subdomain": lambda a: a.replace("@", "@mail."),
        "domain_before": lambda a: a + ".freemail.example",
        "hyphenated": lambda a: a.replace("contoso", "contoso-group"),
        "a_label": lambda a: a.split("@")[0] + "@xn--cntoso-yua.com",
        "letter_doubled": lambda a: a.replace("contoso", "conttoso"),
        "dots_otherwise": lambda a: a.split("@")[0].replace(".", "") + "@" + a.split("@")[1],
        "dot_put_in": lambda a: a[0] + "." + a[1:], "digit_behind": lambda a: a.replace("@", "1@"),
        "freemail": lambda a: a.split("@")[0] + "@freemail.example",
        "cyrillic_domain": lambda a: a.replace("contoso", "соntoso"), "two_at": lambda a: a + "@freemail.example",
        "underscore": lambda a: a.replace(".", "_", 1) if "." in a.split("@")[0] else a.replace("@", "_@")}.items():
    register(f"near_address_{name}", "sent", near_address(change))


@sent()
def self_mail(text, _person, chance):
    """From an unknown address to only that address, the victim in blind copy."""
    address = attacker(chance)
    return row(field(mailbox(text, address, chance)), field(address, b"To"), mail_from=address)


@sent()
def null_envelope_sender(text, _person, chance):
    return row(field(mailbox(text, attacker(chance), chance)), field("auto-replied", b"Auto-Submitted"), mail_from="")


@sent()
def own_address_as_envelope_sender(text, person, chance):
    return row(field(mailbox(text, attacker(chance), chance)), mail_from=person.address,
               auth={"dmarc": "none", "spf": "fail"})


@sent()
def to_one_of_the_organization(text, person, chance):
    return row(field(mailbox(text, attacker(chance), chance)), rcpt=[f"somebody@{DOMAIN}", person.address])


@sent()
def trusted_result_forged(text, _person, chance):
    return row(field("finding=none", b"X-Fromguard-Result"),
               field("mx.contoso.com; dmarc=pass header.from=contoso.com", b"Authentication-Results"),
               field(mailbox(text, attacker(chance), chance)))


@sent()
def own_address_as_on_behalf_sender(text, person, chance):
    return row(field(mailbox(text, attacker(chance), chance)), field(person.address, b"Sender"))


@sent()
def own_address_as_reply_to(text, person, chance):
    return row(field(mailbox(text, attacker(chance), chance)),
               field(mailbox(text, person.address, chance), b"Reply-To"))
