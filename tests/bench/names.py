# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Names for made-up people: commonplace given names, commonplace and invented surnames."""
import itertools

GIVEN = """
Aaron Ada Adam Adele Agnes Aisha Alan Albert Alex Alice Alina Amara Amir Amy Ana Andrea Andrew Angela Anil Anita
Anna Anne Anthony Antonio Arjun Arthur Astrid Ayesha Barbara Beatrice Ben Bernard Bianca Brenda Brian Bruno Camila
Carl Carla Carlos Carmen Caroline Catherine Cecilia Chandra Charles Charlotte Chen Chiara Chloe Christian Christine
Clara Claire Claudia Colin Cora Craig Cynthia Dana Daniel Daria David Deborah Deepak Delia Denis Diana Diego Dmitri
Dolores Dominic Donald Dora Doris Edgar Edith Eduardo Edward Elena Eleanor Elias Elif Elisa Elizabeth Ella Ellen
Emil Emily Emma Enrique Eric Erika Ernest Esther Ethan Eugene Eva Fatima Felix Fernando Fiona Florence Frances
Francesca Frank Frederick Gabriel Gabriela Gareth Gemma George Georgia Gerald Gina Giorgio Giulia Gloria Gordon Grace
Graham Greta Gustav Hannah Harold Harriet Harry Hassan Heather Heidi Helen Helena Henrik Henry Hilda Hugo Ian Ibrahim
Ida Igor Ines Ingrid Irene Irina Isaac Isabel Ivan Jack Jacob James Jan Jana Jane Jason Javier Jean Jennifer Jessica
Joan Joel John Jonas Jonathan Jordan Jorge Joseph Joyce Judith Julia Julian Juliet Karen Karim Karl Katarina Kate
Kevin Klara Kurt Lara Lars Laura Lea Leila Lena Leo Leon Leonard Lewis Liam Lillian Linda Lisa Louis Louise Luca Lucy
Luis Lydia Magda Malcolm Manuel Marc Marcus Margaret Maria Marina Mario Mark Marta Martha Martin Mary Matthew Maya
Melissa Mia Michael Miguel Mila Mohammed Monica Nadia Naomi Natalie Nathan Neil Nicholas Nicole Nina Noah Nora Oliver
Olivia Omar Oscar Pamela Patricia Patrick Paul Paula Pedro Peter Philip Priya Rachel Rafael Raj Ralph Raymond Rebecca
Richard Rita Robert Roberto Roger Rosa Rose Ruth Ryan Samuel Sandra Sara Sean Sergei Sharon Silvia Simon Sofia Sonia
Stefan Stella Stephen Susan Sven Tamara Teresa Thomas Timothy Tobias Tom Ursula Valentina Vera Victor Victoria
Vincent Viola Walter Wanda Wei William Xavier Yara Yasmin Yusuf Zoe
""".split()

SURNAMES = """
Abbott Adams Ahmed Ali Allen Almeida Anderson Andersson Archer Bailey Baker Barnes Bauer Becker Bell Bennett Berg
Bianchi Bishop Black Blake Bowen Bradley Brooks Brown Bryant Burke Burns Butler Campbell Carter Castro Chan Chang
Chapman Chavez Chen Clark Clarke Cohen Cole Collins Cook Cooper Costa Cox Cruz Cunningham Daniels Davies Davis Diaz
Dixon Dubois Duncan Edwards Ellis Evans Fernandez Ferrari Fischer Fisher Fleming Foster Fox Fraser Garcia Gardner
Gibson Gomez Gonzalez Gordon Graham Grant Gray Green Griffin Gupta Hall Hamilton Hansen Harris Harrison Hart Harvey
Hayes Henderson Hernandez Hill Hoffman Holmes Howard Hughes Hunt Hunter Ivanov Jackson Jacobs James Jensen Johansson
Johnson Jones Joshi Kaur Keller Kelly Kennedy Khan Kim King Klein Knight Kowalski Kumar Lambert Lane Larsen Lawson Lee
Lewis Lindberg Lloyd Long Lopez Lovelace Lynch Marino Marshall Martin Martinez Mason Matthews May Mehta Meyer Miller
Mills Mitchell Moore Morales Moreau Morgan Morris Mueller Murphy Murray Myers Nelson Newman Nguyen Nielsen Novak
Oliver Olsen Ortiz Owen Palmer Park Parker Patel Pearson Perez Perry Peters Petrov Phillips Popov Powell Price Quinn
Ramirez Reed Reid Reyes Reynolds Rice Richards Richardson Riley Rivera Roberts Robinson Rogers Romano Rose Ross Rossi
Russell Ryan Sanchez Santos Schmidt Schneider Scott Shah Sharma Shaw Silva Simpson Singh Smith Spencer Stevens Stewart
Stone Suzuki Tanaka Taylor Thomas Thompson Torres Tucker Turner Wagner Walker Wallace Walsh Wang Ward Warren Watson
Weaver Webb Weber Wells West Wheeler White Williams Wilson Wood Wright Yang Young Zhang Zimmerman
""".split()


def invented(starts, middles, ends):
    """Every name these syllables make, in a fixed order that mixes the starts."""
    rest = [middle + end for middle in middles.split() for end in ends.split()]
    return [start + part for part, start in itertools.product(rest, starts.split())]


# No two of these share a name: a sender of STRANGERS is nobody who is protected.
RARE_SURNAMES = invented(
    "Bran Cor Dal Fen Gar Hal Kes Lor Mar Nor Pel Ros Tar Ves Wen", "a e i o u", "dell ford ley ton wick mere stead"
)
STRANGERS = invented("Zub Quo Jux Vyx Okv Ypp", "ra le mi zo du", "nitz kko bbal vsky pova qvist jian")
