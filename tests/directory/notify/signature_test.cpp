// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/notify/signature.h"

#include "policy/result.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace directory {
namespace {

// The test vector that libraries of Standard Webhooks share.
constexpr const char* kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

TEST(WebhookSignature, IsThatOfStandardWebhooks) {
  const auto key = webhook_key(kSecret);
  ASSERT_TRUE(key.has_value()) << key.error().message;
  EXPECT_EQ(webhook_signature(
                *key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})"),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(WebhookSignature, ASecretIsBase64OfEnoughOctetsWithOrWithoutItsPrefix) {
  EXPECT_EQ(webhook_key("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").value(), webhook_key(kSecret).value());
  for (const char* wrong : {"", "whsec_", "whsec_c2hvcnQ=", "my secret", "whsec_!!!!"}) {
    const auto key = webhook_key(wrong);
    ASSERT_FALSE(key.has_value()) << wrong;
    EXPECT_NE(key.error().message.find("openssl rand"), std::string::npos);
  }
}

TEST(WebhookSignature, AFileThatOthersMayReadIsRefused) {
  const tests::TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "secret";
  tests::write_file(path, std::string{kSecret} + "\n");
  std::filesystem::permissions(path, std::filesystem::perms{0640});
  EXPECT_EQ(read_webhook_key(path).error().code, policy::ErrorCode::kDenied);
  std::filesystem::permissions(path, std::filesystem::perms{0600});
  EXPECT_EQ(read_webhook_key(path).value(), webhook_key(kSecret).value());
}

}  // namespace
}  // namespace directory
