# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""The completions, in a real bash: they offer what the programs take, no more and no less, and files where files go."""
import pathlib
import subprocess
import tempfile
import unittest

from program_grammar import commands_of
from support.daemons import run_program

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "packaging" / "completions"
PROGRAMS = ("fromguard-gateway", "fromguard-directory")

DRIVER = """
source "$0" || exit 1
program=$1
function=$(complete -p "$program" | sed 's/.* -F \\([^ ]*\\) .*/\\1/')
while IFS= read -r line; do
  read -r -a COMP_WORDS <<<"$line"
  [[ $line == *' ' ]] && COMP_WORDS+=("")
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  COMPREPLY=()
  "$function" "$program" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
  (IFS=$'\\t'; echo "${COMPREPLY[*]}")
done
"""


class Completions(unittest.TestCase):
    """`offered` asks bash what may stand at the end of each line."""

    def offered(self, program, lines, folder=None):
        done = subprocess.run(["bash", "-c", DRIVER, FOLDER / program, program], cwd=folder, check=False, text=True,
                              input="".join(f"{line}\n" for line in lines), capture_output=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return dict(zip(lines, (set(filter(None, line.split("\t"))) for line in done.stdout.split("\n")), strict=False))

    def test_each_command_offers_what_it_takes(self):
        for program in PROGRAMS:
            commands = commands_of(program)
            offered = self.offered(program, [" ".join((program, *path, "")) for path in commands])
            for path, command in commands.items():
                with self.subTest(program=program, command=" ".join(path)):
                    self.assertEqual(offered[" ".join((program, *path, ""))], {*command.options, *command.commands})

    def test_words_narrow_what_is_offered(self):
        offered = self.offered("fromguard-directory", ["fromguard-directory people pro",
                                                       "fromguard-directory people search --l"])
        self.assertEqual(list(offered.values()), [{"protect"}, {"--limit"}])

    def test_files_follow_where_they_are_taken(self):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "my policy.yaml").touch()
            (pathlib.Path(folder) / "snapshots").mkdir()
            for line, expected in (("fromguard-gateway run --config ", {"my policy.yaml", "snapshots"}),
                                   ("fromguard-gateway explain --policy my", {"my policy.yaml"}),
                                   ("fromguard-gateway explain --snapshot ", {"snapshots"}),
                                   ("fromguard-directory status --config ", {"my policy.yaml", "snapshots"}),
                                   ("fromguard-directory directories add Staff --path my", {"my policy.yaml"})):
                with self.subTest(line=line):
                    self.assertEqual(self.offered(line.split()[0], [line], folder), {line: expected})

    def test_nothing_is_offered_where_a_person_must_write(self):
        for program in PROGRAMS:
            for path, command in commands_of(program).items():
                taking = [option for option, takes in command.options.items() if takes and takes not in ("FILE", "DIR")]
                lines = [" ".join((program, *path, option, "")) for option in taking]
                with self.subTest(program=program, command=" ".join(path)):
                    self.assertEqual(self.offered(program, lines), {line: set() for line in lines})

    def test_that_of_the_directory_is_what_the_program_writes(self):
        """Made anew with: fromguard-directory completion >packaging/completions/fromguard-directory"""
        done = run_program("fromguard-directory", "completion")
        self.assertEqual(done.stdout, (FOLDER / "fromguard-directory").read_bytes())


if __name__ == "__main__":
    unittest.main(verbosity=2)
