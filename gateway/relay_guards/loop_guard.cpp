// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/relay_guards/loop_guard.h"

#include "gateway/relay_guards/received_field.h"
#include "gateway/relay_guards/relay_objection.h"
#include "policy/mail_address.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace gateway {
namespace {

// MTAs end a message long before (Postfix after 50 hops).
constexpr std::size_t kMostKept = 100;

}  // namespace

void LoopGuard::add(std::string_view value) {
  if (settings_.passes == 0 || ours_.size() >= kMostKept) {
    return;
  }
  ReceivedField field = read_received(value);
  if (!is_ours(field.by)) {
    return;
  }
  field.recipient = policy::canonical_address(field.recipient);
  ours_.push_back(std::move(field));
}

std::optional<RelayObjection> LoopGuard::objection(std::string_view queue_id,
                                                   std::span<const std::string> recipients) const {
  using Kind = RelayObjection::Kind;
  std::size_t passes = 0;
  for (const ReceivedField& field : ours_) {
    if (!queue_id.empty() && field.id == queue_id) {
      continue;
    }
    ++passes;
    const bool is_the_same = field.recipient.contains('@') &&
                             std::ranges::find(recipients, field.recipient) != recipients.end();
    if (is_the_same) {
      return RelayObjection{.kind = Kind::kSameRecipient,
                            .seen = "by " + field.by + " for " + field.recipient};
    }
  }
  if (settings_.passes > 0 && passes >= settings_.passes) {
    return RelayObjection{.kind = Kind::kTooManyPasses, .seen = std::to_string(passes) + " passes"};
  }
  return std::nullopt;
}

bool LoopGuard::is_ours(std::string_view host) const {
  return !host.empty() &&
         (host == mta_host_ || std::ranges::find(settings_.relays, host) != settings_.relays.end());
}

}  // namespace gateway
