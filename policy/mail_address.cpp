// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/mail_address.h"

#include "policy/ascii.h"
#include "policy/name/folding.h"
#include "policy/name/visible_text.h"
#include "policy/result.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace policy {
namespace {

constexpr std::size_t kMaximumLocalPartOctets = 64;
constexpr std::size_t kMaximumDomainOctets = 253;
constexpr std::size_t kMaximumLabelOctets = 63;

bool is_blank_or_control(char c) {
  const auto octet = static_cast<unsigned char>(c);
  return octet <= 0x20 || octet == 0x7f;
}

// An address as it is read, without comments, quotes and the white space outside of quotes.
struct PlainText {
  std::string text;
  bool is_quoted = false;
  std::size_t depth = 0;  // of comments

  void take_escaped(char c) {
    if (depth == 0) {
      text += c;
    }
  }

  void take(char c) {
    if (c == '"' && depth == 0) {
      is_quoted = !is_quoted;
    } else if (c == '(' && !is_quoted) {
      ++depth;
    } else if (c == ')' && !is_quoted && depth > 0) {
      --depth;
    } else if (depth == 0 && (is_quoted || !is_blank_or_control(c))) {
      text += c;
    }
  }
};

std::string plain_text(std::string_view text) {
  PlainText plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool may_escape = plain.is_quoted || plain.depth > 0;
    if (text[i] == '\\' && may_escape && i + 1 < text.size()) {
      ++i;
      plain.take_escaped(text[i]);
    } else {
      plain.take(text[i]);
    }
  }
  return std::move(plain.text);
}

bool is_host_label(std::string_view label) {
  return !label.empty() && label.size() <= kMaximumLabelOctets && !label.starts_with('-') &&
         !label.ends_with('-') && std::ranges::all_of(label, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
         });
}

bool is_host_name(std::string_view domain) {
  if (domain.empty() || domain.size() > kMaximumDomainOctets) {
    return false;
  }
  while (true) {
    const std::size_t dot = domain.find('.');
    if (!is_host_label(domain.substr(0, dot))) {
      return false;
    }
    if (dot == std::string_view::npos) {
      return true;
    }
    domain.remove_prefix(dot + 1);
  }
}

// What a character of an address is in the canonical form; zero where more than the character must
// be looked at: comments, quotes, escapes, white space, anything beyond ASCII.
constexpr std::array<char, 256> kPlainCharacters = [] {
  std::array<char, 256> characters{};
  for (std::size_t c = '!'; c < 0x7f; ++c) {
    characters.at(c) = ascii_lower(static_cast<char>(c));
  }
  for (const char special : std::string_view{"\"()\\"}) {
    characters.at(static_cast<unsigned char>(special)) = 0;
  }
  return characters;
}();

// The canonical form of an address as nearly all are; nothing for the others. Runs several times
// for every message.
std::optional<std::string> canonical_if_plain(std::string_view address) {
  std::string canonical{address};
  for (char& c : canonical) {
    c = kPlainCharacters[static_cast<unsigned char>(c)];
    if (c == 0) {
      return std::nullopt;
    }
  }
  const std::size_t at = canonical.rfind('@');
  if (at == std::string::npos) {
    return canonical;
  }
  if (canonical.find("xn--", at) != std::string::npos) {
    return std::nullopt;
  }
  if (canonical.ends_with('.')) {
    canonical.pop_back();
  }
  return canonical;
}

}  // namespace

std::string canonical_domain(std::string_view domain) {
  if (auto labels = to_a_labels(domain); labels.has_value()) {
    return *std::move(labels);
  }
  return fold_case(domain);
}

std::string canonical_address(std::string_view address) {
  if (auto canonical = canonical_if_plain(address); canonical.has_value()) {
    return *std::move(canonical);
  }
  const std::string plain = plain_text(address);
  const std::size_t at = plain.rfind('@');
  if (at == std::string::npos) {
    return fold_case(plain);
  }
  const std::string_view whole = plain;
  return fold_case(whole.substr(0, at)) + '@' + canonical_domain(whole.substr(at + 1));
}

std::vector<std::string> address_lookup_forms(std::string_view address) {
  std::vector<std::string> forms{canonical_address(address)};
  const std::string& canonical = forms.front();
  const std::size_t at = canonical.rfind('@');
  const std::size_t plus = canonical.find('+');
  if (at != std::string::npos && plus != std::string::npos && plus > 0 && plus < at) {
    forms.push_back(canonical.substr(0, plus) + canonical.substr(at));
  }
  return forms;
}

Result<std::string> parse_configured_address(std::string_view address) {
  const auto refuse = [&](std::string_view why) {
    return fail(ErrorCode::kInvalidInput,
                "'" + visible_text(address) + "' is no mail address: " + std::string{why});
  };
  const auto* const first = std::ranges::find_if_not(address, is_blank_or_control);
  address.remove_prefix(static_cast<std::size_t>(first - address.begin()));
  while (!address.empty() && is_blank_or_control(address.back())) {
    address.remove_suffix(1);
  }
  const std::size_t at = address.rfind('@');
  if (at == std::string_view::npos) {
    return refuse("it has no @; write it as name@domain");
  }
  const std::string_view local = address.substr(0, at);
  const bool is_quoted = local.size() > 2 && local.starts_with('"') && local.ends_with('"');
  if (local.empty() || local.size() > kMaximumLocalPartOctets) {
    return refuse("the part before the @ must have 1 to 64 octets");
  }
  if (!is_quoted && local.find_first_of("@<>(),;:\\\"[]") != std::string_view::npos) {
    return refuse("the part before the @ has a character that must be quoted");
  }
  if (std::ranges::any_of(
          local, [&](char c) { return is_blank_or_control(c) && (!is_quoted || c != ' '); })) {
    return refuse("there is white space in it");
  }
  auto domain = parse_configured_domain(address.substr(at + 1));
  if (!domain.has_value()) {
    return refuse("the part after the @ is no domain name");
  }
  return canonical_address(address);
}

std::string_view domain_of(std::string_view canonical_address) {
  const std::size_t at = canonical_address.rfind('@');
  return at == std::string_view::npos ? std::string_view{} : canonical_address.substr(at + 1);
}

Result<std::string> parse_configured_domain(std::string_view domain) {
  auto labels = to_a_labels(domain);
  if (!labels.has_value() || !is_host_name(*labels)) {
    return fail(ErrorCode::kInvalidInput,
                "'" + visible_text(domain) + "' is no domain name; write it as example.com");
  }
  return *std::move(labels);
}

}  // namespace policy
