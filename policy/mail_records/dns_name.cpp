// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/mail_records/dns_name.h"

#include "policy/ascii.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace policy {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_host_octet(char c) {
  const char lower = ascii_lower(c);
  return is_digit(c) || (lower >= 'a' && lower <= 'z') || c == '-' || c == '_';
}

}  // namespace

bool is_dns_name(std::string_view name) {
  if (name.empty() || name.size() > kLongestDnsName || name.contains('\0')) {
    return false;
  }
  std::size_t label = 0;
  for (const char c : name) {
    label = c == '.' ? 0 : label + 1;
    if (label > kLongestDnsLabel) {
      return false;
    }
  }
  return name.front() != '.' && label > 0 && !name.contains("..");
}

bool is_mail_domain(std::string_view name) {
  if (!is_dns_name(name) || !name.contains('.')) {
    return false;
  }
  const std::string_view last = name.substr(name.rfind('.') + 1);
  return !std::ranges::all_of(last, is_digit) &&
         std::ranges::all_of(name, [](char c) { return c == '.' || is_host_octet(c); });
}

std::string lower_dns_name(std::string_view name) {
  if (name.ends_with('.')) {
    name.remove_suffix(1);
  }
  std::string lower{name};
  std::ranges::transform(lower, lower.begin(), ascii_lower);
  return lower;
}

bool is_within_domain(std::string_view name, std::string_view domain) {
  return name.ends_with(domain) &&
         (name.size() == domain.size() || name[name.size() - domain.size() - 1] == '.');
}

}  // namespace policy
