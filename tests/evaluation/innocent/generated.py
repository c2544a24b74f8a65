# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Innocent mail, made up: each function is a corpus and yields its rows."""
import pathlib
import sys

import attacks
from attacks import fields
from people import DOMAIN, protected_people, without_marks
from rows import Chance, Row, field
from wire import mailbox, phrase

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench"))
from names import GIVEN, SURNAMES  # noqa: E402

PEOPLE = protected_people()
PROTECTED = {without_marks(p.name).lower() for p in PEOPLE}
DMARC_PASS = {"dmarc": "pass", "spf": "pass"}


def address_of(name, chance):
    local = ".".join(word for word in without_marks(name).lower().split(" ") if word.isalnum()) or "someone"
    domain = chance.pick(["fabrikam.example", "northwind.example", "adatum.example", "mailbox.example",
                          "litware.example"])
    if chance.share() < 0.5 or not local.isascii():
        local = f"u{chance.number(99999)}"
    return f"{local}@{domain}"


def person_row(name, chance, address=None):
    if without_marks(name).lower() in PROTECTED:
        return None
    return Row(field(mailbox(name, address or address_of(name, chance), chance)))


def text_row(text, chance):
    """Not a person's name: the address tells none either."""
    domain = chance.pick(["foundation.example", "law.example", "fabrikam.example", "news.example", "school.example"])
    return Row(field(mailbox(text, f"{chance.pick(['info', 'office', 'news', 'noreply', 'hello', 'team'])}@{domain}",
                             chance)))


def other_surname(chance):
    for person in PEOPLE:
        for _ in range(4):
            yield person_row(f"{person.given.split(' ')[0]} {chance.pick(SURNAMES)}", chance)


def other_given_name(chance):
    for person in PEOPLE:
        for _ in range(4):
            yield person_row(f"{chance.pick(GIVEN)} {person.surname}", chance)


def strangers(chance):
    for _ in range(6000):
        given, surname = chance.pick(GIVEN), chance.pick(SURNAMES)
        text = chance.pick(["{g} {s}", "{g} {s}", "{s}, {g}", "{g} {m}. {s}", "{g} {s} (Fabrikam)",
                            "Dr. {g} {s}"]).format(
            g=given, s=surname, m=chance.pick("ABCDEFGHJKLM"))
        yield None if f"{given} {surname}".lower() in PROTECTED else person_row(text, chance)


