# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""The rows of tests/data: each with the verdict that it should get."""
import base64
import collections
import dataclasses
import json
import pathlib

import programs
import table
from rows import Row

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "data"
ROLE_MAILBOXES = {"Accounts Payable"}
OPT_IN_TIERS = {"fuzzy": "nickname, typo", "localpart": "local_part"}
# The specification's words win over the row's: these must be found, and why.
MUST_BE_FOUND = {"ew-2231-lang": "the row is about decoding (ok), but it shows the protected Boss beside a foreign address"}
# Rows that the judgement of a header cannot show; they are told and not counted.
ELSEWHERE = {
    "verdict-spoof": "the mail path removes our fields: tests/gateway/session/enforcement_test.cpp",
    "resent-from": "Resent-From is never taken for the author, and the row asks for no more",
    "x-header-envelope": "Return-Path is never read: the envelope comes from the MTA",
}
BY_AUTHENTICATION = "by failed authentication only"

@dataclasses.dataclass
class Result:
    """What became of a row: as expected or not, and what people should know of it."""

    identity: str
    group: str
    right: bool
    note: str
    row: Row


def read_lines(name):
    with (FOLDER / name).open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def header_of(line):
    octets = base64.b64decode(line["raw_b64"])
    more = line.get("context", {}).get("headers", "")
    if more:
        octets = octets.rstrip(b"\r\n") + b"\r\n" + more.encode() + b"\r\n"
    return octets


def told_of(context):
    told = {}
    auth = context.get("auth")
    if auth is not None:
        known = {key: value for key, value in auth.items() if key in ("dmarc", "spf")}
        told["auth"] = {**known, "dkim": auth.get("dkim_pass", [])}
    if "rcpt" in context:
        told["rcpt"] = context["rcpt"] if isinstance(context["rcpt"], list) else [context["rcpt"]]
    if "envelope_from" in context:
        told["mail_from"] = context["envelope_from"]
    if "client_ip" in context:
        told["client_ip"] = context["client_ip"]
    if context.get("direction") == "outbound":
        told["client_ip"] = programs.TRUSTED_CLIENT
    return told


def policy_of(line):
    """The policy that the row asks for; by default the usual one."""
    switches = line.get("context", {}).get("policy", {})
    rules = []
    for addresses in switches.get("user_exceptions", {}).values():
        people = ", ".join(line["protected_emails"])
        rules.append(f"  - name: exception {len(rules)}\n    when: {{people: [{people}], from: [{', '.join(addresses)}]}}\n"
                     "    then: {disposition: none, action: accept}\n")
    matches = OPT_IN_TIERS.get(line["tier"])
    if matches:
        rules.append(f"  - name: hints\n    when: {{matches: [{matches}]}}\n    then: {{disposition: suspicious, action: tag}}\n")
    return programs.DEFAULTS + ("rules:\n" + "".join(rules) if rules else "")


def organization_of(line):
    """Who is protected: a text that is equal for rows that may share a site."""
    context = line.get("context", {})
    more = context.get("also_protected", [])
    return json.dumps([line["protected_name"], line["protected_emails"] + context.get("also_allowed", []), more,
                       context.get("org_names", ["Example"])[0].split(" ")[0]])


def publish(folder, binaries, organization):
    name, addresses, more, organization_name = json.loads(organization)
    site = programs.Site(folder, binaries, organization_name, ["example.com"])
    if name in ROLE_MAILBOXES:
        site.add_role_mailbox(name, addresses)
    else:
        site.add(name, addresses)
    for person in more:
        site.add(person["name"], person["emails"])
    site.publish()
    return site


def is_flagged(answer):
    return answer["finding"] is not None and answer["disposition"] != "none"


def judge_taxonomy(folder, binaries):
    groups = {}
    for line in read_lines("taxonomy.jsonl"):
        groups.setdefault((organization_of(line), policy_of(line)), []).append(line)
    sites = {}
    results = []
    for (organization, policy), lines in groups.items():
        if organization not in sites:
            sites[organization] = publish(folder / f"taxonomy-{len(sites)}", binaries, organization)
        rows = [Row(header_of(line), told_of(line.get("context", {})), line["id"]) for line in lines]
        for line, row, answer in zip(lines, rows, sites[organization].judge(rows, policy)):
            expected = line["expected"]
            right = is_flagged(answer) == (expected == "flag")
            results.append(Result(line["id"], f"taxonomy {line['tier']}", right,
                                  f"{line['technique']}, expected {expected}", row))
    return sorted(results, key=lambda result: result.identity)


def octets_of(text):
    """Latin-1, where each character stands for one octet."""
    return text.encode("latin-1")


def is_right(line, plain, unauthenticated):
    """Whether the row is as it should be, and what decided."""
    expected = line["expect"]
    found, noted = plain["finding"] is not None, bool(plain.get("noted"))
    if expected == "impersonation" or line["id"] in MUST_BE_FOUND:
        return found, MUST_BE_FOUND.get(line["id"], "found")
    if expected == "ambiguous":
        return found or noted, "found" if found else "noted"
    if expected in ("ok", "ok_or_flag"):
        return not found or expected == "ok_or_flag", "nothing"
    if found or noted:
        return True, "found" if found else "noted"
    return unauthenticated["finding"] is not None, BY_AUTHENTICATION


def judge_ambiguity(folder, binaries):
    site = programs.Site(folder / "ambiguity", binaries, "Legit", ["legit.example"])
    site.add("Admin", ["admin@legit.example"])
    site.add("Boss", ["boss@legit.example"])
    site.publish()
    lines = [line for line in read_lines("ambiguity.jsonl") if line["id"] not in ELSEWHERE]
    told = [{"mail_from": line["envelope"].strip("<>")} if "envelope" in line else {} for line in lines]
    rows = [Row(octets_of(line["raw_headers"]), more, line["id"]) for line, more in zip(lines, told)]
    failing = [Row(row.header, {**row.told, "auth": {"dmarc": "fail", "spf": "fail", "dkim": []}},
                   row.identity) for row in rows]
    results = []
    for line, row, plain, unauthenticated in zip(lines, rows, site.judge(rows), site.judge(failing)):
        right, note = is_right(line, plain, unauthenticated)
        results.append(Result(line["id"], f"ambiguity {line['expect']}", right, f"{note}: {line['why']}", row))
    return results


def lines_of(results):
    """A line for each kind of row."""
    groups = {}
    for result in results:
        groups.setdefault(result.group, []).append(result)
    lines = []
    for name, members in groups.items():
        wrong = [i for i, result in enumerate(members) if not result.right]
        decided = [result.identity for result in members if result.note.startswith(BY_AUTHENTICATION)]
        for result in members:
            result.row.identity = f"{result.identity} ({result.note})"
        lines.append(table.Line(name, [result.row for result in members], wrong, wrong,
                                collections.Counter({BY_AUTHENTICATION: len(decided)} if decided else {})))
    return lines
