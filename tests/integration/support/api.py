# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""The REST API over TCP, as a browser or a program talks to it."""
import dataclasses
import http.client
import json
import pathlib
import urllib.parse

import jsonschema
import yaml

DESCRIPTION = pathlib.Path(__file__).resolve().parents[3] / "directory" / "api" / "openapi.yaml"
COOKIE = "__Host-fromguard"


@dataclasses.dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        """The stable word of a problem; None for a success."""
        return self.json.get("code") if self.status >= 400 else None


class Caller:
    """Somebody who asks, with what shows who it is."""

    def __init__(self, headers=None):
        self.headers = headers or {}

    @staticmethod
    def with_token(secret):
        return Caller({"Authorization": f"Bearer {secret}"})

    @staticmethod
    def with_session(answer):
        """Who was signed in by this answer."""
        secret = answer.headers["Set-Cookie"].split(";")[0].removeprefix(f"{COOKIE}=")
        return Caller({"Cookie": f"{COOKIE}={secret}", "X-CSRF-Token": answer.json["csrf_token"]})


NOBODY = Caller()


class Api:
    """The daemon's TCP port; each request has a connection of its own."""

    def __init__(self, port):
        self.port = port

    def call(self, method, path, body=None, caller=NOBODY, **headers):
        """`path` is below /api/v1. A body that is no bytes is sent as JSON."""
        fields = {**caller.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        if body is not None:
            fields.setdefault("Content-Type", "application/json")
        return self.ask(method, f"/api/v1/{path}", body, fields)

    def ask(self, method, target, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, target, body, headers or {})
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()


@dataclasses.dataclass(frozen=True)
class Operation:
    """One operation of the description."""
    id: str
    method: str
    path: str
    role: str


class Description:
    """openapi.yaml."""

    def __init__(self):
        self.document = yaml.safe_load(DESCRIPTION.read_text())
        self.operations = {
            what["operationId"]: Operation(what["operationId"], method.upper(), path, what["x-role"])
            for path, methods in self.document["paths"].items()
            for method, what in methods.items() if method != "parameters"}

    def check(self, operation, answer):
        """Raises unless the answer is one that the description gives the operation."""
        what = self.document["paths"][operation.path][operation.method.lower()]
        responses = what["responses"]
        described = self._resolved(responses.get(str(answer.status)) or responses["default"])
        kind = answer.headers["Content-Type"].split(";")[0]
        content = described["content"]
        if kind not in content:
            raise AssertionError(f"{operation.id}: {answer.status} {kind}, described is {list(content)}")
        if kind.endswith("json"):
            schema = {**content[kind]["schema"], "components": self.document["components"]}
            jsonschema.Draft202012Validator(schema).validate(answer.json)

    def _resolved(self, node):
        if "$ref" not in node:
            return node
        found = self.document
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return found


def quoted(text):
    return urllib.parse.quote(text, safe="")
