// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/message/sender_field_builder.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/sender_field.h"

#include <cstddef>
#include <string_view>

namespace gateway {

/// Reads the fields of one name of one message, in the order in which they stand, into all that a
/// mail client may show for them. Total: any octets give a result; linear in their number up to the
/// limits, and no limit is passed in silence. Not thread-safe; one for each message and name.
class SenderFieldParser {
 public:
  explicit SenderFieldParser(policy::SenderFieldName name, const SenderFieldLimits& limits = {});

  /// One occurrence of the field: what stands after its colon, folds included, in either form of
  /// line end. `value` need not outlive the call.
  void add(std::string_view value, bool space_before_colon);

  /// All that the fields showed. The parser is spent.
  [[nodiscard]] policy::SenderField finish();

 private:
  void read(std::string_view value);
  void keep_beyond_limits(std::string_view text, std::size_t octet_limit);

  SenderFieldBuilder builder_;
  std::size_t octets_left_;
};

}  // namespace gateway
