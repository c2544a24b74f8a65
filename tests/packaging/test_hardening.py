# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""What makes faults hard to use: every program that ships is position independent, relocated read-only and at once, without
an executable stack and paths of its own to libraries; every source of it is compiled with the guards that SECURITY.md names."""
import json
import os
import pathlib
import re
import subprocess
import unittest

BIN = pathlib.Path(os.environ["FROMGUARD_BIN"])
PROGRAMS = ["fromguard-gateway", "fromguard-gateway-helper", "fromguard-directory", "fromguard-spf-check"]
PRODUCT = ["policy", "gateway", "directory"]
GUARDS = ["-fstack-protector-strong", "-fstack-clash-protection", "-fcf-protection", "-D_FORTIFY_SOURCE=2",
          "-D_GLIBCXX_ASSERTIONS", "-fPIE"]
# What a function that may be called indirectly begins with, where -fcf-protection is in force. Debian's own start files
# are built without it, so that the linker leaves the note for the kernel out.
LANDING = b"\xf3\x0f\x1e\xfa"
CACHE = dict(re.findall(r"^(\w+):\w+=(.*)$", (BIN.parent / "CMakeCache.txt").read_text(encoding="utf-8"), re.MULTILINE))


def read_elf(option, program):
    return subprocess.run(["readelf", "--wide", option, program], check=True, capture_output=True, text=True).stdout


@unittest.skipIf(CACHE["FROMGUARD_SANITIZE"], "a sanitizer has guards of its own")
class Programs(unittest.TestCase):
    def each(self):
        for name in PROGRAMS:
            with self.subTest(name):
                yield BIN / name

    def test_are_position_independent(self):
        for program in self.each():
            self.assertRegex(read_elf("--file-header", program), r"Type: +DYN")
            self.assertRegex(read_elf("--dynamic", program), r"FLAGS_1.*\bPIE\b")

    def test_are_relocated_at_once_and_read_only_then(self):
        for program in self.each():
            self.assertIn("GNU_RELRO", read_elf("--program-headers", program))
            self.assertRegex(read_elf("--dynamic", program), r"FLAGS_1.*\bNOW\b")

    def test_have_no_memory_to_write_and_run(self):
        for program in self.each():
            segments = read_elf("--program-headers", program)
            self.assertRegex(segments, r"GNU_STACK .* RW +0x")
            self.assertNotRegex(segments, r"LOAD .* RWE ")

    def test_take_libraries_from_the_system_alone(self):
        for program in self.each():
            self.assertNotRegex(read_elf("--dynamic", program), r"\((RPATH|RUNPATH)\)")

    def test_guard_their_stack_and_their_jumps(self):
        for program in self.each():
            self.assertIn("__stack_chk_fail", read_elf("--dyn-syms", program))
            self.assertGreater(program.read_bytes().count(LANDING), 100)


@unittest.skipUnless(CACHE["CMAKE_BUILD_TYPE"] == "Release", "the guards are those of what ships: of the preset release")
class Sources(unittest.TestCase):
    def test_are_all_compiled_with_the_guards(self):
        root = pathlib.Path(CACHE["CMAKE_HOME_DIRECTORY"])
        entries = json.loads((BIN.parent / "compile_commands.json").read_text(encoding="utf-8"))
        places = [(pathlib.Path(entry["file"]), entry["command"].split()) for entry in entries]
        product = [(file.relative_to(root), words) for file, words in places
                   if file.is_relative_to(root) and file.relative_to(root).parts[0] in PRODUCT]
        self.assertGreater(len(product), 300)
        # A library is compiled to be part of anything, which is more than -fPIE.
        bare = {str(file): guard for file, words in product for guard in GUARDS
                if guard not in words and not (guard == "-fPIE" and "-fPIC" in words)}
        self.assertEqual(bare, {})


if __name__ == "__main__":
    unittest.main()
