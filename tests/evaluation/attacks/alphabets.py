# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Letters that look like ASCII letters. The stylish ones are found by their Unicode names."""
import string
import unicodedata

# Letters that were in Unicode before their alphabet was: its place is empty.
_OLDER_NAMES = {"SCRIPT": "SCRIPT", "FRAKTUR": "BLACK-LETTER", "DOUBLE-STRUCK": "DOUBLE-STRUCK", "ITALIC": None}


def _letter_or_none(name):
    try:
        return unicodedata.lookup(name)
    except KeyError:
        return None


def _mathematical(style, letter):
    size = "CAPITAL" if letter.isupper() else "SMALL"
    found = _letter_or_none(f"MATHEMATICAL {style} {size} {letter.upper()}")
    if found is None and _OLDER_NAMES.get(style):
        found = _letter_or_none(f"{_OLDER_NAMES[style]} {size} {letter.upper()}")
    return found or ("\u210e" if (style, letter) == ("ITALIC", "h") else None)


def mathematical(style):
    """The mathematical alphabet of a style, such as `SANS-SERIF BOLD`."""
    found = {letter: _mathematical(style, letter) for letter in string.ascii_letters}
    return {letter: other for letter, other in found.items() if other}


def named(pattern, both_cases=True):
    """An alphabet whose letters' names follow a pattern with {size} and {letter}."""
    found = {}
    for letter in string.ascii_letters:
        size = "CAPITAL" if letter.isupper() else "SMALL"
        other = _letter_or_none(pattern.format(size=size, letter=letter.upper()))
        if other and (both_cases or letter.islower() or "{size}" not in pattern):
            found[letter] = other
    return found


def pairs(text):
    """A table from `a=xy b=z`: each letter with all that may stand for it."""
    return {part[0]: part[2:] for part in text.split()}


# Cyrillic letters that are drawn like Latin ones, then those that are only read so.
CYRILLIC = pairs("a=а c=с e=е o=о p=р x=х y=у i=і j=ј s=ѕ h=һ d=ԁ q=ԛ w=ԝ l=ӏ v=ѵ A=А B=В C=С E=Е H=Н I=І J=Ј K=К M=М O=О "
                 "P=Р S=Ѕ T=Т X=Х Y=У G=Ԍ W=Ԝ Q=Ԛ")
CYRILLIC_READ = pairs("n=пи k=к m=м t=т b=ьвЬ r=гя u=ци g=ԍ z=з h=нҺ e=єё y=ү v=ѵ w=шщѡ x=ҳ l=і f=ғ R=Я N=ИЙ U=Ц V=Ѵ L=Ւ D=Ԁ "
                      "F=Ғ Z=З")
