// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

/// What a gateway and its successor say to each other, a line each. Both may be of any version:
/// words are added, never changed.
namespace gateway::hand_over_words {

/// The successor has everything it needs but what it inherits.
inline constexpr std::string_view kReady = "ready";

/// The predecessor has let go; detections, encoded, a line each, may follow.
inline constexpr std::string_view kYourTurn = "your turn";

}  // namespace gateway::hand_over_words
