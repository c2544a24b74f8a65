// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"
#include "tests/bench/message_script.h"
#include "tests/support/latency_histogram.h"
#include "tests/support/stream_socket.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tests {

/// What load to put on a milter.
struct LoadSettings {
  SocketAddress milter{};
  std::size_t connections = 8;
  /// After so many messages the SMTP client quits and the next one connects; 0 never.
  std::size_t messages_per_connection = 0;
  MessageScript::Shape shape;
  std::chrono::nanoseconds duration = std::chrono::seconds{10};
  /// So many messages and no more, should the time allow them; 0 as many as it allows.
  std::size_t messages = 0;
  /// Messages a second on a fixed schedule; 0 sends the next as soon as one is answered.
  double rate = 0;
  std::vector<std::string> from_lines;  ///< taken in turn; at least one
  /// How long connections may take to be set up, and messages under way to be answered.
  std::chrono::milliseconds patience = std::chrono::seconds{5};
};

/// How a milter decided a message.
enum class Outcome {
  kAccepted,
  kChanged,
  kQuarantined,
  kRejected,
  kDeferred,
  kDiscarded,
};

inline constexpr std::array<std::string_view, 6> kOutcomeNames{
    "accepted", "changed", "quarantined", "rejected", "deferred", "discarded"};

/// What came of it.
struct LoadResult {
  std::array<std::uint64_t, kOutcomeNames.size()> outcomes{};
  std::uint64_t errors = 0;  ///< connections that failed and messages never answered
  std::string first_error;
  std::chrono::nanoseconds elapsed{0};  ///< to the last answer
  LatencyHistogram latency;             ///< with a rate, counted from when each message was due

  void merge(const LoadResult& other);
};

/// Runs one thread's load to its end. Messages under way at the end are waited for. kUnavailable if
/// the system refuses what the generator itself needs.
[[nodiscard]] policy::Result<LoadResult> run_load(const LoadSettings& settings);

}  // namespace tests
