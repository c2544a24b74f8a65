// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/date_time.h"

#include <gtest/gtest.h>

namespace directory {
namespace {

TEST(DateTimeTest, ReadsPointsInTime) {
  EXPECT_EQ(parse_date_time("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(parse_date_time("2026-08-20T10:00:00Z"), 1787220000);
  EXPECT_EQ(parse_date_time("2026-08-20T10:00:00.4980259Z"), 1787220000);
  EXPECT_EQ(parse_date_time("2026-08-20T10:00:00"), 1787220000);
  EXPECT_EQ(parse_date_time("2026-08-20T12:30:00+02:30"), 1787220000);
  EXPECT_EQ(parse_date_time("2026-08-20T02:00:00-08:00"), 1787220000);
  EXPECT_EQ(parse_date_time("1969-12-31T23:59:59Z"), -1);
  EXPECT_EQ(parse_date_time("2024-02-29T00:00:00Z"), 1709164800);
}

TEST(DateTimeTest, RefusesWhatIsNone) {
  for (const char* text : {"",
                           "never",
                           "2026-08-20",
                           "2026-13-20T10:00:00Z",
                           "2026-02-29T10:00:00Z",
                           "2026-08-20T24:00:00Z",
                           "2026-08-20T10:00Z",
                           "2026-08-20T10:00:00ZZ",
                           "2026-08-20T10:00:00+02",
                           "2026-08-20T10:00:00.Z5",
                           "+026-08-20T10:00:00Z",
                           "2026-08-20T1",
                           "12026-08-20T10:00:00Z"}) {
    EXPECT_FALSE(parse_date_time(text).has_value()) << text;
  }
}

TEST(DateTimeTest, TakesTheBeginningOfTimeForNone) {
  EXPECT_FALSE(parse_date_time("0001-01-01T00:00:00Z").has_value());
}

}  // namespace
}  // namespace directory
