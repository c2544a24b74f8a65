// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace directory {

/// Raises this process's soft limit of open descriptors by so many, up to the hard limit. What is
/// left of the old limit stays for everything else.
void raise_descriptor_limit(std::size_t count);

}  // namespace directory