NEAR_NAMES = """
Joan Smith; Jon Smith; John Smyth; John Schmidt; Johnson Smith; John Smithson; Johnny Smithers; Joan Smithe
Jan Smith; Johan Smit; John Smits
Roberta Kowalczyk; Roberto Kowalski; Robert Kowalski; Robertson Kowalczyk; Norbert Kowalczyk; Rupert Kowalczyk
Williams Thornton; William Thornton; Wilma Thornbury; Willa Thornbury; Elisa Hargreaves; Elise Hargreave
Eliza Hargrave; Catherine Dempster
Michaela Donnelly; Michelle Donnelly; Michael Donnell; Michael Donaldson; Micheal O'Donnell; Jamie Whitefield
Jane Whitfield; Jamesina Whitfield
Christina Marlowe; Christine Marlow; Christian Marlowe; Chris Barlowe; Alexandra Petersen; Alexandre Peters
Alexa Petersen; Alexis Petersen; Alexander Peters; Aleksandr Petrov
Thomasina Ashworth; Thomas Ashford; Margareta Sutherland; Margarita Southerland; Margot Sutherland
Richarda Blackwood; Richard Blackwell; Ricarda Blackwood
Daniela Okonkwo; Danielle Okonkwo; Daniel Okonjo; Samantha Greenfield; Samuel Greenberg; Samuel Greenwood
Benjamin Rothschild; Patricio Vandermeer; Patrick Vandermeer
Antonia Castellano; Antonio Castellano; Anthony Castellanos; Edwina Fairbanks; Edwin Fairbanks; Edward Fairbank
Eduard Fairbairn; Theodora Winslow; Theodor Winslet; Victor Pemberton
Josephine McAllister; Josefa McAllister; Joseph McAlister; Nicola Papadakis; Nicole Papadakis; Nikolas Papadopoulos
Andrea Colquhoun; Andre Colquhoun; Stephanie Hutchinson; Steven Hutchins
Susanna Applegate; Susanne Appleton; Suzan Applebaum; Timothea Ravenscroft; Gregor Lockhart; Gregory Lockwood
Jonathon Elsworth; Jonas Ellsworth; Frederica Barnsley; Frederik Barnes
Olivier Hartwell; Oliver Hartwell; Olivia Hartley; Olivia Hartman; Olive Hartwell; Laurence Digby; Lauren Digby
Raymonda Ostrander; Philippa Underhill; Philip Underwood; Phil Overhill
Adam King; Adah King; Ada Kingsley; Ida King; Ian Coleman; Iain Cole; Dan Cole; Ami Wu; Amy Xu; May Wu; Bo Liu
Bao Li; Bob Li; Max Ore; Max Orrin; Mac Orr; Lee Parker; Leo Park; Tim Hall; Tom Hill; Tom Ball
Grace Ball; Grace Bull; Henri Walsh; Henry Welsh; Caroline Jennings; Carole Jenkins; Petra Novotna; Petr Novotny Jr
Martina Feldman; Martin Feldmann; Ruth Abernethy; Marta Feldman
Arthur Penn; Maria Donahue; Mary Donovan; George Tillmann Group; Helena Brightwater; Walter Kensing; Linda Preston
David Fitzpatrick; Laura Middlebrook; Paula Cartwright; Ana Maria Schuster Silva
Jean Moreaux; Jeanne-Luc Moreau; Marie Claude Dubois; Marie-Claude Dubois; Marie-Clairette Duboisson
Anne Sophie Lefebvre; Anna Sofia Levèvre; Sara Connors; Sarah Connor; Emma Bowles; Emma Parker; Nigel Hughes
Shawn O'Brian; Seana O'Brien; Siobhan Callaghan; Samantha D'Souza; Sam Dsilva; Giulio D'Angelo
Charles Gaulle Martin; Ludwig Beethoven Society; Wilhelm van der Berge; Marie von Trapp; Peter de Vries
Leonora da Silva
Umar El Sayed; Omar Al Saeed; Carla García Márquez; Carlos Marques Garcia Lopez; José García Núñez
Mario José García; Anna Fernandes Ruiz; Xavier Rodriguez Lopes; Luciana Martínez Ortega; Joana Gonçalves Pereira
Antonia Conceição; Inez Magellan; Jörgen Gross; Jürgen Große; Björn Möller; Kate Schroeder; Günter Baum; Anna Möller
Anne Müller; Hanna Müller; Renate Beauséjour; Françoise Châtelain; Zoe Bronson; Noëlle Crèvecœur
Åse Lindström; Håkon Sjøgren; Sören Kjaer; Björk Ødegård; Ásgerður Jónsdóttir; Jiřina Dvořáková; Jiřina Dvořák
Katarina Novak; Łucja Wiśniewska; Łukasz Wiśniewska; Gábriel Szűts; Stefania Ionescu; Željka Marković
Işık Yıldız; Işıl Yılmaz; Ibrahima Celik; Ayşen Kılıç; Ayla Kılıç; Doğa Öztürk; Nguyễn Thị Minh; Nguyễn Văn Khai
Trần Văn Đạt; Lê Quỳnh Nga; Phạm Hoàng Lan; Priyanka Venkataraman; Arjuna Chakrabarti; Lakshman Subramanian
Raj Khan; Suniti Deshpande; Venkata Krishnan; K. Srinivas; Mohamed Fayed Ali; Abdul Rahman; Abdulla Rehman
Fatma Zahra Ali; Thandi Mbeki; Kwabena Asante; Ivana Petrova; Ivana Petrov; Ivan Petrović; Dmitri Kuznetsova
Yulia Shcherbak; Sergei Khrushchov Museum; Eleni Karagiannis; Eleanor Karayan; Wang Xiaoli; Wang Ming; Li Xiu
Zhang Wen; Taro Yamamoto; Hanae Sato; Kim Ji-hye; Park Min-ho; Muhammad Hashim; Leila Hadid; Ali Mohammadi
David Cohn; Amita Sharma
Иван Петренко; Иванна Петрова; Екатерина Соколов; Дмитрий Кузнец; Юлиан Щербаков; Сергей Хруст; Γιώργος Παπάς
Ελένη Καραγιώργου; 王小红; 王明; 李秀; 李英; 張偉強; 張三; 山田花子; 佐藤太郎; 김지현; 박민수; محمد هاشم; ليلى حدادي; דוד כץ; अमिता शर्मा
สมศรี ใจดี
""".replace("\n", ";").split(";")


