// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/address_text.h"

#include "gateway/message/address_entry.h"
#include "gateway/message/address_tokens.h"
#include "gateway/message/octets.h"
#include "gateway/message/shown_text.h"
#include "policy/verdict/sender_field.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {
namespace {

using Kind = AddressTokenKind;
using policy::FieldDefect;

constexpr std::string_view kOtherThanAtext = "()<>[]:;@\\,.\"";
constexpr std::string_view kBefore = "'`[{*";
constexpr std::string_view kBehind = "'`}*-.!?";

bool is_atom_character(char c) {
  return c > ' ' ? c != 0x7f && kOtherThanAtext.find(c) == std::string_view::npos : is_eight_bit(c);
}

bool is_atom_or_dot(char c) {
  return c == '.' || is_atom_character(c);
}

bool is_dot_atom(std::string_view text) {
  return !text.empty() && text.front() != '.' && text.back() != '.' &&
         text.find("..") == std::string_view::npos && std::ranges::all_of(text, is_atom_or_dot);
}

bool holds_encoded_word(const AddressToken& token) {
  return token.is_encoded_word || (token.kind == Kind::kQuoted && has_encoded_word(token.octets));
}

// The local part and the domain, where each is one token and nothing else is there.
bool has_regular_shape(AddressTokenSpan address) {
  if (address.size() != 3 || !address[1].is('@')) {
    return false;
  }
  const AddressToken& local = address[0];
  return local.kind == Kind::kQuoted || (local.kind == Kind::kText && is_dot_atom(local.octets));
}

bool is_domain_literal(const AddressToken& token) {
  return token.kind == Kind::kText && token.octets.starts_with('[') && token.octets.ends_with(']');
}

bool is_regular_in_phrase(const AddressToken& token) {
  switch (token.kind) {
    case Kind::kQuoted: return !has_encoded_word(token.octets);
    case Kind::kText:
      return token.is_encoded_word || std::ranges::all_of(token.octets, is_atom_or_dot);
    case Kind::kSyntax: return false;
    case Kind::kComment:
    case Kind::kStray: return true;
  }
  return true;
}

}  // namespace

ReadAddress read_address(AddressTokenSpan address) {
  ReadAddress result;
  std::size_t local_size = std::string::npos;
  for (const AddressToken& token : address) {
    if (token.kind == Kind::kComment || token.kind == Kind::kStray) {
      continue;
    }
    if (token.is('@')) {
      local_size = result.text.size();
    }
    result.has_encoded_word = result.has_encoded_word || holds_encoded_word(token);
    append_unescaped(result.text, token);
  }
  const std::string_view local = std::string_view{result.text}.substr(0, local_size);
  if (result.has_encoded_word || local.find_first_of(" \t@") != std::string_view::npos) {
    result.shown_local_part = local;
  }
  return result;
}

std::string_view without_surroundings(std::string_view address) {
  while (!address.empty() && kBefore.find(address.front()) != std::string_view::npos) {
    address.remove_prefix(1);
  }
  while (!address.empty() && kBehind.find(address.back()) != std::string_view::npos) {
    address.remove_suffix(1);
  }
  return address;
}

std::vector<FieldDefect> address_defects(AddressTokenSpan address) {
  std::vector<FieldDefect> defects;
  if (std::ranges::any_of(address, holds_encoded_word)) {
    defects.push_back(FieldDefect::kEncodedAddress);
  }
  const AddressToken& domain = address.back();
  if (!has_syntax(address, '@') || domain.is('@') || is_domain_literal(domain)) {
    defects.push_back(FieldDefect::kNoDomain);
  } else if (!has_regular_shape(address) || domain.kind != Kind::kText ||
             !is_dot_atom(domain.octets)) {
    defects.push_back(FieldDefect::kStraySyntax);
  }
  return defects;
}

bool is_regular_phrase(AddressTokenSpan text) {
  return std::ranges::all_of(text, is_regular_in_phrase);
}

}  // namespace gateway
