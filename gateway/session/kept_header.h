// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/authentication/authentication_request.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// The whole header of a message, kept in one piece of memory until it is known whether signatures
/// will be looked at. Takes a copy of each field and little more time than that; one that is used
/// for message after message takes memory once.
class KeptHeader {
 public:
  /// Fields beyond `octets` are not kept.
  explicit KeptHeader(std::size_t octets) : most_octets_(octets) {}

  /// `value` is all that stands after the colon.
  void add(std::string_view name, std::string_view value);

  /// Forgets all fields. The memory of an ordinary header is kept.
  void clear();

  /// The fields in order. Empty if one was not kept: a part of a header proves nothing.
  [[nodiscard]] std::vector<SignedField> fields() const;

 private:
  struct Extent {
    std::uint32_t name;   // octets of the name
    std::uint32_t value;  // octets of the value, which follows it
  };

  std::size_t most_octets_;
  bool is_cut_ = false;
  std::string octets_;
  std::vector<Extent> extents_;
};

}  // namespace gateway