GREEK = pairs("o=ο v=ν a=α i=ι p=ρ u=υ y=γ A=Α B=Β E=Ε H=Η I=Ι K=Κ M=Μ N=Ν O=Ο P=Ρ T=Τ X=Χ Y=Υ Z=Ζ")
GREEK_READ = pairs("n=η k=κ w=ω t=τ x=χ e=εє s=ςσ c=ϲ j=ϳ b=β d=δ u=μ l=ι m=ϻ h=ή r=Γ A=Λ E=Σξ D=Δ F=Ϝ S=Σ")
ARMENIAN = pairs("o=օ n=ո u=ս h=հ g=ց q=զ O=Օ S=Տ U=Ս L=Լ j=յ d=ժ f=ք w=ա p=բ i=ի")
CHEROKEE = pairs("A=Ꭺ B=Ᏼ C=Ꮯ D=Ꭰ E=Ꭼ G=Ꮐ H=Ꮋ J=Ꭻ K=Ꮶ L=Ꮮ M=Ꮇ P=Ꮲ R=Ꭱ S=Ꮪ T=Ꭲ V=Ꮩ W=Ꮃ Y=Ꮍ Z=Ꮓ i=Ꭵ h=Ꮒ b=Ꮟ d=Ꮷ")
CHEROKEE_SMALL = pairs("a=ꭺ c=ꮯ d=ꭰ e=ꭼ g=ꮐ h=ꮋ j=ꭻ k=ꮶ l=ꮮ m=ꮇ p=ꮲ r=ꭱ s=ꮪ t=ꭲ v=ꮩ w=ꮃ z=ꮓ i=ꭵ")
LISU = pairs("A=ꓮ B=ꓐ C=ꓚ D=ꓓ E=ꓰ F=ꓝ G=ꓖ H=ꓧ I=ꓲ J=ꓙ K=ꓗ L=ꓡ M=ꓟ N=ꓠ O=ꓳ P=ꓑ R=ꓣ S=ꓢ T=ꓔ U=ꓴ V=ꓦ W=ꓪ X=ꓫ Y=ꓬ Z=ꓜ")
COPTIC = pairs("B=Ⲃ C=Ⲥ H=Ⲏ I=Ⲓ K=Ⲕ M=Ⲙ N=Ⲛ O=Ⲟ P=Ⲣ T=Ⲧ X=Ⲭ o=ⲟ p=ⲣ c=ⲥ")
# Letters of the Latin alphabet that are not taken apart into a letter and a mark.
LATIN_STROKES = pairs("a=ɑⱥ b=ƀɓƃ c=ȼƈ d=đɗɖ e=ɇ f=ƒ g=ɡǥɠ h=ħɦⱨ i=ıɨ j=ȷɉ k=ƙⱪ l=łƚɫ m=ɱ n=ɲƞŋ o=øɵ p=ƥᵽ q=ɋʠ r=ɍɽ s=ʂȿ "
                      "t=ŧƭƫ u=ʉ v=ʋ w=ⱳ y=ƴɏ z=ƶȥʐ A=Ⱥ B=ɃƁ C=ȻƇ D=ĐƊ E=Ɇ F=Ƒ G=ǤƓ H=Ħ I=Ɨ J=Ɉ K=Ƙ L=ŁȽ M=Ɱ N=ƝŊ O=Ø P=Ƥ "
                      "R=ɌƦ T=ŦƬ V=Ʋ W=Ⱳ Y=ƳɎ Z=ƵȤ")
LATIN_MARKS = pairs("a=áàâäãåāăąạả b=ḃḅ c=ćčçċ d=ďḍ e=éèêëēėęěẹ f=ḟ g=ğġģǧ h=ĥḥȟ i=íìîïīįĩị j=ĵǰ k=ķḱḳ l=ĺļľḷ m=ḿṃ n=ńñňņṇ "
                    "o=óòôöõōőọ p=ṕṗ r=ŕřŗṛ s=śšşșṣ t=ťţțṭ u=úùûüūůűųụ v=ṽṿ w=ŵẁẃẅ x=ẋẍ y=ýÿŷỳ z=źžżẓ A=ÁÀÂÄÃÅĀ C=ĆČÇ D=ĎḌ "
                    "E=ÉÈÊËĒ G=ĞĠ I=ÍÌÎÏ J=Ĵ K=Ķ L=ĹĽ M=Ḿ N=ŃÑŇ O=ÓÒÔÖÕ P=Ṕ R=ŘŔ S=ŚŠŞ T=ŤŢ U=ÚÙÛÜ W=Ŵ Y=ÝŸ Z=ŹŽŻ")
ROMAN_NUMERALS = pairs("i=ⅰ v=ⅴ x=ⅹ l=ⅼ c=ⅽ d=ⅾ m=ⅿ I=Ⅰ V=Ⅴ X=Ⅹ L=Ⅼ C=Ⅽ D=Ⅾ M=Ⅿ")
LETTERLIKE = pairs("l=ℓ e=ℯ g=ℊ o=ℴº a=ª h=ℎ K=K B=ℬ E=ℰ F=ℱ H=ℋℌℍ I=ℐℑ L=ℒ M=ℳ R=ℛℜℝ C=ℂℭ N=ℕ P=ℙ Q=ℚ Z=ℤ d=ⅆ i=ⅈℹ j=ⅉ")
OTHER_SCRIPTS = pairs("o=ס๐੦௦०೦໐ဝ i=ו l=١۱ا o=ه٥০ঃ n=ภ u=ບ s=ട m=ጠ h=ከ w=พฟ v=ט p=ק O=ⵔഠ I=丨〡 T=丅 L=ㄥ E=ヨ F=下 A=丹 R=尺 "
                      "N=几 C=匚 H=卄 K=长 B=乃 D=刀 P=卩 S=丂 t=七 y=丫 x=乂 r=尺")
