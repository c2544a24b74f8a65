// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/exchange/cmdlet.h"
#include "directory/exchange/desired_state.h"
#include "directory/exchange/exchange_objects.h"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// What is to be done with an object.
enum class PlanAction {
  kCreate,
  kChange,
  kLeave,     ///< it is as it should be, or is not there and should not be
  kRemove,    ///< one of ours that is not wanted any more
  kConflict,  ///< somebody else's object stands in the way; a person must see to it
};

/// A stable word for the action: `create`, `change`, `leave`, `remove`, `conflict`.
[[nodiscard]] std::string_view word_of(PlanAction action);

/// A property that is not as it should be.
struct PropertyChange {
  std::string property;
  boost::json::value from;  ///< null where there is none
  boost::json::value to;
};

/// One of our objects, and what is to be done with it.
struct PlannedObject {
  DesiredObject desired;
  PlanAction action = PlanAction::kLeave;
  std::string identity;  ///< of the object that is there; empty if none is
  std::vector<PropertyChange> changes;
  std::string reason;  ///< of a conflict: what stands in the way, and what to do
};

/// Something in the tenant that is not ours, and that people should know of before they go on.
struct PlanWarning {
  std::string what;  ///< stable word, in snake_case
  std::string text;  ///< what it is, what may come of it and what to do
};

/// What would be done in a tenant.
struct ExchangePlan {
  std::string id;  ///< of what there is and what is to be done: the same plan has the same id
  std::vector<PlannedObject> objects;  ///< in the order of `desired_objects`
  std::vector<PlanWarning> warnings;

  [[nodiscard]] bool has_conflict() const;

  /// Whether everything is as it should be.
  [[nodiscard]] bool is_fulfilled() const;
};

/// Compares what there is with what is desired. Objects are ours by the mark in their comment
/// alone; others are never touched.
[[nodiscard]] ExchangePlan make_plan(std::vector<DesiredObject> desired,
                                     const ExchangeInventory& inventory);

/// What of the tenant's own objects may meet the gateway's: connectors that reject or reroute mail,
/// rules for the same addresses, domains that make loops. `ranges` are the gateway's.
[[nodiscard]] std::vector<PlanWarning> find_hazards(const ExchangeInventory& inventory,
                                                    const std::vector<DesiredObject>& desired,
                                                    const std::vector<std::string>& ranges);

/// The cmdlets that do what is planned for one object, in their order; none for `kLeave` and
/// `kConflict`.
[[nodiscard]] std::vector<Cmdlet> cmdlets_for(const PlannedObject& planned);

/// The objects of a plan in the order in which they are dealt with: what is made and changed first;
/// then what is removed, the rule before the connectors and the inbound connector last.
[[nodiscard]] std::vector<PlannedObject> in_order_of_work(const ExchangePlan& plan);

}  // namespace directory
