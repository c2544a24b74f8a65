# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""The same letters, drawn otherwise: case, width, mathematical and enclosed alphabets, marks."""
import unicodedata

from attacks import register, shown
from attacks import alphabets
from people import without_marks


def changed(text, original):
    """A trick that changes nothing is none."""
    return None if text == original else text


@shown()
def as_it_is(text, _person, _chance):
    return text


@shown()
def upper_case(text, _person, _chance):
    return changed(text.upper(), text)


@shown()
def lower_case(text, _person, _chance):
    return changed(text.lower(), text)


@shown()
def alternating_case(text, _person, _chance):
    return changed("".join(c.upper() if i % 2 else c.lower() for i, c in enumerate(text)), text)


@shown()
def surname_in_capitals(text, _person, _chance):
    first, _, last = text.rpartition(" ")
    return f"{first} {last.upper()}" if first and last != last.upper() else None


@shown()
def full_width(text, _person, _chance):
    return changed("".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text), text)


@shown()
def full_width_one_letter(text, _person, chance):
    places = [i for i, c in enumerate(text) if c.isascii() and c.isalpha()]
    if not places:
        return None
    place = chance.pick(places)
    return text[:place] + chr(ord(text[place]) + 0xFEE0) + text[place + 1:]


def every_letter(table):
    return lambda text, _person, chance: changed(alphabets.replace_all(without_marks(text), table, chance), text)


def some_letters(table):
    def make(text, _person, chance):
        plain = without_marks(text)
        return changed(alphabets.replace_some(plain, table, chance, 0.5), plain)
    return make


def upper_every_letter(table):
    """For alphabets of capitals: small letters become capitals too."""
    return lambda text, _person, chance: changed(
        alphabets.replace_all(without_marks(text).upper(), table, chance), without_marks(text).upper())


for style in ["BOLD", "ITALIC", "BOLD ITALIC", "SCRIPT", "BOLD SCRIPT", "FRAKTUR", "BOLD FRAKTUR", "DOUBLE-STRUCK",
              "SANS-SERIF", "SANS-SERIF BOLD", "SANS-SERIF ITALIC", "SANS-SERIF BOLD ITALIC", "MONOSPACE"]:
    register(f"mathematical_{style.lower().replace(' ', '_').replace('-', '_')}", "shown",
             every_letter(alphabets.mathematical(style)), latin_only=True)

register("mathematical_mixed", "shown", some_letters(alphabets.mathematical("SANS-SERIF BOLD")), latin_only=True)
register("circled", "shown", every_letter(alphabets.named("CIRCLED LATIN {size} LETTER {letter}")), latin_only=True)
register("circled_one_alphabet_mixed", "shown", some_letters(alphabets.named("CIRCLED LATIN {size} LETTER {letter}")),
         latin_only=True)
register("parenthesised", "shown", every_letter(alphabets.named("PARENTHESIZED LATIN {size} LETTER {letter}")),
         latin_only=True)
register("squared", "shown", upper_every_letter(alphabets.named("SQUARED LATIN CAPITAL LETTER {letter}")),
         latin_only=True)
register("negative_circled", "shown",
         upper_every_letter(alphabets.named("NEGATIVE CIRCLED LATIN CAPITAL LETTER {letter}")), latin_only=True)
register("negative_squared", "shown",
         upper_every_letter(alphabets.named("NEGATIVE SQUARED LATIN CAPITAL LETTER {letter}")), latin_only=True)
register("regional_indicators", "shown",
         upper_every_letter(alphabets.named("REGIONAL INDICATOR SYMBOL LETTER {letter}")), latin_only=True)
register("superscript", "shown", every_letter(alphabets.SUPERSCRIPTS), latin_only=True)
register("subscript", "shown", every_letter(alphabets.SUBSCRIPTS), latin_only=True)
register("small_capitals", "shown", every_letter(alphabets.SMALL_CAPITALS), latin_only=True)
register("small_capitals_mixed", "shown", some_letters(alphabets.SMALL_CAPITALS), latin_only=True)
register("roman_numerals", "shown", every_letter(alphabets.ROMAN_NUMERALS), latin_only=True)
register("letterlike_symbols", "shown", every_letter(alphabets.LETTERLIKE), latin_only=True)
register("turned_letters_mixed", "shown", lambda text, _person, chance: changed(
    alphabets.replace_some(without_marks(text), {c: t for c, t in alphabets.TURNED.items() if not t.isascii()}, chance,
                           0.4),
    without_marks(text)), latin_only=True)


