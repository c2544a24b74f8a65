# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""What a program says of its own commands and options, with --help."""
import collections
import re

from support.daemons import run_program

# `path` is a tuple of words, empty for the program itself; `options` have their dashes and map to what they take, or
# nothing; `arguments` are those without a dash; `commands` are the words that may follow.
Command = collections.namedtuple("Command", "path help options arguments commands")


def commands_of(program):
    """Each command of the program by its path."""
    found, waiting = {}, [()]
    while waiting:
        path = waiting.pop()
        command = _ask(program, path)
        found[path] = command
        waiting += [(*path, word) for word in command.commands]
    return found


def _ask(program, path):
    done = run_program(program, *path, "--help")
    assert done.returncode == 0, done
    options, arguments, commands = {}, [], []
    text = done.stdout.decode()
    for section, line in _lines(text):
        option = re.fullmatch(r"  (?:-h,)?(--[\w-]+)(?: ([A-Z][\w|]*)(?:=\S+)?)?(?: \.\.\.)?(?: REQUIRED)?(?:\s.*)?", line)
        word = re.fullmatch(r"  ([\w|-]+)(?:\s.*)?", line)
        if section == "Options" and option:
            options[option[1]] = option[2]
        elif section == "Positionals" and word:
            arguments.append(word[1])
        elif section == "Subcommands" and word:
            commands.append(word[1])
    return Command(path, text.splitlines()[0], options, arguments, commands)


def _lines(text):
    """The lines of the help, each with the heading that it stands under."""
    section = ""
    for line in text.splitlines():
        heading = re.fullmatch(r"(Options|Positionals|Subcommands):", line)
        section = heading[1] if heading else section
        yield section, line
