// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/message/sender_field_builder.h"

#include <string_view>

namespace gateway {

/// Reads one value of an address field with all its oddities, in every way that software is known
/// to read it, and adds what it shows to `builder`. Total and linear in the size of `value`.
void read_sender_list(std::string_view value, SenderFieldBuilder& builder);

}  // namespace gateway
