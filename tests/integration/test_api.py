#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""The REST API over TCP against a running directory daemon: each operation as it is described, as each
role; what does not leak across organizations; and attacks."""
import contextlib
import http.client
import json
import pathlib
import shutil
import socket
import tempfile
import unittest

from support.api import NOBODY, Api, Caller, Description, quoted
from support.daemons import Directory
from support.dns import DnsServer
from support.microsoft import Microsoft
from support.office365 import organization
from support.waiting import free_port, wait_until

PASSWORD = "correct horse battery"
OFFICE = f"contoso/{quoted('Office 365')}"
SCRIPT = "<script>alert(1)</script>"
ROLES = ("viewer", "operator", "admin")
SETTINGS = """\
api: {{listen: 127.0.0.1:{port}, public_url: "http://localhost:{port}"}}
detections: {folder}/detections
gateway_addresses: 192.0.2.10
gateway_hostname: gw.example.net
"""
FABRIKAM = """\
  - name: fabrikam
    domains: [fabrikam.example]
    directories:
      - {name: Staff, type: csv, path: fabrikam.csv}
"""


class ApiTestCase(unittest.TestCase):
    """contoso, a simulated tenant, and fabrikam, a CSV file; an account of each role for all
    organizations, and one of each for fabrikam alone."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="fromguard-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.microsoft = Microsoft(cls.folder / "microsoft", 60, 16).start()
        cls.addClassCleanup(cls.microsoft.stop)
        cls.directory = Directory(cls.folder / "directory", "")
        cls.directory.name_server = cls.enterClassContext(DnsServer()).address
        cls.directory.configure(organization(cls.microsoft, sync="every: 1h", protect="people: []")
                                .replace("    protect: {people: []}\n", "")
                                .replace("        sync:", "        features: [sync, provision, posture, pull]\n        sync:", 1)
                                + FABRIKAM)
        cls.directory.write_csv("fabrikam.csv", f"{SCRIPT},mallory@fabrikam.example,,Board",
                                "Grace Hopper,grace@fabrikam.example,,Board")
        cls.api = Api(free_port())
        text = cls.directory.configuration.read_text()
        cls.directory.configuration.write_text(SETTINGS.format(port=cls.api.port, folder=cls.folder) + text)
        cls.directory.spawn()
        cls.addClassCleanup(cls.directory.stop)
        cls.directory.wait_until(cls.directory.has_started, "the daemon to serve")
        cls.description = Description()
        cls.set_up()
        cls.synced()

    @classmethod
    def set_up(cls):
        secret = cls.directory.ask("setup-link")["secret"]
        begun = cls.api.call("POST", "setup", {"secret": secret, "name": "ada", "password": PASSWORD})
        assert begun.status == 201, begun.body
        cls.setup_secret = secret
        cls.callers = {"nobody": NOBODY, "admin": Caller.with_session(begun)}
        for name, more in (("viewer", {}), ("operator", {})):
            cls.callers[name] = cls.make_account(name, name, **more)
        for role in ROLES:
            cls.callers[f"fabrikam {role}"] = cls.make_account(f"f-{role}", role, organizations=["fabrikam"])

    @classmethod
    def make_account(cls, name, role, **more):
        made = cls.api.call("POST", "accounts", {"name": name, "password": PASSWORD, "role": role, **more},
                            cls.callers["admin"])
        assert made.status == 201, made.body
        return Caller.with_session(cls.api.call("POST", "session", {"name": name, "password": PASSWORD}))

    @classmethod
    def synced(cls):
        for name in ("contoso/Office 365", "fabrikam/Staff"):
            cls.directory.command("directories", "sync", name, "--wait")

    def call(self, role, method, path, body=None, **headers):
        return self.api.call(method, path, body, self.callers[role], **headers)

    def assert_refused(self, answer, status, code=None):
        self.assertEqual(answer.status, status, answer.body)
        self.assertEqual(answer.headers["Content-Type"], "application/problem+json")
        if code:
            self.assertEqual(answer.code, code)


