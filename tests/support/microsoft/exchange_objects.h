// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/directory.h"

#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tests::microsoft {

enum class ExchangeKind : std::uint8_t {
  kInbound,
  kOutbound,
  kRule,
  kAcceptedDomain,
  kOrganizationConfig,
};

/// The kind as the control API names it: `inbound`, `accepted_domain` ...
[[nodiscard]] std::string_view word_of(ExchangeKind kind);

/// The kind of this name.
[[nodiscard]] std::optional<ExchangeKind> exchange_kind_named(std::string_view name);

struct ExchangeObject {
  ExchangeKind kind = ExchangeKind::kInbound;
  std::string guid;
  json::object properties;   ///< as they were written; those of a rule without its Priority
  std::uint64_t writes = 0;  ///< by cmdlets, since it was made
  bool is_seeded = false;    ///< made by a test, not by a cmdlet
};

/// Connectors, rules and the rest of one tenant. The rules stand in the order of their priorities.
class ExchangeObjects {
 public:
  /// Adds an object; a rule goes to this priority, which is cut to what is possible.
  ExchangeObject& add(ExchangeObject object, std::optional<std::size_t> priority = std::nullopt);

  /// The object of this GUID or name, case-insensitively; null if there is none.
  [[nodiscard]] ExchangeObject* find(ExchangeKind kind, std::string_view identity);
  [[nodiscard]] const ExchangeObject* find(ExchangeKind kind, std::string_view identity) const;

  /// Those of a kind.
  [[nodiscard]] std::vector<const ExchangeObject*> list(ExchangeKind kind) const;

  [[nodiscard]] const std::vector<ExchangeObject>& all() const { return objects_; }

  /// The priority of the rule of this GUID.
  [[nodiscard]] std::size_t priority_of(std::string_view guid) const;

  /// Gives the rule of this GUID another priority; those between shift by one.
  void move_rule(std::string_view guid, std::size_t priority);

  /// Removes the object of this GUID, if it is there.
  void remove(std::string_view guid);

  void clear() { objects_.clear(); }

 private:
  std::vector<ExchangeObject> objects_;
};

}  // namespace tests::microsoft
