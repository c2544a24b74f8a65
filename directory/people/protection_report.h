// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace directory {

/// Something about the declared protection or the names that an admin should know.
struct ProtectionWarning {
  std::string what;     ///< `single_token_name`, say: stable, in snake_case
  std::string text;     ///< one sentence, with examples; may hold names as they are
  std::string subject;  ///< the declaration that it is about; empty: it is about names
};

/// What there is to warn of in one organization, as of the last generation that was made.
struct ProtectionReport {
  std::string organization;
  std::vector<ProtectionWarning> warnings;
  /// Hashes of the names that several protected people have, for `shares_name`; sorted.
  std::vector<std::size_t> shared_names;
};

}  // namespace directory