def near_names(chance):
    for name in NEAR_NAMES:
        if name.strip():
            yield person_row(name.strip(), chance)
            yield person_row(name.strip(), chance)


COMPANIES = ["The {n} Foundation", "{n} Foundation", "{n} & Sons Ltd", "{n} and Daughters", "{n} Scholarship Fund",
             "{n} High School", "{n} Memorial Hospital", "{n} Airport",
             "{n} Fan Club", "Law Offices of {n}", "{n} Photography", "{n} Catering", "Friends of {n}", "{n} Law Firm",
             "{n} & Partners LLP", "{s} & Associates", "{s} {g} & Co. KG",
             "{n} for Senate", "{n} Show", "The {n} Band", "{n} Jewellery", "{n} Realty", "{n} Museum", "{n} Library",
             "Hotel {n}", "{n} Wines", "{n} Architects", "Estate of {n}",
             "{n} Elementary", "{g} {s} & {g} Jones", "{g}, {s} & Partners LLP", "Society for {n}",
             "{n} Prize Committee", "{n} Ensemble"]
MENTIONS = ["Reminder for {n}", "Birthday of {n}", "In memory of {n}", "Happy birthday {n}!",
            "Meeting with {n} tomorrow", "News about {n}", "{n} was mentioned", "Comments about {n}",
            "Books by {n}", "{n} biography", "Tickets for {n}", "Congratulations {n}", "Vote {n}",
            "Alert for {n}: delivery", "Flight of {n}", "Appointment of {n}", "Applicant {n} for position",
            "Who is {n}?", "{n} is hiring alert", "Lecture by {n}"] + [f"{verb} {{n}}" for verb in ["Thank", "Meet",
                                                                                                    "Ask"]]
MENTIONS_APART = ["Your order, {n}", "{n} - Official fan page", "Tickets: {n}", "Reading list | {n}", "{n} (book club)"]


def companies(chance):
    for person in PEOPLE:
        for pattern in chance.sample(COMPANIES, 8):
            yield text_row(pattern.format(n=person.name, g=person.given, s=person.surname), chance)


def mentions(chance):
    for person in PEOPLE:
        for pattern in chance.sample(MENTIONS, 6):
            yield text_row(pattern.format(n=person.name), chance)


def mentions_in_segments(chance):
    """The name between separators: by the specification it stands for the sender."""
    for person in PEOPLE:
        yield text_row(chance.pick(MENTIONS_APART).format(n=person.name), chance)


def parts_of_names(chance):
    for person in PEOPLE:
        if person.is_eastern:
            continue
        forms = ["{g}", "{i}. {s}", "{g} {j}.", "{s}", "Mr. {s}", "{i}{j}", "{i}. {j}.", "{g} from Fabrikam",
                 "{g} at Northwind", "{g} | Newsletter", "Family {s}", "{s} Family", "{g} & {g}", "Dr. {s}",
                 "{s} Ltd", "{g} (Support)", "Team {s}", "{g}'s Kitchen", "{s}, {i}.", "Prof. {s}"]
        for form in forms:
            text = form.format(g=person.given.split(" ")[0], s=person.surname, i=person.given[0],
                               j=person.surname[0].upper())
            address = f"{chance.pick(['info', 'mail', 'x1', 'hello'])}@{chance.pick(['fabrikam.example', 'northwind.example'])}"
            if len(person.given.strip(".")) > 1:
                yield Row(field(mailbox(text, address, chance)))


