// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/snapshot/manifest.h"

#include "policy/digest.h"
#include "policy/result.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace policy {
namespace {

Manifest example() {
  return {
      .generation = 42,
      .name_key_version = "1/72.1",
      .published = 1'790'000'000,
      .organizations = {{.name = "contoso", .people = 2}, {.name = "Fabrikäm \"x\"", .people = 0}},
      .records = {.addresses = 3, .names = 4, .organizations = 2, .people = 2},
      .sources = {{.organization = "contoso", .directory = "HR", .synced = 1'789'999'000}},
      .content_digest = sha256_hex("content"),
      .files = {{.name = "000009.sst", .size = 1234, .sha256 = sha256_hex("file")}},
      .sentinels = {{.key = std::string("p\0\0\0\xff", 5), .value_sha256 = sha256_hex("v")}}};
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), with);
}

// The manifest with another content and a checksum that fits it.
std::string forged(std::string_view what, std::string_view with) {
  const std::string text = encode_manifest(example());
  const std::string line = replaced(text.substr(0, text.find('\n')), what, with);
  return line + "\nsha256 " + sha256_hex(line) + "\n";
}

TEST(Manifest, ComesBackAsItWas) {
  EXPECT_EQ(decode_manifest(encode_manifest(example())).value(), example());
}

TEST(Manifest, IsRefusedWhereverItIsCutOrChanged) {
  const std::string text = encode_manifest(example());
  for (std::size_t i = 0; i < text.size(); ++i) {
    EXPECT_FALSE(decode_manifest(text.substr(0, i)).has_value()) << i;
    for (const unsigned bit : {0U, 5U, 7U}) {
      std::string flipped = text;
      flipped[i] = static_cast<char>(static_cast<unsigned char>(flipped[i]) ^ (1U << bit));
      EXPECT_FALSE(decode_manifest(flipped).has_value()) << i;
    }
  }
  EXPECT_FALSE(decode_manifest(text + "\n").has_value());
}

TEST(Manifest, AnotherSchemaIsRefusedNamingBoth) {
  const auto read = decode_manifest(forged("\"schema\":2", "\"schema\":7"));
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().code, ErrorCode::kInvalidInput);
  EXPECT_NE(read.error().message.find("schema version 7"), std::string::npos);
  EXPECT_NE(read.error().message.find("reads version 2"), std::string::npos);
}

TEST(Manifest, AForeignFileIsCalledForeign) {
  for (const std::string_view text :
       {std::string_view{}, std::string_view{"MANIFEST-000005\n"}, std::string_view{"{}\n{}\n"}}) {
    const auto read = decode_manifest(text);
    ASSERT_FALSE(read.has_value());
    EXPECT_NE(read.error().message.find("no manifest of a fromguard generation"),
              std::string::npos);
  }
}

TEST(Manifest, AMemberThatIsMissingOrWrongIsRefusedThoughTheChecksumFits) {
  EXPECT_TRUE(decode_manifest(forged("\"HR\"", "\"IT\"")).has_value());
  EXPECT_FALSE(decode_manifest(forged("fromguard-generation", "another-thing")).has_value());
  EXPECT_FALSE(decode_manifest(forged("\"generation\":42", "\"generation\":0")).has_value());
  EXPECT_FALSE(decode_manifest(forged("\"generation\":42", "\"generation\":-1")).has_value());
  EXPECT_FALSE(decode_manifest(forged("\"published\":", "\"other\":")).has_value());
  EXPECT_FALSE(decode_manifest(forged("\"size\":1234", "\"size\":\"1234\"")).has_value());
  EXPECT_FALSE(decode_manifest(forged("\"people\":0}", "\"people\":0},7")).has_value());
  EXPECT_FALSE(decode_manifest(forged("70000000ff", "7000000zff")).has_value());
  EXPECT_FALSE(decode_manifest(forged(sha256_hex("file"), "abcd")).has_value());
}

}  // namespace
}  // namespace policy
