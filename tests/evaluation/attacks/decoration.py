# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""The whole name, with titles, roles, departments, the organization, services, tags, emoji around it."""
from attacks import OUT_OF_REACH, register, shown
from people import DOMAIN, ORGANIZATION

# By language: forms of address, roles, departments.
WORDS = {
    "english": ("Mr.|Mrs.|Ms|Miss|Dr.|Prof.|Sir|Dame|Rev.|The Hon.|Mx",
                "CEO|CFO|COO|Chief Executive Officer|Chief Financial Officer|Managing Director|President|Vice President|"
                "Chairman|Chairwoman|Head of Finance|General Counsel|Founder|Co-Founder|Director of Operations|Treasurer|"
                "Executive Chairman|Group CEO|Interim CEO|Deputy CEO|CEO & Founder|President and CEO|Board Member|Partner|"
                "Head of Procurement|Principal|Superintendent|Dean|Chancellor|Rector|HR Manager|Executive Director",
                "Finance|Accounts|Accounting|Human Resources|HR Department|Payroll|Legal|IT Support|Procurement|Treasury|"
                "Executive Office|Office of the CEO|Purchasing|Finance Department|Accounts Payable|Help Desk|Management"),
    "german": ("Herr|Frau|Herr Dr.|Frau Prof. Dr.|Dipl.-Ing.|Dr. med.|Dr.-Ing.|Mag.",
               "Geschäftsführer|Geschäftsführerin|Vorstandsvorsitzender|Vorstand|Finanzvorstand|Prokurist|Inhaber|"
               "Bereichsleiter|Leiter Finanzen|Aufsichtsratsvorsitzender|Präsident|Bürgermeister|kaufmännischer Leiter",
               "Geschäftsführung|Buchhaltung|Personalabteilung|Einkauf|Rechtsabteilung|Finanzabteilung|Vertrieb|Sekretariat"),
    "french": ("M.|Monsieur|Madame|Mme|Mlle|Maître|Me|Docteur",
               "PDG|Directeur général|Directrice générale|Président|Présidente|Directeur financier|DAF|DRH|Gérant|"
               "Président-directeur général|Responsable comptable|Directeur des ressources humaines|Secrétaire général",
               "Comptabilité|Direction|Ressources humaines|Direction générale|Service juridique|Direction financière|Achats"),
    "spanish": ("Sr.|Sra.|Srta.|Don|Doña|D.|Lic.|Ing.",
                "Director General|Directora General|Presidente|Consejero Delegado|Director Financiero|Gerente|"
                "Gerente General|Director Ejecutivo|Administrador|Jefe de Contabilidad|Presidenta",
                "Contabilidad|Finanzas|Recursos Humanos|Dirección|Gerencia|Tesorería|Administración|Compras"),
    "italian": ("Sig.|Sig.ra|Dott.|Dott.ssa|Avv.|Ing.|Rag.|Geom.",
                "Amministratore Delegato|Presidente|Direttore Generale|Direttore Finanziario|AD|Responsabile Acquisti|"
                "Amministratore unico|Direttrice|Titolare",
                "Amministrazione|Contabilità|Risorse Umane|Direzione|Ufficio Acquisti|Segreteria|Ufficio legale"),
    "portuguese": ("Sr.|Sra.|Dr.|Dra.|Eng.|Dona|Exmo. Sr.",
                   "Diretor Executivo|Diretor Geral|Presidente|Diretor Financeiro|Diretora Executiva|Gerente|Administrador|"
                   "Gerente Financeiro|Sócio",
                   "Financeiro|Contabilidade|Recursos Humanos|Diretoria|Presidência|Compras|Administração"),
    "dutch": ("Dhr.|Mevr.|Mw.|De heer|Drs.|Ir.|Mr.",
              "Directeur|Algemeen Directeur|Financieel Directeur|Voorzitter|Bestuurder|Eigenaar|Bestuursvoorzitter|"
              "Hoofd Financiën|Penningmeester",
              "Administratie|Boekhouding|Directie|Personeelszaken|Financiën|Inkoop|Secretariaat"),
    "polish": ("Pan|Pani|mgr|inż.|dr hab.|mgr inż.",
               "Prezes|Prezes Zarządu|Dyrektor|Dyrektor Finansowy|Dyrektor Generalny|Wiceprezes|Właściciel|Główny Księgowy|"
               "Członek Zarządu",
               "Księgowość|Kadry|Zarząd|Dział Finansowy|Sekretariat|Dział Kadr|Zakupy"),
    "turkish": ("Sayın|Bay|Bayan|Av.|Doç. Dr.",
                "Genel Müdür|Müdür|Başkan|Yönetim Kurulu Başkanı|Finans Müdürü|Direktör|Kurucu|Mali İşler Müdürü",
                "Muhasebe|İnsan Kaynakları|Finans|Yönetim|Satın Alma|Hukuk"),
    "swedish": ("Herr|Fru|Fröken|Civ.ing.",
                "VD|Verkställande direktör|Ekonomichef|Styrelseordförande|Ordförande|Ekonomidirektör|Vice VD|Kassör",
                "Ekonomi|Redovisning|Personalavdelningen|Inköp|Ledningen|Ekonomiavdelningen"),
    "russian": ("г-н|г-жа|Господин|Уважаемый|Д-р",
                "Генеральный директор|Директор|Президент|Финансовый директор|Главный бухгалтер|Председатель|Руководитель|"
                "Исполнительный директор",
                "Бухгалтерия|Отдел кадров|Дирекция|Финансовый отдел|Администрация"),
    "chinese": ("先生|女士|博士|教授|老板",
                "总经理|董事长|总裁|首席执行官|财务总监|总监|經理|總經理|主席",
                "财务部|人力资源部|总经理办公室|行政部|会计部"),
    "japanese": ("様|さん|先生|殿|氏",
                 "社長|代表取締役|部長|取締役|最高経営責任者|会長|課長|専務",
                 "経理部|人事部|総務部|財務部|社長室"),
    "danish": ("Hr.|Fru|Cand.merc.",
               "Adm. direktør|Administrerende direktør|Økonomichef|Bestyrelsesformand|Direktør|Formand",
               "Regnskab|Økonomi|Bogholderi|Personaleafdeling"),
    "czech": ("pan|paní|Ing.|Mgr.|JUDr.", "ředitel|generální ředitel|jednatel|finanční ředitel|předseda|hlavní účetní",
              "účtárna|personální oddělení|vedení|finanční oddělení"),
    "arabic": ("السيد|الدكتور|السيدة", "المدير التنفيذي|المدير العام|رئيس مجلس الإدارة|المدير المالي",
               "المحاسبة|الموارد البشرية"),
}
KINDS = ["address", "role", "department"]