@shown(latin_only=True)
def upside_down(text, _person, chance):
    return alphabets.replace_all(without_marks(text), alphabets.TURNED, chance)[::-1]


@shown()
def decomposed(text, _person, _chance):
    return changed(unicodedata.normalize("NFD", text), text)


@shown()
def marks_left_out(text, _person, _chance):
    return changed(without_marks(text), text)


@shown(latin_only=True)
def marks_put_in_one(text, _person, chance):
    return changed(alphabets.replace_one(text, alphabets.LATIN_MARKS, chance), text)


@shown(latin_only=True)
def marks_put_in_all(text, _person, chance):
    return changed(alphabets.replace_all(text, alphabets.LATIN_MARKS, chance), text)


def with_marks(marks, share=1.0, count=1):
    def make(text, _person, chance):
        return "".join(
            c + "".join(chance.pick(marks) for _ in range(count)) if c.isalpha() and chance.share() < share else c
            for c in text)
    return make


# Marks that stand above, below, through and around a letter.
for name, marks, share, count in [
        ("zalgo", [chr(c) for c in range(0x300, 0x34F)], 1, 5),
        ("struck_through", "\u0336", 1, 1),
        ("short_stroke", "\u0335", 0.5, 1),
        ("slashed", "\u0338\u0337", 1, 1),
        ("underlined", "\u0332", 1, 1),
        ("double_underlined", "\u0333", 1, 1),
        ("overlined", "\u0305", 1, 1),
        ("dots_below", "\u0323", 0.3, 1),
        ("enclosed_in_circles", "\u20dd", 1, 1),
        ("enclosed_in_keycaps", "\u20e3", 1, 1),
        ("wide_joining_marks", "\u035c\u0361", 0.3, 1),
        ("cyrillic_marks", "\u0483\u0488\u0489", 0.5, 1),
        ("letters_above", "\u0363\u0364\u0366", 0.3, 1)]:
    register(f"marks_{name}", "shown", with_marks(marks, share, count))


@shown(latin_only=True)
def dotless_and_dotted_i(text, _person, _chance):
    return changed(text.replace("i", "\u0131").replace("I", "\u0130"), text)


@shown(latin_only=True)
def ligatures(text, _person, _chance):
    for letters, ligature in [("ffi", "ﬃ"), ("ff", "ﬀ"), ("fi", "ﬁ"), ("fl", "ﬂ"), ("st", "ﬆ"), ("ij", "ĳ"),
                              ("lj", "ǉ"),
                              ("nj", "ǌ"), ("dz", "ǳ"), ("ae", "æ"), ("oe", "œ"), ("ll", "ỻ"), ("oo", "ꝏ"),
                              ("tz", "ꜩ")]:
        if letters in text:
            return text.replace(letters, ligature)
    return None


@shown(latin_only=True)
def long_s(text, _person, _chance):
    return changed(text.replace("s", "ſ"), text)


@shown(latin_only=True)
def sharp_s(text, _person, _chance):
    return changed(text.replace("ss", "ß"), text)


SIMPLIFIED = str.maketrans("張偉東陳劉楊趙黃吳鄭馮蔣沈韓許鄧蕭葉蘇呂盧鐘譚陸賈鄒華瑋國軍強傑麗艷靜婷濤寶龍鳳蘭", "张伟东陈刘杨赵黄吴郑冯蒋沈韩许邓萧叶苏吕卢钟谭陆贾邹华玮国军强杰丽艳静婷涛宝龙凤兰")
TRADITIONAL = {simple: full for full, simple in SIMPLIFIED.items()}


@shown()
def simplified_or_traditional_characters(text, _person, _chance):
    return changed(text.translate(SIMPLIFIED), text) or changed(text.translate(TRADITIONAL), text)


@shown()
def yo_as_ye(text, _person, _chance):
    return changed(text.replace("ё", "е").replace("Ё", "Е"), text)
