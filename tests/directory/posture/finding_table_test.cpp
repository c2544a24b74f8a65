// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/posture/finding_table.h"

#include "directory/posture/finding.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace directory {
namespace {

TEST(FindingTable, HasTheTwentySixFindings) {
  std::set<std::string> ids;
  std::map<std::string_view, int> by_category;
  for (const FindingKind& kind : finding_kinds()) {
    ids.insert(kind.id);
    ++by_category[kind.category];
    EXPECT_FALSE(kind.advice.empty()) << kind.title;
    EXPECT_EQ(find_kind(kind.id), &kind);
  }
  EXPECT_EQ(ids.size(), 26U);
  EXPECT_EQ(by_category,
            (std::map<std::string_view, int>{{"User account settings", 11},
                                             {"File sharing", 1},
                                             {"Third-party apps", 3},
                                             {"Email administrator settings", 8},
                                             {"Email forwarding", 3}}));
  EXPECT_EQ(find_kind("no-such-finding"), nullptr);
}

TEST(FindingTable, IdsAreTitlesInLowerCaseWithHyphens) {
  ASSERT_NE(find_kind("fido2-authentication-method-unattested"), nullptr);
  EXPECT_EQ(find_kind("fido2-authentication-method-unattested")->title,
            "FIDO2 authentication method unattested");
  EXPECT_NE(find_kind("on-prem-user-not-synced-in-7-days"), nullptr);
  EXPECT_NE(find_kind("app-certification-expires-in-90-days-or-sooner"), nullptr);
}

TEST(FindingTable, OneIsHighAndSixAreMedium) {
  const auto count = [](Severity severity) {
    return std::ranges::count(finding_kinds(), severity, &FindingKind::severity);
  };
  EXPECT_EQ(count(Severity::kHigh), 1);
  EXPECT_EQ(count(Severity::kMedium), 6);
  EXPECT_EQ(find_kind("microsoft-domain-spf-record-allows-any-ip-address")->severity,
            Severity::kHigh);
}

}  // namespace
}  // namespace directory