NEWSLETTERS = ["Fabrikam News", "Northwind Weekly", "🎉 Summer Sale", "Your Daily Digest", "Contoso",
               "Contoso Newsletter", "Amazon.com", "The New York Times", "LinkedIn Job Alerts", "GitHub", "noreply",
               "Mail Delivery System",
               "Postmaster", "Microsoft 365 Message center", "no-reply@fabrikam.example", "info@shop.example",
               "billing billing@fabrikam.example", "Fabrikam Inc. (Support)", "Sales | Fabrikam", "HR Department",
               "CEO", "Managing Director", "IT Support", "Finance", "Dr.", "Jira", "[JIRA] Project Contoso", "Slack",
               "Zoom", "DocuSign", "via DocuSign", "Team", "The CEO Report", "Mr.", "Office", "Support",
               "Payroll", "Fabrikam via Contoso Supplier Portal", "=?utf-8?Q?broken?base64?=", "Ｓａｌｅ", "𝗦𝗮𝗹𝗲 𝗧𝗼𝗱𝗮𝘆",
               "🅕🅡🅔🅔", "Ⓝⓔⓦⓢ", "S A L E", "*** News ***", "~ Yoga ~", "www.contoso.com", "contoso.com",
               "Contoso.com via PayPal",
               "Kundenservice", "Votre facture", "Boletín semanal", "Новости недели", "ニュース", "今日新闻", "뉴스레터", "أخبار",
               "חדשות"]


def newsletters(chance):
    for text in NEWSLETTERS:
        for _ in range(3):
            yield text_row(text, chance)


TICKETS = ["{p} (Jira)", "{p} via Zendesk", "{p} (JIRA)", "[#4711] {p}", "{p} <support>", "{p} in Teams",
           "{p} (Google Docs)", "{p} via Google Docs", "{p} shared a file with you", "{p} via LinkedIn",
           "{p} - Fabrikam",
           "{p} on behalf of Fabrikam", "'{p}' via Sales", "[EXTERNAL] {p}", "{p} 🎉", "{p}, PhD", "CEO {p}",
           "{p} (CEO)", "{p} | Fabrikam Ltd", "Message from {p}", "{p} @ Fabrikam"]


def decorated_strangers(chance):
    for _ in range(40):
        for pattern in TICKETS:
            name = f"{chance.pick(GIVEN)} {chance.pick(SURNAMES)}"
            yield None if name.lower() in PROTECTED else text_row(pattern.format(p=name), chance)


SCRIPTS = ["علی‌رضا رضایی", "می‌نا حسینی", "نرگس‌سادات موسوی", "محمد‌مهدی کریمی", "رضا شاه‌حسینی", "👨‍👩‍👧 Family Club",
           "👩🏽‍💻 Dev Weekly", "🏳️‍🌈 Pride Team", "山田 Taro", "Tanaka 一郎", "株式会社 Fabrikam", "Müller Αθήνα",
           "Петр Smith-Jones",
           "क्‍ष राम", "শ্রী রায়", "සිංහල නම", "ശ്രീ നായർ", "ᏣᎳᎩ ᎠᏂ", "ⲡⲓⲛⲟⲩⲧⲓ", "Αλέξανδρος Παππάς", "Мария Иванова",
           "Ο Νίκος", "João da Costa", "Ngô Bảo Châu", "Đặng Thị Hà", "İlker Güneş", "Ðorđe Đukić", "Øyvind Åsen",
           "Zoë Groß", "Jean‑Pierre Dupont", "O’Neil Brothers", "D´Artagnan", "Mc Donald’s®", "Ｆａｂｒｉｋａｍ株式会社", "ＡＢＣ商事",
           "№ 1 Shop", "ﷺ", "Ⅳ Congress", "１２３ Store", "ﬁrst ﬂight", "Straße 8", "ĳsselmeer", "a\u0308pfel shop",
           "ᴛᴏᴘ ᴅᴇᴀʟs", "ꜱᴀʟᴇ", "🇩🇪 Deutsche Post", "1️⃣ First", "Café ☕", "‏שלום‏ כהן", "\u202bמשה לוי\u202c",
           "\u2068Anna Schmidt\u2069", "山田太一", "王小", "김지"]


def other_scripts(chance):
    for text in SCRIPTS:
        for _ in range(3):
            yield text_row(text, chance)


def own_addresses(chance):
    """The people themselves, their names written as anybody's program may write them."""
    ways = [t for t in attacks.techniques() if t.kind in ("shown", "written") and t.family in ("letters", "scripts",
                                                                                               "invisible", "shape",
                                                                                               "decoration",
                                                                                               "spelling")]
    for person in PEOPLE:
        for way in chance.sample(ways, 12):
            if way.latin_only and not person.is_latin:
                continue
            text = way.make(person, chance) if way.kind == "written" else way.make(person.name, person, chance)
            if text is not None and "@" not in text:
                yield Row(field(mailbox(text, chance.pick(person.addresses), chance)), {"auth": DMARC_PASS})


