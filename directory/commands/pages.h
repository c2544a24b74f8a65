// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/commands/admin_session.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace directory {

/// The entries of a list of the API whose pages may be short, and where it goes on.
struct Pages {
  boost::json::array entries;
  std::string next;  ///< for `after`; empty at the end of the list

  /// As the API would have answered it in one page.
  [[nodiscard]] boost::json::object to_json(std::string_view list) &&;
};

/// Reads pages of `target` until there are `most` entries or the list
/// ends. Nothing if the daemon refuses: the session has said why.
[[nodiscard]] std::optional<Pages> get_pages(AdminSession& session,
                                             const std::string& target,
                                             std::string_view list,
                                             std::size_t most);

}  // namespace directory