class Contract(ApiTestCase):
    """Each operation as the least role that may, and each answer as it is described."""

    def setUp(self):
        self.called = set()

    def do(self, operation, path, body=None, role=None, status=200, **headers):
        """Calls an operation that must succeed and gives what it answers."""
        what = self.description.operations[operation]
        self.assertTrue(self.fits(what.path, path), f"{path} is no {what.path}")
        role = role or (what.role if what.role in ROLES else "viewer")
        answer = self.call(role, what.method, path, body, **headers)
        self.assertEqual(answer.status, status, f"{operation}: {answer.body}")
        self.description.check(what, answer)
        self.called.add(operation)
        return answer

    @staticmethod
    def fits(pattern, path):
        wanted, given = pattern.strip("/").split("/"), path.split("?")[0].split("/")
        return len(wanted) == len(given) and all(a == b or a.startswith("{") for a, b in zip(wanted, given))

    def test_every_operation_answers_as_described(self):
        self.read_records()
        self.work_on_people()
        self.work_on_directories()
        self.work_on_domains()
        self.work_on_connectors()
        self.work_on_posture()
        self.work_on_messages()
        self.work_on_accounts()
        self.assertEqual(set(self.description.operations) - self.called, {"setUp", "makeSetUpLink", "watchEvents",
                         "showDetection", "markDetection", "unmarkDetection"})

    def read_records(self):
        for operation, path in (("showStatus", "status"), ("listOrganizations", "organizations"),
                                ("listDirectories", "directories"), ("listPermissions", "permissions"),
                                ("listProtections", "protections"), ("listWarnings", "warnings"),
                                ("listSecondaryEmails", "secondary-emails"),
                                ("listDomains", "domains"), ("listNotifications", "notifications?limit=1"),
                                ("listAudit", "audit?limit=1"), ("listJobs", "jobs"), ("exportAdditions", "export"),
                                ("listDetections", "detections"), ("countDetections", "statistics/detections?days=7"),
                                ("listSuggestions", "suggestions?organization=contoso"),
                                ("showSession", "session"), ("listSinks", "notifications/sinks"),
                                ("listMarks", "detections/marks"), ("exportMarks", "detections/marks/export"),
                                ("showDescription", "openapi.yaml")):
            self.do(operation, path)
        number = self.call("viewer", "GET", "notifications").json["notifications"][0]["number"]
        self.assertTrue(self.do("resolveNotification", f"notifications/{number}/resolve").json["resolved"])
        self.assertEqual(self.do("testSinks", "notifications/test", {}).json, {"tests": []})

    def work_on_people(self):
        person = self.do("listPeople", "people?directory=contoso/Office%20365&limit=1").json["people"][0]
        at = f"people/{OFFICE}/{quoted(person['id'])}"
        self.do("showPerson", at)
        self.do("listWarningsOfPerson", f"{at}/warnings")
        group = self.do("listGroups", "groups?directory=contoso/Office%20365&limit=1").json["groups"][0]
        self.do("showGroup", f"groups/{OFFICE}/{quoted(group['id'])}")
        self.do("listMembers", f"groups/{OFFICE}/{quoted(group['id'])}/members?limit=1")
        for kind, found in (("group", group), ("person", person)):
            protection = f"protections/{OFFICE}/{kind}/{quoted(found['id'])}"
            self.assertTrue(self.do("protect", protection).json["changed"])
            self.assertTrue(self.do("unprotect", protection).json["changed"])
        emails = self.do("showSecondaryEmails", f"{at}/secondary-emails")
        self.assertEqual(self.call("operator", "PUT", f"{at}/secondary-emails", {"addresses": []}).status, 428)
        put = self.do("putSecondaryEmails", f"{at}/secondary-emails", {"addresses": ["one@home.example"]},
                      If_Match=emails.headers["ETag"])
        self.assertEqual(put.json["added"], ["one@home.example"])
        self.assert_refused(self.call("operator", "PUT", f"{at}/secondary-emails", {"addresses": []},
                                      If_Match=emails.headers["ETag"]), 412, "changed")
        self.do("importSecondaryEmails", "secondary-emails/import",
                {"entries": [{"person": person["mail"], "address": "two@home.example"}]})

    def work_on_directories(self):
        secret = "a-client-secret-of-contoso"
        self.do("addDirectory", "directories",
                {"organization": "contoso", "name": "New", "type": "office365", "tenant": "t.example",
                 "client_id": "c", "credential": {"secret_value": secret}}, status=201)
        for path in ("directories", "export", "audit"):
            self.assertNotIn(secret.encode(), self.call("admin", "GET", path).body)
        self.do("authorizeDirectory", "directories/contoso/New/authorization")
        shown = self.do("showDirectory", "directories/contoso/New")
        change = {"sync": {"every": "6h", "targets": {"people": ["ada@contoso.example"]}}}
        self.assertEqual(self.call("admin", "PATCH", "directories/contoso/New", change).status, 428)
        changed = self.do("changeDirectory", "directories/contoso/New", change, If_Match=shown.headers["ETag"])
        self.assertEqual(changed.json["every_seconds"], 21600)
        self.assert_refused(self.call("admin", "PATCH", "directories/contoso/New", change,
                                      If_Match=shown.headers["ETag"]), 412, "changed")
        self.do("removeDirectory", "directories/contoso/New")
        begun = self.do("syncDirectory", f"directories/{OFFICE}/sync", {"full": True}, status=202,
                        Idempotency_Key="one")
        again = self.do("syncDirectory", f"directories/{OFFICE}/sync", {"full": True}, status=202,
                        Idempotency_Key="one")
        self.assertEqual(again.json, begun.json)
        job = begun.headers["Location"].removeprefix("/api/v1/")
        self.assertIn(self.call("operator", "POST", f"{job}/cancel").status, (202, 409))
        wait_until(lambda: self.do("showJob", job).json["state"] != "running", "the sync to end")
        self.cancel_a_sync()
        refused = self.call("operator", "POST", f"directories/{OFFICE}/provision", {})
        self.description.check(self.description.operations["provisionDirectory"], refused)
        self.called.add("provisionDirectory")

    def cancel_a_sync(self):
        """The service makes the sync wait, so that it runs while it is cancelled."""
        job = self.do("syncDirectory", f"directories/{OFFICE}/sync", {"full": True}, status=202).json["job"]
        answer = self.call("operator", "POST", f"jobs/{job}/cancel")
        self.description.check(self.description.operations["cancelJob"], answer)
        self.called.add("cancelJob")
        wait_until(lambda: self.call("viewer", "GET", f"jobs/{job}").json["state"] != "running", "the sync to end")

    def work_on_domains(self):
        domain = next(each["domain"] for each in self.call("viewer", "GET", "domains").json["domains"]
                      if each["imported"])
        self.do("showDomain", f"domains/{domain}")
        checked = self.do("checkDomain", f"domains/{domain}/check").json
        self.assertEqual((checked["domain"], checked["mx"]["standing"]), (domain, "none"))
        self.assertEqual(self.do("setNextHop", f"domains/{domain}/next-hop", {"host": "mx.example"})
                         .json["next_hop_override"], "mx.example")
        self.assertTrue(self.do("enableDomain", f"domains/{domain}/enable").json["relay_enabled"])
        self.assertFalse(self.do("disableDomain", f"domains/{domain}/disable").json["relay_enabled"])

    def work_on_connectors(self):
        self.do("listConnectors", "connectors")
        self.do("preflightConnectors", "connectors/preflight")
        plan = self.do("planConnectors", "connectors/plan", {"directory": "contoso/Office 365"}).json
        begun = self.do("applyConnectors", "connectors/apply", {"plan": plan["id"]}, status=202, Idempotency_Key="plan")
        job = begun.headers["Location"].removeprefix("/api/v1/")
        wait_until(lambda: self.call("viewer", "GET", job).json["state"] != "running", "the plan to be applied")
        self.assertEqual(self.do("showJob", job).json["state"], "done")
        self.assertTrue(self.do("verifyConnectors", "connectors/verify", {}).json["fulfilled"])
        self.assertFalse(self.do("listRequirements", "connectors/requirements?step=lock").json["met"])
        for operation, step in (("enableInbound", "enable-inbound"), ("lockInbound", "lock"),
                                ("enableOutbound", "enable-outbound")):
            refused = self.call("admin", "POST", f"connectors/{step}", {})
            self.description.check(self.description.operations[operation], refused)
            self.assert_refused(refused, 409, "conflict")
            self.called.add(operation)
        self.do("unlockInbound", "connectors/unlock", {})
        self.do("disableOutbound", "connectors/disable-outbound", {})
        script = self.call("viewer", "GET", "connectors/script")
        self.assertEqual((script.status, script.headers["Content-Type"]), (200, "text/plain; charset=utf-8"))
        self.assertIn(b"New-InboundConnector", script.body)
        self.called.add("writeConnectorScript")
        self.assertTrue(self.do("removeConnectors", "connectors/remove", {}).json["fulfilled"])

    def work_on_messages(self):
        wanted = {"message_id": "<1@x.example>", "recipients": ["Executives@contoso.example", "nobody@contoso.example"]}
        for begin, show, path in (("findMessage", "showMessageSearch", "searches"), ("pullMessage", "showPull", "pulls")):
            at = f"messages/{path}/{self.do(begin, f'messages/{path}', wanted, status=202).json['number']}"
            wait_until(lambda a=at, s=show: b'"ended":0' not in self.do(s, a).body, f"{begin} to end")
        self.assertEqual(self.do("listPulls", "messages/pulls").json["pulls"][0]["unknown"], wanted["recipients"][1:])
        self.do("restorePull", f"{at}/restore", status=202)

    def work_on_posture(self):
        begun = self.call("operator", "POST", "posture/scans", {}, Idempotency_Key="scan")
        self.assertIn(begun.status, (202, 409), begun.body)  # 409: it has begun by itself
        self.description.check(self.description.operations["startPostureScan"], begun)
        self.called.add("startPostureScan")
        wait_until(lambda: self.do("listPostureScans", "posture/scans").json["scans"][0]["finished"], "the scan")
        page = self.do("listPostureFindings", "posture/findings?limit=1&severity=medium").json
        self.assertEqual(len(page["findings"]), 1)
        more = self.do("listPostureFindings", f"posture/findings?severity=medium&after={page['next']}").json["findings"]
        self.assertNotIn(page["findings"][0], more)
        kinds = self.do("summarizePosture", "posture/summary").json["findings"]
        self.assertEqual(len(kinds), 26)
        every = self.do("exportPosture", "posture/export?format=json").json
        self.assertEqual(len(every), sum(kind["open"] + kind["resolved"] + kind["not_evaluated"] for kind in kinds))
        whole = self.call("viewer", "GET", "posture/export?format=csv")
        self.assertEqual(whole.headers["Content-Type"], "text/csv; charset=utf-8")
        self.assertEqual(whole.body.count(b"\r\n"), 1 + len(every))

    def work_on_accounts(self):
        self.do("addAccount", "accounts", {"name": "eve", "password": PASSWORD, "role": "viewer"}, status=201)
        self.do("listAccounts", "accounts")
        tag = self.do("showAccount", "accounts/eve").headers["ETag"]
        changed = self.do("changeAccount", "accounts/eve", {"role": "operator"}, If_Match=tag)
        self.assertEqual(changed.json["role"], "operator")
        self.do("setPassword", "accounts/eve/password", {"password": PASSWORD + "2"}, role="admin")
        self.do("signIn", "session", {"name": "eve", "password": PASSWORD + "2"}, role="nobody")
        self.do("endSessions", "accounts/eve/sessions", role="admin")
        token = self.do("addToken", "tokens", {"name": "backup", "scope": "read"}, status=201).json
        self.do("listTokens", "tokens")
        status = self.api.call("GET", "status", caller=Caller.with_token(token["secret"]))
        self.assertEqual(status.status, 200)
        self.do("revokeToken", f"tokens/{token['id']}")
        self.assert_refused(self.api.call("GET", "status", caller=Caller.with_token(token["secret"])), 401)
        self.do("removeAccount", "accounts/eve")
        gone = self.make_account("gone", "viewer")
        answer = self.api.call("DELETE", "session", caller=gone)
        self.description.check(self.description.operations["signOut"], answer)
        self.called.add("signOut")
        self.assert_refused(self.api.call("GET", "status", caller=gone), 401)

    def test_a_path_takes_the_described_methods_alone(self):
        for path in self.description.document["paths"]:
            target = path.strip("/")
            for name in ("organization", "directory", "id", "domain", "number", "name", "kind"):
                target = target.replace(f"{{{name}}}", "1")
            described = {each.method for each in self.description.operations.values() if each.path == path}
            described |= {"HEAD"} if "GET" in described else set()
            answer = self.call("admin", "PROPFIND", target)
            if answer.status == 405:
                self.assertEqual(set(answer.headers["Allow"].split(", ")), described, path)
            other = next(each for each in ("PATCH", "PUT", "DELETE") if each not in described)
            refused = self.call("admin", other, target)
            self.assertEqual(refused.status, 405, f"{other} {path}")
            self.assertEqual(set(refused.headers["Allow"].split(", ")), described, path)

    def test_events_tell_of_a_job(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.api.port, timeout=60)
        self.addCleanup(connection.close)
        connection.request("GET", "/api/v1/events", headers=self.callers["viewer"].headers)
        stream = connection.getresponse()
        self.assertEqual(stream.headers["Content-Type"], "text/event-stream")
        self.assertEqual(stream.readline(), b"retry: 3000\n")
        self.call("operator", "POST", "directories/fabrikam/Staff/sync", {})
        while (line := stream.readline()) != b"event: job\n":
            self.assertNotEqual(line, b"")
        job = json.loads(stream.readline().removeprefix(b"data: "))
        self.assertEqual(job["subject"], "fabrikam/Staff")


