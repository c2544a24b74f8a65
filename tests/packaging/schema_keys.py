# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""The keys of a configuration file, as its JSON Schema in conf/ has them."""
import json
import pathlib

CONF = pathlib.Path(__file__).resolve().parents[2] / "conf"
FILES = ("gateway", "directory", "policy")

# What is made of the same keys as another place is described there.
SAME_ELSEWHERE = {"shadow.rules": "rules"}


def schema_of(name):
    return json.loads((CONF / f"{name}.schema.json").read_text(encoding="utf-8"))


def keys(name):
    """What the schema says of each key, in all the forms that its mapping may have, by the key's dotted path:
    `organizations.directories.sync.every`. A dot leads into a mapping, or into each entry of a list."""
    root, found = schema_of(name), {}
    for path, said in _below(root, root, ""):
        found.setdefault(path, []).append(said)
    return found


def _below(root, schema, path):
    """The keys of all forms that a value may have."""
    if path in SAME_ELSEWHERE:
        return
    for each in _forms(root, schema):
        for key, said in each.get("properties", {}).items():
            below = f"{path}.{key}" if path else key
            if not isinstance(said, dict) or "description" not in said:
                continue  # a condition on a key that is described elsewhere
            yield below, said
            yield from _below(root, said, below)
        for member in ("items", "additionalProperties"):
            if isinstance(each.get(member), dict):
                yield from _below(root, each[member], path)


def _forms(root, schema):
    """The schema itself, and those behind its references and choices."""
    if "$ref" in schema:
        yield from _forms(root, root["definitions"][schema["$ref"].removeprefix("#/definitions/")])
    yield schema
    for choice in (*schema.get("anyOf", ()), *(schema[key] for key in ("then", "else") if key in schema)):
        yield from _forms(root, choice)


def defaults_of(forms):
    """The defaults of a key as people write them; there may be one for each form of its mapping."""
    return {_written(said["default"]) for said in forms if "default" in said}


def _written(default):
    if isinstance(default, bool):
        return "true" if default else "false"
    if isinstance(default, list):
        return "[" + ", ".join(default) + "]"
    return str(default)
