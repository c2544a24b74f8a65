#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""What public DNS says of imported domains: MX and SPF, asked of a real name server by the running daemon."""
import json
import subprocess
import unittest

from support.daemons import program
from support.dns import DnsServer, txt
from support.office365 import Office365TestCase, organization

DOMAIN = "contoso.example"
GATEWAY = """\
gateway_addresses: [192.0.2.10, 198.51.100.0/24]
gateway_hostname: gw.example.net
"""
# Each with what SPF says of 192.0.2.10 and of 2001:db8::1.
RECORDS = {
    "pass.test": ("v=spf1 ip4:192.0.2.0/24 -all", "pass", "fail"),
    "soft.test": ("v=spf1 ~all", "softfail", "softfail"),
    "neutral.test": ("v=spf1 ?all", "neutral", "neutral"),
    "include.test": ("v=spf1 include:pass.test -all", "pass", "fail"),
    "redirect.test": ("v=spf1 redirect=pass.test", "pass", "fail"),
    "mx.test": ("v=spf1 mx -all", "pass", "pass"),
    "ptr.test": ("v=spf1 ptr -all", "pass", "fail"),
    "exists.test": ("v=spf1 exists:%{ir}.allowed.test -all", "pass", "fail"),
    "everybody.test": ("v=spf1 ip4:0.0.0.0/0 -all", "pass", "fail"),
    # More networks than libspf2 keeps.
    "many.test": (f"v=spf1 {' '.join(f'ip4:1.1.1.{i}' for i in range(70))} ip4:192.0.2.10 -all", "pass", "fail"),
    # libspf2 expands explanations, and dies of some.
    "explained.test": ("v=spf1 -all exp=long.test", "fail", "fail"),
    "void.test": ("v=spf1 a:a.void.test a:b.void.test a:c.void.test ip4:192.0.2.10 -all", "permerror", "permerror"),
    "loop.test": ("v=spf1 include:loop.test -all", "permerror", "permerror"),
    "missing.test": ("v=spf1 include:absent.test -all", "permerror", "permerror"),
    "wrong.test": ("v=spf1 ipv4:192.0.2.10 -all", "permerror", "permerror"),
    "none.test": ("no record", "none", "none"),
    "deaf.test": ("v=spf1 a:a.deaf.test -all", "temperror", "temperror"),
}
OTHERS = ("mx.test. MX 10 host.mx.test.", "host.mx.test. A 192.0.2.10", "host.mx.test. AAAA 2001:db8::1",
          "10.2.0.192.in-addr.arpa. PTR host.ptr.test.", "host.ptr.test. A 192.0.2.10",
          "10.2.0.192.allowed.test. A 127.0.0.2", txt("long.test", "%{h}%{d}" * 150),
          txt("two.test", "v=spf1 -all"), txt("two.test", "v=spf1 +all"))