def word_before(words):
    return lambda text, _person, chance: f"{chance.pick(words)} {text}"


def word_behind(words):
    return lambda text, _person, chance: text + chance.pick([", ", " - ", " | ", " ", " (", " – "]) + chance.pick(words)


def closed(make):
    """Closes a bracket that was opened."""
    def made(text, person, chance):
        whole = make(text, person, chance)
        return whole + ")" if whole.count("(") > whole.count(")") else whole
    return made


for language, (addresses, roles, departments) in WORDS.items():
    register(f"form_of_address_{language}", "shown", word_before(addresses.split("|")))
    register(f"role_before_{language}", "shown", word_before(roles.split("|")))
    register(f"role_behind_{language}", "shown", closed(word_behind(roles.split("|"))))
    register(f"department_behind_{language}", "shown", closed(word_behind(departments.split("|"))))

ROLES = WORDS["english"][1].split("|")
for name, pattern in {
        "comma": "{}, {}", "hyphen": "{} - {}", "en_dash": "{} – {}", "em_dash": "{} — {}", "pipe": "{} | {}",
        "parentheses": "{} ({})", "square_brackets": "{} [{}]", "braces": "{} {{{}}}", "slash": "{} / {}",
        "colon": "{}: {}",
        "tilde": "{} ~ {}", "bullet": "{} • {}", "at_sign": "{} @ {}", "plus": "{} + {}", "arrow": "{} > {}",
        "equals": "{} = {}",
        "angle": "{} <{}>", "underscore": "{}_{}", "tight_hyphen": "{}-{}", "double_colon": "{} :: {}",
        "double_slash": "{} // {}",
        "comma_the": "{}, the {}", "comma_your": "{}, your {}", "line_end": "{}\n{}", "ampersand": "{} & {}"}.items():
    register(f"role_after_{name}", "shown", lambda text, _person, chance, pattern=pattern:
             pattern.format(text, chance.pick(ROLES)))
