// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/dkim/dkim_signature.h"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {
namespace {

constexpr auto kNow = std::chrono::sys_seconds{std::chrono::seconds{1'000'000}};

std::optional<DkimSignature> parse(const std::string& value) {
  return parse_dkim_signature(value, kNow);
}

constexpr std::string_view kGood =
    " v=1; a=rsa-sha256; d=Contoso.Example; s=S1;\r\n\th=From:To; bh=QUJD; b=QUJD";

TEST(DkimSignature, SaysWhereItsKeyIs) {
  const auto signature = parse(std::string{kGood});
  ASSERT_TRUE(signature.has_value());
  EXPECT_EQ(signature->domain, "contoso.example");
  EXPECT_EQ(signature->key_name(), "s1._domainkey.contoso.example");
  EXPECT_TRUE(signature->is_rsa);
}

TEST(DkimSignature, ThatExpiredIsNone) {
  EXPECT_TRUE(parse(std::string{kGood} + "; x=1000001").has_value());
  EXPECT_FALSE(parse(std::string{kGood} + "; x=1000000").has_value());
  EXPECT_FALSE(parse(std::string{kGood} + "; x=soon").has_value());
}

TEST(DkimSignature, ThatCannotBeBelievedIsNone) {
  for (const char* value : {
           "",
           " v=2; a=rsa-sha256; d=contoso.example; s=s1; h=from; bh=QUJD; b=QUJD",
           " v=1; a=rsa-sha1; d=contoso.example; s=s1; h=from; bh=QUJD; b=QUJD",
           " v=1; a=rsa-sha256; d=contoso.example; s=s1; h=to:subject; bh=QUJD; b=QUJD",
           " v=1; a=rsa-sha256; d=contoso.example; s=s1; h=from; b=QUJD",
           " v=1; a=rsa-sha256; d=contoso.example; d=attacker.example; s=s1; h=from; bh=Q; b=Q",
           " v=1; a=rsa-sha256; d=contoso.example(.attacker.example; s=s1; h=from; bh=Q; b=Q",
           " v=1; a=rsa-sha256; d=example; s=s1; h=from; bh=QUJD; b=QUJD",
           " v=1; a=rsa-sha256; d=contoso.example; s=a b; h=from; bh=QUJD; b=QUJD",
           " v=1; a=rsa-sha256; d=.contoso.example; s=s1; h=from; bh=QUJD; b=QUJD",
       }) {
    EXPECT_FALSE(parse(value).has_value()) << value;
  }
  EXPECT_FALSE(parse(std::string{kGood} + "; z=" + std::string(20'000, 'a')).has_value());
}

}  // namespace
}  // namespace gateway
