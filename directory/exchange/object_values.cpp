// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/exchange/object_values.h"

#include "policy/ascii.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

namespace directory {
namespace {

namespace json = boost::json;

constexpr std::string_view kDomainScheme = "smtp:";
constexpr std::string_view kOneAddress = "/32";

std::string lower_case(std::string_view text) {
  std::string lower{text};
  std::ranges::transform(lower, lower.begin(), policy::ascii_lower);
  return lower;
}

// `smtp:*;1` is `*` with its scheme and cost; `192.0.2.1/32` is one address.
std::string canonical_text(std::string_view property, std::string_view text) {
  if (property == "SetHeaderValue") {
    return std::string{text};
  }
  std::string plain = lower_case(text);
  if (property == "SenderDomains" || property == "RecipientDomains") {
    plain.erase(0, plain.starts_with(kDomainScheme) ? kDomainScheme.size() : 0);
    plain.erase(std::min(plain.find(';'), plain.size()));
  }
  if (plain.ends_with(kOneAddress)) {
    plain.erase(plain.size() - kOneAddress.size());
  }
  return plain;
}

std::string canonical_list(std::string_view property, const json::array& list) {
  std::set<std::string> members;
  for (const json::value& each : list) {
    members.insert(canonical_value(property, each));
  }
  members.erase("");
  std::string joined;
  for (const std::string& member : members) {
    joined += joined.empty() ? "" : ",";
    joined += member;
  }
  return joined;
}

}  // namespace

std::string canonical_value(std::string_view property, const json::value& value) {
  if (value.is_null()) {
    return {};
  }
  if (const json::array* list = value.if_array(); list != nullptr) {
    return canonical_list(property, *list);
  }
  if (const json::string* text = value.if_string(); text != nullptr) {
    return canonical_text(property, *text);
  }
  return json::serialize(value);
}

bool is_same_value(std::string_view property, const json::value& left, const json::value& right) {
  return canonical_value(property, left) == canonical_value(property, right);
}

}  // namespace directory
