# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""The JSON Schemas in conf/ know the same keys and words as the programs do, no more and no less."""
import collections
import copy
import json
import pathlib
import re
import shutil
import tempfile
import unittest

import jsonschema

from support.daemons import run_program
from support.offline import OfflineTestCase
from support.yaml_files import read_yaml

CONF = pathlib.Path(__file__).resolve().parents[2] / "conf"
UNKNOWN = "qqqqqqqqqqqq"

# A value of a document: the file, its whole document, and the schemas that speak of the value.
Probe = collections.namedtuple("Probe", "file document path value schemas")

EVERY_KEY_OF_THE_GATEWAY = {
    "listen": "inet6:8897@::1",
    "socket_group": "postfix",
    "snapshot": "set by the test",
    "policy": "set by the test",
    "detections": "detections",
    "metrics": "[::1]:9811",
    "authserv_id": "mx.contoso.com",
    "trusted_networks": ["127.0.0.0/8", "2001:db8::/32"],
    "outbound": {"daemon_name": "outbound", "tenants": "tenants.yaml"},
    "keep_detections": {"age": "30d", "size": "200MiB"}, "loop_guard": {"relays": ["mx1.contoso.com"], "passes": 2},
    "inspect_authenticated": True,
    "degraded": {
        "no_snapshot": "accept",
        "stale_snapshot": {"after": "26h", "action": "quarantine"},
        "internal_error": "tempfail",
        "authentication_unavailable": "tag",
    },
    "dns": {"timeout": "5s", "servers": ["127.0.0.1"]},
    "drain": "500ms",
    "hand_over": "5m",
    "limits": {"header_bytes": "1MiB", "from_bytes": "64KiB", "recipients": 1000, "connections": 100},
    "log": {"level": "debug", "format": "json"},
}

EVERY_KEY_OF_THE_DIRECTORY = {
    "state": "state",
    "snapshots": "snapshots",
    "detections": "detections",
    "keep_generations": 5,
    "api": {"socket": "directory.sock", "listen": "127.0.0.1:8480", "public_url": "https://fromguard.contoso.com",
            "tls": {"certificate": "chain.pem", "key": "key.pem"}},
    "relay_export": {"directory": "postfix", "format": "lmdb", "after": "true"},
    "dns": {"timeout": "5s", "servers": ["127.0.0.1:53"]},
    "gateway_addresses": ["192.0.2.10", "192.0.2.0/28"],
    "gateway_hostname": "gw.contoso.com",
    "metrics": "[::1]:9812",
    "notify": {
        "webhooks": [{"name": "soc", "url": "https://hooks.example.net/fromguard", "ca": "ca.pem", "secret": "webhook.secret",
                      "events": ["notification", "detection"], "organizations": ["contoso"]}],
        "mail": [{"name": "admins", "smtp": "127.0.0.1:25", "from": "fromguard@gw.example.net",
                  "to": ["postmaster@example.net"], "events": ["notification"], "digest": "daily", "at": "07:00",
                  "organizations": "contoso"}],
    },
    "organizations": [{
        "name": "contoso",
        "domains": ["contoso.com"],
        "directories": [
            {"name": "Staff", "type": "csv", "path": "staff.csv", "sync": {"every": "5m", "max_shrink": "12.5%"}},
            {"name": "Office 365", "type": "office365", "tenant": "contoso.onmicrosoft.com", "client_id": "1",
             "credential": {"certificate": "contoso.pem"},
             "cloud": {"login": "https://login.example", "graph": "https://graph.example",
                       "exchange": "https://exchange.example", "ca": "ca.pem"},
             "features": ["sync", "posture"],
             "sync": {"every": "1h", "first": "automatic", "max_shrink": "20%",
                      "targets": {"people": ["ada@contoso.com"], "groups": ["Executives"]}}},
            {"name": "Other", "type": "office365", "tenant": "fabrikam.onmicrosoft.com", "client_id": "2",
             "credential": {"secret": "fabrikam.secret"}, "cloud": "global", "features": "sync",
             "sync": {"targets": "all"}},
        ],
        "protect": {"groups": ["Executives"], "people": ["ada@contoso.com"], "role_mailboxes": "Accounts"},
        "secondary_emails": {"ada@contoso.com": ["ada@home.example"]},
        "exchange": {"mode": "enhanced",
                     "inbound": {"addresses": ["192.0.2.10"], "certificate": "*.gw.contoso.com"},
                     "outbound": {"addresses": ["192.0.2.11"], "smart_host": "out.contoso.com"},
                     "tenant_header": "X-Contoso-Tenant"},
    }],
}

