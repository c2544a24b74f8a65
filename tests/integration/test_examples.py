# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""The policies in conf/examples/ are valid and do what their comments say."""
import json
import pathlib
import unittest

from support.daemons import run_program
from support.offline import OfflineTestCase

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "conf" / "examples"
PASS = {"dmarc": "pass"}
FAIL = {"dmarc": "fail"}
NONE = {"dmarc": "none"}

ORGANIZATIONS = """\
  - name: contoso
    domains: [contoso.com]
    directories: [{name: People, type: csv, path: "{folder}/contoso.csv"}]
    protect: {groups: [Executives], people: [robert@contoso.com]}
  - name: fabrikam
    domains: [fabrikam.com]
    directories: [{name: People, type: csv, path: "{folder}/fabrikam.csv"}]
    protect: {people: [grace@fabrikam.com]}
  - name: northwind
    domains: [northwind.example]
    directories: [{name: People, type: csv, path: "{folder}/northwind.csv"}]
    protect: {people: [ida@northwind.example]}
  - name: wingtip
    domains: [wingtip.example]
    directories: [{name: People, type: csv, path: "{folder}/wingtip.csv"}]
    protect: {people: [kurt@wingtip.example]}
"""

ADA = "Ada Lovelace <ada@stranger.example>"
ROBERT = "Robert Hofstadter <robert@stranger.example>"


