# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""The manual pages build without a complaint, and hold each command, option and key that there is, and no other."""
import os
import pathlib
import re
import subprocess
import unittest

from program_grammar import commands_of
from schema_keys import FILES, defaults_of, keys

PAGES = pathlib.Path(__file__).resolve().parents[2] / "packaging" / "man"
PROGRAMS = ("fromguard-gateway", "fromguard-directory")

# Options of every command, which the page describes once.
COMMON = {"--config", "--json", "--help"}


def source_of(page):
    return (PAGES / f"{page}.scd").read_text(encoding="utf-8")


def section(text, heading):
    """The lines below a heading of the first level."""
    return re.search(rf"^# {heading}\n(.*?)(?=^# |\Z)", text, re.MULTILINE | re.DOTALL)[1]


def entries(text):
    """The entries of a list: their first lines, without what is indented below."""
    return re.findall(r"^(\*.*)\n\t", text, re.MULTILINE)


def options_in(line):
    return set(re.findall(r"\*(--[\w-]+)\*", line))


def described_commands(program):
    """The first line of the entry of each command, by the command's path."""
    found = {}
    for line in entries(section(source_of(f"{program}.8"), "COMMANDS")):
        found[tuple(re.match(r"\*([^*]+)\*", line)[1].split())] = line
    return found


def leaves(program):
    """The commands that do something, and are not only the beginning of others."""
    return {path: command for path, command in commands_of(program).items() if path and not command.commands}


class Pages(unittest.TestCase):
    """What is true of all of them."""

    def test_each_program_and_file_has_one(self):
        expected = {f"{program}.8" for program in PROGRAMS} | {f"fromguard-{name}.yaml.5" for name in FILES}
        self.assertEqual({path.stem for path in PAGES.iterdir()}, expected)

    def test_they_build_and_are_shown_without_a_warning(self):
        for path in PAGES.iterdir():
            with self.subTest(page=path.stem):
                built = subprocess.run(["scdoc"], input=path.read_bytes(), capture_output=True, check=False)
                self.assertEqual((built.returncode, built.stderr), (0, b""))
                shown = subprocess.run(["man", "--warnings", "--encoding=UTF-8", "--local-file", "-"], input=built.stdout,
                                       capture_output=True, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"})
                self.assertEqual((shown.returncode, shown.stderr), (0, b""))
                self.assertIn(path.stem.rsplit(".", 1)[0].encode(), shown.stdout)

    def test_they_name_each_other_rightly(self):
        there = {path.stem for path in PAGES.iterdir()}
        for page in there:
            for name, number in re.findall(r"\*(fromguard[\w.-]*)\*\((\d)\)", source_of(page)):
                with self.subTest(page=page, names=name):
                    self.assertIn(f"{name}.{number}", there)


class Programs(unittest.TestCase):
    """COMMANDS and OPTIONS against what the programs say of themselves."""

    def test_every_command_is_described_and_no_other(self):
        for program in PROGRAMS:
            with self.subTest(program=program):
                there, described = set(leaves(program)), set(described_commands(program))
                self.assertEqual(there - described, set())
                self.assertEqual(described - there, set())

    def test_each_command_has_its_options_and_arguments(self):
        for program in PROGRAMS:
            described = described_commands(program)
            for path, command in leaves(program).items():
                with self.subTest(program=program, command=" ".join(path)):
                    shown = described[path]
                    self.assertEqual(options_in(shown) - COMMON, set(command.options) - COMMON)
                    written = re.sub(r"\[?\*--[\w-]+\*( _\w+_)?\]?(\.\.\.)?", "", shown)
                    for argument in command.arguments:
                        self.assertRegex(written.replace("*", ""), rf"(?i)(?<!\w){re.escape(argument)}(?!\w)|_{argument}_")

    def test_every_option_is_described_once_and_no_other(self):
        for program in PROGRAMS:
            with self.subTest(program=program):
                there = set().union(*(command.options for command in commands_of(program).values()))
                # What belongs to a command alone may be described with it.
                described = [option for line in entries(section(source_of(f"{program}.8"), "OPTIONS"))
                             for option in options_in(line)]
                self.assertEqual(len(described), len(set(described)))
                self.assertEqual(there - set(described), set())
                self.assertEqual(set(described) - there, set())

    def test_options_in_words_and_examples_exist(self):
        for program in PROGRAMS:
            there = set().union(*(command.options for command in commands_of(program).values()))
            for page in PAGES.iterdir():
                for line in page.read_text(encoding="utf-8").splitlines():
                    used = re.search(rf"{program} (?!\*)(.*)", line)
                    for option in re.findall(r"(?<!\S)--[a-z][\w-]+", used[1]) if used else ():
                        with self.subTest(page=page.stem, line=line):
                            self.assertIn(option, there)


class Files(unittest.TestCase):
    """KEYS against the JSON Schemas, which `schemas` of the integration tests holds against the programs."""

    def described(self, name):
        """The default that the page gives each key, or nothing."""
        found = {}
        for line in entries(section(source_of(f"fromguard-{name}.yaml.5"), "KEYS")):
            key, default = re.fullmatch(r"\*([\w.]+)\*(?: \(default: (.*)\))?", line).groups()
            self.assertNotIn(key, found)
            found[key] = default
        return found

    def test_every_key_is_described_and_no_other(self):
        for name in FILES:
            with self.subTest(file=name):
                self.assertEqual(sorted(self.described(name)), sorted(keys(name)))

    def test_defaults_are_the_right_ones(self):
        for name in FILES:
            described = self.described(name)
            for key, forms in keys(name).items():
                with self.subTest(file=name, key=key):
                    expected = defaults_of(forms)
                    if len(expected) > 1:
                        self.assertEqual(set(re.findall(r"(\S+) for \w+", described[key])), expected)
                    else:
                        self.assertEqual({described[key]} - {None}, expected)

    def test_every_word_is_there(self):
        for name in FILES:
            text = section(source_of(f"fromguard-{name}.yaml.5"), "KEYS")
            for key, forms in keys(name).items():
                entry = re.search(rf"^\*{re.escape(key)}\*.*\n((?:\t.*\n)+)", text, re.MULTILINE)[0]
                for word in {word for said in forms for word in said.get("enum", ()) if isinstance(word, str)}:
                    with self.subTest(file=name, key=key, word=word):
                        self.assertRegex(entry, rf"\b{word}\b")


if __name__ == "__main__":
    unittest.main(verbosity=2)
