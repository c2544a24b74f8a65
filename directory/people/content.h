// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/people/protection.h"
#include "directory/people/protection_report.h"
#include "directory/publish/publisher.h"
#include "directory/settings.h"

#include <vector>

namespace directory {

/// An organization with the people of all of its directories, in the order of its settings.
struct OrganizationPeople {
  const OrganizationSettings* settings;
  std::vector<DirectoryPeople> directories;
};

/// Adds the declared role mailboxes that no directory has, and puts everybody into the order in
/// which they are published.
void complete_people(OrganizationPeople& people);

/// What a generation is made of. Refers to `organizations`, which must outlive it, and which
/// `complete_people` has been through.
[[nodiscard]] GenerationContent make_content(const std::vector<OrganizationPeople>& organizations);

/// Declared protection of somebody who is in no directory.
[[nodiscard]] std::vector<ProtectionWarning> find_missing(const OrganizationPeople& people);

}  // namespace directory
