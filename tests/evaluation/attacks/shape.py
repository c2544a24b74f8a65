# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Order, joints, quotes, initials: the same words, put otherwise."""
from attacks import OPT_IN, OUT_OF_REACH, register, shown, written
from people import without_marks


def last_apart(text):
    first, _, last = text.rpartition(" ")
    return (first, last) if first else None


@written()
def surname_first(person, _chance):
    return f"{person.surname} {person.given}"


@written()
def surname_first_with_comma(person, _chance):
    return f"{person.surname}, {person.given}"


@written()
def surname_first_comma_no_space(person, _chance):
    return f"{person.surname},{person.given}"


@written()
def surname_first_in_capitals(person, _chance):
    return f"{person.surname.upper()} {person.given}"


@written()
def surname_first_capitals_comma(person, _chance):
    return f"{person.surname.upper()}, {person.given}"


@written()
def surname_first_semicolon(person, _chance):
    return f"{person.surname}; {person.given}"


@written()
def surname_first_full_width_comma(person, _chance):
    return f"{person.surname}，{person.given}"


@written()
def as_in_the_directory(person, _chance):
    return person.shown


@written()
def given_comma_surname(person, _chance):
    return f"{person.given}, {person.surname}"


@shown()
def joined(text, _person, _chance):
    return text.replace(" ", "") if " " in text else None


@shown()
def joined_small(text, _person, _chance):
    return text.replace(" ", "").lower() if " " in text else None


@shown()
def camel_case(text, _person, _chance):
    words = text.split(" ")
    return words[0].lower() + "".join(word.capitalize() for word in words[1:]) if len(words) > 1 else None


@written(latin_only=True)
def joined_surname_first(person, _chance):
    return f"{person.surname}{person.given}".replace(" ", "")


def joint(sign):
    return lambda text, _person, _chance: text.replace(" ", sign) if " " in text else None


for name, sign in {
        "dot": ".", "underscore": "_", "hyphen": "-", "en_dash": "–", "em_dash": "—", "minus": "−",
        "spaced_hyphen": " - ",
        "middle_dot": "·", "bullet": " • ", "slash": "/", "backslash": "\\", "pipe": "|", "plus": "+", "colon": ":",
        "semicolon": ";", "tilde": "~", "star": "*", "ampersand_entity": "&nbsp;", "percent_twenty": "%20",
        "equals": "=",
        "hash": "#", "at_sign": "@", "caret": "^", "dots": "...", "ideographic_full_stop": "。",
        "katakana_middle_dot": "・",
        "arrow": " → ", "double_pipe": "||", "comma": ",", "apostrophe": "'", "exclamation": "!",
        "greater": ">"}.items():
    register(f"joint_{name}", "shown", joint(sign))


def spaced(inner, outer):
    def make(text, _person, _chance):
        return outer.join(inner.join(word) for word in text.split(" "))
    return make


for name, inner, outer in [("spaces", " ", "  "), ("spaces_evenly", " ", " "), ("dots", ".", " "),
                           ("dots_all", ".", "."),
                           ("hyphens", "-", " "), ("underscores", "_", "__"), ("stars", "*", " "),
                           ("thin_spaces", "\u2009", " "),
                           ("no_break_spaces", "\u00a0", " "), ("middle_dots", "·", " "), ("pipes", "|", " "),
                           ("tildes", "~", " "),
                           ("ideographic_spaces", "\u3000", "\u3000\u3000")]:
    register(f"letters_apart_by_{name}", "shown", spaced(inner, outer), latin_only=True)


@shown(latin_only=True)
def one_word_torn(text, _person, chance):
    """A space within a word: `Joh n Smith`."""
    words = text.split(" ")
    place = chance.number(len(words))
    if len(words[place]) < 4:
        return None
    cut = 2 + chance.number(len(words[place]) - 3)
    words[place] = words[place][:cut] + " " + words[place][cut:]
    return " ".join(words)


@shown(latin_only=True)
def one_word_torn_by_hyphen(text, _person, chance):
    words = text.split(" ")
    place = len(words) - 1
    if len(words[place]) < 5:
        return None
    cut = 2 + chance.number(len(words[place]) - 4)
    words[place] = words[place][:cut] + "-" + words[place][cut:]
    return " ".join(words)


