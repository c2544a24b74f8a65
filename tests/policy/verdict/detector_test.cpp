// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/detector.h"

#include "policy/result.h"
#include "policy/verdict/detection.h"
#include "policy/verdict/explanation.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/sender_field.h"
#include "tests/policy/verdict/detecting.h"
#include "tests/support/known_people.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace policy {
namespace {

using tests::kContoso;
using tests::kFabrikam;

constexpr std::string_view kForgedAda = "protected_name exact Ada Lovelace <ada@freemail.example>";

TEST(Detector, FindsAForgedNameAndSaysWhose) {
  const Detection detection = detect(from_field("Ada Lovelace", "ada@freemail.example"));
  EXPECT_EQ(summary_of(detection.findings), kForgedAda);
  const Finding& finding = detection.findings.front();
  EXPECT_EQ(finding.reason,
            "Protected Name Ada Lovelace should not appear as ada@freemail.example");
  EXPECT_EQ(finding.organization, kContoso);
  EXPECT_EQ(finding.organization_name, "contoso");
  EXPECT_EQ(finding.person_addresses,
            (std::vector<std::string>{"ada@contoso.com", "ada@private.example"}));
  EXPECT_EQ(finding.person_groups, std::vector<std::string>{"Executives"});
  EXPECT_TRUE(detection.if_not_authentic.empty());
}

TEST(Detector, ANameBesideAnAddressOfItsOwnIsNoFindingWhileTheAddressIsAuthentic) {
  for (const char* own : {"ada@contoso.com",
                          "ada@private.example",
                          "Ada@CONTOSO.com",
                          "ada+newsletter@contoso.com",
                          "ada@contoso.com."}) {
    const Detection detection = detect(from_field("Ada Lovelace", own));
    EXPECT_EQ(summary_of(detection.findings), "none") << own;
    ASSERT_EQ(detection.if_not_authentic.size(), 1U) << own;
    const Finding& finding = detection.if_not_authentic.front();
    EXPECT_EQ(finding.kind, FindingKind::kSpoofedAddress);
    EXPECT_EQ(finding.reason,
              std::string{"Protected Name Ada Lovelace failed authentication as "} + own);
  }
}

TEST(Detector, AnyAddressThatIsNotConfiguredForTheNameIsForeign) {
  for (const char* foreign : {"ada.lovelace@contoso.com",
                              "ada@mail.contoso.com",
                              "a.da@contoso.com",
                              "ada@contoso.com.example",
                              "john.smith@contoso.com",
                              "ada@fabrikam.example"}) {
    EXPECT_EQ(findings_of("Ada Lovelace", foreign),
              "protected_name exact Ada Lovelace <" + std::string{foreign} + '>');
  }
}

TEST(Detector, HomonymsShareTheirAddresses) {
  EXPECT_EQ(findings_of("John Smith", "john.smith@contoso.com"), "none");
  EXPECT_EQ(findings_of("Smith, John", "smith.j@contoso.com"), "none");
  EXPECT_EQ(findings_of("John Smith", "john@freemail.example"),
            "protected_name exact John Smith <john@freemail.example> | "
            "protected_name exact John Smith <john@freemail.example>");
}

TEST(Detector, NamesTheMatch) {
  const std::vector<std::pair<std::string, std::string>> shown{
      {"ADA  lovelace", "exact"},
      {"Lovelace, Ada", "reordered"},
      {"Ada Lovelace (CEO)", "decorated"},
      {"Dr. Ada Lovelace", "decorated"},
      {"Ada Lovelace | Contoso", "decorated"},
      {"Ada Lovelace via Invoices", "decorated"},
      {"Ada L\xD0\xBEvelace", "lookalike"},
      {"Ad\xE2\x80\x8B"
       "a Lovelace",
       "lookalike"},
  };
  for (const auto& [text, match] : shown) {
    EXPECT_EQ(findings_of(text, "x@freemail.example"),
              "protected_name " + match + " Ada Lovelace <x@freemail.example>")
        << text;
  }
}

TEST(Detector, PeopleWithNamesBeyondAsciiAreFoundUnderEachSpelling) {
  for (const char* text : {"Zoë Świątek", "Zoe Swiatek", "SWIATEK, ZOE"}) {
    EXPECT_NE(findings_of(text, "x@freemail.example"), "none") << text;
    EXPECT_EQ(findings_of(text, "zoe@contoso.com"), "none") << text;
  }
  EXPECT_EQ(findings_of("王小明", "x@freemail.example"),
            "protected_name exact 王小明 <x@freemail.example>");
  EXPECT_EQ(findings_of("王小明", "wang@contoso.com"), "none");
}

TEST(Detector, LeavesOtherPeopleAlone) {
  for (const char* text : {"Joan Smith",
                           "John Schmidt",
                           "The John Smith Foundation",
                           "John Smith & Sons Ltd",
                           "Reminder for John Smith",
                           "J. Smith",
                           "Smith",
                           "Ada",
                           "Ada Lovelace Bob"}) {
    EXPECT_EQ(findings_of(text, "x@freemail.example"), "none") << text;
  }
}

TEST(Detector, ARoleMailboxIsProtectedAsAWholeStringOnly) {
  EXPECT_EQ(findings_of("Accounts Payable", "x@freemail.example"),
            "protected_name exact Accounts Payable <x@freemail.example>");
  for (const char* text : {"Payable Accounts",
                           "Accounts Payable | Woodgrove",
                           "Woodgrove (Accounts Payable)",
                           "Accounts Payable Team",
                           "Accounts"}) {
    EXPECT_EQ(findings_of(text, "x@freemail.example"), "none") << text;
  }
}

TEST(Detector, ANameOfOneWordIsProtectedAsAWholeTextOnly) {
  EXPECT_EQ(findings_of("madonna", "x@freemail.example"),
            "protected_name exact Madonna <x@freemail.example>");
  for (const char* text : {"Madonna | Fan Club", "Madonna Louise", "News (Madonna)"}) {
    EXPECT_EQ(findings_of(text, "x@freemail.example"), "none") << text;
  }
}

TEST(Detector, AnAddressInTheShownTextThatIsNotTheRealOne) {
  EXPECT_EQ(findings_of("ada@contoso.com", "x@freemail.example"),
            "protected_name address Ada Lovelace <x@freemail.example>");
  EXPECT_EQ(findings_of("Ada [at] contoso.com", "x@freemail.example"),
            "protected_name address Ada Lovelace <x@freemail.example>");
  EXPECT_EQ(findings_of("ada@contoso.com", "john.smith@contoso.com"),
            "protected_name address Ada Lovelace <john.smith@contoso.com>");
  EXPECT_EQ(findings_of("ada@contoso.com", "ada@private.example"), "none");
  EXPECT_EQ(findings_of("ada@contoso.com", "ada+news@contoso.com"), "none");
  EXPECT_EQ(findings_of("someone@freemail.example", "x@freemail.example"), "none");
}

TEST(Detector, AnAddressOfTheOrganizationsDomainsThatIsNobodysInParticular) {
  const Detection detection = detect(from_field("help@contoso.com", "x@freemail.example"));
  EXPECT_EQ(summary_of(detection.findings), "protected_name address - <x@freemail.example>");
  EXPECT_EQ(detection.findings.front().reason,
            "Protected Name help@contoso.com should not appear as x@freemail.example");
  EXPECT_EQ(findings_of("help@contoso.com", "desk@contoso.com"), "none");
  EXPECT_EQ(findings_of("help@mail.contoso.com", "x@freemail.example"), "none");
}

TEST(Detector, TheStrongestMatchOfAPersonStands) {
  SenderField field = from_field("Dr. Ada Lovelace", "x@freemail.example");
  field.identities.push_back(
      {.source = IdentitySource::kComment, .text = "ada@contoso.com", .mailbox = 0});
  field.identities.push_back(
      {.source = IdentitySource::kComment, .text = "Lovelace Ada", .mailbox = 0});
  EXPECT_EQ(summary_of(detect(field).findings),
            "protected_name reordered Ada Lovelace <x@freemail.example>");
}

TEST(Detector, AProtectedAddressBesideAForeignOneIsAmbiguous) {
  for (const bool own_first : {true, false}) {
    SenderField field = from_field("", own_first ? "ada@contoso.com" : "x@freemail.example");
    add_mailbox(field, "", own_first ? "x@freemail.example" : "ada@contoso.com");
    const Detection detection = detect(field);
    EXPECT_EQ(summary_of(detection.findings), "ambiguous_from - Ada Lovelace <x@freemail.example>");
    EXPECT_EQ(detection.findings.front().reason,
              "Protected Name Ada Lovelace appears in an ambiguous From field with "
              "x@freemail.example");
  }
}

TEST(Detector, ASecondFromFieldDoesNotHideAForgedName) {
  SenderField field = from_field("Newsletter", "news@freemail.example");
  field.field_count = 2;
  add_mailbox(field, "Ada Lovelace", "ada@freemail.example");
  EXPECT_EQ(summary_of(detect(field).findings), kForgedAda);
  SenderField own_and_forged = from_field("Ada Lovelace", "ada@contoso.com");
  add_mailbox(own_and_forged, "Ada Lovelace", "ada@freemail.example");
  EXPECT_EQ(summary_of(detect(own_and_forged).findings), kForgedAda);
}

TEST(Detector, SeveralAuthorsAreNoFindingUnlessOneIsForeign) {
  SenderField ours = from_field("Ada Lovelace", "ada@contoso.com");
  add_mailbox(ours, "John Smith", "john.smith@contoso.com");
  EXPECT_EQ(summary_of(detect(ours).findings), "none");
  SenderField theirs = from_field("Grace Hopper", "grace@navy.example");
  add_mailbox(theirs, "Alan Turing", "alan@park.example");
  EXPECT_EQ(summary_of(detect(theirs).findings), "none");
}

TEST(Detector, AGroupNameIsShownBesideEachOfItsMailboxes) {
  SenderField field;
  field.field_count = 1;
  field.identities = {{.source = IdentitySource::kGroupName,
                       .text = "Ada Lovelace",
                       .mailbox = VisibleIdentity::kNoMailbox}};
  EXPECT_EQ(summary_of(detect(field).findings), "protected_name exact Ada Lovelace <(no address)>");
  add_mailbox(field, "", "ada@contoso.com");
  EXPECT_EQ(summary_of(detect(field).findings), "none");
  add_mailbox(field, "", "ada@freemail.example");
  EXPECT_EQ(summary_of(detect(field).findings), kForgedAda);
}

TEST(Detector, AsksOnlyTheOrganizationsNamed) {
  const SenderField contosos = from_field("John Smith", "x@freemail.example");
  EXPECT_EQ(summary_of(detect(contosos, {kFabrikam}).findings), "none");
  const SenderField shown = from_field("help@contoso.com", "x@freemail.example");
  EXPECT_EQ(summary_of(detect(shown, {kFabrikam}).findings), "none");
  const Detection nobody = detect(from_field("Ada Lovelace", "x@freemail.example"), {});
  EXPECT_EQ(summary_of(nobody.findings), "none");
  EXPECT_EQ(nobody.look_ups, 0U);
}

TEST(Detector, JudgesForEachOrganizationByItsOwnPeople) {
  const Detection foreign =
      detect(from_field("Ada Lovelace", "x@freemail.example"), {kContoso, kFabrikam});
  ASSERT_EQ(foreign.findings.size(), 2U);
  EXPECT_EQ(foreign.findings[0].organization_name, "contoso");
  EXPECT_EQ(foreign.findings[1].organization_name, "fabrikam");
  // Ada of contoso is a stranger to fabrikam, who have an Ada of their own.
  const Detection own =
      detect(from_field("Ada Lovelace", "ada@contoso.com"), {kContoso, kFabrikam});
  ASSERT_EQ(own.findings.size(), 1U);
  EXPECT_EQ(own.findings[0].organization_name, "fabrikam");
  ASSERT_EQ(own.if_not_authentic.size(), 1U);
  EXPECT_EQ(own.if_not_authentic[0].organization_name, "contoso");
}

TEST(Detector, WhatTheMessageHoldsCannotReachAReasonUnescaped) {
  const Detection detection =
      detect(from_field("Ada Lovelace", "x\r\nBcc: y\x1b[2J\xff@freemail.example"));
  ASSERT_EQ(detection.findings.size(), 1U);
  const std::string& reason = detection.findings.front().reason;
  EXPECT_TRUE(std::ranges::all_of(reason, [](char c) { return c >= ' ' && c < 0x7f; })) << reason;
}

TEST(Detector, LooksEachKeyUpOnce) {
  const SenderField once = from_field("Ada Lovelace", "x@freemail.example");
  SenderField often = once;
  for (int i = 0; i < 50; ++i) {
    often.identities.push_back(often.identities.front());
  }
  EXPECT_GT(detect(once).look_ups, 0U);
  EXPECT_EQ(detect(often).look_ups, detect(once).look_ups);
}

TEST(Detector, AFailedLookUpIsNeverReadAsNobody) {
  const auto detector = tests::detector_over(tests::unavailable_directory());
  const std::vector<OrganizationNumber> asked{kContoso};
  const auto code_for = [&](const SenderField& field) {
    const auto detection = detector->detect(senders_of(field), asked, nullptr);
    return detection.has_value() ? "judged" : std::string{"failed"};
  };
  EXPECT_EQ(code_for(from_field("Grace Hopper", "grace@navy.example")), "failed");
  EXPECT_EQ(code_for(from_field("grace@contoso.com", "grace@navy.example")), "failed");
  SenderField several = from_field("", "grace@navy.example");
  add_mailbox(several, "", "alan@park.example");
  EXPECT_EQ(code_for(several), "failed");
  SenderField beyond = from_field("", "grace@navy.example");
  beyond.limits = {FieldLimit::kFieldSize};
  beyond.beyond_limits = "Grace Hopper";
  EXPECT_EQ(code_for(beyond), "failed");
}

TEST(Detector, ExplainsHowItCameToItsFinding) {
  const auto detector = tests::detector_over(tests::known_directory());
  Explanation explanation;
  ASSERT_TRUE(detector
                  ->detect(senders_of(from_field("Ada Lovelace", "x@freemail.example")),
                           std::vector<OrganizationNumber>{kContoso},
                           &explanation)
                  .has_value());
  std::string steps;
  for (const ExplanationStep& step : explanation.steps()) {
    steps += std::string{step.name} + ": " + step.text + '\n';
  }
  for (const char* expected : {"identity: phrase \"Ada Lovelace\"",
                               "look-up: name ",
                               "look-up: address \"x@freemail.example\": nobody",
                               "candidate: \"Ada Lovelace\" for \"Ada Lovelace\": exact"}) {
    EXPECT_NE(steps.find(expected), std::string::npos) << expected << " in\n" << steps;
  }
}

}  // namespace
}  // namespace policy
