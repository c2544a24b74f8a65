// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/shown_name.h"
#include "policy/verdict/detection.h"
#include "policy/verdict/detector.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/sender_field.h"
#include "tests/policy/verdict/detecting.h"
#include "tests/support/known_people.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace policy {
namespace {

using tests::kContoso;
using tests::kFabrikam;

// A field of which reading stopped at a limit; `beyond` is what was kept of the rest.
SenderField cut_field(std::string_view beyond) {
  SenderField field = from_field("Some name", "x@freemail.example");
  field.limits = {FieldLimit::kPhraseLength};
  field.beyond_limits = beyond;
  return field;
}

// The kinds and people of the findings but the one that says only that the field is malformed.
std::string ambiguous_in(const SenderField& field) {
  std::vector<Finding> findings = detect(field).findings;
  std::erase_if(findings,
                [](const Finding& each) { return each.kind == FindingKind::kMalformedFrom; });
  return summary_of(findings);
}

TEST(DetectorLimits, AProtectedNameBeyondALimitMakesTheFieldAmbiguous) {
  constexpr std::string_view kFinding = "ambiguous_from - Ada Lovelace <x@freemail.example>";
  EXPECT_EQ(ambiguous_in(cut_field("and many more words, Ada Lovelace, and so on")), kFinding);
  EXPECT_EQ(ambiguous_in(cut_field("words lovelace ADA words")), kFinding);
  EXPECT_EQ(ambiguous_in(cut_field("words <ada@contoso.com> words")), kFinding);
  EXPECT_EQ(ambiguous_in(cut_field("nobody in particular <grace@navy.example>")), "none");
}

TEST(DetectorLimits, SoDoesANameBeyondAscii) {
  EXPECT_EQ(ambiguous_in(cut_field("words Zoë Świątek words")),
            "ambiguous_from - Zoë Świątek <x@freemail.example>");
  EXPECT_EQ(ambiguous_in(cut_field("words 王小明 words")),
            "ambiguous_from - 王小明 <x@freemail.example>");
}

TEST(DetectorLimits, ANameInWhatWasReadCountsToo) {
  SenderField field = cut_field("");
  field.identities.front().text = "Words upon words Ada Lovelace words upon words";
  EXPECT_EQ(ambiguous_in(field), "ambiguous_from - Ada Lovelace <x@freemail.example>");
}

TEST(DetectorLimits, AFieldThatWasNotLookedAtToItsEndIsAmbiguousWhatever) {
  for (const FieldLimit limit : {FieldLimit::kFieldSize, FieldLimit::kFields}) {
    SenderField field = cut_field("nobody in particular");
    field.limits = {limit};
    EXPECT_EQ(ambiguous_in(field), "ambiguous_from - - <x@freemail.example>");
    field.beyond_limits = "Ada Lovelace";
    EXPECT_EQ(ambiguous_in(field), "ambiguous_from - Ada Lovelace <x@freemail.example>");
  }
}

// Words are looked for as they stand there, and such a text is shown otherwise.
TEST(DetectorLimits, ATextBeyondALimitThatIsShownOtherwiseIsAmbiguousWhatever) {
  for (const std::string_view beyond : {"words \u202eecalevoL adA\u202c", "Ada\u3164Lovelace"}) {
    SenderField field = cut_field(beyond);
    EXPECT_EQ(ambiguous_in(field), "ambiguous_from - - <x@freemail.example>");
    field.name = SenderFieldName::kReplyTo;
    EXPECT_EQ(ambiguous_in(field), "ambiguous_from - - <x@freemail.example>");
    field.limits.clear();
    EXPECT_EQ(ambiguous_in(field), "none");
  }
}

TEST(DetectorLimits, AForgedNameStaysAForgedName) {
  SenderField field = cut_field("Ada Lovelace");
  field.identities.front().text = "Ada Lovelace";
  EXPECT_EQ(ambiguous_in(field), "protected_name exact Ada Lovelace <x@freemail.example>");
}

TEST(DetectorLimits, MoreSegmentsThanAreLookedAtAreSearchedAsWords) {
  std::string phrase;
  for (std::size_t i = 0; i < kMaximumSegments; ++i) {
    phrase += "word" + std::string(1, static_cast<char>('a' + i)) + " | ";
  }
  const Detection detection = detect(from_field(phrase + "Ada Lovelace", "x@freemail.example"));
  EXPECT_EQ(summary_of(detection.findings), "ambiguous_from - Ada Lovelace <x@freemail.example>");
  EXPECT_EQ(detection.limits, std::vector{FieldLimit::kSegments});
  const Detection other = detect(from_field(phrase + "Grace Hopper", "x@freemail.example"));
  EXPECT_EQ(summary_of(other.findings), "none");
  EXPECT_EQ(other.limits, std::vector{FieldLimit::kSegments});
}

TEST(DetectorLimits, LookUpsStayBoundedByTheTextThatIsKept) {
  constexpr std::size_t kWords = 10'000;
  std::string beyond;
  for (std::size_t i = 0; i < kWords; ++i) {
    beyond += 'w' + std::to_string(i) + ' ';
  }
  EXPECT_LE(detect(cut_field(beyond)).look_ups, 4 * kWords + 100);
  beyond.clear();
  for (std::size_t i = 0; i < kWords; ++i) {
    beyond += "the same words ";
  }
  EXPECT_LE(detect(cut_field(beyond)).look_ups, 100U);
}

TEST(DetectorLimits, AMalformedFieldIsNotedForEachOrganizationAsked) {
  SenderField field = from_field("Grace Hopper", "grace@navy.example");
  field.defects = {FieldDefect::kSeveralFields, FieldDefect::kUnbalancedQuote};
  const Detection detection = detect(field, {kContoso, kFabrikam});
  ASSERT_EQ(detection.findings.size(), 2U);
  for (const Finding& finding : detection.findings) {
    EXPECT_EQ(finding.kind, FindingKind::kMalformedFrom);
    EXPECT_FALSE(finding.match.has_value());
    EXPECT_TRUE(finding.person.empty());
  }
  const std::string& reason = detection.findings.front().reason;
  EXPECT_NE(reason.find(word(FieldDefect::kSeveralFields)), std::string::npos);
  EXPECT_NE(reason.find(word(FieldDefect::kUnbalancedQuote)), std::string::npos);
  field.name = SenderFieldName::kReplyTo;
  EXPECT_EQ(summary_of(detect(field).findings), "none");
}

TEST(DetectorLimits, AFindingComesBeforeTheNoteThatTheFieldIsMalformed) {
  SenderField field = from_field("Ada Lovelace", "x@freemail.example");
  field.defects = {FieldDefect::kStraySyntax};
  EXPECT_EQ(summary_of(detect(field).findings),
            "protected_name exact Ada Lovelace <x@freemail.example> | "
            "malformed_from - - <x@freemail.example>");
}

}  // namespace
}  // namespace policy
