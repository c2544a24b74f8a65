// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace policy {

/// The local part of an address as the text that it spells: its `+tag` and digits left out, its
/// separators as spaces. `john.smith1975+news@freemail.example` spells `john smith`.
[[nodiscard]] std::string spelled_local_part(std::string_view address);

}  // namespace policy
