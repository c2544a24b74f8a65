// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/ascii.h"

namespace gateway {

// The words in which header fields are read.
using policy::ascii_lower;
using policy::equal_ignoring_case;
using policy::is_control;
using policy::is_eight_bit;
using policy::is_white_space;
using policy::trimmed;

}  // namespace gateway
