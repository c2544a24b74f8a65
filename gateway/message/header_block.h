// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/verdict/finding.h"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace gateway {

/// One field of a header block. The views point into the block.
struct HeaderField {
  /// As spelled, without white space around it; may hold any octet but white space and the colon.
  std::string_view name;
  /// The octets after the colon, folds included, without the one space that may follow it and
  /// without the last line end: what libmilter hands over.
  std::string_view value;
  bool space_before_colon = false;  ///< white space or a fold between name and colon
};

/// What `parse_header_block` found.
struct HeaderBlock {
  std::vector<HeaderField> fields;  ///< in order
  /// Lines that are no field as RFC 5322 has them: no colon, white space inside the name, or a
  /// continuation of nothing. The last kind is also among `fields` where it reads like one,
  /// because some software takes it for one.
  std::size_t stray_lines = 0;
  std::size_t size = 0;  ///< octets up to the body, the empty line included
};

/// Reads a raw header block up to its empty line, or to its end. Lines end in LF or CRLF; a bare
/// CR, NUL and 8-bit octets are data. A name may be folded before its colon. Linear and total; the
/// result holds views into `block`.
[[nodiscard]] HeaderBlock parse_header_block(std::string_view block);

/// Which sender field a field of this name is, if any: compared without case, and without the
/// control characters and white space that some software drops from a name.
[[nodiscard]] std::optional<policy::SenderFieldName> sender_field_name(std::string_view name);

/// Whether a field of this name is Full-Name, compared likewise.
[[nodiscard]] bool is_full_name_field(std::string_view name);

}  // namespace gateway
