# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""docs/upgrading.md against the sources: the versions of what is shared, and notes for the release that is being made."""
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
VERSIONS = {"generations": ("policy/snapshot/records.h", r"kSnapshotSchemaVersion = (\d+);"),
            "state": ("directory/store/state_database.h", r"kSchemaVersion = (\d+);"),
            "detections": ("policy/detection_record/detection_record.cpp", r"kSchema = (\d+);"),
            "policy language": ("conf/policy.schema.json", r'"version": \{\s*"description": "[^"]*",\s*"enum": \[(\d+)\]')}


class Upgrading(unittest.TestCase):
    """Whoever raises a version writes a note for those who upgrade."""

    page = (ROOT / "docs" / "upgrading.md").read_text(encoding="utf-8")

    def test_versions_are_those_of_the_sources(self):
        for what, (path, pattern) in VERSIONS.items():
            with self.subTest(what=what):
                told = re.search(rf"^\| {what} \| [^|]* \| (\d+) \|", self.page, re.MULTILINE)[1]
                self.assertEqual(told, re.search(pattern, (ROOT / path).read_text(encoding="utf-8"))[1])

    def test_the_release_has_its_notes(self):
        version = re.search(r"project\(fromguard VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text(encoding="utf-8"))[1]
        self.assertRegex(self.page, rf"(?m)^### {re.escape(version)}$")


if __name__ == "__main__":
    unittest.main(verbosity=2)
