# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Microsoft's login service, Graph and Exchange Online as a program of ours; tests/support/microsoft/README.md."""
import json
import os
import pathlib
import subprocess
import urllib.error
import urllib.parse
import urllib.request

from support.daemons import program


class Microsoft:
    """The simulator on free loopback ports; it ends with its owner, whatever happens."""

    def __init__(self, folder, people=60, groups=16, seed=1, arguments=()):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._arguments = ["--people", people, "--groups", groups, "--seed", seed, *arguments]
        self._log = self.folder / "microsoft.log"
        self._process = None
        self.port = self.login = self.graph = self.exchange = None
        self.tenant = self.client_id = self.secret = None

    @property
    def running(self):
        return self._process is not None and self._process.poll() is None

    def start(self):
        """Starts it and returns once it serves."""
        with open(self._log, "ab") as log:
            self._process = subprocess.Popen(
                [program("microsoft_simulator"), "--until-stdin-closes", *map(str, self._arguments)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log)
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"microsoft_simulator ended with {self._process.wait()}:\n{self.log()}")
        for name, value in json.loads(line).items():
            setattr(self, name, value)
        return self

    def stop(self):
        """Ends it and returns the exit status. Nothing if it does not run."""
        if self._process is None:
            return None
        self._process.stdin.close()
        try:
            status = self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise
        finally:
            self._process.stdout.close()
            self._process = None
        return status

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def log(self):
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def control(self, call, method="POST", /, **fields):
        """A call of the control API: `control("faults", kind="html", path="/v1.0/users")`."""
        data = None if method == "GET" else json.dumps(fields).encode()
        query = "?" + urllib.parse.urlencode(fields) if method == "GET" and fields else ""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/control/{call}{query}",
                                         data=data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as refusal:
            raise ValueError(f"{method} {call}: {refusal.read().decode()}") from None

    def change(self, *operations, random_changes=0):
        """Changes the directory; returns the ids of what the operations touched."""
        return self.control("changes", operations=list(operations), random_changes=random_changes)["ids"]

    def truth(self, *groups):
        """Everybody in these groups, nested ones included: id -> (name, addresses)."""
        fields = {"groups": ",".join(groups)} if groups else {}
        people = self.control("truth", "GET", **fields)["people"]
        return {person["id"]: (person["displayName"], person["addresses"]) for person in people}

    def true_recipients(self):
        """Every address of a person or group in a verified domain, sorted."""
        return self.control("truth/addresses", "GET")["addresses"]

    def objects(self, kind):
        """All of `users` or `groups` with all their properties, also the removed ones (`presence`)."""
        return self.control(kind, "GET")["objects"]

    def exchange_objects(self, kind=None):
        """Exchange's objects, or those of a kind (`inbound`, `outbound`, `rule` ...), hidden ones included."""
        objects = self.control("exchange/objects", "GET")["objects"]
        return [each for each in objects if kind in (None, each["kind"])]

    def seed_exchange(self, kind, **properties):
        """Makes an object that nobody but an administrator made, or changes the one of this Guid; returns its GUID."""
        return self.control("exchange/objects", kind=kind, properties=properties)["guid"]

    def remove_exchange(self, guid=None):
        """Removes an object as an administrator does, or all of them."""
        self.control("exchange/objects", "DELETE", **({} if guid is None else {"guid": guid}))

    def set_exchange_roles(self, directory_role=True, management_roles=None):
        """What the application may do in Exchange; without a list the management roles stay."""
        roles = {} if management_roles is None else {"management_roles": list(management_roles)}
        self.control("exchange/roles", directory_role=directory_role, **roles)

    def set_mailbox(self, user, **settings):
        """What is told of a user: `methods`, `calendar_permissions`, `message_rules`, `purpose`, `failures`."""
        self.control("posture/mailbox", user=user, **settings)

    def set_applications(self, **lists):
        """`applications`, `service_principals`, `grants`, and `role_assignments` by id of service principal."""
        self.control("posture/applications", **lists)

    def set_organization(self, **properties):
        """Properties of the organization: `onPremisesSyncEnabled=True`."""
        self.control("posture/organization", properties=properties)

    def deliver(self, message_id, *recipients, **more):
        """Puts a message into mailboxes, groups expanded (`sender`, `subject`, `folder`, ...); returns how many."""
        return self.control("mail/deliver", message_id=message_id, recipients=list(recipients), **more)["delivered"]

    def mail(self, message_id):
        """Every copy of a message: `mail`, `folder`, `is_hidden`, `sender`, `moves`, ..."""
        return self.control("mail", "GET", message_id=message_id)["messages"]

    def grant(self, *roles):
        """Gives the application these permissions for Graph, and no others."""
        self.control("application", roles=list(roles))

    def cmdlets(self):
        """The cmdlets among the last 100 requests, in their order."""
        return [each["cmdlet"] for each in self.counters()["last"] if "cmdlet" in each]

    def counters(self):
        """`requests` by endpoint, `statuses`, and the `last` 100 requests."""
        return self.control("counters", "GET")

    def requests(self, endpoint):
        """How many came to an endpoint: `graph GET /v1.0/users/delta`."""
        return self.counters()["requests"].get(endpoint, 0)

    def reset_counters(self):
        self.control("counters", "DELETE")

    def clear_faults(self):
        """Ends faults and throttling."""
        self.control("faults", "DELETE")

    def make_certificate(self, path, days=30):
        """A new key with its certificate for the application, mode 0600; the tenant knows it."""
        key = self.folder / "key.pem"
        certificate = self.folder / "certificate.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=fromguard",
                        "-days", str(days), "-keyout", key, "-out", certificate],
                       check=True, capture_output=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
            file.write(key.read_text() + certificate.read_text())
        self.control("application", certificates=[certificate.read_text()])

    def write_secret(self, secret=None):
        """Puts the client secret, or another one, into a file for the daemon; returns its path."""
        path = self.folder / "secret"
        draft = self.folder / "secret.new"
        draft.unlink(missing_ok=True)
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write((self.secret if secret is None else secret) + "\n")
        draft.rename(path)
        return path

    def yaml(self, indent=8, credential=None):
        """The part of an `office365` directory in directory.yaml that says where and who."""
        credential = credential or f"secret: {self.write_secret()}"
        lines = (f"tenant: {self.tenant}",
                 f"client_id: {self.client_id}",
                 f"credential: {{{credential}}}",
                 f'cloud: {{login: "{self.login}", graph: "{self.graph}", exchange: "{self.exchange}"}}')
        return "".join(f"{' ' * indent}{line}\n" for line in lines)