def address_spellings(person):
    local, domain = person.address.split("@")
    return [person.address.upper(), f"{local}@{domain.upper()}", f'"{local}"@{domain}', f"{local}(office)@{domain}",
            f"{local}@{domain}.", f"{local}+travel@{domain}", f" {person.address} ", f"{person.address}(x)",
            f"(x){person.address}", f"{local.title()}@{domain}", f"{local}@(x){domain}", f"{local}+a.b+c@{domain}"]


def own_addresses_spelled_otherwise(chance):
    for person in PEOPLE:
        for address in address_spellings(person):
            yield Row(field(f"{phrase(person.name, chance)} <{address}>"))
        yield Row(field(person.address))
        yield Row(field(f"<{person.address}>"))
        yield Row(field(f"{person.address} ({phrase(person.name)})"))
        yield Row(field(f'"{person.address}" <{person.address}>'))
        yield Row(field(f'"{person.name} <{person.address}>" <{person.address}>'))
        yield Row(field(f'"{person.name} ({person.address})" <{person.addresses[-1]}>'))
        yield Row(field(mailbox(person.shown, person.address, chance)))


def own_mail_with_other_fields(chance):
    for person in PEOPLE:
        colleague = chance.pick([p for p in PEOPLE if p is not person])
        own = field(mailbox(person.name, person.address, chance))
        yield fields.row(own, field(f"Pat Assistant <pat@{DOMAIN}>", b"Sender"), auth=DMARC_PASS)
        yield fields.row(own, field(mailbox(colleague.name, colleague.address, chance), b"Sender"), auth=DMARC_PASS)
        yield fields.row(own, field(mailbox(person.name, person.addresses[-1], chance), b"Reply-To"), auth=DMARC_PASS)
        yield fields.row(own, field(f"replies <x{chance.number(99)}@tickets.example>", b"Reply-To"), auth=DMARC_PASS)
        yield fields.row(field(f"Contact form <noreply@{DOMAIN}>"),
                         field(mailbox("Zora Quimby", "zora@mailbox.example", chance), b"Reply-To"))
        yield fields.row(field("Tickets <tickets@fabrikam.example>"),
                         field(mailbox(person.name, person.address, chance), b"Reply-To"), auth=DMARC_PASS)
        yield fields.row(field(mailbox(person.name, person.address, chance)), auth={"dmarc": "none"})


def several_authors(chance):
    for person in PEOPLE:
        colleague = chance.pick([p for p in PEOPLE if p is not person])
        yield Row(field(f"{mailbox(person.name, person.address)}, {mailbox(colleague.name, colleague.address)}"))
    for _ in range(60):
        names = [f"{chance.pick(GIVEN)} {chance.pick(SURNAMES)}" for _ in range(2 + chance.number(4))]
        if not any(name.lower() in PROTECTED for name in names):
            yield Row(field(", ".join(mailbox(name, f"u{chance.number(999)}@fabrikam.example",
                                              chance) for name in names)))


def broken_but_unrelated(_chance):
    for value in ["Automated:;", "undisclosed:;", "", "Unterminated <x@fabrikam.example",
                  '"Unterminated <x@fabrikam.example>', "x", "<>", "Fabrikam <>",
                  "=?utf-8?Q?broken?base64?= <x@fabrikam.example>", "=?utf-8?B?!!!?= <x@fabrikam.example>",
                  "Zora Quimby <x@fabrikam.example> <y@fabrikam.example>", "Zora Quimby; <x@fabrikam.example>",
                  "Quimby, Zora <x@fabrikam.example>", "x@fabrikam.example (Zora (the (great)))",
                  "(((x <x@fabrikam.example>",
                  "Zora <@relay.example:x@fabrikam.example>", "Zora\x00 <x@fabrikam.example>",
                  "news: x@fabrikam.example, y@fabrikam.example;", "Zora <x@fabrikam.example>,",
                  ",,x@fabrikam.example", "Zora [x@fabrikam.example]",
                  "Zora Quimby <x at fabrikam.example>", '"Zora" "Quimby" <x@fabrikam.example>',
                  "Zora < x@fabrikam.example >", "fooo@fabrikam.example- private <fooo@fabrikam.example>",
                  "Zora <x@[192.0.2.1]>"]:
        yield Row(field(value))
    yield Row(field("Zora <x@fabrikam.example>") + field("Nina <y@fabrikam.example>"))
    yield Row(b"From : Zora <x@fabrikam.example>\r\n")
    yield Row(b"Subject: no From at all\r\n")
    yield Row(b"")