class Roles(ApiTestCase):
    """Each operation as each role, on a contoso that only some may see."""

    values = {"organization": "contoso", "directory": quoted("Office 365"), "id": "1", "domain": "contoso.example", "name": "ada",
              "kind": "person"}

    def requests(self):
        """Each operation with a path in contoso and a body that no operation takes."""
        jobs = self.call("admin", "GET", "jobs").json["jobs"]
        number = next(job["id"] for job in jobs if job["organization"] == "contoso")
        for each in self.description.operations.values():
            path = each.path.strip("/")
            for name, value in {**self.values, "number": str(number)}.items():
                path = path.replace(f"{{{name}}}", value)
            if each.id != "watchEvents":
                yield each, path, None if each.method in ("GET", "DELETE") else {"no such field": 1}

    def test_nobody_gets_in(self):
        for each, path, body in self.requests():
            with self.subTest(operation=each.id):
                answer = self.api.call(each.method, path, body)
                if each.role != "anyone":
                    self.assert_refused(answer, 401, "unauthenticated")
        self.assert_refused(self.api.call("GET", "no/such/path"), 401, "unauthenticated")

    def test_a_lower_role_is_denied(self):
        for each, path, body in self.requests():
            for role in ROLES[:ROLES.index(each.role)] if each.role in ROLES else ():
                with self.subTest(operation=each.id, role=role):
                    self.assert_refused(self.call(role, each.method, path, body), 403, "denied")

    def test_another_organization_is_not_there(self):
        lists = {"showStatus", "listOrganizations", "listDirectories", "listPermissions", "listGroups", "listPeople",
                 "listSecondaryEmails", "listProtections", "listWarnings", "listDomains", "listConnectors", "listNotifications", "listAudit", "listJobs",
                 "listDetections", "countDetections", "listSuggestions", "exportAdditions", "listPostureScans", "listPostureFindings", "listPulls",
                 "summarizePosture", "listAccounts", "listTokens", "listSinks", "testSinks", "listMarks",
                 "exportMarks"}
        for each, path, body in self.requests():
            if each.role == "anyone" or each.id in ("signOut", "addToken", "addAccount"):
                continue
            with self.subTest(operation=each.id):
                answer = self.call("fabrikam admin", each.method, path, {} if body else None)
                if each.id in lists:
                    self.assertEqual(answer.status, 200, answer.body)
                elif each.id not in ("addDirectory", "importSecondaryEmails", "makeSetUpLink", "setNextHop",
                                     "putSecondaryEmails", "setPassword", "changeAccount", "changeDirectory",
                                     "applyConnectors", "exportPosture", "markDetection", "findMessage", "pullMessage"):
                    self.assert_refused(answer, 404)
                else:
                    self.assertGreaterEqual(answer.status, 400)
                self.assertNotIn(b"contoso", answer.body.replace(b"contoso.example", b"").replace(b"contoso/Office", b""))

    def test_a_scope_cannot_be_left(self):
        for body in ({"name": "x1", "password": PASSWORD, "role": "viewer"},
                     {"name": "x2", "password": PASSWORD, "role": "viewer", "organizations": ["contoso"]}):
            self.assertGreaterEqual(self.call("fabrikam admin", "POST", "accounts", body).status, 400)
        answer = self.call("fabrikam admin", "POST", "directories",
                           {"organization": "contoso", "name": "X", "type": "csv", "path": "x.csv"})
        self.assert_refused(answer, 404)
        emails = {"entries": [{"person": self.call("admin", "GET", "people?directory=contoso/Office%20365&limit=1")
                               .json["people"][0]["mail"], "address": "x@home.example"}]}
        self.assertGreaterEqual(self.call("fabrikam operator", "POST", "secondary-emails/import", emails).status, 400)


