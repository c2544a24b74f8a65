// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/messages/pull_record.h"

#include <cstdint>
#include <string>

namespace directory {

/// What came of it, for people: `12 copies are in quarantine, 1 was left alone`.
[[nodiscard]] std::string summary_of(const PullRecord& record);

/// Copies and mailboxes that could not be read or moved.
[[nodiscard]] std::uint64_t troubles_of(const PullRecord& record);

}  // namespace directory
