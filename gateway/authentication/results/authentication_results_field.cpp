// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/results/authentication_results_field.h"

#include "gateway/authentication/authentication_outcome.h"
#include "gateway/authentication/dkim/dkim_result.h"
#include "gateway/authentication/spf/spf_result.h"
#include "gateway/message/octets.h"
#include "policy/mail_records/dmarc_record.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace gateway {
namespace {

// A longer value says nothing that a reader needs.
constexpr std::size_t kLongestValue = 320;

// Octets of RFC 2045's token, and `@`, which pvalue allows (RFC 8601, 2.2).
bool is_plain(char c) {
  return !is_control(c) && !is_eight_bit(c) && !std::string_view{" ()<>,;:\\\"/[]?="}.contains(c);
}

std::string shown(std::string_view text) {
  text = text.substr(0, kLongestValue);
  if (!text.empty() && std::ranges::all_of(text, is_plain)) {
    return std::string{text};
  }
  std::string quoted = "\"";
  for (const char c : text) {
    if (is_control(c) || is_eight_bit(c)) {
      quoted += '?';
      continue;
    }
    quoted += c == '"' || c == '\\' ? "\\" : "";
    quoted += c;
  }
  return quoted + '"';
}

void add_result(std::string& value, std::string_view method, std::string_view result) {
  value += ";\n\t";
  value += method;
  value += '=';
  value += result;
}

void add_property(std::string& value, std::string_view name, std::string_view text) {
  if (!text.empty()) {
    value += ' ';
    value += name;
    value += '=';
    value += shown(text);
  }
}

std::string_view word(policy::DmarcPolicy policy) {
  static constexpr std::array<std::string_view, 3> kWords{"none", "quarantine", "reject"};
  return kWords.at(std::to_underlying(policy));
}

}  // namespace

std::string authentication_results_value(std::string_view authserv_id,
                                         const AuthenticationOutcome& outcome,
                                         std::string_view mail_from,
                                         std::string_view helo) {
  std::string value = shown(authserv_id);
  const std::size_t without_results = value.size();
  if (outcome.spf.has_value()) {
    add_result(value, "spf", word(*outcome.spf));
    add_property(value,
                 outcome.is_spf_of_helo ? "smtp.helo" : "smtp.mailfrom",
                 outcome.is_spf_of_helo ? helo : mail_from);
  }
  for (const DkimOutcome& signature : outcome.dkim) {
    add_result(value, "dkim", word(signature.result));
    add_property(value, "header.d", signature.domain);
    add_property(value, "header.s", signature.selector);
  }
  if (outcome.dmarc.has_value()) {
    add_result(value, "dmarc", word(*outcome.dmarc));
    add_property(value, "header.from", outcome.from_domain);
    const bool is_published =
        outcome.dmarc == DmarcResult::kPass || outcome.dmarc == DmarcResult::kFail;
    add_property(value, "policy.published", is_published ? word(outcome.dmarc_policy) : "");
  }
  return value.size() == without_results ? value + "; none" : value;
}

}  // namespace gateway