class Spf(unittest.TestCase):
    """The program that works SPF out, by itself."""

    @classmethod
    def setUpClass(cls):
        lines = [txt(name, record) for name, (record, *_) in RECORDS.items()]
        cls.dns = cls.enterClassContext(DnsServer(*lines, *OTHERS))
        cls.dns.ignore("a.deaf.test")

    def check(self, *requests):
        lines = "".join(json.dumps({"domain": domain, "address": address}) + "\n" for domain, address in requests)
        done = subprocess.run([program("fromguard-spf-check"), "700", self.dns.address], input=lines, text=True,
                              env={}, capture_output=True, check=False, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return [json.loads(line) for line in done.stdout.splitlines()]

    def test_records_mean_what_they_say(self):
        requests = [(name, address) for name in RECORDS for address in ("192.0.2.10", "2001:db8::1")]
        wanted = [result for _, *results in RECORDS.values() for result in results]
        for request, result, answer in zip(requests, wanted, self.check(*requests), strict=True):
            with self.subTest(request=request):
                self.assertEqual(answer["result"], result, answer["explanation"])

    def test_two_records_are_an_error(self):
        self.assertEqual(self.check(("two.test", "192.0.2.10"))[0]["result"], "permerror")

    def test_this_machine_does_not_pass(self):
        for address in ("127.0.0.1", "::1"):
            self.assertEqual(self.check(("soft.test", address))[0]["result"], "permerror")


class Domains(Office365TestCase):
    """The daemon, its commands, and a tenant whose domain gets other records over time."""

    def start(self, *lines):
        self.dns = self.enterContext(DnsServer(*lines))
        self.directory.name_server = self.dns.address
        self.directory.configure(organization(self.microsoft, sync="first: automatic, every: 1h",
                                              protect="groups: [Executives]"))
        text = self.directory.configuration.read_text()
        self.directory.configuration.write_text(GATEWAY + text)
        self.directory.spawn()
        self.addCleanup(self.directory.stop)
        self.directory.wait_until(self.is_imported, "the import")

    def is_imported(self):
        return self.directory.has_started() and DOMAIN in self.domains()

    def domains(self):
        return {each["domain"]: each for each in self.directory.ask("domains", "list")["domains"]}

    def check(self):
        return self.directory.ask("domains", "check", DOMAIN)

    def test_a_domain_comes_to_the_gateway(self):
        self.start(f"{DOMAIN}. 7200 MX 10 mail.elsewhere.test.", "mail.elsewhere.test. A 203.0.113.1",
                   txt(DOMAIN, "v=spf1 ip4:192.0.2.10 -all"))
        checked = self.check()
        self.assertEqual((checked["mx"]["standing"], checked["failure"]), ("elsewhere", ""))
        self.assertEqual(checked["mx"]["hosts"], [{"host": "mail.elsewhere.test", "preference": 10}])
        self.assertEqual((checked["mx"]["ttl"], checked["mx"]["ready_at"]), (7200, 0))
        self.assertEqual([(each["address"], each["result"]) for each in checked["spf"]],
                         [("192.0.2.10", "pass"), ("198.51.100.1", "fail"), ("198.51.100.254", "fail")])
        self.assertEqual(self.domains()[DOMAIN]["mx"], checked["mx"])
        shown = self.directory.command("domains", "check", DOMAIN)
        self.assertIn(b"MX elsewhere: 10 mail.elsewhere.test", shown.stdout)
        self.assertIn(b"198.51.100.254", shown.stdout)
        self.directory.stop()
        self.start(f"{DOMAIN}. 300 MX 10 gw.example.net.", f"{DOMAIN}. 300 MX 20 mx2.test.", "mx2.test. A 192.0.2.10")
        moved = self.check()["mx"]
        self.assertEqual((moved["standing"], len(moved["hosts"])), ("ours", 2))
        # The daemon may have looked by itself before it was told to.
        self.assertGreater(moved["ready_at"], checked["mx"]["checked"] + 7200 - 1)
        self.assertLessEqual(moved["ready_at"], moved["checked"] + 7200)

    def test_what_dns_does_not_tell_is_told(self):
        self.start(f"{DOMAIN}. MX 10 gw.example.net.", txt(DOMAIN, "v=spf1 ip4:192.0.2.10 -all"))
        self.assertEqual(self.check()["mx"]["standing"], "ours")
        self.dns.ignore(DOMAIN)
        checked = self.check()
        self.assertEqual(checked["mx"]["standing"], "ours")
        self.assertIn(f"DNS gives no answer for {DOMAIN}", checked["failure"])
        self.assertEqual({each["result"] for each in checked["spf"]}, {"temperror"})
        # One that hangs on DNS ends when it is told to.
        self.assertEqual(self.directory.stop(), 0)

    def test_a_domain_of_nobody_is_not_found(self):
        self.start(f"{DOMAIN}. MX 10 gw.example.net.")
        self.assertEqual(self.directory.command("domains", "check", "nobody.test").returncode, 66)


if __name__ == "__main__":
    unittest.main()
