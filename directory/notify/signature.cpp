// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/notify/signature.h"

#include "directory/private_file.h"
#include "policy/base64.h"
#include "policy/hmac.h"
#include "policy/result.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace directory {
namespace {

constexpr std::string_view kPrefix = "whsec_";
constexpr std::size_t kLeastOctets = 24;
constexpr std::size_t kMostOctets = 64;

}  // namespace

policy::Result<std::string> webhook_key(std::string_view secret) {
  if (secret.starts_with(kPrefix)) {
    secret.remove_prefix(kPrefix.size());
  }
  auto key = policy::decode_base64(secret);
  if (!key.has_value() || key->size() < kLeastOctets || key->size() > kMostOctets) {
    return policy::fail(policy::ErrorCode::kInvalidInput,
                        "it is no secret of a webhook (base64 of 24 to 64 octets); make one with: "
                        "echo whsec_$(openssl rand -base64 32)");
  }
  return key;
}

policy::Result<std::string> read_webhook_key(const std::filesystem::path& path) {
  const auto text = read_private_file(path);
  if (!text.has_value()) {
    return std::unexpected{text.error()};
  }
  const std::string_view line = std::string_view{*text}.substr(0, text->find_first_of("\r\n"));
  auto key = webhook_key(line);
  if (!key.has_value()) {
    return policy::fail(path.native(), std::move(key).error());
  }
  return key;
}

std::string webhook_signature(std::string_view key,
                              std::string_view id,
                              std::int64_t time,
                              std::string_view body) {
  const std::string content = fmt::format("{}.{}.{}", id, time, body);
  return "v1," + policy::encode_base64(policy::hmac_sha256(key, content));
}

}  // namespace directory