for name, pattern in {
        "hyphen": "{} - {}", "pipe": "{} | {}", "colon": "{}: {}", "square_brackets": "[{}] {}",
        "parentheses": "({}) {}", "comma": "{}, {}",
        "slash": "{} / {}", "the": "The {} {}", "your": "Your {} {}", "dot": "{}. {}", "en_dash": "{} – {}",
        "from": "{} from {}",
        "our": "our {}, {}", "office_of": "Office of the {} {}"}.items():
    register(f"role_before_{name}", "shown", lambda text, _person, chance, pattern=pattern:
             pattern.format(chance.pick(ROLES), text))

CREDENTIALS = ["PhD", "Ph.D.", "MBA", "M.D.", "MD", "Jr.", "Sr.", "III", "IV", "Esq.", "CPA", "CFA", "CISSP", "PMP",
               "J.D.", "LL.M.", "OBE",
               "RN", "FCA", "ACCA", "MSc", "B.Sc.", "DDS", "DVM", "M.A.", "BA", "MEng", "PE", "FRCS", "QC", "KC",
               "CBE", "MP", "EdD", "DBA",
               "PharmD", "SHRM-CP", "SPHR", "CIA", "CISA", "FRSA", "MBE"]


@shown()
def credential_behind_comma(text, _person, chance):
    return f"{text}, {chance.pick(CREDENTIALS)}"


@shown()
def credential_behind(text, _person, chance):
    return f"{text} {chance.pick(CREDENTIALS)}"


@shown()
def two_credentials(text, _person, chance):
    return f"{text}, {chance.pick(CREDENTIALS)}, {chance.pick(CREDENTIALS)}"


@shown()
def several_titles(text, _person, chance):
    return f"{chance.pick(['Prof. Dr.', 'Dr. Dr.', 'Mr. Chairman', 'Hon. Dr.', 'Sir Dr.'])} {text}, {chance.pick(CREDENTIALS)}"


@shown()
def role_and_organization(text, _person, chance):
    return text + chance.pick([" - {} at {}", ", {}, {}", " | {} | {}", " ({}, {})", " - {} {}", ", {} of {}"]).format(
        chance.pick(ROLES[:10]), ORGANIZATION)


for name, pattern in {
        "behind": "{n} {o}", "behind_pipe": "{n} | {o}", "behind_hyphen": "{n} - {o}", "in_brackets": "{n} ({o})",
        "behind_at": "{n} @ {o}",
        "behind_comma": "{n}, {o}", "behind_at_word": "{n} at {o}", "behind_from": "{n} from {o}",
        "before_hyphen": "{o} - {n}",
        "before": "{o} {n}", "before_colon": "{o}: {n}", "before_brackets": "[{o}] {n}", "behind_of": "{n} of {o}",
        "ltd": "{n} - {o} Ltd.",
        "inc": "{n} ({o} Inc.)", "gmbh": "{n} | {o} GmbH", "group": "{n} | {o} Group", "role_before": "{o} CEO {n}",
        "domain": "{n} ({d})",
        "domain_behind": "{n} - {d}", "domain_via": "{n} via {d}", "site": "{n} | www.{d}", "for": "{n} for {o}",
        "team": "{n} - {o} Team",
        "with": "{n} with {o}", "the_organization": "{n}, The {o} Company",
        "department": "{n} - {o} Finance Department",
        "capitals": "{n} | CONTOSO", "at_tight": "{n}@{o}", "trademark": "{n} | {o}®"}.items():
    register(f"organization_{name}", "shown", lambda text, _person, _chance, pattern=pattern:
             pattern.format(n=text, o=ORGANIZATION, d=DOMAIN))

