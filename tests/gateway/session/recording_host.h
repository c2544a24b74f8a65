// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/authentication/authenticator.h"
#include "gateway/session/judge.h"
#include "gateway/session/session.h"
#include "gateway/session/verdict.h"
#include "policy/guarded.h"
#include "tests/support/known_people.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {

/// A policy that carries out what its one rule says.
inline constexpr std::string_view kEnforcing = "version: 1\nmode: enforce\n";

/// The known people under this policy.
inline InForce known_in_force(std::string_view policy = kEnforcing) {
  return {.policy = tests::policy_of(policy),
          .detector = tests::detector_over(tests::known_directory())};
}

/// Gives sessions what a test puts in force, and keeps what they report. Thread-safe.
class RecordingHost final : public SessionHost {
 public:
  struct Report {
    Verdict verdict;
    MessageRecord message;
  };

  explicit RecordingHost(InForce in_force) : in_force_(std::move(in_force)) {}

  void put_in_force(InForce in_force) { in_force_.set(std::move(in_force)); }

  [[nodiscard]] InForce in_force() const override { return in_force_.get(); }

  [[nodiscard]] Authenticator* authenticator() override { return authenticator_; }

  /// From here on sessions have authentication worked out by it; it outlives the host.
  void authenticate_by(Authenticator& authenticator) { authenticator_ = &authenticator; }

  void report(const Verdict& verdict, const MessageRecord& message) override {
    reports_.with(
        [&](auto& reports) { reports.push_back({.verdict = verdict, .message = message}); });
  }

  void count_limit(std::string_view what) override {
    limits_.with([&](auto& limits) { limits.emplace_back(what); });
  }

  /// What was reported since the last call.
  [[nodiscard]] std::vector<Report> take_reports() {
    return reports_.with([](auto& reports) { return std::exchange(reports, {}); });
  }

  [[nodiscard]] std::vector<std::string> limits() const { return limits_.get(); }

 private:
  policy::Guarded<InForce> in_force_;
  Authenticator* authenticator_ = nullptr;
  policy::Guarded<std::vector<Report>> reports_;
  policy::Guarded<std::vector<std::string>> limits_;
};

}  // namespace gateway
