# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Broken and doubtful policies: `check` names all that is wrong at once, each by line and column."""
import datetime
import pathlib
import shutil
import tempfile
import textwrap
import unittest

from support.daemons import run_program
from support.offline import OfflineTestCase

class PolicyCheck(OfflineTestCase):
    """`check` over one policy.yaml; the snapshot has contoso, fabrikam and wingtip, and group Executives."""

    def check(self, policy, status, *lines, files=()):
        """What `check` says of the policy must be these lines, in which the folder's name is left out."""
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        self.addCleanup(shutil.rmtree, folder)
        for name, text in dict(files).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        (folder / "policy.yaml").write_text(textwrap.dedent(policy).lstrip("\n"))
        (folder / "gateway.yaml").write_text(f"snapshot: {self.directory.snapshots}\npolicy: policy.yaml\n")
        done = run_program("fromguard-gateway", "check", "--config", folder / "gateway.yaml")
        said = done.stderr.decode().replace(f"{folder}/", "")
        self.assertEqual(said.splitlines(), list(lines))
        self.assertEqual(done.returncode, status, said)

    def refuse(self, policy, *lines, files=()):
        self.check(policy, 78, *lines, files=files)

    def warn(self, policy, *lines, files=()):
        self.check(policy, 0, *(line.replace(": ", ": warning: ", 1) for line in lines), files=files)


