# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""The protected people of the evaluation: made up, of many scripts and shapes of name."""
import dataclasses
import re
import unicodedata

DOMAIN = "contoso.com"
ORGANIZATION = "Contoso"

# One person a line: given names / surnames, then what differs from the usual:
#   shown=TEXT    what the directory has as display name
#   latin=A, B    how the name is written in Latin letters, the first of them in the address
#   also=ADDRESS  another address of the person
PEOPLE = """
John / Smith | also=jsmith@home.example
Robert / Kowalczyk
William / Thornbury
Elizabeth / Hargreaves | also=liz.h@home.example
Katherine / Dempsey
Michael / Donnelly
James / Whitfield
Jennifer / Lindqvist
Christopher / Marlowe
Alexander / Petersen
Thomas / Ashworth
Margaret / Sutherland
Richard / Blackwood
Daniel / Okonkwo
Samuel / Greenfield
Benjamin / Rothstein
Patricia / Vandermeer
Anthony / Castellano
Edward / Fairbanks
Theodore / Winslow
Victoria / Pemberton
Rebecca / Goldsmith
Joseph / McAllister
Matthew / Brannigan
Nicholas / Papadakis
Andrew / Colquhoun
Steven / Hutchinson
Susan / Applegate
Deborah / Finch
Timothy / Ravenscroft
Gregory / Lockhart
Jonathan / Ellsworth
Frederick / Barnsley
Catherine / Montague
Abigail / Kirkpatrick
Olivia / Hartwell
Lawrence / Digby
Raymond / Ostrander
Zachary / Holloway
Philip / Underhill
Ada / King
Ian / Cole
Amy / Wu
Bo / Li
Max / Orr
Lee / Park
Tom / Hall | shown=Hall, Tom
Grace / Bell | shown=Bell, Grace (Finance)
Henry / Walsh | shown=Henry Walsh (IT)
Carol / Jennings | shown=Carol Jennings | Contoso
Peter / Novotny | shown=Peter Novotny - Ext
Martin / Feldman | shown=FELDMAN Martin
Ruth / Abernathy | shown=Dr. Ruth Abernathy
Arthur J / Penhaligon
Mary K / Donahue
George R / Tillman
Helen S / Brightwater
Walter E / Kensington
Linda M / Prescott
David Alan / Fitzgerald
Laura Jane / Middleton
Paul Henry / Cartwright
Anna Maria / Schuster
Jean Luc / Moreau | shown=Jean-Luc Moreau
Marie Claire / Dubois | shown=Marie-Claire Dubois
Anne Sophie / Lefèvre | shown=Anne-Sophie Lefèvre
Sarah / Connor-Davies
Emma / Parker-Bowles
Nigel / Fortescue-Hughes
Sean / O'Brien
Siobhan / O'Callaghan
Sam / D'Souza
Giulia / D'Angelo
Charles / de Gaulle
Ludwig / van Beethoven
Willem / van der Berg
Maria / von Trapp
Pieter / de Vries
Leonor / da Silva
Ibn / al-Rashid
Omar / El Sayed
Carlos / García Márquez
María José / García Núñez
Ana / Fernández Ruiz
Javier / Rodríguez López
Lucía / Martínez Ortega
Diego / Velázquez Romero
Isabel / Álvarez Castillo
João / Gonçalves Pereira
Antônio / Conceição
Inês / Magalhães
Jürgen / Groß
Björn / Müller
Käthe / Schröder
Günther / Böhm
Anna / Müller | also=anna.mueller2@home.example
Anna / Müller | latin=Anna Mueller Berlin
Renée / Beauséjour
François / Châtelain
Zoë / Brontë
Noël / Crèvecœur
Åsa / Lindström
Håkan / Sjögren
Søren / Kjærgaard
Bjørn / Ødegård
Guðrún / Þórsdóttir
Ásgeir / Jónsson
Jiří / Dvořák
Kateřina / Nováková
Łukasz / Wiśniewski
Małgorzata / Wójcik
Gábor / Szűcs
Ştefan / Ionescu
Željko / Marković
Đorđe / Stanković
Agnė / Žukauskaitė
Ieva / Bērziņa
Işıl / Yıldız
İbrahim / Çelik
Ayşe / Kılıç
Doğan / Öztürk
Nguyễn Thị / Minh Khai | shown=Nguyễn Thị Minh Khai
Trần Văn / Đức | shown=Trần Văn Đức
Lê / Quỳnh Anh
Phạm / Hoàng Long
Priya / Venkataraman
Arjun / Chakraborty
Lakshmi / Subramaniam
Rajesh / Khanna
Sunita / Deshpande
Venkat / Ramakrishnan
K / Srinivasan | shown=K. Srinivasan
Mohammed / Al Fayed
Abdullah / Rahman
Fatima / Zahra Benali
Chukwuemeka / Adeyemi
Ngozi / Okafor
Thandiwe / Mbeki
Kwame / Asante
Keanu / Kahananui
Иван / Петров | latin=Ivan Petrov
Екатерина / Соколова | latin=Ekaterina Sokolova, Yekaterina Sokolova
Дмитрий / Кузнецов | latin=Dmitriy Kuznetsov, Dmitry Kuznetsov, Dmitri Kuznetsov
Юлия / Щербакова | latin=Yuliya Shcherbakova, Julia Shcherbakova, Iuliia Shcherbakova
Сергей / Хрущёв | latin=Sergey Khrushchev, Sergei Khrushchyov
Олександр / Шевченко | latin=Oleksandr Shevchenko, Olexandr Shevchenko
Γιώργος / Παπαδόπουλος | latin=Giorgos Papadopoulos, Yiorgos Papadopoulos
Ελένη / Καραγιάννη | latin=Eleni Karagianni, Eleni Karayanni
Նարեկ / Հակոբյան | latin=Narek Hakobyan
小明 / 王 | shown=王小明 | latin=Xiaoming Wang, Wang Xiaoming, Wang Xiao Ming
秀英 / 李 | shown=李秀英 | latin=Xiuying Li, Li Xiuying
偉 / 張 | shown=張偉 | latin=Wei Zhang, Zhang Wei
太郎 / 山田 | shown=山田 太郎 | latin=Taro Yamada, Yamada Taro
花子 / 佐藤 | shown=佐藤花子 | latin=Hanako Sato, Sato Hanako
지훈 / 김 | shown=김지훈 | latin=Jihoon Kim, Kim Ji-hoon, Ji Hoon Kim
민지 / 박 | shown=박민지 | latin=Minji Park, Park Min-ji
محمد / الهاشمي | latin=Mohammed Al Hashimi, Muhammad Alhashimi, Mohamed Al-Hashimi
ليلى / حداد | latin=Layla Haddad, Leila Haddad
علی‌رضا / محمدی | latin=Alireza Mohammadi, Ali Reza Mohammadi
דוד / כהן | latin=David Cohen, Dovid Kohen
अमित / शर्मा | latin=Amit Sharma
สมชาย / ใจดี | latin=Somchai Jaidee, Somchai Chaidi
"""

