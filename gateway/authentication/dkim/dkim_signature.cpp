// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/dkim/dkim_signature.h"

#include "gateway/message/octets.h"
#include "policy/mail_records/dns_name.h"
#include "policy/mail_records/tag_list.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace gateway {
namespace {

constexpr std::size_t kLongestField = std::size_t{16} * 1024;

bool lists(std::string_view colon_list, std::string_view word) {
  while (!colon_list.empty()) {
    const std::size_t size = std::min(colon_list.find(':'), colon_list.size());
    if (equal_ignoring_case(trimmed(colon_list.substr(0, size)), word)) {
      return true;
    }
    colon_list.remove_prefix(std::min(size + 1, colon_list.size()));
  }
  return false;
}

// Whether x= is absent or lies ahead; a wrong one counts as past.
bool is_in_time(const policy::TagList& tags, std::chrono::system_clock::time_point now) {
  const std::optional<std::string_view> text = tags.find("x");
  if (!text.has_value()) {
    return true;
  }
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), seconds);
  return error == std::errc{} && end == text->data() + text->size() &&
         seconds > std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
}

bool has_all_tags(const policy::TagList& tags) {
  static constexpr std::array<std::string_view, 7> kNeeded{"v", "a", "b", "bh", "d", "h", "s"};
  return !tags.is_wrong && std::ranges::all_of(kNeeded, [&](std::string_view name) {
    return !tags.find(name).value_or("").empty();
  });
}

}  // namespace

std::string DkimSignature::key_name() const {
  return selector + "._domainkey." + domain;
}

std::optional<DkimSignature> parse_dkim_signature(std::string_view value,
                                                  std::chrono::system_clock::time_point now) {
  const policy::TagList tags = policy::parse_tag_list(value.substr(0, kLongestField));
  if (value.size() > kLongestField || !has_all_tags(tags) || tags.find("v") != "1" ||
      !lists(tags.find("h").value_or(""), "from") || !is_in_time(tags, now)) {
    return std::nullopt;
  }
  const std::string_view algorithm = tags.find("a").value_or("");
  DkimSignature signature;
  signature.is_rsa = equal_ignoring_case(algorithm, "rsa-sha256");
  if (!signature.is_rsa && !equal_ignoring_case(algorithm, "ed25519-sha256")) {
    return std::nullopt;
  }
  signature.domain = policy::lower_dns_name(tags.find("d").value_or(""));
  signature.selector = policy::lower_dns_name(tags.find("s").value_or(""));
  const bool has_key_name =
      policy::is_mail_domain(signature.domain) && policy::is_mail_domain(signature.key_name());
  return has_key_name ? std::optional{signature} : std::nullopt;
}

}  // namespace gateway