EVERY_KEY_OF_THE_POLICY = {
    "version": 1,
    "mode": "enforce",
    "stamp": "all",
    "authentication": {"require": "always", "findings": "always", "trusted_authserv_ids": "mx.contoso.com",
                       "trusted_relays": ["192.0.2.0/24"]},
    "matches": {"nickname": "on", "typo": "on", "local_part": "off"},
    "exempt": {"delegated_senders": "on", "lists": "on", "self_mail": "on"},
    "lists": {"freemail": {"file": "freemail.txt", "entries": ["mail.example", "ada@home.example"]}},
    "exceptions": [
        {"name": "booking", "person": "ada@contoso.com", "from": ["*@bookings.example", "freemail"],
         "authenticated": True, "owner": "security@contoso.com", "reason": "books meetings",
         "expires": "2099-12-31"},
        {"name": "press", "group": "Executives", "from": "press@agency.example", "owner": "Ada", "reason": "agency"},
        {"name": "scanner", "anyone": True, "from": "scanner@printers.example", "owner": "Ada", "reason": "scans"},
    ],
    "rules": [
        {"name": "every condition",
         "when": {"organizations": ["contoso"], "groups": "Executives", "people": ["ada@contoso.com"],
                  "findings": ["protected_name"], "matches": ["exact", "typo"], "fields": ["from"],
                  "from": ["freemail"], "recipients": ["*@contoso.com"], "direction": "inbound"},
         "then": {"disposition": "malicious", "action": "reject", "code": "550 5.7.1", "text": "{reason}"}},
        {"name": "tag", "when": {"findings": "malformed_from"},
         "then": {"disposition": "bulk", "action": "tag", "headers": {"X-Spam-Flag": "YES"},
                  "subject_prefix": "[Not verified]"}},
        {"name": "copy", "when": {"matches": "nickname"}, "then": {"action": "copy", "to": "security@contoso.com"}},
        {"name": "drop", "when": {"direction": ["outbound"]}, "then": {"action": "discard", "really": True}},
    ],
    "shadow": {"rules": [{"name": "all", "then": {"action": "quarantine", "to": ["security@contoso.com"]}}]},
}


DOCUMENTS = {"gateway": EVERY_KEY_OF_THE_GATEWAY, "directory": EVERY_KEY_OF_THE_DIRECTORY,
             "policy": EVERY_KEY_OF_THE_POLICY}


def schema_of(name):
    return json.loads((CONF / f"{name}.schema.json").read_text(encoding="utf-8"))


def subschemas(root, schema, value):
    """The schemas that say something about this value: behind references, `anyOf` and `if`."""
    while "$ref" in schema:
        schema = root["definitions"][schema["$ref"].removeprefix("#/definitions/")]
    found = [schema]
    if "if" in schema:
        holds = jsonschema.Draft7Validator({**schema["if"], "definitions": root["definitions"]}).is_valid(value)
        found += subschemas(root, schema.get("then" if holds else "else", {}), value)
    kind = {dict: "object", list: "array"}.get(type(value), "scalar")
    for choice in schema.get("anyOf", ()):
        found += [each for each in subschemas(root, choice, value) if shape(each) == kind]
    return found


def shape(schema):
    """Which kind of value the schema is for."""
    kinds = [schema.get("type", "scalar")] if isinstance(schema.get("type", ""), str) else schema["type"]
    return next((kind for kind in kinds if kind in ("object", "array")), "scalar")


def merged(schemas, key):
    """What the schemas say under `key`, as one dictionary."""
    return {name: said for each in schemas for name, said in each.get(key, {}).items()}


def below(root, schema, value, key):
    """The schema of a member of a mapping or list."""
    about = subschemas(root, schema, value)
    if isinstance(value, list):
        return next(each["items"] for each in about if "items" in each)
    properties = merged(about, "properties")
    if key in properties:
        return properties[key]
    return next(each["additionalProperties"] for each in about if each.get("additionalProperties"))


def walk(root, schema, value, path=()):
    """Each value of the document with its path and its schema."""
    yield path, value, schema
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield from walk(root, below(root, schema, value, key), member, (*path, key))


def member_at(document, path):
    """The member of the document at this path."""
    for key in path:
        document = document[key]
    return document


def known_words(said):
    """The keys or words that an error lists, none if it lists none."""
    listed = re.search(r"(?:known here: |; write |'targets' is )(.*?)(?:,? or \{.*)?$", said)
    only = re.search(r"only '(.*?)' is known here", said)
    words = listed[1] if listed else only[1] if only else ""
    return {word for word in re.split(r", | or ", words) if word}


