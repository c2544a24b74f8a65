// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/finding.h"
#include "policy/verdict/sender_field.h"
#include "policy/verdict/spelled_local_part.h"
#include "tests/policy/verdict/detecting.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace policy {
namespace {

TEST(LooseMatch, ANicknameIsSaidToBeOne) {
  EXPECT_EQ(findings_of("Johnny Smith", "x@freemail.example"),
            "protected_name nickname John Smith <x@freemail.example> | "
            "protected_name nickname John Smith <x@freemail.example>");
}

TEST(LooseMatch, AMisspeltNameIsSaidToBeOne) {
  EXPECT_EQ(findings_of("Ada Lovelance", "x@freemail.example"),
            "protected_name typo Ada Lovelace <x@freemail.example>");
  EXPECT_EQ(findings_of("Lovelcae, Ada", "x@freemail.example"),
            "protected_name typo Ada Lovelace <x@freemail.example>");
  EXPECT_EQ(findings_of("Ada King Lovelace", "x@freemail.example"),
            "protected_name typo Ada Lovelace <x@freemail.example>");
}

TEST(LooseMatch, WhoMisspellsThemselfIsThemself) {
  EXPECT_EQ(findings_of("Ada Lovelance", "ada@private.example"), "none");
  EXPECT_EQ(findings_of("Johnny Smith", "smith.j@contoso.com"), "none");
}

TEST(LooseMatch, ATitleHidesNoMisspelling) {
  EXPECT_EQ(findings_of("CEO Ada Lovelance", "x@freemail.example"),
            "protected_name typo Ada Lovelace <x@freemail.example>");
}

TEST(LooseMatch, AnInitialAndAMisspellingTogetherAreAnotherName) {
  EXPECT_EQ(findings_of("Ada K. Lovelance", "x@freemail.example"), "none");
}

TEST(LooseMatch, AnExactNameNeedsNoSecondLook) {
  EXPECT_EQ(findings_of("Ada Lovelace", "ada.lovelace@freemail.example"),
            "protected_name exact Ada Lovelace <ada.lovelace@freemail.example>");
}

TEST(LooseMatch, ALocalPartThatSpellsANameIsSaidToDoSo) {
  const std::string expected = "protected_name local_part Ada Lovelace <";
  for (const char* address : {"ada.lovelace@freemail.example",
                              "lovelace_ada1815@freemail.example",
                              "adalovelace@freemail.example",
                              "ada.lovelace+news@freemail.example",
                              "ada.lovelace.contoso@freemail.example"}) {
    EXPECT_EQ(findings_of("Desk", address), expected + address + ">");
    EXPECT_EQ(findings_of("", address), expected + address + ">");
  }
}

TEST(LooseMatch, ALocalPartWithoutTheWholeNameIsNobodys) {
  EXPECT_EQ(findings_of("", "alovelace@freemail.example"), "none");
  EXPECT_EQ(findings_of("", "ada@freemail.example"), "none");
  EXPECT_EQ(findings_of("", "madonna@freemail.example"), "none");
  EXPECT_EQ(findings_of("", "accounts.payable@freemail.example"), "none");
  EXPECT_EQ(findings_of("", "ada@contoso.com"), "none");
}

TEST(LooseMatch, SpelledLocalPartsAreWords) {
  EXPECT_EQ(spelled_local_part("John.Smith1975+x@a.example"), "john smith");
  EXPECT_EQ(spelled_local_part("\"john smith\"@a.example"), "john smith");
  EXPECT_EQ(spelled_local_part("1975@a.example"), "");
  EXPECT_EQ(spelled_local_part(""), "");
}

TEST(OtherFields, AForgedNameIsFoundInThem) {
  for (const auto& [name, text] : {std::pair{SenderFieldName::kReplyTo, "reply_to"},
                                   std::pair{SenderFieldName::kSender, "sender"}}) {
    SenderField field = from_field("Ada Lovelace", "ada@freemail.example");
    field.name = name;
    const Detection detection = detect(field);
    EXPECT_EQ(summary_of(detection.findings),
              "protected_name exact Ada Lovelace <ada@freemail.example>");
    EXPECT_EQ(word(detection.findings.front().field), text);
  }
}

TEST(OtherFields, WhatIsOrdinaryInThemIsNoFinding) {
  SenderField reply_to = from_field("Support", "tickets@helpdesk.example");
  reply_to.name = SenderFieldName::kReplyTo;
  add_mailbox(reply_to, "Ada Lovelace", "ada@contoso.com");
  reply_to.defects = {FieldDefect::kSeveralMailboxes};
  const Detection detection = detect(reply_to);
  EXPECT_EQ(summary_of(detection.findings), "none");
  EXPECT_TRUE(detection.if_not_authentic.empty());
}

TEST(OtherFields, OneNameInSeveralFieldsIsLookedUpOnce) {
  MessageSenders senders = senders_of(from_field("Grace Nobody", "grace@x.example"));
  const auto detector = tests::detector_over(tests::known_directory());
  const std::vector<OrganizationNumber> asked{tests::kContoso};
  const std::size_t alone = detector->detect(senders, asked, nullptr).value().look_ups;
  senders.reply_to = from_field("Grace Nobody", "grace@x.example");
  senders.reply_to.name = SenderFieldName::kReplyTo;
  EXPECT_LT(detector->detect(senders, asked, nullptr).value().look_ups, 2 * alone);
}

TEST(BareAddress, OfAProtectedPersonHangsOnAuthentication) {
  const Detection detection = detect(from_field("", "ada@contoso.com"));
  EXPECT_EQ(summary_of(detection.findings), "none");
  EXPECT_EQ(summary_of(detection.if_not_authentic),
            "spoofed_address - Ada Lovelace <ada@contoso.com>");
}

}  // namespace
}  // namespace policy
