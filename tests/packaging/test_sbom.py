# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""packaging/sbom: a document that SPDX 2.3 allows, which names everything that the programs are made of, each time the same."""
import datetime
import json
import os
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ["FROMGUARD_BIN"])
PACKAGES = {"fromguard-gateway": ["fromguard-gateway", "fromguard-gateway-helper"],
            "fromguard-directory": ["fromguard-directory", "fromguard-spf-check"]}
KINDS = {"DESCRIBES", "DYNAMIC_LINK", "STATIC_LINK", "CONTAINS", "RUNTIME_DEPENDENCY_OF", "BUILD_DEPENDENCY_OF",
         "BUILD_TOOL_OF"}
SPDX_ID = re.compile(r"SPDXRef-[A-Za-z0-9.-]+")
LICENCE = re.compile(r"NOASSERTION|[A-Za-z0-9.-]+( (AND|OR) [A-Za-z0-9.-]+)*")


def sbom(name):
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}
    command = [ROOT / "packaging" / "sbom", "--build", BIN.parent, "--name", name, "--version", "1.2.3-4", *PACKAGES[name]]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout


class Sbom(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.texts = {name: sbom(name) for name in PACKAGES}
        cls.documents = {name: json.loads(text) for name, text in cls.texts.items()}

    def related(self, name, kind):
        """The names of the packages that have this relationship with the whole, in either direction."""
        document = self.documents[name]
        names = {package["SPDXID"]: package["name"] for package in document["packages"]}
        return {names[end] for each in document["relationships"] if each["relationshipType"] == kind
                for end in (each["spdxElementId"], each["relatedSpdxElement"]) if names.get(end) not in (None, name)}

    def test_has_all_that_the_standard_requires(self):
        for name, document in self.documents.items():
            self.assertEqual((document["spdxVersion"], document["dataLicense"], document["SPDXID"]),
                             ("SPDX-2.3", "CC0-1.0", "SPDXRef-DOCUMENT"))
            self.assertEqual(document["name"], name)
            self.assertRegex(document["documentNamespace"], r"^https://[^#\s]+$")
            created = datetime.datetime.strptime(document["creationInfo"]["created"], "%Y-%m-%dT%H:%M:%SZ")
            self.assertEqual(created.replace(tzinfo=datetime.timezone.utc).timestamp(), 1700000000)
            for creator in document["creationInfo"]["creators"]:
                self.assertRegex(creator, r"^(Organization|Person|Tool): .+")

    def test_says_of_each_package_what_the_standard_requires(self):
        for document in self.documents.values():
            for package in document["packages"]:
                self.assertTrue(SPDX_ID.fullmatch(package["SPDXID"]), package)
                self.assertTrue(package["name"] and package["versionInfo"], package)
                self.assertIs(package["filesAnalyzed"], False)
                self.assertEqual(package["downloadLocation"], "NOASSERTION")
                self.assertRegex(package["supplier"], r"^Organization: .+")
                self.assertTrue(LICENCE.fullmatch(package["licenseDeclared"]), package)
                for reference in package["externalRefs"]:
                    self.assertEqual(reference["referenceCategory"], "PACKAGE-MANAGER")
                    self.assertRegex(reference["referenceLocator"], r"^pkg:(deb|npm)/[\w.%/+-]+@[\w.%+~-]+(\?[\w=&.-]+)?$")

    def test_relates_what_is_there_alone(self):
        for name, document in self.documents.items():
            ids = [package["SPDXID"] for package in document["packages"]]
            self.assertEqual(len(ids), len(set(ids)))
            related = {end for each in document["relationships"] for end in (each["spdxElementId"], each["relatedSpdxElement"])}
            self.assertEqual(related, {*ids, "SPDXRef-DOCUMENT"}, "a package that nothing is said of")
            self.assertLessEqual({each["relationshipType"] for each in document["relationships"]}, KINDS)

    def test_names_every_library_that_the_programs_ask_for(self):
        for name, programs in PACKAGES.items():
            asked = "".join(subprocess.run(["readelf", "-dW", BIN / program], check=True, capture_output=True, text=True).stdout
                            for program in programs)
            linked = self.related(name, "DYNAMIC_LINK")
            for library in set(re.findall(r"NEEDED.*\[lib([a-z_-]+?)[-0-9.]*\.so", asked)):
                stem = library.replace("_", "-").replace("crypto", "ssl").replace("icuuc", "icu").replace("icui18n", "icu")
                stem = stem.replace("stdc++", "stdc").replace("cares", "c-ares")
                self.assertTrue(any(stem in package for package in linked), f"{name}: nothing for lib{library}")
        self.assertIn("librocksdb7.8", self.related("fromguard-gateway", "DYNAMIC_LINK"))

    def test_names_what_is_compiled_in(self):
        for name in PACKAGES:
            self.assertLessEqual({"libboost1.81-dev", "libcli11-dev"}, self.related(name, "STATIC_LINK"))
            self.assertNotIn("libgtest-dev", {package["name"] for package in self.documents[name]["packages"]})

    def test_names_what_the_console_is_bundled_of(self):
        lock = json.loads((ROOT / "directory/console/package-lock.json").read_text(encoding="utf-8"))["packages"]
        used = {path.rpartition("node_modules/")[2] for path, package in lock.items() if path and not package.get("dev")}
        self.assertIn("preact", used)
        self.assertEqual(self.related("fromguard-directory", "CONTAINS"), used)
        self.assertEqual(self.related("fromguard-gateway", "CONTAINS"), set())
        for package in self.documents["fromguard-directory"]["packages"]:
            if package["name"] in used:
                self.assertRegex(package["checksums"][0]["checksumValue"], "^[0-9a-f]{128}$")

    def test_is_the_same_each_time(self):
        for name, text in self.texts.items():
            self.assertEqual(sbom(name), text)


if __name__ == "__main__":
    unittest.main()
