// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/dkim/dkim_key.h"

#include "gateway/authentication/dns/dns_answer.h"
#include "gateway/authentication/helper/helper_message.h"
#include "gateway/message/octets.h"
#include "policy/mail_records/tag_list.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {
namespace {

constexpr std::size_t kLongestRecord = 4096;
// RSA of 4096 bits needs 736.
constexpr std::size_t kLongestKey = 900;

bool is_base64(std::string_view text) {
  const std::size_t data = std::min(text.find('='), text.size());
  return text.size() % 4 == 0 && text.size() - data <= 2 &&
         std::ranges::all_of(text.substr(data), [](char c) { return c == '='; }) &&
         std::ranges::all_of(text.substr(0, data), [](char c) {
           const char lower = ascii_lower(c);
           return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
         });
}

// The words of a list between colons, in lower case.
std::vector<std::string> words_of(std::string_view list) {
  std::vector<std::string> words(1);
  for (const char c : policy::without_white_space(list)) {
    if (c == ':') {
      words.emplace_back();
    } else {
      words.back() += ascii_lower(c);
    }
  }
  return words;
}

bool lists(const policy::TagList& tags,
           std::string_view name,
           std::string_view any,
           std::string_view word) {
  const auto words = words_of(tags.find(name).value_or(any));
  return std::ranges::count(words, any) + std::ranges::count(words, word) > 0;
}

bool is_for_mail(const policy::TagList& tags) {
  const bool has_version = tags.find("v").has_value();
  const bool is_version =
      !has_version || (tags.tags.front().name == "v" && tags.tags.front().value == "DKIM1");
  const auto hashes = words_of(tags.find("h").value_or("sha256"));
  return is_version && lists(tags, "s", "*", "email") && std::ranges::count(hashes, "sha256") > 0;
}

}  // namespace

std::optional<std::string> plain_dkim_key(std::string_view record) {
  if (record.size() > kLongestRecord) {
    return std::nullopt;
  }
  const policy::TagList tags = policy::parse_tag_list(record);
  const std::optional<std::string_view> key = tags.find("p");
  if (tags.is_wrong || !key.has_value() || !is_for_mail(tags)) {
    return std::nullopt;
  }
  const std::string type{tags.find("k").value_or("rsa")};
  const std::string octets = policy::without_white_space(*key);
  if ((type != "rsa" && type != "ed25519") || octets.empty() || octets.size() > kLongestKey ||
      !is_base64(octets)) {
    return std::nullopt;
  }
  std::string plain = "v=DKIM1; k=" + type;
  const auto flags = words_of(tags.find("t").value_or(""));
  const bool is_test = std::ranges::count(flags, "y") > 0;
  const bool is_strict = std::ranges::count(flags, "s") > 0;
  if (is_test) {
    plain += is_strict ? "; t=y:s" : "; t=y";
  } else if (is_strict) {
    plain += "; t=s";
  }
  return plain + "; p=" + octets;
}

DkimSignatureTask signature_task(std::string field, const DnsAnswer& key) {
  DkimSignatureTask task{
      .field = std::move(field), .key_status = DkimKeyStatus::kAbsent, .key = {}};
  if (key.status == DnsStatus::kTemporaryFailure) {
    task.key_status = DkimKeyStatus::kTemporaryFailure;
    return task;
  }
  if (key.texts.size() == 1) {
    if (auto plain = plain_dkim_key(key.texts.front()); plain.has_value()) {
      task.key_status = DkimKeyStatus::kFound;
      task.key = *std::move(plain);
    }
  }
  return task;
}

}  // namespace gateway
