# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""YAML as editors read it before they ask a JSON Schema: by the core schema of YAML 1.2."""
import re

import yaml


class CoreLoader(yaml.SafeLoader):  # pylint: disable=too-many-ancestors
    """`on` and `2027-03-31` are texts; YAML 1.1 takes them for a boolean and a date."""


CoreLoader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (("null", r"~|null|Null|NULL|", "~nN\0"),
                               ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
                               ("int", r"[-+]?[0-9]+", "-+0123456789"),
                               ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789")):
    CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"(?:{_pattern})\Z"),
                                     [first if first != "\0" else "" for first in _first])


def read_yaml(text):
    """The plain data of a YAML text."""
    return yaml.load(text, Loader=CoreLoader)
