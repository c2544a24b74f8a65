// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/random.h"
#include "tests/support/microsoft/tenant.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace tests::microsoft {

struct GeneratorSettings {
  std::size_t people = 60;
  std::size_t groups = 16;
};

/// Fills an empty tenant: domains, one application with the permissions of directory sync, people
/// (some guests, some without mail, some disabled), and groups, nested up to six deep, a few in
/// circles. There are always "Executives" (twenty people, and the nested "Executive Assistants")
/// and "All of the North" (a tenth of all people).
void populate(Tenant& tenant, const GeneratorSettings& settings, Random& random);

/// Adds one more person, whose name no other generated person bears.
ObjectRef add_generated_person(Tenant& tenant, Random& random);

}  // namespace tests::microsoft
