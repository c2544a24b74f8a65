// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/notify/sink_state.h"

#include <chrono>
#include <optional>
#include <string>

namespace directory {

/// What is sent to a sink at once.
struct Delivery {
  std::string id;       ///< the same however often it is sent
  std::string content;  ///< JSON for a webhook, a whole message for mail
  SinkState taken;      ///< the state of the sink once it is taken
};

/// What came of an attempt.
struct Outcome {
  enum class Kind {
    kTaken,
    kRetry,   ///< it may work in a moment
    kSlowly,  ///< somebody must do something first
    kGone,    ///< the receiver wants no more
  };

  Kind kind = Kind::kRetry;
  std::string detail;                                  ///< what the receiver said, for people
  std::optional<std::chrono::milliseconds> asked_for;  ///< the pause it asks for
};

}  // namespace directory
