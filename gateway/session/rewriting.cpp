// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/session/rewriting.h"

#include "gateway/session/stamp.h"
#include "policy/mail_address.h"
#include "policy/name/visible_text.h"
#include "policy/verdict/sender_field.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {
namespace {

using policy::IdentitySource;

// Longer names would push the address out of what mail clients show.
constexpr std::size_t kNameOctets = 64;
constexpr std::size_t kAddressOctets = 254;  // RFC 5321, 4.5.3.1.3, without the angles
constexpr std::size_t kLineOctets = 998;     // RFC 5322, 2.1.1
constexpr std::string_view kNobody = "unknown@sender.invalid";

bool is_printable_ascii(char c) {
  return c >= ' ' && c <= '~';
}

// At most so many octets, without a part of a character.
std::string cut(std::string text, std::size_t most) {
  if (text.size() <= most) {
    return text;
  }
  text.resize(most);
  text.resize(policy::first_invalid_utf8(text).value_or(text.size()));
  return text + "...";
}

bool is_dot_atom(std::string_view text) {
  return !text.empty() && !text.starts_with('.') && !text.ends_with('.') && !text.contains("..") &&
         std::ranges::all_of(text, [](char c) {
           return is_printable_ascii(c) && !std::string_view{" ()<>[]:;@\\,\""}.contains(c);
         });
}

bool is_host_name(std::string_view text) {
  return is_dot_atom(text) && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
         });
}

std::string quoted(std::string_view text) {
  std::string result{'"'};
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
    }
    result += c;
  }
  return result + '"';
}

// The address as an addr-spec of RFC 5322 section 3.4.1, if it can be one.
std::optional<std::string> addr_spec(std::string_view address) {
  const std::size_t at = address.rfind('@');
  if (at == std::string_view::npos || at == 0 || address.size() > kAddressOctets) {
    return std::nullopt;
  }
  const std::string_view local = address.substr(0, at);
  const std::string domain = policy::canonical_domain(address.substr(at + 1));
  if (!is_host_name(domain) || !std::ranges::all_of(local, is_printable_ascii)) {
    return std::nullopt;
  }
  return (is_dot_atom(local) ? std::string{local} : quoted(local)) + '@' + domain;
}

// What mail clients show for the mailbox: its phrase, else its comment.
std::string shown_name(const policy::SenderField& field, std::size_t mailbox) {
  for (const IdentitySource source : {IdentitySource::kPhrase, IdentitySource::kComment}) {
    const auto identity = std::ranges::find_if(field.identities, [&](const auto& each) {
      return each.mailbox == mailbox && each.source == source;
    });
    if (identity != field.identities.end()) {
      return cut(policy::visible_text(identity->text), kNameOctets);
    }
  }
  return {};
}

std::string exposed_mailbox(const std::string& name, std::string_view address) {
  const std::string shown =
      address.empty() ? "no address" : cut(policy::visible_text(address), kAddressOctets);
  const auto spec = addr_spec(address);
  const std::string phrase = name.empty() ? shown : name + " (" + shown + ')';
  if (name.empty() && spec.has_value()) {
    return '<' + *spec + '>';
  }
  return encode_phrase(phrase) + "\n <" + spec.value_or(std::string{kNobody}) + '>';
}

// Whether the value can stand in another field as it is: ASCII, in lines that are not too long,
// each but the first beginning with white space.
bool is_safe(std::string_view value) {
  std::size_t line = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    const char next = i + 1 < value.size() ? value[i + 1] : '\0';
    if (c == '\n' ? next != ' ' && next != '\t' : !is_printable_ascii(c) && c != '\t') {
      return false;
    }
    line = c == '\n' ? 0 : line + 1;
    if (line > kLineOctets - std::string_view{"X-Original-Reply-To: "}.size()) {
      return false;
    }
  }
  return true;
}

std::string_view without_blanks_before(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\n");
  return first == std::string_view::npos ? std::string_view{} : text.substr(first);
}

}  // namespace

std::string exposed_value(const policy::SenderField& field) {
  std::string value;
  for (std::size_t i = 0; i < field.mailboxes.size(); ++i) {
    value += value.empty() ? "" : ",\n ";
    value += exposed_mailbox(shown_name(field, i), field.mailboxes[i].address);
  }
  return value.empty() ? exposed_mailbox("", "") : value;
}

std::string prefixed_subject(std::string_view prefix, std::string_view subject) {
  // A blank between two encoded words is not shown (RFC 2047, 6.2), so theirs is encoded too.
  const bool is_plain = std::ranges::all_of(prefix, is_printable_ascii);
  const std::string before =
      encode_unstructured(is_plain ? std::string{prefix} : std::string{prefix} + ' ');
  const std::string_view text = without_blanks_before(subject);
  if (text.starts_with(before)) {
    return std::string{subject};
  }
  const std::string kept = kept_value(text);
  const bool fits = before.size() + kept.find('\n') < kLineOctets / 2;
  return before + (fits ? " " : "\n ") + kept;
}

std::string kept_value(std::string_view value) {
  return is_safe(value) ? std::string{value} : encode_unstructured(policy::visible_text(value));
}

std::vector<std::string> address_list_values(const std::vector<std::string>& addresses) {
  constexpr std::size_t kFieldOctets = 4096;
  std::vector<std::string> values;
  for (const std::string& address : addresses) {
    const std::string text = cut(policy::visible_ascii(address), kAddressOctets);
    if (values.empty() || values.back().size() + text.size() + 3 > kFieldOctets) {
      values.push_back(text);
    } else {
      values.back() += ",\n " + text;
    }
  }
  return values;
}

}  // namespace gateway
