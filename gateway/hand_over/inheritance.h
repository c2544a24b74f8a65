// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// What a gateway leaves to its successor, as descriptors of the process that has it.
struct Inheritance {
  /// The variable of the environment in which a successor is told of it.
  static constexpr const char* kVariable = "FROMGUARD_HAND_OVER";

  int channel = -1;      ///< to the predecessor
  int milter = -1;       ///< the listening socket of MTAs
  int metrics = -1;      ///< that of /metrics; -1 for none
  bool is_lent = false;  ///< the socket of MTAs is systemd's, which goes on to have it
  /// Whether mail is judged: a successor that could not judge it is none.
  bool has_snapshot = false;

  friend bool operator==(const Inheritance&, const Inheritance&) = default;

  [[nodiscard]] std::string text() const;

  /// Reads what `text` wrote, by any version: words that are not known are left out. Nothing
  /// without a channel and a milter socket.
  [[nodiscard]] static std::optional<Inheritance> parse(std::string_view text);
};

}  // namespace gateway