def around(before, behind):
    return lambda text, _person, _chance: before + text + behind


for name, before, behind in [
        ("apostrophes", "'", "'"), ("double_quotes", '"', '"'), ("backquotes", "`", "`"), ("tex_quotes", "``", "''"),
        ("curly_quotes", "“", "”"), ("curly_apostrophes", "‘", "’"), ("german_quotes", "„", "“"),
        ("guillemets", "«", "»"),
        ("turned_guillemets", "»", "«"), ("single_guillemets", "‹", "›"), ("corner_brackets", "「", "」"),
        ("white_corner_brackets", "『", "』"), ("ornaments", "❝", "❞"), ("primes", "′", "″"), ("parentheses", "(", ")"),
        ("square_brackets", "[", "]"), ("braces", "{", "}"), ("angles", "<", ">"), ("double_angles", "<<", ">>"),
        ("lenticular_brackets", "【", "】"), ("full_width_parentheses", "（", "）"), ("cjk_angles", "〈", "〉"),
        ("mathematical_angles", "⟨", "⟩"), ("stars", "*", "*"), ("three_stars", "*** ", " ***"),
        ("underscores", "_", "_"),
        ("slashes", "/", "/"), ("dashes", "-- ", " --"), ("equals", "== ", " =="), ("tildes", "~", "~"),
        ("pipes", "| ", " |"),
        ("dots", ".", "."), ("colons", ":", ":"), ("html_bold", "<b>", "</b>"), ("mixed_quotes", "'\"", "\"'"),
        ("entity_quotes", "&quot;", "&quot;"), ("percent_signs", "%", "%")]:
    register(f"in_{name}", "shown", around(before, behind))

for name, before, behind in [
        ("full_stop", "", "."), ("comma", "", ","), ("semicolon", "", ";"), ("colon", "", ":"),
        ("exclamation", "", "!"),
        ("question", "", "?"), ("dots", "", "..."), ("ellipsis", "", "…"), ("at_sign", "@", ""), ("hash", "#", ""),
        ("dash", "- ", ""),
        ("leading_dot", ".", ""), ("bullet", "• ", ""), ("arrow", "▶ ", ""), ("number", "1. ", ""),
        ("spaces", "   ", "   "),
        ("trademark", "", "™"), ("copyright", "© ", ""), ("registered", "", "®"), ("trailing_dash", "", " -"),
        ("ordinal", "", " º"),
        ("inverted", "¡", "!"), ("backslash", "", "\\"), ("trailing_digit", "", " 1"), ("digit_stuck_on", "", "1"),
        ("year", "", " 1975"), ("trailing_x", "", " x"), ("trailing_underscore", "", "_"), ("bell", "", "\u0007")]:
    register(f"with_{name}", "shown", around(before, behind))


@shown()
def twice(text, _person, _chance):
    return f"{text} {text}"


@shown()
def twice_in_brackets(text, _person, _chance):
    return f"{text} ({text})"


@shown()
def followed_by_much_space_and_junk(text, _person, _chance):
    return text + " " * 120 + "x"


@shown()
def followed_by_junk_after_line_end(text, _person, _chance):
    return text + "\n\nnews 4711 letter"


@shown()
def given_name_torn_by_line_end(text, _person, _chance):
    return text.replace(" ", "\r\n ") if " " in text else None


def stripped_initials(text):
    return " ".join(word for word in text.split(" ") if len(word.strip(".")) > 1)


@shown()
def initial_put_in(text, _person, chance):
    parts = last_apart(text)
    return f"{parts[0]} {chance.pick('ABCDEFGHKLMPRT')}. {parts[1]}" if parts else None


@shown()
def initial_put_in_without_dot(text, _person, chance):
    parts = last_apart(text)
    return f"{parts[0]} {chance.pick('BCDFGHKLMPRT')} {parts[1]}" if parts else None


@shown()
def two_initials_put_in(text, _person, chance):
    parts = last_apart(text)
    return f"{parts[0]} {chance.pick('ABCD')}.{chance.pick('KLMP')}. {parts[1]}" if parts else None


