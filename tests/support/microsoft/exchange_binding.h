// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/exchange_cmdlets.h"
#include "tests/support/microsoft/exchange_error.h"

#include <boost/json/object.hpp>

#include <expected>

namespace tests::microsoft {

/// The parameters by their names, each value of its type, if the cmdlet takes all of them and none
/// that it must have is missing. As PowerShell does, the beginning of an enumerator's name is
/// taken for it where that is unambiguous.
[[nodiscard]] std::expected<json::object, ExchangeError> bind_parameters(
    const Cmdlet& cmdlet, const json::object& parameters);

}  // namespace tests::microsoft
