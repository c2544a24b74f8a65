// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/exchange/apply.h"

#include "directory/exchange/cmdlet.h"
#include "directory/exchange/desired_state.h"
#include "directory/exchange/exchange_objects.h"
#include "directory/exchange/plan.h"
#include "directory/graph/backoff.h"
#include "directory/task.h"

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

using Kind = CmdletFailureKind;
using Done = std::expected<void, CmdletFailure>;
using Planned = std::expected<PlannedObject, CmdletFailure>;

std::unexpected<CmdletFailure> refuse(std::string message) {
  return std::unexpected{CmdletFailure{.kind = Kind::kRefused, .message = std::move(message)}};
}

// What stands in the way of a plan, in one sentence.
std::string conflicts_of(const ExchangePlan& plan) {
  std::string text;
  for (const PlannedObject& each : plan.objects) {
    if (each.action == PlanAction::kConflict) {
      text += (text.empty() ? "nothing was done: " : "; ") + each.reason;
    }
  }
  return text;
}

std::string describe(const PlannedObject& planned) {
  return fmt::format(
      "{} {} '{}'", word_of(planned.action), noun_of(planned.desired.kind), planned.desired.name);
}

// What is to be done with this object as it is now.
Task<Planned> plan_again(CmdletInvoker& exchange, const DesiredObject& desired) {
  ExchangeInventory inventory;
  auto listed = co_await list_objects(exchange, desired.kind);
  if (!listed.has_value()) {
    co_return std::unexpected{std::move(listed).error()};
  }
  inventory.objects = *std::move(listed);
  ExchangePlan plan = make_plan({desired}, inventory);
  co_return std::move(plan.objects.front());
}

// Whether it may be that the cmdlet took effect although it failed.
bool is_open(const CmdletFailure& failure) {
  return failure.kind == Kind::kUnavailable || failure.kind == Kind::kExists ||
         failure.kind == Kind::kNotFound;
}

Task<Done> invoke_all(CmdletInvoker& exchange, const PlannedObject& planned) {
  for (Cmdlet& cmdlet : cmdlets_for(planned)) {
    auto answered = co_await exchange.invoke(std::move(cmdlet));
    if (!answered.has_value()) {
      co_return std::unexpected{std::move(answered).error()};
    }
  }
  co_return Done();
}

// Brings one object to where it should be. After a failure that leaves open what it did, what there
// is decides what is done next.
Task<Done> settle(CmdletInvoker& exchange, PlannedObject planned, const ApplySettings& settings) {
  const Backoff backoff{.first = settings.first_pause, .longest = settings.longest_pause};
  for (int attempt = 1;; ++attempt) {
    auto done = co_await invoke_all(exchange, planned);
    if (done.has_value() || !is_open(done.error()) || attempt == settings.most_attempts) {
      co_return done;
    }
    co_await wait_for(backoff.pause(attempt, std::nullopt));
    auto again = co_await plan_again(exchange, planned.desired);
    if (!again.has_value()) {
      co_return std::unexpected{std::move(again).error()};
    }
    if (again->action == PlanAction::kLeave) {
      co_return Done();
    }
    if (again->action == PlanAction::kConflict) {
      co_return refuse(again->reason);
    }
    planned = *std::move(again);
  }
}

void tell(const ApplySettings& settings,
          const std::string& what,
          std::size_t done,
          std::size_t total) {
  if (settings.progress) {
    settings.progress(what, done, total);
  }
}

// What is read right after it was written may be older than that.
Task<std::expected<ExchangePlan, CmdletFailure>> read_until_fulfilled(
    CmdletInvoker& exchange,
    const std::vector<DesiredObject>& desired,
    const ApplySettings& settings) {
  const Backoff backoff{.first = settings.first_pause, .longest = settings.longest_pause};
  for (int attempt = 1;; ++attempt) {
    const auto inventory = co_await read_inventory(exchange);
    if (!inventory.has_value()) {
      co_return std::unexpected{inventory.error()};
    }
    ExchangePlan plan = make_plan(desired, *inventory);
    if (plan.is_fulfilled() || plan.has_conflict() || attempt == settings.most_attempts) {
      co_return plan;
    }
    co_await wait_for(backoff.pause(attempt, std::nullopt));
  }
}

}  // namespace

Task<std::expected<ExchangePlan, CmdletFailure>> apply(CmdletInvoker& exchange,
                                                       std::vector<DesiredObject> desired,
                                                       ApplySettings settings) {
  tell(settings, "reading what there is", 0, desired.size());
  const auto inventory = co_await read_inventory(exchange);
  if (!inventory.has_value()) {
    co_return std::unexpected{inventory.error()};
  }
  const ExchangePlan plan = make_plan(desired, *inventory);
  if (!settings.expected_plan.empty() && settings.expected_plan != plan.id) {
    co_return refuse(
        "the tenant or the configuration has changed since this plan was made, and nothing was "
        "done; plan again, and apply that plan");
  }
  if (plan.has_conflict()) {
    co_return refuse(conflicts_of(plan));
  }
  std::size_t count = 0;
  for (const PlannedObject& planned : in_order_of_work(plan)) {
    tell(settings, describe(planned), count++, desired.size());
    auto done = co_await settle(exchange, planned, settings);
    if (!done.has_value()) {
      co_return std::unexpected{std::move(done).error()};
    }
  }
  tell(settings, "reading again to prove it", count, desired.size());
  auto proof = co_await read_until_fulfilled(exchange, desired, settings);
  if (proof.has_value() && !proof->is_fulfilled()) {
    co_return refuse("Exchange took everything and shows something else; plan again to see what");
  }
  co_return proof;
}

}  // namespace directory
