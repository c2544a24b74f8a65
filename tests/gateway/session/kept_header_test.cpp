// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/session/kept_header.h"

#include <gtest/gtest.h>

#include <string>

namespace gateway {
namespace {

TEST(KeptHeader, GivesTheFieldsBackInOrderAndWhole) {
  KeptHeader header{1000};
  header.add("From", " Ada\n\t<ada@contoso.com>");
  header.add("X-Empty", "");
  header.add("from", " Bob");
  const auto fields = header.fields();
  ASSERT_EQ(fields.size(), 3U);
  EXPECT_EQ(fields[0].name, "From");
  EXPECT_EQ(fields[0].value, " Ada\n\t<ada@contoso.com>");
  EXPECT_EQ(fields[1].value, "");
  EXPECT_EQ(fields[2].name, "from");
  EXPECT_EQ(fields[2].value, " Bob");
}

TEST(KeptHeader, OfWhichAPartIsMissingProvesNothing) {
  KeptHeader header{10};
  header.add("From", " Ada");
  EXPECT_EQ(header.fields().size(), 1U);
  header.add("To", " Bob");
  EXPECT_TRUE(header.fields().empty());
  header.add("A", "b");
  EXPECT_TRUE(header.fields().empty());
}

TEST(KeptHeader, ForgetsTheFieldsOfTheMessageBefore) {
  KeptHeader header{100'000};
  header.add("X-Long", std::string(70'000, 'x'));
  header.add("X-Too-Long", std::string(70'000, 'x'));
  EXPECT_TRUE(header.fields().empty());
  for (int message = 0; message < 2; ++message) {
    header.clear();
    header.add("From", " Ada");
    const auto fields = header.fields();
    ASSERT_EQ(fields.size(), 1U);
    EXPECT_EQ(fields[0].value, " Ada");
  }
}

}  // namespace
}  // namespace gateway