class Examples(OfflineTestCase):
    """One test for each file: what `check` says of it, and its verdict on some messages."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.directory.configure(ORGANIZATIONS)
        cls.directory.write_csv("contoso.csv", "Ada Lovelace,ada@contoso.com,,Executives",
                                "Robert Hofstadter,robert@contoso.com,,Staff")
        cls.directory.write_csv("fabrikam.csv", "Grace Hopper,grace@fabrikam.com,,")
        cls.directory.write_csv("northwind.csv", "Ida Tarbell,ida@northwind.example,,")
        cls.directory.write_csv("wingtip.csv", "Kurt Zeilinger,kurt@wingtip.example,,")
        cls.directory.publish()

    def check(self, name, *warnings):
        """`check` must accept the example, with these warnings alone."""
        configuration = self.folder / "example.yaml"
        configuration.write_text(json.dumps({"snapshot": str(self.directory.snapshots),
                                             "policy": str(EXAMPLES / name)}))
        done = run_program("fromguard-gateway", "check", "--config", configuration)
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual(done.stderr.decode().replace(str(EXAMPLES) + "/", "").splitlines(), list(warnings))

    def judge(self, name, sender, to="reception@contoso.com", auth=None, more=""):
        """The verdict of the example on a message."""
        request = {"header": f"From: {sender}\r\n{more}To: {to}", "rcpt": [to], "auth": auth or NONE}
        done = self.gateway.explain("--policy", EXAMPLES / name, "--jsonl", stdin=json.dumps(request).encode())
        self.assertEqual(done.returncode, 0, done)
        return json.loads(done.stdout)

    def assert_decides(self, name, sender, disposition, action, rule, **message):
        verdict = self.judge(name, sender, **message)
        self.assertEqual((verdict["disposition"], verdict["action"], verdict["rule"]),
                         (disposition, action, rule), verdict)
        return verdict

    def assert_no_finding(self, name, sender, **message):
        verdict = self.judge(name, sender, **message)
        self.assertIsNone(verdict["finding"], verdict)
        return verdict

    def test_each_example_has_its_test(self):
        tested = {name.removeprefix("test_").replace("_", "-") + ".yaml" for name in dir(self)}
        self.assertLessEqual({path.name for path in EXAMPLES.glob("*.yaml")}, tested)

    def test_monitor_first(self):
        name = "monitor-first.yaml"
        self.check(name)
        self.assert_decides(name, ADA, "malicious", "quarantine", "executives")
        self.assert_decides(name, ROBERT, "spoof", "tag", "everybody else")
        self.assert_decides(name, "Bob Hofstadter <bob@stranger.example>", "bulk", "accept", "weak hints")
        self.assert_no_finding(name, "Ada Loveday <ada@stranger.example>")
        self.assert_no_finding(name, "Ada Lovelace <ada@contoso.com>")

    def test_executives_strict(self):
        name = "executives-strict.yaml"
        self.check(name)
        self.assert_decides(name, ADA, "malicious", "reject", "executives by name")
        self.assert_decides(name, "Ada Lovelace <ada@contoso.com>", "malicious", "reject", "executives by name")
        self.assert_no_finding(name, "Ada Lovelace <ada@contoso.com>", auth=PASS)
        self.assert_decides(name, "Ada Lovelase <ada@stranger.example>", "suspicious", "quarantine",
                            "executives, nearly")
        self.assert_decides(name, ROBERT, "spoof", "tag", "everybody else")
        self.assert_no_finding(name, "Bob Hofstadter <bob@stranger.example>")

    def test_service_provider(self):
        name = "service-provider.yaml"
        self.check(name)
        self.assert_decides(name, ADA, "malicious", "reject", "contoso")
        self.assert_no_finding(name, "Ada Lovelace <slips@payroll.example>", auth=PASS)
        self.assert_decides(name, "Ada Lovelace <slips@payroll.example>", "malicious", "reject", "contoso",
                            auth=FAIL)
        grace = {"to": "reception@fabrikam.com"}
        self.assert_decides(name, "Grace Hopper <grace@stranger.example>", "spoof", "quarantine", "fabrikam", **grace)
        self.assert_decides(name, "Grace Hopper <grace@lawyers.example>", "none", "accept", "fabrikam, partners",
                            **grace)
        ida = {"to": "office@northwind.example"}
        self.assert_decides(name, "Ida Tarbell <ida@stranger.example>", "suspicious", "copy", "northwind, trial",
                            **ida)
        self.assert_decides(name, "Dr. Ida Tarbell (CEO) <ida@stranger.example>", "spoof", "tag", "all customers",
                            **ida)
        self.assert_decides(name, "Kurt Zeilinger <kurt@stranger.example>", "spoof", "tag", "all customers",
                            to="office@wingtip.example")
        self.assert_no_finding(name, ADA, to="office@wingtip.example")

    def test_freemail(self):
        name = "freemail.yaml"
        self.check(name)
        self.assert_decides(name, "Ada Lovelace <director@gmail.com>", "malicious", "reject", "freemail")
        self.assert_decides(name, "Office <ada.lovelace@web.de>", "malicious", "reject", "freemail")
        self.assert_decides(name, ADA, "spoof", "quarantine", "elsewhere")
        self.assert_decides(name, "Office <office@stranger.example>", "suspicious", "quarantine",
                            "answers to freemail", more="Reply-To: Ada Lovelace <director@outlook.com>\r\n")
        self.assert_no_finding(name, "Ada Lovelace <ada.lovelace1815@gmail.com>", auth=PASS)
        self.assert_decides(name, "Ada Lovelace <ada.lovelace1815@gmail.com>", "malicious", "reject", "freemail",
                            auth=FAIL)

    def test_exceptions_that_expire(self):
        name = "exceptions-that-expire.yaml"
        self.check(name, f"{name}:35:14: warning: this exception has expired on 2025-09-30 and is off; "
                         "renew or remove it")
        booking = "Ada Lovelace <ada@bookings.example>"
        self.assertEqual(self.assert_no_finding(name, booking, auth=PASS)["exceptions"], ["booking service"])
        self.assert_decides(name, booking, "spoof", "quarantine", "everything else", auth=FAIL)
        self.assert_decides(name, "Robert Hofstadter <robert@bookings.example>", "spoof", "quarantine",
                            "everything else", auth=PASS)
        scan = self.assert_no_finding(name, "Ada Lovelace <scanner@printers.example>", auth=NONE)
        self.assertEqual(scan["exceptions"], ["printers"])
        self.assert_decides(name, "Ada Lovelace <ada@conference.example>", "spoof", "quarantine",
                            "everything else", auth=PASS)

    def test_shadow(self):
        name = "shadow.yaml"
        self.check(name)
        verdict = self.assert_decides(name, ADA, "spoof", "tag", "in force")
        self.assertEqual([(d["action"], d["shadow_action"], d["shadow_rule"]) for d in verdict["shadow"]],
                         [("tag", "reject", "executives, refused")])
        verdict = self.assert_no_finding(name, "Ada Lovelase <ada@stranger.example>")
        self.assertEqual([(d["action"], d["shadow_action"], d["shadow_rule"]) for d in verdict["shadow"]],
                         [(None, "quarantine", "executives, slips")])
        self.assertNotIn("shadow", self.assert_decides(name, ROBERT, "spoof", "tag", "in force"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
