// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/mail_records/spf_record.h"

#include "policy/ascii.h"
#include "policy/ip_address.h"
#include "policy/mail_records/spf_macro.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace policy {
namespace {

using Mechanism = SpfDirective::Mechanism;

constexpr std::string_view kVersion = "v=spf1";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z';
}

bool is_modifier_name(std::string_view name) {
  return !name.empty() && is_letter(name.front()) && std::ranges::all_of(name, [](char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.';
  });
}

// A number of at most three digits without leading zero.
std::optional<unsigned> parse_number(std::string_view text, unsigned most) {
  if (text.empty() || text.size() > 3 || !std::ranges::all_of(text, is_digit) ||
      (text.front() == '0' && text.size() > 1)) {
    return std::nullopt;
  }
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && number <= most ? std::optional{number} : std::nullopt;
}

// Takes `/BITS` (after `slashes`) from the end of `text`, if it ends so. False for a wrong number.
bool take_prefix_length(std::string_view& text,
                        std::string_view slashes,
                        unsigned most,
                        unsigned& bits) {
  const std::size_t slash = text.rfind('/');
  if (slash == std::string_view::npos || slash + 1 < slashes.size() ||
      text.substr(slash + 1 - slashes.size(), slashes.size()) != slashes ||
      !std::ranges::all_of(text.substr(slash + 1), is_digit)) {
    return true;
  }
  const auto number = parse_number(text.substr(slash + 1), most);
  text = text.substr(0, slash + 1 - slashes.size());
  bits = number.value_or(bits);
  return number.has_value();
}

// What follows the name of `a` and `mx`: [":" domain-spec] [dual-cidr-length].
bool parse_host(std::string_view text, SpfDirective& directive) {
  if (!take_prefix_length(text, "//", 128, directive.ip6_bits) ||
      !take_prefix_length(text, "/", 32, directive.ip4_bits)) {
    return false;
  }
  if (text.empty()) {
    return true;
  }
  directive.domain = text.substr(1);
  return text.front() == ':' && is_domain_spec(directive.domain);
}

bool parse_network(std::string_view text, bool is_ip4, SpfDirective& directive) {
  if (!text.starts_with(':') ||
      !take_prefix_length(
          text, "/", is_ip4 ? 32 : 128, is_ip4 ? directive.ip4_bits : directive.ip6_bits)) {
    return false;
  }
  text.remove_prefix(1);
  const auto address = parse_ip_address(text);
  // inet_pton takes what the grammar has, but for Sendmail's prefix and scopes.
  const bool is_spelled_so = text.contains(':') != is_ip4 && !text.starts_with("IPv6:");
  if (!address.has_value() || !is_spelled_so) {
    return false;
  }
  directive.network = *address;
  return true;
}

// What follows the name of a mechanism that must have a domain, or may.
bool parse_domain(std::string_view text, bool is_optional, SpfDirective& directive) {
  if (text.empty()) {
    return is_optional;
  }
  directive.domain = text.substr(1);
  return text.front() == ':' && is_domain_spec(directive.domain);
}

bool parse_arguments(std::string_view text, SpfDirective& directive) {
  switch (directive.mechanism) {
    case Mechanism::kAll: return text.empty();
    case Mechanism::kInclude:
    case Mechanism::kExists: return parse_domain(text, false, directive);
    case Mechanism::kPtr: return parse_domain(text, true, directive);
    case Mechanism::kA:
    case Mechanism::kMx: return parse_host(text, directive);
    case Mechanism::kIp4: return parse_network(text, true, directive);
    case Mechanism::kIp6: return parse_network(text, false, directive);
  }
  return false;
}

std::optional<Mechanism> mechanism_named(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, Mechanism>, 8> kNames{{
      {"all", Mechanism::kAll},
      {"include", Mechanism::kInclude},
      {"a", Mechanism::kA},
      {"mx", Mechanism::kMx},
      {"ptr", Mechanism::kPtr},
      {"ip4", Mechanism::kIp4},
      {"ip6", Mechanism::kIp6},
      {"exists", Mechanism::kExists},
  }};
  const auto* known = std::ranges::find_if(
      kNames, [&](const auto& entry) { return equal_ignoring_case(entry.first, name); });
  return known == kNames.end() ? std::nullopt : std::optional{known->second};
}

std::optional<SpfDirective> parse_directive(std::string_view term) {
  SpfDirective directive;
  if (std::string_view{"+-~?"}.contains(term.front())) {
    directive.qualifier = term.front();
    term.remove_prefix(1);
  }
  const std::size_t name_size = std::min(term.find_first_of(":/"), term.size());
  const auto mechanism = mechanism_named(term.substr(0, name_size));
  if (!mechanism.has_value()) {
    return std::nullopt;
  }
  directive.mechanism = *mechanism;
  return parse_arguments(term.substr(name_size), directive) ? std::optional{directive}
                                                            : std::nullopt;
}

// Reads the terms one by one into a record.
class RecordReading {
 public:
  bool add(std::string_view term) {
    const std::size_t equals = term.find('=');
    if (equals != std::string_view::npos && is_modifier_name(term.substr(0, equals))) {
      return add_modifier(term.substr(0, equals), term.substr(equals + 1));
    }
    auto directive = parse_directive(term);
    if (!directive.has_value()) {
      return false;
    }
    record_.directives.push_back(*std::move(directive));
    return true;
  }

  [[nodiscard]] SpfRecord take() { return std::move(record_); }

 private:
  bool add_modifier(std::string_view name, std::string_view value) {
    if (equal_ignoring_case(name, "redirect")) {
      const bool is_first = !record_.redirect.has_value();
      record_.redirect = value;
      return is_first && is_domain_spec(value);
    }
    if (equal_ignoring_case(name, "exp")) {
      return !std::exchange(has_explanation_, true) && is_domain_spec(value);
    }
    return is_macro_string(value);
  }

  SpfRecord record_;
  bool has_explanation_ = false;
};

}  // namespace

bool is_spf_record(std::string_view text) {
  return text.size() >= kVersion.size() &&
         equal_ignoring_case(text.substr(0, kVersion.size()), kVersion) &&
         (text.size() == kVersion.size() || text[kVersion.size()] == ' ');
}

std::optional<SpfRecord> parse_spf_record(std::string_view text) {
  if (!is_spf_record(text)) {
    return std::nullopt;
  }
  text.remove_prefix(kVersion.size());
  RecordReading reading;
  while (!text.empty()) {
    const std::size_t size = std::min(text.find(' '), text.size());
    if (size > 0 && !reading.add(text.substr(0, size))) {
      return std::nullopt;
    }
    text.remove_prefix(std::min(size + 1, text.size()));
  }
  return reading.take();
}

}  // namespace policy
