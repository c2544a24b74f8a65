// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/mail_records/dmarc_record.h"

#include "policy/ascii.h"
#include "policy/mail_records/tag_list.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace policy {
namespace {

constexpr std::size_t kLongestRecord = 4096;

std::optional<DmarcPolicy> policy_named(std::string_view word) {
  if (equal_ignoring_case(word, "none")) {
    return DmarcPolicy::kNone;
  }
  if (equal_ignoring_case(word, "quarantine")) {
    return DmarcPolicy::kQuarantine;
  }
  return equal_ignoring_case(word, "reject") ? std::optional{DmarcPolicy::kReject} : std::nullopt;
}

// A policy tag, which may be absent.
struct PolicyTag {
  std::optional<DmarcPolicy> policy;
  bool is_wrong = false;
};

PolicyTag read_policy(const TagList& tags, std::string_view name) {
  const std::optional<std::string_view> value = tags.find(name);
  if (!value.has_value()) {
    return {};
  }
  const auto policy = policy_named(*value);
  return {.policy = policy, .is_wrong = !policy.has_value()};
}

AlignmentMode read_mode(const TagList& tags, std::string_view name) {
  return equal_ignoring_case(tags.find(name).value_or("r"), "s") ? AlignmentMode::kStrict
                                                                 : AlignmentMode::kRelaxed;
}

PublicSuffixClaim read_claim(const TagList& tags) {
  const std::string_view value = tags.find("psd").value_or("u");
  if (equal_ignoring_case(value, "y")) {
    return PublicSuffixClaim::kYes;
  }
  return equal_ignoring_case(value, "n") ? PublicSuffixClaim::kNo : PublicSuffixClaim::kUnknown;
}

unsigned read_percent(const TagList& tags) {
  constexpr unsigned kAll = 100;
  const std::string_view value = tags.find("pct").value_or("");
  unsigned percent = kAll;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), percent);
  const bool is_right =
      error == std::errc{} && end == value.data() + value.size() && percent <= kAll;
  return is_right ? percent : kAll;
}

bool asks_for_reports(const TagList& tags) {
  const std::string_view uris = tags.find("rua").value_or("");
  const std::size_t colon = uris.find(':');
  return colon != std::string_view::npos && colon > 0 && colon + 1 < uris.size();
}

}  // namespace

bool is_dmarc_record(std::string_view text) {
  if (text.size() > kLongestRecord) {
    return false;
  }
  const TagList tags = parse_tag_list(text.substr(0, text.find(';')));
  return tags.tags.size() == 1 && tags.tags.front().name == "v" &&
         tags.tags.front().value == "DMARC1" && text.starts_with('v');
}

std::optional<DmarcRecord> parse_dmarc_record(std::string_view text) {
  if (!is_dmarc_record(text)) {
    return std::nullopt;
  }
  const TagList tags = parse_tag_list(text);
  const PolicyTag policy = read_policy(tags, "p");
  const PolicyTag subdomain_policy = read_policy(tags, "sp");
  const PolicyTag absent_policy = read_policy(tags, "np");
  DmarcRecord record;
  record.dkim = read_mode(tags, "adkim");
  record.spf = read_mode(tags, "aspf");
  record.public_suffix = read_claim(tags);
  record.percent = read_percent(tags);
  record.is_test = equal_ignoring_case(tags.find("t").value_or("n"), "y");
  const bool is_right =
      policy.policy.has_value() && !subdomain_policy.is_wrong && !absent_policy.is_wrong;
  if (!is_right) {
    return asks_for_reports(tags) ? std::optional{record} : std::nullopt;
  }
  record.policy = policy.policy.value_or(DmarcPolicy::kNone);
  record.subdomain_policy = subdomain_policy.policy;
  record.absent_subdomain_policy = absent_policy.policy;
  return record;
}

std::optional<DmarcRecord> choose_dmarc_record(const std::vector<std::string>& texts) {
  const auto is_record = [](const std::string& text) { return is_dmarc_record(text); };
  const auto first = std::ranges::find_if(texts, is_record);
  return first != texts.end() && std::ranges::count_if(texts, is_record) == 1
             ? parse_dmarc_record(*first)
             : std::nullopt;
}

}  // namespace policy
