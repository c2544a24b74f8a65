// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace directory {

/// What a value amounts to, so that what was written and what is read back can be compared:
/// Exchange gives `*` back as `smtp:*;1`, -1 as "-1", lists in another order, and no value as null,
/// as an empty text or as an empty list. Case does not matter but in the value of a header field.
[[nodiscard]] std::string canonical_value(std::string_view property,
                                          const boost::json::value& value);

/// Whether both amount to the same.
[[nodiscard]] bool is_same_value(std::string_view property,
                                 const boost::json::value& left,
                                 const boost::json::value& right);

}  // namespace directory
