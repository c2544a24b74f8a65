// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/people/protection_report.h"
#include "directory/publish/publisher.h"
#include "directory/settings.h"
#include "directory/store/state_database.h"
#include "policy/event.h"
#include "policy/result.h"

#include <memory>
#include <vector>

namespace directory {

/// What came of making a generation.
struct ContentPublication {
  policy::Result<Publication> publication;
  std::vector<ProtectionReport> reports;  ///< one for each organization; none after a failure
};

/// Makes a generation of the content in force and publishes it, and logs what came of it. People of
/// a directory that was never read are those of the generation in force: a lost state database
/// takes nobody's protection away. Needs nothing of the daemon's thread, so that it can run on
/// another.
[[nodiscard]] ContentPublication publish_content(
    Publisher& publisher,
    const std::vector<OrganizationSettings>& organizations,
    const std::shared_ptr<const StateReader>& state,
    const policy::EventLog& log);

}  // namespace directory