# Shops and calendars write so about people, not in their names.
ABOUT_SOMEBODY = {"for_name", "dear", "meeting", "calendar", "alert", "reminder"}

for name, pattern in {
        "via_docusign": "{} via DocuSign", "via_docusign_system": "{} via DocuSign EU System",
        "google_docs": "{} (Google Docs)",
        "via_google_docs": "{} (via Google Docs)", "via_google_drive": "{} (via Google Drive)",
        "google_calendar": "{} (Google Calendar)",
        "via_sharepoint": "{} via SharePoint", "shared_document": "{} shared a document",
        "shared_with_you": "{} shared a file with you",
        "has_shared": "{} has shared a folder with you", "shared_named": '{} shared "Payroll 2025" with you',
        "in_teams": "{} in Teams", "microsoft_teams": "{} in Microsoft Teams", "teams_before": "Microsoft Teams: {}",
        "sent_message": "{} sent you a message", "new_message": "New message from {}", "message": "Message from {}",
        "from": "From {}",
        "from_colon": "From: {}", "sent_by": "Sent by {}", "on_behalf": "Contoso Ltd on behalf of {}",
        "name_on_behalf": "{} on behalf of Finance",
        "behalf_of": "Behalf of {}", "voicemail": "Voicemail from {}", "missed_call": "Missed call from {}",
        "fax": "eFax from {}",
        "invoice": "Invoice from {}", "invited": "{} invited you to edit", "invitation": "Invitation from {}",
        "invite": "Invitation: {}",
        "signature": "Signature requested by {}", "signature_request": "{} requests your signature",
        "via_dropbox": "{} via Dropbox",
        "dropbox": "{} (Dropbox)", "linkedin": "{} via LinkedIn", "linkedin_message": "{} on LinkedIn",
        "zoom": "{} - Zoom", "zoom_via": "{} via Zoom",
        "slack": "{} (Slack)", "paypal": "{} via PayPal", "wetransfer": "{} via WeTransfer",
        "adobe": "{} via Adobe Acrobat Sign",
        "onedrive": "{} (OneDrive)", "mobile": "{} (mobile)", "iphone": "{}'s iPhone",
        "sent_from_iphone": "{} - Sent from my iPhone",
        "ipad": "{} iPad", "reply": "Re: {}", "forward": "Fwd: {}", "answer_german": "AW: {}",
        "forward_german": "WG: {}", "list": "'{}' via Finance",
        "list_team": "{} via All Staff", "via_group": "{} via Contoso", "ueber": "{} über DocuSign",
        "par": "{} via la plateforme",
        "a_travers": "{} a través de DocuSign", "tramite": "{} tramite DocuSign", "assistant": "{}'s Assistant",
        "office": "{}'s Office",
        "office_of": "Office of {}", "the_office_of": "The Office of {}", "secretary": "Secretary to {}",
        "assistant_to": "Assistant to {}",
        "for_name": "for {}", "pp": "p.p. {}", "personal": "{} (personal)", "private": "{} - private",
        "home": "{} (Home)", "work": "{} (Work)",
        "new_address": "{} (new email)", "my_new_address": "{} - my new address", "official": "Official {}",
        "real": "The real {}",
        "verified": "{} (verified)", "urgent": "URGENT {}", "urgent_behind": "{} - URGENT",
        "important": "IMPORTANT: {}",
        "confidential": "{} [Confidential]", "action_required": "{} - Action required",
        "please_reply": "{} (please reply)",
        "no_reply": "{} (no-reply)", "do_not_reply": "{} - do not reply", "notification": "{} Notification",
        "alert": "{} Alert",
        "support": "{} Support", "admin": "{} Admin", "team": "{} & Team", "and_team": "{} and team",
        "dear": "Dear {}", "hello_from": "Hello from {}",
        "it_is": "It's {}", "this_is": "This is {}", "i_am": "I am {}", "yours": "Yours, {}",
        "best": "Best regards, {}", "by": "by {}",
        "phone": "{} +1 555 0100", "phone_tight": "{} (555-0100)", "extension": "{} ext. 4711", "year": "{} 2025",
        "time": "{} 10:42",
        "external": "[EXTERNAL] {}", "ext": "[EXT] {}", "external_colon": "EXTERNAL: {}",
        "external_sender": "[External Sender] {}",
        "extern": "[EXTERN] {}", "ext_round": "(EXT) {}", "external_behind": "{} (External)",
        "internal": "[INTERNAL] {}", "trusted": "[TRUSTED] {}",
        "secure": "[SECURE] {}", "encrypted": "[Encrypted] {}", "spam": "***SPAM*** {}", "not_spam": "[NOT SPAM] {}",
        "safe_sender": "[Safe Sender] {}",
        "ticket": "{} [#4711]", "case": "{} (Case 4711)", "invoice_number": "{} INV-20251", "bcc": "{} (Bcc)",
        "guest": "{} (Guest)",
        "consultant": "{} (Consultant)", "contractor": "{} - Contractor", "travelling": "{} (travelling)",
        "out_of_office": "{} - out of office",
        "gmail": "{} (Gmail)", "outlook": "{} (Outlook)", "via_mail": "{} via mail", "email": "{} Email",
        "mail_of": "E-mail of {}",
        "ceo_says": "Message from CEO {}", "automatic": "Automatic reply: {}", "undelivered": "Undeliverable: {}",
        "calendar": "Calendar: {}",
        "meeting": "Meeting with {}", "reminder": "{} sent a reminder", "document": "{} - document shared",
        "payment": "{} - payment request",
        "approval": "{} - approval needed"}.items():
    register(f"phrase_{name}", "shown", lambda text, _person, _chance, pattern=pattern: pattern.format(text),
             OUT_OF_REACH if name in ABOUT_SOMEBODY else "")

