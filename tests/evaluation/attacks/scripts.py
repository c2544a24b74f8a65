# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Letters of other scripts, and other signs, in place of Latin ones: one letter, several, the whole name."""
from attacks import register, shown
from attacks import alphabets
from people import without_marks


def merged(*tables):
    whole = {}
    for table in tables:
        for letter, others in table.items():
            whole[letter] = whole.get(letter, "") + others
    return whole


def fallback(*tables):
    """The first table that knows a letter."""
    whole = {}
    for table in reversed(tables):
        whole.update(table)
    return whole


def one(table):
    def make(text, _person, chance):
        plain = without_marks(text)
        made = alphabets.replace_one(plain, table, chance)
        return None if made == plain else made
    return make


def several(table):
    def make(text, _person, chance):
        plain = without_marks(text)
        made = alphabets.replace_some(plain, table, chance, 0.5)
        return None if made == plain else made
    return make


def whole(table):
    """The whole name: only where every letter has a double."""
    def make(text, _person, chance):
        plain = without_marks(text)
        if not all(c in table for c in plain if c.isalpha()):
            return None
        return alphabets.replace_all(plain, table, chance)
    return make


def capitals(table):
    """As many as there are, of a name in capitals."""
    def make(text, _person, chance):
        plain = without_marks(text).upper()
        made = alphabets.replace_all(plain, table, chance)
        return None if made == plain else made
    return make


for name, table in [("cyrillic", alphabets.CYRILLIC), ("cyrillic_read_so", alphabets.CYRILLIC_READ),
                    ("greek", alphabets.GREEK), ("greek_read_so", alphabets.GREEK_READ),
                    ("armenian", alphabets.ARMENIAN), ("coptic", alphabets.COPTIC),
                    ("latin_strokes", alphabets.LATIN_STROKES), ("other_scripts", alphabets.OTHER_SCRIPTS),
                    ("symbols", alphabets.SYMBOLS)]:
    register(f"{name}_one_letter", "shown", one(table), latin_only=True)
    register(f"{name}_several", "shown", several(table), latin_only=True)

register("cyrillic_whole_name", "shown", whole(fallback(alphabets.CYRILLIC, alphabets.CYRILLIC_READ)), latin_only=True)
register("greek_whole_name", "shown", whole(fallback(alphabets.GREEK, alphabets.GREEK_READ)), latin_only=True)
register("latin_strokes_whole_name", "shown", whole(alphabets.LATIN_STROKES), latin_only=True)
register("greek_capitals", "shown", capitals(alphabets.GREEK), latin_only=True)
register("cyrillic_capitals", "shown", capitals(alphabets.CYRILLIC), latin_only=True)
register("cherokee_initials", "shown", several(alphabets.CHEROKEE), latin_only=True)
register("cherokee_capitals", "shown", capitals(alphabets.CHEROKEE), latin_only=True)
register("cherokee_small", "shown", several(alphabets.CHEROKEE_SMALL), latin_only=True)
register("lisu_capitals", "shown", capitals(alphabets.LISU), latin_only=True)
register("lisu_initials", "shown", several(alphabets.LISU), latin_only=True)
register("coptic_capitals", "shown", capitals(alphabets.COPTIC), latin_only=True)
register("mixed_scripts", "shown",
         several(merged(alphabets.CYRILLIC, alphabets.GREEK, alphabets.ARMENIAN, alphabets.LATIN_STROKES,
                        alphabets.CHEROKEE)), latin_only=True)
register("leet_one_digit", "shown", one(alphabets.LEET), latin_only=True)
register("leet_several", "shown", several(alphabets.LEET), latin_only=True)
register("zero_for_o_one_for_l", "shown", whole({**{c: c for c in "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"},
                                                 **alphabets.DIGIT_LETTERS}), latin_only=True)
register("bars_for_l_and_i", "shown", one(alphabets.BARS), latin_only=True)
register("capital_i_for_l", "shown", one({"l": "I"}), latin_only=True)
register("small_l_for_capital_i", "shown", one({"I": "l"}), latin_only=True)


def groups(letters, other):
    def make(text, _person, _chance):
        return text.replace(letters, other) if letters in text else None
    return make


for letters, other in [("m", "rn"), ("w", "vv"), ("d", "cl"), ("rn", "m"), ("cl", "d"), ("h", "lı"), ("u", "ii"),
                       ("k", "lc"),
                       ("m", "nn"), ("n", "ri"), ("W", "VV"), ("N", "|\\|"), ("M", "|\\/|"), ("K", "|<"), ("B", "|3"),
                       ("ll", "11"), ("oo", "00"), ("D", "|)"), ("H", "|-|")]:
    register(f"{letters}_as_{other}", "shown", groups(letters, other), latin_only=True)


@shown(latin_only=True)
def small_letters_among_capitals(text, _person, chance):
    return alphabets.replace_some(without_marks(text).upper(),
                                  {c.upper(): s for c, s in alphabets.SMALL_CAPITALS.items()},
                                  chance, 0.5)


@shown(latin_only=True)
def emoji_letters(text, _person, chance):
    table = {"A": "🅰", "B": "🅱", "O": "🅾", "P": "🅿", "M": "Ⓜ", "I": "ℹ", "o": "⭕", "l": "❕", "i": "ℹ️", "x": "❌"}
    made = alphabets.replace_one(text, {c: [e] for c, e in table.items()}, chance)
    return None if made == text else made