ROLE_MAILBOXES = ["Accounts Payable", "Contoso Service Desk", "Investor Relations"]

# What no normalisation takes apart.
PLAIN_LETTERS = str.maketrans({
    "ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D",
    "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i",
})


def without_marks(text):
    """Latin letters without their marks, other scripts as they are."""
    decomposed = unicodedata.normalize("NFD", text.translate(PLAIN_LETTERS))
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not "\u0300" <= c <= "\u036f"))


def letters_of(text):
    """The ASCII letters of a text in lower case."""
    return re.sub("[^a-z]", "", without_marks(text).lower())


@dataclasses.dataclass(frozen=True)
class Person:
    """Somebody whose name is protected. The texts are in the order of the person's own culture."""

    number: int
    given: str
    surname: str
    shown: str  # in the directory
    latin: tuple  # spellings in Latin letters; empty if the name is written in them
    address: str
    also: tuple

    @property
    def name(self):
        """Given name and surname, as somebody would write it who introduces the person."""
        if self.is_eastern:
            return re.sub(" .*", "", self.surname) + self.given
        joined = self.given.replace(" ", "-")
        given = joined if self.shown.startswith(joined) else self.given
        return f"{given} {self.surname}"

    @property
    def is_latin(self):
        return not self.latin

    @property
    def is_eastern(self):
        """Written in ideographs or syllables, surname first and without a space."""
        return any("\u3040" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7af" for c in self.surname)

    @property
    def addresses(self):
        return (self.address, *self.also)

    @property
    def latin_name(self):
        return self.name if self.is_latin else self.latin[0]

    @property
    def local_words(self):
        """First and last word of the name in ASCII letters, for local parts."""
        if self.is_latin:
            return letters_of(self.given.split(" ")[0]), letters_of(self.surname)
        words = self.latin[0].split(" ")
        return letters_of(words[0]), letters_of("".join(words[1:]))

    @property
    def display_columns(self):
        """Display_Name, Given_Name, Surname of the directory; every third has no names in parts."""
        if self.number % 3 == 0:
            return self.shown, "", ""
        return self.shown, self.given, self.surname


def read_person(number, line):
    names, *rest = [part.strip() for part in re.split(r" \| (?=shown=|latin=|also=)", line)]
    given, surname = names.split(" / ")
    known = dict(part.split("=", 1) for part in rest)
    latin = tuple(text.strip() for text in known.get("latin", "").split(",") if text.strip())
    spelled = latin[0] if latin else f"{given.split(' ')[0]} {surname}"
    local = ".".join(letters_of(word) for word in spelled.replace("-", "").split(" ") if letters_of(word))
    if latin and latin[0].isascii() and given.isascii():
        latin = ()
    also = tuple(address for address in [known.get("also", "")] if address)
    return Person(number, given, surname, known.get("shown", f"{given} {surname}"), latin, f"{local}@{DOMAIN}", also)


def protected_people():
    return [read_person(number, line) for number, line in enumerate(PEOPLE.strip().splitlines())]