class Broken(PolicyCheck):
    """Policies that are not used: exit status 78."""

    def test_without_a_version(self):
        self.refuse("""
            mode: enforce
            """,
            "policy.yaml:1:1: the key 'version' is missing; add it")

    def test_of_another_version(self):
        self.refuse("""
            version: 2
            mode: enforce
            """,
            "policy.yaml:1:10: version 2 is not known; this program reads 'version: 1'")

    def test_many_errors_in_many_places(self):
        self.refuse("""
            version: one
            mode: enforced
            stamp: on
            authentication: {requires: always}
            matches: {nickname: true, typos: on}
            exempt: [lists]
            rule: []
            """,
            "policy.yaml:1:10: 'version' must be a whole number, not 'one'; write digits without "
            "quotes, sign or leading zero",
            "policy.yaml:2:7: 'mode' cannot be 'enforced'; did you mean 'enforce'?",
            "policy.yaml:3:8: 'stamp' cannot be 'on'; known here: findings, all, none",
            "policy.yaml:4:18: unknown key 'requires'; did you mean 'require'?",
            "policy.yaml:5:21: 'nickname' cannot be 'true'; known here: off, on",
            "policy.yaml:5:27: unknown key 'typos'; did you mean 'typo'?",
            "policy.yaml:6:9: 'exempt' must be a mapping, not a list; write 'key: value' lines, "
            "indented, below it",
            "policy.yaml:7:1: unknown key 'rule'; did you mean 'rules'?")

    def test_data_that_is_no_yaml(self):
        self.refuse("""
            version: 1
            rules:
              - name: unfinished
                then: {action: reject
            """,
            "policy.yaml:5:1: this is no valid YAML (end of map flow not found); check indentation, "
            "colons, quotes and brackets here and just before")

    def test_a_key_that_is_there_twice(self):
        self.refuse("""
            version: 1
            mode: monitor
            mode: enforce
            """,
            "policy.yaml:3:1: the key 'mode' is already given in line 2; give it once")

    def test_a_tag_of_yaml(self):
        self.refuse("""
            version: 1
            mode: !!str enforce
            """,
            "policy.yaml:2:7: tags are not allowed; write the value alone, in quotes if it begins "
            "with '!'")

    def test_rules_without_names_and_actions(self):
        self.refuse("""
            version: 1
            rules:
              - when: {groups: [Executives]}
                then: {action: reject}
              - name: nothing is done
              - name: ""
                then: {}
            """,
            "policy.yaml:3:5: the key 'name' is missing; add it",
            "policy.yaml:5:5: the key 'then' is missing; add it",
            "policy.yaml:6:11: a rule's name must have 1 to 128 octets; name it for what it catches")

    def test_two_rules_of_one_name(self):
        self.refuse("""
            version: 1
            rules:
              - name: executives
                when: {groups: [Executives]}
                then: {action: reject}
              - name: executives
                then: {action: tag}
            """,
            "policy.yaml:6:5: a rule named 'executives' begins in line 3 already; give each its own "
            "name")

    def test_a_rule_that_is_never_reached(self):
        self.refuse("""
            version: 1
            rules:
              - name: all
                then: {action: tag}
              - name: executives
                when: {groups: [Executives]}
                then: {action: reject}
            """,
            "policy.yaml:5:5: the rule 'executives' can never be reached: the rule 'all' in line 3 "
            "matches all that it would; move it up or remove it")

    def test_conditions_that_do_not_exist(self):
        self.refuse("""
            version: 1
            rules:
              - name: wrong words
                when:
                  findings: [protected_names]
                  matches: [exakt, similar]
                  fields: [from, to]
                  direction: incoming
                then: {action: tag}
            """,
            "policy.yaml:5:18: 'findings' cannot be 'protected_names'; did you mean 'protected_name'?",
            "policy.yaml:6:17: 'matches' cannot be 'exakt'; did you mean 'exact'?",
            "policy.yaml:6:24: 'matches' cannot be 'similar'; known here: exact, reordered, "
            "decorated, lookalike, address, nickname, typo, local_part",
            "policy.yaml:7:22: 'fields' cannot be 'to'; known here: from, reply_to, sender",
            "policy.yaml:8:18: 'direction' cannot be 'incoming'; known here: inbound, outbound")

    def test_empty_conditions(self):
        self.refuse("""
            version: 1
            rules:
              - name: no condition
                when: {}
                then: {action: tag}
              - name: empty list
                when: {groups: [], people: [[ada@contoso.com]]}
                then: {action: tag}
            """,
            "policy.yaml:4:11: 'when' has no condition; leave it out if the rule is for every finding",
            "policy.yaml:7:20: 'groups' is an empty list; leave the key out or list something",
            "policy.yaml:7:33: 'people' must list texts, not a list; write each as one word or in "
            "quotes")

    def test_addresses_that_are_none(self):
        self.refuse("""
            version: 1
            rules:
              - name: wrong addresses
                when:
                  people: [ada, "*@contoso.com"]
                  from: ["*.freemail.example", "ada@*.example", "*@free mail.example"]
                  recipients: reception@
                then: {action: tag}
            """,
            "policy.yaml:5:16: 'ada' is no mail address: it has no @; write it as name@domain",
            "policy.yaml:5:21: 'people' lists addresses without '*', not '*@contoso.com'; write "
            "ada@example.com",
            "policy.yaml:6:14: '*.freemail.example' is no address and none of the 'lists'; write "
            'ada@example.com, "*@example.com" or the name of a list',
            "policy.yaml:6:36: 'ada@*.example' has a '*' that is not a leading '*@'; write "
            'ada@example.com, or "*@example.com" for a whole domain',
            "policy.yaml:6:53: 'free mail.example' is no domain name; write it as example.com",
            "policy.yaml:7:19: 'reception@' is no mail address: the part after the @ is no domain "
            "name")

    def test_codes_that_are_no_refusal(self):
        self.refuse("""
            version: 1
            rules:
              - name: later
                when: {groups: [Executives]}
                then: {action: reject, code: 451}
              - name: other class
                when: {fields: [from]}
                then: {action: reject, code: 550 4.7.1}
              - name: text
                then: {action: reject, text: "{names} is forged"}
            """,
            "policy.yaml:5:34: 'code' cannot be '451'; a refusal is 5xx, alone or with an enhanced "
            "code of class 5, like 550 5.7.1",
            "policy.yaml:8:34: 'code' cannot be '550 4.7.1'; a refusal is 5xx, alone or with an "
            "enhanced code of class 5, like 550 5.7.1",
            "policy.yaml:10:34: '{names}' is no placeholder; use {reason}, {person} and plain text "
            "without other braces")

    def test_headers_that_would_change_the_message(self):
        self.refuse("""
            version: 1
            rules:
              - name: headers
                then:
                  action: tag
                  headers:
                    Subject: forged
                    X-Fromguard-Result: none
                    "X Spam": "YES"
                    X-Spam-Flag: ""
                  subject_prefix: ""
            """,
            "policy.yaml:7:9: 'Subject' belongs to the message, and a second one would change it; use"
            " another name, like X-Spam-Flag",
            "policy.yaml:8:9: 'X-Fromguard-Result' is kept for fromguard's own stamp; use another "
            "name, like X-Spam-Flag",
            "policy.yaml:9:9: 'X Spam' is no header field's name; use 1 to 64 letters, digits and "
            "hyphens, like X-Spam-Flag",
            "policy.yaml:10:22: 'X-Spam-Flag' needs a text of 1 to 900 characters as its value; write"
            " one, in quotes if needed",
            "policy.yaml:11:23: 'subject_prefix' must be visible text of 1 to 60 octets; write it "
            'like "[Not verified]"')

    def test_keys_of_other_actions(self):
        self.refuse("""
            version: 1
            rules:
              - name: quarantine
                then:
                  action: quarantine
                  headers: {X-Spam-Flag: "YES"}
                  subject_prefix: "[Forged]"
                  code: 550
                  text: no
                  really: true
            """,
            "policy.yaml:6:16: 'headers' has no effect with 'action: quarantine'; remove it, or use "
            "'action: tag'",
            "policy.yaml:7:23: 'subject_prefix' has no effect with 'action: quarantine'; remove it, "
            "or use 'action: tag'",
            "policy.yaml:8:13: 'code' has no effect with 'action: quarantine'; remove it, or use "
            "'action: reject'",
            "policy.yaml:9:13: 'text' has no effect with 'action: quarantine'; remove it, or use "
            "'action: reject'",
            "policy.yaml:10:15: 'really' has no effect with 'action: quarantine'; remove it, or use "
            "'action: discard'",
            "policy.yaml:7:23: warning: DKIM signatures over Subject no longer verify behind the "
            "gateway; whoever checks them there must trust the gateway's own result")

    def test_actions_that_need_more(self):
        self.refuse("""
            version: 1
            rules:
              - name: redirect
                when: {groups: [Executives]}
                then: {action: redirect}
              - name: copy
                when: {fields: [from]}
                then: {action: copy, to: "*@contoso.com"}
              - name: discard
                then: {action: discard}
            """,
            "policy.yaml:5:11: 'action: redirect' needs 'to'; write {action: redirect, to: "
            "security@example.com}",
            "policy.yaml:8:30: 'to' lists addresses without '*', not '*@contoso.com'; write "
            "ada@example.com",
            "policy.yaml:10:11: 'action: discard' drops messages and tells nobody; if that is meant, "
            "add 'really: true', else use quarantine or reject")

    def test_an_action_that_does_not_exist(self):
        self.refuse("""
            version: 1
            rules:
              - name: quarantined
                then: {disposition: spam, action: quarantined, code: 550}
            """,
            "policy.yaml:4:25: 'disposition' cannot be 'spam'; known here: malicious, suspicious, "
            "spoof, bulk, none",
            "policy.yaml:4:39: 'action' cannot be 'quarantined'; did you mean 'quarantine'?")

    def test_exceptions_that_nobody_answers_for(self):
        self.refuse("""
            version: 1
            exceptions:
              - name: booking service
                person: ada@contoso.com
                from: ["*@bookings.example"]
              - name: no sender
                anyone: true
                owner: it-security@contoso.com
                reason: ""
            """,
            "policy.yaml:3:5: the key 'owner' is missing; add it",
            "policy.yaml:3:5: the key 'reason' is missing; add it",
            "policy.yaml:6:5: the key 'from' is missing; add it",
            "policy.yaml:9:13: 'reason' must have 1 to 1,000 octets; write why it is needed")

    def test_exceptions_for_nobody_or_too_many(self):
        self.refuse("""
            version: 1
            exceptions:
              - {name: nobody, from: a@bookings.example, owner: Ada, reason: bookings}
              - {name: two, person: ada@contoso.com, group: Executives, from: b@bookings.example, owner: Ada, reason: b}
              - {name: not anyone, anyone: false, from: c@bookings.example, owner: Ada, reason: bookings}
              - {name: no person, person: Ada, from: d@bookings.example, owner: Ada, reason: bookings}
            """,
            "policy.yaml:3:5: an exception is for one person, one group or anyone; write one of "
            "'person: ada@example.com', 'group: Executives', 'anyone: true'",
            "policy.yaml:4:5: an exception is for one person, one group or anyone; write one of "
            "'person: ada@example.com', 'group: Executives', 'anyone: true'",
            "policy.yaml:5:32: 'anyone' can only be true; use 'person' or 'group' otherwise",
            "policy.yaml:6:31: 'Ada' is no mail address: it has no @; write it as name@domain")

    def test_days_that_do_not_exist(self):
        self.refuse("""
            version: 1
            exceptions:
              - {name: a, anyone: true, from: a@bookings.example, owner: Ada, reason: b, expires: 2027-02-29}
              - {name: b, anyone: true, from: b@bookings.example, owner: Ada, reason: b, expires: 31.03.2027}
              - {name: c, anyone: true, from: c@bookings.example, owner: Ada, reason: b, authenticated: "yes"}
            """,
            "policy.yaml:3:87: 'expires' cannot be '2027-02-29'; write a day like 2027-03-31",
            "policy.yaml:4:87: 'expires' cannot be '31.03.2027'; write a day like 2027-03-31",
            "policy.yaml:5:93: 'authenticated' must be true or false, not 'yes'; write true or false "
            "without quotes")

    def test_an_exception_that_is_never_reached(self):
        self.refuse("""
            version: 1
            exceptions:
              - {name: all, anyone: true, from: "*@bookings.example", owner: Ada, reason: bookings}
              - {name: one, person: ada@contoso.com, from: ada@bookings.example, owner: Ada, reason: bookings}
            """,
            "policy.yaml:4:5: the exception 'one' can never be reached: the exception 'all' in line 3"
            " covers all that it would; remove one of them")

    def test_lists_without_entries_and_of_wrong_entries(self):
        self.refuse("""
            version: 1
            lists:
              nothing: {}
              a text: freemail.example
              freemail: {file: freemail.txt}
              elsewhere: {file: ../freemail.txt}
              absent: {file: absent.txt}
              "*": {entries: [freemail.example]}
            """,
            "absent.txt: cannot read it: No such file or directory; check that it exists and may be "
            "read",
            "freemail.txt:2:1: 'no domain' is no domain name; write it as example.com",
            "policy.yaml:3:12: the list 'nothing' has neither 'file' nor 'entries'; add one",
            "policy.yaml:4:11: the list 'a text' needs 'file' or 'entries'; write a text: {file: "
            "domains.txt}",
            "policy.yaml:6:21: '../freemail.txt' is outside of the policy's folder; put the file "
            "beside policy.yaml and name it from there",
            "policy.yaml:7:18: the list 'absent' cannot be read from 'absent.txt'; see the error "
            "about the file",
            "policy.yaml:8:3: '*' is no name for a list; use 1 to 128 octets without '@' and '*', "
            "like freemail",
            files={"freemail.txt": "freemail.example\nno domain\n# the end\n"})

    def test_a_list_that_does_not_exist(self):
        self.refuse("""
            version: 1
            lists:
              freemail: {entries: [freemail.example, "*@*.example"]}
            rules:
              - name: freemail
                when: {from: [freemial]}
                then: {action: tag}
            """,
            "policy.yaml:3:42: '*@*.example' has a '*' that is not a leading '*@'; write "
            'ada@example.com, or "*@example.com" for a whole domain',
            "policy.yaml:6:19: 'freemial' is no address and none of the 'lists'; did you mean "
            "'freemail'?")

    def test_trust_that_is_only_half(self):
        self.refuse("""
            version: 1
            authentication: {trusted_authserv_ids: [mx.contoso.com, "two words"]}
            """,
            "policy.yaml:2:40: 'trusted_authserv_ids' has no effect without 'trusted_relays'; give "
            "both",
            "policy.yaml:2:57: 'two words' is no authserv-id; write the name that the trusted server "
            "puts first in Authentication-Results, like mx.example.net")

    def test_networks_that_are_none(self):
        self.refuse("""
            version: 1
            authentication:
              trusted_authserv_ids: [mx.contoso.com]
              trusted_relays: [mx.contoso.com]
            """,
            "policy.yaml:4:19: 'mx.contoso.com' is no network; write it as 192.0.2.0/24 or "
            "2001:db8::/32")

    def test_errors_of_shadow_rules_and_data_files(self):
        self.refuse("""
            version: 1
            shadow:
              mode: enforce
              rules:
                - {name: all, then: {action: tag}}
                - {name: all, then: {action: reject, headers: {X-Spam-Flag: "YES"}}}
            """,
            "delegated-senders.yaml:3:5: the key 'senders' is missing; add it",
            "delegated-senders.yaml:3:18: unknown key 'sender'; did you mean 'senders'?",
            "policy.yaml:3:3: unknown key 'mode'; only 'rules' is known here",
            "policy.yaml:6:7: a rule named 'all' begins in line 5 already; give each its own name",
            "policy.yaml:6:51: 'headers' has no effect with 'action: reject'; remove it, or use "
            "'action: tag'",
            files={"delegated-senders.yaml": "version: 1\nservices:\n  - {name: Docs, sender: docs.example}\n"})


