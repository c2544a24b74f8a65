// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/settings.h"
#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "policy/event.h"
#include "policy/result.h"

#include <memory>
#include <vector>

namespace directory {

/// Writes the tables of the enabled domains for Postfix, each file in one step and only if its
/// content has changed, then runs `relay_export.after` if any has. Nothing is written while no
/// domain was ever imported: a lost state database does not stop the relay. Does nothing without
/// `relay_export`. What goes wrong is logged, and tried again at the next change.
void export_relay(const Settings& settings,
                  const std::vector<OrganizationSettings>& organizations,
                  const Records& records,
                  const std::shared_ptr<const StateReader>& state,
                  const policy::EventLog& log);

}  // namespace directory
