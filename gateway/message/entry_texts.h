// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/message/address_entry.h"
#include "gateway/message/shown_text.h"

#include <cstddef>
#include <vector>

namespace gateway {

/// The texts of one entry of an address list.
struct EntryTexts {
  std::vector<RawText> phrases;  ///< around the address, in order
  RawText phrase;                ///< all of them
  std::vector<RawText> comments;
  RawText comment;  ///< all of them
  /// Where a quote or parenthesis has no partner, some software shows all that follows as text:
  /// that alone, and with what stood before it.
  std::vector<RawText> stray_rests;
  char separator = '\0';  ///< what ended the entry
  bool is_group_name = false;
};

/// Collects the texts of `entry`; `phrases` are its parts that make the display name.
[[nodiscard]] EntryTexts read_entry_texts(const AddressEntry& entry,
                                          const std::vector<AddressTokenSpan>& phrases,
                                          std::size_t comment_depth_limit);

}  // namespace gateway
