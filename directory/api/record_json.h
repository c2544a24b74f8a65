// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/jobs/jobs.h"
#include "directory/store/records.h"

#include <boost/json/object.hpp>

namespace directory {

// Records as the API and its events show them.
[[nodiscard]] boost::json::object to_json(const Notification& notification);
[[nodiscard]] boost::json::object to_json(const AuditEntry& entry);
[[nodiscard]] boost::json::object to_json(const Job& job);

}  // namespace directory
