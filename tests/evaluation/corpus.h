// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/session/judge.h"
#include "gateway/tools/judged_message.h"
#include "policy/people/person.h"

#include <boost/json/object.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tests {

/// The rows of a file with one JSON object a line. Throws std::runtime_error if it cannot be read.
[[nodiscard]] std::vector<boost::json::object> read_rows(const std::filesystem::path& path);

[[nodiscard]] std::string text_of(const boost::json::object& row, std::string_view key);
[[nodiscard]] std::vector<std::string> texts_of(const boost::json::object& row,
                                                std::string_view key);

/// A protected person as a directory without given name and surname has it.
[[nodiscard]] policy::Person protected_person(const std::string& name,
                                              const std::vector<std::string>& addresses);

/// Judges by one organization with these people, in the way of `explain` without recipients, under
/// a policy without rules.
class Evaluation {
 public:
  Evaluation(std::string organization,
             std::vector<std::string> domains,
             const std::vector<policy::Person>& people);

  [[nodiscard]] gateway::Verdict judge(const std::string& header) const;

 private:
  gateway::InForce in_force_;
};

}  // namespace tests
