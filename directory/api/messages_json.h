// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/messages/pull_record.h"

#include <boost/json/object.hpp>

#include <cstdint>

namespace directory {

/// A search or a pull, as `MessagePull` in openapi.yaml; `job` 0: none runs. What others have
/// written is made visible.
[[nodiscard]] boost::json::object to_json(const PullRecord& record, std::uint64_t job);

/// A copy, as `MessageCopy` in openapi.yaml.
[[nodiscard]] boost::json::object to_json(const CopyRecord& copy);

}  // namespace directory