def genuine_services(chance):
    for person in PEOPLE:
        for name in fields.SERVICES:
            pattern, address, domain = fields.SERVICES[name]
            auth = {"dmarc": "pass", "spf": "pass", "dkim": [domain]}
            own_reply = field(mailbox(person.name, person.address, chance),
                              b"Reply-To") if chance.share() < 0.5 else b""
            yield fields.row(field(mailbox(pattern.format(person.name), address, chance)), own_reply, auth=auth)


def genuine_lists(chance):
    signed = {"dmarc": "pass", "dkim": ["lists.example"]}
    for person in PEOPLE:
        yield fields.rewritten(person.name, "Developers", "lists.example", "lists.example", chance,
                               field(mailbox(person.name, person.address, chance), b"Reply-To"), auth=signed)
        yield fields.rewritten(person.name, "Finance", DOMAIN, DOMAIN, chance,
                               field(person.address, b"X-Original-Sender"), auth={"dmarc": "pass", "dkim": [DOMAIN]})
        yield fields.row(field(mailbox(f"{person.name} via Developers", "developers@lists.example", chance)),
                         field("Developers <developers.lists.example>", b"List-Id"),
                         field(f"{person.address}, developers@lists.example", b"Reply-To"), auth=signed)
        yield fields.row(field(mailbox(person.name, person.address, chance)),
                         field("Developers <developers.lists.example>", b"List-Id"), auth={"dmarc": "none"})


def homonyms(chance):
    """Two people of one name: either address is right."""
    for person in PEOPLE:
        if sum(p.name == person.name for p in PEOPLE) > 1:
            for _ in range(5):
                yield Row(field(mailbox(person.name, person.address, chance)))
                yield Row(field(mailbox(f"{person.surname}, {person.given}", person.address, chance)))


def addresses_of_the_organization(chance):
    for text, address in [("Contoso News", "news"), ("CEO Office", "ceo"), ("no-reply", "no-reply"),
                          ("Contoso", "info"), ("IT Service Desk", "it"), ("Scanner 3rd floor", "scan"),
                          ("Zora Quimby", "zora.quimby")]:
        yield Row(field(mailbox(text, f"{address}@{DOMAIN}", chance)))
        yield Row(field(f'"{address}@{DOMAIN}" <{address}@{DOMAIN}>'))
        yield Row(field(f"{address}@{DOMAIN}"))


def local_parts(chance):
    """Local parts of other people, and those that only begin like a name."""
    for person in PEOPLE:
        first, last = person.local_words
        if len(first) < 3 or len(last) < 3:
            continue
        other, another = chance.pick(GIVEN).lower(), chance.pick(SURNAMES).lower()
        for local in [f"{first[0]}{last}", f"{first}{last[0]}", f"{first}", f"{last}", f"{first}.{another}",
                      f"{other}.{last}", f"{first[0]}.{last}", f"{last}.{first[0]}", f"{first}.{last[0]}",
                      f"info.{last}", f"{first}info"]:
            if f"{first} {another}" not in PROTECTED and f"{other} {last}" not in PROTECTED:
                yield Row(field(chance.pick(["{a}", "<{a}>", "Office <{a}>"]).format(a=f"{local}@fabrikam.example")))


CORPORA = [strangers, other_surname, other_given_name, near_names, parts_of_names, companies, mentions,
           mentions_in_segments, newsletters, decorated_strangers, other_scripts, own_addresses,
           own_addresses_spelled_otherwise,
           own_mail_with_other_fields, homonyms, several_authors, broken_but_unrelated, genuine_services,
           genuine_lists, addresses_of_the_organization, local_parts]


def rows_of(corpus):
    """The rows of a corpus, in its order."""
    rows = [row for row in corpus(Chance(f"innocent {corpus.__name__}")) if row is not None]
    for number, row in enumerate(rows):
        row.identity = f"{corpus.__name__}/{number}"
    return rows
