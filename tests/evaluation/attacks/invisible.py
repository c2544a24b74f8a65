# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Characters that are not seen, blanks that are not spaces, and text that runs the other way."""
from attacks import register, shown

INVISIBLE = {
    "zero_width_space": "\u200b", "zero_width_non_joiner": "\u200c", "zero_width_joiner": "\u200d",
    "word_joiner": "\u2060", "byte_order_mark": "\ufeff", "soft_hyphen": "\u00ad", "grapheme_joiner": "\u034f",
    "variation_selector": "\ufe0f", "variation_selector_256": "\U000e01ef", "mongolian_variation": "\u180b",
    "mongolian_vowel_separator": "\u180e", "invisible_times": "\u2062", "function_application": "\u2061",
    "arabic_letter_mark": "\u061c", "left_to_right_mark": "\u200e", "right_to_left_mark": "\u200f",
    "interlinear_annotation": "\ufff9", "object_replacement": "\ufffc", "deprecated_format": "\u206a",
    "khmer_inherent_vowel": "\u17b4", "musical_format": "\U0001d173", "shorthand_format": "\U0001bca0",
    "hangul_choseong_filler": "\u115f", "hangul_jungseong_filler": "\u1160", "hangul_filler": "\u3164",
    "halfwidth_hangul_filler": "\uffa0", "braille_blank": "\u2800", "language_tag": "\U000e0001",
    "tag_letter": "\U000e0061", "replacement_character": "\ufffd", "unit_separator": "\u001f", "delete": "\u007f",
    "c1_control": "\u0080", "line_separator": "\u2028", "private_use": "\ue000", "noncharacter": "\ufdd0",
    "reserved_ignorable": "\U000e0fff", "egyptian_joiner": "\U00013430", "kaithi_number_sign": "\U000110bd",
}
BLANKS = {
    "no_break_space": "\u00a0", "en_quad": "\u2000", "em_space": "\u2003", "figure_space": "\u2007",
    "thin_space": "\u2009",
    "hair_space": "\u200a", "narrow_no_break_space": "\u202f", "mathematical_space": "\u205f",
    "ideographic_space": "\u3000", "ogham_space": "\u1680", "next_line": "\u0085", "paragraph_separator": "\u2029",
    "line_separator": "\u2028", "hangul_filler": "\u3164", "hangul_choseong_filler": "\u115f",
    "braille_blank": "\u2800",
    "mongolian_vowel_separator": "\u180e", "halfwidth_hangul_filler": "\uffa0", "tab": "\t", "vertical_tab": "\u000b",
    "form_feed": "\u000c", "no_space_but_zero_width": "\u200b", "no_space_but_soft_hyphen": "\u00ad",
    "object_replacement": "\ufffc", "null_symbol": "\u2400", "open_box": "\u2423", "blank_symbol": "\u2422",
    "musical_null_notehead": "\U0001d159",
}


def within(sign):
    """Somewhere between two letters."""
    def make(text, _person, chance):
        if len(text) < 2:
            return None
        place = 1 + chance.number(len(text) - 1)
        return text[:place] + sign + text[place:]
    return make


def between_all(sign):
    return lambda text, _person, _chance: sign.join(text)


def for_spaces(sign):
    return lambda text, _person, _chance: text.replace(" ", sign) if " " in text else None


for name, sign in INVISIBLE.items():
    register(f"hidden_{name}", "shown", within(sign))
for name in ["zero_width_space", "word_joiner", "soft_hyphen", "grapheme_joiner", "tag_letter", "hangul_filler",
             "braille_blank",
             "left_to_right_mark"]:
    register(f"hidden_everywhere_{name}", "shown", between_all(INVISIBLE[name]))
for name, sign in BLANKS.items():
    register(f"blank_{name}", "shown", for_spaces(sign))


@shown()
def hidden_all_sorts(text, _person, chance):
    signs = ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u034f", "\u200e", "\u2064"]
    return "".join(c + (chance.pick(signs) if chance.share() < 0.5 else "") for c in text)


@shown()
def hidden_before_and_behind(text, _person, chance):
    signs = ["\u200b", "\u2060", "\ufeff", "\u00ad", "\u3164", "\u2800", "\u00a0", "\u200f"]
    return chance.pick(signs) + text + chance.pick(signs)


@shown()
def tag_sentence_behind(text, _person, _chance):
    return text + "".join(chr(0xE0000 + ord(c)) for c in "not the same") + "\U000e007f"


@shown()
def several_spaces(text, _person, chance):
    return text.replace(" ", " " * (2 + chance.number(8))) if " " in text else None


@shown()
def reversed_by_override(text, _person, _chance):
    return "\u202e" + text[::-1]


@shown()
def reversed_by_override_closed(text, _person, _chance):
    return "\u202e" + text[::-1] + "\u202c"


@shown()
def surname_reversed_by_override(text, _person, _chance):
    first, _, last = text.rpartition(" ")
    return f"{first} \u202e{last[::-1]}\u202c" if first else None


@shown()
def given_name_reversed_by_override(text, _person, _chance):
    first, _, last = text.partition(" ")
    return f"\u202e{first[::-1]}\u202c {last}" if last else None


@shown()
def reversed_letters_in_the_middle(text, _person, chance):
    if len(text) < 6:
        return None
    begin = 1 + chance.number(len(text) - 4)
    return f"{text[:begin]}\u202e{text[begin:begin + 3][::-1]}\u202c{text[begin + 3:]}"


@shown()
def reversed_in_isolate(text, _person, _chance):
    return "\u2068\u202e" + text[::-1] + "\u202c\u2069"


@shown()
def reversed_twice(text, _person, _chance):
    return "\u202e\u202d" + text + "\u202c\u202c"


@shown()
def left_to_right_override(text, _person, _chance):
    return "\u202d" + text + "\u202c"


@shown()
def right_to_left_embedding(text, _person, _chance):
    return "\u202b" + text + "\u202c"


@shown()
def right_to_left_isolate(text, _person, _chance):
    return "\u2067" + text + "\u2069"


@shown()
def first_strong_isolates_around_words(text, _person, _chance):
    return " ".join(f"\u2068{word}\u2069" for word in text.split(" "))


@shown()
def words_in_other_order_by_isolates(text, _person, _chance):
    """Shown right to left as a whole, each word left to right."""
    words = text.split(" ")
    return "\u2067" + " ".join(f"\u2066{word}\u2069" for word in reversed(words)) + "\u2069" if len(words) > 1 else None


@shown()
def reversed_with_marks_of_direction(text, _person, _chance):
    return "\u200f\u202e" + "\u200f".join(text[::-1]) + "\u202c\u200e"
