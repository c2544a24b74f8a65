#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""The console: its types, how the daemon serves it, and what an admin does with it in a browser (tests/console/flows.mjs)."""
import gzip
import json
import os
import pathlib
import subprocess
import unittest
import urllib.error
import urllib.request

from support.daemons import program
from support.dns import DnsServer, txt
from support.mail import compose
from support.microsoft import Microsoft
from support.node_tools import TOOLS, install_tools
from support.site import SiteTestCase
from support.waiting import free_port

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONSOLE = ROOT / "directory" / "console"
SCREENSHOTS = pathlib.Path(program("fromguard-directory")).parents[1] / "console"
PEOPLE, GROUPS = 50_000, 40  # a tenth of the people are in one group

POLICY = """\
version: 1
mode: enforce
authentication: {require: never}
rules:
  - name: the rest
    then: {disposition: spoof, action: tag}
"""

HOSTILE = "=?utf-8?q?Ada_=E2=80=AELovelace=E2=80=AC?= <hostile@freemail.example>"
PLAIN = "Ada Lovelace <plain@freemail.example>"


class Types(unittest.TestCase):
    def test_the_sources_are_well_typed(self):
        install_tools()
        done = subprocess.run([TOOLS / "node_modules/.bin/tsc", "--project", CONSOLE], check=False,
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


class ConsoleTestCase(SiteTestCase):
    """A site whose directory daemon serves the console and reads the gateway's detections."""

    policy = POLICY
    more_people = ("Madonna,madonna@contoso.com,,Executives",)
    starts_gateway = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        dns = cls.enterClassContext(DnsServer(
            "contoso.example. MX 10 mail.elsewhere.test.", "mail.elsewhere.test. A 203.0.113.1",
            txt("contoso.example", "v=spf1 ip4:192.0.2.10 -all")))
        cls.url = f"http://localhost:{(port := free_port())}"
        kept = cls.site.folder / "detections"
        directory = cls.site.directory
        cls.socket = directory.folder / "directory.sock"
        text = directory.configuration.read_text().replace(directory.name_server, dns.address)
        directory.configuration.write_text(
            f'api: {{socket: {cls.socket}, listen: "127.0.0.1:{port}", public_url: "{cls.url}"}}\n'
            f"detections: {kept}\n"
            f"notify: {{mail: [{{name: admins, smtp: '127.0.0.1:{cls.site.mta.port}', from: fromguard@gw.example.net,"
            " to: postmaster@nobodys.example, events: none, digest: weekly}]}\n"
            "gateway_addresses: [192.0.2.10, 198.51.100.0/24]\ngateway_hostname: gw.example.net\n" + text)
        cls.site.gateway.configure(f"detections: {kept}\n")
        directory.publish()
        directory.spawn()
        cls.addClassCleanup(directory.stop)
        directory.wait_until(directory.has_started, "the directory daemon to serve")


class Served(ConsoleTestCase):
    def get(self, path, method="GET", **headers):
        request = urllib.request.Request(self.url + path, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.headers, refusal.read()

    def page(self):
        return self.get("/")[2].decode()

    def asset(self):
        return self.page().split('src="')[1].split('"')[0]

    def test_every_page_has_one_address_and_a_strict_policy(self):
        for path in ("/", "/settings/directories", "/detections?text=a.b"):
            status, headers, body = self.get(path)
            self.assertEqual(status, 200, path)
            self.assertIn(b'<div id="app">', body)
            self.assertEqual(headers["Cache-Control"], "no-cache")
            policy = headers["Content-Security-Policy"].split("; ")
            for directive in ("default-src 'none'", "script-src 'self'", "style-src 'self'",
                              "frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'"):
                self.assertIn(directive, policy)
            self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
            self.assertEqual(headers["Referrer-Policy"], "no-referrer")

    def test_what_is_no_page_is_not_found(self):
        for path in ("/assets/main.js", "/assets/", "/robots.txt", "/index.html/..%2f", "/../etc/passwd.txt"):
            self.assertEqual(self.get(path)[0], 404, path)
        self.assertEqual(self.get("/", "POST")[0], 405)

    def test_assets_are_kept_for_ever_and_compressed(self):
        plain = self.get(self.asset())
        self.assertIn("immutable", plain[1]["Cache-Control"])
        self.assertEqual(plain[1]["Content-Type"], "text/javascript; charset=utf-8")
        zipped = self.get(self.asset(), **{"Accept-Encoding": "gzip, br;q=0"})
        self.assertEqual(zipped[1]["Content-Encoding"], "gzip")
        self.assertEqual(gzip.decompress(zipped[2]), plain[2])
        best = self.get(self.asset(), **{"Accept-Encoding": "gzip, deflate, br"})
        self.assertEqual(best[1]["Content-Encoding"], "br")
        self.assertLess(len(best[2]), len(zipped[2]))
        self.assertEqual(best[1]["Vary"], "Accept-Encoding")

    def test_what_a_browser_has_is_not_sent_again(self):
        tag = self.get("/")[1]["ETag"]
        status, headers, body = self.get("/", **{"If-None-Match": tag})
        self.assertEqual((status, body), (304, b""))
        self.assertEqual(headers["ETag"], tag)
        self.assertEqual(self.get("/", **{"If-None-Match": '"another"'})[0], 200)

    def test_head_has_no_body(self):
        status, headers, body = self.get("/", "HEAD")
        self.assertEqual((status, body), (200, b""))
        self.assertEqual(headers["Content-Type"], "text/html; charset=utf-8")


class Flows(ConsoleTestCase):
    def known(self, microsoft):
        """What the flows need to know of the site."""
        executives = {name for name, _ in microsoft.truth("Executives").values()}
        names = [name for name, _ in microsoft.truth().values()]
        person = next(name for name in sorted(set(names) - executives)
                      if names.count(name) == 1 and name.isascii() and name.replace(" ", "").isalpha())
        return {"url": self.url, "socket": str(self.socket), "screenshots": str(SCREENSHOTS),
                "set_up_link": self.site.directory.ask("setup-link")["link"],
                "tenant": microsoft.tenant, "client_id": microsoft.client_id, "secret": microsoft.secret,
                "cloud": {"login": microsoft.login, "graph": microsoft.graph, "exchange": microsoft.exchange},
                "person": person, "smtp": self.site.mta.port}

    @staticmethod
    def put_mail(microsoft, message):
        """The recipient is in the tenant, and has the message."""
        microsoft.grant("User.Read.All", "GroupMember.Read.All", "Domain.Read.All", "Mail.ReadWrite")
        person = next(each for each in microsoft.objects("users") if each["userType"] == "Member" and each.get("mail"))
        microsoft.change({"op": "update", "user": person["id"], "properties": {
            "proxyAddresses": [f"SMTP:{person['mail']}", "smtp:reception@contoso.com"]}})
        microsoft.deliver(message.token.decode(), "reception@contoso.com", sender="hostile@freemail.example",
                          subject="Quarterly \u202efigures")

    def test_what_an_admin_does(self):
        install_tools()
        self.site.gateway.start()
        messages = [compose(sender) for sender in (HOSTILE, PLAIN)]
        for message in messages:
            self.site.pass_through(message)
        with Microsoft(self.site.folder / "microsoft", PEOPLE, GROUPS) as microsoft:
            microsoft.control("application", consented=False)
            self.put_mail(microsoft, messages[0])
            with subprocess.Popen(["node", TOOLS / "flows.mjs", json.dumps(self.known(microsoft))],
                                  stdin=subprocess.DEVNULL, env={**os.environ, "NODE_NO_WARNINGS": "1"}) as flows:
                self.assertEqual(flows.wait(timeout=600), 0)


class Picture(ConsoleTestCase):
    """docs/images/console.png is this picture: copy readme.png there when the console looks different."""

    policy = """\
version: 1
mode: enforce
authentication: {require: never}
matches: {nickname: on, typo: on, local_part: on}
rules:
  - name: weak hints
    when: {matches: [nickname, typo, local_part]}
    then: {disposition: suspicious, action: tag}
  - name: executives
    when: {matches: [exact, lookalike]}
    then: {disposition: malicious, action: reject}
  - name: the rest
    then: {disposition: spoof, action: quarantine}
"""

    # The last is the first of the page.
    forgeries = {"=?utf-8?q?Jos=C3=A9_=C3=81lvarez?= <jose.alvarez@freemail.example>": "jose.alvarez@freemail.example",
                 "Ada Lovelcae <ada@payroll.example>": "ada@payroll.example",
                 '"ada@contoso.com" <service@parcels.example>': "service@parcels.example",
                 HOSTILE: "hostile@freemail.example",
                 "Ada Lovelace (CFO) via Docs <share@docs.example>": "share@docs.example",
                 '"Lovelace, Ada" <office@contoso-hr.example>': "office@contoso-hr.example",
                 "=?utf-8?B?0JBkYSBMb3ZlbGFjZQ==?= <ada.lovelace@mailbox.example>": "ada.lovelace@mailbox.example"}

    def test_the_picture_of_the_readme(self):
        install_tools()
        self.site.gateway.start()
        for sender in self.forgeries:
            self.site.send(compose(sender))
        known = {"url": self.url, "screenshots": str(SCREENSHOTS), "shown": list(self.forgeries.values()),
                 "set_up_link": self.site.directory.ask("setup-link")["link"]}
        done = subprocess.run(["node", TOOLS / "picture.mjs", json.dumps(known)], check=False, timeout=120,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