@shown()
def initial_in_front(text, _person, chance):
    return f"{chance.pick('BCDFGHKLMPRT')}. {text}" if " " in text else None


@shown()
def initial_behind(text, _person, chance):
    return f"{text} {chance.pick('BCDFGHKLMPRT')}." if " " in text else None


@shown()
def middle_initial_left_out(text, _person, _chance):
    short = stripped_initials(text)
    return short if short != text and " " in short else None


@written(latin_only=True)
def middle_name_as_initial(person, _chance):
    names = person.given.split(" ")
    return f"{names[0]} {names[1][0]}. {person.surname}" if len(names) == 2 and len(names[1]) > 1 else None


@written(OPT_IN, latin_only=True)
def middle_name_left_out(person, _chance):
    names = person.given.split(" ")
    return f"{names[0]} {person.surname}" if len(names) > 1 and len(names[1]) > 1 else None


@written(OPT_IN, latin_only=True)
def middle_name_put_in(person, chance):
    return f"{person.given} {chance.pick(['James', 'Marie', 'Edward', 'Louise', 'Quentin', 'Rose'])} {person.surname}"


def surnames_of(person):
    """Full surnames; particles stay with what follows."""
    words = person.surname.replace("-", " ").split(" ")
    return words if len(words) == 2 and all(word[0].isupper() and len(word) > 3 for word in words) else []


@written(OPT_IN, latin_only=True)
def second_surname_left_out(person, _chance):
    words = surnames_of(person)
    return f"{person.given} {words[0]}" if words else None


@written(OPT_IN, latin_only=True)
def first_surname_left_out(person, _chance):
    words = surnames_of(person)
    return f"{person.given} {words[1]}" if words else None


@written(OPT_IN, latin_only=True)
def first_given_name_and_first_surname(person, _chance):
    words, given = surnames_of(person), person.given.split(" ")
    return f"{given[0]} {words[0]}" if words and len(given) > 1 else None


@written(latin_only=True)
def surnames_exchanged(person, _chance):
    words = surnames_of(person)
    return f"{person.given} {words[1]} {words[0]}" if words else None


@written(latin_only=True)
def hyphen_left_out(person, _chance):
    return person.name.replace("-", " ") if "-" in person.name else None


@written(latin_only=True)
def hyphen_put_in(person, _chance):
    name = f"{person.given.replace(' ', '-')} {person.surname.replace(' ', '-')}"
    return name if name != person.name else None


@written(latin_only=True)
def particle_joined(person, _chance):
    words = person.surname.split(" ")
    return f"{person.given} {''.join(words)}" if len(words) > 1 and words[0].lower() in PARTICLES else None


@written(latin_only=True)
def particle_in_capitals(person, _chance):
    words = person.surname.split(" ")
    return f"{person.given} {person.surname.title()}" if len(words) > 1 and words[0] in PARTICLES else None


PARTICLES = {"de", "da", "van", "von", "el", "al", "della", "di", "du", "la"}


@written(OPT_IN, latin_only=True)
def particle_left_out(person, _chance):
    words = person.surname.split(" ")
    kept = [word for word in words if word.lower() not in PARTICLES and word != "der"]
    return f"{person.given} {' '.join(kept)}" if len(kept) < len(words) else None


@written(latin_only=True)
def apostrophe_otherwise(person, chance):
    if "'" not in person.name:
        return None
    return person.name.replace("'", chance.pick(["’", "‘", "`", "´", "ʼ", "′", "＇", "ʹ", "", " ", "'’"]))


@written(OUT_OF_REACH, latin_only=True)
def given_name_as_initial(person, _chance):
    return f"{person.given[0]}. {person.surname}"


@written(OUT_OF_REACH, latin_only=True)
def surname_as_initial(person, _chance):
    return f"{person.given} {person.surname[0].upper()}."


@written(OUT_OF_REACH, latin_only=True)
def given_name_alone(person, _chance):
    return without_marks(person.given)


@written(OUT_OF_REACH, latin_only=True)
def surname_alone_with_title(person, _chance):
    return f"Mr. {person.surname}"


@written(OUT_OF_REACH, latin_only=True)
def initials_alone(person, _chance):
    return "".join(word[0] for word in person.name.replace("-", " ").split(" ")).upper()
