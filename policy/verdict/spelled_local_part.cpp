// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/spelled_local_part.h"

#include "policy/mail_address.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace policy {

std::string spelled_local_part(std::string_view address) {
  const std::string canonical = canonical_address(address);
  std::string_view local{canonical};
  local = local.substr(0, local.rfind('@'));
  // A tag stands behind something; a local part that begins with `+` has none.
  if (const std::size_t tag = local.find('+', 1); tag != std::string_view::npos) {
    local = local.substr(0, tag);
  }
  std::string text;
  for (const char c : local) {
    const bool is_digit = c >= '0' && c <= '9';
    const bool is_letter = (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
    if (is_letter || c == '\'') {
      text += c;
    } else if (!is_digit && !text.empty() && !text.ends_with(' ')) {
      text += ' ';
    }
  }
  return text;
}

}  // namespace policy
