# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""One relay site in a temporary folder: directory, gateway, MTA and the server behind it."""
import contextlib
import pathlib
import shutil
import sys
import tempfile
import unittest

from support.daemons import Directory, Gateway
from support.mail import STRANGER, compose
from support.postfix import Postfix
from support.sendmail import Sendmail
from support.sink import Sink
from support.waiting import wait_until

ADA = "Ada Lovelace,ada@contoso.com,ada@home.example,Executives"

# Contoso protects Ada. Fabrikam protects Grace, and an Ada of its own. Wingtip protects nobody.
ORGANIZATIONS = """\
  - name: contoso
    domains: [contoso.com]
    directories:
      - {name: People, type: csv, path: "{folder}/contoso.csv", sync: {every: 5m}}
    protect: {groups: [Executives]}
  - name: fabrikam
    domains: [fabrikam.com]
    directories:
      - {name: People, type: csv, path: "{folder}/fabrikam.csv", sync: {every: 5m}}
    protect: {people: [grace@fabrikam.com, ada@fabrikam.com]}
  - name: wingtip
    domains: [wingtip.example]
    directories:
      - {name: People, type: csv, path: "{folder}/wingtip.csv", sync: {every: 5m}}
"""

RELAYED = ["contoso.com", "fabrikam.com", "wingtip.example", "nobodys.example"]


def write_people(directory, *more_of_contoso):
    """The CSV files of the three organizations; rows may be added to contoso's."""
    directory.write_csv("contoso.csv", ADA, "Jos\u00e9 \u00c1lvarez,jose@contoso.com,,Executives",
                        "Bob Stone,bob@contoso.com,,Staff", *more_of_contoso)
    directory.write_csv("fabrikam.csv", "Grace Hopper,grace@fabrikam.com,,",
                        "Ada Lovelace,ada@fabrikam.com,,")
    directory.write_csv("wingtip.csv", "Ida Tarbell,ida@wingtip.example,,")


class Site:
    """Everything is started on entry and stopped on exit, but for the gateway: a test starts it.
    `make_mta` is Postfix or Sendmail; it relays mail for `relayed`."""

    def __init__(self, make_mta=Postfix, relayed=RELAYED):
        self._make_mta = make_mta
        self._relayed = relayed
        self._stack = contextlib.ExitStack()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="fromguard-"))
        self._stack.callback(shutil.rmtree, self.folder)
        self.folder.chmod(0o755)
        self.directory = Directory(self.folder / "directory", ORGANIZATIONS)
        self.gateway = Gateway(self.folder / "gateway", self.directory.snapshots)

    def __enter__(self):
        with contextlib.ExitStack() as undo:
            undo.enter_context(self._stack)
            self.write_people()
            self.sink = Sink()
            undo.callback(self.sink.close)
            self.mta = self._make_mta(self.folder / "mta", self.gateway.milter_port, self.sink.port, self._relayed)
            undo.callback(self.mta.stop)
            self.mta.start()
            undo.callback(self.gateway.stop)
            self._stack = undo.pop_all()
        return self

    def __exit__(self, *_):
        self._stack.close()

    def write_people(self, *more_of_contoso):
        """Rewrites the CSV files; rows may be added to contoso's."""
        write_people(self.directory, *more_of_contoso)

    def client(self, address=STRANGER):
        """An SMTP session with the relay, seen as coming from `address`."""
        return self.mta.client(address)

    def send(self, message, *recipients, address=STRANGER):
        """Sends one message in a session of its own and returns the deciding Reply."""
        with self.client(address) as client:
            return client.send(message, *(recipients or ("reception@contoso.com",)))

    def delivered(self, message):
        """The octets of the message as the server behind the relay got it."""
        return self.sink.wait_for(message.token).octets

    def pass_through(self, message, *recipients, address=STRANGER):
        """Sends a message that must be accepted and returns its octets as delivered."""
        reply = self.send(message, *recipients, address=address)
        if reply.code != 250:
            raise AssertionError(f"refused: {reply.code} {reply.text}")
        return self.delivered(message)

    def put_policy_in_force(self, text):
        """Writes the policy and waits until messages are judged by it."""
        before = len(self.gateway.log_events("policy_reloaded"))
        if text != self.gateway.policy.read_text():
            self.gateway.write_policy(text)
            wait_until(lambda: len(self.gateway.log_events("policy_reloaded")) > before, "the policy in force")

    def logs(self):
        """What the programs said, to explain a failure."""
        return (f"--- fromguard-gateway\n{self.gateway.log()[-8000:]}\n"
                f"--- {self.mta.name}\n{self.mta.log()[-8000:]}")


class SiteTestCase(unittest.TestCase):
    """Each class has a site of its own, with the MTA `make_mta`; its policy is the class's `policy`,
    `more_people` are further rows of contoso, and its gateway runs unless `starts_gateway` is false. The
    programs' logs are printed with the first failure."""

    policy = "version: 1\nmode: enforce\n"
    make_mta = Postfix
    gateway_settings = ""
    more_people = ()
    starts_gateway = True

    @classmethod
    def setUpClass(cls):
        cls.site = cls.enterClassContext(Site(cls.make_mta))
        cls.site.write_people(*cls.more_people)
        cls.site.gateway.configure(cls.gateway_settings)
        cls.site.gateway.write_policy(cls.policy)
        if cls.starts_gateway:
            cls.site.directory.publish()
            cls.site.gateway.start()

    def run(self, result=None):
        result = result or self.defaultTestResult()
        troubles = len(result.failures) + len(result.errors)
        super().run(result)
        if len(result.failures) + len(result.errors) > troubles and hasattr(self, "site"):
            print(f"{self.id()} failed\n{self.site.logs()}", flush=True)
        return result


def on_sendmail_too(case):
    """Decorates a SiteTestCase: beside it, on Postfix, its module gets the same tests on Sendmail, in a
    class of this name with `OnSendmail` behind it."""
    name = f"{case.__name__}OnSendmail"
    twin = type(name, (case,), {"make_mta": Sendmail, "__module__": case.__module__, "__doc__": case.__doc__})
    setattr(sys.modules[case.__module__], name, twin)
    return case


def forged(*more_fields):
    """A message that shows Ada's name over an address that is not hers."""
    return compose("Ada Lovelace <ada@freemail.example>", *more_fields)


def genuine():
    """A message from Ada's configured address."""
    return compose("Ada Lovelace <ada@contoso.com>")


REASON = "Protected Name Ada Lovelace should not appear as ada@freemail.example"