class Attacks(ApiTestCase):
    def test_a_page_of_another_site_changes_nothing(self):
        admin = self.callers["admin"].headers
        sync = ("POST", "directories/fabrikam/Staff/sync", {})
        cookie = Caller({"Cookie": admin["Cookie"]})
        self.assert_refused(self.api.call(*sync, caller=cookie), 403, "csrf")
        self.assert_refused(self.api.call(*sync, caller=cookie, X_CSRF_Token="x" * 43), 403, "csrf")
        viewer = self.callers["viewer"].headers["X-CSRF-Token"]
        self.assert_refused(self.api.call(*sync, caller=cookie, X_CSRF_Token=viewer), 403, "csrf")
        for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site"}):
            self.assert_refused(self.call("admin", *sync, **headers), 403, "denied")
        self.assert_refused(self.call("admin", "POST", sync[1], b"{}", Content_Type="text/plain"), 415)
        sign_in = {"name": "viewer", "password": PASSWORD}
        self.assert_refused(self.api.call("POST", "session", sign_in, Origin="https://evil.example"), 403)

    def test_a_session_is_never_one_that_was_brought_along(self):
        planted = "a" * 43
        answer = self.api.call("POST", "session", {"name": "viewer", "password": PASSWORD},
                               Cookie=f"__Host-fromguard={planted}")
        self.assertEqual(answer.status, 200)
        self.assertNotIn(planted, answer.headers["Set-Cookie"])
        for word in ("__Host-fromguard=", "Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
            self.assertIn(word, answer.headers["Set-Cookie"])
        self.assert_refused(self.api.call("GET", "status", Cookie=f"__Host-fromguard={planted}"), 401)

    def test_a_name_of_somebody_else_is_not_ours(self):
        for host in ("evil.example", f"evil.example:{self.api.port}", "localhost.evil.example"):
            for target in ("/api/v1/openapi.yaml", "/", "/oauth/callback"):
                self.assertEqual(self.api.ask("GET", target, headers={"Host": host}).status, 421)
        self.assertEqual(self.api.ask("GET", "/api/v1/openapi.yaml", headers={"Host": "localhost"}).status, 200)

    def test_paths_lead_nowhere_else(self):
        for target in ("/api/v1/../../etc/passwd", "/..%2f..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/etc/passwd",
                       "/api/v1/people/contoso/..%2f..%2fetc/passwd", "//etc/passwd", "/etc/passwd%00.html"):
            answer = self.api.ask("GET", target, headers=self.callers["admin"].headers)
            self.assertNotIn(b"root:", answer.body)
            if target.startswith("/api/"):
                self.assertIn(answer.status, (400, 404), target)

    def test_a_header_cannot_be_smuggled_into_an_answer(self):
        answer = self.call("admin", "GET", "people/contoso/x%0d%0aSet-Cookie:%20a=b/1")
        self.assert_refused(answer, 404)
        self.assertIsNone(answer.headers["Set-Cookie"])
        self.assertIsNone(self.call("admin", "GET", "jobs/%0d%0aX-Evil:%201").headers["X-Evil"])

    def test_json_bombs_are_refused(self):
        for bomb in (b"[" * 900_000, b'{"a":' * 100_000, b'{"full":' + b"9" * 400_000 + b"}", b'{"full":1e999999}',
                     b'"' + b"\\u0000" * 100_000 + b'"', b"\xff\xfe{}"):
            answer = self.call("admin", "POST", "directories/fabrikam/Staff/sync", bomb)
            self.assertIn(answer.status, (400, 422), answer.body)

    def test_what_is_too_large_is_refused(self):
        self.assertEqual(self.call("admin", "POST", "directories", b" " * (1024 * 1024 + 1)).status, 413)
        self.assertEqual(self.call("admin", "GET", "status", X_Padding="x" * 20_000).status, 431)

    def test_slow_clients_shut_nobody_out(self):
        with contextlib.ExitStack() as slow:
            for _ in range(1000):
                connection = slow.enter_context(socket.create_connection(("127.0.0.1", self.api.port), timeout=60))
                connection.sendall(b"GET /api/v1/status HTTP/1.1\r\nHost: 127.0.0.1\r\nX-")
            self.assertEqual(self.call("viewer", "GET", "status").status, 200)

    def test_tokens_cannot_be_guessed_for_long(self):
        guesses = [self.api.call("GET", "status", caller=Caller.with_token(f"fg_{i:043}")).status for i in range(60)]
        self.assertEqual(guesses[0], 401)
        self.assertEqual(guesses[-1], 429)
        self.assertEqual(self.call("viewer", "GET", "status").status, 200)

    def test_passwords_cannot_be_guessed_for_long(self):
        name = "guessed"
        self.make_account(name, "viewer")
        answers = [self.api.call("POST", "session", {"name": name, "password": f"wrong password {i}"})
                   for i in range(8)]
        self.assertEqual(answers[0].status, 401)
        self.assertEqual(answers[-1].status, 429)
        self.assertGreater(int(answers[-1].headers["Retry-After"]), 0)

    def test_set_up_happens_once(self):
        again = {"secret": self.setup_secret, "name": "eve", "password": PASSWORD}
        self.assertGreaterEqual(self.api.call("POST", "setup", again).status, 400)
        self.assertNotEqual(self.directory.command("setup-link").returncode, 0)

    def test_a_script_in_a_name_stays_text(self):
        answer = self.call("viewer", "GET", "people?search=mallory")
        self.assertEqual(answer.json["people"][0]["name"], SCRIPT)
        self.assertEqual(answer.headers["Content-Type"], "application/json")
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        for page in (answer, self.api.ask("GET", "/"), self.api.ask("GET", f"/oauth/callback?error={quoted(SCRIPT)}"),
                     self.call("viewer", "GET", quoted(SCRIPT))):
            self.assertIn("default-src 'none'", page.headers["Content-Security-Policy"])
            self.assertIn("frame-ancestors 'none'", page.headers["Content-Security-Policy"])
            self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
            if "html" in page.headers["Content-Type"]:
                self.assertNotIn(SCRIPT.encode(), page.body)

    def test_no_server_and_no_file_is_named_from_afar(self):
        office = {"organization": "fabrikam", "name": "X", "type": "office365", "tenant": "t", "client_id": "c",
                  "credential": {"secret_value": "s"}}
        csv = {"organization": "fabrikam", "name": "X", "type": "csv"}
        own = self.microsoft.graph if hasattr(self.microsoft, "graph") else "http://127.0.0.1:9"
        for body, pointer in (({**office, "cloud": {"login": own, "graph": own, "exchange": own}}, "/cloud"),
                              ({**office, "credential": {"secret": "/etc/shadow"}}, "/credential/secret"),
                              ({**office, "credential": {"certificate": "/etc/x.pem"}}, "/credential/certificate"),
                              ({**csv, "path": "/etc/passwd"}, "/path"), ({**csv, "path": "../x.csv"}, "/path"),
                              ({**csv, "path": "directory.yaml"}, "/path")):
            answer = self.call("admin", "POST", "directories", body)
            self.assert_refused(answer, 400)
            self.assertEqual(answer.json["pointer"], pointer)
        inside = {**csv, "path": "fabrikam.csv"}
        self.assert_refused(self.call("fabrikam admin", "POST", "directories", inside), 400)

    def test_both_ways_of_saying_who_one_is_are_too_many(self):
        answer = self.call("viewer", "GET", "status", Authorization="Bearer fg_x")
        self.assertEqual(answer.status, 400)


if __name__ == "__main__":
    unittest.main()
