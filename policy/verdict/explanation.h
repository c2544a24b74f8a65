// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace policy {

/// One step on the way to a verdict, as `explain` prints it.
struct ExplanationStep {
  std::string_view name;  ///< a constant: "identity", "look-up", "candidate", ...
  std::string text;       ///< through `visible_text`
};

/// Collects the steps. Code that decides takes a pointer to one, null where nobody asks, so that
/// the mail path pays nothing for it.
class Explanation {
 public:
  void add(std::string_view name, std::string text) { steps_.push_back({name, std::move(text)}); }

  [[nodiscard]] const std::vector<ExplanationStep>& steps() const { return steps_; }

 private:
  std::vector<ExplanationStep> steps_;
};

}  // namespace policy
