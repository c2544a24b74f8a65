// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/config/mapping_reader.h"
#include "policy/config/problems.h"
#include "policy/verdict/address_patterns.h"
#include "policy/verdict/rule.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace policy {

/// More exceptions than that are an error: each is compared with all before it.
inline constexpr std::size_t kMaximumExceptions = 10'000;

/// Who an exception is for.
struct ExceptionSubject {
  std::string person;  ///< canonical address of a person; empty: not bound to one
  std::string group;   ///< case folded; empty: not bound to one
  bool anyone = false;
};

/// Says that somebody may show a protected name (`exceptions` in policy.yaml).
struct PolicyException {
  std::string name;  ///< unique within the policy
  Place place;
  ExceptionSubject subject;
  AddressPatterns from;
  bool authenticated = true;  ///< only with an aligned pass of the From domain
  std::string owner;
  std::string reason;
  std::optional<std::chrono::sys_days> expires;  ///< the last day on which it holds, in UTC

  /// Whether all of it but the authentication holds.
  [[nodiscard]] bool covers(DecisionSubject& subject_of_decision) const;

  /// Whether it holds on that day.
  [[nodiscard]] bool is_current(std::chrono::sys_days today) const {
    return !expires.has_value() || today <= *expires;
  }
};

/// The exceptions of the file, checked one by one and against each other. Those that have expired
/// by `today` or soon will are warned of. What it returns counts only if there was no error.
[[nodiscard]] std::vector<PolicyException> read_exceptions(MappingReader& file,
                                                           const AddressLists& lists,
                                                           std::chrono::sys_days today,
                                                           Problems& problems);

}  // namespace policy
