// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/hand_over/inheritance.h"

#include <gtest/gtest.h>

#include <optional>

namespace gateway {
namespace {

TEST(Inheritance, IsReadAsItWasWritten) {
  const Inheritance whole{
      .channel = 3, .milter = 4, .metrics = 5, .is_lent = true, .has_snapshot = true};
  EXPECT_EQ(Inheritance::parse(whole.text()), whole);
  const Inheritance least{.channel = 3, .milter = 4};
  EXPECT_EQ(Inheritance::parse(least.text()), least);
}

TEST(Inheritance, OfAnotherVersionIsReadForWhatIsKnown) {
  EXPECT_EQ(Inheritance::parse("shared-cache=9 milter=4 spare channel=3"),
            (Inheritance{.channel = 3, .milter = 4}));
}

TEST(Inheritance, WithoutChannelOrSocketIsNone) {
  for (const char* text : {"",
                           "channel=3",
                           "milter=4",
                           "channel=3 milter=",
                           "channel=3 milter=x",
                           "channel=3 milter=4x",
                           "channel=-3 milter=4",
                           // Standard input, output and error are nobody's to inherit.
                           "channel=0 milter=4",
                           "channel=3 milter=99999999999"}) {
    EXPECT_EQ(Inheritance::parse(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace gateway
