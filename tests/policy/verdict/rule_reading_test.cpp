// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/config/problems.h"
#include "policy/config/yaml_document.h"
#include "policy/verdict/policy.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace policy {
namespace {

// What is said about a policy; empty if it is good.
std::string told(std::string_view text) {
  Problems problems;
  const auto policy = Policy::parse(text, "p", problems);
  EXPECT_EQ(policy.has_value(), !problems.has_errors());
  return problems.text();
}

std::string told_about_then(std::string_view then) {
  return told("version: 1\nrules:\n- name: a\n  then: {" + std::string{then} + "}\n");
}

std::string told_about_when(std::string_view when) {
  return told("version: 1\nrules:\n- name: a\n  then: {}\n  when: {" + std::string{when} + "}\n");
}

void expect_told(const std::string& all, std::string_view part) {
  EXPECT_NE(all.find(part), std::string::npos) << "wanted: " << part << "\ntold: " << all;
}

TEST(PolicyErrors, AreAllToldWithTheirPlacesInOneReading) {
  EXPECT_EQ(told(R"(version: 2
mode: enforced
stamps: all
rules:
  - name: one
    when: {groups: [], matches: [exakt, typo]}
    then: {action: rejct}
  - when:
      from: [x, "*@ok.example"]
    then: {action: tag}
)"),
            "p:1:10: version 2 is not known; this program reads 'version: 1'\n"
            "p:2:7: 'mode' cannot be 'enforced'; did you mean 'enforce'?\n"
            "p:3:1: unknown key 'stamps'; did you mean 'stamp'?\n"
            "p:6:20: 'groups' is an empty list; leave the key out or list something\n"
            "p:6:34: 'matches' cannot be 'exakt'; did you mean 'exact'?\n"
            "p:7:20: 'action' cannot be 'rejct'; did you mean 'reject'?\n"
            "p:8:5: the key 'name' is missing; add it\n"
            "p:9:14: 'x' is no address and none of the 'lists'; write ada@example.com, "
            "\"*@example.com\" or the name of a list\n");
}

TEST(PolicyErrors, AnEmptyFileLacksItsVersion) {
  EXPECT_EQ(told(""), "p:1:1: the key 'version' is missing; add it\n");
  expect_told(told("version: \"1\"\n"), "p:1:10: 'version' must be a whole number");
  expect_told(told("version: 01\n"), "p:1:10: 'version' must be a whole number");
  expect_told(told("- version: 1\n"), "p:1:1: this must be a mapping, not a list");
}

TEST(PolicyErrors, BrokenYamlIsToldOnce) {
  EXPECT_EQ(told("version: 1\nversion: 1\n"),
            "p:2:1: the key 'version' is already given in line 1; give it once\n");
}

TEST(PolicyErrors, RulesHaveNamesOfTheirOwn) {
  expect_told(told("version: 1\nrules:\n- name: a\n  when: {groups: [x]}\n  then: {}\n"
                   "- name: a\n  then: {}\n"),
              "p:6:3: a rule named 'a' begins in line 3 already");
  expect_told(told("version: 1\nrules: [{name: \"\", then: {}}]\n"), "p:2:16: a rule's name");
  expect_told(told("version: 1\nrules: [{name: \"a\\nb\", then: {}}]\n"), "visible text");
  expect_told(told("version: 1\nrules: [{name: \"a\\u202eb\", then: {}}]\n"), "visible text");
  expect_told(told("version: 1\nrules: [{name: " + std::string(129, 'x') + ", then: {}}]\n"),
              "1 to 128 octets");
  expect_told(told("version: 1\nrules: [{name: [a], then: {}}]\n"), "'name' must be a text");
}

TEST(PolicyErrors, RulesAreAListOfMappings) {
  expect_told(told("version: 1\nrules: {name: a}\n"), "p:2:8: 'rules' must be a list");
  expect_told(told("version: 1\nrules: [text]\n"), "p:2:9: this must be a mapping, not 'text'");
  expect_told(told("version: 1\nrules: [{name: a}]\n"), "p:2:9: the key 'then' is missing");
  EXPECT_EQ(told("version: 1\nrules:\n"), "");
}

TEST(PolicyErrors, AWhenWithoutConditionsIsNoRuleForEverything) {
  for (const char* when : {"when:", "when: {}"}) {
    expect_told(told("version: 1\nrules:\n- name: a\n  then: {action: reject}\n  " +
                     std::string{when} + "\n"),
                "'when' has no condition; leave it out");
  }
}

TEST(PolicyErrors, ARuleAfterOneForEverythingCannotBeReached) {
  EXPECT_EQ(told("version: 1\nrules:\n- {name: all, then: {}}\n"
                 "- {name: late, when: {groups: [x]}, then: {}}\n"),
            "p:4:3: the rule 'late' can never be reached: the rule 'all' in line 3 matches all "
            "that it would; move it up or remove it\n");
}

std::string told_about_order(std::string_view first, std::string_view second) {
  return told("version: 1\nrules:\n- {name: first, when: {" + std::string{first} +
              "}, then: {}}\n- {name: second, when: {" + std::string{second} + "}, then: {}}\n");
}

TEST(PolicyErrors, ARuleThatAnEarlierOneCoversCannotBeReached) {
  const std::string_view unreachable = "'second' can never be reached";
  expect_told(told_about_order("groups: [x, y]", "groups: [Y]"), unreachable);
  expect_told(told_about_order("groups: [x]", "groups: [x], people: [a@b.example]"), unreachable);
  expect_told(told_about_order("from: \"*@b.example\"", "from: [a@b.example, \"*@B.example\"]"),
              unreachable);
  expect_told(told_about_order("findings: [protected_name, spoofed_address, ambiguous_from]",
                               "groups: [x]"),
              unreachable);
  expect_told(told_about_order("fields: [from, sender]", "fields: [sender]"), unreachable);
  expect_told(told_about_order("groups: [x]", "groups: [x], matches: [exact]"), unreachable);
}

TEST(PolicyErrors, ARuleThatCanBeReachedIsNotRefused) {
  EXPECT_EQ(told_about_order("groups: [x]", "groups: [x, y]"), "");
  EXPECT_EQ(told_about_order("groups: [x], fields: [from]", "groups: [x]"), "");
  EXPECT_EQ(told_about_order("from: a@b.example", "from: \"*@b.example\""), "");
  EXPECT_EQ(told_about_order("from: \"*@b.example\"", "from: a@sub.b.example"), "");
  EXPECT_EQ(told_about_order("groups: [x]", "findings: [malformed_from], groups: [x]"), "");
  EXPECT_EQ(told_about_order("groups: [x]", "matches: [exact, nickname], groups: [x]"), "");
  EXPECT_EQ(
      told_about_order("matches: [exact, reordered, decorated, lookalike, address]", "groups: [x]"),
      "");
  EXPECT_EQ(told("version: 1\nrules:\n- {name: all, then: {}}\n"
                 "- {name: weak, when: {matches: [typo]}, then: {}}\n"
                 "- {name: bad, when: {findings: [malformed_from]}, then: {}}\n"),
            "");
}

TEST(PolicyErrors, PatternsAreAddressesOrWholeDomains) {
  for (const char* pattern : {"\"*\"",
                              "\"a*@b.example\"",
                              "\"*@*.example\"",
                              "\"*@\"",
                              "\"**@b.example\"",
                              "\"@b.example\"",
                              "\"a@b@c.example\"",
                              "\"a b@c.example\"",
                              R"("a@b.example\n\r x")",
                              "\"*@b_.example/\"",
                              "\"\"",
                              "freemail"}) {
    expect_told(told_about_when("from: [" + std::string{pattern} + "]"), "p:5:17: ");
    expect_told(told_about_when("recipients: [" + std::string{pattern} + "]"), "p:5:23: ");
  }
  expect_told(told_about_when("people: [\"*@b.example\"]"), "p:5:19: ");
  expect_told(told_about_when("people: [Ada]"), "is no mail address");
}

TEST(PolicyErrors, ConditionsAreListsOfTexts) {
  expect_told(told_about_when("groups: {a: b}"), "'groups' must be a list of texts, not a mapping");
  expect_told(told_about_when("groups: "), "'groups' must be a list of texts, not nothing");
  expect_told(told_about_when("groups: [a, [b]]"), "p:5:22: 'groups' must list texts, not a list");
  expect_told(told_about_when("groups: [\"\"]"), "lists an empty text");
  expect_told(told_about_when("group: [a]"), "did you mean 'groups'?");
  expect_told(told_about_when("findings: [protected-name]"), "did you mean 'protected_name'?");
  expect_told(told_about_when("fields: [to]"), "'fields' cannot be 'to'; known here: from, ");
}

TEST(PolicyErrors, HeadersCannotInjectAnything) {
  for (const char* header : {R"(X-A: "b\r\nBcc: x@y.example")",
                             R"(X-A: "b\n c")",
                             R"(X-A: "b\0")",
                             R"(X-A: "\x7f")",
                             "X-A: é",
                             "X-A: \"\"",
                             "X-A: ",
                             "X-A: [b]",
                             R"("X-A: b\r\nX-B": c)",
                             "\"X A\": b",
                             "\"X:\": b",
                             "\"\": b",
                             "Ünder: b",
                             "X-Fromguard-Result: b",
                             "x-fromguard-reason: b",
                             "From: b@c.example",
                             "SUBJECT: b",
                             "Content-Type: text/html"}) {
    expect_told(told_about_then("headers: {" + std::string{header} + "}"), "p:4:");
  }
  expect_told(told_about_then("headers: {X-A: " + std::string(901, 'x') + "}"), "1 to 900");
  expect_told(told_about_then("headers: {" + std::string(65, 'x') + ": a}"), "1 to 64");
  expect_told(told_about_then("headers: {}"), "must name fields");
  expect_told(told_about_then("headers: X-A"), "must name fields");
}

TEST(PolicyErrors, CodesArePermanentAndAgree) {
  for (const char* code : {"250",
                           "450",
                           "451 4.7.1",
                           "550 4.7.1",
                           "450 5.7.1",
                           "5500",
                           "55",
                           "560",
                           "55x",
                           "550 5.7",
                           "550 5.7.",
                           "550 5.07.1",
                           "550 5.7.1000",
                           "550 5.7.1 x",
                           "550-5.7.1",
                           R"("550 5.7.1\r\n")",
                           "\"550  5.7.1\"",
                           "\"550 \"",
                           "\" 550\"",
                           "\"\""}) {
    expect_told(told_about_then("action: reject, code: " + std::string{code}),
                "p:4:32: 'code' cannot be ");
  }
  for (const char* code : {"550", "554 5.7.26", "521 5.0.0", "\"550 5.1.999\""}) {
    EXPECT_EQ(told_about_then("action: reject, code: " + std::string{code}), "");
  }
}

TEST(PolicyErrors, ReplyTextsAreChecked) {
  expect_told(told_about_then("action: reject, text: \"{reasons}\""),
              "p:4:32: '{reasons}' is no placeholder");
  expect_told(told_about_then(R"(action: reject, text: "a\r\nb")"), "printable ASCII");
}

TEST(PolicyErrors, AKeyWithoutEffectIsRefused) {
  expect_told(told_about_then("action: quarantine, headers: {X-A: b}"),
              "'headers' has no effect with 'action: quarantine'; remove it, or use 'action: tag'");
  expect_told(told_about_then("code: 550"), "'code' has no effect with 'action: tag'");
  expect_told(told_about_then("action: tempfail, text: a"), "'text' has no effect");
}

TEST(PolicyErrors, SwitchesOfMatchesAreOnAndOff) {
  expect_told(told("version: 1\nmatches: {nickname: false}\n"), "'nickname' cannot be 'false'");
  expect_told(told("version: 1\nmatches: {exact: off}\n"), "unknown key 'exact'");
}

TEST(PolicyErrors, RulesMayTellDirectionsApart) {
  EXPECT_EQ(told_about_when("direction: inbound"), "");
  EXPECT_EQ(told_about_when("direction: [inbound, outbound]"), "");
  expect_told(told_about_when("direction: incoming"), "'direction' cannot be 'incoming'");
  expect_told(told_about_order("groups: [x]", "groups: [x], direction: inbound"),
              "can never be reached");
  EXPECT_EQ(told_about_order("groups: [x], direction: outbound", "groups: [x]"), "");
}

TEST(PolicyErrors, ShadowRulesAreCheckedAmongThemselves) {
  EXPECT_EQ(told("version: 1\nrules: [{name: a, then: {}}]\n"
                 "shadow: {rules: [{name: a, then: {action: reject}}]}\n"),
            "");
  expect_told(told("version: 1\nshadow: {rules: [{name: a, then: {action: rejct}}]}\n"),
              "p:2:43: 'action' cannot be 'rejct'");
  expect_told(told("version: 1\nshadow:\n  rules:\n  - {name: a, then: {}}\n"
                   "  - {name: b, then: {}}\n"),
              "p:5:5: the rule 'b' can never be reached");
  expect_told(told("version: 1\nshadow: {rule: []}\n"), "did you mean 'rules'?");
}

TEST(PolicyErrors, TrustedResultsNeedAServerAndItsRelay) {
  EXPECT_EQ(told("version: 1\nauthentication: {trusted_authserv_ids: [MX.example.net], "
                 "trusted_relays: [192.0.2.0/24, \"2001:db8::1\"]}\n"),
            "");
  expect_told(told("version: 1\nauthentication: {trusted_relays: [192.0.2.0/24]}\n"),
              "'trusted_relays' has no effect without 'trusted_authserv_ids'; give both");
  expect_told(told("version: 1\nauthentication: {trusted_authserv_ids: [\"a b\"], "
                   "trusted_relays: [192.0.2.0/33]}\n"),
              "p:2:41: 'a b' is no authserv-id");
}

TEST(PolicyErrors, ARefusedActionDoesNotMakeItsKeysWrong) {
  EXPECT_EQ(told_about_then("action: rejct, code: 550"),
            "p:4:18: 'action' cannot be 'rejct'; did you mean 'reject'?\n");
}

TEST(PolicyErrors, ManyRulesAreReadAndTooManyAreToldSo) {
  std::string text = "version: 1\nrules:\n";
  for (std::size_t i = 0; i < 1'000; ++i) {
    const std::string number = std::to_string(i);
    text.append("- {name: r").append(number).append(", when: {from: a").append(number);
    text.append("@b.example}, then: {}}\n");
  }
  EXPECT_EQ(told(text), "");
  EXPECT_NE(told(text + "- {name: again, when: {from: a999@b.example}, then: {}}\n"), "");

  std::string many = "version: 1\nrules: [x";
  for (std::size_t i = 0; i < 10'000; ++i) {
    many += ",x";
  }
  EXPECT_EQ(told(many + "]\n"),
            "p:2:8: 'rules' has over 10000 members; list several things in one of them\n");
  expect_told(told("version: 1\nrules: # " + std::string(kMaximumYamlOctets, 'x')), "over 8 MiB");
}

TEST(PolicyErrors, HugeListsAndTextsAreToldShortly) {
  std::string list = "a@b.example";
  for (std::size_t i = 0; i < 20'000; ++i) {
    list.append(", x").append(std::to_string(i)).append("@b.example");
  }
  EXPECT_EQ(told_about_when("from: [" + list + "]"), "");
  EXPECT_LT(told_about_when(std::string(1'000, 'x') + ": y").size(), 300U);
  EXPECT_LT(told_about_then("action: " + std::string(100'000, 'x')).size(), 300U);
}

}  // namespace
}  // namespace policy
