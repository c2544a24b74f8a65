# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Two real names that look nearly alike in some font: the first is protected, the second is somebody else's."""
from people import DOMAIN, letters_of
from rows import Chance, Row, field
from wire import mailbox

# Letters that are drawn alike, in plain Latin letters on both sides.
LATIN = """
Ian Cole | Lan Cole; Ella Novak | Elia Novak; Clara Dean | Dara Dean; Arnie Stern | Amie Stern; Karl Bern | Karl Bem
Klara Stone | Kiara Stone; Lida Koski | Iida Koski; Lina Laine | Iina Laine; Lisa Ito | Iisa Ito
Clay Thomas | Day Thomas; Ewa Nowak | Eva Nowak; Al Jolson | Ai Jolson; Lola Vega | Iola Vega; Leo Cline | Leo Dine
Delia Moss | Della Moss; Celia Roy | Cella Roy; Anna Bern | Anna Bem; Marlo Costa | Mario Costa
Jan Novák | Jan Nowak; Emil Hart | Emir Hart; Alma Wirth | Alina Wirth
Elise Conrad | Elsie Conrad; Carmen Ruiz | Carmen Ruíz Gil
Tina Marin | Tina Martin; Lara Cornin | Lara Comin
Irma Holm | Inna Holm; Dan Clell | Dan Dell; Uli Menn | Uli Mem; Ron Wise | Rom Wise
Mia Sorn | Mia Som; Ilse Kern | Ilse Kem; Al Stern | Al Stem; Max Hom | Max Horn; Eve Darn | Eve Dam
"""
# The same sounds, other signs: other people.
HOMOPHONES = """
王小明 | 汪晓鸣; 張偉 | 章薇; 李秀英 | 李秀莹; 李秀英 | 黎秀英; 佐藤花子 | 佐藤華子; 山田太郎 | 山田太朗; 김지훈 | 김지운; 陈静 | 程静; 刘洋 | 柳杨
Иван Петров | Ивана Петрова; Мария Орлова | Марина Орлова; محمد الهاشمي | محمد هاشمي; חיים לוי | חיים לוין; Νίκος Παππάς | Νίκη Παππά
"""


def pairs_of(text):
    return [tuple(name.strip() for name in pair.split("|")) for pair in text.replace("\n",
                                                                                     ";").split(";") if pair.strip()]


def protected():
    """Name and addresses of each protected person, none of them twice."""
    names = sorted({first for text in (LATIN, HOMOPHONES) for first, _ in pairs_of(text)})
    return [(name, [f"p{number}.{letters_of(name) or 'x'}@{DOMAIN}"]) for number, name in enumerate(names)]


def rows_of(text, name):
    rows = []
    for number, (_, other) in enumerate(pairs_of(text)):
        chance = Chance(f"{name} {number}")
        rows.append(Row(field(mailbox(other, f"u{chance.number(9999)}@fabrikam.example", chance)),
                        identity=f"{name}/{number}"))
    return rows


def corpora():
    return [("confusable_names", rows_of(LATIN, "confusable_names")), ("homophones", rows_of(HOMOPHONES, "homophones"))]
