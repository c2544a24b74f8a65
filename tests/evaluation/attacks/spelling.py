# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Nicknames, slips of the pen, and the same name in the letters of another language."""
import re
import unicodedata

from attacks import OPT_IN, register, written
from people import without_marks

NICKNAMES = {
    "John": "Jack Johnny", "Robert": "Bob Rob Bobby Robbie", "William": "Bill Will Billy Liam",
    "Elizabeth": "Liz Beth Betty Lizzie Eliza",
    "Katherine": "Kate Kathy Katie Kat", "Michael": "Mike Mick Mickey", "James": "Jim Jimmy Jamie",
    "Jennifer": "Jen Jenny", "Christopher": "Chris Kit",
    "Alexander": "Alex Sandy Xander", "Thomas": "Tom Tommy", "Margaret": "Maggie Peggy Meg Marge",
    "Richard": "Dick Rick Rich Ricky",
    "Daniel": "Dan Danny", "Samuel": "Sam Sammy", "Benjamin": "Ben Benny", "Patricia": "Pat Patty Trish Tricia",
    "Anthony": "Tony Ant",
    "Edward": "Ed Ted Eddie Ned", "Theodore": "Ted Theo Teddy", "Victoria": "Vicky Tori", "Rebecca": "Becky Becca",
    "Joseph": "Joe Joey",
    "Matthew": "Matt", "Nicholas": "Nick Nicky", "Andrew": "Andy Drew", "Steven": "Steve", "Susan": "Sue Susie",
    "Deborah": "Deb Debbie", "Timothy": "Tim",
    "Gregory": "Greg", "Jonathan": "Jon Jonny", "Frederick": "Fred Freddie", "Catherine": "Cathy Kate Cat",
    "Abigail": "Abby Gail", "Olivia": "Liv Livvy",
    "Lawrence": "Larry Laurie", "Raymond": "Ray", "Zachary": "Zach Zack", "Philip": "Phil Pip", "Tom": "Thomas Tommy",
    "Henry": "Harry Hank", "Peter": "Pete",
    "Martin": "Marty", "Arthur J": "Art", "Mary K": "Molly Polly", "Walter E": "Walt Wally", "David Alan": "Dave",
    "Charles": "Charlie Chuck",
    "Sam": "Samuel Samantha", "Max": "Maximilian Maxwell", "Jürgen": "Jogi", "Günther": "Günni", "Carlos": "Charly",
    "Javier": "Javi", "Giulia": "Giuly",
    "François": "Fanfan", "Małgorzata": "Gosia Małgosia", "Kateřina": "Katka", "Željko": "Željo", "Екатерина": "Катя",
    "Дмитрий": "Дима Митя",
    "Сергей": "Серёжа", "Иван": "Ваня", "Олександр": "Сашко Саша", "Mohammed": "Mo", "Rajesh": "Raj", "Priya": "Pri",
    "Jean Luc": "JL", "Fatima": "Fati",
    "Ludwig": "Lutz Wiggerl", "Pieter": "Piet", "Willem": "Wim", "Maria": "Mia Mizzi", "Isabel": "Isa Bella",
    "Diego": "Diegito",
}
NEIGHBOURS = {"q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij", "i": "uok",
              "o": "ipl", "p": "o", "a": "qsz", "s": "adwx",
              "d": "sfec", "f": "dgrv", "g": "fhtb", "h": "gjyn", "j": "hkum", "k": "jli", "l": "ko", "z": "xa",
              "x": "zcs", "c": "xvd", "v": "cbf",
              "b": "vng", "n": "bmh", "m": "nk"}
SURNAME_LETTERS, GIVEN_NAME_LETTERS = 6, 7


@written(OPT_IN)
def nickname(person, chance):
    names = NICKNAMES.get(person.given)
    return f"{chance.pick(names.split())} {person.surname}" if names else None


@written(OPT_IN)
def nickname_surname_first(person, chance):
    names = NICKNAMES.get(person.given)
    return f"{person.surname}, {chance.pick(names.split())}" if names else None


@written(OPT_IN)
def nickname_in_brackets(person, chance):
    names = NICKNAMES.get(person.given)
    return f"{person.given} ({chance.pick(names.split())}) {person.surname}" if names else None


@written(OPT_IN)
def nickname_in_quotes(person, chance):
    names = NICKNAMES.get(person.given)
    return f'{person.given} "{chance.pick(names.split())}" {person.surname}' if names else None


@written(OPT_IN)
def nickname_with_role(person, chance):
    names = NICKNAMES.get(person.given)
    return f"{chance.pick(['CEO', 'Dr.', 'Mr.'])} {chance.pick(names.split())} {person.surname}" if names else None


@written(OPT_IN)
def nickname_in_capitals(person, chance):
    names = NICKNAMES.get(person.given)
    return f"{chance.pick(names.split())} {person.surname}".upper() if names else None


def delete(word, place, _chance):
    return word[:place] + word[place + 1:]


def insert(word, place, chance):
    return word[:place] + chance.pick("aeinrst") + word[place:]


def replace(word, place, chance):
    other = chance.pick("aeiouy" if word[place] in "aeiouy" else "bcdfgklmnprstvz")
    return word[:place] + other + word[place + 1:]


def transpose(word, place, _chance):
    return word[:place - 1] + word[place] + word[place - 1] + word[place + 1:]


def double(word, place, _chance):
    return word[:place] + word[place] + word[place:]


def neighbour_key(word, place, chance):
    return word[:place] + chance.pick(NEIGHBOURS.get(word[place], "x")) + word[place + 1:]


