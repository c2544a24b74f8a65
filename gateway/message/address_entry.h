// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/message/address_tokens.h"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace gateway {

using AddressTokenSpan = std::span<const AddressToken>;

/// One element of an address list: a mailbox, or what stands before the colon of a group.
struct AddressEntry {
  AddressTokenSpan tokens;  ///< without the separator; may be empty
  char separator = '\0';    ///< `,` `;` `:`, or NUL at the end of the field
};

/// Cuts a tokenized field into its entries.
class AddressEntryReader {
 public:
  /// The tokens must outlive the reader and what it returns.
  explicit AddressEntryReader(AddressTokenSpan tokens) : rest_(tokens) {}

  /// The next entry; nothing after the last. A field has one entry at least.
  [[nodiscard]] std::optional<AddressEntry> next();

 private:
  AddressTokenSpan rest_;
  bool is_done_ = false;
};

/// The parts of one entry.
struct EntryParts {
  /// The address that counts: of the last pair of angle brackets that holds an @; where there is
  /// none, the last bare address; where there is none, what the last brackets hold.
  std::optional<AddressTokenSpan> address;
  std::vector<AddressTokenSpan> other_addresses;
  /// What stands around the address or the angle brackets, in order. Comments are still in.
  std::vector<AddressTokenSpan> texts;
  bool has_angle = false;
  bool has_empty_angle = false;
  bool has_unbalanced_angle = false;
  bool has_route = false;
  bool has_stray_colon = false;  ///< a colon in angle brackets that ends no route
};

/// Takes an entry apart. Total and linear.
[[nodiscard]] EntryParts take_apart(AddressTokenSpan entry);

/// Whether one of the tokens is the syntax character `c`.
[[nodiscard]] bool has_syntax(AddressTokenSpan tokens, char c);

}  // namespace gateway