class Schemas(OfflineTestCase):
    """Each key of a document that has them all is probed with the program's own `check`."""

    def check(self, name, document):
        """Writes the document, with these files around it, and lets the program say what is wrong."""
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        self.addCleanup(shutil.rmtree, folder)
        (folder / "tenants.yaml").write_text("tenants: []\n")
        (folder / "freemail.txt").write_text("freemail.example\n")
        (folder / "staff.csv").write_text("Display_Name,Email\nAda Lovelace,ada@contoso.com\n")
        secret = folder / "webhook.secret"
        secret.write_text("whsec_" + "A" * 32 + "\n")
        secret.chmod(0o600)
        (folder / f"{name}.yaml").write_text(json.dumps(document))
        if name == "policy":
            (folder / "gateway.yaml").write_text(
                json.dumps({"snapshot": str(self.directory.snapshots), "policy": "policy.yaml"}))
        program = "fromguard-directory" if name == "directory" else "fromguard-gateway"
        configuration = folder / ("directory.yaml" if name == "directory" else "gateway.yaml")
        done = run_program(program, "check", "--config", configuration)
        return done.returncode, done.stderr.decode()

    def errors(self, name, document):
        status, said = self.check(name, document)
        self.assertEqual(status, 78, said)
        return [line for line in said.splitlines() if ": warning: " not in line]

    def document(self, name):
        places = {"snapshot": str(self.directory.snapshots), "policy": str(self.gateway.policy)}
        return {**DOCUMENTS[name], **(places if name == "gateway" else {})}

    def probes(self):
        """Each value of each document that the program looks at."""
        for name in DOCUMENTS:
            document, root = self.document(name), schema_of(name)
            idle = self.keys_without_effect(name, document)
            for path, value, schema in walk(root, root, document):
                if not idle.intersection(path):
                    yield Probe(name, document, path, value, subschemas(root, schema, value))

    def keys_without_effect(self, name, document):
        said = self.check(name, document)[1]
        return {path.split(".")[-1] for path in re.findall(r"'([\w.]+)' has no effect in this version", said)}

    def test_the_documents_are_accepted_and_use_every_key(self):
        for name in DOCUMENTS:
            with self.subTest(file=name):
                root, document = schema_of(name), self.document(name)
                jsonschema.Draft7Validator.check_schema(root)
                jsonschema.Draft7Validator(root).validate(document)
                status, said = self.check(name, document)
                self.assertEqual(status, 0, said)
                self.assertEqual(self.unused(root, document), set())

    @staticmethod
    def unused(root, document):
        """The keys that the schema describes and the document does not use."""
        described, used = {}, set()
        for _, value, schema in walk(root, root, document):
            for key, said in merged(subschemas(root, schema, value), "properties").items():
                described[id(said)] = key
                if key in value:
                    used.add(id(said))
        return {key for identity, key in described.items() if identity not in used}

    def test_keys_are_those_that_the_program_knows(self):
        for probe in self.probes():
            if not any(each.get("additionalProperties") is False for each in probe.schemas):
                continue
            with self.subTest(file=probe.file, path=probe.path):
                wrong = copy.deepcopy(probe.document)
                member_at(wrong, probe.path)[UNKNOWN] = 1
                errors = [line for line in self.errors(probe.file, wrong) if f"unknown key '{UNKNOWN}'" in line]
                self.assertEqual(len(errors), 1, errors)
                self.assertEqual(known_words(errors[0]), set(merged(probe.schemas, "properties")))

    def test_words_are_those_that_the_program_knows(self):
        for probe in self.probes():
            words = {word for each in probe.schemas for word in each.get("enum", ())}
            if not words or not isinstance(probe.value, str):
                continue
            with self.subTest(file=probe.file, path=probe.path):
                wrong = copy.deepcopy(probe.document)
                member_at(wrong, probe.path[:-1])[probe.path[-1]] = UNKNOWN
                errors = [line for line in self.errors(probe.file, wrong)
                          if f"'{UNKNOWN}'" in line or f"'{probe.path[-1]}' is " in line]
                self.assertEqual(len(errors), 1, errors)
                self.assertEqual(known_words(errors[0]), words)

    def test_required_keys_are_those_that_the_program_misses(self):
        for probe in self.probes():
            required = {key for each in probe.schemas for key in each.get("required", ())}
            for key in (key for key in merged(probe.schemas, "properties") if key in probe.value):
                with self.subTest(file=probe.file, path=(*probe.path, key)):
                    wrong = copy.deepcopy(probe.document)
                    del member_at(wrong, probe.path)[key]
                    said = self.check(probe.file, wrong)[1]
                    self.assertEqual(f"the key '{key}' is missing" in said, key in required, said)

    def test_keys_without_effect_are_told_as_such(self):
        for name in DOCUMENTS:
            with self.subTest(file=name):
                root, document = schema_of(name), self.document(name)
                told = {path[-1] for path, _, schema in walk(root, root, document)
                        if "No effect in this version" in schema.get("description", "")}
                self.assertLessEqual(told, self.keys_without_effect(name, document))

    def test_every_key_is_described(self):
        for name in DOCUMENTS:
            root = schema_of(name)
            for path, value, schema in walk(root, root, self.document(name)):
                for key, said in merged(subschemas(root, schema, value), "properties").items():
                    with self.subTest(file=name, path=(*path, key)):
                        self.assertRegex(said["description"], r"\A[^ ].*\.\Z")