class Doubtful(PolicyCheck):
    """Policies that are used, with a warning: exit status 0."""

    def test_an_exception_that_has_expired(self):
        self.warn("""
            version: 1
            exceptions:
              - {name: a, anyone: true, from: a@bookings.example, owner: Ada, reason: b, expires: 2020-02-29}
            """,
            "policy.yaml:3:87: this exception has expired on 2020-02-29 and is off; renew or remove "
            "it")

    def test_an_exception_that_expires_soon(self):
        soon = datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=10)
        later = soon + datetime.timedelta(days=30)
        self.warn(f"""
            version: 1
            exceptions:
              - {{name: a, anyone: true, from: a@bookings.example, owner: Ada, reason: b, expires: {soon}}}
              - {{name: b, anyone: true, from: b@bookings.example, owner: Ada, reason: b, expires: {later}}}
            """,
            f"policy.yaml:3:87: this exception expires on {soon}; renew it if it is still needed")

    def test_a_whole_domain_without_authentication(self):
        self.warn("""
            version: 1
            lists:
              bookings: {entries: [bookings.example]}
            exceptions:
              - {name: a, anyone: true, from: "*@a.example", owner: Ada, reason: b, authenticated: false}
              - {name: b, anyone: true, from: bookings, owner: Ada, reason: b, authenticated: false}
              - {name: c, anyone: true, from: c@c.example, owner: Ada, reason: b, authenticated: false}
            """,
            "policy.yaml:5:88: anybody who forges an address of the domain may show the name; leave "
            "out 'authenticated: false', or list single addresses",
            "policy.yaml:6:83: anybody who forges an address of the domain may show the name; leave "
            "out 'authenticated: false', or list single addresses")

    def test_a_list_that_nothing_uses(self):
        self.warn("""
            version: 1
            lists:
              freemail: {entries: [freemail.example]}
              partners: {entries: [partner.example]}
            shadow:
              rules:
                - {name: partners, when: {from: partners}, then: {action: accept}}
            """,
            "policy.yaml:3:3: no rule and no exception uses the list 'freemail'; remove it")

    def test_actions_that_break_signatures(self):
        self.warn("""
            version: 1
            rules:
              - name: executives
                when: {groups: [Executives]}
                then: {action: expose}
              - name: everybody else
                then: {action: tag, subject_prefix: "[Not verified]"}
            """,
            "policy.yaml:5:20: 'expose' changes a field that DKIM signs, so that signatures no longer"
            " verify behind the gateway; whoever checks them there must trust the gateway's own "
            "result",
            "policy.yaml:7:41: DKIM signatures over Subject no longer verify behind the gateway; "
            "whoever checks them there must trust the gateway's own result")

    def test_people_groups_and_organizations_that_are_not_there(self):
        self.warn("""
            version: 1
            exceptions:
              - {name: left, person: charles@contoso.com, from: a@bookings.example, owner: Ada, reason: b}
              - {name: renamed, group: Directors, from: b@bookings.example, owner: Ada, reason: b}
            rules:
              - name: nobody
                when:
                  organizations: [contoso, tailspin]
                  groups: [executives, Board]
                  people: [ada@contoso.com, charles@contoso.com]
                then: {action: reject}
            """,
            "policy.yaml:3:5: the exception 'left' names the person with the address "
            "'charles@contoso.com', and the snapshot has none; correct or remove it",
            "policy.yaml:4:5: the exception 'renamed' names the group 'directors', and the snapshot "
            "has none; correct or remove it",
            "policy.yaml:6:5: the rule 'nobody' names the organization 'tailspin', and the snapshot "
            "has none; correct or remove it",
            "policy.yaml:6:5: the rule 'nobody' names the group 'board', and the snapshot has none; "
            "correct or remove it",
            "policy.yaml:6:5: the rule 'nobody' names the person with the address "
            "'charles@contoso.com', and the snapshot has none; correct or remove it")

    def test_a_policy_without_fault(self):
        self.warn("""
            version: 1
            mode: enforce
            rules:
              - name: everything
                then: {disposition: spoof, action: quarantine}
            """)


if __name__ == "__main__":
    unittest.main(verbosity=2)
