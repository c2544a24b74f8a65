# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""The files that are installed in /etc/fromguard: every key is in them with its default, they are right as they stand,
and each setting that is not in force is right once the # before it is gone."""
import contextlib
import pathlib
import re
import shutil
import tempfile
import unittest

import jsonschema

from schema_keys import CONF, FILES, defaults_of, keys, schema_of
from support.daemons import Daemon, run_program
from support.offline import OfflineTestCase
from support.waiting import free_port
from support.yaml_files import read_yaml

# Comments that are for people, not settings.
WORDS_OF_PEOPLE = re.compile(r"^ *# \S.*$|^ +#.*$|^#$", re.MULTILINE)


def text_of(name):
    return (CONF / f"{name}.yaml").read_text(encoding="utf-8")


def is_setting(line):
    """`#key: value` and `#    key: value`, but not `# text`."""
    return re.match(r"#(?:\S|  )", line) is not None


def blocks(text):
    """The line numbers of each run of settings that are not in force; words for people may stand between its lines."""
    found, current = [], []
    for number, line in enumerate(text.splitlines()):
        if is_setting(line):
            current.append(number)
        elif current and not line.lstrip().startswith("#"):
            found.append(current)
            current = []
    return [*found, current] if current else found


def put_in_force(text, numbers):
    """The text with these lines as settings."""
    lines = text.splitlines()
    for number in numbers:
        lines[number] = lines[number].removeprefix("#")
    return "\n".join(lines) + "\n"


def organization_of(text):
    """The lines of the first organization, which other examples belong to; none where there is none."""
    lines = text.splitlines()
    return next((block for block in blocks(text) if lines[block[0]] == "#  - name: contoso"), [])


def paths_of(value, path=()):
    """The dotted paths of all keys in a document."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield ".".join((*path, key)), member
            yield from paths_of(member, (*path, key))
    elif isinstance(value, list):
        for member in value:
            yield from paths_of(member, path)


class InstalledFiles(OfflineTestCase):
    """Each file in a folder of its own with the files that its examples name, checked by its program."""

    def place(self, **texts):
        """A folder like /etc/fromguard with these texts in the place of what ships."""
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        self.addCleanup(shutil.rmtree, folder)
        for name in FILES:
            text = texts.get(name, text_of(name)).replace("/var/lib/fromguard/snapshots", str(self.directory.snapshots))
            text = text.replace("/etc/postfix/fromguard", str(folder))
            (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        (folder / "freemail-domains.txt").write_text("freemail.example\n")
        (folder / "staff.csv").write_text("Display_Name,Email,Groups\nAda Lovelace,ada@contoso.com,Executives\n"
                                          "Bob Stone,bob@contoso.com,\nAccounts Payable,pay@contoso.com,\n")
        (folder / "webhook.secret").write_text("whsec_" + "A" * 32 + "\n")
        (folder / "webhook.secret").chmod(0o600)
        (folder / "outbound_tenants.yaml").write_text("tenants: []\n")
        return folder

    def check(self, name, folder):
        program = "fromguard-directory" if name == "directory" else "fromguard-gateway"
        configuration = folder / ("directory.yaml" if name == "directory" else "gateway.yaml")
        done = run_program(program, "check", "--config", configuration)
        return done.returncode, done.stderr.decode().replace(f"{folder}/", "")

    def assert_accepted(self, name, text):
        jsonschema.Draft7Validator(schema_of(name)).validate(read_yaml(text))
        status, said = self.check(name, self.place(**{name: text}))
        self.assertEqual((status, [line for line in said.splitlines() if ": warning: " not in line]), (0, []))

    def test_gateway_and_policy_are_right_as_they_stand(self):
        self.assertEqual(self.check("gateway", self.place()), (0, ""))

    def test_the_directory_says_what_it_waits_for(self):
        folder = self.place()
        for command in ("check", "run"):
            with self.subTest(command=command):
                done = run_program("fromguard-directory", command, "--config", folder / "directory.yaml")
                self.assertEqual(done.returncode, 78)
                self.assertRegex(done.stderr.decode(), r"\A\S+/directory\.yaml:\d+:\d+: 'organizations' must be a list of "
                                                       r"at least one organization; write '- name: contoso'.*\n\Z")

    def test_nothing_listens_but_on_loopback(self):
        for name in ("gateway", "directory"):
            text = WORDS_OF_PEOPLE.sub("", text_of(name))
            text = put_in_force(text, range(len(text.splitlines())))
            for key, value in re.findall(r"^ *(listen|metrics|smtp): (\S+)$", text, re.MULTILINE):
                with self.subTest(file=name, key=key):
                    self.assertRegex(value, r"\A127\.0\.0\.1:|@127\.0\.0\.1\Z")

    def test_it_is_monitored_first(self):
        self.assertEqual(read_yaml(text_of("policy"))["mode"], "monitor")

    def test_each_setting_can_be_put_in_force(self):
        for name in FILES:
            text = text_of(name)
            organization = organization_of(text)
            for block in blocks(text):
                with self.subTest(file=name, line=block[0] + 1):
                    self.assert_accepted(name, put_in_force(text, {*block, *organization}))

    def test_all_settings_can_be_put_in_force_together(self):
        for name in FILES:
            with self.subTest(file=name):
                text = text_of(name)
                self.assert_accepted(name, put_in_force(text, sum(blocks(text), [])))

    def test_every_key_is_there(self):
        """As a setting, in force or not; those of two forms of one mapping at least in words."""
        for name in FILES:
            text = text_of(name)
            whole = read_yaml(put_in_force(text, sum(blocks(text), [])))
            shown = {re.sub(r"^(lists)\.[^.]+", r"\1", path) for path, _ in paths_of(whole)}
            words = " ".join(line for line in text.splitlines() if line.lstrip().startswith("# "))
            for path in keys(name):
                with self.subTest(file=name, key=path):
                    key = path.rsplit(".", 1)[-1]
                    self.assertTrue(path in shown or re.search(rf"\b{key}(:|`)", words), "it is not in the file")

    def test_what_is_in_force_is_the_default(self):
        """But for folders and addresses that an installed system has, which have no default."""
        for name in ("gateway", "directory"):
            described = keys(name)
            for path, value in paths_of(read_yaml(text_of(name))):
                defaults = defaults_of(described[path])
                if defaults:
                    with self.subTest(file=name, key=path):
                        shown = f"[{', '.join(value)}]" if isinstance(value, list) else str(value)
                        self.assertIn({"True": "true", "False": "false"}.get(shown, shown), defaults)

    def test_the_daemons_start_with_them(self):
        """With ports of the test's own; the directory with the organization of the example."""
        text = text_of("directory")
        folder = self.place(directory=put_in_force(text, organization_of(text)))
        for name in ("gateway", "directory"):
            path = folder / f"{name}.yaml"
            path.write_text(re.sub(r"(?<=\d\.\d\.\d\.\d:)98\d\d", lambda _: str(free_port()), path.read_text())
                            .replace("inet:8897", f"inet:{free_port()}")
                            .replace("/var/lib/fromguard", str(folder)).replace("/run/fromguard", str(folder)))
        with contextlib.ExitStack() as stack:
            for name in ("directory", "gateway"):
                daemon = Daemon(f"fromguard-{name}", folder / f"{name}.yaml", folder / f"{name}.log")
                stack.callback(daemon.stop)
                daemon.spawn()
                daemon.wait_until(daemon.has_started, f"fromguard-{name} to start")


if __name__ == "__main__":
    unittest.main(verbosity=2)
