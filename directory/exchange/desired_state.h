// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/exchange/exchange_objects.h"
#include "directory/exchange_settings.h"
#include "policy/result.h"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// How far people have gone with a tenant: what of its objects is switched on.
struct ProvisioningStage {
  bool is_inbound_enabled = false;
  bool is_locked = false;  ///< mail that does not come through the gateway is rejected
  bool is_outbound_enabled = false;

  friend bool operator==(const ProvisioningStage&, const ProvisioningStage&) = default;
};

/// What an object is for.
enum class ExchangeRole { kInbound, kOutbound, kBypass, kTenantMark };

/// A stable word for the role: `inbound`, `outbound`, `bypass`, `tenant_mark`.
[[nodiscard]] std::string_view word_of(ExchangeRole role);

/// The ids in the marks of our objects, each a UUID of its own.
struct ExchangeMarks {
  std::string inbound;
  std::string outbound;
  std::string bypass;
  std::string tenant_mark;

  friend bool operator==(const ExchangeMarks&, const ExchangeMarks&) = default;
};

/// Everything that what is desired follows from.
struct DesiredInput {
  ExchangeSettings settings;
  std::vector<std::string> gateway_addresses;  ///< the default of the settings' addresses
  std::string gateway_hostname;                ///< the default of the settings' smart host
  ProvisioningStage stage;
  ExchangeMarks marks;
  std::string tenant_secret;  ///< the value of the tenant header; secret
};

/// An object as it should be.
struct DesiredObject {
  ExchangeRole role = ExchangeRole::kInbound;
  ExchangeKind kind = ExchangeKind::kInboundConnector;
  std::string name;
  std::string mark;                ///< for Comment: `managed-by=fromguard;id=UUID`
  boost::json::object properties;  ///< besides name and comment; `Enabled` for rules too
  bool is_wanted = true;           ///< false: one of ours is removed
};

/// The objects of a tenant as they should be, in the order in which they are made. An outbound
/// connector in use comes after the rule that marks its mail: a relay that asks for the mark gets
/// no mail without. `kInvalidInput` names what directory.yaml lacks, or what Exchange does not
/// take.
[[nodiscard]] policy::Result<std::vector<DesiredObject>> desired_objects(const DesiredInput& input);

/// What connectors and rule name as the gateway's, split as Exchange takes them.
[[nodiscard]] policy::Result<std::vector<std::string>> inbound_ranges(const DesiredInput& input);

/// The mark of an id.
[[nodiscard]] std::string mark_of(std::string_view id);

/// The id in a comment that carries a mark of fromguard; empty if it carries none.
[[nodiscard]] std::string marked_id(std::string_view comment);

}  // namespace directory
