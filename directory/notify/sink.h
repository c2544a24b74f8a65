// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/notify/backlog.h"
#include "directory/notify/delivery.h"
#include "directory/notify/sink_state.h"
#include "directory/notify_settings.h"
#include "directory/task.h"
#include "policy/result.h"

#include <cstdint>
#include <optional>
#include <string>

namespace directory {

/// One place outside of the daemon to which notifications are sent. To be used on its thread.
class Sink {
 public:
  Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  Sink(Sink&&) = delete;
  Sink& operator=(Sink&&) = delete;
  virtual ~Sink() = default;

  [[nodiscard]] virtual const std::string& name() const = 0;
  [[nodiscard]] virtual const SinkScope& scope() const = 0;
  /// `webhook` or `mail`
  [[nodiscard]] virtual std::string kind() const = 0;
  /// Where it is, without what may be secret.
  [[nodiscard]] virtual std::string target() const = 0;
  [[nodiscard]] virtual const Backlog& backlog() const = 0;

  /// What is to be sent at this time, in seconds since 1970; nothing if there is nothing. Moves
  /// `state` over what is not sent.
  [[nodiscard]] virtual policy::Result<std::optional<Delivery>> next(SinkState& state,
                                                                     std::int64_t now) = 0;
  /// A delivery that says no more than that deliveries arrive.
  [[nodiscard]] virtual Delivery test(std::int64_t now) const = 0;

  [[nodiscard]] virtual Task<Outcome> send(Delivery delivery) = 0;
};

}  // namespace directory
