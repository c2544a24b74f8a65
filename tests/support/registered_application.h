// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/graph/application.h"
#include "tests/support/microsoft/simulator.h"

#include <filesystem>

namespace tests {

/// The application of a simulated tenant, as an admin has registered it with a secret, which is
/// written to a file in `folder` that only its owner may read.
[[nodiscard]] directory::Application registered_application(const MicrosoftSimulator& microsoft,
                                                            const std::filesystem::path& folder);

}  // namespace tests
