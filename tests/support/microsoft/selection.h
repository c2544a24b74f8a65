// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/directory.h"

#include <boost/json/object.hpp>

#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace tests::microsoft {

/// What a request wants of each object.
struct Selection {
  std::vector<std::string> properties;  ///< without `members`
  bool with_members = false;            ///< groups only
  std::string text;                     ///< as given; empty for the default

  friend bool operator==(const Selection&, const Selection&) = default;
};

/// Why a `$select` is refused: 400 for a name that the type has not, 501 for a property that is
/// kept outside of the directory.
struct SelectionRefusal {
  unsigned status = 400;
  std::string name;
};

/// Reads `$select`; without one, what Graph gives by default. `members` is good where
/// `may_select_members`.
[[nodiscard]] std::expected<Selection, SelectionRefusal> select_properties(
    ObjectKind kind, const std::optional<std::string>& select, bool may_select_members);

/// The selected properties that were ever set, as a delta round tells them.
[[nodiscard]] json::object set_properties(const DirectoryObject& object,
                                          const Selection& selection);

/// All selected properties, as a list or a single read tells them: null for what is not set, an
/// empty array for a collection.
[[nodiscard]] json::object all_properties(const DirectoryObject& object,
                                          const Selection& selection);

}  // namespace tests::microsoft