class ShippedFiles(unittest.TestCase):
    """The configurations that ship are valid, and name the schema that stands where they do."""

    @staticmethod
    def validator(name):
        return jsonschema.Draft7Validator(schema_of(name))

    @staticmethod
    def shipped():
        """Each file that ships, with the name of its schema."""
        for folder in (CONF, CONF.parent / "packaging" / "sample"):
            for name in DOCUMENTS:
                yield folder / f"{name}.yaml", name
        for path in sorted((CONF / "examples").glob("*.yaml")):
            yield path, "policy"

    def test_files_are_valid(self):
        """But for conf/directory.yaml, which waits for the name of an organization (tests/packaging)."""
        for path, name in self.shipped():
            if path == CONF / "directory.yaml":
                continue
            with self.subTest(file=path.name):
                self.validator(name).validate(read_yaml(path.read_text(encoding="utf-8")))

    def test_files_name_their_schema(self):
        for path, name in self.shipped():
            if path.is_relative_to(CONF):
                with self.subTest(file=path.name):
                    first = path.read_text(encoding="utf-8").splitlines()[0]
                    named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
                    self.assertEqual((path.parent / named[1]).resolve(), CONF / f"{name}.schema.json")

    def test_defaults_are_those_that_gateway_yaml_shows(self):
        root = schema_of("gateway")
        for path, value, schema in walk(root, root, read_yaml((CONF / "gateway.yaml").read_text())):
            if "default" in schema:
                with self.subTest(path=path):
                    self.assertEqual(schema["default"], value)

    def test_wrong_documents_are_refused(self):
        wrong = {
            "gateway": ("listen: 8897", "drain: 30", "limits: {header_bytes: 1M}", "listne: inet:8897@127.0.0.1",
                        "degraded: {no_snapshot: reject}", "trusted_networks: [localhost]", "metrics: 9811",
                        "outbound: {daemon_name: outbound}", "loop_guard: {passes: many}"),
            "directory": ("state: /var/lib/fromguard", "organizations: []",
                          "api: {listen: '192.0.2.1:8443'}\n"
                          "organizations: [{name: a, domains: [a.example], directories: "
                          "[{name: b, type: csv, path: b.csv}]}]",
                          "organizations: [{name: a, domains: [a.example]}]",
                          "organizations: [{name: a, directories: [{name: b, type: csv, path: b.csv}]}]",
                          "organizations: [{name: a, domains: [a.example], directories: [{name: b, type: ldap}]}]",
                          "organizations: [{name: a, domains: [a.example], directories: "
                          "[{name: b, type: csv, path: b.csv, sync: {first: manual}}]}]",
                          "organizations: [{name: a, domains: [a.example], directories: "
                          "[{name: b, type: csv, path: b.csv, sync: {max_shrink: 20}}]}]"),
            "policy": ("mode: enforce", "version: 2", "version: 1\nmode: on",
                       "version: 1\nrules: [{name: a}]",
                       "version: 1\nrules: [{name: a, when: {}, then: {action: tag}}]",
                       "version: 1\nrules: [{name: a, when: {matches: []}, then: {action: tag}}]",
                       "version: 1\nrules: [{name: a, then: {action: discard}}]",
                       "version: 1\nrules: [{name: a, then: {action: redirect}}]",
                       "version: 1\nrules: [{name: a, then: {action: tag, code: 550}}]",
                       "version: 1\nrules: [{name: a, then: {action: reject, code: 450}}]",
                       "version: 1\nexceptions: [{name: a, from: a@b.example, owner: c, reason: d}]",
                       "version: 1\nexceptions: [{name: a, anyone: true, group: b, from: a@b.example, owner: c, "
                       "reason: d}]",
                       "version: 1\nexceptions: [{name: a, anyone: true, from: a@b.example, owner: c, reason: d, "
                       "expires: tomorrow}]",
                       "version: 1\nlists: {freemail: {}}", "version: 1\nlists: {a@b: {file: b.txt}}",
                       "version: 1\nauthentication: {trusted_relays: [192.0.2.1]}"),
        }
        for name, texts in wrong.items():
            for text in texts:
                with self.subTest(file=name, text=text):
                    self.assertFalse(self.validator(name).is_valid(read_yaml(text)))


if __name__ == "__main__":
    unittest.main(verbosity=2)
