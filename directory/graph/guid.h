// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace directory {

/// A new random UUID (RFC 9562, version 4) in lower case.
[[nodiscard]] std::string random_guid();

}  // namespace directory