def long_words(text, letters):
    """Where words of at least so many Latin letters stand in it."""
    return [match for match in re.finditer(r"\w+",
                                           text) if len(match[0]) >= letters and without_marks(match[0]).isascii()]


def slip_in(text, letters, edit, chance, first_letter=False):
    words = long_words(text, letters)
    if not words:
        return None
    word = chance.pick(words)
    for _ in range(20):
        place = 0 if first_letter else 1 + chance.number(len(word[0]) - 1)
        edited = edit(word[0], place, chance)
        if edited != word[0]:
            return text[:word.start()] + edited + text[word.end():]
    return None


for edit in [delete, insert, replace, transpose, double, neighbour_key]:
    def in_surname(person, chance, edit=edit):
        surname = slip_in(person.surname, SURNAME_LETTERS, edit, chance) if person.is_latin else None
        return f"{person.given} {surname}" if surname else None

    def in_given_name(person, chance, edit=edit):
        given = slip_in(person.given, GIVEN_NAME_LETTERS, edit, chance) if person.is_latin else None
        return f"{given} {person.surname}" if given else None

    register(f"typo_in_surname_{edit.__name__}", "written", in_surname, OPT_IN, True)
    register(f"typo_in_given_name_{edit.__name__}", "written", in_given_name, OPT_IN, True)


@written(OPT_IN, latin_only=True)
def typo_of_the_first_letter(person, chance):
    surname = slip_in(person.surname, SURNAME_LETTERS, delete, chance, first_letter=True)
    return f"{person.given} {surname}" if surname else None


@written(OPT_IN, latin_only=True)
def typo_and_surname_first(person, chance):
    surname = slip_in(person.surname, SURNAME_LETTERS, delete, chance)
    return f"{surname}, {person.given}" if surname else None


@written(OPT_IN, latin_only=True)
def typo_and_role(person, chance):
    surname = slip_in(person.surname, SURNAME_LETTERS, transpose, chance)
    return f"{person.given} {surname} (CEO)" if surname else None


TRANSCRIPTIONS = {
    "german": {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"},
    "nordic": {"å": "aa", "Å": "Aa", "ø": "oe", "Ø": "Oe", "æ": "ae", "ö": "oe", "ä": "ae", "ð": "d", "þ": "th",
               "Þ": "Th"},
    "nordic_short": {"å": "a", "Å": "A", "ø": "o", "Ø": "O", "æ": "ae", "ö": "o", "ä": "a", "ð": "d", "þ": "th",
                     "Þ": "Th"},
    "balkan": {"đ": "dj", "Đ": "Dj", "ž": "zh", "Ž": "Zh", "č": "ch", "ć": "ch", "š": "sh"},
}


def transcribed(table):
    def make(person, _chance):
        name = "".join(table.get(c, c) for c in person.name)
        return without_marks(name) if name != person.name else None
    return make


for name, table in TRANSCRIPTIONS.items():
    register(f"transcription_{name}", "written", transcribed(table),
             OPT_IN if name in ("german", "nordic", "balkan") else "",
             True)


@written(OPT_IN)
def transliterated(person, _chance):
    return person.latin[0] if person.latin else None


@written(OPT_IN)
def transliterated_other_spelling(person, chance):
    return chance.pick(person.latin[1:]) if person.latin[1:] else None


@written(OPT_IN)
def transliterated_surname_first(person, _chance):
    if not person.latin:
        return None
    words = person.latin[0].split(" ")
    return f"{' '.join(words[1:])}, {words[0]}"


@written(OPT_IN)
def transliterated_with_role(person, chance):
    return f"{chance.pick(['CEO', 'Dr.', 'Director'])} {person.latin[0]}" if person.latin else None


@written(OPT_IN)
def transliterated_in_capitals(person, _chance):
    return person.latin[0].upper() if person.latin else None


@written(OPT_IN)
def transliterated_beside_the_name(person, _chance):
    return f"{person.name} ({person.latin[0]})" if person.latin else None


CYRILLIC_SOUNDS = {"shch": "щ", "zh": "ж", "kh": "х", "ts": "ц", "ch": "ч", "sh": "ш", "yu": "ю", "ya": "я", "th": "т",
                   "ph": "ф", "ck": "к", "a": "а", "b": "б",
                   "c": "к", "d": "д", "e": "е", "f": "ф", "g": "г", "h": "х", "i": "и", "j": "дж", "k": "к", "l": "л",
                   "m": "м", "n": "н", "o": "о",
                   "p": "п", "q": "к", "r": "р", "s": "с", "t": "т", "u": "у", "v": "в", "w": "в", "x": "кс", "y": "и",
                   "z": "з"}


@written(OPT_IN, latin_only=True)
def written_in_cyrillic(person, _chance):
    text = without_marks(person.name).lower()
    sounds = re.compile("|".join(sorted(CYRILLIC_SOUNDS, key=len, reverse=True)))
    return sounds.sub(lambda match: CYRILLIC_SOUNDS[match[0]], text).title()


@written()
def marks_wrongly_decomposed(person, _chance):
    """Marks that stand before their letters."""
    name = unicodedata.normalize("NFD", person.name)
    made = re.sub(r"(\w)([\u0300-\u036f])", r"\2\1", name)
    return made if made != name else None


@written()
def mojibake(person, _chance):
    """UTF-8 that was read as Latin-1."""
    made = person.name.encode().decode("latin-1")
    return made if made != person.name and person.is_latin else None


@written()
def question_marks_for_letters_beyond_ascii(person, _chance):
    made = person.name.encode("ascii", "replace").decode()
    return made if made != person.name and person.is_latin else None
