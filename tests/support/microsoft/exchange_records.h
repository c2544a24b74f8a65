// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/exchange_objects.h"
#include "tests/support/microsoft/tenant.h"

#include <boost/json/object.hpp>

#include <cstddef>
#include <string_view>

namespace tests::microsoft {

/// What an object has of which nobody said anything.
[[nodiscard]] json::object default_properties(ExchangeKind kind);

/// An object as a Get- cmdlet tells it, without annotations.
[[nodiscard]] json::object record_of(const ExchangeObject& object);

/// A rule as Get-TransportRule tells it. `has_texts`: whether its SetSCL is a text.
[[nodiscard]] json::object rule_record_of(const ExchangeObject& rule,
                                          std::size_t priority,
                                          bool has_texts);

/// The object that stands for a domain of the tenant.
[[nodiscard]] ExchangeObject accepted_domain_of(const Domain& domain);

/// With the keys that say of which type others are: `Guid@data.type`.
[[nodiscard]] json::object annotated(const json::object& record);

}  // namespace tests::microsoft