EMOJI = ["😀", "✅", "✔", "☑️", "⭐", "🔒", "📧", "💼", "🏢", "👨‍💼", "👩🏽‍💻", "🇺🇸", "❤️", "🔵", "™️", "1️⃣", "📎", "📄", "🚨",
         "⚠️", "➡️", "🖊", "𓂀", "♔", "✓"]


@shown()
def emoji_behind(text, _person, chance):
    return f"{text} {chance.pick(EMOJI)}"


@shown()
def emoji_before(text, _person, chance):
    return f"{chance.pick(EMOJI)} {text}"


@shown()
def emoji_stuck_on(text, _person, chance):
    return text + chance.pick(EMOJI)


@shown()
def emoji_for_spaces(text, _person, chance):
    return text.replace(" ", chance.pick(EMOJI)) if " " in text else None


@shown()
def emoji_between_spaces(text, _person, chance):
    return text.replace(" ", f" {chance.pick(EMOJI)} ") if " " in text else None


@shown()
def emoji_within_a_word(text, _person, chance):
    place = 1 + chance.number(len(text) - 1)
    return text[:place] + chance.pick(EMOJI) + text[place:]


@shown()
def many_emoji(text, _person, chance):
    return "".join(chance.pick(EMOJI) for _ in range(5)) + f" {text} " + "".join(chance.pick(EMOJI) for _ in range(5))
