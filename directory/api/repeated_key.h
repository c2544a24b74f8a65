// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace directory {

/// The first name that an object of this JSON has twice, at any depth; nothing if there is none
/// or the text is no JSON. Parsers differ in which of the two they take (RFC 8259, 4), so that who
/// checks a request and who carries it out could see different ones.
[[nodiscard]] std::optional<std::string> find_repeated_key(std::string_view text);

}  // namespace directory
