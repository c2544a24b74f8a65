// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/relay_guards/loop_guard.h"

#include "gateway/message/octets.h"
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

// False only where the name stands nowhere in the text, whatever its case. Its first dot is looked
// for, which is faster than a letter of either case; a name without one may be anywhere.
bool may_contain_name(std::string_view text, std::string_view name) {
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos) {
    return true;
  }
  for (std::size_t at = text.find('.', dot); at != std::string_view::npos;
       at = text.find('.', at + 1)) {
    if (equal_ignoring_case(text.substr(at - dot, name.size()), name)) {
      return true;
    }
  }
  return false;
}

}  // namespace

void LoopGuard::add(std::string_view value) {
  if (settings_.passes == 0 || ours_.size() >= kMostKept || !may_be_ours(value)) {
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

// Most are of others, and need not be read.
bool LoopGuard::may_be_ours(std::string_view value) const {
  return (!mta_host_.empty() && may_contain_name(value, mta_host_)) ||
         std::ranges::any_of(settings_.relays, [&](const std::string& relay) {
           return may_contain_name(value, relay);
         });
}

bool LoopGuard::is_ours(std::string_view host) const {
  return !host.empty() &&
         (host == mta_host_ || std::ranges::find(settings_.relays, host) != settings_.relays.end());
}

}  // namespace gateway
