// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/detection_record/ulid.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace policy {
namespace {

constexpr std::int64_t kNow = 1'469'918'176'385;  // of the example in the specification

TEST(Ulid, ItsTimeIsWrittenFirst) {
  EXPECT_EQ(Ulid::first_of(kNow).text(), "01ARYZ6S410000000000000000");
  EXPECT_EQ(Ulid::first_of(kNow).milliseconds(), kNow);
}

TEST(Ulid, ATextIsReadAsItWasWritten) {
  constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();
  for (const Ulid id : {Ulid{}, Ulid{0x0123456789abcdef, 0xfedcba9876543210}, Ulid{kAll, kAll}}) {
    EXPECT_EQ(Ulid::parse(id.text()), id) << id.text();
  }
  EXPECT_EQ((Ulid{kAll, kAll}.text()), "7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
  EXPECT_EQ(Ulid::parse("01aryz6s41tsv4rrffq69g5fav"), Ulid::parse("01ARYZ6S41TSV4RRFFQ69G5FAV"));
}

TEST(Ulid, NothingElseIsRead) {
  for (const char* text : {"",
                           "01ARYZ6S41TSV4RRFFQ69G5FA",
                           "01ARYZ6S41TSV4RRFFQ69G5FAVX",
                           "81ARYZ6S41TSV4RRFFQ69G5FAV",
                           "01ARYZ6S41TSV4RRFFQ69G5FAU",
                           "01ARYZ6S41TSV4RRFFQ69G5FA-"}) {
    EXPECT_FALSE(Ulid::parse(text).has_value()) << text;
  }
}

TEST(Ulid, TimesBeyondTheRangeAreCutToIt) {
  EXPECT_EQ(Ulid::first_of(-5), Ulid{});
  EXPECT_EQ(Ulid::first_of(std::numeric_limits<std::int64_t>::max()).milliseconds(),
            (std::int64_t{1} << 48U) - 1);
}

TEST(UlidSequence, RisesWhateverTheClockDoes) {
  UlidSequence sequence;
  Ulid last;
  for (const std::int64_t now : {kNow, kNow, kNow + 1, kNow - 100'000, std::int64_t{0}, kNow + 2}) {
    const Ulid made = sequence.next(now);
    EXPECT_GT(made, last);
    EXPECT_GT(made.text(), last.text());
    last = made;
  }
  EXPECT_EQ(last.milliseconds(), kNow + 2);
}

TEST(UlidSequence, TwoProcessesDoNotMakeTheSame) {
  EXPECT_NE(UlidSequence{}.next(kNow), UlidSequence{}.next(kNow));
}

TEST(UlidSequence, GoesOnBehindWhatWasMadeBefore) {
  UlidSequence sequence;
  const Ulid last{static_cast<std::uint64_t>(kNow) << 16U,
                  std::numeric_limits<std::uint64_t>::max()};
  sequence.start_after(last);
  const Ulid made = sequence.next(kNow - 1);
  EXPECT_GT(made, last);
  EXPECT_EQ(made.milliseconds(), kNow);
  sequence.start_after(Ulid{});
  EXPECT_GT(sequence.next(0), made);
}

}  // namespace
}  // namespace policy
