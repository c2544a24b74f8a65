// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/exchange_error.h"
#include "tests/support/microsoft/exchange_objects.h"

#include <boost/json/object.hpp>

#include <expected>

namespace tests::microsoft {

/// What a write would make of an object.
struct ExchangeDraft {
  ExchangeKind kind;
  const json::object* properties;  ///< all that it would have
  const json::object* given;       ///< what the cmdlet was given
};

/// Whether Exchange would take the object: its addresses and domains, and what goes together.
[[nodiscard]] std::expected<void, ExchangeError> check_draft(const ExchangeObjects& objects,
                                                             const ExchangeDraft& draft);

}  // namespace tests::microsoft
