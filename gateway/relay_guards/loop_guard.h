// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/relay_guards/received_field.h"
#include "gateway/relay_guards/relay_objection.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// Who we are in Received fields, and how often we may be there (`loop_guard` in gateway.yaml).
struct LoopGuardSettings {
  std::vector<std::string> relays;  ///< host names beside the MTA's own, canonical
  std::size_t passes = 4;           ///< so many Received fields of ours are a loop; 0: no guard
};

/// Tells from the Received fields of one message whether it goes round in circles. For one thread.
class LoopGuard {
 public:
  /// `settings` outlives the guard; `mta_host` is the MTA's own name, canonical, empty if not
  /// known.
  LoopGuard(const LoopGuardSettings& settings, std::string_view mta_host)
      : settings_(settings), mta_host_(mta_host) {}

  /// Takes the value of a Received field. Beyond 100 of ours nothing is kept.
  void add(std::string_view value);

  /// The loop that shows, if any. `queue_id` is the message's own: should the MTA show the field it
  /// has just written, that is no pass. `recipients` are those of the envelope, canonical.
  [[nodiscard]] std::optional<RelayObjection> objection(
      std::string_view queue_id, std::span<const std::string> recipients) const;

 private:
  [[nodiscard]] bool may_be_ours(std::string_view value) const;
  [[nodiscard]] bool is_ours(std::string_view host) const;

  const LoopGuardSettings& settings_;
  std::string mta_host_;
  std::vector<ReceivedField> ours_;  // recipients canonical
};

}  // namespace gateway
