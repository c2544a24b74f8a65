// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/publish/publisher.h"
#include "policy/people/person.h"
#include "policy/result.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tests {

/// One organization, contoso.com, with the group Executives and the directory HR.
[[nodiscard]] std::vector<policy::Organization> contoso();

/// `count` people of it, named `PREFIX Number N`, with one address each.
[[nodiscard]] std::vector<policy::Person> numbered_people(std::string_view prefix,
                                                          std::size_t count);

[[nodiscard]] directory::GenerationContent content_of(
    std::vector<policy::Organization> organizations, std::vector<policy::Person> people);

/// Publishes these people into `folder`/snapshots, with `folder`/state as the state, as the
/// directory daemon would.
[[nodiscard]] policy::Result<directory::Publication> publish_people(
    const std::filesystem::path& folder, const std::vector<policy::Person>& people);

}  // namespace tests
