// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/exchange_cmdlets.h"
#include "tests/support/microsoft/exchange_error.h"
#include "tests/support/microsoft/world.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <expected>
#include <string>
#include <vector>

namespace tests::microsoft {

/// What came of a cmdlet.
struct CmdletOutcome {
  json::array records;        ///< without annotations
  bool has_no_value = false;  ///< it is one that returns nothing
  std::vector<std::string> warnings;
};

/// Binds the parameters and carries the cmdlet out on the site's objects.
[[nodiscard]] std::expected<CmdletOutcome, ExchangeError> run_cmdlet(
    World& world, Site& site, const Cmdlet& cmdlet, const json::object& parameters);

}  // namespace tests::microsoft
