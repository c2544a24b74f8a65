// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/exchange/cmdlet.h"
#include "directory/task.h"

#include <boost/json/object.hpp>

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// What fromguard makes in a tenant.
enum class ExchangeKind { kInboundConnector, kOutboundConnector, kTransportRule };

/// What a cmdlet calls the kind: `InboundConnector`.
[[nodiscard]] std::string_view noun_of(ExchangeKind kind);

/// An object that a tenant has, whoever made it.
struct ExchangeObject {
  ExchangeKind kind = ExchangeKind::kInboundConnector;
  std::string identity;  ///< its GUID, or its name where it has none
  std::string name;
  std::string comment;  ///< where the mark of its maker is
  boost::json::object
      properties;  ///< as Exchange gives them; a rule has `Enabled` as connectors do
};

/// An accepted domain. https://learn.microsoft.com/powershell/module/exchange/get-accepteddomain
struct AcceptedDomain {
  std::string name;  ///< as Exchange gives it
  std::string type;  ///< `Authoritative`, `InternalRelay` or `ExternalRelay`
};

/// What there is in a tenant, as far as mail flow is concerned.
struct ExchangeInventory {
  std::vector<ExchangeObject> objects;
  std::vector<AcceptedDomain> domains;
  bool is_direct_send_rejected = false;
};

/// Whether the property of an object is true, in whatever way it is written.
[[nodiscard]] bool is_true(const ExchangeObject& object, std::string_view property);

/// The members of a list property, in their canonical form.
[[nodiscard]] std::vector<std::string> list_of(const ExchangeObject& object,
                                               std::string_view property);

/// The canonical form of a property; empty if it is not there.
[[nodiscard]] std::string text_of(const ExchangeObject& object, std::string_view property);

/// Lists all objects of a kind, those too that Exchange hides unless asked for: outbound connectors
/// that a rule chooses, and those in test mode. Nothing is ever looked up by identity: Exchange
/// answers one that it does not know with all there are.
[[nodiscard]] Task<std::expected<std::vector<ExchangeObject>, CmdletFailure>> list_objects(
    CmdletInvoker& exchange, ExchangeKind kind);

/// Reads everything that a plan is made of.
[[nodiscard]] Task<std::expected<ExchangeInventory, CmdletFailure>> read_inventory(
    CmdletInvoker& exchange);

}  // namespace directory