SYMBOLS = pairs("n=∩ u=∪ c=⊂ l=∣│ v=∨ o=○◯ x=× e=℮€∈ t=† i=¡ s=§ f=∫ A=∆ L=₤£ E=€Ξ N=₦ Y=¥ S=$ T=₮ W=₩ K=₭ D=₫ C=¢ O=⊙ P=₱ G=₲")
# The classic upside-down letters; a whole text is also written backwards.
TURNED = pairs("a=ɐ b=q c=ɔ d=p e=ǝ f=ɟ g=ƃ h=ɥ i=ᴉ j=ɾ k=ʞ l=l m=ɯ n=u o=o p=d q=b r=ɹ s=s t=ʇ u=n v=ʌ w=ʍ x=x y=ʎ z=z A=∀ B=𐐒 "
               "C=Ɔ D=ᗡ E=Ǝ F=Ⅎ G=⅁ H=H I=I J=ſ K=⋊ L=˥ M=W N=N O=O P=Ԁ R=ᴚ S=S T=⊥ U=∩ V=Λ W=M X=X Y=⅄ Z=Z")
SMALL_CAPITALS = pairs("a=ᴀ b=ʙ c=ᴄ d=ᴅ e=ᴇ f=ꜰ g=ɢ h=ʜ i=ɪ j=ᴊ k=ᴋ l=ʟ m=ᴍ n=ɴ o=ᴏ p=ᴘ q=ꞯ r=ʀ s=ꜱ t=ᴛ u=ᴜ v=ᴠ w=ᴡ y=ʏ z=ᴢ")
SUBSCRIPTS = pairs("a=ₐ e=ₑ h=ₕ i=ᵢ j=ⱼ k=ₖ l=ₗ m=ₘ n=ₙ o=ₒ p=ₚ r=ᵣ s=ₛ t=ₜ u=ᵤ v=ᵥ x=ₓ")
SUPERSCRIPTS = pairs("a=ᵃ b=ᵇ c=ᶜ d=ᵈ e=ᵉ f=ᶠ g=ᵍ h=ʰ i=ⁱ j=ʲ k=ᵏ l=ˡ m=ᵐ n=ⁿ o=ᵒ p=ᵖ r=ʳ s=ˢ t=ᵗ u=ᵘ v=ᵛ w=ʷ x=ˣ y=ʸ z=ᶻ A=ᴬ B=ᴮ "
                     "D=ᴰ E=ᴱ G=ᴳ H=ᴴ I=ᴵ J=ᴶ K=ᴷ L=ᴸ M=ᴹ N=ᴺ O=ᴼ P=ᴾ R=ᴿ T=ᵀ U=ᵁ V=ⱽ W=ᵂ")
LEET = pairs("o=0 l=1 i=1! e=3 a=4@ s=5$ t=7 b=8 g=9 z=2 O=0 I=1 E=3 A=4 S=5 T=7 B=8 G=6 Z=2")
DIGIT_LETTERS = pairs("o=0 l=1 O=0 I=1 i=1")
BARS = pairs("l=|I1 I=l|1 i=|l")


def replace_all(text, table, chance):
    """Each letter that the table knows is replaced, by any of what may stand for it."""
    return "".join(chance.pick(table[c]) if c in table else c for c in text)


def replace_some(text, table, chance, share):
    return "".join(chance.pick(table[c]) if c in table and chance.share() < share else c for c in text)


def replace_one(text, table, chance):
    places = [i for i, c in enumerate(text) if c in table]
    if not places:
        return text
    place = chance.pick(places)
    return text[:place] + chance.pick(table[text[place]]) + text[place + 1:]
