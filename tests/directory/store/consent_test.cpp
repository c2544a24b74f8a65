// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/records.h"
#include "policy/result.h"
#include "tests/directory/store/store_contents.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace directory {
namespace {

using policy::ErrorCode;

constexpr std::int64_t kNow = 1'800'000'000;

class ConsentTest : public StoreTest {
 protected:
  Records records() { return Records{database()}; }
};

TEST_F(ConsentTest, IsUsedOnce) {
  ASSERT_TRUE(records().put_consent("s1", key_, kNow).has_value());
  reopen();
  EXPECT_EQ(records().take_consent("s2", kNow).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(records().take_consent("s1", kNow + 3'600).value(), key_);
  EXPECT_EQ(records().take_consent("s1", kNow).error().code, ErrorCode::kNotFound);
}

TEST_F(ConsentTest, IsTooOldAfterAnHour) {
  ASSERT_TRUE(records().put_consent("s1", key_, kNow).has_value());
  ASSERT_TRUE(records().put_consent("s2", key_, kNow + 3'000).has_value());
  EXPECT_EQ(records().take_consent("s1", kNow + 3'601).error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(records().take_consent("s2", kNow + 3'601).has_value());
}

TEST_F(ConsentTest, ANewOneSweepsThoseThatAreTooOld) {
  ASSERT_TRUE(records().put_consent("s1", key_, kNow).has_value());
  ASSERT_TRUE(records().put_consent("s2", key_, kNow + 3'601).has_value());
  EXPECT_EQ(records().take_consent("s1", kNow).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace directory
